"""Biểu 01: the report's cases by act, and what came of them."""

from collections.abc import Mapping
from types import MappingProxyType

from viahe_api.cells import Cell
from viahe_api.counts import change
from viahe_api.figures import ActFigures, Figures, Uncompared
from viahe_api.forms.form import Column, Form, Kind, Row, Then, summed
from viahe_api.forms.outcome_columns import outcome_columns, outcome_values
from viahe_api.language import N_, Language
from viahe_api.web.wording import ACTS


def by_act(figures: Figures, language: Language) -> Form:
    """Detection by the time of the act, outcomes by the day of the action."""
    columns = _columns(language)
    rows = tuple(
        _row(number, act, figures, language) for number, act in enumerate(figures.acts, start=1)
    )
    totals = summed(columns, rows, language.gettext("Grand total"))
    totals[-3], totals[-1] = _changes(figures, *(totals[place] for place in (3, -4, -2)))
    counting = _counting(figures, language)
    return Form(
        number="01",
        title=language.gettext("Summary by act"),
        columns=columns,
        rows=rows,
        totals=tuple(totals),
        notes=(*_notes(figures, language), *counting),
        cells=tuple(Cell(act=act.act) for act in figures.acts),
        counting=counting,
    )


def _columns(language: Language) -> tuple[Column, ...]:
    say = language.gettext
    return (
        Column(say("No."), width=7),
        Column(say("Group of acts"), Kind.TEXT, width=28),
        Column(say("Recorded"), measure="recorded", counts=Cell("recorded")),
        Column(say("Sufficient grounds"), measure="sufficient", counts=Cell("sufficient")),
        Column(say("Insufficient grounds"), measure="insufficient", counts=Cell("insufficient")),
        Column(say("Not a violation"), measure="not_violation", counts=Cell("not_violation")),
        Column(say("Duplicate"), measure="duplicate", counts=Cell("duplicate")),
        Column(say("Being verified"), measure="in_verification", counts=Cell("in_verification")),
        *outcome_columns(language),
        Column(
            say("Sufficient, previous period"),
            measure="previous",
            counts=Cell("sufficient"),
            then=Then.PREVIOUS,
        ),
        Column(say("Increase, decrease"), Kind.SHARE, defined="change"),
        Column(
            say("Sufficient, same period of last year"),
            measure="year_before",
            counts=Cell("sufficient"),
            then=Then.YEAR_BEFORE,
        ),
        Column(say("Increase, decrease"), Kind.SHARE, defined="change"),
    )


def _row(number: int, act: ActFigures, figures: Figures, language: Language) -> Row:
    now, before, year_before = (
        counts.sufficient for counts in (act.counts, act.previous, act.year_before)
    )
    with_previous, with_year_before = _changes(figures, now, before, year_before)
    return (
        number,
        language.gettext(ACTS[act.act]),
        act.counts.recorded,
        act.counts.sufficient,
        act.counts.insufficient,
        act.counts.not_violation,
        act.counts.duplicate,
        act.counts.in_verification,
        *outcome_values(act.outcomes),
        before,
        with_previous,
        year_before,
        with_year_before,
    )


def _changes(
    figures: Figures, now: object, previous: object, year_before: object
) -> tuple[float | None, float | None]:
    """Against both compared periods, None where the period still runs or either saw too little."""
    assert isinstance(now, int)  # noqa: S101 - counts all three
    assert isinstance(previous, int)  # noqa: S101
    assert isinstance(year_before, int)  # noqa: S101
    return (
        None if figures.uncompared_with_previous else change(now, previous),
        None if figures.uncompared_with_year_before else change(now, year_before),
    )


NOT_COMPARED: Mapping[Uncompared, str] = MappingProxyType(
    {
        Uncompared.RUNNING: N_("The period has not ended: not compared yet."),
        Uncompared.COVERAGE: N_("Coverage under 80 %: not compared."),
    }
)
"""Why figures do not stand against those of another period, wherever they would."""


def _hours_compared(figures: Figures, language: Language) -> str:
    """What the counts of the compared periods are to be read beside."""
    before, year_before, n = figures.hours_previous, figures.hours_year_before, language.number
    return language.gettext(
        "Camera hours of the previous period: seen %(seen)s, lost %(lost)s; of the same period of "
        "last year: seen %(seen_then)s, lost %(lost_then)s.",
        seen=n(before.seen, 1),
        lost=n(before.lost, 1),
        seen_then=n(year_before.seen, 1),
        lost_then=n(year_before.lost, 1),
    )


def _notes(figures: Figures, language: Language) -> list[str]:
    say = language.gettext
    notes = [
        say("Detection is counted by the time of the act, handling by the day of the action."),
        say("Recorded = sufficient + insufficient + not a violation + duplicate + being verified."),
        say("Outcomes count each case once for each kind, by the date on the paper."),
    ]
    why = {figures.uncompared_with_previous, figures.uncompared_with_year_before}
    notes += [say(sentence) for reason, sentence in NOT_COMPARED.items() if reason in why]
    notes.append(_hours_compared(figures, language))
    return notes


def _counting(figures: Figures, language: Language) -> dict[str, Cell]:
    """What was counted and may be off, and what was not."""
    counting = {}
    if figures.clocks_off:
        said = language.ngettext(
            "Of %(n)s case the camera's clock was not synchronised: its time may be off.",
            "Of %(n)s cases the camera's clock was not synchronised: their times may be off.",
            figures.clocks_off,
        )
        counting[said] = Cell("clocks_off")
    if figures.counts.integrity_errors:
        said = language.ngettext(
            "%(n)s case with an integrity error is not counted.",
            "%(n)s cases with an integrity error are not counted.",
            figures.counts.integrity_errors,
        )
        counting[said] = Cell("integrity_errors")
    return counting
