"""The register of requests by people who were recorded, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from viahe_api.language import N_, Language
from viahe_api.picture_requests import RequestView
from viahe_api.vocabulary import Answered, Asked
from viahe_api.web.handling_words import deadline_said
from viahe_api.web.wording import Status, said

ASKED: Mapping[Asked, str] = MappingProxyType(
    {
        Asked.VIEW: N_("To see pictures"),
        Asked.COPY: N_("A copy of pictures"),
        Asked.CORRECT: N_("Something corrected"),
        Asked.ERASE: N_("Pictures erased"),
        Asked.OBJECT: N_("Objection to recording"),
    }
)
ANSWERED: Mapping[Answered, Status] = MappingProxyType(
    {
        Answered.GRANTED: Status("tick", N_("Granted"), "ok"),
        Answered.PARTLY: Status("half", N_("Granted in part"), "info"),
        Answered.REFUSED: Status("cross", N_("Refused"), "neutral"),
        Answered.NOTHING_HELD: Status("square", N_("Nothing is kept"), "neutral"),
    }
)
FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "asked": N_("Choose what is asked."),
        "answer": N_("Choose an answer."),
        "paper": N_("Give the number of the paper, at most 80 characters."),
        "date": N_("Write days as 22/11/2026."),
        "received_in_future": N_("The day of receipt has not come yet."),
        "place": N_("Say which place and time it is about, at most 200 characters."),
        "about": N_("A text has at most 2,000 characters."),
        "why_refused": N_("Say why not everything is granted."),
    }
)


@dataclass(frozen=True, slots=True)
class RequestShown:
    """A line of the register; `deadline` is empty and `answer` set once it is answered."""

    id: int
    asked: str
    paper: str
    received: str
    place: str
    about: str
    ward: str
    entered_by: str
    deadline: dict[str, str] | None
    answer: Status | None
    answer_paper: str
    answer_note: str
    answered: str


def request_said(language: Language, view: RequestView) -> RequestShown:
    """One request."""
    given = view.answer
    return RequestShown(
        view.id,
        language.gettext(ASKED[view.asked]),
        view.paper,
        language.day(view.received_on),
        view.place,
        view.about,
        view.ward,
        view.entered_by,
        deadline_said(language, view.deadline) if view.deadline else None,
        said(language, ANSWERED[given.answer]) if given else None,
        given.paper if given else "",
        given.note if given else "",
        f"{language.moment(view.answered_at)}, {view.answered_by}" if view.answered_at else "",
    )
