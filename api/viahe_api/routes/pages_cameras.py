"""The cameras: what state they are in, what they saw, and the zones drawn on their ground."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from viahe_api.camera_register import Registered, registered
from viahe_api.cameras import camera as camera_detail
from viahe_api.cameras import cameras as camera_rows
from viahe_api.connection_tests import newest_of
from viahe_api.counts import Share
from viahe_api.language import Language
from viahe_api.precision import DAYS, precision
from viahe_api.records import CameraRow, ZoneView
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.vocabulary import CAMERA_KEEPERS
from viahe_api.web.camera_words import has_moved, share_said, still_said, svg_points
from viahe_api.web.connection_words import shown_test
from viahe_api.web.hand_report_form import faults_said as photo_faults_said
from viahe_api.web.health_words import health_said, offline_said, status_of
from viahe_api.web.place_words import place_said
from viahe_api.web.wording import (
    ACTS,
    DEVICE_KINDS,
    SURFACES,
    Status,
    said,
)
from viahe_api.web.zone_differences import windows_said

router = APIRouter()


@dataclass(frozen=True, slots=True)
class CameraShown:
    """A line of the list, in words; `precision` is shown to those who keep the cameras."""

    id: int
    name: str
    place: str
    still_url: str | None
    still_at: str
    status: Status
    health: str
    since: str
    hours: str
    clock: str
    zones: int
    precision: str
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
    keeps = visit.viewer.holds(*CAMERA_KEEPERS)
    with visit.database.reading() as session:
        rows = camera_rows(session, visit.viewer, now=visit.now)
        lines = precision(session, visit.viewer, now=visit.now) if keeps else ()
    shares = {line.camera_id: line.share for line in lines if line.zone is None}
    shown = [_row(visit.language, row, shares.get(row.id)) for row in rows]
    return visit.page("cameras.html", rows=shown, may_add=keeps, days=DAYS)


@router.get("/cameras/{camera_id}")
def camera(visit: Person, camera_id: int, saved: str = "") -> Response:
    """One camera: its newest still with the zones on it."""
    return camera_page(visit, camera_id, saved)


def camera_page(
    visit: SignedInVisit, camera_id: int, saved: str = "", *, notice_fault: str = ""
) -> Response:
    """The page of a camera, with what is wrong with a photo of its notice that was sent."""
    with visit.database.reading() as session:
        found = camera_detail(session, visit.viewer, camera_id, now=visit.now)
        keeps = visit.viewer.holds(*CAMERA_KEEPERS)
        register = registered(session, visit.viewer, camera_id) if keeps else None
        test = newest_of(session, visit.viewer, camera_id, now=visit.now) if keeps else None
    language = visit.language
    zones = [_zone(language, zone) for zone in found.zones]
    faults = photo_faults_said(language, [notice_fault] if notice_fault else [])
    return visit.page(
        "camera.html",
        400 if faults else 200,
        notice_fault=faults[0].sentence if faults else "",
        camera=found.camera,
        camera_status=said(language, status_of(found.camera)),
        camera_health=health_said(language, found.camera),
        offline=offline_said(language, [found.camera]),
        still_at=still_said(language, found.camera.still_at),
        zones=zones,
        facts=[*_facts(language, found.camera), *_register(language, register)],
        may_draw=keeps,
        moved=has_moved(found.camera, found.zones),
        test=shown_test(language, camera_id, test),
        saved=_saved(visit, zones, saved),
    )


def _row(language: Language, row: CameraRow, share: Share | None) -> CameraShown:
    return CameraShown(
        id=row.id,
        name=row.name,
        place=place_said(row.address, row.street, row.group),
        still_url=row.still_url,
        still_at=language.moment(row.still_at) if row.still_at else "",
        status=said(language, status_of(row)),
        health=health_said(language, row),
        since=_since(language, row),
        hours=language.number(row.seen_today_s / 3600, 1),
        clock=_clock(language, row.clock_offset_s),
        zones=row.zones,
        precision=share_said(language, share) if share else language.gettext("none reviewed"),
        notice_posted=row.notice_posted,
    )


def _since(language: Language, row: CameraRow) -> str:
    if row.state_at is None:
        return language.gettext("never heard of")
    if row.offline_since is not None:
        return language.gettext("since %(at)s", at=language.moment(row.offline_since))
    return language.gettext("last heard of %(at)s", at=language.moment(row.state_at))


def _clock(language: Language, offset_s: float | None) -> str:
    if offset_s is None:
        return language.gettext("not synchronised")
    return language.gettext("off by %(seconds)s s", seconds=language.number(abs(offset_s), 1))


def _facts(language: Language, row: CameraRow) -> Iterator[tuple[str, str]]:
    say = language.gettext
    yield say("Place"), place_said(row.address, row.street, row.group)
    yield say("Ward"), row.ward
    if row.owner:
        yield say("Owner"), row.owner
    yield say("Name in the detector"), row.slug
    yield say("Clock"), _clock(language, row.clock_offset_s)
    yield say("Hours seen today"), language.number(row.seen_today_s / 3600, 1)
    yield say("Recording notice"), say("Posted") if row.notice_posted else say("Not posted")
    if row.state_detail and not health_said(language, row):
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
        yield say("Quiet hours"), windows_said(language, register.quiet)
    kept = say("Kept, encrypted") if register.has_source else say("Not kept")
    if register.has_watch_source:
        kept = say("Main and watched stream, kept encrypted")
    yield say("Source of the picture"), kept


def _zone(language: Language, zone: ZoneView) -> ZoneShown:
    return ZoneShown(
        zone=zone.zone,
        version=zone.version,
        name=zone.name,
        surface=language.gettext(SURFACES[zone.surface]),
        rules="; ".join(dict.fromkeys(_rules(language, zone))),
        points=svg_points(zone.polygon),
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
