"""Whether the clock a camera tells is off by more than can pass, and when it was set."""

from viahe_rules.domain import ClockOff

JUMP_S = 2.0
"""A change from one look to the next that no network makes: somebody, or something, set it."""
JUMP_TOLD_S = 300.0


class ToldTime:
    """Of one camera, in order of time on a clock that goes on over runs."""

    def __init__(self, most_s: float) -> None:
        """`most_s` is how many seconds the camera's clock may differ from this computer's."""
        self._most_s = most_s
        self._last_s: float | None = None
        self._jumped_s = 0.0
        self._jumped_at = 0.0

    def judge(self, at: float, offset_s: float | None) -> ClockOff | None:
        """What is wrong at `at`, if something is.

        `offset_s` are the seconds to add to the camera's clock; None while it tells no time,
        which says nothing.
        """
        if offset_s is None:
            return None
        if self._last_s is not None and abs(self._last_s - offset_s) > JUMP_S:
            self._jumped_s, self._jumped_at = self._last_s - offset_s, at
        self._last_s = offset_s
        if not 0 <= at - self._jumped_at < JUMP_TOLD_S:
            self._jumped_s = 0.0
        if abs(offset_s) <= self._most_s and not self._jumped_s:
            return None
        return ClockOff(offset_s, self._jumped_s)
