"""How two streams of one street lie to each other, by the pictures of both: real encoded ones."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.detector.footage import Footage, Received, received
from viahe_detector.answering import Answering
from viahe_detector.camera import CameraWatch
from viahe_detector.config import NetworkSettings, WatchSettings
from viahe_detector.eyes import Eyes, open_eyes
from viahe_detector.media import Packet, Picture
from viahe_detector.media.pictures import decode_span
from viahe_detector.pixels import Pixels
from viahe_detector.ring import Ring
from viahe_detector.twin_pictures import Grey, TwinPictures, grey_of, lateness_shown
from viahe_rules.domain import Ask, Box, Detection, Outcome
from viahe_rules.plan import Plan

LATER_S = 0.4
"""How much later than the large stream the small one is coded and sent."""
SECONDS = 14.0
"""Too few for the sizes of packets to tell anything."""
Decoded = Iterator[Picture]
LARGE, SMALL = (960, 540), (320, 180)


@dataclass(frozen=True)
class Street(Footage):
    """A street over which people walk, each at a pace of their own, as one of its streams has it.

    Both streams of a street have one `seed`; each has a rate, a size and noise of its own.
    """

    walkers: int = 3

    def pictures(self) -> Iterator[Pixels]:
        chance = np.random.default_rng(self.seed)
        slabs = chance.integers(60, 120, (27, 48, 1), dtype=np.uint8)
        ground = np.kron(slabs, np.ones((20, 20, 3), np.uint8))
        paces = chance.uniform(60, 160, self.walkers) * chance.choice([-1, 1], self.walkers)
        begin, feet = chance.uniform(0, 960, self.walkers), chance.uniform(150, 500, self.walkers)
        noise = np.random.default_rng([self.width, self.seed])
        for number in range(round(self.seconds * self.fps)):
            t, drawn = number / self.fps, ground.copy()
            for pace, left, foot in zip(paces, begin, feet, strict=True):
                x, y = int(left + pace * t + 15 * np.sin(3 * t)) % 960, int(foot)
                drawn[y - 90 : y, x : x + 36] = (40, 30, 25)
                drawn[y - 90 : y - 70, x + 8 : x + 28] = (150, 180, 210)
            sized = cv2.resize(drawn, (self.width, self.height), interpolation=cv2.INTER_AREA)
            grain = noise.integers(-7, 8, sized.shape, np.int16)
            yield np.clip(sized + grain, 0, 255).astype(np.uint8)


def stream(
    folder: Path, size: tuple[int, int], fps: int, seed: int = 1, walkers: int = 3
) -> Received:
    """One of a street's two streams, coded as cameras do, to one rate."""
    coded = {"b:v": "400k" if size == SMALL else "2M"}
    street = Street(SECONDS, fps, *size, group=2 * fps, seed=seed, extra=coded, walkers=walkers)
    return received(street.write(folder / f"{size[0]}-{seed}-{walkers}.mp4"))


def shown(sent: Received, fps: float | None = None, later_s: float = 0.0) -> list[Grey]:
    pictures = decode_span(sent.facts, sent.packets, fps=fps)
    return [grey_of(picture.at + later_s, picture.bgr) for picture in pictures]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Received:
    return stream(tmp_path_factory.mktemp("large"), LARGE, 25)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Received:
    return stream(tmp_path_factory.mktemp("small"), SMALL, 15)


@pytest.mark.parametrize("later_s", [-0.73, 0.0, LATER_S, 1.1])
@pytest.mark.parametrize("looks_a_second", [8.0, 3.0])
def test_what_moves_in_both_tells_how_much_later_one_is(
    large: Received, small: Received, later_s: float, looks_a_second: float
) -> None:
    found = lateness_shown(shown(large, looks_a_second), shown(small, later_s=later_s))
    assert found == pytest.approx(later_s, abs=0.05)


def test_a_small_stream_of_other_proportions_shows_the_same(
    large: Received, tmp_path: Path
) -> None:
    squeezed = stream(tmp_path, (352, 288), 10)
    found = lateness_shown(shown(large, 8.0), shown(squeezed, later_s=LATER_S))
    assert found == pytest.approx(LATER_S, abs=0.1)


def test_a_street_in_which_nothing_moves_tells_nothing(tmp_path: Path) -> None:
    one, other = (stream(tmp_path, size, 15, walkers=0) for size in (LARGE, SMALL))
    assert lateness_shown(shown(one, 8.0), shown(other)) is None


def test_where_nothing_moves_in_the_large_stream_the_small_one_is_not_decoded(
    large: Received, small: Received, tmp_path: Path
) -> None:
    for sent_large, decoded in ((stream(tmp_path, LARGE, 15, walkers=0), 0), (large, 1)):
        asked: list[tuple[float, float]] = []

        def watched(start: float, end: float, asked: list[tuple[float, float]] = asked) -> Decoded:
            asked.append((start, end))
            return decode_span(small.facts, small.packets)

        noted = TwinPictures()
        pictures = decode_span(sent_large.facts, sent_large.packets, fps=8.0)
        assert len(list(noted.passing(pictures))) == SECONDS * 8
        noted.lateness(watched)
        assert len(asked) == decoded
        assert all(end - start <= 15.5 for start, end in asked)


def test_two_streets_tell_nothing_of_each_other(large: Received, tmp_path: Path) -> None:
    other = stream(tmp_path, SMALL, 15, seed=2)
    assert lateness_shown(shown(large, 8.0), shown(other)) is None


def test_what_is_not_there_on_both_sides_tells_nothing(large: Received, small: Received) -> None:
    assert lateness_shown(shown(large, 8.0), shown(small)[:40]) is None
    assert lateness_shown(shown(large, 8.0), []) is None
    assert lateness_shown([], shown(small)) is None


class Widths:
    """A network that knows nobody, and how wide the pictures were that it was asked about."""

    def __init__(self) -> None:
        self.asked: set[int] = set()

    def detect(self, picture: Pixels, min_score: float | None = None) -> tuple[Detection, ...]:
        self.asked.add(picture.shape[1])
        return ()


@pytest.fixture(scope="module")
def eyes() -> Eyes:
    return open_eyes(NetworkSettings(rubbish=""), lanes=1)


def sent(stream: Received, later_s: float = 0.0) -> list[Packet]:
    return [
        replace(packet, at=packet.at + later_s, arrived_at=packet.at + later_s)
        for packet in stream.packets
    ]


def camera_of(eyes: Eyes, large: Received, small: Received | None) -> CameraWatch:
    """A camera that has sent all of these, looked at by nobody yet."""

    def tell(_: CameraWatch, __: Outcome) -> None:
        """Its rules say nothing: no look is taken."""

    camera = CameraWatch(Plan("cam-1"), WatchSettings(), eyes, tell, small_ring=Ring(90.0, 2**24))
    camera.on_run(large.run, large.facts)
    packets = [(packet, camera.on_packet) for packet in sent(large)]
    if small is not None:
        assert camera.small is not None
        camera.small.on_run(small.run, small.facts)
        packets += [(packet, camera.small.on_packet) for packet in sent(small, LATER_S)]
    for packet, taken in sorted(packets, key=lambda pair: pair[0].arrived_at):
        taken(packet)
    return camera


def looked_back_at(camera: CameraWatch, key: str, start: float, end: float) -> set[int]:
    """How wide the pictures were in which something was looked back at."""
    assert camera.ring.newest is not None
    ask = Ask(key, camera.ring.newest.run, start, end, Box(0.4, 0.5, 0.5, 0.7), (start, end))
    network = Widths()
    assert Answering(network, 8.0).answer(camera, ask).looks
    return network.asked


def test_once_looked_back_at_in_the_large_stream_the_small_one_will_do(
    large: Received, small: Received, eyes: Eyes
) -> None:
    camera = camera_of(eyes, large, small)
    assert camera.small is not None
    assert camera.small.alignment.source == "arrival"
    assert looked_back_at(camera, "first", 1.0, 13.0) == {LARGE[0]}
    assert camera.small.alignment.source == "content"
    assert camera.small.alignment.late_s == pytest.approx(LATER_S, abs=0.05)
    assert looked_back_at(camera, "second", 4.0, 12.0) == {SMALL[0]}


def test_what_is_looked_at_in_parts_tells_when_it_is_enough(
    large: Received, small: Received, eyes: Eyes
) -> None:
    camera = camera_of(eyes, large, small)
    assert camera.small is not None
    for end in (4.0, 5.0, 6.0):
        looked_back_at(camera, "stay", end - 1.5, end)
    assert camera.small.alignment.source == "arrival", "too little to be worth comparing"
    for end in (7.0, 8.0, 9.0, 10.0, 11.0):
        looked_back_at(camera, "stay", end - 1.5, end)
    assert camera.small.alignment.late_s == pytest.approx(LATER_S, abs=0.1)


def test_without_a_small_stream_or_with_another_street_in_it_the_large_one_is_looked_back_at(
    large: Received, tmp_path: Path, eyes: Eyes
) -> None:
    for small in (None, stream(tmp_path, SMALL, 15, seed=2)):
        camera = camera_of(eyes, large, small)
        assert looked_back_at(camera, "first", 1.0, 13.0) == {LARGE[0]}
        assert looked_back_at(camera, "second", 4.0, 12.0) == {LARGE[0]}
        assert camera.small is not None
        assert camera.small.alignment.source == "arrival"


def test_a_stream_that_begins_anew_has_to_be_compared_anew(
    large: Received, small: Received, eyes: Eyes
) -> None:
    camera = camera_of(eyes, large, small)
    assert camera.small is not None
    looked_back_at(camera, "first", 1.0, 13.0)
    again = [replace(p, run="again", at=p.at + 60, arrived_at=p.at + 60) for p in small.packets]
    camera.small.on_run("again", small.facts)
    camera.small.on_packet(again[0])
    assert camera.small.alignment.source == "arrival"
    assert camera.small.alignment.late_s == pytest.approx(LATER_S, abs=0.05), "as it was before"
