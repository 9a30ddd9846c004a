"""A month's counts, beside the hours its cameras saw."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from viahe_api.errors import NotFound
from viahe_api.language import N_, Language
from viahe_api.months import LOCAL, Month, month_of, read_month
from viahe_api.records import ActCounts, MonthCounts
from viahe_api.reports import month_counts
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.web.wording import ACTS
from viahe_rules.domain import Act

router = APIRouter()

COMPARABLE = 0.8
"""The least share of the expected camera hours that lets a month be compared."""


MEASURES: Mapping[str, str] = MappingProxyType(
    {
        "recorded": N_("Recorded"),
        "sufficient": N_("Sufficient grounds"),
        "insufficient": N_("Insufficient grounds"),
        "not_violation": N_("Not a violation"),
        "duplicate": N_("Duplicate"),
        "in_verification": N_("Being verified"),
    }
)
"""The fields of ActCounts, in the order of the table."""


@dataclass(frozen=True, slots=True)
class Cell:
    """`column` is an act or "total"."""

    column: str
    count: int


@dataclass(frozen=True, slots=True)
class CountRow:
    """One measure; `name` is its field of ActCounts."""

    name: str
    word: str
    cells: tuple[Cell, ...]


@router.get("/dashboard")
def this_month(visit: Person) -> Response:
    """The month that is running."""
    return _page(visit, month_of(visit.now))


@router.get("/reports/{month}")
def one_month(visit: Person, month: str) -> Response:
    """The month an address like /reports/2026-11 names."""
    try:
        wanted = read_month(month)
    except ValueError as fault:
        raise NotFound(str(fault)) from None
    return _page(visit, wanted)


def _page(visit: SignedInVisit, month: Month) -> Response:
    with visit.database.reading() as session:
        counts = month_counts(session, visit.viewer, month, now=visit.now)
    language = visit.language
    running = month >= month_of(visit.now)
    return visit.page(
        "month.html",
        counts=counts,
        month=language.month(month.year, month.month),
        period=_period(language, counts),
        earlier=str(month.previous),
        later=None if running else str(month.following),
        columns=[*(language.gettext(ACTS[act]) for act in Act), language.gettext("Grand total")],
        rows=list(_rows(language, counts)),
        **_coverage(language, counts),
    )


def _period(language: Language, counts: MonthCounts) -> str:
    """The first and the last day, both belonging to it."""
    first = counts.start.astimezone(LOCAL).date()
    last = counts.end.astimezone(LOCAL).date() - timedelta(days=1)
    return language.gettext(
        "From %(first)s to %(last)s.", first=language.day(first), last=language.day(last)
    )


def _rows(language: Language, counts: MonthCounts) -> Iterator[CountRow]:
    by_act = dict(counts.by_act)
    columns = [(act.value, by_act.get(act, ActCounts())) for act in Act]
    columns.append(("total", counts.total))
    for name, word in MEASURES.items():
        cells = tuple(Cell(column, getattr(found, name)) for column, found in columns)
        yield CountRow(name, language.gettext(word), cells)


def _coverage(language: Language, counts: MonthCounts) -> dict[str, Any]:
    expected, seen = counts.expected_hours, counts.seen_hours
    share = seen / expected if expected else None
    rate = counts.total.sufficient / seen * 1000 if seen else None
    return {
        "coverage": None if share is None else language.number(share * 100, 1),
        "low_coverage": share is not None and share < COMPARABLE,
        "rate": None if rate is None else language.number(rate, 1),
    }
