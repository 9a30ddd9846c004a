"""A report as JSON for officials' own tools: the figures as they are, times in UTC."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from viahe_api.adjustments import Adjustment
from viahe_api.case_lines import CaseLine
from viahe_api.counts import change
from viahe_api.figures import FIGURES, Figures, total
from viahe_api.forms.agreement import agreeing
from viahe_api.outcome_adjustments import Entered, OutcomeAdjustment
from viahe_api.period_address import write_period
from viahe_api.report import Report
from viahe_api.since_locked import SinceLocked

LINES_AT_ONCE = 500
CASE_LINES: TypeAdapter[list[CaseLine]] = TypeAdapter(list[CaseLine])
NEXT, APART = b'},{"ward_code":', b'},\n{"ward_code":'
"""Between two cases, and nowhere within one: quotes within a word are written with a stroke."""


def write_data(report: Report, path: Path) -> None:
    """Write the report to `path`; the cases line by line, however many. Raises TotalsDisagree."""
    with path.open("wb") as file:
        file.writelines(data_pieces(report))


def _compared(figures: Figures) -> dict[str, object]:
    """Sufficient grounds against both other periods. `change` is the share it grew by, null where
    they are not compared, for `why_not`, or there was nothing."""
    now = figures.counts.sufficient
    return {
        name: {
            "period": write_period(period),
            "sufficient": before,
            "change": None if why_not else change(now, before),
            "why_not": why_not,
            "hours_seen": hours.seen,
            "hours_lost": hours.lost,
        }
        for name, period, before, why_not, hours in (
            (
                "previous",
                figures.previous,
                total(act.previous for act in figures.acts).sufficient,
                figures.uncompared_with_previous,
                figures.hours_previous,
            ),
            (
                "year_before",
                figures.year_before,
                total(act.year_before for act in figures.acts).sufficient,
                figures.uncompared_with_year_before,
                figures.hours_year_before,
            ),
        )
    }


def data_pieces(report: Report) -> Iterator[bytes]:
    """The JSON in pieces, in UTF-8: lines come so from pydantic, and go so into a file."""
    figures = report.figures
    head = {
        "period": write_period(figures.period),
        "start": figures.period.start.isoformat(),
        "end": figures.period.end.isoformat(),
        "locked_at": report.locked_at and report.locked_at.isoformat(),
        "locked_by": report.locked_by,
        "totals": {
            **{name: getattr(figures.counts, name) for name in figures.counts.__slots__},
            "repeats": figures.repeats,
            "hours_expected": figures.hours.expected,
            "hours_seen": figures.hours.seen,
            "hours_lost": figures.hours.lost,
        },
        "compared": _compared(figures),
        "figures": FIGURES.dump_python(figures, mode="json"),
        "changed_since_locked": [
            {
                "act": change.act,
                "measure": change.measure,
                "locked": change.before,
                "now": change.after,
            }
            for change in (report.since.figures if report.since else ())
        ],
    }
    if (decided := report.decided()) is not None:
        head["decided"] = [
            {"reviewer": one.reviewer, "verdict": one.verdict, "count": one.count}
            for one in decided
        ]
    if report.lines is not None and report.since is not None:
        head["cases_changed_since_locked"] = [*_cases_changed(report.since, report.reviewers)]
    text = json.dumps(head, ensure_ascii=False).encode()
    if report.lines is None:
        yield text + b"\n"
        return
    yield text[:-1] + b', "cases": ['
    begun, said = False, agreeing(report.lines(), figures)
    hidden = None if report.reviewers else {"__all__": {"reviewer"}}
    while batch := list(islice(said, LINES_AT_ONCE)):
        data = CASE_LINES.dump_json(batch, exclude=hidden)[1:-1]
        yield (b",\n" if begun else b"\n") + data.replace(NEXT, APART)
        begun = True
    yield b"]}\n"


def _cases_changed(since: SinceLocked, reviewers: bool) -> Iterator[dict[str, Any]]:
    """`what` changed is the case's state, or an outcome; None stands for what was not counted."""
    for one in since.cases:
        yield _case_changed(one, "state", one.before, one.after, reviewers)
    for outcome in since.outcomes:
        before, after = (_outcome(entered) for entered in (outcome.before, outcome.after))
        yield _case_changed(outcome, outcome.step, before, after, reviewers)


def _case_changed(
    one: Adjustment | OutcomeAdjustment, what: str, before: Any, after: Any, reviewers: bool
) -> dict[str, Any]:
    why = one.why
    told = {
        "code": one.code,
        "act": one.act,
        "start_at": one.start_at.isoformat(),
        "what": what,
        "locked": before,
        "now": after,
        "cause": why.cause,
        "at": why.at and why.at.isoformat(),
        "reason": why.reason,
        "note": why.note,
    }
    return {**told, "by": why.by} if reviewers else told


def _outcome(entered: Entered | None) -> dict[str, Any] | None:
    if entered is None:
        return None
    day = entered.day and entered.day.isoformat()
    return {"day": day, "number": entered.number, "amount": entered.amount}
