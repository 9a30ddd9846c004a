"""The dashboard: is it getting better, where, and can the figures be trusted."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from viahe_api.counted_wards import wards_of_viewer
from viahe_api.counts import Counts, Hours, change
from viahe_api.figures import CameraFigures, Figures
from viahe_api.language import Language
from viahe_api.period_address import write_period
from viahe_api.periods import Period, PeriodKind
from viahe_api.report import Report
from viahe_api.report_reading import viewer_report
from viahe_api.routes.asked_period import asked_period, following, other_months
from viahe_api.routes.visit import Person
from viahe_api.trend import open_by_age, trend
from viahe_api.web.charts import bars, heat
from viahe_api.web.definitions import DEFINITIONS, MEASURES
from viahe_api.web.period_words import period_days, period_name
from viahe_api.web.weekdays import weekdays
from viahe_api.web.wording import ACTS
from viahe_rules.domain import Act

router = APIRouter()

PERIODS_SHOWN = 12
PLACES_SHOWN = 10


@dataclass(slots=True)
class WardRow:
    """One ward of the roll-up."""

    name: str
    counts: Counts = field(default_factory=Counts)
    hours: Hours = field(default_factory=Hours)
    cameras: int = 0

    def add(self, camera: CameraFigures) -> None:
        self.counts += camera.counts
        self.hours += camera.hours
        self.cameras += camera.hours.expected > 0


@router.get("/dashboard")
def dashboard(visit: Person, period: str = "", ward: str = "") -> Response:
    """`period` as in report addresses, this calendar month by default; `ward` by its code."""
    wanted = asked_period(period, visit.now)
    with visit.database.reading() as session:
        report = viewer_report(session, visit.viewer, wanted, now=visit.now, ward_code=ward or None)
        narrow = wards_of_viewer(visit.viewer, ward or None)
        points = trend(session, narrow, wanted, PERIODS_SHOWN, now=visit.now)
        ages = open_by_age(session, narrow, visit.now)
    figures, language = report.figures, visit.language
    return visit.page(
        "dashboard.html",
        report=report,
        figures=figures,
        period=write_period(wanted),
        ward=ward,
        called=period_name(wanted, language),
        by_cut_off=wanted.kind is PeriodKind.CUT_OFF_MONTH,
        days=period_days(wanted, language),
        finding=_finding(figures, language),
        links=_links(wanted, ward, visit),
        columns=[*(language.gettext(ACTS[act]) for act in Act), language.gettext("Grand total")],
        rows=list(_rows(report, language)),
        definitions=DEFINITIONS,
        rate=figures.per_thousand_hours,
        precision=figures.counts.precision,
        bars=bars(points, language),
        weekdays=weekdays(language),
        heat=heat({hour.hour: hour.counts.recorded for hour in figures.hours_of_week}),
        places=[place for place in figures.places if place.repeats][:PLACES_SHOWN],
        acts=ACTS,
        ages=ages,
        wards=_wards(figures) if len(figures.wards) > 1 else (),
    )


def _finding(figures: Figures, language: Language) -> str:
    """The comparison in one sentence, or why there is none."""
    say, now = language.gettext, figures.counts.sufficient
    before = sum(act.previous.sufficient for act in figures.acts)
    if not figures.compares_with_previous:
        return say("Coverage under 80 %: not compared.")
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


def _links(period: Period, ward: str, visit: Person) -> dict[str, str | None]:
    later, other = following(period, visit.now), other_months(period, visit.now)
    to = {"earlier": period.previous, "later": later, "other": other}
    pairs = [("ward", ward)] if ward else []
    return {
        name: None
        if found is None
        else "/dashboard?" + urlencode([("period", write_period(found)), *pairs])
        for name, found in to.items()
    }


def _rows(report: Report, language: Language) -> Iterator[dict[str, Any]]:
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
                (column, getattr(counts, name), list_address(report, name, column))
                for column, counts in columns
            ],
        }


def list_address(report: Report, measure: str, column: str) -> str | None:
    """Where the cases of a figure are listed, for who may read them."""
    if report.lines is None:
        return None
    asked = {"of": measure, "act": "" if column == "total" else column}
    if len(report.figures.wards) == 1:
        asked["ward"] = report.figures.wards[0].code
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"/reports/{write_period(report.figures.period)}/cases?{query}"


def _wards(figures: Figures) -> list[WardRow]:
    rows: defaultdict[str, WardRow] = defaultdict(lambda: WardRow(""))
    for ward in figures.wards:
        rows[ward.name].name = ward.name
    for camera in figures.cameras:
        rows[camera.ward].add(camera)
    return [row for row in rows.values() if row.name]
