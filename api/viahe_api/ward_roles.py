"""Roles as a ward has them: which are given there, and what they are called.

What a role may do is the same everywhere; who holds it follows from who governs the cameras. A
ward under its People's Committee and one under its police differ in rows, not in code.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api import audit
from viahe_api.errors import FormFault, NotFound
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Grant, Ward, WardRole
from viahe_api.vocabulary import CAMERA_KEEPERS, Authority, Role

LONGEST_NAME = 120
ALWAYS_OFFERED = frozenset({Role.OPERATOR, Role.APPROVER, Role.ADMINISTRATOR})
"""Without these nothing would be decided, handed over or kept."""


@dataclass(frozen=True, slots=True)
class RoleHere:
    """A role in a ward. Empty names are the usual ones of the ward's authority."""

    role: Role
    name_vi: str = ""
    name_en: str = ""
    offered: bool = True


@dataclass(frozen=True, slots=True)
class WardRoles:
    """A ward's authority and all its roles, in their order."""

    ward_id: int
    ward: str
    governed_by: Authority
    roles: tuple[RoleHere, ...]


def ward_roles(session: Session, viewer: Viewer) -> tuple[WardRoles, ...]:
    """Of the wards the viewer administers, by name. Raises RoleNeeded."""
    wards = _wards(session, viewer)
    rows = session.scalars(select(WardRole).where(WardRole.ward_id.in_([w.id for w in wards])))
    kept = {(row.ward_id, row.role): row for row in rows}
    return tuple(
        WardRoles(
            ward.id,
            ward.name,
            ward.governed_by,
            tuple(_here(role, kept.get((ward.id, role))) for role in Role),
        )
        for ward in wards
    )


def set_up(
    session: Session,
    viewer: Viewer,
    ward_id: int,
    authority: Authority,
    wanted: Sequence[RoleHere],
    *,
    now: datetime,
) -> None:
    """Keep a ward's authority and roles.

    Raises NotFound, RoleNeeded, and FormFault `role_name`, `role_needed` for one that has to be
    offered, `role_held` for one that somebody still holds.
    """
    ward = next((ward for ward in _wards(session, viewer) if ward.id == ward_id), None)
    if ward is None:
        raise NotFound(f"no ward {ward_id} that {viewer.login} administers")
    held = set(session.scalars(select(Grant.role).where(Grant.ward_id == ward_id)))
    for one in wanted:
        _check(one, held)
    ward.governed_by = authority
    for one in wanted:
        row = session.get(WardRole, (ward_id, one.role)) or WardRole(ward_id=ward_id, role=one.role)
        row.name_vi, row.name_en, row.offered = (
            one.name_vi.strip(),
            one.name_en.strip(),
            one.offered,
        )
        session.add(row)
    session.flush()
    detail = {
        "governed_by": authority.value,
        "offered": [o.role.value for o in wanted if o.offered],
    }
    subject = f"ward:{ward.code}"
    audit.append(session, viewer, "ward.roles", subject, now=now, ward_id=ward.id, detail=detail)


def offered_in(session: Session, ward_id: int) -> frozenset[Role]:
    """The roles that may be given in a ward."""
    withheld = session.scalars(
        select(WardRole.role).where(WardRole.ward_id == ward_id, WardRole.offered.is_(False))
    )
    return frozenset(Role) - frozenset(withheld)


def by_role(wards: Sequence[WardRoles]) -> Mapping[tuple[int, Role], tuple[Authority, RoleHere]]:
    """Every role of every ward, with who governs there."""
    return {
        (ward.ward_id, here.role): (ward.governed_by, here) for ward in wards for here in ward.roles
    }


def _here(role: Role, row: WardRole | None) -> RoleHere:
    return RoleHere(role, row.name_vi, row.name_en, row.offered) if row else RoleHere(role)


def _check(one: RoleHere, held: set[Role]) -> None:
    if any(len(name) > LONGEST_NAME for name in (one.name_vi, one.name_en)):
        raise FormFault("role_name", f"a role's name has at most {LONGEST_NAME} characters")
    if not one.offered and one.role in ALWAYS_OFFERED:
        raise FormFault("role_needed", f"a ward cannot do without the role {one.role}")
    if not one.offered and one.role in held:
        raise FormFault("role_held", f"somebody still holds the role {one.role}")


def _wards(session: Session, viewer: Viewer) -> list[Ward]:
    viewer.require(*CAMERA_KEEPERS)
    return list(_found(session, viewer))


def _found(session: Session, viewer: Viewer) -> Iterator[Ward]:
    statement = scoped(select(Ward), Ward.id, viewer, *CAMERA_KEEPERS)
    yield from session.scalars(statement.order_by(Ward.name))
