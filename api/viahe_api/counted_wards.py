"""Which wards a count is of: every select of a count is narrowed by one of these."""

from datetime import datetime
from typing import Protocol

from sqlalchemy import Select, select

from viahe_api.scope import S, Viewer, WardId, scoped
from viahe_api.tables import ReportKey, ReportKeyWard, Ward
from viahe_api.vocabulary import EVERY_ROLE, Role


class Narrow(Protocol):
    """Narrows a select to the wards that are counted, by its column of ward ids."""

    def __call__(self, statement: S, ward_id: WardId, /) -> S: ...


def wards_of_viewer(
    viewer: Viewer,
    ward_code: str | None = None,
    roles: tuple[Role, ...] = EVERY_ROLE,
    *,
    with_merged: bool = False,
) -> Narrow:
    """All wards where the viewer holds one of the roles, or the one of them named; then, if
    asked, with those that were merged into it."""

    def narrow(statement: S, ward_id: WardId, /) -> S:
        if ward_code is None:
            return scoped(statement, ward_id, viewer, *roles)
        # Among the named, not beside them: SQLite looks in an index by one list of wards, and took
        # the longer one.
        return statement.where(ward_id.in_(scoped(named, Ward.id, viewer, *roles)))

    named = _with_merged(ward_code or "") if with_merged else _named(ward_code or "")

    return narrow


def wards_of_key(key_id: int, ward_code: str | None = None, *, now: datetime) -> Narrow:
    """All wards a tool's key opens at this moment, or the one of them named."""

    def narrow(statement: S, ward_id: WardId, /) -> S:
        opened = (
            select(ReportKeyWard.ward_id)
            .join(ReportKeyWard.key)
            .where(
                ReportKeyWard.key_id == key_id,
                ReportKeyWard.revoked_at.is_(None),
                ReportKey.expires_at > now,
            )
        )
        if ward_code is None:
            return statement.where(ward_id.in_(opened))
        return statement.where(ward_id.in_(_named(ward_code).where(Ward.id.in_(opened))))

    return narrow


def one_ward(ward: int) -> Narrow:
    """For the command line of whoever owns the machine, and for a ward's locked report."""

    def narrow(statement: S, ward_id: WardId, /) -> S:
        return statement.where(ward_id == ward)

    return narrow


def every_ward(statement: S, _ward_id: WardId, /) -> S:
    """All there are, for the command line of whoever owns the machine."""
    return statement


def _named(code: str) -> "Select[int]":
    return select(Ward.id).where(Ward.code == code)


def _with_merged(code: str) -> "Select[int]":
    """The ward and all that went into it, at first or second hand."""
    found = _named(code).cte("merged", recursive=True)
    further = select(Ward.id).join(found, Ward.merged_into_id == found.c.id)
    return select(Ward.id).where(Ward.id.in_(select(found.union(further).c.id)))
