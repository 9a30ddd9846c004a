"""What state a camera is in: by its packets first, then by its last look, then by its cadence."""

from dataclasses import dataclass
from typing import Literal

from viahe_detector.camera import CameraWatch
from viahe_detector.config import WatchSettings
from viahe_detector.shifts import said
from viahe_rules.domain import ClockOff, Health, Shift

OVERLOADED = 1.5
"""How many look intervals apart looks have to come before a camera says so."""


@dataclass(frozen=True, slots=True)
class State:
    """`condition` is a `Health`, `no_packets` or `overloaded`; `detail` says it in words.

    The figures are those of the newest look, also where something else matters more.
    """

    word: Literal["online", "degraded", "offline"]
    condition: str
    detail: str = ""
    shift: Shift | None = None
    clock: ClockOff | None = None


def state_of(camera: CameraWatch, watch: WatchSettings, error: str, now: float) -> State:
    """How a camera is at `now` (UTC seconds); `error` is what ended its stream last, if anything.

    A camera whose picture is fit is online; its condition then says whether something is off
    that a person should see to, and a shift too slight to matter is in the detail.
    """
    newest = camera.ring.newest
    if newest is None or now - newest.arrived_at > watch.stall_s:
        return State("offline", "no_packets", error or "no packets yet")
    look = camera.newest_look
    shift, clock = (look.shift, look.clock) if look is not None else (None, None)
    if camera.health is not Health.OK:
        detail = _in_words(camera.health, shift, clock)
        return State("degraded", camera.health.value, detail, shift, clock)
    gap_s = camera.look_gap_s
    if gap_s is not None and gap_s > OVERLOADED * watch.look_every_s:
        dropped = camera.counts.looks_dropped
        detail = f"overloaded: looked at every {gap_s:.1f} s, {dropped} looks dropped"
        return State("degraded", "overloaded", detail, shift, clock)
    shifted = "" if shift is None else f"shifted {said(shift)}"
    return State("online", "ok", camera.ring.shortage or shifted, shift, clock)


def _in_words(health: Health, shift: Shift | None, clock: ClockOff | None) -> str:
    if health is Health.MOVED:
        how = "shows another street" if shift is None else said(shift)
        return f"moved: {how}; its zones no longer fit"
    if health is Health.CLOCK_OFF and clock is not None:
        jumped = f", was set by {clock.jumped_s:+.1f} s" if clock.jumped_s else ""
        return f"{health}: by {abs(clock.offset_s):.1f} s{jumped}"
    return health.value
