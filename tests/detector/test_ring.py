"""The ring holds what it promised, lets go of whole groups, and says what is missing."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viahe_detector.cut import Cut, joined
from viahe_detector.media import Packet, StreamFacts
from viahe_detector.ring import Ring

FACTS = StreamFacts("h264", 160, 120, 0, Fraction(1, 1000), b"sets", 10.0, "High", b"")
LARGER = replace(FACTS, width=320, height=240)
ORDER = (0, 4, 2, 1, 3, 8, 6, 5, 7, 9)
"""How a group of ten pictures with B-frames is sent: by the place each is shown at."""


def stream(
    run: str = "r-1",
    groups: int = 6,
    at: float = 1_000.0,
    size: int = 100,
    order: Sequence[int] = ORDER,
) -> list[Packet]:
    """Groups of one second, ten pictures each, in decode order; a key frame leads each group."""
    packets = []
    for index in range(groups * len(order)):
        group, place = divmod(index, len(order))
        tick = group * 1000 + order[place] * 100
        packets.append(
            Packet(
                run=run,
                index=index,
                t=tick / 1000,
                dts_t=index / 10 - 0.2,
                duration_s=0.1,
                keyframe=place == 0,
                data=bytes(size),
                pts=tick,
                dts=index * 100 - 200,
                arrived_at=at + tick / 1000,
                at=at + tick / 1000,
            )
        )
    return packets


def without(packets: Sequence[Packet], lost: set[int]) -> list[Packet]:
    """What arrives when some packets are lost: the rest is counted through."""
    came = [packet for packet in packets if packet.index not in lost]
    return [replace(packet, index=index) for index, packet in enumerate(came)]


def filled(*streams: Sequence[Packet], ring: Ring | None = None) -> Ring:
    ring = ring or Ring(1000, 10**9)
    for packets in streams:
        ring.on_run(packets[0].run, FACTS)
        for packet in packets:
            ring.on_packet(packet)
    return ring


def indices(cut: Cut) -> list[list[int]]:
    return [[packet.index for packet in segment.packets] for segment in cut.segments]


def spans(seconds: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(round(start, 3), round(end, 3)) for start, end in seconds]


def test_a_cut_begins_at_a_key_frame_and_ends_with_the_last_picture_asked_for() -> None:
    cut = filled(stream()).cut("r-1", 1.25, 2.95)
    assert indices(cut) == [list(range(10, 30))]
    assert spans(cut.covered) == [(1.0, 3.0)]
    assert cut.gaps == ()
    assert [packet.index for packet in cut.keyframes()] == [10, 20]
    assert cut.size == 2000


def test_a_reference_picture_shown_after_the_end_comes_along_with_those_that_need_it() -> None:
    # Picture 2.1 needs 2.4 and 2.2, sent before it; 2.3, sent after, fills in before 2.4.
    cut = filled(stream()).cut("r-1", 2.0, 2.1)
    assert indices(cut) == [[20, 21, 22, 23, 24]]
    assert spans(cut.covered) == [(2.0, 2.5)]


def test_what_is_older_than_the_ring_is_a_gap() -> None:
    cut = filled(stream(groups=9), ring=Ring(3.0, 10**9)).cut("r-1", 1.0, 8.0)
    assert spans(cut.covered) == [(5.0, 8.1)]
    assert spans(cut.gaps) == [(1.0, 5.0)]


def test_what_has_not_come_yet_is_a_gap() -> None:
    cut = filled(stream(groups=2)).cut("r-1", 1.0, 5.0)
    assert spans(cut.gaps) == [(2.0, 5.0)]


def test_a_run_that_nobody_knows_is_one_gap() -> None:
    cut = filled(stream()).cut("r-9", 1.0, 5.0)
    assert (cut.segments, cut.covered, cut.gaps) == ((), (), ((1.0, 5.0),))
    assert cut.at(2.0) is None


def test_lost_packets_are_a_gap_where_their_pictures_would_have_been() -> None:
    cut = filled(without(stream(order=range(10)), {23, 24})).cut("r-1", 1.0, 4.0)
    assert spans(cut.gaps) == [(2.3, 2.5)]
    assert spans(cut.covered) == [(1.0, 2.3), (2.5, 4.1)]


@settings(max_examples=40)
@given(
    seconds=st.floats(0.1, 8.0),
    limit=st.integers(500, 9_000),
    sizes=st.lists(st.integers(1, 400), min_size=30, max_size=60),
)
def test_the_ring_never_holds_more_than_it_may_and_only_whole_groups(
    seconds: float, limit: int, sizes: list[int]
) -> None:
    packets = [
        replace(packet, data=bytes(size))
        for packet, size in zip(stream(groups=6), sizes, strict=False)
    ]
    ring = Ring(seconds, limit)
    ring.on_run("r-1", FACTS)
    for packet in packets:
        ring.on_packet(packet)
        assert ring.bytes_held <= limit
        cut = ring.cut("r-1", -100.0, 100.0)
        held = [p for segment in cut.segments for p in segment.packets]
        assert sum(len(p.data) for p in held) == ring.bytes_held
        if held:
            assert held[0].index % 10 == 0
            assert [p.index for p in held] == list(range(held[0].index, packet.index + 1))


def test_the_seconds_promised_are_there_and_no_more_than_a_group_beyond_them() -> None:
    ring = Ring(3.0, 10**9)
    ring.on_run("r-1", FACTS)
    for packet in stream(groups=12):
        ring.on_packet(packet)
        span = ring.span()
        assert span is not None
        assert span[2] - span[1] >= min(3.0, packet.dts_t) - 0.3
        assert span[2] - span[1] <= 3.0 + 1.0 + 0.5


def test_when_bytes_run_out_the_oldest_group_goes_and_the_newer_ones_stay() -> None:
    ring = filled(stream(groups=6), ring=Ring(1000, 2_500))
    assert indices(ring.cut("r-1", 0.0, 9.0)) == [list(range(40, 60))]


def test_a_group_too_large_for_the_ring_is_let_go_and_the_next_one_is_taken() -> None:
    large = [replace(p, data=bytes(10_000)) if p.index == 3 else p for p in stream(groups=2)]
    cut = filled(large, ring=Ring(1000, 2_000)).cut("r-1", 0.0, 2.0)
    assert indices(cut) == [list(range(10, 20))]
    assert spans(cut.gaps) == [(0.0, 1.0)]


def test_a_clock_set_forward_does_not_empty_the_ring() -> None:
    packets = [replace(p, at=p.at + 3600 * (p.index > 25)) for p in stream()]
    cut = filled(packets, ring=Ring(10.0, 10**9)).cut("r-1", 0.0, 5.9)
    assert cut.gaps == ()


def test_a_packet_of_a_run_that_never_began_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="r-1"):
        Ring(10, 1000).on_packet(stream()[0])


class TestOverAReconnection:
    """Run r-1 lasts 3 s from 1000.0; r-2 begins 2.5 s after it, at 1005.5."""

    first = stream("r-1", groups=3, at=1_000.0)
    second = stream("r-2", groups=3, at=1_005.5)

    def test_what_was_before_is_taken_from_the_run_before(self) -> None:
        cut = filled(self.first, self.second).cut("r-2", -4.0, 1.95)
        assert [segment.run for segment in cut.segments] == ["r-1", "r-2"]
        assert [segment.shift_s for segment in cut.segments] == pytest.approx([-5.5, 0.0])
        assert spans(cut.covered) == [(-4.5, -2.5), (0.0, 2.0)]
        assert spans(cut.gaps) == [(-2.5, 0.0)]

    def test_what_comes_after_is_taken_from_the_run_after(self) -> None:
        cut = filled(self.first, self.second).cut("r-1", 2.0, 6.45)
        assert [segment.run for segment in cut.segments] == ["r-1", "r-2"]
        assert spans(cut.covered) == [(2.0, 3.0), (5.5, 6.5)]
        assert spans(cut.gaps) == [(3.0, 5.5)]

    def test_wall_time_goes_on_over_the_joint(self) -> None:
        cut = filled(self.first, self.second).cut("r-2", -4.0, 2.0)
        assert cut.at(1.0) == pytest.approx(1_006.5)
        assert cut.at(-3.0) == pytest.approx(1_002.5)

    def test_other_parameters_do_not_join_and_become_a_gap(self) -> None:
        ring = filled(self.first)
        ring.on_run("r-2", LARGER)
        for packet in self.second:
            ring.on_packet(packet)
        cut = ring.cut("r-2", -4.0, 2.0).only(LARGER)
        assert [segment.run for segment in cut.segments] == ["r-2"]
        assert spans(cut.gaps) == [(-4.0, 0.0)]


class TestHoldings:
    def test_what_is_kept_outlives_the_ring_and_joins_it_without_doubling(self) -> None:
        packets = stream(groups=9)
        ring = filled(packets[:40], ring=Ring(3.0, 10**9))
        ring.keep("case", ring.cut("r-1", 1.0, 2.9))
        for packet in packets[40:]:
            ring.on_packet(packet)
        cut = ring.cut("r-1", 1.0, 8.0)
        assert indices(cut) == [list(range(10, 30)), list(range(50, 81))]
        assert spans(cut.gaps) == [(3.0, 5.0)]
        ring.release("case")
        assert spans(ring.cut("r-1", 1.0, 8.0).gaps) == [(1.0, 5.0)]
        assert ring.bytes_kept == 0

    def test_what_the_ring_still_has_is_one_stretch_with_what_is_kept(self) -> None:
        ring = filled(stream())
        ring.keep("case", ring.cut("r-1", 1.0, 2.9))
        assert indices(ring.cut("r-1", 0.0, 5.9)) == [list(range(60))]

    def test_more_under_the_same_key_adds_up(self) -> None:
        ring = filled(stream())
        ring.keep("case", ring.cut("r-1", 1.0, 1.9))
        ring.keep("case", ring.cut("r-1", 1.0, 2.9))
        assert ring.bytes_kept == 2_000

    def test_the_oldest_go_first_when_there_are_too_many_and_are_counted(self) -> None:
        ring = filled(stream(), ring=Ring(1000, 10**9, max_holdings=2))
        for number in range(5):
            ring.keep(f"case {number}", ring.cut("r-1", number, number + 0.9))
        assert ring.dropped_holdings == 3
        assert ring.bytes_kept == 2_000

    def test_the_oldest_go_first_when_they_are_too_large(self) -> None:
        ring = filled(stream(), ring=Ring(1000, 10**9, max_held_bytes=2_500))
        for number in range(5):
            ring.keep(f"case {number}", ring.cut("r-1", number, number + 0.9))
            assert ring.bytes_kept <= 2_500
        assert ring.dropped_holdings == 3

    def test_a_key_nobody_keeps_is_released_without_ado(self) -> None:
        filled(stream()).release("nothing")

    def test_facts_of_a_run_last_as_long_as_anything_of_it(self) -> None:
        ring = filled(stream(), ring=Ring(1.0, 10**9))
        ring.keep("case", ring.cut("r-1", 4.0, 5.0))
        later = stream("r-2", at=5_000.0)
        filled(later, ring=ring)
        assert ring.facts("r-1") == FACTS
        ring.release("case")
        assert ring.facts("r-1") is None
        assert ring.facts("r-2") == FACTS


@given(start=st.floats(-1, 7), length=st.floats(0, 7), lost=st.sets(st.integers(0, 59)))
def test_covered_and_gaps_fill_the_request_exactly(
    start: float, length: float, lost: set[int]
) -> None:
    packets = stream(order=range(10))
    end = start + length
    cut = filled(without(packets, {n for n in lost if n % 10})).cut("r-1", start, end)
    inside = [(max(a, start), min(b, end)) for a, b in cut.covered if b > start and a < end]
    pieces = sorted([*inside, *cut.gaps])
    assert sum(b - a for a, b in pieces) == pytest.approx(length, abs=1e-4)
    assert all(b <= c + 1e-6 for (_, b), (c, _) in pairwise(pieces))


@given(a=st.floats(0, 5), b=st.floats(0, 5), length=st.floats(0.1, 3))
def test_two_cuts_joined_hold_what_both_hold_and_nothing_twice(
    a: float, b: float, length: float
) -> None:
    ring = filled(stream())
    early, late = sorted((a, b))
    first, second = ring.cut("r-1", early, early + length), ring.cut("r-1", late, late + length)
    both = joined(first, second)
    held = [index for segment in indices(both) for index in segment]
    assert len(held) == len(set(held))
    assert set(held) == {i for cut in (first, second) for each in indices(cut) for i in each}
    assert (both.start, both.end) == (early, late + length)
