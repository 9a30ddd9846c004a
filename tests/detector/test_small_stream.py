"""A camera that sends a small stream to look at beside the large one that is kept."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import pytest

from tests.detector.footage import Received, received
from tests.detector.scenes import rendered, settings
from viahe_detector.answering import Answering
from viahe_detector.camera import CameraWatch
from viahe_detector.config import WatchSettings, plan_of
from viahe_detector.eyes import Eyes, open_eyes
from viahe_detector.media import Packet
from viahe_detector.small_stream import AWAY_S
from viahe_rules.domain import Ask, Outcome, Suspicion

LATER_S = 0.4
"""How much later than the large stream the small one is coded and sent."""
SCENE = "bag-left"


def shrunk(path: Path, target: Path) -> Path:
    """The video a third as large, coded anew, as a camera's second stream."""
    with av.open(str(path)) as source, av.open(str(target), "w") as small:
        options = {"preset": "ultrafast", "g": "30", "bf": "0"}
        rate = source.streams.video[0].average_rate
        stream = small.add_stream("libx264", rate=rate, options=options)
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        for number, frame in enumerate(source.decode(video=0)):
            smaller = frame.reformat(640, 360)
            smaller.pts, smaller.time_base = number, 1 / Fraction(rate)
            small.mux(stream.encode(smaller))
        small.mux(stream.encode(None))
    return target


def sent(received: Received, later_s: float = 0.0) -> list[Packet]:
    """As a camera would have sent them, so much later than what they show."""
    return [
        replace(packet, at=packet.at + later_s, arrived_at=packet.at + later_s)
        for packet in received.packets
    ]


class Heard:
    """Takes what the rules say, and answers what they ask."""

    def __init__(self, eyes: Eyes) -> None:
        self.suspicions: list[Suspicion] = []
        self._answering = Answering(eyes.street, 8.0)

    def __call__(self, camera: CameraWatch, outcome: Outcome) -> None:
        if isinstance(outcome, Ask):
            self._answering.ask(camera, outcome)
        elif isinstance(outcome, Suspicion):
            self.suspicions.append(outcome)

    def settle(self, camera: CameraWatch) -> None:
        while self._answering.settle(camera):
            pass


@pytest.fixture(scope="module")
def eyes() -> Eyes:
    return open_eyes(settings(Path("nowhere"), SCENE).network, lanes=1)


def watched(folder: Path, eyes: Eyes, with_small: bool) -> tuple[CameraWatch, Heard]:
    large = received(rendered(SCENE))
    heard = Heard(eyes)
    plan = plan_of(settings(folder, SCENE).cameras[0])
    watch = WatchSettings(look_every_s=1.0, ring_s=120.0)
    camera = CameraWatch(plan, watch, eyes, heard, has_small=with_small)
    camera.on_run(large.run, large.facts)
    packets = [(packet, camera.on_packet) for packet in sent(large)]
    if camera.small is not None:
        small = received(shrunk(rendered(SCENE), folder / "small.mp4"))
        camera.small.on_run(small.run, small.facts)
        packets += [(packet, camera.small.on_packet) for packet in sent(small, LATER_S)]
    for packet, taken in sorted(packets, key=lambda pair: pair[0].arrived_at):
        taken(packet)
        camera.look(only_due=True)
        heard.settle(camera)
    return camera, heard


def test_what_is_seen_in_the_small_stream_is_suspected_in_the_time_of_the_large_one(
    tmp_path: Path, eyes: Eyes
) -> None:
    (tmp_path / "large").mkdir()
    _, by_large = watched(tmp_path / "large", eyes, with_small=False)
    camera, by_small = watched(tmp_path, eyes, with_small=True)
    (one,), (other,) = by_large.suspicions, by_small.suspicions
    assert (other.act, other.zone) == (one.act, one.zone)
    assert other.run == one.run
    assert other.start == pytest.approx(one.start, abs=1.0)
    cut = camera.ring.cut(other.run, other.start, other.end)
    assert cut.gaps == ()
    assert all(segment.facts.width > 640 for segment in cut.segments), "the large one is evidence"


def test_while_the_large_stream_does_not_come_nothing_is_judged(tmp_path: Path, eyes: Eyes) -> None:
    small = received(shrunk(rendered(SCENE), tmp_path / "small.mp4"))
    plan = plan_of(settings(tmp_path, SCENE).cameras[0])
    heard = Heard(eyes)
    camera = CameraWatch(plan, WatchSettings(), eyes, heard, has_small=True)
    assert camera.small is not None
    camera.small.on_run(small.run, small.facts)
    for packet in small.packets:
        camera.small.on_packet(packet)
        camera.look()
    assert camera.counts.looks == 0
    assert heard.suspicions == []


def test_a_small_stream_that_stops_leaves_the_large_one_to_be_looked_at(
    tmp_path: Path, eyes: Eyes
) -> None:
    large = received(rendered(SCENE))
    small = received(shrunk(rendered(SCENE), tmp_path / "small.mp4"))
    plan = plan_of(settings(tmp_path, SCENE).cameras[0])
    camera = CameraWatch(plan, WatchSettings(), eyes, Heard(eyes), has_small=True)
    assert camera.small is not None
    camera.on_run(large.run, large.facts)
    camera.small.on_run(small.run, small.facts)
    began_at = large.packets[0].at
    packets = [(packet, camera.on_packet) for packet in sent(large)]
    packets += [(p, camera.small.on_packet) for p in sent(small) if p.at < began_at + 6.0]
    looked: list[float] = []
    for packet, taken in sorted(packets, key=lambda pair: pair[0].arrived_at):
        taken(packet)
        before = camera.counts.looks
        camera.look(only_due=True)
        if camera.counts.looks > before:
            looked.append(packet.arrived_at - began_at)
    gap = next(later for later in looked if later > 6.0) - max(t for t in looked if t <= 6.0)
    assert AWAY_S <= gap <= AWAY_S + 2 * WatchSettings().look_every_s
    assert looked[-1] > large.packets[-1].at - began_at - 4.0
