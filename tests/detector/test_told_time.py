"""The clock a camera tells, held against this computer's."""

from viahe_detector.told_time import JUMP_TOLD_S, ToldTime
from viahe_rules.domain import ClockOff

NOON = 1_795_000_000.0


def test_a_clock_within_the_tolerance_is_no_matter() -> None:
    told = ToldTime(5.0)
    assert [told.judge(NOON + t, 0.3 - 0.1 * (t % 2)) for t in range(5)] == [None] * 5


def test_a_clock_that_is_off_says_by_how_much() -> None:
    assert ToldTime(5.0).judge(NOON, -42.0) == ClockOff(-42.0)


def test_a_camera_that_tells_no_time_is_not_off() -> None:
    assert ToldTime(5.0).judge(NOON, None) is None


def test_a_clock_that_was_set_is_told_for_a_while_though_it_is_right_now() -> None:
    told = ToldTime(5.0)
    told.judge(NOON, -3600.0)
    assert told.judge(NOON + 2, 0.1) == ClockOff(0.1, -3600.1)
    assert told.judge(NOON + 2 + JUMP_TOLD_S / 2, 0.1) == ClockOff(0.1, -3600.1)
    assert told.judge(NOON + 2 + JUMP_TOLD_S, 0.1) is None


def test_what_a_network_does_to_packets_is_no_jump() -> None:
    told = ToldTime(5.0)
    told.judge(NOON, 0.1)
    assert told.judge(NOON + 2, 1.9) is None
