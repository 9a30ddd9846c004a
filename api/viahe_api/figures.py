"""All the figures of one report: plain values that can be kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import attrgetter

from pydantic import TypeAdapter

from viahe_api.counts import Counts, Hours, Outcomes, hours_together, per_thousand_hours
from viahe_api.merged_wards import Merger
from viahe_api.periods import Period
from viahe_api.vocabulary import Source
from viahe_rules.domain import Act

COMPARABLE = 0.8
"""The least share of the expected camera hours that lets a period be compared."""
BLACK_SPOT = 3
"""A place with so many cases with sufficient grounds in the period is a black spot."""


class Uncompared(StrEnum):
    """Why a period is not compared with another one."""

    RUNNING = "running"
    COVERAGE = "coverage"


@dataclass(frozen=True, slots=True)
class WardName:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ActFigures:
    act: Act
    counts: Counts
    previous: Counts
    year_before: Counts
    outcomes: Outcomes


@dataclass(frozen=True, slots=True)
class WardOutcomes:
    """What came of one ward's cases, whichever ward their cameras stand in today."""

    ward: WardName
    outcomes: Outcomes


@dataclass(frozen=True, slots=True)
class BasisFigures:
    """Decisions to sanction that rest on one provision, as papers name it; `basis` is empty where
    none was said."""

    act: Act
    basis: str
    sanctioned: int
    fined_dong: int


@dataclass(frozen=True, slots=True)
class KindFigures:
    """What things were taken for, by whose word; `label` is empty where people reported."""

    act: Act
    label: str
    source: Source
    counts: Counts


@dataclass(frozen=True, slots=True)
class CameraFigures:
    """One camera's part, or that of what people reported of one street: then without a camera,
    its name and its hours. `by_act` has every act once. Of folded figures it is all of a source
    in a ward, and `together` how many cameras were on duty there."""

    camera_id: int | None
    ward: str
    name: str
    group: str | None
    street: str
    hours: Hours
    by_act: tuple[tuple[Act, Counts], ...]
    repeats: int
    black_spots: int
    source: Source = Source.CAMERA
    together: int | None = None

    @property
    def counts(self) -> Counts:
        return total(counts for _, counts in self.by_act)

    @property
    def on_duty(self) -> int:
        """How many cameras were to see."""
        return int(self.hours.expected > 0) if self.together is None else self.together


@dataclass(frozen=True, slots=True)
class HourFigures:
    """One local hour of the week, from Monday 00:00 on."""

    hour: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    """A place where cases with sufficient grounds were found, by the names of its camera and
    zone; both are empty for what people reported. `zone_id` is the zone's own name, `ward` where
    the camera stands: empty in figures kept before it was told."""

    camera: str
    zone: str
    group: str | None
    street: str
    act: Act
    sufficient: int
    repeats: int
    camera_id: int | None = None
    zone_id: str = ""
    ward: str = ""


@dataclass(frozen=True, slots=True)
class PlacesLeftOut:
    """What the places add up to that are not named where many wards are counted together:
    how many repeat, how often, and all their cases with sufficient grounds."""

    repeating: int = 0
    repeats: int = 0
    sufficient: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """What a report says of a period, as it stood at `taken_at`.

    `hours_previous` and `hours_year_before` are what the compared periods' cameras saw, `compared`
    which periods those are; None in figures kept before plans of rounds were looked up for it.
    `mergers` are of these wards, up to the period's end. `clocks_off` is of how many cases a
    camera's clock was off or not known; None in figures kept before several wards' were counted.

    `folded` figures are of many wards: `cameras` has one row for each ward and source, and only
    the places that repeat most are named, the others are `left_out`. `weak_together` is then how
    many cameras saw too little, and the first of their names.

    `outcomes_by_ward` has each of several wards in their order; of one ward alone it is empty.
    `sanctions_by_basis` is empty in figures kept before it was counted.
    """

    wards: tuple[WardName, ...]
    period: Period
    taken_at: datetime
    acts: tuple[ActFigures, ...]
    cameras: tuple[CameraFigures, ...]
    hours_of_week: tuple[HourFigures, ...]
    places: tuple[PlaceFigures, ...]
    hours_previous: Hours
    hours_year_before: Hours
    kinds: tuple[KindFigures, ...] = ()
    mergers: tuple[Merger, ...] = ()
    clocks_off: int | None = None
    folded: bool = False
    left_out: PlacesLeftOut = PlacesLeftOut()
    weak_together: tuple[int, tuple[str, ...]] = (0, ())
    compared: tuple[Period, Period] | None = None
    outcomes_by_ward: tuple[WardOutcomes, ...] = ()
    sanctions_by_basis: tuple[BasisFigures, ...] = ()

    @property
    def previous(self) -> Period:
        """What the period is compared with."""
        return self.compared[0] if self.compared else self.period.previous

    @property
    def year_before(self) -> Period:
        """The same period of the year before, which it is compared with too."""
        return self.compared[1] if self.compared else self.period.year_before

    @property
    def counts(self) -> Counts:
        return total(act.counts for act in self.acts)

    @property
    def by_cameras(self) -> Counts:
        """What cameras raised: hours and precision are theirs alone."""
        return total(camera.counts for camera in self.cameras if camera.source is Source.CAMERA)

    @property
    def hours(self) -> Hours:
        return hours_together(camera.hours for camera in self.cameras)

    @property
    def cameras_on_duty(self) -> int:
        return sum(camera.on_duty for camera in self.cameras)

    @property
    def weak_cameras(self) -> tuple[int, tuple[str, ...]]:
        """How many cameras saw too little to compare, and the names of the first of them; of
        several wards with the ward of each."""
        if self.folded:
            return self.weak_together
        weak = [
            f"{camera.name} ({camera.ward})" if len(self.wards) > 1 else camera.name
            for camera in self.cameras
            if camera.hours.coverage is not None and camera.hours.coverage < COMPARABLE
        ]
        return len(weak), tuple(weak)

    @property
    def repeats(self) -> int:
        return sum(place.repeats for place in self.places) + self.left_out.repeats

    @property
    def uncompared_with_previous(self) -> Uncompared | None:
        """Why it is not compared with the period before; None if it is."""
        return self._uncompared(self.hours_previous)

    @property
    def uncompared_with_year_before(self) -> Uncompared | None:
        """Why it is not compared with the same period of the year before; None if it is."""
        return self._uncompared(self.hours_year_before)

    def _uncompared(self, other: Hours) -> Uncompared | None:
        if not self.period.can_be_compared(self.taken_at):
            return Uncompared.RUNNING
        return None if _enough(self.hours) and _enough(other) else Uncompared.COVERAGE

    @property
    def per_thousand_hours(self) -> float | None:
        """The rate of all cameras together; None where they saw too little to tell one."""
        return per_thousand_hours(self.by_cameras.sufficient, self.hours)


FIGURES: TypeAdapter[Figures] = TypeAdapter(Figures)
"""Figures as JSON and back."""


def total(counts: Iterable[Counts]) -> Counts:
    """Column by column: a city's page adds up thousands, and each `+` makes an object."""
    rows = [_counted(one) for one in counts]
    return Counts(*map(sum, zip(*rows, strict=True)))


_counted = attrgetter(*Counts.__slots__)


def _enough(hours: Hours) -> bool:
    return hours.coverage is not None and hours.coverage >= COMPARABLE
