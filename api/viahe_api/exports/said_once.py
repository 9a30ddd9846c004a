"""What a list says over and over: made the first time, and looked up after that."""

from collections.abc import Callable
from typing import Generic, TypeVar

V = TypeVar("V")
R = TypeVar("R")

MOST = 1 << 14
"""More are forgotten, so that memory stays flat."""


class SaidOnce(dict[V, R], Generic[V, R]):
    """By value, of one column: words, or numbers of one kind, since 1 and 1.0 are the same key."""

    def __init__(self, make: Callable[[V], R]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, value: V) -> R:
        if len(self) >= MOST:
            self.clear()
        made = self[value] = self._make(value)
        return made
