"""Biểu 01c: which provisions decisions to sanction rest on, as the officers chose them."""

from viahe_api.cells import Cell
from viahe_api.figures import Figures
from viahe_api.forms.form import Column, Form, Kind, Row, summed
from viahe_api.forms.outcome_columns import sanction_columns
from viahe_api.language import Language
from viahe_api.web.wording import ACTS


def by_basis(figures: Figures, language: Language) -> Form:
    """The provisions in the order of Biểu 01, the one that most rest on first."""
    say = language.gettext
    columns = (
        Column(say("No."), width=7),
        Column(say("Group of acts"), Kind.TEXT, width=28),
        Column(say("Legal basis"), Kind.TEXT, width=48),
        *sanction_columns(language),
    )
    rows: tuple[Row, ...] = tuple(
        (number, say(ACTS[row.act]), row.basis or None, row.sanctioned, row.fined_dong)
        for number, row in enumerate(figures.sanctions_by_basis, start=1)
    )
    return Form(
        number="01c",
        title=say("Sanctions by legal basis"),
        columns=columns,
        rows=rows,
        totals=tuple(summed(columns, rows, say("Grand total"))),
        notes=(
            say(
                "The basis is the one the officer chose, as it was in force on the day of the act."
            ),
        ),
        cells=tuple(Cell(act=row.act, basis=row.basis) for row in figures.sanctions_by_basis),
    )
