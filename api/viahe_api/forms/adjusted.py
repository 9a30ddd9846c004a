"""Biểu 06 and 07: what changed after a report was locked, by figure and by case."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from viahe_api.adjustment_causes import Cause, Why
from viahe_api.adjustments import Adjustment
from viahe_api.forms.form import Column, Form, Kind, Row, Value
from viahe_api.language import N_, Language
from viahe_api.outcome_adjustments import Entered, OutcomeAdjustment
from viahe_api.since_locked import FigureChange, SinceLocked
from viahe_api.vocabulary import CaseState
from viahe_api.web.definitions import NAMES
from viahe_api.web.wording import ACTS, CASE_STATUS, HANDLING_STATUS, REJECT_REASONS

CAUSES: Mapping[Cause, str] = MappingProxyType(
    {
        Cause.RECEIVED: N_("Received after the lock"),
        Cause.ENTERED: N_("Entered after the lock"),
        Cause.CONFIRMED: N_("Decided: sufficient grounds"),
        Cause.REJECTED: N_("Decided: rejected"),
        Cause.MORE_ASKED: N_("Decided: more evidence asked for"),
        Cause.DUPLICATE: N_("Decided: repeats another case"),
        Cause.DECISION_TAKEN_BACK: N_("Decision taken back"),
        Cause.RETURNED: N_("Returned to be completed"),
        Cause.INTEGRITY_LOST: N_("Evidence lost its integrity"),
        Cause.EXPIRED: N_("Retention ended"),
        Cause.REMOVED: N_("No longer on file"),
        Cause.OUTCOME_ENTERED: N_("Outcome entered after the lock"),
        Cause.OUTCOME_CORRECTED: N_("Outcome corrected"),
        Cause.OUTCOME_TAKEN_BACK: N_("Outcome taken back"),
        Cause.UNTOLD: N_("Nothing on file says why"),
    }
)
ALL_ACTS = N_("All acts together")
FIGURES: Mapping[str, str] = MappingProxyType(
    {
        **NAMES,
        "clocks_off": N_("Clock not synchronised"),
        "previous": N_("Sufficient, previous period"),
        "year_before": N_("Sufficient, same period of last year"),
        "hours_expected_previous": N_("Hours expected, previous period"),
        "hours_seen_previous": N_("Hours seen, previous period"),
        "hours_lost_previous": N_("Hours lost, previous period"),
        "hours_expected_year_before": N_("Hours expected, same period of last year"),
        "hours_seen_year_before": N_("Hours seen, same period of last year"),
        "hours_lost_year_before": N_("Hours lost, same period of last year"),
    }
)
"""What may differ; compared periods have cases of their own, which Biểu 07 does not name."""


def figures_adjusted(since: SinceLocked, language: Language) -> Form:
    """Each figure that differs; none do where there are no rows. Those of all acts together, as
    camera hours, follow those of each act."""
    say = language.gettext
    return Form(
        number="06",
        title=say("Figures as locked and now"),
        columns=(
            Column(say("No."), width=7),
            Column(say("Group of acts"), Kind.TEXT, width=34),
            Column(say("Figure"), Kind.TEXT, width=26),
            Column(say("As locked"), Kind.HOURS, width=14),
            Column(say("Now"), Kind.HOURS, width=14),
            Column(say("Difference"), Kind.HOURS, width=14),
        ),
        rows=tuple(
            _figure(number, change, language)
            for number, change in enumerate(since.figures, start=1)
        ),
        totals=None,
        notes=(_summary(since, language),),
    )


def cases_adjusted(since: SinceLocked, language: Language, *, reviewers: bool) -> Form:
    """Each case that stands otherwise, with cause, time and reason; `reviewers` says whether
    who changed it is named."""
    say = language.gettext
    named = (Column(say("By whom"), Kind.TEXT, width=20),) if reviewers else ()
    changes = [*_cases(since, language), *_outcomes(since, language)]
    return Form(
        number="07",
        title=say("Adjustments by case"),
        columns=(
            Column(say("No."), width=7),
            Column(say("Case code"), Kind.TEXT, width=15),
            Column(say("Act"), Kind.TEXT, width=28),
            Column(say("Day, hour"), Kind.MOMENT, width=17),
            Column(say("What changed"), Kind.TEXT, width=20),
            Column(say("As locked"), Kind.TEXT, width=26),
            Column(say("Now"), Kind.TEXT, width=26),
            Column(say("Changed at"), Kind.MOMENT, width=17),
            Column(say("Reason"), Kind.TEXT, width=30),
            *named,
        ),
        rows=tuple(
            (number, *values, _reason(why, language), *((why.by,) if reviewers else ()))
            for number, (values, why) in enumerate(changes, start=1)
        ),
        totals=None,
    )


def _figure(number: int, change: FigureChange, language: Language) -> Row:
    return (
        number,
        language.gettext(ALL_ACTS if change.act is None else ACTS[change.act]),
        language.gettext(FIGURES[change.measure]),
        change.before,
        change.after,
        round(change.after - change.before, 1),
    )


def _summary(since: SinceLocked, language: Language) -> str:
    if not since.figures and not since.cases_changed:
        return language.gettext("Nothing has changed since the figures were locked.")
    return language.ngettext(
        "%(n)s case changed after the figures were locked.",
        "%(n)s cases changed after the figures were locked.",
        since.cases_changed,
    )


def _cases(since: SinceLocked, language: Language) -> Iterator[tuple[tuple[Value, ...], Why]]:
    say = language.gettext
    for one in since.cases:
        before = _state(one.before, say("Not yet received"), language)
        after = _state(one.after, say("No longer on file"), language)
        yield _told(one, say("Result"), before, after, language), one.why


def _outcomes(since: SinceLocked, language: Language) -> Iterator[tuple[tuple[Value, ...], Why]]:
    for one in since.outcomes:
        what = language.gettext(HANDLING_STATUS[one.step].word)
        before, after = _entered(one.before, language), _entered(one.after, language)
        yield _told(one, what, before, after, language), one.why


def _told(
    one: Adjustment | OutcomeAdjustment,
    what: str,
    before: str | None,
    after: str | None,
    language: Language,
) -> tuple[Value, ...]:
    changed_at: datetime | None = one.why.at
    act = language.gettext(ACTS[one.act])
    return (one.code, act, one.start_at, what, before, after, changed_at)


def _state(state: CaseState | None, nothing: str, language: Language) -> str:
    return nothing if state is None else language.gettext(CASE_STATUS[state].word)


def _entered(entered: Entered | None, language: Language) -> str | None:
    """As in "12/11/2026, số 15/QĐ-XPHC, 2.500.000 đồng"."""
    if entered is None:
        return None
    say = language.gettext
    day = "" if entered.day is None else language.day(entered.day)
    number = say("No. %(number)s", number=entered.number) if entered.number else ""
    if day:
        number = number[:1].lower() + number[1:]  # within the sentence
    amount = "" if entered.amount is None else say("%(n)s dong", n=language.number(entered.amount))
    return ", ".join(part for part in (day, number, amount) if part) or say("Was counted")


def _reason(why: Why, language: Language) -> str:
    """The cause, then in what words."""
    reason = language.gettext(REJECT_REASONS[why.reason]) if why.reason is not None else ""
    cause = language.gettext(CAUSES[why.cause])
    return "; ".join(part for part in (cause, reason, why.note) if part)
