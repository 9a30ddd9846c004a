"""How alike two vehicles look: what tells the car that has stood here from the next one.

The shades of a vehicle are told from their own darkest to their own
brightest, so that light that comes and goes changes little of them. What stands before a part of
a vehicle changes that part: a vehicle that is unlike for a look may be hidden, one that is unlike
for several is another.
"""

from math import sqrt
from typing import TypeAlias

from viahe_rules.domain import Shades

ALIKE = 0.6
"""The likeness from which two vehicles in one place are one. Vehicles put into pictures of a busy
road were as alike as this in nine pairs of looks in ten, the others mostly hidden in part; of
different vehicles in one place one pair in six was."""
ShadeValues: TypeAlias = tuple[float, ...]
"""0..15 each, or the mean of several looks'."""


def values_of(shades: Shades) -> ShadeValues:
    """The shades of a detection as numbers. ValueError for what is not hexadecimal."""
    return tuple(float(int(digit, 16)) for digit in shades)


def are_unlike(a: ShadeValues, b: ShadeValues, least: float = ALIKE) -> bool:
    """Whether two are known to be different vehicles, or one of them hidden, being less alike
    than `least`; never without shades."""
    if not a or len(a) != len(b):
        return False
    return likeness(a, b) < least


def likeness(a: ShadeValues, b: ShadeValues) -> float:
    """The correlation of as many shades of two vehicles, -1..1; 0 where one is all of one shade."""
    ours, theirs = _about_their_mean(a), _about_their_mean(b)
    both = sum(x * y for x, y in zip(ours, theirs, strict=True))
    size = sqrt(sum(x * x for x in ours) * sum(y * y for y in theirs))
    return both / size if size else 0.0


def mean_shades(ours: ShadeValues, its: ShadeValues, weight: float) -> ShadeValues:
    """`ours` moved towards `its` by `weight` in 0..1; those that are known if not both are."""
    if not its or len(its) != len(ours):
        return its or ours
    return tuple(a + weight * (b - a) for a, b in zip(ours, its, strict=True))


def _about_their_mean(shades: ShadeValues) -> ShadeValues:
    mean = sum(shades) / len(shades)
    return tuple(shade - mean for shade in shades)
