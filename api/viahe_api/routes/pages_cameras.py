"""The cameras: what state they are in, what they saw, and the zones drawn on their ground."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import Response

from viahe_api.camera_register import Registered, registered
from viahe_api.cameras import camera as camera_detail
from viahe_api.cameras import cameras as camera_rows
from viahe_api.language import Language
from viahe_api.records import CameraRow, ZoneView
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.vocabulary import CAMERA_KEEPERS
from viahe_api.web.wording import (
    ACTS,
    CAMERA_DISABLED,
    CAMERA_STATUS,
    DEVICE_KINDS,
    SURFACES,
    Status,
    said,
)
from viahe_api.web.zone_differences import hours_said

router = APIRouter()


@dataclass(frozen=True, slots=True)
class CameraShown:
    """A line of the list, in words."""

    id: int
    name: str
    place: str
    still_url: str | None
    still_at: str
    status: Status
    since: str
    hours: str
    clock: str
    zones: int
    notice_posted: bool


@dataclass(frozen=True, slots=True)
class ZoneShown:
    """A zone in words; `points` is the polygon in hundredths of the picture, for an SVG."""

    zone: str
    version: int
    name: str
    surface: str
    rules: str
    points: str


@router.get("/cameras")
def cameras(visit: Person) -> Response:
    """All cameras of the person's wards."""
    with visit.database.reading() as session:
        rows = camera_rows(session, visit.viewer, now=visit.now)
    may_add = visit.viewer.holds(*CAMERA_KEEPERS)
    shown = [_row(visit.language, row) for row in rows]
    return visit.page("cameras.html", rows=shown, may_add=may_add)


@router.get("/cameras/{camera_id}")
def camera(visit: Person, camera_id: int, saved: str = "") -> Response:
    """One camera: its newest still with the zones on it."""
    with visit.database.reading() as session:
        found = camera_detail(session, visit.viewer, camera_id, now=visit.now)
        keeps = visit.viewer.holds(*CAMERA_KEEPERS)
        register = registered(session, visit.viewer, camera_id) if keeps else None
    language = visit.language
    zones = [_zone(language, zone) for zone in found.zones]
    return visit.page(
        "camera.html",
        camera=found.camera,
        camera_status=said(language, _status(found.camera)),
        still_at=_still_at(language, found.camera.still_at),
        zones=zones,
        facts=[*_facts(language, found.camera), *_register(language, register)],
        may_draw=keeps,
        saved=_saved(visit, zones, saved),
    )


def _row(language: Language, row: CameraRow) -> CameraShown:
    return CameraShown(
        id=row.id,
        name=row.name,
        place=", ".join(part for part in (row.address, row.group) if part),
        still_url=row.still_url,
        still_at=language.moment(row.still_at) if row.still_at else "",
        status=said(language, _status(row)),
        since=_since(language, row),
        hours=language.number(row.seen_today_s / 3600, 1),
        clock=_clock(language, row.clock_offset_s),
        zones=row.zones,
        notice_posted=row.notice_posted,
    )


def _status(row: CameraRow) -> Status:
    return CAMERA_STATUS[row.state] if row.enabled else CAMERA_DISABLED


def _since(language: Language, row: CameraRow) -> str:
    if row.state_at is None:
        return language.gettext("never heard of")
    return language.gettext("last heard of %(at)s", at=language.moment(row.state_at))


def _clock(language: Language, offset_s: float | None) -> str:
    if offset_s is None:
        return language.gettext("not synchronised")
    return language.gettext("off by %(seconds)s s", seconds=language.number(abs(offset_s), 1))


def _still_at(language: Language, at: datetime | None) -> str:
    return language.gettext("Picture of %(at)s", at=language.moment(at)) if at else ""


def _facts(language: Language, row: CameraRow) -> Iterator[tuple[str, str]]:
    say = language.gettext
    yield say("Place"), ", ".join(part for part in (row.address, row.group) if part)
    yield say("Ward"), row.ward
    if row.owner:
        yield say("Owner"), row.owner
    yield say("Name in the detector"), row.slug
    yield say("Clock"), _clock(language, row.clock_offset_s)
    yield say("Hours seen today"), language.number(row.seen_today_s / 3600, 1)
    yield say("Recording notice"), say("Posted") if row.notice_posted else say("Not posted")
    if row.state_detail:
        yield say("Detector's word"), row.state_detail


def _register(language: Language, register: Registered | None) -> Iterator[tuple[str, str]]:
    """What only the keepers of the register are shown."""
    if register is None:
        return
    say = language.gettext
    yield say("Kind of device"), say(DEVICE_KINDS[register.device_kind])
    if register.notice_on:
        yield say("Day the notice was posted"), language.day(register.notice_on)
    for word, value in (
        (say("Model"), register.model),
        (say("Certificate number (QCVN 135)"), register.certificate),
        (say("Firmware"), register.firmware),
    ):
        if value:
            yield word, value
    if register.quiet:
        yield say("Quiet hours"), hours_said(language, register.quiet)
    kept = say("Kept, encrypted") if register.has_source else say("Not kept")
    yield say("Source of the picture"), kept


def _zone(language: Language, zone: ZoneView) -> ZoneShown:
    return ZoneShown(
        zone=zone.zone,
        version=zone.version,
        name=zone.name,
        surface=language.gettext(SURFACES[zone.surface]),
        rules="; ".join(dict.fromkeys(_rules(language, zone))),
        points=" ".join(f"{x * 100:.2f},{y * 100:.2f}" for x, y in zone.polygon),
    )


def _rules(language: Language, zone: ZoneView) -> Iterator[str]:
    for rule in zone.rules:
        seconds = sorted({seconds for _, seconds in rule.dwell})
        dwell = " / ".join(language.duration(value) for value in seconds)
        yield language.gettext(
            "%(act)s: after %(dwell)s", act=language.gettext(ACTS[rule.act]), dwell=dwell
        )


def _saved(visit: SignedInVisit, zones: list[ZoneShown], saved: str) -> str:
    zone = next((zone for zone in zones if zone.zone == saved), None)
    if zone is None:
        return ""
    return visit.language.gettext("Saved: %(name)s, version %(n)s.", name=zone.name, n=zone.version)
