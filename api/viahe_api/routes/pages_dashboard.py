"""The dashboard: is it getting better, where, and can the figures be trusted."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import select

from viahe_api.cells import Cell
from viahe_api.counted_wards import wards_of_viewer
from viahe_api.counts import Counts, Hours, change, hours_together, per_thousand_hours
from viahe_api.exports.heading import standing, wards_said
from viahe_api.figures import CameraFigures, Figures, total
from viahe_api.forms.by_act import NOT_COMPARED
from viahe_api.language import Language
from viahe_api.period_address import write_period
from viahe_api.periods import Period, PeriodKind
from viahe_api.report import Report
from viahe_api.routes.asked_period import following, other_months
from viahe_api.routes.asked_report import read_report, report_query
from viahe_api.routes.visit import Person
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import Ward
from viahe_api.tallies import BY_ACT
from viahe_api.trend import open_by_age, trend
from viahe_api.vocabulary import Source
from viahe_api.web.cell_words import cell_address
from viahe_api.web.chart_titles import chart_titles
from viahe_api.web.charts import bars, heat, lengths
from viahe_api.web.definitions import DEFINITIONS, MEASURES, NAMES
from viahe_api.web.period_words import period_days, period_name
from viahe_api.web.weekdays import weekdays
from viahe_api.web.wording import ACTS
from viahe_rules.domain import Act

router = APIRouter()

PERIODS_SHOWN = 12
PLACES_SHOWN = 10
DEFINED = (
    *MEASURES,
    *("integrity_errors", "clocks_off", "rate", "precision", "repeats", "cameras", "per_camera"),
    *("hours_expected", "hours_seen", "hours_lost", "coverage"),
)
"""What the page says figures of and defines."""


@dataclass(frozen=True, slots=True)
class WardRow:
    """One ward of the roll-up: its cases, whichever ward their cameras stand in today."""

    code: str
    name: str
    counts: Counts
    by_cameras: Counts
    hours: Hours
    cameras: int

    @property
    def per_thousand_hours(self) -> float | None:
        return per_thousand_hours(self.by_cameras.sufficient, self.hours)


@router.get("/dashboard")
def dashboard(visit: Person, period: str = "", ward: str = "", merged: bool = False) -> Response:
    """`period` as in report addresses, this calendar month by default; `ward` by its code, and
    `merged` with those that went into it."""
    with visit.database.reading() as session:
        report = read_report(session, visit, period, ward, merged)
        wanted = report.figures.period
        narrow = wards_of_viewer(visit.viewer, ward or None, with_merged=merged)
        reading = report.reading or SummaryReading(session, narrow)
        points = trend(reading, wanted, PERIODS_SHOWN, now=visit.now)
        ages = open_by_age(session, narrow, visit.now)
        by_ward = reading.counts(wanted, BY_ACT, "ward_id")
        codes = dict(session.execute(narrow(select(Ward.id, Ward.code), Ward.id)).all())
    figures, language = report.figures, visit.language
    one = figures.wards[0].code if len(figures.wards) == 1 else ward
    scope = report_query(one, merged)
    return visit.page(
        "dashboard.html",
        report=report,
        figures=figures,
        wards_said=wards_said(figures, language),
        period=write_period(wanted),
        ward=ward,
        called=period_name(wanted, language),
        by_cut_off=wanted.kind is PeriodKind.CUT_OFF_MONTH,
        days=period_days(wanted, language),
        finding=_finding(figures, language),
        links=_links(figures, ward, merged, visit),
        query=report_query(ward, merged),
        columns=[*(language.gettext(ACTS[act]) for act in Act), language.gettext("Grand total")],
        rows=list(_rows(report, language, scope)),
        definitions=DEFINITIONS,
        names=NAMES,
        defined=DEFINED,
        standing=standing(report, language),
        hours=figures.hours,
        rate=figures.per_thousand_hours,
        precision=figures.by_cameras.precision,
        reading=report.under is not None,
        opens=lambda of, **asked: cell_address(report, Cell(of, **asked), scope),
        then=[_trend_address(report, point.period, scope) for point in points],
        bars=bars(points, language),
        weekdays=weekdays(language),
        heat=heat({hour.hour: hour.counts.recorded for hour in figures.hours_of_week}),
        places=[place for place in figures.places if place.repeats][:PLACES_SHOWN],
        acts=ACTS,
        ages=list(zip(_ages(language), ages, lengths(ages), strict=True)),
        titles=chart_titles(figures, ages, language),
        wards=_wards(figures, {codes[of]: counts for (of,), counts in by_ward.items()}),
    )


def _finding(figures: Figures, language: Language) -> str:
    """The comparison in one sentence, or why there is none."""
    say, now = language.gettext, figures.counts.sufficient
    before = sum(act.previous.sufficient for act in figures.acts)
    if why := figures.uncompared_with_previous:
        return say(NOT_COMPARED[why])
    words = {
        "before": language.number(before),
        "now": language.number(now),
        "hours": change_said(figures.hours.seen, figures.hours_previous.seen, language),
    }
    if now > before:
        return say(
            "Sufficient grounds rose from %(before)s to %(now)s against the period before; "
            "camera hours %(hours)s.",
            **words,
        )
    if now < before:
        return say(
            "Sufficient grounds fell from %(before)s to %(now)s against the period before; "
            "camera hours %(hours)s.",
            **words,
        )
    return say("Sufficient grounds: %(now)s, as many as in the period before.", **words)


def change_said(now: float, before: float, language: Language) -> str:
    """ "+3,1 %" or "–" of nothing."""
    share = change(round(now), round(before))
    if share is None:
        return "–"
    return f"{'+' if share > 0 else ''}{language.number(share * 100, 1)} %"


def _ages(language: Language) -> tuple[str, ...]:
    """What `trend.AGES` tell apart."""
    say = language.gettext
    return (say("Under 1 day"), say("1 to 3 days"), say("3 to 7 days"), say("Over 7 days"))


def _links(figures: Figures, ward: str, merged: bool, visit: Person) -> dict[str, str | None]:
    period = figures.period
    later, other = following(period, visit.now), other_months(period, visit.now)
    to = {"earlier": figures.previous, "later": later, "other": other}
    scope = report_query(ward, merged).replace("?", "&")
    return {
        name: None if found is None else f"/dashboard?period={write_period(found)}{scope}"
        for name, found in to.items()
    }


def _rows(report: Report, language: Language, scope: str) -> Iterator[dict[str, Any]]:
    """Each measure with its count for each act and in all; an address opens what it counts."""
    figures = report.figures
    columns = [(act.act.value, act.counts) for act in figures.acts]
    columns.append(("total", figures.counts))
    for name, word in MEASURES.items():
        yield {
            "name": name,
            "word": language.gettext(word),
            "definition": language.gettext(DEFINITIONS[name]),
            "cells": [
                (column, getattr(counts, name), _address(report, name, column, scope))
                for column, counts in columns
            ],
        }


def _address(report: Report, measure: str, column: str, scope: str) -> str | None:
    act = None if column == "total" else Act(column)
    return cell_address(report, Cell(measure, act=act), scope)


def _trend_address(report: Report, period: Period, scope: str) -> str | None:
    """The trend counts every period from the rows, locked or not."""
    if report.under is None:
        return None
    joined = scope.replace("?", "&")
    return f"/reports/{write_period(period)}/cases?of=sufficient&now=true{joined}"


def _wards(figures: Figures, counts: Mapping[str, Counts]) -> list[WardRow]:
    """Where several are counted, a row for each."""
    if len(figures.wards) == 1:
        return []
    standing: defaultdict[str, list[CameraFigures]] = defaultdict(list)
    for camera in figures.cameras:
        standing[camera.ward].append(camera)
    rows = []
    for ward in figures.wards:
        cameras = standing[ward.name]
        by_cameras = [one.counts for one in cameras if one.source is Source.CAMERA]
        rows.append(
            WardRow(
                ward.code,
                ward.name,
                counts.get(ward.code, Counts()),
                total(by_cameras),
                hours_together(camera.hours for camera in cameras),
                sum(camera.on_duty for camera in cameras),
            )
        )
    return rows
