"""Keys with which an official's own tool reads counts: made, closed, recognised.

A key opens the aggregates of the wards it names and nothing else, until a day. Its token is
shown once, when it is made; its hash alone is kept.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from viahe_api import audit
from viahe_api.auth import hash_token, new_token
from viahe_api.errors import FormFault, NotFound, TokenUnknown
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import ReportKey, ReportKeyWard, Ward
from viahe_api.vocabulary import Role

KEY_KEEPERS = (Role.ADMINISTRATOR, Role.APPROVER)
LIFETIMES = (30, 90, 180, 365)
"""Days a key may be made for."""
BEGINNING = "viahe_"
"""What every token begins with, so that one left lying about is known for what it is."""


@dataclass(frozen=True, slots=True)
class KeyReader:
    """The tool of a request, by its key."""

    id: int
    name: str

    @property
    def actor(self) -> str:
        return f"key:{self.id}"


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key as the keepers of some of its wards see it: theirs of its wards alone.

    `open` while it opens at least one of those.
    """

    id: int
    name: str
    wards: tuple[str, ...]
    made_by: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    closed_at: datetime | None
    open: bool


def kept_wards(session: Session, viewer: Viewer) -> tuple[Ward, ...]:
    """The wards whose keys the viewer keeps, by name. Raises RoleNeeded."""
    viewer.require(*KEY_KEEPERS)
    statement = scoped(select(Ward), Ward.id, viewer, *KEY_KEEPERS)
    return tuple(session.scalars(statement.order_by(Ward.name)))


def make_key(
    session: Session,
    viewer: Viewer,
    name: str,
    ward_codes: Collection[str],
    days: int,
    *,
    now: datetime,
) -> str:
    """A new key for wards the viewer keeps; returns its token, to be shown once.

    Raises RoleNeeded, and FormFault (`key_name`, `key_wards`, `key_days`).
    """
    name = name.strip()
    wards = [ward for ward in kept_wards(session, viewer) if ward.code in ward_codes]
    if not 0 < len(name) <= 80:
        raise FormFault("key_name", "say which tool the key is for")
    if not wards or len(wards) != len(set(ward_codes)):
        raise FormFault("key_wards", "choose among the wards you keep")
    if days not in LIFETIMES:
        raise FormFault("key_days", f"a key is made for {', '.join(map(str, LIFETIMES))} days")
    token = BEGINNING + new_token()
    key = ReportKey(
        name=name,
        token_hash=hash_token(token),
        made_at=now,
        made_by_id=viewer.account_id,
        expires_at=now + timedelta(days=days),
    )
    session.add(key)
    session.flush()
    for ward in wards:
        session.add(ReportKeyWard(key_id=key.id, ward_id=ward.id))
        _log(session, viewer, "report_key.made", key, ward.id, now)
    return token


def close_key(session: Session, viewer: Viewer, key_id: int, *, now: datetime) -> None:
    """Close a key in every ward the viewer keeps; from now on it opens none of them.

    Raises NotFound for a key that opens none of them.
    """
    rows = session.scalars(_kept_parts(viewer).where(ReportKeyWard.key_id == key_id)).all()
    if not rows:
        raise NotFound(f"no key {key_id} in the wards of {viewer.login}")
    for row in rows:
        if row.revoked_at is None:
            row.revoked_at, row.revoked_by_id = now, viewer.account_id
            _log(session, viewer, "report_key.closed", row.key, row.ward_id, now)


def report_keys(session: Session, viewer: Viewer, *, now: datetime) -> tuple[KeyView, ...]:
    """The keys to the viewer's wards, newest first. Raises RoleNeeded."""
    viewer.require(*KEY_KEEPERS)
    parts: dict[int, list[ReportKeyWard]] = {}
    for row in session.scalars(_kept_parts(viewer).order_by(ReportKeyWard.key_id.desc())):
        parts.setdefault(row.key_id, []).append(row)
    return tuple(_view(rows, now) for rows in parts.values())


def reader_of(session: Session, authorization: str | None, *, now: datetime) -> KeyReader:
    """The key of an `Authorization: Bearer` header. Raises TokenUnknown.

    A key that has expired, or was closed in all its wards, is as unknown as one never made.
    """
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenUnknown("send Authorization: Bearer with a key made under Reports, Keys")
    key = session.scalar(
        select(ReportKey).where(
            ReportKey.token_hash == hash_token(token.strip()),
            ReportKey.expires_at > now,
            ReportKey.wards.any(ReportKeyWard.revoked_at.is_(None)),
        )
    )
    if key is None:
        raise TokenUnknown("no key that holds has this token: it may have expired or been closed")
    return KeyReader(key.id, key.name)


def note_use(
    session: Session,
    reader: KeyReader,
    subject: str,
    *,
    ward_id: int | None,
    file: str,
    now: datetime,
) -> None:
    """Leave the audit row of a reading, and when the key was last used."""
    session.get_one(ReportKey, reader.id).used_at = now
    audit.append(
        session,
        reader.actor,
        "report.exported",
        subject,
        now=now,
        ward_id=ward_id,
        detail={"file": file, "key": reader.name},
    )


def _kept_parts(viewer: Viewer) -> "Select[ReportKeyWard]":
    return scoped(
        select(ReportKeyWard)
        .join(ReportKeyWard.key)
        .options(
            contains_eager(ReportKeyWard.key).joinedload(ReportKey.made_by),
            joinedload(ReportKeyWard.ward),
        ),
        ReportKeyWard.ward_id,
        viewer,
        *KEY_KEEPERS,
    )


def _view(rows: list[ReportKeyWard], now: datetime) -> KeyView:
    key = rows[0].key
    closed = [row.revoked_at for row in rows if row.revoked_at is not None]
    all_closed = len(closed) == len(rows)
    return KeyView(
        key.id,
        key.name,
        tuple(sorted(row.ward.name for row in rows)),
        key.made_by.name,
        key.made_at,
        key.expires_at,
        key.used_at,
        max(closed) if all_closed else None,
        not all_closed and key.expires_at > now,
    )


def _log(
    session: Session, viewer: Viewer, action: str, key: ReportKey, ward_id: int, now: datetime
) -> None:
    audit.append(
        session,
        viewer,
        action,
        f"key:{key.id}",
        now=now,
        ward_id=ward_id,
        detail={"name": key.name, "until": key.expires_at.isoformat(timespec="seconds")},
    )
