"""What a look says of its camera, with figures, from a coded picture to a recorded line."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.detector.footage import Footage, received
from tests.detector.test_aim import ground, shown
from viahe_detector.config import NetworkSettings, WatchSettings
from viahe_detector.eyes import Eyes, open_eyes
from viahe_detector.looking import Looking, ground_name
from viahe_detector.pixels import Pixels
from viahe_detector.ring import Ring
from viahe_detector.stages import Stages
from viahe_rules.domain import Act, Health, Observation, Shift
from viahe_rules.plan import Rule, Surface, Zone
from viahe_rules.recorded import as_recorded, from_line, to_line

KERB = Zone("kerb", 1, "Kerb", ((0.1, 0.5), (0.9, 0.5), (0.9, 0.9)), Surface.PAVEMENT, ())


@dataclass(frozen=True)
class Turned(Footage):
    """A camera that is turned by 5 % of its picture after a minute; a picture every 4 s."""

    def pictures(self) -> "list[Pixels]":  # type: ignore[override]
        before = [shown(ground(), seed=seed) for seed in range(15)]
        after = [shown(ground(), Shift(right=-0.05), seed) for seed in range(15)]
        return [*before, *after]


@pytest.fixture(scope="module")
def eyes() -> Eyes:
    return open_eyes(NetworkSettings(rubbish=""), lanes=1)


@pytest.fixture(scope="module")
def looks(tmp_path_factory: pytest.TempPathFactory, eyes: Eyes) -> list[Observation]:
    return seen(tmp_path_factory.mktemp("turned"), eyes)


def seen(
    folder: Path, eyes: Eyes, redrawn_at: float | None = None, offset_s: float | None = None
) -> list[Observation]:
    """What looks at the turned camera show; its zones are drawn anew at a media second."""
    path = Turned(width=640, height=360, fps=1, group=1).write(folder / "street.mp4")
    source, ring = received(path), Ring(600.0, 2**26)
    looking = Looking("cam-1", WatchSettings(), eyes, lambda _: ring, Stages())
    looking.watch_ground((KERB,))
    ring.on_run(source.run, source.facts)
    found = []
    for number, packet in enumerate(source.packets):
        ring.on_packet(packet)
        if redrawn_at is not None and number * 4.0 >= redrawn_at:
            looking.watch_ground((replace(KERB, polygon=((0.2, 0.5), (0.9, 0.5), (0.9, 0.9))),))
        slower = replace(packet, t=number * 4.0, at=packet.at + number * 3.0)
        look = looking.look(slower, False, offset_s)
        assert look is not None
        found.append(look.observation)
    return found


def test_a_turned_camera_is_moved_by_so_much_in_what_is_recorded(looks: list[Observation]) -> None:
    assert {look.health for look in looks[:15]} == {Health.OK}
    last = looks[-1]
    assert last.health is Health.MOVED
    assert last.shift is not None
    assert last.shift.right == pytest.approx(-0.05, abs=0.004)
    assert from_line(to_line(last)) == as_recorded(last)


def test_a_moved_camera_is_not_asked_about(looks: list[Observation]) -> None:
    moved = [look for look in looks if look.health is Health.MOVED]
    assert moved
    assert all(look.detections == look.changes == () for look in moved)


def test_zones_drawn_on_the_turned_picture_make_it_fit_again(tmp_path: Path, eyes: Eyes) -> None:
    looks = seen(tmp_path, eyes, redrawn_at=112.0)
    assert [look.health for look in looks][-4:] == [
        Health.MOVED,
        Health.MOVED,
        Health.OK,
        Health.OK,
    ]
    assert looks[-1].shift is None


def test_a_wrong_clock_is_told_and_the_picture_still_judged(tmp_path: Path, eyes: Eyes) -> None:
    first, *_, last = seen(tmp_path, eyes, offset_s=-42.0)
    assert first.health is Health.CLOCK_OFF
    assert first.clock is not None
    assert first.clock.offset_s == -42.0
    assert first.detections, "the photograph shows people"
    assert last.health is Health.MOVED, "what matters more is said first"
    assert last.clock == first.clock


def test_ground_is_the_same_as_long_as_its_polygons_are() -> None:
    rule = Rule("left", Act.DUMPING, (("thing", 30.0),))
    renamed = replace(KERB, name="Kerb 12", version=2, rules=(rule,))
    assert ground_name((KERB,)) == ground_name((renamed,)) != ground_name(())
    moved = replace(KERB, polygon=((0.2, 0.5), (0.9, 0.5), (0.9, 0.9)))
    assert ground_name((moved,)) != ground_name((KERB,))
