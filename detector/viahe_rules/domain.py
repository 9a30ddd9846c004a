"""The records everything else speaks in.

Boxes and polygons are fractions of the picture, origin top left, x to the right, y down.
`t` is media seconds of one `run`: one uninterrupted stream of one camera. A run starts anew
after a reconnection or a jump of the stream's clock of more than two seconds. Wall time is
data attached where packets arrive (`at`, UTC seconds since 1970); only schedules, permits
and the joining of two runs read it, and no rule measures a duration with it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType, TypeAlias

Point: TypeAlias = tuple[float, float]
Polygon: TypeAlias = tuple[Point, ...]

PERSON = "person"
THING = "thing"
"""What a lasting change shows and no network has named."""
GROUP = "group"
"""Several people or goods that stay together."""
ROW = "row"
"""Several bicycles or motorcycles that stand beside each other."""
CLUSTERS = frozenset({GROUP, ROW})
"""What is one stay however many it is made of."""
TWO_WHEELED = frozenset({"bicycle", "motorcycle"})
VEHICLES = frozenset({"bicycle", "car", "motorcycle", "bus", "truck"})
CLOSED = frozenset({"car", "bus", "truck"})
PORTABLE = frozenset({"backpack", "handbag", "suitcase", "rubbish", "bin_overflow", THING})
FURNITURE = frozenset({"bench", "umbrella", "chair", "dining table", "potted plant"})


class Act(StrEnum):
    """The two acts a ward's cameras are there for."""

    DUMPING = "dumping"
    ENCROACHMENT = "encroachment"


class Health(StrEnum):
    """What one look says of the camera itself. Only looks that are fit feed the rules."""

    OK = "ok"
    DARK = "dark"
    BLOCKED = "blocked"
    DEFOCUSED = "defocused"
    MOVED = "moved"
    FROZEN = "frozen"
    CLOCK_OFF = "clock_off"

    @property
    def is_fit(self) -> bool:
        """Whether a look may be judged by: rules measure media seconds, not the camera's clock."""
        return self in (Health.OK, Health.CLOCK_OFF)


@dataclass(frozen=True, slots=True)
class Shift:
    """Where a camera's picture lastingly shows what it used to show elsewhere.

    `right` and `down` are fractions of the picture's width and height by which the middle of
    the picture has moved in it, `turn_deg` degrees clockwise, `zoom` 1 for none. A camera that
    was turned to the right shows its street farther left.
    """

    right: float = 0.0
    down: float = 0.0
    turn_deg: float = 0.0
    zoom: float = 1.0


@dataclass(frozen=True, slots=True)
class ClockOff:
    """How the clock a camera tells is wrong, in seconds to add to it for this computer's.

    `jumped_s` is by how much it was set not long ago; 0 if it was not.
    """

    offset_s: float
    jumped_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Box:
    """An upright box in fractions of the picture; `left < right`, `top < bottom`."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return max(0.0, self.width) * max(0.0, self.height)

    @property
    def centre(self) -> Point:
        return ((self.left + self.right) / 2, (self.top + self.bottom) / 2)

    @property
    def foot(self) -> Point:
        """Where the thing touches the ground: the middle of the lower edge."""
        return ((self.left + self.right) / 2, self.bottom)


Shades = NewType("Shades", str)
"""What a car, bus or truck looks like: how bright its box is in fields of an even grid, row by row,
a hexadecimal digit each, 0 for its darkest and f for its brightest. Empty is not known."""


@dataclass(frozen=True, slots=True)
class Detection:
    """One thing the network names in one look; `score` in 0..1.

    `since` is since when (media seconds, before the run where negative) a vehicle has stood in its
    place, as far as looks so far can tell. Such a one may be there by how it looks, in a look in
    which the network has not `named` it; `score` is then the best it was named with.
    """

    label: str
    score: float
    box: Box
    shades: Shades = Shades("")
    since: float | None = None
    named: bool = True


class ChangeKind(StrEnum):
    """Whether a lasting change of the background is something come or something gone."""

    LEFT = "left"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """A place that looks lastingly different from the street's own picture.

    `since` is the media second of the first look that showed it. `score` in 0..1 is how sure
    the difference is; in the looks of an `Answer` it is how much the place looks as it does
    with the thing there. One that is `remembered` is told as it was last seen: this look did
    not show its place.
    """

    box: Box
    since: float
    kind: ChangeKind
    score: float
    remembered: bool = False


@dataclass(frozen=True, slots=True)
class Observation:
    """What one look at one camera showed: the only thing rules see of a picture.

    `shift` and `clock` are the figures of the camera's health, where there is something to say:
    also of a shift too slight to matter, and of a camera whose picture is not fit for another
    reason. `shift` is None too for a camera that shows another street altogether.
    `swung` is how far to the right and down the street lies of where it lay in the first look, for
    a camera that shakes or is turned: what stands still goes with it. In the looks of an `Answer`
    it is how far the asked place lies of where it was asked about.
    """

    camera: str
    run: str
    t: float
    detections: tuple[Detection, ...] = ()
    changes: tuple[Change, ...] = ()
    health: Health = Health.OK
    at: float | None = None
    shift: Shift | None = None
    clock: ClockOff | None = None
    swung: Point = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Ask:
    """A rule's request to look back densely at `start..end` of a run, for the stay `key`.

    `closely` is from when to when its thing must have come, as far as the looks can tell: there
    every moment counts. Before and after, movers need only be followed. Where the camera has swung,
    `place` is where it lies in the picture of the media second `placed_at`.
    """

    key: str
    run: str
    start: float
    end: float
    place: Box
    closely: tuple[float, float]
    placed_at: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What looking back for the ask `key` showed, in order of time; empty if nothing was kept."""

    key: str
    camera: str
    run: str
    looks: tuple[Observation, ...] = ()


Event: TypeAlias = Observation | Answer


@dataclass(frozen=True, slots=True)
class Prepare:
    """What a rule is going to ask unless something comes between: no answer is wanted yet.

    Whoever answers may look at it while there is time, and then has less left to look at.
    """

    ask: Ask


@dataclass(frozen=True, slots=True)
class Keep:
    """Packets of `start..end` that have to outlive the ring, on account of the stay `key`."""

    key: str
    run: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Release:
    """The stay `key` ended without a suspicion: what was kept for it may go."""

    key: str


class LeftByKind(StrEnum):
    """Who or what left a thing; UNKNOWN is an honest answer."""

    PERSON = "person"
    VEHICLE = "vehicle"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LeftBy:
    """The leaver as far as it was seen: `path` is (media seconds, box), in order."""

    kind: LeftByKind
    score: float = 0.0
    gone_at: float | None = None
    path: tuple[tuple[float, Box], ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One link in the chain of what was seen; `code` has its sentence in both languages.

    `t` is the media second it happened, `value` a figure in the unit the code implies, and
    `name` a label, a zone or a permit.
    """

    code: str
    t: float | None = None
    value: float | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What the machine proposes to a person: never called a violation.

    `key` follows from what was seen alone, so that sending it again changes nothing.
    `start` is when the act began and `end` when the rule was satisfied, both in media seconds
    of `run`; `start` is negative when the stay began in an earlier run.
    """

    key: str
    act: Act
    camera: str
    run: str
    zone: str
    zone_version: int
    rule: str
    label: str
    place: Box
    start: float
    end: float
    score: float
    left_by: LeftBy | None = None
    reasons: tuple[Reason, ...] = ()
    thresholds: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A suspicion a permit or a quiet hour covers: said and counted, not reported."""

    suspicion: Suspicion
    because: str


Outcome: TypeAlias = Suspicion | Suppressed | Ask | Prepare | Keep | Release
