"""Streams read in turn by one thread."""

import threading
from collections.abc import Iterator

import pytest

from viahe_detector.errors import Stalled
from viahe_detector.rounds import Rounds


@pytest.fixture(scope="module")
def rounds() -> Rounds:
    going = Rounds()
    threading.Thread(target=going.run, daemon=True).start()
    return going


def read(rounds: Rounds, steps: Iterator[None]) -> threading.Thread:
    thread = threading.Thread(target=rounds.read, args=(steps,))
    thread.start()
    return thread


def test_all_are_read_by_one_thread_a_step_each_in_a_round(rounds: Rounds) -> None:
    read_by: set[int] = set()
    order: list[str] = []
    both_there = threading.Barrier(2)

    def steps(name: str) -> Iterator[None]:
        while len(order) < 20:
            read_by.add(threading.get_ident())
            order.append(name)
            yield

    def begun(name: str) -> None:
        both_there.wait()
        rounds.read(steps(name))

    threads = [threading.Thread(target=begun, args=(name,)) for name in ("gate", "market")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read_by) == 1
    late = order[4:]
    assert all(one != other for one, other in zip(late[::2], late[1::2], strict=True))


def test_what_ends_a_reading_is_raised_where_it_was_asked_for_and_ends_no_other(
    rounds: Rounds,
) -> None:
    over, stepped = threading.Event(), threading.Semaphore(0)

    def lasting() -> Iterator[None]:
        while not over.is_set():
            stepped.release()
            yield

    def stalling() -> Iterator[None]:
        yield
        raise Stalled("gate has sent no packet for 10 s")

    other = read(rounds, lasting())
    with pytest.raises(Stalled, match="gate"):
        rounds.read(stalling())
    while stepped.acquire(blocking=False):
        """Steps from before the end of the other one prove nothing."""
    assert stepped.acquire(timeout=5), "the other is still read"
    over.set()
    other.join()


def test_a_reading_that_ends_by_itself_raises_nothing(rounds: Rounds) -> None:
    rounds.read(iter(()))
