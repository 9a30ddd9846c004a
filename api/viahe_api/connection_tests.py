"""Testing a camera's connection: asked on a page, tried by its detector, answered with a still.

The API opens no stream itself. A test that nobody picks up in time is over: its detector is away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api import audit
from viahe_api.auth import DeviceIdentity
from viahe_api.cameras import find_camera
from viahe_api.errors import NotFound
from viahe_api.schemas import StreamTested, TestedStreams
from viahe_api.scope import Viewer
from viahe_api.tables import Camera, ConnectionTest
from viahe_api.vocabulary import CAMERA_KEEPERS

PATIENCE = timedelta(seconds=90)
"""A detector asks every few seconds, and two streams take half a minute to be measured."""


class Progress(StrEnum):
    """How far a test has come."""

    WAITING = "waiting"
    ANSWERED = "answered"
    UNHEARD = "unheard"


@dataclass(frozen=True, slots=True)
class TestView:
    """The newest test of a camera. `streams` is empty until it is answered."""

    id: int
    progress: Progress
    asked_at: datetime
    answered_at: datetime | None
    streams: tuple[StreamTested, ...]
    has_still: bool


def ask(session: Session, viewer: Viewer, camera_id: int, *, now: datetime) -> None:
    """Ask the camera's detector to try it; while a test waits, nothing more is asked.

    Raises RoleNeeded, NotFound.
    """
    camera = _camera(session, viewer, camera_id)
    newest = _newest(session, camera.id)
    if newest is not None and _progress(newest, now) is Progress.WAITING:
        return
    session.add(ConnectionTest(camera_id=camera.id, asked_by_id=viewer.account_id, asked_at=now))
    session.flush()
    subject = f"camera:{camera.id}"
    audit.append(session, viewer, "camera.tested", subject, now=now, ward_id=camera.ward_id)


def newest_of(
    session: Session, viewer: Viewer, camera_id: int, *, now: datetime
) -> TestView | None:
    """The camera's newest test, None if there never was one. Raises RoleNeeded, NotFound."""
    row = _newest(session, _camera(session, viewer, camera_id).id)
    if row is None:
        return None
    streams = tuple(StreamTested.model_validate(stream) for stream in row.streams)
    progress = _progress(row, now)
    return TestView(row.id, progress, row.asked_at, row.answered_at, streams, row.has_still)


def asked_of(session: Session, cameras: Sequence[Camera], *, now: datetime) -> list[dict[str, Any]]:
    """The tests that wait for a detector with these cameras, as the contract has them."""
    slugs = {camera.id: camera.slug for camera in cameras}
    rows = session.scalars(
        select(ConnectionTest)
        .where(
            ConnectionTest.camera_id.in_(slugs),
            ConnectionTest.answered_at.is_(None),
            ConnectionTest.asked_at > now - PATIENCE,
        )
        .order_by(ConnectionTest.id)
    )
    return [{"id": row.id, "camera": slugs[row.camera_id]} for row in rows]


def answer(
    session: Session,
    device: DeviceIdentity,
    test_id: int,
    tested: TestedStreams,
    *,
    now: datetime,
) -> None:
    """Keep what the detector found; said again, it replaces what was said. Raises NotFound."""
    row = find_test(session, device, test_id)
    row.streams = [stream.model_dump(mode="json") for stream in tested.streams]
    row.answered_at = row.answered_at or now


def find_test(session: Session, device: DeviceIdentity, test_id: int) -> ConnectionTest:
    """A test of one of the device's cameras. Raises NotFound."""
    row = session.scalar(
        select(ConnectionTest)
        .join(Camera, Camera.id == ConnectionTest.camera_id)
        .where(ConnectionTest.id == test_id, Camera.device_id == device.id)
    )
    if row is None:
        raise NotFound(f"no connection test {test_id} of this device's cameras")
    return row


def _camera(session: Session, viewer: Viewer, camera_id: int) -> Camera:
    viewer.require(*CAMERA_KEEPERS)
    return find_camera(session, viewer, camera_id, *CAMERA_KEEPERS)


def _newest(session: Session, camera_id: int) -> ConnectionTest | None:
    return session.scalar(
        select(ConnectionTest)
        .where(ConnectionTest.camera_id == camera_id)
        .order_by(ConnectionTest.id.desc())
        .limit(1)
    )


def _progress(row: ConnectionTest, now: datetime) -> Progress:
    if row.answered_at is not None:
        return Progress.ANSWERED
    return Progress.WAITING if now < row.asked_at + PATIENCE else Progress.UNHEARD
