"""What a look shows that may have been left on the ground."""

from viahe_rules.domain import PORTABLE, THING, VEHICLES, Box, Change, ChangeKind
from viahe_rules.geometry import covered, stands_in
from viahe_rules.ground import Ground
from viahe_rules.stays import Sighting

AT_ONCE_S = 3.0
"""What came to lie beside each other within this came in one act."""

PART = 0.5
"""The share of what came that lies inside a vehicle's box from which it is part of the vehicle."""

RIDES = 0.25
"""How far above a vehicle, in its heights, the lower edge of what is on it may be."""


def left_things(ground: Ground) -> tuple[Sighting, ...]:
    """What may have been left: its foot in the zone, and neither worn nor carried."""
    look, polygon = ground.look, ground.zone.polygon
    labels = {label for label, _ in ground.rule.dwell} & PORTABLE
    if THING in labels:
        labels = set(PORTABLE)
    unnamed = [
        Sighting(
            THING, change.score, change.box, change.since, came=True, remembered=change.remembered
        )
        for change in look.changes
        if change.kind is ChangeKind.LEFT
        and THING in labels
        and not _came_with_a_vehicle(change, ground)
    ]
    named = [
        Sighting(d.label, d.score, d.box, look.t)
        for d in ground.detections(labels)
        if not _carried(d.box, ground.persons)
    ]
    return tuple(s for s in (*named, *unnamed) if stands_in(s.box, polygon))


def _came_with_a_vehicle(change: Change, ground: Ground) -> bool:
    """Whether it is what a vehicle that came at once, and stands there, makes of its place: itself,
    however faintly it is known, or a load or a rider whom the network does not name."""
    return any(
        abs(found.since - change.since) <= AT_ONCE_S
        and (covered(change.box, found.box) >= PART or _is_on(change.box, found.box))
        for found in ground.look.detections
        if found.label in VEHICLES and found.since is not None
    )


def _is_on(box: Box, vehicle: Box) -> bool:
    x, y = box.foot
    top = vehicle.top - RIDES * vehicle.height
    return vehicle.left <= x <= vehicle.right and top <= y <= vehicle.centre[1]


def _carried(box: Box, persons: tuple[Box, ...]) -> bool:
    return any(covered(box, person) > 0.7 for person in persons)
