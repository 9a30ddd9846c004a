"""Making the next of several things while the last is still used.

A thread makes it, so what is gained is the time another program works for it, as PostgreSQL does:
Python waits for that without keeping anybody, or this one, where it compresses what was made.
SQLite works within Python, and changes threads at every row: reading ahead gained nothing there.
"""

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(source: Iterator[T]) -> Generator[T, None, None]:
    """What `source` gives, one of it held in advance; what it raises, where it would have come.
    Whatever `source` uses is its alone until the last was given, or nobody asks any more."""
    with ThreadPoolExecutor(1, "ahead") as thread:
        coming = thread.submit(_next_of, source)
        while (made := coming.result()) is not None:
            coming = thread.submit(_next_of, source)
            yield made[0]


def _next_of(source: Iterator[T]) -> tuple[T] | None:
    """None at the end, of which a future cannot tell by StopIteration."""
    for item in source:
        return (item,)
    return None
