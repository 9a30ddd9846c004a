"""A report as an XLSX workbook: a sheet for each form, real numbers, days and formulas."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from viahe_api.exports.heading import heading_lines, lines_above
from viahe_api.exports.poured_rows import LINE_POINTS, lines_of, pour
from viahe_api.forms.form import Column, Form, Kind, Row, Value
from viahe_api.language import Language, local
from viahe_api.report import Report

NUMBER_FORMATS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.TEXT: "@",
        Kind.COUNT: "#,##0",
        Kind.HOURS: "#,##0.0",
        Kind.SHARE: "0.0%",
        Kind.MONEY: "#,##0",
        Kind.MOMENT: "dd/mm/yyyy hh:mm",
    }
)
"""As Excel stores them; it shows them by the reader's own separators."""
FONT = {"font_name": "Times New Roman", "font_size": 11}
PAPER_A4 = 9
NOTHING = "–"
LINES_OF_A_PAGE = 30
SHEET_ROWS = 1_048_576
"""No sheet of the format has more."""
ROWS_BESIDE = 40
"""Room for what stands above and below a list."""
HEAD_POINTS = 62
"""Four lines of a heading."""


def write_workbook(report: Report, language: Language, path: Path) -> None:
    """Write the report to `path`, row by row: memory stays flat however long Biểu 05 is.

    Raises TotalsDisagree; what was written until then is to be thrown away.
    """
    forms, drawn = _that_fit(report, report.forms(language), language), BytesIO()
    listed = next((place for place, form in enumerate(forms) if _is_list(form)), None)
    line = _draw(report, forms, language, drawn)
    if listed is None:
        path.write_bytes(drawn.getvalue())
    else:
        pour(drawn, path, listed + 1, line, forms[listed].columns, forms[listed].rows)


def _that_fit(report: Report, forms: Iterable[Form], language: Language) -> tuple[Form, ...]:
    """The forms; in place of a list that no sheet could hold, where it is to be had."""
    count = report.figures.counts.recorded
    if count <= SHEET_ROWS - ROWS_BESIDE:
        return tuple(forms)
    told = language.ngettext(
        "This list has %(n)s case, more than a sheet can hold: take it as CSV, form 05.",
        "This list has %(n)s cases, more than a sheet can hold: take it as CSV, form 05.",
        count,
    )
    return tuple(
        replace(form, rows=(), totals=None, notes=(told, *form.notes)) if _is_list(form) else form
        for form in forms
    )


def _is_list(form: Form) -> bool:
    """Rows that are read as they come are too many to be drawn cell by cell."""
    return not isinstance(form.rows, Sequence)


def _draw(report: Report, forms: Iterable[Form], language: Language, target: BytesIO) -> int:
    """Write the workbook, its list with one row alone; returns the line of that row, 0 without."""
    with xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"title": heading_lines(report, language)[0]})
        looks, line = _Looks(book), 0
        for form in forms:
            sheet = book.add_worksheet(language.gettext("Form %(number)s", number=form.number))
            for place, column in enumerate(form.columns):
                sheet.set_column(place, place, column.width)
            first = _write(sheet, form, lines_above(form, report, language), looks)
            line = first if _is_list(form) else line
    return line


class _Looks:
    """The book's cell formats, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.title = book.add_format({**FONT, "bold": True, "font_size": 14})
        self.line = book.add_format(FONT)
        self.note = book.add_format({**FONT, "italic": True})
        head = {"bold": True, "border": 1, "text_wrap": True, "align": "center"}
        self.head = book.add_format({**FONT, **head, "valign": "vcenter", "bg_color": "#E7EBEF"})
        self._cells = {
            (kind, bold): book.add_format(_cell(kind, bold=bold))
            for kind in Kind
            for bold in (False, True)
        }
        self._number_of_row = book.add_format({**_cell(Kind.COUNT, bold=False), "align": "center"})

    def cell(self, kind: Kind, place: int, *, bold: bool = False) -> Format:
        """Rows' own numbers, in the first column, stand in its middle."""
        return self._cells[kind, bold] if bold or place else self._number_of_row


def _cell(kind: Kind, *, bold: bool) -> dict[str, Any]:
    words = kind in {Kind.TEXT, Kind.MOMENT}
    return {
        **FONT,
        "bold": bold,
        "border": 1,
        "valign": "top",
        "text_wrap": kind is Kind.TEXT,
        "align": "left" if words else "right",
        "num_format": NUMBER_FORMATS[kind],
    }


def _write(sheet: Worksheet, form: Form, above: Sequence[str], looks: _Looks) -> int:
    """Returns the line of the form's first row, counted from 1."""
    for line, text in enumerate(above):
        sheet.write_string(line, 0, text, looks.line if line else looks.title)
    head = len(above) + 1
    _set_up_print(sheet, head, pages=_pages(form))
    sheet.set_row(head, HEAD_POINTS)
    for place, column in enumerate(form.columns):
        sheet.write_string(head, place, column.heading_with_unit, looks.head)
    after = _write_rows(sheet, form, head + 1, looks)
    for number, note in enumerate(form.notes, start=1):
        sheet.write_string(after + number, 0, note, looks.note)
    return head + 2


def _write_rows(sheet: Worksheet, form: Form, first: int, looks: _Looks) -> int:
    """The rows and their totals; returns the line after them."""
    line = first
    for row in [(None,) * len(form.columns)] if _is_list(form) else form.rows:
        _write_row(sheet, line, form.columns, row, looks)
        line += 1
    if form.totals is None:
        return line
    for place, (column, value) in enumerate(zip(form.columns, form.totals, strict=True)):
        if column.measure and line > first:
            rows = xl_range(first, place, line - 1, place)
            look = looks.cell(column.kind, place, bold=True)
            sheet.write_formula(line, place, f"=SUM({rows})", look, value)
        else:
            look = looks.cell(_kind(column, value), place, bold=True)
            _write_value(sheet, line, place, value, look)
    return line + 1


def _write_row(
    sheet: Worksheet, line: int, columns: Sequence[Column], row: Row, looks: _Looks
) -> None:
    """As high as its words need: not every program makes room for them by itself."""
    lines = lines_of(columns, row)
    if lines > 1:
        sheet.set_row(line, lines * LINE_POINTS)
    for place, (column, value) in enumerate(zip(columns, row, strict=True)):
        kind = Kind.COUNT if _is_count(column, value) else column.kind
        _write_value(sheet, line, place, value, looks.cell(kind, place))


def _is_count(column: Column, value: Value) -> bool:
    """Hours may stand below counts."""
    return column.kind is Kind.HOURS and isinstance(value, int)


def _write_value(sheet: Worksheet, line: int, place: int, value: Value, look: Format) -> None:
    if value is None:
        sheet.write_string(line, place, NOTHING, look)
    elif isinstance(value, str):
        sheet.write_string(line, place, value, look)
    elif isinstance(value, int | float):
        sheet.write_number(line, place, value, look)
    else:
        sheet.write_datetime(line, place, local(value).replace(tzinfo=None), look)


def _kind(column: Column, value: Value) -> Kind:
    """A total may count where its column holds words or days."""
    return Kind.COUNT if isinstance(value, int) else column.kind


def _pages(form: Form) -> int:
    """How many pages high a sheet may print; 0 is as many as it needs."""
    if not isinstance(form.rows, Sequence):
        return 0
    lines = sum(lines_of(form.columns, row) for row in form.rows)
    return 1 if lines <= LINES_OF_A_PAGE else 0


def _set_up_print(sheet: Worksheet, head: int, *, pages: int) -> None:
    sheet.set_paper(PAPER_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, pages)
    sheet.repeat_rows(head)
    sheet.set_margins(left=0.8, right=0.6, top=0.8, bottom=0.8)
    sheet.set_footer("&L&A&R&P/&N")
    sheet.freeze_panes(head + 1, 2)
