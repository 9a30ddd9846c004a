"""What a list of cases is of, in words, and where a figure's list is."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from viahe_api.cells import Cell
from viahe_api.figures import Figures
from viahe_api.forms.form import Column, Form, Then
from viahe_api.language import Language
from viahe_api.period_address import write_period
from viahe_api.report import Report
from viahe_api.web.definitions import OUTCOME_WORDS, STATE_WORDS
from viahe_api.web.reasons import thing_name
from viahe_api.web.weekdays import weekdays
from viahe_api.web.wording import ACTS, SOURCES

Opens: TypeAlias = Callable[[Form, int | None, Column], str | None]
"""The address of the cases under a figure: of a form's row, None for its totals, and a column."""


def cell_address(report: Report, cell: Cell, scope: str = "") -> str | None:
    """Where the cases of a figure are listed, for who may read them. `scope` is the page's own
    query, as in "?ward=tay-ho". None too of what an earlier locked report did not keep."""
    kept = report.locked_at is None or report.figures.compared is not None
    if report.under is None or (cell.of == "integrity_errors" and not kept):
        return None
    return _listed(write_period(report.figures.period), cell.query, scope)


def form_addresses(report: Report, scope: str = "") -> Opens:
    """For every cell of a form. What a locked report compares itself with was counted then, and
    its cases may have changed: those figures open nothing."""

    figures = report.figures
    periods = {
        Then.NOW: write_period(figures.period),
        Then.PREVIOUS: write_period(figures.previous),
        Then.YEAR_BEFORE: write_period(figures.year_before),
    }

    def opens(form: Form, row: int | None, column: Column) -> str | None:
        if report.under is None or column.counts is None or not form.cells:
            return None
        now = column.then is Then.NOW
        if not now and report.locked_at is not None:
            return None
        query = (Cell() if row is None else form.cells[row]).query_counting(column.counts)
        address = _listed(periods[column.then], query, scope)
        return address if now else address + "&now=true"

    return opens


def sentence_addresses(
    report: Report, sentences: Mapping[str, Cell], scope: str = ""
) -> dict[str, str]:
    """Of sentences that say a figure, where its cases are listed."""
    found = {said: cell_address(report, cell, scope) for said, cell in sentences.items()}
    return {said: address for said, address in found.items() if address}


def cell_name(cell: Cell, figures: Figures, language: Language, camera: str = "") -> str:
    """As the heading of its list: what is counted, then of what. `camera` is what the cell's is
    called where the figures have no row of it."""
    say = language.gettext
    parts = [say({**STATE_WORDS, **OUTCOME_WORDS}[cell.of])]
    if cell.act is not None:
        parts.append(say(ACTS[cell.act]))
    if cell.label:
        parts.append(thing_name(language, cell.label))
    if cell.source is not None:
        parts.append(say(SOURCES[cell.source]))
    if cell.ward is not None:
        parts += [ward.name for ward in figures.wards if ward.code == cell.ward]
    if cell.camera is not None:
        named = ((one.camera_id, one.name) for one in figures.cameras)
        at_places = ((one.camera_id, one.camera) for one in figures.places)  # all that is folded
        names = dict.fromkeys(name for of, name in (*named, *at_places) if of == cell.camera)
        parts += names or filter(None, (camera,))
    if cell.place is not None:
        parts += [part for part in cell.place if part]
    if cell.basis is not None:
        parts.append(cell.basis or say("no legal basis"))
    if cell.weekday is not None:
        parts.append(weekdays(language)[cell.weekday])
    if cell.hour is not None:
        parts.append(f"{cell.hour:02}:00 - {(cell.hour + 1) % 24:02}:00")
    return ", ".join(parts)


def _listed(period: str, query: str, scope: str) -> str:
    """A cell's query is never empty: it says what is counted."""
    return f"/reports/{period}/cases?{query}{scope.replace('?', '&', 1)}"
