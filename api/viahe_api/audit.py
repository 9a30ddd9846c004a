"""The audit chain: who did what to what, each row sealed with the hash of the one before."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api.scope import Viewer
from viahe_api.tables import AuditEntry, AuditHead

BEGINNING = "0" * 64
COMMAND_LINE = "command line"


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What verifying found: how many entries hold, and the first that does not."""

    entries: int
    fault: str | None


def append(
    session: Session,
    actor: Viewer | str,
    action: str,
    subject: str,
    *,
    now: datetime,
    ward_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add one link. `detail` is plain JSON values and never a secret.

    The head's row is locked until the transaction ends, so that two writers cannot both
    follow the same link.
    """
    head = session.execute(select(AuditHead).with_for_update()).scalar_one()
    entry = AuditEntry(
        seq=head.seq + 1,
        at=now.astimezone(UTC),
        actor=f"account:{actor.login}" if isinstance(actor, Viewer) else actor,
        action=action,
        object=subject,
        ward_id=ward_id,
        detail=dict(detail or {}),
        previous=head.hash,
    )
    entry.hash = _hash_of(entry)
    head.seq, head.hash = entry.seq, entry.hash
    session.add(entry)
    session.flush()


def verify(session: Session) -> ChainReport:
    """Walk the whole chain. A changed, missing, moved or cut-off entry is named by its number."""
    previous, count = BEGINNING, 0
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).yield_per(1000):
        if entry.seq != count + 1:
            return ChainReport(count, f"entry {count + 1} is missing")
        if entry.previous != previous:
            return ChainReport(count, f"entry {entry.seq} does not follow the one before it")
        if entry.hash != _hash_of(entry):
            return ChainReport(count, f"entry {entry.seq} was changed")
        previous, count = entry.hash, entry.seq
    head = session.execute(select(AuditHead)).scalar_one()
    if (head.seq, head.hash) != (count, previous):
        return ChainReport(count, f"entries after {count} are missing")
    return ChainReport(count, None)


def verify_end(session: Session, most: int = 500) -> ChainReport:
    """Walk the newest entries alone, which a page can afford; `entries` is how many hold."""
    newest = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(most))
    entries = list(newest)[::-1]
    head = session.execute(select(AuditHead)).scalar_one()
    if entries and (head.seq, head.hash) != (entries[-1].seq, entries[-1].hash):
        return ChainReport(0, f"entries after {entries[-1].seq} are missing")
    for number, entry in enumerate(entries):
        follows = number == 0 or (entries[number - 1].seq + 1, entries[number - 1].hash) == (
            entry.seq,
            entry.previous,
        )
        if not follows:
            return ChainReport(number, f"entry {entry.seq} does not follow the one before it")
        if entry.hash != _hash_of(entry):
            return ChainReport(number, f"entry {entry.seq} was changed")
    return ChainReport(len(entries), None)


def _hash_of(entry: AuditEntry) -> str:
    sealed = [
        entry.seq,
        entry.at.isoformat(timespec="microseconds"),
        entry.actor,
        entry.action,
        entry.object,
        entry.ward_id,
        entry.detail,
        entry.previous,
    ]
    text = json.dumps(sealed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
