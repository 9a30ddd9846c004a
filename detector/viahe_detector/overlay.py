"""What is drawn over a clip: zone, place and boxes as data, never burnt into the pictures."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

from viahe_rules.domain import PERSON, VEHICLES, Box, Detection, Observation, Suspicion
from viahe_rules.geometry import iou
from viahe_rules.plan import Zone

_SAME = 0.3
"""Boxes that share this much of their union show the same thing."""
_BESIDE_S = 0.2
"""A look this near to a point of the leaver's path shows the leaver there."""

ClipTime: TypeAlias = Callable[[float], float | None]


def overlay(
    suspicion: Suspicion,
    zone: Zone,
    looks: Sequence[Observation],
    frames: Sequence[float],
    clip_time: ClipTime,
) -> dict[str, Any]:
    """The content of `overlay.json`: boxes as fractions of the upright picture.

    `frames` are the clip seconds of every picture; `clip_time` turns media seconds of the
    suspicion's run into clip seconds, None for what the clip does not show. Looks at the same
    instant are joined, a box that both have only once.
    """
    boxes: dict[float, list[dict[str, Any]]] = {}
    for look in looks:
        clip_s = clip_time(look.t) if look.run == suspicion.run else None
        if clip_s is None:
            continue
        drawn = boxes.setdefault(round(clip_s, 3), [])
        drawn.extend(box for box in _boxes(suspicion, look) if box not in drawn)
    return {
        "zone": [[_rounded(x), _rounded(y)] for x, y in zone.polygon],
        "place": _edges(suspicion.place),
        "frames": [round(second, 6) for second in frames],
        "looks": [{"clip_s": clip_s, "boxes": boxes[clip_s]} for clip_s in sorted(boxes)],
    }


def _boxes(suspicion: Suspicion, look: Observation) -> Iterator[dict[str, Any]]:
    leaver = _leaver_at(suspicion, look.t)
    for detection in look.detections:
        role = _role(suspicion, detection, leaver)
        if role != "other" or not _is_too_faint(suspicion, detection):
            yield _drawn(role, detection)
    for change in look.changes:
        if iou(change.box, suspicion.place) >= _SAME:
            yield _drawn("thing", Detection(suspicion.label, change.score, change.box))
    if leaver is not None and not any(iou(d.box, leaver.box) >= _SAME for d in look.detections):
        yield _drawn("leaver", leaver)


def _is_too_faint(suspicion: Suspicion, detection: Detection) -> bool:
    """Whether it is a vehicle its rule does not count, and nothing to show."""
    asked = dict(suspicion.thresholds).get("min_score", 0.0)
    return detection.label in VEHICLES and detection.score < asked


def _role(suspicion: Suspicion, detection: Detection, leaver: Detection | None) -> str:
    if leaver is not None and iou(detection.box, leaver.box) >= _SAME:
        return "leaver"
    at_place = iou(detection.box, suspicion.place) >= _SAME
    return "thing" if at_place and _of_the_case(suspicion, detection) else "other"


def _of_the_case(suspicion: Suspicion, detection: Detection) -> bool:
    """A passer-by in front of a bag covers its place and is not the bag."""
    return detection.label == suspicion.label or detection.label != PERSON


def _leaver_at(suspicion: Suspicion, t: float) -> Detection | None:
    left_by = suspicion.left_by
    if left_by is None or not left_by.path:
        return None
    moment, box = min(left_by.path, key=lambda point: abs(point[0] - t))
    if abs(moment - t) > _BESIDE_S:
        return None
    return Detection(left_by.kind.value, left_by.score, box)


def _drawn(role: str, detection: Detection) -> dict[str, Any]:
    return {
        "role": role,
        "label": detection.label,
        "score": round(detection.score, 3),
        "box": _edges(detection.box),
        "named": detection.named,
    }


def _edges(box: Box) -> list[float]:
    return [_rounded(edge) for edge in (box.left, box.top, box.right, box.bottom)]


def _rounded(fraction: float) -> float:
    return round(fraction, 6)
