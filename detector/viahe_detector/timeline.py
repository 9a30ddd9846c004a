"""Media time: where each packet lies in its run, and where one run ends and another begins."""

from dataclasses import dataclass
from fractions import Fraction

from viahe_detector.media import Coded, StreamFacts

_JUMP_S = 2.0
_USUAL_FPS = 25.0
_LONGEST_STEP_S = 1.0
_LONGEST_WAIT_S = 10.0
"""No picture is shown so long before or after it is decoded; such a time is a broken one."""
_LONGEST_DURATION_S = 60.0
"""Broken streams tell picture durations of less than nothing, and of years."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A packet's place: `begins` says that a run starts with it; times in media seconds."""

    begins: bool
    index: int
    t: float
    dts_t: float
    duration_s: float
    pts: int
    dts: int


class Timeline:
    """Turns a stream's ticks into media seconds, one packet after the other.

    A run begins with the first key frame, after a jump of the stream's clock by more than 2 s
    in either direction, and with other facts; always at a key frame, so packets up to the next
    one are passed over and counted. B-frames shown before packets that came earlier are no jump.
    Times that the container lacks are filled in from the packet before.
    """

    def __init__(self) -> None:
        self.skipped = 0
        self._facts: StreamFacts | None = None
        self._origin = 0
        self._index = 0
        self._clock: int | None = None
        self._dts: int | None = None
        self._duration = 0
        self._tick: Fraction | None = None
        self._numerator, self._denominator = 0, 1

    def place(self, coded: Coded, facts: StreamFacts) -> Placed | None:
        """Where the packet lies; None while waiting for a key frame to begin with."""
        if facts.time_base is not self._tick:
            # A fraction tells its parts at the cost of all that is reckoned with them here.
            self._tick = facts.time_base
            self._numerator, self._denominator = facts.time_base.as_integer_ratio()
        jumped = self._jumped(coded, facts)
        pts, dts = self._times(coded, facts, anew=jumped)
        if self._clock is None:
            self._clock = dts
        if jumped or facts is not self._facts:
            self._facts = None
        begins = self._facts is None
        if begins:
            if not coded.keyframe:
                self.skipped += 1
                return None
            self._facts, self._origin, self._index = facts, pts, 0
        placed = Placed(
            begins=begins,
            index=self._index,
            t=self._seconds(pts - self._origin),
            dts_t=self._seconds(dts - self._origin),
            duration_s=self._seconds(self._duration),
            pts=pts,
            dts=dts,
        )
        self._index += 1
        return placed

    def _jumped(self, coded: Coded, facts: StreamFacts) -> bool:
        """Whether the stream's clock is far from where the packet before it ends."""
        now = coded.dts if coded.dts is not None else coded.pts
        before, self._clock = self._clock, now if now is not None else self._clock
        if now is None or before is None:
            return False
        return abs(self._seconds(now - before - self._duration)) > _JUMP_S

    def _times(self, coded: Coded, facts: StreamFacts, anew: bool) -> tuple[int, int]:
        expected = None if anew or self._dts is None else self._dts + self._duration
        dts = _first(coded.dts, expected, coded.pts, 0)
        pts = _first(coded.pts, dts)
        if coded.dts is not None and abs(self._seconds(pts - dts)) > _LONGEST_WAIT_S:
            pts = dts
        told = 0.0 < self._seconds(coded.duration) <= _LONGEST_DURATION_S
        self._duration = coded.duration if told else self._apart(dts, facts, anew)
        self._dts = dts
        return pts, dts

    def _apart(self, dts: int, facts: StreamFacts, anew: bool) -> int:
        """How long a packet lasts that does not say so: as long as the step that led to it."""
        step = 0 if anew or self._dts is None else dts - self._dts
        if 0 < self._seconds(step) <= _LONGEST_STEP_S:
            return step
        return max(1, round(1 / (facts.average_fps or _USUAL_FPS) / facts.time_base))

    def _seconds(self, ticks: int) -> float:
        # The quotient of whole numbers is the exact one rounded once, at a tenth of the cost.
        return ticks * self._numerator / self._denominator


def _first(*values: int | None) -> int:
    return next(value for value in values if value is not None)
