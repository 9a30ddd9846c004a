"""Where runs begin and end, and what media time a packet has."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viahe_detector.media import Coded, StreamFacts
from viahe_detector.timeline import Placed, Timeline

FACTS = StreamFacts("h264", 160, 120, 0, Fraction(1, 1000), b"", 10.0, "High", b"")


def coded(pts: int | None, dts: int | None = None, key: bool = False, duration: int = 100) -> Coded:
    return Coded(pts, dts if dts is not None else pts, duration, key, b"x")


def placed(*packets: Coded, facts: StreamFacts = FACTS) -> list[Placed]:
    timeline = Timeline()
    found = [timeline.place(packet, facts) for packet in packets]
    return [each for each in found if each is not None]


def begins(places: list[Placed]) -> list[bool]:
    return [place.begins for place in places]


def test_media_time_starts_at_nought_with_the_first_picture_wherever_the_cameras_clock_stands() -> (
    None
):
    places = placed(coded(90_000, key=True), coded(90_100), coded(90_200))
    assert [place.t for place in places] == pytest.approx([0.0, 0.1, 0.2])
    assert [place.index for place in places] == [0, 1, 2]
    assert [place.pts for place in places] == [90_000, 90_100, 90_200]
    assert begins(places) == [True, False, False]


def test_packets_before_the_first_key_frame_are_passed_over_and_counted() -> None:
    timeline = Timeline()
    assert timeline.place(coded(0), FACTS) is None
    assert timeline.place(coded(100), FACTS) is None
    first = timeline.place(coded(200, key=True), FACTS)
    assert first is not None
    assert first.begins
    assert first.t == 0.0
    assert timeline.skipped == 2


def test_pictures_shown_in_another_order_than_they_are_sent_are_no_jump() -> None:
    order = [(0, -200), (400, -100), (200, 0), (100, 100), (300, 200)]
    places = placed(*(coded(pts, dts, key=pts == 0) for pts, dts in order))
    assert begins(places) == [True, False, False, False, False]
    assert [place.t for place in places] == pytest.approx([0.0, 0.4, 0.2, 0.1, 0.3])


@given(jump=st.one_of(st.integers(2_001, 10**9), st.integers(-(10**9), -2_001)))
def test_a_jump_of_more_than_two_seconds_begins_a_run_at_the_next_key_frame(jump: int) -> None:
    after = 200 + jump
    places = placed(
        coded(0, key=True),
        coded(100),
        coded(after),
        coded(after + 100, key=True),
        coded(after + 200),
    )
    assert begins(places) == [True, False, True, False]
    assert [place.t for place in places[2:]] == pytest.approx([0.0, 0.1])
    assert [place.index for place in places[2:]] == [0, 1]


@given(step=st.integers(-2_000, 2_000))
def test_a_smaller_step_stays_within_the_run_and_is_kept_as_it_is(step: int) -> None:
    places = placed(coded(0, key=True), coded(100 + step), coded(200 + step))
    assert begins(places) == [True, False, False]
    assert [place.pts for place in places] == [0, 100 + step, 200 + step]
    assert places[1].t == pytest.approx((100 + step) / 1000)


def test_a_camera_that_sends_a_picture_every_five_seconds_does_not_jump_all_the_time() -> None:
    slow = [coded(n * 5_000, key=True, duration=5_000) for n in range(4)]
    assert begins(placed(*slow)) == [True, False, False, False]


def test_other_facts_begin_a_run() -> None:
    larger = StreamFacts("h264", 320, 240, 0, Fraction(1, 1000), b"", 10.0, "High", b"")
    timeline = Timeline()
    first = timeline.place(coded(0, key=True), FACTS)
    same = timeline.place(coded(100), FACTS)
    other = timeline.place(coded(200, key=True), larger)
    assert first is not None
    assert same is not None
    assert other is not None
    assert (first.begins, same.begins, other.begins) == (True, False, True)
    assert other.t == 0.0


def test_missing_times_are_filled_from_the_packet_before() -> None:
    places = placed(Coded(0, 0, 100, True, b"x"), Coded(None, None, 100, False, b"x"), coded(200))
    assert [place.t for place in places] == pytest.approx([0.0, 0.1, 0.2])
    assert begins(places) == [True, False, False]


def test_a_missing_duration_is_the_usual_distance_of_two_pictures() -> None:
    places = placed(*(coded(n * 40, key=n == 0, duration=0) for n in range(3)))
    assert [place.duration_s for place in places] == pytest.approx([0.1, 0.04, 0.04])


def test_a_stream_whose_first_packet_has_no_time_begins_anew_when_times_turn_out_far_away() -> None:
    places = placed(Coded(None, None, 100, True, b"x"), coded(900_000), coded(900_100, key=True))
    assert begins(places) == [True, True]
    assert [place.t for place in places] == [0.0, 0.0]


@pytest.mark.parametrize("told", [-100, -(10**15), 10**15, 0])
def test_a_duration_no_picture_can_have_is_taken_from_the_step_before_it(told: int) -> None:
    places = placed(coded(0, key=True), coded(100, duration=told), coded(200), coded(300))
    assert begins(places) == [True, False, False, False]
    assert places[1].duration_s == pytest.approx(0.1)


@pytest.mark.parametrize("wild", [10**12, -(10**12)])
def test_a_picture_that_would_be_shown_years_after_its_decoding_is_shown_when_decoded(
    wild: int,
) -> None:
    places = placed(coded(0, key=True), coded(wild, dts=100), coded(200))
    assert begins(places) == [True, False, False]
    assert [place.t for place in places] == pytest.approx([0.0, 0.1, 0.2])
