"""How often second reviewers agree, and the approver's word where two opinions differ."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from viahe_api import disagreements
from viahe_api.counts import Share
from viahe_api.disagreements import Disagreement, Opinion
from viahe_api.errors import NotFound
from viahe_api.language import N_, Language
from viahe_api.routes.edge import CheckedForm
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.web.place_words import place_said
from viahe_api.web.wording import ACTS, CASE_STATUS, reason_said, said

router = APIRouter()

HOLDS: Mapping[bool, str] = MappingProxyType(
    {
        False: N_("The first opinion on %(code)s holds."),
        True: N_("The second opinion on %(code)s holds."),
    }
)
"""By whether it is the second."""


@router.get("/agreement")
def agreement(visit: Person, settled: int | None = None) -> Response:
    """The rate and the cases of two opinions; one that was just `settled` is named."""
    with visit.database.reading() as session:
        found = disagreements.agreement(session, visit.viewer)
        differing = disagreements.disagreements(session, visit.viewer)
        done = _settled(session, visit, settled)
    return visit.page(
        "agreement.html",
        agreement=found,
        rate=_rate(visit.language, found.agreed, found.done),
        share=visit.language.number(visit.settings.second_review_percent),
        differing=[_shown(visit.language, two) for two in differing],
        settled=done,
    )


@router.post("/agreement/{first_id}", dependencies=[CheckedForm])
def settle(visit: Person, first_id: int, holds: Annotated[str, Form()] = "") -> Response:
    """Say which opinion holds."""
    if holds not in {"first", "second"}:
        return RedirectResponse("/agreement", 303)
    with visit.database.writing() as session:
        disagreements.settle(
            session, visit.viewer, first_id, second_holds=holds == "second", now=visit.now
        )
    return RedirectResponse(f"/agreement?settled={first_id}", 303)


def _settled(session: Session, visit: SignedInVisit, first_id: int | None) -> str:
    if first_id is None:
        return ""
    try:
        settlement = disagreements.own_settlement(session, visit.viewer, first_id)
    except NotFound:
        return ""
    return visit.language.gettext(HOLDS[settlement.second_holds], code=settlement.code)


def _rate(language: Language, agreed: int, done: int) -> str:
    """The share with its 95 % interval, since a sample is small."""
    interval = Share(agreed, done).interval
    if interval is None:
        return ""
    low, high = (language.number(bound * 100) for bound in interval)
    return language.gettext(
        "%(rate)s %% (%(low)s-%(high)s)",
        rate=language.number(agreed / done * 100),
        low=low,
        high=high,
    )


def _shown(language: Language, two: Disagreement) -> dict[str, object]:
    place = two.place
    return {
        "id": two.first_id,
        "ref": two.ref,
        "code": two.code,
        "act": language.gettext(ACTS[two.act]),
        "place": place_said(place.address, place.street, place.group),
        "when": language.moment(two.start_at),
        "still": two.still_url,
        "opinions": [
            _opinion(language, opinion, holds, word, barred=two.too_late and holds == "second")
            for opinion, holds, word in (
                (two.first, "first", language.gettext("First opinion")),
                (two.second, "second", language.gettext("Second opinion")),
            )
        ],
    }


def _opinion(
    language: Language, opinion: Opinion, holds: str, word: str, *, barred: bool
) -> dict[str, object]:
    reason = opinion.reason
    return {
        "holds": holds,
        "word": word,
        "by": opinion.by,
        "at": language.moment(opinion.at),
        "status": said(language, CASE_STATUS[opinion.state]),
        "reason": reason_said(language, reason, opinion.reason_names) if reason else "",
        "note": opinion.note,
        "barred": barred,
    }
