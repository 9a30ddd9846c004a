"""A form as separated values: UTF-8 with its mark, semicolons, as Vietnamese Excel opens it.

A list has a hundred thousand rows, so it is written column by column, some hundred rows at once:
what a column says again is looked up, and whether a cell needs quotes is asked of words alone.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from viahe_api.errors import FormFault
from viahe_api.exports.heading import lines_above
from viahe_api.exports.said_once import SaidOnce, Words
from viahe_api.forms.form import Column, Form, Kind, Row, Value
from viahe_api.language import Language, local
from viahe_api.report import Report

Written: TypeAlias = Callable[[Sequence[Value]], Iterable[str]]
"""A column's cells, written."""

MARK = "\ufeff"
DANGEROUS = frozenset("=+-@\t\r")
"""What a spreadsheet would take for the beginning of a formula."""
BETWEEN, LINE_END = ";", "\r\n"
ROWS_AT_ONCE = 500
_NEEDS_QUOTES = re.compile('[;"\r\n]')
_ODD = re.compile('[;"\r]|^[=+@\t-]', re.MULTILINE)
"""What makes one of many words, a line each, quoted or dangerous."""


def write_separated(
    report: Report, language: Language, path: Path, number: str, *, headed: bool
) -> None:
    """Write one form, by its number, to `path`: a line of headings, the rows, no totals. `headed`,
    what stands above every table comes first, camera hours among it, and an empty line.

    Raises FormFault for a form this report has not, and TotalsDisagree.
    """
    form = next((form for form in report.forms(language) if form.number == number), None)
    if form is None:
        raise FormFault(
            "form",
            f"no form {number} here: there are 01 to 04, 05 for readers of cases, 08 for "
            "approvers, and of a locked report 06 and 07 with what changed since",
        )
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(MARK)
        if headed:
            above = lines_above(form, report, language)
            file.write(LINE_END.join([*map(_words, above), "", ""]))
        file.write(
            BETWEEN.join(_quoted(column.heading_with_unit) for column in form.columns) + LINE_END
        )
        file.writelines(written_rows(form))


def written_rows(form: Form) -> Iterator[str]:
    """The lines below the headings, some hundred in each piece."""
    written, rows = [_written(column) for column in form.columns], iter(form.rows)
    while some := list(islice(rows, ROWS_AT_ONCE)):
        yield LINE_END.join(map(BETWEEN.join, zip(*_cells(written, some), strict=True))) + LINE_END


def _cells(written: Sequence[Written], rows: Sequence[Row]) -> Iterator[Iterable[str]]:
    for write, values in zip(written, zip(*rows, strict=True), strict=True):
        yield write(values)


def _written(column: Column) -> Written:
    """Most words and fines come again, and are remembered."""
    if column.kind is Kind.TEXT:
        return Words(_words, _as_they_are)
    write: Callable[[Value], str] = {
        Kind.MONEY: SaidOnce(_plain).__getitem__,
        Kind.HOURS: _decimal,
        Kind.SHARE: _share,
        Kind.MOMENT: _moment,
    }.get(column.kind, _plain)
    return partial(map, write)


def _plain(value: Value) -> str:
    """Nothing where nothing is known."""
    if isinstance(value, str):
        return _quoted(value)
    return "" if value is None else str(value)


def _words(value: Value) -> str:
    if not isinstance(value, str):
        return _plain(value)
    return _quoted(f"'{value}" if value[:1] in DANGEROUS else value)


def _as_they_are(words: Sequence[str]) -> Sequence[str] | None:
    """Where none of them needs anything."""
    lines = "\n".join(words)
    plain = lines.count("\n") == len(words) - 1 and not _ODD.search(lines)
    return words if plain else None


def _quoted(text: str) -> str:
    """As `csv` and spreadsheets read them back: a quote within is said twice."""
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text


def _decimal(value: Value) -> str:
    return f"{value:.1f}".replace(".", ",") if isinstance(value, float) else _plain(value)


def _share(value: Value) -> str:
    return _decimal(value * 100) if isinstance(value, float) else _plain(value)


def _moment(value: Value) -> str:
    if not isinstance(value, datetime):
        return _words(value)
    at = local(value)
    return _day(at.toordinal()) + MINUTES[at.hour * 60 + at.minute]


@lru_cache(maxsize=1 << 10)
def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).strftime("%d/%m/%Y")


MINUTES = tuple(f" {minute // 60:02}:{minute % 60:02}" for minute in range(24 * 60))
"""A tenth of what strftime takes."""
