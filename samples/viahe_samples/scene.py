"""A staged scene and its truth: what happens, where, when, and what must be reported of it."""

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from viahe_rules.domain import Act, Box, LeftByKind, Polygon
from viahe_rules.plan import Surface

from .actors import Actor


@dataclass(frozen=True, slots=True)
class StagedZone:
    """A piece of ground of the scene and the act that is watched for on it."""

    id: str
    name: str
    polygon: Polygon
    surface: Surface
    act: Act


@dataclass(frozen=True, slots=True)
class StagedEvent:
    """Something that must be reported once; media seconds, fractions of the picture.

    `start_s` is when the thing came to rest (the bag lies, the bus stands, the last of the
    group has stopped), `end_s` when it went away again, or the scene's end if `end_open`.
    `owner_left_s` is the first second in which the leaver stands clear of the thing by half
    its own width; reporting before it is too early. `leaver` is the leaver's box at
    `leaver_at_s`.
    """

    act: Act
    object: str
    zone: str
    region: Box
    start_s: float
    end_s: float
    end_open: bool = False
    owner_left_s: float | None = None
    left_by: LeftByKind | None = None
    leaver: Box | None = None
    leaver_at_s: float | None = None


class Light(Enum):
    """What the daylight does during a scene."""

    STEADY = "steady"
    CHANGING = "changing"
    """The exposure drifts by a quarter, and the shadow of a cloud crosses the street."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One staged clip. `size` is width and height in pixels; the street is empty until
    `quiet_s` and again, but for what was left, for the last `still_end_s`.

    `dwell_s` is the seconds of rest that count for each act here: shorter than a ward would
    set, since nobody wants to wait for a demonstration.
    """

    name: str
    title: str
    actors: tuple[Actor, ...]
    zones: tuple[StagedZone, ...]
    events: tuple[StagedEvent, ...]
    duration_s: float
    seed: int
    light: Light = Light.STEADY
    size: tuple[int, int] = (960, 540)
    fps: Fraction = Fraction(25, 2)
    quiet_s: float = 6.0
    still_end_s: float = 6.0
    dwell_s: tuple[tuple[Act, float], ...] = ((Act.DUMPING, 6.0), (Act.ENCROACHMENT, 8.0))

    @property
    def frame_count(self) -> int:
        return round(self.duration_s * self.fps)
