"""How a camera's two streams lie to each other, by what moves in the pictures of both.

On a quiet street the sizes of packets tell nothing (see `twins`). Where something is looked back
at in the large stream, its pictures are decoded anyway: they are noted on their way, small and
grey. The small stream's pictures of the same seconds are decoded beside them, once, and what
moves in both, and where, tells by how much one is later.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from viahe_detector.media import Picture
from viahe_detector.pixels import Pixels
from viahe_detector.twins import MOST_APART_S, likeness, plainest

WIDTH, HEIGHT = 64, 36
"""The size pictures are compared in, whatever their proportions: zones are fractions as well."""
STEP_S = 0.05
MOST_BETWEEN_S = 0.6
"""Two pictures of the large stream further apart than this do not tell what moved when."""
NOTED_S, COMPARED_S = 30.0, 12.0
"""Seconds of pictures that are remembered; and the seconds of these, those in which most moves,
for which the small stream is decoded."""
FRESH_S = 4.0
"""Seconds that must have been noted anew until it is tried (again)."""
STILL = 3.0
"""Greys by which a point changes of itself: by noise, and by being coded anew."""
LEAST_MOVING = 100
"""Points that move, over all pairs of pictures: a passer-by far off moves as many in seconds."""


@dataclass(frozen=True, slots=True)
class Grey:
    """A picture, small: `shown` is 36 × 64 greys, `at` the UTC seconds by its stream's clock."""

    at: float
    shown: NDArray[np.uint8] = field(repr=False)


def grey_of(at: float, bgr: Pixels) -> Grey:
    """The picture taken `at` (UTC seconds), small and grey."""
    small = cv2.resize(bgr, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return Grey(at, np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8))


def lateness_shown(kept: Sequence[Grey], watched: Sequence[Grey]) -> float | None:
    """By how many seconds `watched` shows later what `kept` shows; None where they do not tell.

    Both are in order of time. Of `kept` those count on both sides of which `watched` reaches as
    far as streams may be apart. Told only by movement: where nothing moves, where the same moves
    again and again, or where both show different streets, no shift is likelier than another.
    """
    if len(kept) < 2 or len(watched) < 2:
        return None
    at, shown = _stacked(kept)
    other_at, other = _stacked(watched)
    within = (at[:-1] >= other_at[0] + MOST_APART_S) & (at[1:] <= other_at[-1] - MOST_APART_S)
    pairs = np.flatnonzero(within & (np.diff(at) > 0) & (np.diff(at) <= MOST_BETWEEN_S))
    moves = _moved(shown[pairs], shown[pairs + 1])
    if np.count_nonzero(moves) < LEAST_MOVING:
        return None
    anywhere = moves.any(axis=0) | _moved(other[:-2], other[2:]).any(axis=0)
    moves, other = moves[:, anywhere], other[:, anywhere]
    steps = round(MOST_APART_S / STEP_S)
    likely = np.array(
        [
            likeness(
                moves.ravel(),
                _moved(
                    _between(other_at, other, at[pairs] + step * STEP_S),
                    _between(other_at, other, at[pairs + 1] + step * STEP_S),
                ).ravel(),
            )
            for step in range(-steps, steps + 1)
        ]
    )
    return plainest(likely, STEP_S)


class TwinPictures:
    """Notes what the large stream shows on its way to whoever looks back, and compares it.

    Holds half a megabyte at the most. Not safe for several threads at once.
    """

    def __init__(self) -> None:
        self._run = ""
        self._noted: deque[Grey] = deque()
        self._tried_at: float | None = None

    def passing(self, pictures: Iterable[Picture]) -> Iterator[Picture]:
        """The large stream's pictures as they are, each noted as it passes.

        Those that are no later than what was noted before are passed on only.
        """
        for picture in pictures:
            if picture.run != self._run:
                self.forget()
                self._run = picture.run
            if not self._noted or picture.at > self._noted[-1].at:
                self._noted.append(grey_of(picture.at, picture.bgr))
                while self._noted[0].at < picture.at - NOTED_S:
                    self._noted.popleft()
            yield picture

    def lateness(self, watched: Callable[[float, float], Iterable[Picture]]) -> float | None:
        """By how many seconds the small stream is later than what was noted; None if untold.

        `watched` gives the small stream's pictures between two UTC seconds of its own clock; it
        is asked only where something moved in the large one, for fifteen seconds at the most.
        """
        if not self._noted:
            return None
        since = self._noted[0].at if self._tried_at is None else self._tried_at
        if self._noted[-1].at - since < FRESH_S:
            return None
        self._tried_at = self._noted[-1].at
        kept = _liveliest(tuple(self._noted))
        if not kept:
            return None
        began, ended = kept[0].at - MOST_APART_S - STEP_S, kept[-1].at + MOST_APART_S + STEP_S
        shown = [grey_of(picture.at, picture.bgr) for picture in watched(began, ended)]
        return lateness_shown(kept, shown)

    def forget(self) -> None:
        """Let go of what was noted."""
        self._noted.clear()
        self._tried_at = None


def _liveliest(noted: Sequence[Grey]) -> Sequence[Grey]:
    """The seconds in which most moves; nothing where too little does."""
    at, shown = _stacked(noted)
    moving = np.count_nonzero(_moved(shown[:-1], shown[1:]), axis=1) * (
        np.diff(at) <= MOST_BETWEEN_S
    )
    so_far = np.concatenate([[0], np.cumsum(moving)])
    ends = np.searchsorted(at, at + COMPARED_S, side="right") - 1
    in_all = so_far[ends] - so_far
    first = int(in_all.argmax())
    return noted[first : ends[first] + 1] if in_all[first] >= LEAST_MOVING else ()


def _stacked(greys: Sequence[Grey]) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """When they were taken, and each as a row of points."""
    at = np.array([grey.at for grey in greys])
    return at, np.array([grey.shown.ravel() for grey in greys], np.float32)


def _moved(before: NDArray[np.float32], after: NDArray[np.float32]) -> NDArray[np.float32]:
    """By how many greys points changed, less what they change of themselves."""
    change = after - before
    return np.asarray(change - np.clip(change, -STILL, STILL), np.float32)


def _between(
    at: NDArray[np.float64], shown: NDArray[np.float32], wanted: NDArray[np.float64]
) -> NDArray[np.float32]:
    """What is shown at the wanted moments, evenly between the pictures before and after."""
    later = np.clip(np.searchsorted(at, wanted), 1, len(at) - 1)
    part = np.clip((wanted - at[later - 1]) / np.maximum(at[later] - at[later - 1], 1e-3), 0, 1)
    share = np.asarray(part, np.float32)[:, None]
    return np.asarray(shown[later - 1] * (1 - share) + shown[later] * share, np.float32)
