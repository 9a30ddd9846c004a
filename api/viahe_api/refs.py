"""How addresses name a case, and finding it within the viewer's wards."""

from dataclasses import dataclass, field

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, SessionTransaction, joinedload

from viahe_api.errors import Ambiguous, NotFound
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Case, Ward
from viahe_api.vocabulary import Role


@dataclass(frozen=True, slots=True)
class _Found:
    """What `find_case` found in one transaction, by what it was asked."""

    within: SessionTransaction | None
    cases: dict[tuple[str, Viewer, tuple[Role, ...]], Case] = field(default_factory=dict)


def ref_of(code: str, ward: Ward, viewer: Viewer) -> str:
    """A case's code, with its ward for a viewer who works in several: each counts its own."""
    return short_ref(code, ward.code, viewer)


def short_ref(code: str, ward_code: str, viewer: Viewer) -> str:
    """The same from the ward's code alone."""
    return f"{code}@{ward_code}" if viewer.works_in_several_wards else code


def media_url(ref: str, name: str) -> str:
    return f"/media/cases/{ref}/{name}"


def find_case(session: Session, viewer: Viewer, ref: str, *roles: Role, lock: bool = False) -> Case:
    """The complete case an address names: a code, `code@ward`, or a suspicion's key.

    It comes with its ward and lease holder; with `lock` its row is the transaction's own until
    the end. What a page is made of asks for the same case again and again: found once, it is
    that row until the transaction ends. Raises NotFound, and Ambiguous where several of the
    viewer's wards gave the code.
    """
    asked = (ref, viewer, roles)
    if not lock and asked in _found_before(session):
        return _found_before(session)[asked]
    statement = scoped(_named(ref), Case.ward_id, viewer, *roles)
    if lock:
        statement = statement.with_for_update(of=Case).execution_options(populate_existing=True)
    found = session.scalars(statement).all()
    if not found:
        raise NotFound(f"no case {ref} in the wards of {viewer.login}")
    if len(found) > 1:
        wards = ", ".join(sorted(case.ward.code for case in found))
        raise Ambiguous(f"{ref} exists in {wards}: write {ref}@ward")
    _found_before(session)[asked] = found[0]
    return found[0]


def _found_before(session: Session) -> dict[tuple[str, Viewer, tuple[Role, ...]], Case]:
    """Cases found within the transaction that runs, or its part that can be rolled back alone."""
    running = session.get_nested_transaction() or session.get_transaction()
    kept: _Found | None = session.info.get(_Found)
    if kept is None or kept.within is not running:
        kept = session.info[_Found] = _Found(running)
    return kept.cases


def _named(ref: str) -> Select[Case]:
    code, _, ward = ref.partition("@")
    statement = (
        select(Case)
        .join(Case.ward)
        .where(or_(Case.code == code, Case.key == ref), Case.completed_at.is_not(None))
        .options(joinedload(Case.ward), joinedload(Case.lease_by))
    )
    return statement.where(or_(Ward.code == ward, Case.key == ref)) if ward else statement
