"""Ways over the ground: marks hit at given seconds, and how to put them together."""

from dataclasses import dataclass, replace
from enum import Enum
from math import hypot
from typing import Self

from .ground import height_at, metres_at

WALK_M_PER_S = 1.5


class Pace(Enum):
    """How an actor goes from the mark before to this one."""

    STEADY = "steady"
    BRAKING = "braking"
    STARTING = "starting"

    def progress(self, part: float) -> float:
        """How much of the way is done when `part` (0..1) of the time is over."""
        if self is Pace.BRAKING:
            return 1 - (1 - part) ** 2
        return part * part if self is Pace.STARTING else part


@dataclass(frozen=True, slots=True)
class Mark:
    """At second `t` the foot is on `lane` at `x` (fraction of the width), `lift_m` above it.

    `stoop` is how much of its full height the figure shows.
    """

    t: float
    x: float
    lane: float
    lift_m: float = 0.0
    stoop: float = 1.0
    pace: Pace = Pace.STEADY

    def towards(self, other: "Mark", done: float) -> "Mark":
        """The point of the way to `other` at which `done` (0..1) of it lies behind."""

        def between(a: float, b: float) -> float:
            return a + (b - a) * done

        return Mark(
            between(self.t, other.t),
            between(self.x, other.x),
            between(self.lane, other.lane),
            between(self.lift_m, other.lift_m),
            between(self.stoop, other.stoop),
        )


@dataclass(frozen=True, slots=True)
class Way:
    """Marks in order of time; every verb returns the way with one mark more."""

    marks: tuple[Mark, ...]

    @classmethod
    def starting(cls, t: float, x: float, lane: float, lift_m: float = 0.0) -> Self:
        return cls((Mark(t, x, lane, lift_m),))

    @classmethod
    def arriving(cls, t: float, came_from: float, x: float, lane: float) -> Self:
        """A walk from the x `came_from` that ends at `x` at second `t`."""
        seconds = metres_between(came_from, x, lane) / WALK_M_PER_S
        return cls((Mark(t - seconds, came_from, lane), Mark(t, x, lane)))

    @property
    def end_s(self) -> float:
        return self.marks[-1].t

    def go(self, x: float, m_per_s: float = WALK_M_PER_S, pace: Pace = Pace.STEADY) -> "Way":
        """Along the lane to `x`; speeding up from rest or braking to it takes twice as long."""
        seconds = metres_between(self.marks[-1].x, x, self.marks[-1].lane) / m_per_s
        return self._then(seconds * (1 if pace is Pace.STEADY else 2), x=x, pace=pace)

    def go_until(self, t: float, x: float) -> "Way":
        """Along the lane so as to be at `x` at second `t`."""
        return self._then(t - self.end_s, x=x)

    def stay(self, seconds: float) -> "Way":
        return self._then(seconds)

    def stay_until(self, t: float) -> "Way":
        return self._then(t - self.end_s)

    def stoop(self, seconds: float, share: float) -> "Way":
        """Bend down, or up again, to `share` of the full height."""
        return self._then(seconds, stoop=share)

    def lift(self, seconds: float, lift_m: float) -> "Way":
        return self._then(seconds, lift_m=lift_m)

    def _then(self, seconds: float, **changes: object) -> "Way":
        last = replace(self.marks[-1], t=self.end_s + seconds, pace=Pace.STEADY)
        return Way((*self.marks, replace(last, **changes)))  # type: ignore[arg-type]


def metres_between(x: float, other_x: float, lane: float) -> float:
    """The length of the piece of `lane` between two uprights of the picture."""
    here, there = (metres_at(each, height_at(lane, each)) for each in (x, other_x))
    return hypot(here[0] - there[0], here[1] - there[1])
