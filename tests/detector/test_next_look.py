"""What waits to be looked at: the newest packet that is due, and at times one more."""

import time
from collections.abc import Iterator

from viahe_detector.media import Packet
from viahe_detector.next_look import NextLook

FPS = 25


def street(seconds: float, busy_from: float = 1e9) -> Iterator[Packet]:
    """A key frame every two seconds; from `busy_from` on packets are six times as large."""
    for n in range(round(seconds * FPS)):
        t = n / FPS
        size = 6000 if t >= busy_from else 1000
        key = n % (2 * FPS) == 0
        yield Packet("r1", n, t, t, 1 / FPS, key, b"x" * (40_000 if key else size), n, n, t, t)


def test_a_packet_that_is_due_takes_the_place_of_one_still_waiting() -> None:
    looks = NextLook(2.0)
    due = [packet for packet in street(5.0) if looks.offer(packet, in_action=False)]
    assert len(due) == 3
    assert looks.dropped == 2
    assert looks.take() is due[-1]
    assert looks.take() is None


def test_waiting_is_counted_from_the_first_packet_that_waited() -> None:
    looks = NextLook(2.0)
    packets = iter(street(5.0))
    looks.offer(next(packets), in_action=False)
    since = looks.since
    time.sleep(0.01)
    for packet in packets:
        looks.offer(packet, in_action=False)
    assert looks.dropped > 0
    assert looks.since == since


def test_a_camera_in_action_is_offered_once_more_between_two_looks() -> None:
    looks, more = NextLook(2.0), []
    for packet in street(40.0, busy_from=30.0):
        looks.offer(packet, in_action=True)
        if looks.since is not None:
            looks.take_due()
        if looks.has_more:
            more.append(looks.take())
    times = [packet.t for packet in more if packet is not None]
    assert times
    assert all(t >= 30.0 and 0.7 <= t % 2.0 <= 1.3 for t in times)


def test_a_camera_with_nothing_in_action_is_offered_for_no_more() -> None:
    looks = NextLook(2.0)
    for packet in street(40.0, busy_from=30.0):
        looks.offer(packet, in_action=False)
        looks.take_due()
        assert not looks.has_more


def test_what_is_offered_is_let_go_when_a_look_is_due_and_counts_as_nothing_lost() -> None:
    looks = NextLook(2.0)
    for packet in street(40.0, busy_from=30.0):
        if packet.keyframe:
            looks.take_due()
        looks.offer(packet, in_action=True)
    assert looks.dropped == 0
