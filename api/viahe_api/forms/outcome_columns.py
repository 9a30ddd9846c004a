"""What came of cases, as columns of Biểu 01, 01b and 01c."""

from viahe_api.cells import Cell
from viahe_api.counts import Outcomes
from viahe_api.forms.form import Column, Kind
from viahe_api.language import Language


def outcome_columns(language: Language) -> tuple[Column, ...]:
    """A figure of payments opens who complied."""
    say = language.gettext
    return (
        Column(say("Reminded"), measure="reminded", counts=Cell("reminded")),
        Column(say("Commitment signed"), measure="committed", counts=Cell("committed")),
        Column(say("Record drawn up"), measure="record_drawn_up", counts=Cell("record_drawn_up")),
        *sanction_columns(language),
        Column(
            say("Paid (dong)"), Kind.MONEY, measure="paid_dong", width=12, counts=Cell("complied")
        ),
    )


def sanction_columns(language: Language) -> tuple[Column, Column]:
    """How many, and their fines: a figure of fines opens the sanctions that make it up."""
    say, counts = language.gettext, Cell("sanctioned")
    return (
        Column(say("Sanction decided"), measure="sanctioned", counts=counts),
        Column(say("Fines (dong)"), Kind.MONEY, measure="fined_dong", width=12, counts=counts),
    )


def outcome_values(outcomes: Outcomes) -> tuple[int, ...]:
    """A row under `outcome_columns`."""
    return (
        outcomes.reminded,
        outcomes.committed,
        outcomes.drawn_up,
        outcomes.sanctioned,
        outcomes.fined_dong,
        outcomes.paid_dong,
    )
