"""What was reported against what was staged: found, missed, false."""

from collections.abc import Sequence
from dataclasses import dataclass

from viahe_rules.geometry import grown, inside, iou

from .scene import Scene, StagedEvent
from .staged_ward import Received

TOLERANCE_S = 2.0
"""How far the told beginning of an act may be from the staged one."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Matched pairs (scene name, case code), and what is left over on either side."""

    expected: int
    matched: tuple[tuple[str, str], ...]
    missed: tuple[str, ...]
    false: tuple[Received, ...]


def compare(scenes: Sequence[Scene], received: Sequence[Received]) -> Comparison:
    """Match each staged event with at most one case: same camera, act and place, in time."""
    left = list(received)
    matched, missed = [], []
    for scene in scenes:
        for event in scene.events:
            fits = [case for case in left if _fits(scene, event, case)]
            if not fits:
                missed.append(f"{scene.name}: {event.act.value} at {event.start_s:.1f} s")
                continue
            nearest = min(fits, key=lambda case: abs(case.start - event.start_s))
            left.remove(nearest)
            matched.append((scene.name, nearest.code))
    expected = sum(len(scene.events) for scene in scenes)
    return Comparison(expected, tuple(matched), tuple(missed), tuple(left))


def _fits(scene: Scene, event: StagedEvent, case: Received) -> bool:
    if case.camera != scene.name or case.act is not event.act:
        return False
    here = iou(case.place, event.region) >= 0.3 or inside(case.place.centre, _corners(event))
    return here and abs(case.start - event.start_s) <= TOLERANCE_S


def _corners(event: StagedEvent) -> tuple[tuple[float, float], ...]:
    """The region grown by half its size, as a polygon."""
    box = grown(event.region, 1.5)
    return (
        (box.left, box.top),
        (box.right, box.top),
        (box.right, box.bottom),
        (box.left, box.bottom),
    )
