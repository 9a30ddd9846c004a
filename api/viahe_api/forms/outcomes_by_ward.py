"""Biểu 01b: what came of cases in each ward, where several are counted together."""

from viahe_api.cells import Cell
from viahe_api.figures import Figures
from viahe_api.forms.form import Column, Form, Kind, Row, summed
from viahe_api.forms.outcome_columns import outcome_columns, outcome_values
from viahe_api.language import Language


def outcomes_by_ward(figures: Figures, language: Language) -> Form:
    """A row for each ward, also one in which nothing was done."""
    say = language.gettext
    columns = (
        Column(say("No."), width=7),
        Column(say("Ward"), Kind.TEXT, width=26),
        *outcome_columns(language),
    )
    rows: tuple[Row, ...] = tuple(
        (number, row.ward.name, *outcome_values(row.outcomes))
        for number, row in enumerate(figures.outcomes_by_ward, start=1)
    )
    return Form(
        number="01b",
        title=say("Outcomes by ward"),
        columns=columns,
        rows=rows,
        totals=tuple(summed(columns, rows, say("Grand total"))),
        notes=(say("Outcomes count each case once for each kind, by the date on the paper."),),
        cells=tuple(Cell(ward=row.ward.code) for row in figures.outcomes_by_ward),
    )
