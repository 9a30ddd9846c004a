"""How often a plan needs its camera to be looked at, and what more looks must not change.

A place is lastingly different once looks that lie apart have shown it so. Were it enough that two
looks a tenth of a second apart do, whatever rolls or lingers would be told as left: who looks at a
camera more often would be told more that is false.
"""

from collections.abc import Iterable

from viahe_detector.cadence import EARLIEST
from viahe_rules.plan import Zone

LOOKS_A_DWELL = 4
"""Looks within the shortest dwell of a plan: a lasting change takes two to be told, and a rule two
more to be sure that it stays."""
USUAL_S = 2.0
"""Seconds between looks that are enough for any dwell of a ward."""


def often_enough(zones: Iterable[Zone], look_every_s: float) -> float:
    """Seconds between looks, no more than `look_every_s`, of which every dwell of these zones has
    some in it."""
    dwells = [dwell for zone in zones for rule in zone.rules for _, dwell in rule.dwell]
    return min([look_every_s, *(dwell / LOOKS_A_DWELL for dwell in dwells if dwell > 0)])


def apart_s(zones: Iterable[Zone]) -> float:
    """Seconds that looks have to lie apart for what they show alike to have lasted: less than
    between any two that are needed, the one more look between them among these."""
    return EARLIEST * often_enough(zones, USUAL_S)
