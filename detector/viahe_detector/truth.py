"""What really happens in a set of videos, as people saw it, and what a camera there watches for.

Regions and polygons are in pixels of the upright picture, times in seconds from the first one.
"""

from dataclasses import dataclass
from enum import StrEnum

from viahe_rules.domain import GROUP, THING, Act, Box, LeftByKind, Polygon
from viahe_rules.plan import Plan, Rule, Surface, Zone

STAYING = ("car", "truck", "bus", "motorcycle", GROUP)
"""What encroaches when it stays for its dwell: a bicycle leaning on a wall is let be."""
MOST_GONE_S, GONE_SHARE = 5.0, 0.5
"""Seconds a leaver must be gone, as in a ward; and the share of a shorter clip's dwell: a ward's
leaver has to be gone for a sixth of it."""
WHOLE_PICTURE: Polygon = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


class Leaver(StrEnum):
    """Who left a thing, in the words a person would use."""

    PERSON = "person"
    BICYCLE = "bicycle"
    MOTORCYCLE = "motorcycle"
    CAR = "car"
    BUS = "bus"
    TRUCK = "truck"
    VEHICLE = "vehicle"
    UNKNOWN = "unknown"

    @property
    def kind(self) -> LeftByKind:
        """The same as the rules tell leavers apart."""
        if self in (Leaver.PERSON, Leaver.UNKNOWN):
            return LeftByKind(self.value)
        return LeftByKind.VEHICLE


@dataclass(frozen=True, slots=True)
class Event:
    """One act that must be reported once.

    `region` (pixels) is where the thing lies or the vehicle stands, `leaver` the leaver's box at
    `leaver_at_s`. A dumping reported before `owner_left_s` is too early.
    """

    act: Act
    start_s: float
    region: Box
    object: str = ""
    owner_left_s: float | None = None
    end_s: float | None = None
    end_open: bool = False
    region_at_s: float | None = None
    left_by: Leaver | None = None
    leaver: Box | None = None
    leaver_at_s: float | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """A polygon in pixels in which one act is watched for."""

    name: str
    act: Act
    polygon: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Dwell:
    """Seconds of rest that count; an act without any is not watched for."""

    dumping: float | None = None
    encroachment: float | None = None


@dataclass(frozen=True, slots=True)
class Video:
    """A video and everything in it that must be reported; `size` is width and height shown.

    Without `zones` both acts are watched for in the whole picture.
    """

    file: str
    size: tuple[int, int]
    dwell_s: Dwell
    events: tuple[Event, ...]
    zones: tuple[Ground, ...] = ()
    fps: float | None = None
    duration_s: float | None = None
    camera: str = ""
    scene: str = ""
    source: str = ""
    licence: str = ""
    notes: str = ""

    def dwell(self, act: Act) -> float | None:
        """Seconds of rest that count for an act here."""
        return self.dwell_s.dumping if act is Act.DUMPING else self.dwell_s.encroachment

    def fractions(self, box: Box) -> Box:
        """A box of this video's pixels in fractions of the picture."""
        width, height = self.size
        return Box(box.left / width, box.top / height, box.right / width, box.bottom / height)

    def outline(self, zone: Ground) -> Polygon:
        """A zone's polygon in fractions of the picture."""
        width, height = self.size
        return tuple((x / width, y / height) for x, y in zone.polygon)


@dataclass(frozen=True, slots=True)
class Truth:
    """Every video of a truth file."""

    version: int
    videos: tuple[Video, ...]


def plan_of(video: Video) -> Plan:
    """What a camera on this scene would be told to watch for."""
    grounds = [(zone.name, zone.act, video.outline(zone)) for zone in video.zones]
    grounds = grounds or [(act.value, act, WHOLE_PICTURE) for act in Act]
    return Plan(
        video.file,
        tuple(
            Zone(f"{number}-{act.value}", 1, name, polygon, Surface.PAVEMENT, (rule,))
            for number, (name, act, polygon) in enumerate(grounds, start=1)
            if (rule := _rule(video, act)) is not None
        ),
    )


def _rule(video: Video, act: Act) -> Rule | None:
    dwell = video.dwell(act)
    if dwell is None:
        return None
    labels = (THING,) if act is Act.DUMPING else STAYING
    pairs = tuple((label, dwell) for label in labels)
    return Rule(act.value, act, pairs, gone=min(MOST_GONE_S, GONE_SHARE * dwell))
