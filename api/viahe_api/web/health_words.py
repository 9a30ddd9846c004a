"""What is the matter with a camera, in words, with the figures its detector measured."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from viahe_api.language import N_, Language
from viahe_api.records import CameraChoice, CameraRow
from viahe_api.vocabulary import CameraState
from viahe_api.web.wording import CAMERA_DISABLED, CAMERA_STATUS, Status
from viahe_rules.domain import Health, Shift

CONDITIONS: Mapping[str, Status] = MappingProxyType(
    {
        Health.DARK: Status("question", N_("Too dark"), "wait"),
        Health.BLOCKED: Status("triangle", N_("Lens blocked"), "bad"),
        Health.DEFOCUSED: Status("question", N_("Out of focus"), "wait"),
        Health.MOVED: Status("triangle", N_("Camera moved"), "bad"),
        Health.FROZEN: Status("triangle", N_("Picture frozen"), "bad"),
        Health.CLOCK_OFF: Status("clock", N_("Clock wrong"), "wait"),
        "overloaded": Status("question", N_("Looked at too rarely"), "wait"),
    }
)

LEAST_SHARE, LEAST_TURN_DEG, LEAST_ZOOM = 0.003, 0.5, 0.01
"""Less of a shift is left out."""


def status_of(row: CameraRow) -> Status:
    """The state of a camera as a message: what is the matter, as exactly as it is known."""
    if not row.enabled:
        return CAMERA_DISABLED
    usual = CAMERA_STATUS[row.state]
    return CONDITIONS.get(row.condition, usual) if row.state is CameraState.DEGRADED else usual


def health_said(language: Language, row: CameraRow) -> str:
    """What was measured, and what follows from it; empty where there is nothing to say."""
    if not row.enabled or row.state is CameraState.OFFLINE:
        return ""
    say = language.gettext
    if row.condition == Health.MOVED and row.shift is None:
        return say("It shows another street: turn it back, or draw its zones again.")
    if row.condition == Health.MOVED and row.shift is not None:
        how = shift_said(language, row.shift)
        return say(
            "Its picture has shifted %(how)s and its zones no longer fit: turn it back, or draw "
            "its zones again.",
            how=how,
        )
    return "".join(_lesser(language, row))


def offline_said(language: Language, rows: Iterable[CameraRow | CameraChoice]) -> str:
    """How many of the cameras in use are not seen, and since when all of them are not; empty
    where all are seen, or were never heard of."""
    since = [row.offline_since for row in rows if row.enabled and row.offline_since is not None]
    if not since:
        return ""
    return language.ngettext(
        "%(n)s camera offline since %(at)s.",
        "%(n)s cameras offline since %(at)s.",
        len(since),
        at=language.moment(max(since)),
    )


def shift_said(language: Language, shift: Shift) -> str:
    """How far a picture has shifted, part by part."""
    return ", ".join(_parts(language, shift)) or language.gettext("a little")


def _lesser(language: Language, row: CameraRow) -> Iterator[str]:
    """What a person should see to without anything being lost."""
    say = language.gettext
    if row.condition == Health.CLOCK_OFF and row.clock_offset_s is not None:
        off = language.number(abs(row.clock_offset_s), 1)
        yield say("Its clock is off by %(seconds)s s.", seconds=off)
        if row.clock_jumped_s:
            set_by = language.number(abs(row.clock_jumped_s), 1)
            yield " " + say("It has just been set by %(seconds)s s.", seconds=set_by)
    elif row.shift is not None:
        how = shift_said(language, row.shift)
        yield say("Its picture has shifted %(how)s; its zones still fit.", how=how)


def _parts(language: Language, shift: Shift) -> Iterator[str]:
    say = language.gettext
    if abs(shift.right) >= LEAST_SHARE:
        share = language.number(abs(shift.right) * 100, 1)
        if shift.right < 0:
            yield say("about %(share)s %% to the left", share=share)
        else:
            yield say("about %(share)s %% to the right", share=share)
    if abs(shift.down) >= LEAST_SHARE:
        share = language.number(abs(shift.down) * 100, 1)
        if shift.down < 0:
            yield say("about %(share)s %% up", share=share)
        else:
            yield say("about %(share)s %% down", share=share)
    if abs(shift.turn_deg) >= LEAST_TURN_DEG:
        degrees = language.number(abs(shift.turn_deg), 1)
        if shift.turn_deg > 0:
            yield say("turned about %(degrees)s° clockwise", degrees=degrees)
        else:
            yield say("turned about %(degrees)s° anticlockwise", degrees=degrees)
    if abs(shift.zoom - 1) >= LEAST_ZOOM:
        times = language.number(shift.zoom, 2)
        yield say("%(times)s times as large", times=times)
