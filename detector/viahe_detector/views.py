"""A street as it was once seen, and where later looks lie on it."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viahe_detector.alignment import STILL, Alignment, Luma, Matrix, align, sought
from viahe_detector.shifts import chained, inverse
from viahe_detector.structure import likeness, nearest

NEAR = 0.1
"""How far edges are followed, as a share of the picture."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The street as it was once seen; `onto` maps its pixels onto the first view's."""

    luma: NDArray[np.uint8]
    onto: Matrix

    def lay(self, now: Luma, near: Iterable[Matrix]) -> Matrix | None:
        """Where `now` lies on the first view, looked for near these places and then anywhere."""
        reference, everywhere = self.luma.astype(np.float32), np.ones(now.shape, np.bool_)
        size = now.shape[1], now.shape[0]
        back = inverse(self.onto)
        guesses = (Alignment(chained(back, lies), size) for lies in near)
        swung = (sought(reference, everywhere, now, everywhere) for _ in range(1))
        for guess in itertools.chain(guesses, swung):
            if guess is None:
                return None
            found = align(reference, now, everywhere, everywhere, guess)
            if found is not None:
                return chained(self.onto, found.onto)
        return None

    def lay_edges(self, now: Luma, near: Matrix) -> tuple[float, Matrix]:
        """How alike the edges are where `now` fits best near there, and where that is."""
        here = Alignment(chained(inverse(self.onto), near), (now.shape[1], now.shape[0]))
        moved = here.moved(now[None])[0]
        alike, swung = nearest(self.luma.astype(np.float32), moved, NEAR)
        onto = np.column_stack([STILL[:, :2], np.asarray(swung, np.float64)])
        return alike, chained(self.onto, chained(onto, here.onto))

    def is_like(self, now: Luma, lies: Matrix) -> float:
        """How alike the edges are, of -1..1, where `now` lies so on the first view."""
        here = Alignment(chained(inverse(self.onto), lies), (now.shape[1], now.shape[0]))
        return likeness(self.luma.astype(np.float32), here.moved(now[None])[0])
