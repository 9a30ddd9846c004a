"""A report as JSON for officials' own tools: the figures as they are, times in UTC."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pydantic import TypeAdapter

from viahe_api.case_lines import CaseLine
from viahe_api.errors import TotalsDisagree
from viahe_api.figures import FIGURES
from viahe_api.period_address import write_period
from viahe_api.report import Report

LINES_AT_ONCE = 500
CASE_LINES: TypeAdapter[list[CaseLine]] = TypeAdapter(list[CaseLine])
NEXT = '},{"ward_code":'
"""Between two cases, and nowhere within one: quotes within a word are written with a stroke."""


def write_data(report: Report, path: Path) -> None:
    """Write the report to `path`; the cases line by line, however many. Raises TotalsDisagree."""
    with path.open("w", encoding="utf-8") as file:
        for piece in data_pieces(report):
            file.write(piece)


def data_pieces(report: Report) -> Iterator[str]:
    """The JSON text in pieces."""
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
    text = json.dumps(head, ensure_ascii=False)
    if report.lines is None:
        yield text + "\n"
        return
    yield text[:-1] + ', "cases": ['
    count, said = 0, report.lines()
    hidden = None if report.reviewers else {"__all__": {"reviewer"}}
    while batch := list(islice(said, LINES_AT_ONCE)):
        data = CASE_LINES.dump_json(batch, exclude=hidden)[1:-1].decode()
        yield ("," if count else "") + "\n" + data.replace(NEXT, NEXT.replace(",", ",\n"))
        count += len(batch)
    if count != figures.counts.recorded:
        raise TotalsDisagree(f"{count} cases, but the report has {figures.counts.recorded}")
    yield "]}\n"
