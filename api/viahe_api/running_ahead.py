"""Making the next of several things while the last is still used.

A thread makes it, so what is gained is the time another program works for it, as PostgreSQL does:
Python waits for that without keeping anybody. SQLite works within Python, and changes threads at
every row: there nothing was gained.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(source: Iterator[T]) -> Iterator[T]:
    """What `source` gives, one of it held in advance; what it raises, where it would have come.
    Whatever `source` uses is its alone until the last was given, or nobody asks any more."""
    end = object()
    with ThreadPoolExecutor(1, "ahead") as thread:
        coming = thread.submit(next, source, end)
        while (item := coming.result()) is not end:
            coming = thread.submit(next, source, end)
            yield item  # type: ignore[misc]  # not the end
