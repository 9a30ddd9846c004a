"""How a case was handled, in words: steps, deadlines, provisions."""

from typing import Any

from viahe_api.handling_reading import HandlingView, StepView
from viahe_api.language import N_, Language
from viahe_api.law import Deadline
from viahe_api.tables import LegalBasis
from viahe_api.vocabulary import Handling
from viahe_api.web.wording import HANDLING_STATUS, said

CERTAINTIES = (
    ("S-H", N_("several secondary sources agree")),
    ("S-M", N_("one secondary source")),
)
"""What the marks of the rows on file mean; a full text says so by its own name."""


def handling_said(language: Language, view: HandlingView) -> dict[str, Any]:
    """What the case page shows of the handling and offers to do."""
    return {
        "steps": [_step_said(language, step) for step in view.steps],
        "may_approve": view.may_approve,
        "own": view.own,
        "offered": [
            {"value": step.value, "word": language.gettext(HANDLING_STATUS[step].word)}
            for step in view.offered
        ],
        "bases": [_basis_said(language, basis) for basis in view.bases],
        "deadline": deadline_said(language, view.deadline) if view.deadline else None,
    }


def deadline_said(language: Language, deadline: Deadline) -> dict[str, str]:
    """How many working days are left, until when, of what, and how sure that is."""
    return {
        "left": _left_said(language, deadline),
        "tone": "bad" if deadline.left < 0 else "wait" if deadline.soon else "info",
        "wording": deadline.wording,
        "doubt": "" if deadline.verified else language.gettext("Not verified"),
    }


def _left_said(language: Language, deadline: Deadline) -> str:
    day = language.day(deadline.due)
    if deadline.left < 0:
        return language.ngettext(
            "Overdue by %(n)s working day (due %(day)s)",
            "Overdue by %(n)s working days (due %(day)s)",
            -deadline.left,
            day=day,
        )
    if deadline.left == 0:
        return language.gettext("Due soon: today (%(day)s)", day=day)
    if deadline.soon:
        return language.ngettext(
            "Due soon: %(n)s working day left (until %(day)s)",
            "Due soon: %(n)s working days left (until %(day)s)",
            deadline.left,
            day=day,
        )
    return language.ngettext(
        "On time: %(n)s working day left (until %(day)s)",
        "On time: %(n)s working days left (until %(day)s)",
        deadline.left,
        day=day,
    )


def _step_said(language: Language, step: StepView) -> dict[str, Any]:
    status = (
        language.gettext("Returned")
        if step.step is Handling.RETURNED
        else said(language, HANDLING_STATUS[step.step]).word
    )
    parts = [
        language.gettext("No. %(number)s", number=step.number) if step.number else "",
        language.day(step.day) if step.day else "",
        language.gettext("%(amount)s đồng", amount=language.number(step.amount))
        if step.amount
        else "",
    ]
    return {
        "id": step.id,
        "undoable": step.undoable,
        "undone": _undone(language, step),
        "word": status,
        "by": f"{language.moment(step.at)}, {step.by}",
        "paper": "; ".join(part for part in parts if part),
        "basis": step.basis,
        "note": step.note,
    }


def _undone(language: Language, step: StepView) -> str:
    if step.undone is None:
        return ""
    by, at = step.undone
    return language.gettext("taken back at %(at)s by %(name)s", at=language.moment(at), name=by)


def _basis_said(language: Language, basis: LegalBasis) -> dict[str, Any]:
    doubt = (
        language.gettext("verified by %(name)s", name=basis.verified_by)
        if basis.verified_by
        else language.gettext("Not verified")
    )
    return {
        "id": basis.id,
        "title": f"{basis.provision}, {basis.instrument}",
        "wording": basis.wording,
        "range": _range(language, basis.person_least, basis.person_most),
        "organisations": _range(language, basis.organisation_least, basis.organisation_most),
        "since": language.day(basis.from_day),
        "doubt": doubt,
        "source": basis.source,
        "certainty": "".join(f", {sure}" for sure in _certainty(language, basis.certainty)),
    }


def _certainty(language: Language, certainty: str) -> tuple[str, ...]:
    """How sure the source is; nothing for a mark nobody explained."""
    return tuple(language.gettext(word) for key, word in CERTAINTIES if key == certainty)


def _range(language: Language, least: int | None, most: int | None) -> str:
    if least is None or most is None:
        return ""
    return language.gettext(
        "%(least)s to %(most)s đồng", least=language.number(least), most=language.number(most)
    )
