"""The ring holds what it promised, lets go of whole groups, and says what is missing.

The same in memory and on disk, where everything is written before the next packet comes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detector.packets import FACTS, GROUP_BYTES, fill, stream
from viahe_detector.cut import Cut, Segment, between, chains, cut_of, joined
from viahe_detector.group import weight
from viahe_detector.holdings import Holdings
from viahe_detector.media import Packet
from viahe_detector.ring import Ring
from viahe_detector.tape import Tape

LARGER = replace(FACTS, width=320, height=240)


def without(packets: Sequence[Packet], lost: set[int]) -> list[Packet]:
    """What arrives when some packets are lost: the rest is counted through."""
    came = [packet for packet in packets if packet.index not in lost]
    return [replace(packet, index=index) for index, packet in enumerate(came)]


@dataclass(frozen=True)
class Place:
    """Where rings are kept: in memory, or in folders on disk where each group has its own file."""

    folders: pytest.TempPathFactory | None
    tapes: list[Tape] = field(default_factory=list)

    def ring(
        self, seconds: float = 1000.0, groups: float = 1000.0, holdings: Holdings | None = None
    ) -> Ring:
        """A ring with room for so many groups of `stream`."""
        max_bytes = int(groups * GROUP_BYTES)
        if self.folders is None:
            return Ring(seconds, max_bytes, holdings)
        self.close()
        tape = Tape(self.folders.mktemp("ring"), seconds, max_bytes, reel_s=0.0)
        self.tapes.append(tape)
        return Ring(seconds, 10**9, holdings, tape=tape)

    def close(self) -> None:
        """End the tape of the ring before: only so many files may be open."""
        while self.tapes:
            self.tapes.pop().close()

    def taken(self, ring: Ring) -> int:
        """Bytes that room was made for."""
        return ring.bytes_on_disk if self.folders else ring.bytes_held


@pytest.fixture(params=["memory", "disk"], scope="module")
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    place = Place(tmp_path_factory if request.param == "disk" else None)
    yield place
    place.close()


def indices(cut: Cut) -> list[list[int]]:
    return [[packet.index for packet in segment.packets] for segment in cut.segments]


def spans(seconds: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(round(start, 3), round(end, 3)) for start, end in seconds]


def test_a_cut_begins_at_a_key_frame_and_ends_with_the_last_picture_asked_for(place: Place) -> None:
    cut = fill(place.ring(), stream()).cut("r-1", 1.25, 2.95)
    assert indices(cut) == [list(range(10, 30))]
    assert spans(cut.covered) == [(1.0, 3.0)]
    assert cut.gaps == ()
    assert [packet.index for packet in cut.keyframes()] == [10, 20]
    assert cut.size == 200_000


def test_a_reference_picture_shown_after_the_end_comes_along_with_those_that_need_it(
    place: Place,
) -> None:
    # Picture 2.1 needs 2.4 and 2.2, sent before it; 2.3, sent after, fills in before 2.4.
    cut = fill(place.ring(), stream()).cut("r-1", 2.0, 2.1)
    assert indices(cut) == [[20, 21, 22, 23, 24]]
    assert spans(cut.covered) == [(2.0, 2.5)]


def test_what_is_older_than_the_ring_is_a_gap(place: Place) -> None:
    cut = fill(place.ring(3.0), stream(groups=9)).cut("r-1", 1.0, 8.0)
    assert spans(cut.covered) == [(5.0, 8.1)]
    assert spans(cut.gaps) == [(1.0, 5.0)]


def test_what_has_not_come_yet_is_a_gap(place: Place) -> None:
    cut = fill(place.ring(), stream(groups=2)).cut("r-1", 1.0, 5.0)
    assert spans(cut.gaps) == [(2.0, 5.0)]


def test_a_run_that_nobody_knows_is_one_gap(place: Place) -> None:
    cut = fill(place.ring(), stream()).cut("r-9", 1.0, 5.0)
    assert (cut.segments, cut.covered, cut.gaps) == ((), (), ((1.0, 5.0),))
    assert cut.at(2.0) is None


def test_lost_packets_are_a_gap_where_their_pictures_would_have_been(place: Place) -> None:
    cut = fill(place.ring(), without(stream(order=range(10)), {23, 24})).cut("r-1", 1.0, 4.0)
    assert spans(cut.gaps) == [(2.3, 2.5)]
    assert spans(cut.covered) == [(1.0, 2.3), (2.5, 4.1)]


@settings(max_examples=40)
@given(
    seconds=st.floats(0.1, 8.0),
    groups=st.floats(0.1, 5.0),
    sizes=st.lists(st.integers(1, 30_000), min_size=30, max_size=60),
)
def test_the_ring_never_holds_more_than_it_may_and_only_whole_groups(
    place: Place, seconds: float, groups: float, sizes: list[int]
) -> None:
    packets = [
        replace(packet, data=bytes(size))
        for packet, size in zip(stream(groups=6), sizes, strict=False)
    ]
    ring = place.ring(seconds, groups)
    ring.on_run("r-1", FACTS)
    for packet in packets:
        ring.on_packet(packet)
        ring.write_behind()
        assert place.taken(ring) <= groups * GROUP_BYTES
        cut = ring.cut("r-1", -100.0, 100.0)
        held = [p for segment in cut.segments for p in segment.packets]
        if not place.folders:
            assert sum(weight(p) for p in held) == ring.bytes_held
        if held:
            assert held[0].index % 10 == 0
            assert [p.index for p in held] == list(range(held[0].index, packet.index + 1))


def test_the_seconds_promised_are_there_and_no_more_than_a_group_beyond_them(
    place: Place,
) -> None:
    ring = place.ring(3.0)
    ring.on_run("r-1", FACTS)
    for packet in stream(groups=12):
        ring.on_packet(packet)
        ring.write_behind()
        span = ring.span()
        assert span is not None
        assert span[2] - span[1] >= min(3.0, packet.dts_t) - 0.3
        assert span[2] - span[1] <= 3.0 + 1.0 + 0.5
    assert not ring.is_short
    assert ring.dropped_groups == 0


def test_when_bytes_run_out_the_oldest_group_goes_and_the_newer_ones_stay(place: Place) -> None:
    ring = fill(place.ring(groups=2.5), stream(groups=6))
    assert indices(ring.cut("r-1", 0.0, 9.0)) == [list(range(40, 60))]
    assert ring.dropped_groups == 4
    assert ring.is_short
    assert ring.seconds_held == pytest.approx(1.9)


def test_a_group_too_large_for_the_ring_is_let_go_and_the_next_one_is_taken(place: Place) -> None:
    large = [replace(p, data=bytes(1_000_000)) if p.index == 3 else p for p in stream(groups=2)]
    cut = fill(place.ring(groups=2), large).cut("r-1", 0.0, 2.0)
    assert indices(cut) == [list(range(10, 20))]
    assert spans(cut.gaps) == [(0.0, 1.0)]


def test_a_clock_set_forward_does_not_empty_the_ring(place: Place) -> None:
    packets = [replace(p, at=p.at + 3600 * (p.index > 25)) for p in stream()]
    cut = fill(place.ring(10.0), packets).cut("r-1", 0.0, 5.9)
    assert cut.gaps == ()


def test_a_packet_of_a_run_that_never_began_is_a_mistake_of_the_caller(place: Place) -> None:
    with pytest.raises(ValueError, match="r-1"):
        place.ring().on_packet(stream()[0])


class TestOverAReconnection:
    """Run r-1 lasts 3 s from 1000.0; r-2 begins 2.5 s after it, at 1005.5."""

    first = stream("r-1", groups=3, at=1_000.0)
    second = stream("r-2", groups=3, at=1_005.5)

    def test_what_was_before_is_taken_from_the_run_before(self, place: Place) -> None:
        cut = fill(place.ring(), self.first, self.second).cut("r-2", -4.0, 1.95)
        assert [segment.run for segment in cut.segments] == ["r-1", "r-2"]
        assert [segment.shift_s for segment in cut.segments] == pytest.approx([-5.5, 0.0])
        assert spans(cut.covered) == [(-4.5, -2.5), (0.0, 2.0)]
        assert spans(cut.gaps) == [(-2.5, 0.0)]

    def test_what_comes_after_is_taken_from_the_run_after(self, place: Place) -> None:
        cut = fill(place.ring(), self.first, self.second).cut("r-1", 2.0, 6.45)
        assert [segment.run for segment in cut.segments] == ["r-1", "r-2"]
        assert spans(cut.covered) == [(2.0, 3.0), (5.5, 6.5)]
        assert spans(cut.gaps) == [(3.0, 5.5)]

    def test_wall_time_goes_on_over_the_joint(self, place: Place) -> None:
        cut = fill(place.ring(), self.first, self.second).cut("r-2", -4.0, 2.0)
        assert cut.at(1.0) == pytest.approx(1_006.5)
        assert cut.at(-3.0) == pytest.approx(1_002.5)

    def test_other_parameters_do_not_join_and_become_a_gap(self, place: Place) -> None:
        ring = fill(place.ring(), self.first)
        ring.on_run("r-2", LARGER)
        for packet in self.second:
            ring.on_packet(packet)
            ring.write_behind()
        cut = ring.cut("r-2", -4.0, 2.0).only(LARGER)
        assert [segment.run for segment in cut.segments] == ["r-2"]
        assert spans(cut.gaps) == [(-4.0, 0.0)]


class TestHoldings:
    def test_what_is_kept_outlives_the_ring_and_joins_it_without_doubling(
        self, place: Place
    ) -> None:
        packets = stream(groups=9)
        ring = fill(place.ring(3.0), packets[:40])
        ring.keep("case", ring.cut("r-1", 1.0, 2.9))
        for packet in packets[40:]:
            ring.on_packet(packet)
            ring.write_behind()
        cut = ring.cut("r-1", 1.0, 8.0)
        assert indices(cut) == [list(range(10, 30)), list(range(50, 81))]
        assert spans(cut.gaps) == [(3.0, 5.0)]
        ring.release("case")
        assert spans(ring.cut("r-1", 1.0, 8.0).gaps) == [(1.0, 5.0)]
        assert ring.bytes_kept == 0

    def test_what_the_ring_still_has_is_one_stretch_with_what_is_kept(self, place: Place) -> None:
        ring = fill(place.ring(), stream())
        ring.keep("case", ring.cut("r-1", 1.0, 2.9))
        assert indices(ring.cut("r-1", 0.0, 5.9)) == [list(range(60))]

    def test_more_under_the_same_key_adds_up(self, place: Place) -> None:
        ring = fill(place.ring(), stream())
        ring.keep("case", ring.cut("r-1", 1.0, 1.9))
        ring.keep("case", ring.cut("r-1", 1.0, 2.9))
        assert ring.bytes_kept == 2 * GROUP_BYTES

    def test_the_oldest_go_first_when_there_are_too_many_and_are_counted(
        self, place: Place
    ) -> None:
        ring = fill(place.ring(holdings=Holdings(2, 10**9)), stream())
        for number in range(5):
            ring.keep(f"case {number}", ring.cut("r-1", number, number + 0.9))
        assert ring.dropped_holdings == 3
        assert ring.bytes_kept == 2 * GROUP_BYTES

    def test_the_oldest_go_first_when_they_are_too_large(self, place: Place) -> None:
        ring = fill(place.ring(holdings=Holdings(64, 260_000)), stream())
        for number in range(5):
            ring.keep(f"case {number}", ring.cut("r-1", number, number + 0.9))
            assert ring.bytes_kept <= 260_000
        assert ring.dropped_holdings == 3

    def test_a_key_nobody_keeps_is_released_without_ado(self, place: Place) -> None:
        fill(place.ring(), stream()).release("nothing")

    def test_facts_of_a_run_last_as_long_as_anything_of_it(self, place: Place) -> None:
        ring = fill(place.ring(1.0), stream())
        ring.keep("case", ring.cut("r-1", 4.0, 5.0))
        fill(ring, stream("r-2", at=5_000.0))
        assert ring.facts("r-1") == FACTS
        ring.release("case")
        assert ring.facts("r-1") is None
        assert ring.facts("r-2") == FACTS


@given(start=st.floats(-1, 7), length=st.floats(0, 7), lost=st.sets(st.integers(0, 59)))
def test_covered_and_gaps_fill_the_request_exactly(
    place: Place, start: float, length: float, lost: set[int]
) -> None:
    packets = stream(order=range(10))
    end = start + length
    cut = fill(place.ring(), without(packets, {n for n in lost if n % 10})).cut("r-1", start, end)
    inside = [(max(a, start), min(b, end)) for a, b in cut.covered if b > start and a < end]
    pieces = sorted([*inside, *cut.gaps])
    assert sum(b - a for a, b in pieces) == pytest.approx(length, abs=1e-4)
    assert all(b <= c + 1e-6 for (_, b), (c, _) in pairwise(pieces))


@given(a=st.floats(0, 5), b=st.floats(0, 5), length=st.floats(0.1, 3))
def test_two_cuts_joined_hold_what_both_hold_and_nothing_twice(
    place: Place, a: float, b: float, length: float
) -> None:
    ring = fill(place.ring(), stream())
    early, late = sorted((a, b))
    first, second = ring.cut("r-1", early, early + length), ring.cut("r-1", late, late + length)
    both = joined(first, second)
    held = [index for segment in indices(both) for index in segment]
    assert len(held) == len(set(held))
    assert set(held) == {i for cut in (first, second) for each in indices(cut) for i in each}
    assert (both.start, both.end) == (early, late + length)


@settings(max_examples=60)
@given(
    times=st.lists(st.floats(-5, 5), min_size=60, max_size=60),
    lengths=st.lists(st.integers(0, 10), min_size=6, max_size=6),
    start=st.floats(-6, 6),
    length=st.floats(0, 5),
)
def test_reading_only_the_groups_that_are_needed_gives_what_reading_all_would(
    place: Place, times: list[float], lengths: list[int], start: float, length: float
) -> None:
    """Even where a stream's times make no sense at all, and groups were not taken to their end."""
    times_of = zip(stream(size=100), times, strict=True)
    packets = [replace(p, t=t) for p, t in times_of if p.index % 10 < lengths[p.index // 10]]
    end = start + length
    everything = (between(chain, start, end) for chain in chains(packets))
    segments = [Segment("r-1", FACTS, needed) for needed in everything if needed]
    ring = place.ring()
    ring.on_run("r-1", FACTS)
    for packet in packets:
        ring.on_packet(packet)
        ring.write_behind()
    assert ring.cut("r-1", start, end) == cut_of("r-1", start, end, segments)


def test_times_that_run_backwards_are_kept_by_their_bytes(place: Place) -> None:
    packets = [replace(p, t=-p.t, dts_t=-p.dts_t) for p in stream(groups=9)]
    ring = fill(place.ring(3.0, groups=5), packets)
    cut = ring.cut("r-1", -10.0, 0.0)
    assert indices(cut) == [list(range(40, 90))]
    assert cut.gaps


def test_times_that_jump_to_and_fro_do_not_age_the_ring(place: Place) -> None:
    packets = [replace(p, dts_t=p.dts_t + 1.9 * (p.index % 2)) for p in stream(groups=9)]
    ring = fill(place.ring(6.0), packets)
    assert spans(ring.cut("r-1", 4.0, 8.0).gaps) == []


def test_packets_of_ten_mebibytes_go_through_the_ring(place: Place) -> None:
    large = bytes(range(256)) * 40 * 1024
    packets = [replace(p, data=large[p.index :]) for p in stream(groups=4, order=(0, 1))]
    ring = fill(place.ring(groups=660), packets)
    cut = ring.cut("r-1", 1.0, 3.05)
    assert [p.data for segment in cut.segments for p in segment.packets] == [
        large[index:] for index in range(2, 7)
    ]
    assert place.taken(ring) < 660 * GROUP_BYTES
    assert ring.dropped_groups == 1


def test_many_small_packets_count_by_the_memory_they_take() -> None:
    ring = Ring(10**6, 10**6)
    ring.on_run("r-1", FACTS)
    for packet in stream(groups=1000, size=1):
        ring.on_packet(packet)
    held = ring.cut("r-1", 0.0, 1000.0).segments[0].packets
    assert len(held) < 10**6 / 400
