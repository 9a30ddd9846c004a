"""Lý do cảnh báo: the chain of what was seen, as one sentence and link by link.

The detector hands over reason codes; here they become clauses of either language. A code this
version does not know is shown as it is: nothing that was said of a case is lost.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from viahe_api.language import N_, Language
from viahe_api.records import CaseDetail
from viahe_api.web.check_words import CHECKS
from viahe_api.web.wording import THINGS
from viahe_rules.domain import LeftByKind, Reason

Clause = Callable[[Language, CaseDetail, Reason], str]


IN_THE_CHAIN_ONLY = CHECKS.keys() - {"no_permit"} | {"part", "unattended"}
"""Codes that the sentence leaves out: it is read in a glance."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain; `at` is the time of day, empty for what has no moment."""

    at: str
    said: str


def sentence(language: Language, case: CaseDetail) -> str:
    """What was seen in their order, and no permit; empty if a case gives no reasons."""
    brief = (reason for reason in case.reasons if reason.code not in IN_THE_CHAIN_ONLY)
    clauses = "; ".join(_clause(language, case, reason) for reason in brief)
    return f"{_capital(clauses)}." if clauses else ""


def chain(language: Language, case: CaseDetail) -> list[Link]:
    """Every link of the chain, what has a moment in order of time before what was checked."""
    seen = sorted((r for r in case.reasons if r.t is not None), key=lambda r: r.t or 0.0)
    checked = [reason for reason in case.reasons if reason.t is None]
    return [
        Link(
            "" if reason.t is None else _at(language, case, reason),
            _capital(_beside_its_time(language, case, reason)),
        )
        for reason in (*seen, *checked)
    ]


def wall_time(case: CaseDetail, t: float) -> datetime:
    """The moment of media second `t` of the case's run."""
    return case.start_at + timedelta(seconds=t - case.start_t)


def thing_name(language: Language, label: str) -> str:
    """A network's label in the language; one without a name stays as it is."""
    return language.gettext(THINGS.get(label, label))


def _beside_its_time(language: Language, case: CaseDetail, reason: Reason) -> str:
    """The clause without the time of day, which stands before it."""
    if reason.t is None or reason.code not in _WITHOUT_TIME:
        return _clause(language, case, reason)
    thing = thing_name(language, reason.name or case.label)
    return language.gettext(_WITHOUT_TIME[reason.code], thing=thing)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _clause(language: Language, case: CaseDetail, reason: Reason) -> str:
    if reason.code in CHECKS:
        return CHECKS[reason.code](language, reason)
    said = _CLAUSES.get(reason.code)
    return said(language, case, reason) if said else _unknown(language, case, reason)


def _unknown(language: Language, case: CaseDetail, reason: Reason) -> str:
    value = None if reason.value is None else language.number(reason.value, 1)
    at = None if reason.t is None else _at(language, case, reason)
    return " ".join(part for part in (reason.code, reason.name, value, at) if part)


def _at(language: Language, case: CaseDetail, reason: Reason) -> str:
    t = case.start_t if reason.t is None else reason.t
    return language.clock(wall_time(case, t), seconds=True)


def _lasted(language: Language, reason: Reason) -> str:
    return language.duration(reason.value or 0.0)


def _appeared(language: Language, case: CaseDetail, reason: Reason) -> str:
    thing = thing_name(language, reason.name or case.label)
    return language.gettext(
        "%(thing)s appeared at %(at)s", thing=thing, at=_at(language, case, reason)
    )


def _leaver_gone(language: Language, case: CaseDetail, reason: Reason) -> str:
    after = _lasted(language, reason)
    if _left_by_vehicle(case, reason):
        return language.gettext("the vehicle that left it went away after %(after)s", after=after)
    return language.gettext("the person who left it went away after %(after)s", after=after)


def _leaver_seen(language: Language, case: CaseDetail, reason: Reason) -> str:
    if _left_by_vehicle(case, reason):
        return language.gettext("the vehicle that left it was not seen leaving")
    return language.gettext("the person who left it was not seen leaving")


def _left_by_vehicle(case: CaseDetail, reason: Reason) -> bool:
    kind = reason.name or (case.left_by.kind if case.left_by else "")
    return kind == LeftByKind.VEHICLE


def _leaver_unknown(language: Language, _case: CaseDetail, _reason: Reason) -> str:
    return language.gettext("who left it is unknown")


def _remained(language: Language, _case: CaseDetail, reason: Reason) -> str:
    return language.gettext("the thing remained for %(lasted)s", lasted=_lasted(language, reason))


def _stopped(language: Language, case: CaseDetail, reason: Reason) -> str:
    thing = thing_name(language, reason.name or case.label)
    return language.gettext(
        "%(thing)s stopped at %(at)s", thing=thing, at=_at(language, case, reason)
    )


def _stayed(language: Language, _case: CaseDetail, reason: Reason) -> str:
    return language.gettext("stayed for %(lasted)s", lasted=_lasted(language, reason))


def _gathered(language: Language, case: CaseDetail, reason: Reason) -> str:
    at = _at(language, case, reason)
    if reason.value is None:
        return language.gettext("people and goods gathered at %(at)s", at=at)
    return language.ngettext(
        "at least %(n)s person or item gathered at %(at)s",
        "at least %(n)s people and goods gathered at %(at)s",
        round(reason.value),
        at=at,
    )


def _part(language: Language, _case: CaseDetail, reason: Reason) -> str:
    thing = thing_name(language, reason.name or "")
    most = language.number(reason.value or 0.0)
    return language.gettext("%(thing)s: %(n)s at most", thing=thing, n=most)


def _rubbish_score(language: Language, _case: CaseDetail, reason: Reason) -> str:
    score = language.number(reason.value or 0.0, 2)
    return language.gettext("likeness to rubbish %(score)s", score=score)


def _unattended(language: Language, _case: CaseDetail, reason: Reason) -> str:
    return language.gettext("nobody was beside it for %(lasted)s", lasted=_lasted(language, reason))


def _there_from_start(language: Language, _case: CaseDetail, _reason: Reason) -> str:
    return language.gettext("it was there when watching began")


_WITHOUT_TIME: Mapping[str, str] = MappingProxyType(
    {
        "appeared": N_("%(thing)s appeared"),
        "stopped": N_("%(thing)s stopped"),
        "gathered": N_("%(thing)s gathered"),
    }
)
_CLAUSES: Mapping[str, Clause] = MappingProxyType(
    {
        "appeared": _appeared,
        "leaver_gone": _leaver_gone,
        "leaver_seen": _leaver_seen,
        "leaver_unknown": _leaver_unknown,
        "remained": _remained,
        "stopped": _stopped,
        "stayed": _stayed,
        "gathered": _gathered,
        "part": _part,
        "rubbish_score": _rubbish_score,
        "unattended": _unattended,
        "there_from_start": _there_from_start,
    }
)
