"""What has lately taken the street's place, pixel by pixel.

A pixel has one candidate at most: a value that is not the street's and has been met since some
look. A candidate that is met again grows up; one the street looks through again, or that something
else replaces, is forgotten after two looks.
"""

import numpy as np

from viahe_detector.planes import Planes, Where

STEADY_SHARE = np.float32(0.7)
"""The share of looks at a pixel that must have met its candidate."""
MOST_COUNTED = 120
"""Looks after which the older half of a candidate's count is dropped."""
GROWN_LOOKS = 2
"""Looks that must have met what is no chance."""
FORGIVEN_LOOKS = 2
"""Looks in a row that have to contradict a grown candidate."""
FOLLOWED = np.float32(0.3)
"""The share of what a look shows by which its candidate follows it."""


class Candidates:
    """Of pictures of some height and width: three planes of `shades`, `since` which media second
    they were met, in how many `looks` of how many `chances`, and how many looks running missed
    them. Where `looks` is 0 there is none."""

    ARRAYS = ("shades", "since", "looks", "chances", "misses")

    def __init__(self, height: int, width: int) -> None:
        self.shades: Planes = np.zeros((3, height, width), np.float32)
        self.since = np.zeros((height, width), np.float64)
        self.looks = np.zeros((height, width), np.uint8)
        self.chances = np.zeros((height, width), np.uint8)
        self.misses = np.zeros((height, width), np.uint8)

    @property
    def grown(self) -> Where:
        return self.looks >= GROWN_LOOKS

    @property
    def lasting(self) -> Where:
        """Pixels whose candidate is grown, and was met in most looks that could meet it.

        Leaves in the wind come back to the same value too, but not most of the time.
        """
        return self.grown & (self.looks >= STEADY_SHARE * self.chances)

    def meet(self, t: float, before: float, now: Planes, changed: Where, alike: Where) -> Where:
        """Grows candidates met again and replaces others; the pixels whose candidate was met.

        `changed` is where the picture at `t` is not the street's, `alike` where it is like the
        candidate, `before` when the look before it was.
        """
        matched = changed & alike & (self.looks > 0)
        self.looks[matched] += 1
        self.misses[matched] = 0
        long = self.chances >= MOST_COUNTED
        self.chances[long] //= 2
        self.looks[long] //= 2
        other = changed & ~matched
        self.misses[other] += 1
        grown = self.grown
        replaced = other & (~grown | (self.misses >= FORGIVEN_LOOKS))
        self.since[replaced] = np.where(grown[replaced], before, t)
        self.looks[replaced] = 1
        self.chances[replaced] = 1
        self.misses[replaced] = 0
        np.copyto(self.shades, now, where=replaced)
        np.add(self.shades, FOLLOWED * (now - self.shades), out=self.shades, where=matched)
        return np.asarray(matched)

    def seen_through(self, calm: Where) -> None:
        """Forgets candidates the street has been seen through twice."""
        held = calm & (self.looks > 0)
        self.misses[held] += 1
        over = held & (~self.grown | (self.misses >= FORGIVEN_LOOKS))
        self.forget(over)

    def forget(self, where: Where) -> None:
        self.looks[where] = 0
        self.misses[where] = 0
