"""Accounts as administrators keep them: who works in their wards, in which roles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from viahe_api import audit
from viahe_api.auth import hash_password
from viahe_api.errors import FormFault, NotFound
from viahe_api.scope import Viewer, scoped
from viahe_api.seeding import NOT_TOGETHER, new_password
from viahe_api.tables import Account, Grant, LoginSession, Ward
from viahe_api.vocabulary import CAMERA_KEEPERS, Role
from viahe_api.ward_roles import offered_in

Roles = Mapping[int, frozenset[Role]]
"""Roles by the ward's id."""


@dataclass(frozen=True, slots=True)
class KeptWard:
    """A ward the viewer administers."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class UserView:
    """An account, with its roles in the viewer's wards alone.

    `elsewhere`: it has roles in wards the viewer does not administer, and is then nobody's here to
    disable or to give a password.
    """

    id: int
    login: str
    name: str
    roles: tuple[tuple[KeptWard, tuple[Role, ...]], ...]
    disabled_at: datetime | None
    elsewhere: bool
    is_self: bool


def kept_wards(session: Session, viewer: Viewer) -> tuple[KeptWard, ...]:
    """The wards the viewer administers now, by name. Raises RoleNeeded."""
    viewer.require(*CAMERA_KEEPERS)
    statement = scoped(select(Ward.id, Ward.name), Ward.id, viewer, *CAMERA_KEEPERS)
    return tuple(KeptWard(*row) for row in session.execute(statement.order_by(Ward.name)))


def users(session: Session, viewer: Viewer) -> tuple[UserView, ...]:
    """Everybody with a role in the viewer's wards, by name. Raises RoleNeeded."""
    wards = kept_wards(session, viewer)
    ids = [ward.id for ward in wards]
    here = select(Grant.account_id).where(Grant.ward_id.in_(ids))
    rows = session.scalars(
        select(Account)
        .where(Account.id.in_(here))
        .options(joinedload(Account.grants))
        .order_by(Account.name, Account.id)
    ).unique()
    return tuple(_view(row, wards, viewer) for row in rows)


def user(session: Session, viewer: Viewer, account_id: int) -> UserView:
    """Raises RoleNeeded, and NotFound for an account without a role in the viewer's wards."""
    for found in users(session, viewer):
        if found.id == account_id:
            return found
    raise NotFound(f"no user {account_id} in the wards of {viewer.login}")


def add(
    session: Session, viewer: Viewer, login: str, name: str, roles: Roles, *, now: datetime
) -> tuple[int, str]:
    """A new account with a generated password: its id and the password, to be shown once.

    Raises FormFault (`login`, `login_taken`, `person`, `no_role`, `roles_together`), RoleNeeded.
    """
    kept_wards(session, viewer)
    login, name = login.strip().casefold(), name.strip()
    if not 2 <= len(login) <= 80 or not login.replace(".", "").replace("-", "").isalnum():
        raise FormFault("login", "a login has letters, digits, dots and hyphens")
    if not 0 < len(name) <= 120:
        raise FormFault("person", "say whose account it is")
    if session.scalar(select(Account.id).where(Account.login == login)) is not None:
        raise FormFault("login_taken", f"user {login} exists already")
    password = new_password()
    account = Account(login=login, name=name, password_hash=hash_password(password), created_at=now)
    session.add(account)
    session.flush()
    audit.append(session, viewer, "account.added", f"account:{login}", now=now)
    _set_roles(session, viewer, account, frozenset(), roles, now)
    return account.id, password


def set_roles(
    session: Session, viewer: Viewer, account_id: int, roles: Roles, *, now: datetime
) -> None:
    """Give and take roles in the viewer's wards; those elsewhere stay.

    Raises FormFault (`no_role`, `roles_together`, `own_role`), NotFound, RoleNeeded.
    """
    found = user(session, viewer, account_id)
    account = session.get_one(Account, account_id)
    held = frozenset((ward.id, role) for ward, granted in found.roles for role in granted)
    if found.is_self and not any(Role.ADMINISTRATOR in asked for asked in roles.values()):
        raise FormFault("own_role", "nobody takes the administrator's role from themselves")
    _set_roles(session, viewer, account, held, roles, now)


def set_disabled(
    session: Session, viewer: Viewer, account_id: int, *, disabled: bool, now: datetime
) -> None:
    """Close an account, or open it again. Raises FormFault `own_account` or `elsewhere`."""
    account = _wholly_kept(session, viewer, account_id)
    if disabled == (account.disabled_at is not None):
        return
    account.disabled_at = now if disabled else None
    if disabled:
        _end_sessions(session, account, now)
    action = "account.disabled" if disabled else "account.enabled"
    audit.append(session, viewer, action, f"account:{account.login}", now=now)


def renew_password(session: Session, viewer: Viewer, account_id: int, *, now: datetime) -> str:
    """A new password, to be shown once; every session of the account ends.

    Raises FormFault `own_account` or `elsewhere`, NotFound, RoleNeeded.
    """
    account = _wholly_kept(session, viewer, account_id)
    password = new_password()
    account.password_hash = hash_password(password)
    _end_sessions(session, account, now)
    audit.append(session, viewer, "account.new_password", f"account:{account.login}", now=now)
    return password


def _set_roles(
    session: Session,
    viewer: Viewer,
    account: Account,
    held: frozenset[tuple[int, Role]],
    roles: Roles,
    now: datetime,
) -> None:
    kept = {ward.id for ward in kept_wards(session, viewer)}
    asked = frozenset((ward, role) for ward in kept for role in roles.get(ward, frozenset()))
    if not asked:
        raise FormFault("no_role", "an account has at least one role")
    for ward in kept:
        together = {role for of, role in asked if of == ward}
        if Role.OPERATOR in together and together & NOT_TOGETHER:
            raise FormFault("roles_together", "who decides cases keeps no cameras and counts none")
        given = {role for of, role in asked - held if of == ward}
        if given - offered_in(session, ward):
            raise FormFault("not_offered", "this ward does not give this role")
    for ward, role in sorted(held - asked):
        session.execute(
            delete(Grant).where(
                Grant.account_id == account.id, Grant.ward_id == ward, Grant.role == role
            )
        )
        _log_role(session, viewer, f"revoked.{role}", account, ward, now)
    for ward, role in sorted(asked - held):
        session.add(Grant(account_id=account.id, ward_id=ward, role=role))
        _log_role(session, viewer, f"granted.{role}", account, ward, now)
    session.flush()


def _wholly_kept(session: Session, viewer: Viewer, account_id: int) -> Account:
    """An account that is the viewer's to close: not their own, and at home here alone."""
    found = user(session, viewer, account_id)
    if found.is_self:
        raise FormFault("own_account", "another administrator has to do this")
    if found.elsewhere:
        raise FormFault("elsewhere", "this person works in other wards too")
    return session.get_one(Account, account_id)


def _end_sessions(session: Session, account: Account, now: datetime) -> None:
    session.execute(
        update(LoginSession)
        .where(LoginSession.account_id == account.id, LoginSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def _view(row: Account, wards: Sequence[KeptWard], viewer: Viewer) -> UserView:
    kept = {ward.id for ward in wards}
    order = list(Role)
    return UserView(
        row.id,
        row.login,
        row.name,
        tuple(
            (
                ward,
                tuple(
                    sorted(
                        (grant.role for grant in row.grants if grant.ward_id == ward.id),
                        key=order.index,
                    )
                ),
            )
            for ward in wards
        ),
        row.disabled_at,
        any(grant.ward_id not in kept for grant in row.grants),
        row.id == viewer.account_id,
    )


def _log_role(
    session: Session, viewer: Viewer, action: str, account: Account, ward: int, now: datetime
) -> None:
    audit.append(session, viewer, action, f"account:{account.login}", now=now, ward_id=ward)
