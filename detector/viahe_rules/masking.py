"""What lies in a mask was not seen: it takes no part in any judgement, whatever zone it touches."""

from dataclasses import replace

from viahe_rules.domain import Answer, Box, Event, Observation, Polygon
from viahe_rules.geometry import inside, part_within, polygon_area
from viahe_rules.plan import Plan


def unmasked(plan: Plan, event: Event) -> Event:
    """The event without what lies in any mask of the camera's zones."""
    masks = tuple(mask for zone in plan.zones for mask in zone.masks)
    if not masks:
        return event
    if isinstance(event, Answer):
        return replace(event, looks=tuple(_unmasked(look, masks) for look in event.looks))
    return _unmasked(event, masks)


def _unmasked(look: Observation, masks: tuple[Polygon, ...]) -> Observation:
    return replace(
        look,
        detections=tuple(seen for seen in look.detections if not _masked(seen.box, masks)),
        changes=tuple(change for change in look.changes if not _masked(change.box, masks)),
    )


def _masked(box: Box, masks: tuple[Polygon, ...]) -> bool:
    """Whether at least half of the box lies in one mask."""
    if box.area <= 0:
        return any(inside(box.centre, mask) for mask in masks)
    return any(polygon_area(part_within(mask, box)) >= box.area / 2 for mask in masks)
