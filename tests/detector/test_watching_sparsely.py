"""A camera watched sparingly: what is left out, what is counted, and what must not change."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.detector.footage import Footage, Received, received
from tests.detector.scenes import scene, settings
from viahe_detector.app import Detector
from viahe_detector.camera import CameraWatch
from viahe_detector.condition import Condition
from viahe_detector.config import NetworkSettings, WatchSettings, plan_of
from viahe_detector.eyes import Eyes, open_eyes
from viahe_detector.looking import picture_of
from viahe_detector.media import Packet, jpeg
from viahe_detector.recording import recorded
from viahe_detector.stages import Stages
from viahe_detector.turns import Turns
from viahe_rules.domain import Observation, Outcome, Suspicion
from viahe_rules.plan import Plan
from viahe_rules.recorded import suspicion_from_json
from viahe_rules.watching import Memory, see


@pytest.fixture(scope="module")
def eyes() -> Eyes:
    return open_eyes(NetworkSettings(rubbish=""), lanes=1)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Received:
    footage = Footage(seconds=12, width=1280, height=720, group=10)
    return received(footage.write(tmp_path_factory.mktemp("street") / "street.mp4"))


def ignored(_: CameraWatch, outcome: Outcome) -> None:
    raise AssertionError(f"no rule is in force, and yet: {outcome}")


def camera(eyes: Eyes, source: Received, name: str = "cam-1") -> CameraWatch:
    watch = CameraWatch(Plan(name), WatchSettings(look_every_s=1.0), eyes, ignored)
    watch.on_run(source.run, source.facts)
    return watch


def keys(source: Received) -> list[Packet]:
    return [packet for packet in source.packets if packet.keyframe]


def watched(folder: Path, name: str, carry_s: float) -> tuple[list[Suspicion], int, int]:
    """What is suspected in a scene, and at how many of its looks the network was asked."""
    chosen = settings(folder, name)
    detector = Detector(replace(chosen, watch=replace(chosen.watch, carry_s=carry_s)), {})
    detector.run()
    parcels = detector.outbox.parcels()
    told = [suspicion_from_json(parcel.payload["suspicion"]) for parcel in parcels]
    counts = detector.watched[0].camera.counts
    return sorted(told, key=lambda each: each.start), counts.asked, counts.looks


@pytest.mark.parametrize("name", ["bag-left", "bus-stays", "group-stays", "walkers-pass"])
def test_asking_only_where_something_changed_finds_the_same(tmp_path: Path, name: str) -> None:
    every, asked_at_every, looks = watched(tmp_path / "every", name, carry_s=0.0)
    sparing, asked, _ = watched(tmp_path / "sparing", name, carry_s=30.0)
    assert asked_at_every == looks
    assert asked < looks
    assert len(every) == len(scene(name).events)
    assert [(s.act, s.zone) for s in sparing] == [(s.act, s.zone) for s in every]
    look_s = WatchSettings().look_every_s
    for one, other in zip(sparing, every, strict=True):
        assert one.start == pytest.approx(other.start, abs=look_s)


def test_looks_at_which_nothing_was_asked_are_recorded_like_any_other(tmp_path: Path) -> None:
    found, asked, looks = watched(tmp_path, "bag-left", carry_s=30.0)
    recording = tmp_path / "observations" / "bag-left.jsonl"
    memory, again, seen = Memory(), list[str](), 0
    plan = plan_of(settings(tmp_path, "bag-left").cameras[0])
    for _, event in recorded(recording):
        memory, outcomes = see(plan, memory, event)
        again += [each.key for each in outcomes if isinstance(each, Suspicion)]
        seen += isinstance(event, Observation)
    assert asked < looks == seen
    assert again == [suspicion.key for suspicion in found]


def test_the_newest_look_wins_and_the_other_is_counted(eyes: Eyes, source: Received) -> None:
    watch = camera(eyes, source)
    first, second, third = keys(source)[:3]
    watch.on_packet(first)
    due_since = watch.waiting_since
    watch.on_packet(second)
    assert watch.waiting_since == due_since, "a newer packet must not cost the camera its turn"
    watch.look()
    watch.on_packet(third)
    watch.look()
    counts = watch.counts
    assert (counts.packets, counts.looks, counts.looks_dropped) == (3, 2, 1)
    assert watch.look_gap_s == pytest.approx(third.at - second.at)


def test_the_camera_that_waits_longest_comes_first_and_none_is_given_to_two(
    eyes: Eyes, source: Received
) -> None:
    first, second, third = (camera(eyes, source, name) for name in ("b", "c", "a"))
    turns = Turns((first, second, third))
    assert turns.take(wait_s=0.0) is None
    for each in (first, second):
        each.on_packet(keys(source)[0])
    assert turns.take(wait_s=0.0) is first
    first.look()
    first.on_packet(keys(source)[1])
    third.on_packet(keys(source)[0])
    assert turns.take(wait_s=0.0) is second
    assert turns.take(wait_s=0.0) is third, "the first is still being looked at"
    assert turns.take(wait_s=0.0) is None
    turns.back(first)
    assert turns.take(wait_s=0.0) is first


def test_a_camera_looked_at_too_rarely_says_so(
    eyes: Eyes, source: Received, tmp_path: Path
) -> None:
    watch = camera(eyes, source)
    chosen = replace(
        settings(tmp_path, "bag-left"), watch=WatchSettings(look_every_s=1.0, stall_s=1e9)
    )
    condition = Condition(chosen, [watch], {}, Stages())

    def state_after(packets: list[Packet]) -> tuple[str, str]:
        for packet in packets:
            watch.on_packet(packet)
            watch.look()
        (told,) = condition.health()["cameras"]
        return told["state"], told["detail"]

    assert state_after(keys(source)[:3]) == ("online", "")
    state, detail = state_after(keys(source)[5::3])
    assert state == "degraded"
    assert "every 2.2 s" in detail


def test_a_still_is_the_newest_key_frame_as_the_camera_sent_it(
    eyes: Eyes, source: Received, tmp_path: Path
) -> None:
    watch = camera(eyes, source)
    condition = Condition(settings(tmp_path, "bag-left"), [watch], {}, Stages())
    assert condition.stills() == {}
    for packet in keys(source)[:2]:
        watch.on_packet(packet)
        watch.look()
    picture = watch.still()
    assert picture is not None
    assert (picture.t, picture.bgr.shape) == (keys(source)[1].t, (720, 1280, 3))
    assert condition.stills() == {"cam-1": jpeg(picture)}


def test_a_packet_s_picture_can_be_had_as_it_was_sent_for_as_long_as_the_ring_has_it(
    eyes: Eyes, source: Received
) -> None:
    watch = camera(eyes, source)
    for packet in source.packets[:25]:
        watch.on_packet(packet)
    for packet in (source.packets[10], source.packets[17]):
        whole, small = picture_of(watch.ring, packet), picture_of(watch.ring, packet, width=640)
        assert whole is not None
        assert small is not None
        assert whole.t == small.t == packet.t
        assert (whole.bgr.shape, small.bgr.shape) == ((720, 1280, 3), (360, 640, 3))
    assert picture_of(watch.ring, source.packets[60]) is None
