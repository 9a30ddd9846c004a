"""Taking in what devices report: a case is announced, its files arrive, and it is complete."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from viahe_api import audit
from viahe_api.auth import DeviceIdentity
from viahe_api.cameras import offline_since
from viahe_api.case_numbers import next_code
from viahe_api.errors import Malformed, NotFound, OtherContent, OtherWard, TooLarge
from viahe_api.schemas import Announcement, HealthReport
from viahe_api.seen_totals import keep_seen
from viahe_api.tables import Camera, Case, EvidenceFile
from viahe_api.vocabulary import CameraState, CaseState, FileKind
from viahe_rules.domain import Health, Suspicion
from viahe_rules.recorded import suspicion_from_json, to_json

MOVED = Health.MOVED.value
"""A camera's condition while it shows another street than its zones were drawn on."""
FURTHEST_S = 600.0
"""Seconds before or after its act that nothing of a case's evidence is from."""


def announce(
    session: Session,
    device: DeviceIdentity,
    announced: Announcement,
    *,
    largest_file: int,
    now: datetime,
) -> tuple[Case, bool]:
    """The case of a suspicion and whether it is new. The same again changes nothing.

    Raises NotFound or OtherWard for the camera, OtherContent if the key is known with another
    payload, TooLarge, Malformed.
    """
    suspicion = suspicion_from_json(announced.suspicion)
    camera = find_camera(session, device, suspicion.camera)
    content = _content_hash(announced)
    known = _find(session, device, suspicion.key, lock=True)
    if known is not None:
        if known.content_sha256 != content:
            raise OtherContent(f"suspicion {suspicion.key} is known with other content")
        return known, False
    _check_files(announced, largest_file)
    case = _new_case(session, camera, suspicion, announced, content, now)
    session.add(case)
    session.flush()
    _log(session, device, case, "case.announced", now)
    complete(session, device, case, None, now=now)
    return case, True


def announced_file(
    session: Session, device: DeviceIdentity, key: str, name: str, *, lock: bool = False
) -> tuple[Case, EvidenceFile]:
    """The case and the file it announced, `lock`ed to be changed. Raises NotFound."""
    case = _find(session, device, key, lock=lock)
    if case is None:
        raise NotFound(f"no suspicion {key}: announce it first")
    file = next((file for file in case.files if file.name == name), None)
    if file is None:
        raise NotFound(f"suspicion {key} announced no file {name}")
    return case, file


def stored(
    session: Session, device: DeviceIdentity, key: str, name: str, path: Path, *, now: datetime
) -> Case:
    """Note that a file's bytes are on disk at `path`; the last one completes the case."""
    case, file = announced_file(session, device, key, name, lock=True)
    if file.stored_at is None:
        file.stored_at = now
        session.flush()
        complete(session, device, case, path.parent, now=now)
    return case


def complete(
    session: Session, device: DeviceIdentity, case: Case, folder: Path | None, *, now: datetime
) -> None:
    """Put the case into the queue if nothing of it is missing any more."""
    if missing(case) or case.completed_at is not None:
        return
    case.completed_at = now
    manifest = next((file for file in case.files if file.kind is FileKind.MANIFEST), None)
    if folder is not None and manifest is not None:
        declared = _declared(folder / manifest.name)
        case.recorded_s, case.missing_s = _spans(declared)
        for file in case.files:
            file.shows_t = _shown(declared, case, file.name)
    session.flush()
    _log(session, device, case, "case.received", now)


def missing(case: Case) -> list[str]:
    """Names of announced files whose bytes have not come, in order."""
    return sorted(file.name for file in case.files if file.stored_at is None)


def keep_health(
    session: Session, device: DeviceIdentity, report: HealthReport, *, now: datetime
) -> list[str]:
    """Note what a detector says of its cameras; returns those unknown here.

    An unknown camera does not cost the others their hours, so it is no error.
    """
    by_slug = {
        camera.slug: camera
        for camera in session.scalars(select(Camera).where(Camera.device_id == device.id))
    }
    unknown = []
    for health in report.cameras:
        camera = by_slug.get(health.camera)
        if camera is None:
            unknown.append(health.camera)
            continue
        if health.condition == MOVED != camera.condition:
            camera.moved_at = now
        offline = health.state is CameraState.OFFLINE
        camera.offline_since = (offline_since(camera, now) or now) if offline else None
        camera.state, camera.state_detail = health.state, health.detail[:300]
        camera.state_at, camera.clock_offset_s = now, health.clock_offset_s
        camera.condition, camera.shift = health.condition, health.shift
        camera.clock_jumped_s = health.clock_jumped_s
        for hour in health.hours:
            keep_seen(session, camera.id, report.session, hour.hour, hour.seen_s)
    return unknown


def find_camera(session: Session, device: DeviceIdentity, slug: str) -> Camera:
    """A camera of the device. Raises OtherWard for one that only other wards have, NotFound."""
    camera = session.scalar(
        select(Camera).where(Camera.device_id == device.id, Camera.slug == slug)
    )
    if camera is None:
        wards = session.scalars(select(Camera.ward_id).where(Camera.slug == slug)).all()
        if wards and device.ward_id not in wards:
            raise OtherWard(f"camera {slug} is not of this device's ward {device.ward_code}")
        raise NotFound(f"no camera {slug}: add it, or correct its id in the detector's file")
    if camera.ward_id != device.ward_id:
        raise OtherWard(f"camera {slug} is not of this device's ward {device.ward_code}")
    return camera


def _find(session: Session, device: DeviceIdentity, key: str, *, lock: bool) -> Case | None:
    """The device's ward narrows this: two wards' detectors may name cameras alike.

    With `lock` nobody else changes the case until the transaction ends, which has to be one
    that writes.
    """
    found = (
        select(Case)
        .where(Case.ward_id == device.ward_id, Case.key == key)
        .options(selectinload(Case.files))
    )
    return session.scalar(found.with_for_update(of=Case) if lock else found)


def _content_hash(announced: Announcement) -> str:
    text = json.dumps(announced.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _check_files(announced: Announcement, largest_file: int) -> None:
    names = [file.name for file in announced.files]
    if len(names) != len(set(names)):
        raise Malformed("files: a name is announced twice")
    if announced.end_at < announced.start_at:
        raise Malformed("end_at is before start_at")
    for file in announced.files:
        if file.size > largest_file:
            raise TooLarge(f"{file.name} has {file.size} bytes, at most {largest_file} are taken")


def _new_case(
    session: Session,
    camera: Camera,
    suspicion: Suspicion,
    announced: Announcement,
    content: str,
    now: datetime,
) -> Case:
    recorded: dict[str, Any] = to_json(suspicion)
    return Case(
        ward_id=camera.ward_id,
        camera_id=camera.id,
        key=suspicion.key,
        code=next_code(session, camera.ward_id, announced.start_at),
        content_sha256=content,
        act=suspicion.act,
        run=suspicion.run,
        zone=suspicion.zone,
        zone_version=suspicion.zone_version,
        rule=suspicion.rule,
        label=suspicion.label,
        place=recorded["place"],
        start_t=suspicion.start,
        end_t=suspicion.end,
        score=suspicion.score,
        left_by=recorded["left_by"],
        reasons=recorded["reasons"],
        thresholds=recorded["thresholds"],
        start_at=announced.start_at,
        end_at=announced.end_at,
        clock_offset_s=announced.clock.offset_s,
        clock_source=announced.clock.source,
        model_name=announced.model.name,
        model_sha256=announced.model.sha256,
        detector=announced.detector,
        state=CaseState.WAITING,
        received_at=now,
        files=[EvidenceFile(**file.model_dump()) for file in announced.files],
    )


def _declared(manifest: Path) -> Any:
    """What the manifest says, None where it is not to be read: that is for verifying to name, not
    a reason to lose the case."""
    try:
        return json.loads(manifest.read_bytes())
    except (OSError, ValueError):
        return None


def _spans(declared: Any) -> tuple[float | None, float | None]:
    """Seconds covered and seconds missing as a manifest declares them, None where it does not."""
    try:
        return _length(declared["covered"]), _length(declared["gaps"])
    except (ValueError, KeyError, TypeError, OverflowError):
        return None, None


def _shown(declared: Any, case: Case, name: str) -> float | None:
    """The media second that a still shows, None where a manifest does not say so, or what no
    evidence of the case can be of."""
    try:
        t = float(declared["stills"][name])
    except (ValueError, KeyError, TypeError, OverflowError):
        return None
    return t if case.start_t - FURTHEST_S <= t <= case.end_t + FURTHEST_S else None


def _length(spans: Iterable[tuple[float, float]]) -> float:
    return sum(float(end) - float(start) for start, end in spans)


def _log(session: Session, device: DeviceIdentity, case: Case, action: str, now: datetime) -> None:
    detail = {"key": case.key, "files": {file.name: file.sha256 for file in case.files}}
    audit.append(
        session,
        device.actor,
        action,
        f"case:{case.code}",
        now=now,
        ward_id=case.ward_id,
        detail=detail,
    )
