"""What detectors saw, kept for some days in files of an hour, by the hash of their bytes."""

import gzip
import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from viahe_api.errors import Malformed as MalformedRequest
from viahe_api.errors import TooLarge
from viahe_api.store import Store
from viahe_api.tables import ObservationFile
from viahe_rules.recorded import Malformed, from_line

LARGEST_HOUR = 64 << 20
"""Bytes of an hour's lines once unpacked: thousands of looks, with room to spare."""


@dataclass(frozen=True, slots=True)
class Hour:
    """A stored file: the hour it begins in (UTC) and where it lies."""

    begins: datetime
    path: Path


@dataclass(frozen=True, slots=True)
class Kept:
    """How long and how much is kept for each camera."""

    days: int
    largest: int


def checked(camera: str, content: bytes) -> tuple[str, int]:
    """The SHA-256 of packed lines and how many events they hold.

    Raises MalformedRequest naming the line, TooLarge.
    """
    count = 0
    for number, line in enumerate(unpacked(content).decode("utf-8", "replace").splitlines(), 1):
        try:
            event = from_line(line)
        except Malformed as error:
            raise MalformedRequest(f"line {number}: {error}") from None
        if event.camera != camera:
            raise MalformedRequest(f"line {number} is of camera {event.camera}, not of {camera}")
        count += 1
    return hashlib.sha256(content).hexdigest(), count


def unpacked(content: bytes) -> bytes:
    """The lines of a gzip body. Raises MalformedRequest, TooLarge."""
    unpacking = zlib.decompressobj(wbits=31)
    try:
        lines = unpacking.decompress(content, LARGEST_HOUR)
    except zlib.error:
        raise MalformedRequest("the body is not gzip") from None
    if unpacking.unconsumed_tail:
        raise TooLarge(f"an hour's lines are longer than {LARGEST_HOUR} bytes")
    if not unpacking.eof:
        raise MalformedRequest("the body ends before its gzip does")
    return lines


def put(store: Store, camera_id: int, sha256: str, content: bytes) -> None:
    """Write a checked file to its place, outside any transaction. Raises StorageFull."""
    with store.receive(store.observations(camera_id, sha256), len(content)) as incoming:
        incoming.write(content)
        incoming.keep(sha256)


def keep(
    session: Session,
    store: Store,
    camera_id: int,
    hour: datetime,
    size: int,
    told: tuple[str, int],
    kept: Kept,
    *,
    now: datetime,
) -> bool:
    """Note a stored file; False if it was known. What is too old or too much goes."""
    sha256, events = told
    new = session.get(ObservationFile, (camera_id, sha256)) is None
    if new:
        session.add(
            ObservationFile(
                camera_id=camera_id,
                sha256=sha256,
                hour=hour,
                events=events,
                size=size,
                received_at=now,
            )
        )
        session.flush()
    _let_go(session, store, camera_id, kept, now)
    return new


def hours_of(
    session: Session, store: Store, camera_id: int, begin: datetime, end: datetime
) -> tuple[Hour, ...]:
    """The stored files of hours that begin in `begin..end`, in order of time.

    For callers that have checked who asks.
    """
    rows = session.scalars(
        select(ObservationFile)
        .where(
            ObservationFile.camera_id == camera_id,
            ObservationFile.hour >= begin,
            ObservationFile.hour < end,
        )
        .order_by(ObservationFile.hour, ObservationFile.received_at)
    )
    return tuple(Hour(row.hour, store.observations(camera_id, row.sha256)) for row in rows)


def lines_of(path: Path) -> Sequence[str]:
    """The lines of a stored file; none where it is gone or cut short."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            return lines.read().splitlines()
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        return ()


def _let_go(session: Session, store: Store, camera_id: int, kept: Kept, now: datetime) -> None:
    """Remove what is older than its days, and the oldest beyond the bytes one camera may have."""
    mine = ObservationFile.camera_id == camera_id
    total = session.scalar(select(func.sum(ObservationFile.size)).where(mine)) or 0
    rows = session.scalars(select(ObservationFile).where(mine).order_by(ObservationFile.hour))
    oldest = now - timedelta(days=kept.days)
    for row in list(rows):
        if row.hour >= oldest and total <= kept.largest:
            break
        total -= row.size
        session.execute(delete(ObservationFile).where(mine, ObservationFile.sha256 == row.sha256))
        store.observations(camera_id, row.sha256).unlink(missing_ok=True)
