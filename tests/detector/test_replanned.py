"""A camera whose zones are changed while it is watched."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.detector.footage import received
from tests.detector.scenes import rendered, scene, settings
from tests.detector.test_small_stream import Heard
from viahe_detector.camera import CameraWatch
from viahe_detector.config import WatchSettings, plan_of
from viahe_detector.eyes import Eyes, open_eyes
from viahe_rules.domain import Suspicion
from viahe_rules.plan import Plan

SCENE = "group-stays"
"""What stays is people: unlike a thing or a vehicle, only the rules know since when."""
WIDER = ((0.0, 0.5), (1.0, 0.5), (1.0, 1.0), (0.0, 1.0))


@pytest.fixture(scope="module")
def eyes() -> Eyes:
    return open_eyes(settings(Path("nowhere"), SCENE).network, lanes=1)


def seen_by(camera: CameraWatch, heard: Heard, later: Plan, from_s: float) -> list[Suspicion]:
    """What is suspected in the scene, under another plan from this media second on."""
    footage = received(rendered(SCENE))
    camera.on_run(footage.run, footage.facts)
    for packet in footage.packets:
        if packet.t >= from_s and camera.plan != later:
            camera.replan(later)
        camera.on_packet(packet)
        camera.look(only_due=True)
        heard.settle(camera)
    return heard.suspicions


def test_zones_drawn_anew_lose_no_stay_that_is_in_progress(tmp_path: Path, eyes: Eyes) -> None:
    plan = plan_of(settings(tmp_path, SCENE).cameras[0])
    (event,) = scene(SCENE).events
    dwell = dict(scene(SCENE).dwell_s)[event.act]
    drawn = tuple(
        replace(zone, version=2, polygon=WIDER) if zone.id == "pavement-encroachment" else zone
        for zone in plan.zones
    )
    heard = Heard(eyes)
    camera = CameraWatch(plan, WatchSettings(look_every_s=1.0, ring_s=120.0), eyes, heard)
    half_way = event.start_s + dwell / 2
    told = seen_by(camera, heard, replace(plan, zones=drawn), half_way)
    (suspicion,) = [one for one in told if one.act is event.act]
    assert suspicion.start == pytest.approx(event.start_s, abs=1.0)
    assert suspicion.end - suspicion.start >= dwell
    assert suspicion.start < half_way < suspicion.end
    assert suspicion.zone_version == 2
