"""Hours really seen."""

import pytest

from viahe_detector.media import Packet
from viahe_detector.seen import SeenHours

NINE = 1_764_579_600.0 // 3600 * 3600


def packet(t: float, run: str = "r1", at: float = NINE) -> Packet:
    return Packet(run, 0, t, t, 0.04, True, b"x", 0, 0, at + t, at + t)


def seen(packets: list[Packet]) -> dict[float, float]:
    hours = SeenHours()
    for each in packets:
        hours.add(each)
    return dict(hours.hours())


def test_seconds_are_counted_in_the_hour_they_belong_to() -> None:
    found = seen([packet(3590 + t) for t in range(21)])
    assert found[NINE] == pytest.approx(9, abs=1)
    assert found[NINE + 3600] == pytest.approx(11, abs=1)
    assert sum(found.values()) == pytest.approx(20)


def test_a_gap_is_not_seen() -> None:
    assert seen([packet(0), packet(1), packet(61), packet(62)]) == {NINE: pytest.approx(2)}


def test_the_time_between_two_runs_is_not_seen() -> None:
    assert seen([packet(0), packet(1), packet(1.5, "r2"), packet(2.5, "r2")]) == {
        NINE: pytest.approx(2)
    }
