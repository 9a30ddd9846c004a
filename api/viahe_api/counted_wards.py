"""Which wards a count is of: every select of a count is narrowed by one of these."""

from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from viahe_api.scope import S, Viewer, scoped
from viahe_api.tables import Ward
from viahe_api.vocabulary import EVERY_ROLE, Role


class Narrow(Protocol):
    """Narrows a select to the wards that are counted, by its column of ward ids."""

    def __call__(self, statement: S, ward_id: "InstrumentedAttribute[int]", /) -> S: ...


def wards_of_viewer(
    viewer: Viewer, ward_code: str | None = None, roles: tuple[Role, ...] = EVERY_ROLE
) -> Narrow:
    """All wards where the viewer holds one of the roles, or the one of them named."""

    def narrow(statement: S, ward_id: "InstrumentedAttribute[int]", /) -> S:
        mine = scoped(statement, ward_id, viewer, *roles)
        if ward_code is None:
            return mine
        return mine.where(ward_id.in_(select(Ward.id).where(Ward.code == ward_code)))

    return narrow


def one_ward(ward: int) -> Narrow:
    """For the command line of whoever owns the machine, and for a ward's locked report."""

    def narrow(statement: S, ward_id: "InstrumentedAttribute[int]", /) -> S:
        return statement.where(ward_id == ward)

    return narrow
