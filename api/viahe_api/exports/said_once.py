"""What a list says over and over: made the first time, and looked up after that."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from viahe_api.forms.form import Value

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


class Words(Generic[R]):
    """A column of words, as `make` makes each. What the first rows show to be another word in
    each row, as codes of cases are, is not remembered but made by `together` for many rows at
    once: it gives None where one of them is not to be had that easily."""

    def __init__(
        self,
        make: Callable[[Value], R],
        together: Callable[[Sequence[str]], Sequence[R] | None],
    ) -> None:
        self._said, self._together = SaidOnce(make), together
        self._differ: bool | None = None

    def __call__(self, values: Sequence[Value]) -> Sequence[R]:
        if self._differ is None:
            self._differ = 2 * len(set(values)) > len(values)
        if self._differ:
            words = [value for value in values if isinstance(value, str)]
            made = self._together(words) if len(words) == len(values) else None
            if made is not None:
                return made
        return [*map(self._said.__getitem__, values)]
