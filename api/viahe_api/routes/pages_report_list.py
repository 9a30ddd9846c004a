"""The list of reports: those left by themselves, those locked, and a form for any other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api.counted_wards import wards_of_viewer
from viahe_api.counts import Hours
from viahe_api.errors import FormFault
from viahe_api.left_reports import left_reports
from viahe_api.locks import locked_figures, locked_reports
from viahe_api.merged_wards import merged_wards
from viahe_api.period_address import read_period, write_period
from viahe_api.periods import Period, PeriodKind, local_day
from viahe_api.report_days import planned_rounds, set_closing, set_round, wards_to_keep
from viahe_api.report_keys import KEY_KEEPERS
from viahe_api.routes.edge import CheckedForm
from viahe_api.routes.typed_again import CarriedForm, only_shown
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.tables import LeftReport, LockedReport, Ward
from viahe_api.ward_hours import HoursReading
from viahe_api.web.period_form import FAULTS, KINDS, PeriodForm
from viahe_api.web.period_words import period_days, period_name

router = APIRouter(prefix="/reports")


@dataclass(frozen=True, slots=True)
class ListedReport:
    """A line of the list. Counts are those that were locked, or of when it was left; hours those
    that were locked, or as they stand. None where a locked report's figures were changed."""

    address: str
    name: str
    days: str
    ward: str
    at: datetime
    locked_by: str | None
    recorded: int | None
    sufficient: int | None
    hours: Hours | None
    coverage: float | None


def _asked(request: Request) -> PeriodForm:
    asked = request.query_params
    today = local_day(request.app.state.clock())
    return PeriodForm(
        kind=asked.get("kind", PeriodKind.MONTH.value),
        year=asked.get("year", str(today.year)),
        number=asked.get("number", str(today.month)),
        first=asked.get("first", "")[:20],
        last=asked.get("last", "")[:20],
    )


AskedPeriod = Annotated[PeriodForm, Depends(_asked)]


@router.get("")
def report_list(visit: Person, asked: AskedPeriod, kind: str = "", ward: str = "") -> Response:
    """With a `kind` the period of the form is opened, or the form says what is wrong with it."""
    if not kind:
        return _page(visit, asked, ward)
    try:
        with visit.database.reading() as session:
            narrow = wards_of_viewer(visit.viewer, ward or None)
            period = asked.period(session, narrow, now=visit.now)
    except FormFault as fault:
        return _page(visit, asked, ward, fault)
    return RedirectResponse(_address(write_period(period), ward), 303)


@router.post("/rounds", dependencies=[CarriedForm, CheckedForm])
def keep_round(
    visit: Person,
    ward: Annotated[str, Form()],
    number: Annotated[int, Form(ge=1, le=2)],
    year: Annotated[int, Form(ge=2000, le=8999)],
    first: Annotated[str, Form()] = "",
    last: Annotated[str, Form()] = "",
) -> Response:
    """Name the days of an inspection round. Raises RoleNeeded."""
    kind = PeriodKind.ROUND_1 if number == 1 else PeriodKind.ROUND_2
    asked = PeriodForm(kind.value, str(year), str(number), first[:20], last[:20])
    if only_shown(visit.request):
        return _page(visit, asked, ward, round_of=ward)
    try:
        with visit.database.writing() as session:
            set_round(session, visit.viewer, ward, kind, year, asked.days(), now=visit.now)
    except FormFault as fault:
        return _page(visit, asked, ward, fault, round_of=ward)
    return RedirectResponse("/reports?saved=true", 303)


@router.post("/closing", dependencies=[CheckedForm])
def keep_closing(
    visit: Person, ward: Annotated[str, Form()], by_cut_off: Annotated[bool, Form()]
) -> Response:
    """Say how the ward's months close. Raises RoleNeeded."""
    with visit.database.writing() as session:
        set_closing(session, visit.viewer, ward, by_cut_off=by_cut_off, now=visit.now)
    return RedirectResponse("/reports?saved=true", 303)


def _page(
    visit: SignedInVisit,
    asked: PeriodForm,
    ward: str,
    fault: FormFault | None = None,
    *,
    round_of: str = "",
) -> Response:
    """`round_of` is the ward whose inspection round `asked` is, as typed."""
    language, year = visit.language, local_day(visit.now).year
    with visit.database.reading() as session:
        narrow = wards_of_viewer(visit.viewer)
        listed = sorted(_listed(session, visit), key=lambda line: line.at, reverse=True)
        merged = merged_wards(session, narrow)
        wards = session.scalars(narrow(select(Ward).order_by(Ward.name), Ward.id)).all()
        kept = [
            (one, _days_said(visit, planned_rounds(session, narrowed, year)))
            for one in wards_to_keep(session, visit.viewer)
            for narrowed in [wards_of_viewer(visit.viewer, one.code)]
        ]
    for one, rounds in kept:
        if one.code == round_of:
            rounds[PeriodKind(asked.kind)] = (asked.first, asked.last)
    return visit.page(
        "reports.html",
        400 if fault else 200,
        listed=listed,
        fresh=[line for line in listed if not line.locked_by],
        merged=merged,
        asked=asked,
        kinds=KINDS,
        ward=ward,
        wards=wards,
        kept=kept,
        round_of=round_of,
        year=year,
        numbers={PeriodKind.ROUND_1: 1, PeriodKind.ROUND_2: 2},
        fault=language.gettext(FAULTS[fault.fault]) if fault else "",
        saved=visit.request.query_params.get("saved") == "true",
        keeps_keys=visit.viewer.holds(*KEY_KEEPERS),
    )


def _days_said(
    visit: SignedInVisit, rounds: Mapping[PeriodKind, Period]
) -> dict[PeriodKind, tuple[str, str]]:
    """The first and last day of each round, as they are typed."""
    say = visit.language.day
    return {kind: (say(round.first), say(round.last)) for kind, round in rounds.items()}


def _listed(session: Session, visit: SignedInVisit) -> Iterator[ListedReport]:
    """Each once: a report that was left and then locked is a locked one."""
    narrow = wards_of_viewer(visit.viewer)
    left = {(one.ward_id, one.period): one for one in left_reports(session, narrow)}
    for one in locked_reports(session, narrow):
        left.pop((one.ward_id, one.period), None)
        figures = locked_figures(session, one)
        yield _line(
            one,
            visit,
            one.locked_at,
            locked_by=one.locked_by.name,
            recorded=figures and figures.counts.recorded,
            sufficient=figures and figures.counts.sufficient,
            hours=figures and figures.hours,
            coverage=figures and figures.hours.coverage,
        )
    periods = {one.period: read_period(one.period) for one in left.values()}
    hours = HoursReading(session, narrow).of(list(periods.values()), now=visit.now)
    by_ward = {period: hours.by_ward(place) for place, period in enumerate(periods)}
    for draft in left.values():
        of_ward = by_ward[draft.period].get(draft.ward_id)
        yield _line(
            draft,
            visit,
            draft.left_at,
            locked_by=None,
            recorded=draft.recorded,
            sufficient=draft.sufficient,
            hours=of_ward.hours if of_ward else Hours(),
            coverage=draft.coverage,
        )


def _line(
    one: LeftReport | LockedReport, visit: SignedInVisit, at: datetime, **counts: Any
) -> ListedReport:
    period = read_period(one.period)
    name = period_name(period, visit.language)
    if period.kind is PeriodKind.CUT_OFF_MONTH:
        name = visit.language.gettext("%(month)s, by cut-off", month=name)
    return ListedReport(
        address=_address(one.period, one.ward.code),
        name=name,
        days=period_days(period, visit.language),
        ward=one.ward.name,
        at=at,
        **counts,
    )


def _address(period: str, ward: str) -> str:
    return f"/reports/{period}" + (f"?ward={ward}" if ward else "")
