"""A camera that sends a small stream to look at beside the large one that is kept."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.detector.footage import Received, received
from tests.detector.scenes import rendered, settings
from viahe_detector.answering import Answering
from viahe_detector.camera import CameraWatch
from viahe_detector.config import WatchSettings, plan_of
from viahe_detector.eyes import Eyes, open_eyes
from viahe_detector.media import Packet
from viahe_detector.media.pictures import decode_span
from viahe_detector.pixels import Pixels
from viahe_detector.ring import Ring
from viahe_detector.small_stream import AWAY_S, CLOSE_S, SmallStream
from viahe_rules.domain import Ask, Box, Detection, Outcome, Suspicion
from viahe_samples.disturbances import Disturbance

LATER_S = 0.4
"""How much later than the large stream the small one is coded and sent."""
SCENE = "bag-left"


def coded_anew(path: Path, target: Path, width: int, height: int, shake: float = 0.0) -> Path:
    """The video in this size, of a camera that swings by this share of its width."""
    swings = Disturbance(shake=shake)
    with av.open(str(path)) as source, av.open(str(target), "w") as video:
        options = {"preset": "ultrafast", "g": "30", "bf": "0"}
        rate = Fraction(source.streams.video[0].average_rate or 0)
        stream = video.add_stream("libx264", rate=rate, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number, frame in enumerate(source.decode(video=0)):
            bgr = frame.reformat(width, height, format="bgr24").to_ndarray()
            across, down = (round(each * width) for each in swings.shift(float(number / rate)))
            swung = av.VideoFrame.from_ndarray(np.roll(bgr, (down, across), (0, 1)), format="bgr24")
            swung.pts, swung.time_base = number, 1 / rate
            swung.pict_type = frame.pict_type  # one camera codes both streams alike
            video.mux(stream.encode(swung.reformat(format="yuv420p")))
        video.mux(stream.encode(None))
    return target


def shrunk(path: Path, target: Path) -> Path:
    """The video a third as large, as a camera's second stream."""
    return coded_anew(path, target, 640, 360)


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


def two_streams(folder: Path, eyes: Eyes) -> tuple[CameraWatch, SmallStream, Received, Received]:
    """A camera whose streams have begun, its small one, and what both are going to send."""
    large = received(rendered(SCENE))
    small = received(shrunk(rendered(SCENE), folder / "small.mp4"))
    plan = plan_of(settings(folder, SCENE).cameras[0])
    ring = Ring(90.0, 2**24)
    camera = CameraWatch(plan, WatchSettings(), eyes, Heard(eyes), small_ring=ring)
    assert camera.small is not None
    camera.on_run(large.run, large.facts)
    camera.small.on_run(small.run, small.facts)
    return camera, camera.small, large, small


def watched(
    folder: Path,
    eyes: Eyes,
    with_small: bool,
    scene: Path | None = None,
    looked_from_s: float = 0.0,
) -> tuple[CameraWatch, Heard]:
    """A camera that sends all of a scene, looked at from so many seconds on."""
    scene = scene or rendered(SCENE)
    large = received(scene)
    heard = Heard(eyes)
    plan = plan_of(settings(folder, SCENE).cameras[0])
    watch = WatchSettings(look_every_s=1.0, ring_s=120.0)
    ring = Ring(90.0, 2**24) if with_small else None
    camera = CameraWatch(plan, watch, eyes, heard, small_ring=ring)
    camera.on_run(large.run, large.facts)
    packets = [(packet, camera.on_packet) for packet in sent(large)]
    if camera.small is not None:
        small = received(shrunk(scene, folder / "small.mp4"))
        camera.small.on_run(small.run, small.facts)
        packets += [(packet, camera.small.on_packet) for packet in sent(small, LATER_S)]
    looked_from = large.packets[0].at + looked_from_s
    for packet, taken in sorted(packets, key=lambda pair: pair[0].arrived_at):
        taken(packet)
        if packet.at >= looked_from:
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


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, eyes: Eyes) -> CameraWatch:
    """A camera that has sent all of the scene in both streams, and is known to move in both."""
    folder = tmp_path_factory.mktemp("both")
    camera, _ = watched(folder, eyes, with_small=True, looked_from_s=30.0)
    assert camera.small is not None
    assert camera.small.alignment.source == "content"
    return camera


def difference(a: Pixels, b: Pixels) -> float:
    return float(np.abs(a.astype(float) - b.astype(float)).mean())


def test_what_the_small_stream_shows_of_a_second_is_what_the_kept_one_shows(
    both: CameraWatch,
) -> None:
    assert both.small is not None
    run, _, newest = both.ring.span() or ("", 0.0, 0.0)
    cut = both.small.cut(run, newest - 12.0, newest - 4.0)
    assert cut is not None
    assert cut.gaps == ()
    large = both.ring.cut(run, newest - 14.0, newest - 2.0).segments[0]
    shown = [(p.t, p.bgr) for p in decode_span(large.facts, large.packets, width=640)]
    apart = []
    for each in cut.segments:
        for picture in decode_span(each.facts, each.packets, fps=2.0):
            t = picture.t + each.shift_s
            likest = min(shown, key=lambda kept: difference(kept[1], picture.bgr))
            apart.append(likest[0] - t)
    assert np.median(np.abs(apart)) <= CLOSE_S


def test_the_small_stream_is_no_substitute_for_what_it_does_not_have(both: CameraWatch) -> None:
    assert both.small is not None
    run, _, newest = both.ring.span() or ("", 0.0, 0.0)
    assert both.small.cut(run, newest - 500.0, newest - 4.0) is None
    assert both.small.cut("an earlier run", newest - 12.0, newest - 4.0) is None


def test_as_long_as_nothing_tells_how_both_streams_lie_the_kept_one_is_decoded(
    tmp_path: Path, eyes: Eyes
) -> None:
    camera, small, large_sent, small_sent = two_streams(tmp_path, eyes)
    for packet in large_sent.packets[:150]:
        camera.on_packet(packet)
    for packet in small_sent.packets[:150]:
        small.on_packet(packet)
    assert small.alignment.source == "arrival"
    assert small.cut(large_sent.run, 1.0, 4.0) is None


class Shown:
    """The network, and how wide the pictures were that it was asked about."""

    def __init__(self, eyes: Eyes) -> None:
        self.widths: set[int] = set()
        self._network = eyes.street

    def detect(self, picture: Pixels, min_score: float | None = None) -> tuple[Detection, ...]:
        self.widths.add(picture.shape[1])
        return self._network.detect(picture, min_score)


@pytest.mark.parametrize(
    ("place", "width"),
    [(Box(0.42, 0.80, 0.47, 0.90), 640), (Box(0.42, 0.80, 0.44, 0.84), 960)],
    ids=["large enough", "too small"],
)
def test_a_place_is_looked_back_at_in_the_small_stream_where_that_shows_it(
    both: CameraWatch, eyes: Eyes, place: Box, width: int
) -> None:
    run, _, newest = both.ring.span() or ("", 0.0, 0.0)
    shown = Shown(eyes)
    start, end = newest - 8.0, newest - 4.0
    ask = Ask("stay", run, start, end, place, (start, end))
    looks = Answering(shown, 8.0).answer(both, ask).looks
    assert shown.widths == {width}
    assert looks[0].t == pytest.approx(start, abs=0.3)
    assert all(look.run == run for look in looks)


def test_a_camera_that_shakes_is_looked_back_at_in_the_large_stream(
    tmp_path: Path, eyes: Eyes
) -> None:
    shaking = coded_anew(rendered(SCENE), tmp_path / "shaking.mp4", 1280, 720, shake=0.008)
    camera, _ = watched(tmp_path, eyes, with_small=True, scene=shaking, looked_from_s=24.0)
    assert camera.small is not None
    run, _, newest = camera.ring.span() or ("", 0.0, 0.0)
    shown, start, end = Shown(eyes), newest - 8.0, newest - 4.0
    assert camera.small.cut(run, start, end) is not None, "the small one has it as well"
    ask = Ask("stay", run, start, end, Box(0.42, 0.80, 0.47, 0.90), (start, end))
    Answering(shown, 8.0).answer(camera, ask)
    assert shown.widths == {960}


def test_while_the_large_stream_does_not_come_nothing_is_judged(tmp_path: Path, eyes: Eyes) -> None:
    small = received(shrunk(rendered(SCENE), tmp_path / "small.mp4"))
    plan = plan_of(settings(tmp_path, SCENE).cameras[0])
    heard, ring = Heard(eyes), Ring(90.0, 2**24)
    camera = CameraWatch(plan, WatchSettings(), eyes, heard, small_ring=ring)
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
    camera, small_stream, large, small = two_streams(tmp_path, eyes)
    began_at = large.packets[0].at
    packets = [(packet, camera.on_packet) for packet in sent(large)]
    packets += [(p, small_stream.on_packet) for p in sent(small) if p.at < began_at + 6.0]
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
