"""Who is looking, and the one place where a select is narrowed to that person's wards."""

from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute

from viahe_api.errors import RoleNeeded
from viahe_api.tables import Grant
from viahe_api.vocabulary import Role

S = TypeVar("S", bound="Select[*tuple[Any, ...]]")
WardId: TypeAlias = "InstrumentedAttribute[int] | ColumnElement[int]"
"""The column of a select that says whose its rows are."""


@dataclass(frozen=True, slots=True)
class WardGrant:
    """A role in a ward, with the ward's code and name for display."""

    ward_id: int
    ward_code: str
    ward_name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person. `session_id` is the sign-in session the request came with."""

    account_id: int
    login: str
    name: str
    grants: tuple[WardGrant, ...]
    session_id: int | None = None

    @property
    def roles(self) -> frozenset[Role]:
        """Every role held in any ward: for choosing what to show, never for guarding it."""
        return frozenset(grant.role for grant in self.grants)

    @property
    def wards(self) -> tuple[str, ...]:
        """The names of the viewer's wards, each once."""
        return tuple(dict.fromkeys(grant.ward_name for grant in self.grants))

    @property
    def works_in_several_wards(self) -> bool:
        return len({grant.ward_id for grant in self.grants}) > 1

    def holds(self, *roles: Role) -> bool:
        return bool(self.roles & set(roles))

    def require(self, *roles: Role) -> None:
        """Raises RoleNeeded if the viewer holds none of the roles anywhere."""
        if not self.holds(*roles):
            raise RoleNeeded(*roles)


def scoped(statement: S, ward_id: WardId, viewer: Viewer, *roles: Role) -> S:
    """`statement` narrowed to rows of wards where the viewer holds one of `roles` now.

    The grants are read from the database with the rows, so that one withdrawn a moment ago no
    longer counts, whatever the viewer's record still says.
    """
    granted = select(Grant.ward_id).where(
        Grant.account_id == viewer.account_id, Grant.role.in_(roles)
    )
    return statement.where(ward_id.in_(granted))
