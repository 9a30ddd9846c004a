"""A figure of a report told by what it counts, so that it can open the cases under it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from operator import attrgetter
from types import MappingProxyType
from typing import TypeAlias
from urllib.parse import urlencode

from viahe_api.case_lines import CaseLine
from viahe_api.counted_rows import SYNCHRONISED_S
from viahe_api.figures import Figures
from viahe_api.language import local
from viahe_api.vocabulary import UNCONCLUDED_STATES, CaseState, Handling, Source
from viahe_rules.domain import Act

Place: TypeAlias = tuple[str, str, str]
"""Ward, tổ dân phố and street as a form names them; empty where not known."""

STATES: Mapping[str, frozenset[CaseState]] = MappingProxyType(
    {
        "recorded": frozenset(CaseState) - {CaseState.INTEGRITY_ERROR},
        "sufficient": frozenset({CaseState.SUFFICIENT}),
        "insufficient": frozenset({CaseState.INSUFFICIENT}),
        "not_violation": frozenset({CaseState.NOT_VIOLATION}),
        "duplicate": frozenset({CaseState.DUPLICATE}),
        "in_verification": frozenset(UNCONCLUDED_STATES),
        "reviewed": frozenset(
            {CaseState.SUFFICIENT, CaseState.INSUFFICIENT, CaseState.NOT_VIOLATION}
        ),
        "repeats": frozenset({CaseState.SUFFICIENT}),
        "clocks_off": frozenset(CaseState) - {CaseState.INTEGRITY_ERROR},
        "integrity_errors": frozenset({CaseState.INTEGRITY_ERROR}),
    }
)
"""Measures that count cases by the time of the act, and the states each counts."""

OUTCOMES: Mapping[str, Handling] = MappingProxyType(
    {
        "reminded": Handling.REMINDED,
        "committed": Handling.COMMITTED,
        "record_drawn_up": Handling.RECORDED,
        "sanctioned": Handling.SANCTIONED,
        "complied": Handling.COMPLIED,
    }
)
"""Measures that count cases by the day of an action, and the step each counts."""

LISTED_APART = (*OUTCOMES, "integrity_errors")
"""Measures whose cases a report's own list has not, or not all of them."""
BLACK_SPOTS = "black_spots"
"""The one measure that counts places."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What is counted (`of`), and of which cases; None is all. `ward` is a code, `weekday` 0 on
    Mondays, `hour` that of the local day, `basis` the provision a decision to sanction rests on,
    empty where none was said."""

    of: str = "recorded"
    act: Act | None = None
    ward: str | None = None
    camera: int | None = None
    zone: str | None = None
    place: Place | None = None
    source: Source | None = None
    label: str | None = None
    weekday: int | None = None
    hour: int | None = None
    basis: str | None = None

    def counting(self, column: "Cell") -> "Cell":
        """This row where it meets a column."""
        pairs = zip(_values(column), _values(self), strict=True)
        return Cell(*[own if asked is None else asked for asked, own in pairs])

    @property
    def query(self) -> str:
        """As addresses have it; `read_cell` reads it back."""
        return _query(_values(self))

    def query_counting(self, column: "Cell") -> str:
        """The query of `counting`: a city's page asks thousands, and no cell need be made."""
        pairs = zip(_values(column), _values(self), strict=True)
        return _query([own if asked is None else asked for asked, own in pairs])

    def holds(self, line: CaseLine, figures: Figures) -> bool:
        """Whether a line of the report's list is counted here, outcomes and places left aside."""
        return (
            line.state in STATES.get(self.of, STATES["recorded"])
            and (self.of != "repeats" or line.repeats)
            and (self.of != "clocks_off" or _clock_off(line))
            and self._is_of(line)
            and self._began_in(line)
            and (self.place is None or seat_of(line, figures) == self.place)
        )

    def _is_of(self, line: CaseLine) -> bool:
        """`camera` and `zone` are those of cases a camera raised."""
        pairs = (
            (self.act, line.act),
            (self.ward, line.ward_code),
            (self.camera, line.camera_id),
            (self.zone, line.zone),
            (self.source, line.source),
            (self.label, line.label),
            (self.basis, line.basis or ""),
        )
        return all(asked is None or asked == found for asked, found in pairs)

    def _began_in(self, line: CaseLine) -> bool:
        began = local(line.start_at)
        return self.weekday in {None, began.weekday()} and self.hour in {None, began.hour}


def _clock_off(line: CaseLine) -> bool:
    """As `counted_rows.clock_off` counts it."""
    off = line.clock_offset_s is None or abs(line.clock_offset_s) > SYNCHRONISED_S
    return off and line.source is Source.CAMERA


FIELDS = tuple(field.name for field in fields(Cell))
ADDRESSED: Mapping[str, str] = MappingProxyType({"ward": "in"})
"""In addresses of reports `ward` is the whole report's."""
_values = attrgetter(*FIELDS)


def _query(values: Iterable[object]) -> str:
    asked = zip(FIELDS, values, strict=True)
    return "&".join([_addressed(name, value) for name, value in asked if value is not None])


@lru_cache(maxsize=1 << 12)
def _addressed(name: str, value: object) -> str:
    """A page opens thousands of lists, and asks the same of many."""
    return urlencode({ADDRESSED.get(name, name): value}, doseq=True)


def seat_of(line: CaseLine, figures: Figures) -> Place:
    """Where a form counts the case: at its camera, or where people said it was."""
    if line.camera_id is not None:
        for camera in figures.cameras:
            if camera.camera_id == line.camera_id:
                return camera.ward, camera.group or "", camera.street
    names = {ward.code: ward.name for ward in figures.wards}
    return names.get(line.ward_code, ""), line.reported_group or "", line.street


def cameras_at(place: Place, figures: Figures) -> frozenset[int]:
    """The cameras a form counts at a place."""
    return frozenset(
        camera.camera_id
        for camera in figures.cameras
        if camera.camera_id is not None
        and (camera.ward, camera.group or "", camera.street) == place
    )


def read_cell(asked: Mapping[str, str], place: Sequence[str]) -> Cell:
    """The cell an address names. Raises ValueError for what is none."""
    of = asked.get("of", "recorded")
    if of not in {*STATES, *OUTCOMES, BLACK_SPOTS} or len(place) not in {0, 3}:
        raise ValueError(of)
    act, source = asked.get("act"), asked.get("source")
    return Cell(
        of=of,
        act=Act(act) if act else None,
        ward=asked.get("in"),
        camera=_whole(asked, "camera"),
        zone=asked.get("zone"),
        place=(place[0], place[1], place[2]) if place else None,
        source=Source(source) if source else None,
        label=asked.get("label"),
        weekday=_whole(asked, "weekday"),
        hour=_whole(asked, "hour"),
        basis=asked.get("basis"),
    )


def _whole(asked: Mapping[str, str], name: str) -> int | None:
    text = asked.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise ValueError(text)
    return int(text)
