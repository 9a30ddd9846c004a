"""Figures on their way over the ground, and where each is at any second."""

from bisect import bisect_right
from dataclasses import dataclass

from viahe_rules.domain import Box

from .figures import Figure
from .ground import height_at, metre_at
from .ways import Mark

STEPS_PER_S = 1.8
BOB_M = 0.02
PICTURE_ASPECT = 16 / 9


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an actor is at one moment: `foot` is the ground below it; sizes in fractions.

    `stride` in 0..1 is the phase of a step, None while standing; `faces_left` says whether
    the figure is going to the left, or last went there.
    """

    figure: Figure
    box: Box
    foot: tuple[float, float]
    stride: float | None
    faces_left: bool


@dataclass(frozen=True, slots=True)
class Actor:
    """A figure and its marks in order of time; before the first and after the last it is absent."""

    figure: Figure
    marks: tuple[Mark, ...]

    def at(self, t: float) -> Placement | None:
        """Where the actor is at media second `t`, or None while it is not on the stage."""
        if not self.marks[0].t <= t <= self.marks[-1].t:
            return None
        after = min(bisect_right(self.marks, t, key=lambda mark: mark.t), len(self.marks) - 1)
        a, b = self.marks[after - 1], self.marks[after]
        done = b.pace.progress((t - a.t) / (b.t - a.t))
        moving = a.x != b.x and self.figure.walks
        stride = (t * STEPS_PER_S) % 1.0 if moving else None
        box, foot = self._stand(a.towards(b, done), stride)
        return Placement(self.figure, box, foot, stride, self._faces_left(after))

    def box_at(self, t: float) -> Box:
        """The actor's box at `t`; LookupError while it is not on the stage."""
        placement = self.at(t)
        if placement is None:
            raise LookupError(f"{self.figure.name} is not on the stage at {t} s")
        return placement.box

    def _stand(self, mark: Mark, stride: float | None) -> tuple[Box, tuple[float, float]]:
        ground = height_at(mark.lane, mark.x)
        metre = metre_at(ground)
        bob = 0.0 if stride is None else BOB_M * abs(2 * stride - 1)
        bottom = ground - (mark.lift_m + bob) * metre
        upright = self.figure.height_m * metre
        half = upright * self.figure.aspect / PICTURE_ASPECT / 2
        box = Box(mark.x - half, bottom - upright * mark.stoop, mark.x + half, bottom)
        return box, (mark.x, ground)

    def _faces_left(self, after: int) -> bool:
        for a, b in zip(self.marks[after - 1 :: -1], self.marks[after::-1], strict=False):
            if a.x != b.x:
                return b.x < a.x
        return False
