"""Biểu 01a: what things were taken for within each act, and who said so."""

from viahe_api.cells import Cell
from viahe_api.figures import Figures, KindFigures
from viahe_api.forms.form import Column, Form, Kind, Row, summed
from viahe_api.language import Language
from viahe_api.web.reasons import thing_name
from viahe_api.web.wording import ACTS, SOURCES


def by_kind(figures: Figures, language: Language) -> Form:
    """The kinds in the order of Biểu 01, the commonest first."""
    columns = _columns(language)
    rows = tuple(_row(number, kind, language) for number, kind in enumerate(figures.kinds, start=1))
    return Form(
        number="01a",
        title=language.gettext("By kind of thing and source"),
        columns=columns,
        rows=rows,
        totals=tuple(summed(columns, rows, language.gettext("Grand total"))),
        notes=(
            language.gettext(
                "The kind is what the camera's detector took the thing for; people's reports have "
                "none."
            ),
        ),
        cells=tuple(
            Cell(act=kind.act, label=kind.label, source=kind.source) for kind in figures.kinds
        ),
    )


def _row(number: int, kind: KindFigures, language: Language) -> Row:
    counts = kind.counts
    return (
        number,
        language.gettext(ACTS[kind.act]),
        thing_name(language, kind.label) if kind.label else None,
        language.gettext(SOURCES[kind.source]),
        counts.recorded,
        counts.sufficient,
        counts.insufficient,
        counts.not_violation,
        counts.duplicate,
        counts.in_verification,
    )


def _columns(language: Language) -> tuple[Column, ...]:
    say = language.gettext
    return (
        Column(say("No."), width=7),
        Column(say("Group of acts"), Kind.TEXT, width=28),
        Column(say("Kind of thing"), Kind.TEXT, width=20),
        Column(say("Source"), Kind.TEXT, width=22),
        Column(say("Recorded"), measure="recorded", counts=Cell("recorded")),
        Column(say("Sufficient grounds"), measure="sufficient", counts=Cell("sufficient")),
        Column(say("Insufficient grounds"), measure="insufficient", counts=Cell("insufficient")),
        Column(say("Not a violation"), measure="not_violation", counts=Cell("not_violation")),
        Column(say("Duplicate"), measure="duplicate", counts=Cell("duplicate")),
        Column(say("Being verified"), measure="in_verification", counts=Cell("in_verification")),
    )
