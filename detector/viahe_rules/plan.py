"""What a ward asks of its cameras: the ground of each, what must not stay there, and when.

Polygons are fractions of the picture, as all of `domain`. Hours are local time, dwells seconds.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from viahe_rules.domain import THING, Act, Polygon


class Surface(StrEnum):
    """What the ground inside a zone is, as the law tells them apart."""

    PAVEMENT = "pavement"
    ROADWAY = "roadway"
    MEDIAN = "median"
    WASTE_POINT = "waste_point"


class Holidays(StrEnum):
    """What a window does on a public holiday of the plan."""

    AS_WEEKDAY = "as_weekday"
    NEVER = "never"
    ALSO = "also"
    """It holds, whatever day of the week the holiday falls on."""


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of a week in local time: days 0 (Monday)..6, minutes of the day.

    `end <= start` runs over midnight and belongs to the day it starts on.
    """

    days: frozenset[int]
    start_minute: int
    end_minute: int
    holidays: Holidays = Holidays.AS_WEEKDAY


@dataclass(frozen=True, slots=True)
class Rule:
    """What counts in a zone: classes, how long each must stay, and when.

    `dwell` pairs a class with seconds. `hours` empty means always; otherwise the rule holds
    inside these windows only. `own_hours` pairs a class with windows that hold for it instead,
    none being always. The other seconds: `grace` a place must be seen clear before a stay there
    ends, `gone` the leaver must have been away. `members` is how many people or goods make a
    group. `judged_by` names the judgement; without one it is the act's own.
    """

    id: str
    act: Act
    dwell: tuple[tuple[str, float], ...]
    hours: tuple[Window, ...] = ()
    grace: float = 10.0
    gone: float = 5.0
    min_score: float = 0.35
    members: int = 2
    judged_by: str = ""
    own_hours: tuple[tuple[str, tuple[Window, ...]], ...] = ()

    def hours_of(self, label: str) -> tuple[Window, ...]:
        """When the rule holds for a class; what it has no dwell for is any other thing."""
        known = label if label in dict(self.dwell) else THING
        return dict(self.own_hours).get(known, self.hours)


@dataclass(frozen=True, slots=True)
class Zone:
    """A piece of ground and what must not stay there.

    `masks` are pieces of the picture that nothing is seen of, whatever zone they were drawn
    with: windows, gardens, a road that is somebody else's. At a waste point the rules' hours
    are those in which nothing may be set out. `vending_banned` says that the street is one of
    those on which nothing may be sold at all.
    """

    id: str
    version: int
    name: str
    polygon: Polygon
    surface: Surface
    rules: tuple[Rule, ...]
    masks: tuple[Polygon, ...] = ()
    vending_banned: bool = False


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to use a piece of ground: `acts` it covers, from and until in UTC seconds.

    `things` are the classes it covers, none for all: a funeral has people, tables and chairs, and
    nothing on sale.
    """

    id: str
    purpose: str
    polygon: Polygon
    valid_from: float
    valid_until: float
    acts: frozenset[Act]
    hours: tuple[Window, ...] = ()
    things: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the rules know of one camera's ground.

    `quiet` are hours in which nothing is raised. `holidays` are the public holidays, Tết among
    them, as dates of the local calendar: 2027-02-06. Viet Nam has no daylight saving, so local
    time is UTC plus a fixed offset.
    """

    camera: str
    zones: tuple[Zone, ...] = ()
    permits: tuple[Permit, ...] = ()
    quiet: tuple[Window, ...] = ()
    utc_offset_minutes: int = field(default=420)
    holidays: frozenset[str] = frozenset()
