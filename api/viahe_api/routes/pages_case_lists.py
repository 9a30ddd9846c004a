"""The cases under the figures of reports and dashboard: for readers of cases alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from viahe_api.blind_lists import without_blind
from viahe_api.case_lines import CaseLine
from viahe_api.cell_lists import Counted, decided_by, open_cases
from viahe_api.cells import BLACK_SPOTS, Cell, cameras_at, read_cell
from viahe_api.counted_wards import Narrow, wards_of_viewer
from viahe_api.counts import Hours
from viahe_api.errors import NotFound, RoleNeeded
from viahe_api.exports.heading import heading_lines, hours_said
from viahe_api.figures import BLACK_SPOT, Figures, PlaceFigures
from viahe_api.folded_repeats import black_spots
from viahe_api.language import Language
from viahe_api.measures import cameras_anywhere
from viahe_api.period_address import write_period
from viahe_api.periods import Period, PeriodKind, local_day, period_of
from viahe_api.place_names import places_named
from viahe_api.report import Report
from viahe_api.routes.asked_report import read_report, report_query
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.second_reviews import blind_codes
from viahe_api.summary_reading import SummaryReading
from viahe_api.vocabulary import CASE_READERS, Role, Verdict
from viahe_api.web.cell_words import cell_address, cell_name
from viahe_api.web.period_words import period_days, period_name
from viahe_api.web.wording import ACTS, CASE_STATUS, VERDICTS, Status, said

router = APIRouter()

LISTED = 500
"""Lines a page shows; the workbook has them all."""


@dataclass(frozen=True, slots=True)
class ListedCase:
    """One line of the list as the page shows it."""

    address: str
    code: str
    when: str
    place: str
    act: str
    status: Status
    acted_on: str | None
    """The day it is counted by, if that is of an action."""


@dataclass(frozen=True, slots=True)
class CountedPlaces:
    """The first places under a figure, and how many there are in all."""

    places: tuple[PlaceFigures, ...]
    total: int


@router.get("/reports/{period}/cases")
def case_page(
    visit: Person,
    request: Request,
    period: str,
    place: Annotated[list[str] | None, Query()] = None,
    ward: str = "",
    merged: bool = False,
    now: bool = False,
) -> Response:
    """The cases a figure counts, as `cells.Cell` says it; `now` as the rows stand, even if the
    report is locked."""
    cell = _cell(request, place or [])
    with visit.database.reading() as session:
        # How many repeat at all is one of the figures, which also know the cameras at a place.
        head = cell != Cell("repeats") and cell.place is None
        report = read_report(session, visit, period, ward, merged, as_locked=not now, for_list=head)
        if report.under is None:
            raise RoleNeeded(*CASE_READERS)
        figures = report.figures
        if cell.of == BLACK_SPOTS:
            narrow = wards_of_viewer(visit.viewer, ward or None, with_merged=merged)
            found, places = Counted((), 0), _black_spots(session, narrow, figures, cell)
        else:
            found, places = report.under(cell, LISTED), None
    camera = found.lines[0].camera if found.lines else ""
    called = cell_name(cell, figures, visit.language, camera)
    return _page(
        visit,
        f"{called}: {period_name(figures.period, visit.language)}",
        f"/reports/{write_period(figures.period)}{report_query(ward, merged)}",
        found,
        heading_lines(report, visit.language)[1:3],
        places,
        lambda of, place: _cases_at(of, place, report, report_query(ward, merged), now=now),
        looks_first=report.looks_first,
    )


@router.get("/reports/{period}/decided")
def decided_page(
    visit: Person,
    period: str,
    by: str,
    verdict: Verdict,
    ward: str = "",
    merged: bool = False,
) -> Response:
    """The decisions of one verdict of one person. Approvers of every ward counted alone."""
    with visit.database.reading() as session:
        report = read_report(session, visit, period, ward, merged, for_list=True)
        wanted = report.figures.period
        if not report.reviewers:
            raise RoleNeeded(Role.APPROVER)
        narrow = wards_of_viewer(visit.viewer, ward or None, (Role.APPROVER,), with_merged=merged)
        reading = SummaryReading(session, narrow)
        decided = decided_by(reading, wanted, by, verdict, most=LISTED)
        blind = blind_codes(session, visit.viewer)
        found = without_blind(decided, blind)
    called = period_name(wanted, visit.language)
    return _page(
        visit,
        f"{by}, {visit.language.gettext(VERDICTS[verdict])}: {called}",
        f"/reports/{write_period(wanted)}{report_query(ward, merged)}",
        found,
        _beside(wanted, report.figures.hours, visit.language),
        looks_first=bool(blind),
    )


@router.get("/dashboard/open")
def open_page(
    visit: Person,
    age: Annotated[int, Query(ge=0, le=3)],
    ward: str = "",
    merged: bool = False,
) -> Response:
    """Open cases that have waited so long: an age as the dashboard tells them apart. Beside them
    stands what the cameras saw in this month, which is where most of them are of."""
    visit.viewer.require(*CASE_READERS)
    with visit.database.reading() as session:
        narrow = wards_of_viewer(visit.viewer, ward or None, CASE_READERS, with_merged=merged)
        reading = SummaryReading(session, narrow)
        found = open_cases(reading, age, visit.now, most=LISTED)
        month = period_of(PeriodKind.MONTH, local_day(visit.now))
        hours = reading.hours.of([month], now=visit.now).together()
    called = visit.language.gettext("Open cases")
    beside = _beside(month, hours, visit.language)
    return _page(visit, called, f"/dashboard{report_query(ward, merged)}", found, beside)


def _beside(period: Period, hours: Hours, language: Language) -> tuple[str, ...]:
    return (period_days(period, language), hours_said(hours, language))


def _cell(request: Request, place: list[str]) -> Cell:
    try:
        return read_cell(request.query_params, place)
    except ValueError as fault:
        raise NotFound(f"no figure counts {fault}") from None


def _black_spots(session: Session, narrow: Narrow, figures: Figures, cell: Cell) -> CountedPlaces:
    """In the figures, or looked up once more where those of many wards leave places out."""
    if figures.folded or cell.ward is not None:
        reading = SummaryReading(session, narrow)
        found, total = black_spots(reading, figures.period, cell.ward, most=LISTED)
        cameras = cameras_anywhere(session, {place.camera_id for place in found})
        return CountedPlaces(places_named(session, cameras, found), total)
    at = None if cell.place is None else cameras_at(cell.place, figures)
    places = tuple(
        place
        for place in figures.places
        if place.camera_id is not None
        and place.sufficient >= BLACK_SPOT
        and (at is None or place.camera_id in at)
    )
    return CountedPlaces(places, len(places))


def _cases_at(of: str, place: PlaceFigures, report: Report, scope: str, *, now: bool) -> str | None:
    cell = Cell(of, camera=place.camera_id, zone=place.zone_id, act=place.act)
    address = cell_address(report, cell, scope)
    return f"{address}&now=true" if address and now else address


def _page(
    visit: SignedInVisit,
    title: str,
    back: str,
    found: Counted,
    beside: tuple[str, ...],
    places: CountedPlaces | None = None,
    opens: Callable[[str, PlaceFigures], str | None] | None = None,
    *,
    looks_first: bool = False,
) -> Response:
    return visit.page(
        "report_cases.html",
        title=title,
        back=back,
        lines=[_line(line, day, visit) for line, day in zip_longest(found.lines, found.days)],
        by_action=bool(found.days),
        total=found.total - found.left_out,
        more=found.total - found.left_out - len(found.lines),
        looks_first=looks_first,
        beside=beside,
        places=places,
        opens=opens,
        acts=ACTS,
    )


def _line(line: CaseLine, acted_on: date | None, visit: SignedInVisit) -> ListedCase:
    language = visit.language
    several = visit.viewer.works_in_several_wards
    return ListedCase(
        address=f"/cases/{line.code}@{line.ward_code}" if several else f"/cases/{line.code}",
        code=line.code,
        when=language.moment(line.start_at),
        place=", ".join(part for part in (line.address, line.street, line.group) if part),
        act=language.gettext(ACTS[line.act]),
        status=said(language, CASE_STATUS[line.state]),
        acted_on=None if acted_on is None else language.day(acted_on),
    )
