"""Signing in: accounts and their sessions, devices and their tokens. Only hashes are kept."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from viahe_api import audit
from viahe_api.errors import NotSignedIn, TokenUnknown
from viahe_api.scope import Viewer, WardGrant
from viahe_api.settings import Settings
from viahe_api.tables import Account, Device, FailedSignIn, Grant, LoginSession

COOKIE = "viahe_session"
WAIT_S = 30
FREE_ATTEMPTS = 5
"""Wrong passwords for one login, or ten times as many from one address, before waiting."""
WINDOW = timedelta(minutes=15)
TOUCH_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignedInSession:
    """`token` goes into the cookie and is kept nowhere else."""

    token: str
    viewer: Viewer


@dataclass(frozen=True, slots=True)
class SignInRefused:
    """Wrong name or password; with `retry_after_s` the attempt was not even looked at."""

    retry_after_s: int | None = None


@dataclass(frozen=True, slots=True)
class DeviceIdentity:
    """A device whose token was known."""

    id: int
    ward_id: int
    ward_code: str
    name: str

    @property
    def actor(self) -> str:
        return f"device:{self.id}"


def sign_in(
    session: Session, login: str, password: str, address: str, *, now: datetime
) -> SignedInSession | SignInRefused:
    """Open a session for a person. `address` is the peer's, for the throttle alone.

    Returns a refusal instead of raising, since the failed attempt has to be committed. An
    unknown login costs as much time as a wrong password.
    """
    login = login.strip().casefold()[:80]
    login_hash = hash_token(login)
    if (wait := _wait_s(session, login_hash, address, now)) > 0:
        return SignInRefused(retry_after_s=wait)
    account = session.scalar(
        select(Account).where(Account.login == login, Account.disabled_at.is_(None))
    )
    if not _matches(account.password_hash if account else None, password) or account is None:
        session.add(FailedSignIn(login_hash=login_hash, address=address[:64], at=now))
        subject = f"account:{login}" if account else "nobody's account"
        audit.append(session, f"address:{address[:64]}", "sign_in.refused", subject, now=now)
        return SignInRefused()
    session.execute(delete(FailedSignIn).where(FailedSignIn.login_hash == login_hash))
    session.execute(delete(FailedSignIn).where(FailedSignIn.at < now - timedelta(days=1)))
    return _open(session, account, now)


def sign_out(session: Session, viewer: Viewer, *, now: datetime) -> None:
    """End the session the viewer came with; its cookie is worthless from now on."""
    row = session.get(LoginSession, viewer.session_id)
    if row is not None:
        row.ended_at = now
    audit.append(session, viewer, "sign_out", f"account:{viewer.login}", now=now)


def viewer_of(
    session: Session, token: str | None, settings: Settings, *, now: datetime
) -> tuple[Viewer, bool]:
    """The person a session token stands for, and whether the session is due a touch.

    Raises NotSignedIn if the token is unknown, ended, idle too long or simply too old, or the
    account is disabled.
    """
    row = session.scalar(
        select(LoginSession)
        .where(LoginSession.token_hash == hash_token(token or ""), LoginSession.ended_at.is_(None))
        .options(
            joinedload(LoginSession.account).selectinload(Account.grants).joinedload(Grant.ward)
        )
    )
    if (
        row is None
        or row.account.disabled_at is not None
        or now >= row.used_at + timedelta(seconds=settings.session_idle_s)
        or now >= row.created_at + timedelta(seconds=settings.session_longest_s)
    ):
        raise NotSignedIn("sign in first")
    return _viewer(row.account, row.id), now - row.used_at > TOUCH_AFTER


def touch(session: Session, viewer: Viewer, *, now: datetime) -> None:
    """Note that the session was used."""
    row = session.get(LoginSession, viewer.session_id)
    if row is not None:
        row.used_at = max(row.used_at, now)


def seconds_left(session: Session, viewer: Viewer, settings: Settings, *, now: datetime) -> int:
    """How long the viewer's session lasts if it is not used again."""
    row = session.get_one(LoginSession, viewer.session_id)
    ends = min(
        row.used_at + timedelta(seconds=settings.session_idle_s),
        row.created_at + timedelta(seconds=settings.session_longest_s),
    )
    return max(0, int((ends - now).total_seconds()))


def device_of(session: Session, authorization: str | None) -> DeviceIdentity:
    """The device of an `Authorization: Bearer` header. Raises TokenUnknown."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenUnknown("send Authorization: Bearer with this device's token")
    device = session.scalar(
        select(Device)
        .where(Device.token_hash == hash_token(token.strip()), Device.revoked_at.is_(None))
        .options(joinedload(Device.ward))
    )
    if device is None:
        raise TokenUnknown("no device has this token; an administrator can issue a new one")
    return DeviceIdentity(device.id, device.ward_id, device.ward.code, device.name)


def form_token(settings: Settings, viewer: Viewer) -> str:
    """What every form of this session carries, so that no other site can post in its name.

    Another text each time, though it stands for one secret: pages are compressed, and their
    length would otherwise give a lasting token away to somebody who can have pages fetched with
    guesses in them and watches how long they are.
    """
    token = _session_token(settings, viewer)
    pad = secrets.token_bytes(len(token))
    return (pad + _crossed(pad, token)).hex()


def is_form_token(settings: Settings, viewer: Viewer, given: str) -> bool:
    """Whether a form's token is one of this session's."""
    token = _session_token(settings, viewer)
    try:
        raw = bytes.fromhex(given)
    except ValueError:
        return False
    pad, crossed = raw[: len(token)], raw[len(token) :]
    return len(crossed) == len(token) and hmac.compare_digest(_crossed(pad, crossed), token)


def hash_password(password: str) -> str:
    """Argon2id with the library's current parameters."""
    return PasswordHasher().hash(password)


def hash_token(token: str) -> str:
    """SHA-256 is enough: tokens are 256 random bits, which no dictionary holds."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    return secrets.token_urlsafe(32)


def _session_token(settings: Settings, viewer: Viewer) -> bytes:
    message = f"form of session {viewer.session_id}".encode()
    return hmac.new(settings.secret.encode(), message, hashlib.sha256).digest()


def _crossed(pad: bytes, text: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(pad, text, strict=True))


def _open(session: Session, account: Account, now: datetime) -> SignedInSession:
    token = new_token()
    row = LoginSession(
        account_id=account.id, token_hash=hash_token(token), created_at=now, used_at=now
    )
    session.add(row)
    session.flush()
    loaded = session.scalars(
        select(Account)
        .where(Account.id == account.id)
        .options(joinedload(Account.grants).joinedload(Grant.ward))
        .execution_options(populate_existing=True)
    ).unique()
    viewer = _viewer(loaded.one(), row.id)
    audit.append(session, viewer, "sign_in", f"account:{viewer.login}", now=now)
    return SignedInSession(token, viewer)


def _viewer(account: Account, session_id: int | None) -> Viewer:
    grants = sorted(account.grants, key=lambda grant: (grant.ward.name, grant.role))
    return Viewer(
        account.id,
        account.login,
        account.name,
        tuple(WardGrant(g.ward_id, g.ward.code, g.ward.name, g.role) for g in grants),
        session_id,
    )


def _wait_s(session: Session, login_hash: str, address: str, now: datetime) -> int:
    longest = 0
    for column, value, free in (
        (FailedSignIn.login_hash, login_hash, FREE_ATTEMPTS),
        (FailedSignIn.address, address[:64], FREE_ATTEMPTS * 10),
    ):
        count, last = session.execute(
            select(func.count(), func.max(FailedSignIn.at)).where(
                column == value, FailedSignIn.at > now - WINDOW
            )
        ).one()
        if count >= free:
            longest = max(longest, WAIT_S - int((now - last).total_seconds()))
    return longest


def _matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the account's; without an account, as slow and False."""
    hasher = PasswordHasher()
    if password_hash is None:
        hasher.hash(password)
        return False
    try:
        return hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
