"""A form as separated values: UTF-8 with its mark, semicolons, as Vietnamese Excel opens it."""

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from viahe_api.errors import FormFault
from viahe_api.forms.form import Form, Kind, Value
from viahe_api.language import Language, local
from viahe_api.report import Report

MARK = "\ufeff"
DANGEROUS = frozenset("=+-@\t\r")
"""What a spreadsheet would take for the beginning of a formula."""


def write_separated(report: Report, language: Language, path: Path, number: str) -> None:
    """Write one form, by its number, to `path`: a line of headings, the rows, no totals.

    Raises FormFault for a form this report has not, and TotalsDisagree.
    """
    form = next((form for form in report.forms(language) if form.number == number), None)
    if form is None:
        raise FormFault(
            "form",
            f"no form {number} here: there are 01 to 04, 05 for readers of cases, and of a locked "
            "report 06 and 07 with what changed since",
        )
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(MARK)
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow([column.heading for column in form.columns])
        writer.writerows(_cells(form))


def _cells(form: Form) -> Iterator[list[Value]]:
    """How a cell is written is asked of its column once: a list has a hundred thousand rows. The
    writer itself says whole numbers as they are, and nothing where nothing is known."""
    written = [(n, WRITTEN[column.kind]) for n, column in enumerate(form.columns)]
    told = [(n, write) for n, write in written if write is not None]
    for row in form.rows:
        cells = list(row)
        for n, write in told:
            value = cells[n]
            if value is not None:
                cells[n] = write(value)
        yield cells


def _words(value: Value) -> Value:
    return f"'{value}" if isinstance(value, str) and value[:1] in DANGEROUS else value


def _decimal(value: Value) -> Value:
    return f"{value:.1f}".replace(".", ",") if isinstance(value, float) else value


def _share(value: Value) -> Value:
    return _decimal(value * 100) if isinstance(value, float) else value


def _moment(value: Value) -> Value:
    if not isinstance(value, datetime):
        return _words(value)
    at = local(value)
    return _day(at.toordinal()) + MINUTES[at.hour * 60 + at.minute]


@lru_cache(maxsize=1 << 10)
def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).strftime("%d/%m/%Y")


MINUTES = tuple(f" {minute // 60:02}:{minute % 60:02}" for minute in range(24 * 60))
"""A tenth of what strftime takes."""
WRITTEN: Mapping[Kind, Callable[[Value], Value] | None] = MappingProxyType(
    {
        Kind.TEXT: _words,
        Kind.COUNT: None,
        Kind.HOURS: _decimal,
        Kind.SHARE: _share,
        Kind.MONEY: None,
        Kind.MOMENT: _moment,
    }
)
