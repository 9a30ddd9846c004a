"""How often second reviewers agree, and the approver's word where two opinions differ."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from viahe_api import disagreements, settlements
from viahe_api.counts import Share
from viahe_api.disagreements import Disagreement, Opinion
from viahe_api.errors import AlreadyDecided
from viahe_api.language import N_, Language
from viahe_api.routes.edge import CheckedForm
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.settlements import Settlement
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
    """The rate, the cases of two opinions and what the viewer settled today; one that was just
    `settled` is named."""
    return _page(visit, settled)


def _page(visit: SignedInVisit, settled: int | None = None, fault: str = "") -> Response:
    with visit.database.reading() as session:
        found = disagreements.agreement(session, visit.viewer)
        differing = disagreements.disagreements(session, visit.viewer)
        own = settlements.own_settlements(session, visit.viewer, now=visit.now)
        all_own = settlements.count_own_settlements(session, visit.viewer, now=visit.now)
    done = [_settlement(visit.language, one) for one in own]
    return visit.page(
        "agreement.html",
        409 if fault else 200,
        fault=fault,
        agreement=found,
        rate=_rate(visit.language, found.agreed, found.done),
        share=visit.language.number(visit.settings.second_review_percent),
        differing=[_shown(visit.language, two) for two in differing],
        just=next((one for one in done if one["id"] == settled), None),
        settled=done,
        more_settled=all_own - len(done),
    )


@router.post("/agreement/{first_id}", dependencies=[CheckedForm])
def settle(visit: Person, first_id: int, holds: Annotated[str, Form()] = "") -> Response:
    """Say which opinion holds."""
    if holds not in {"first", "second"}:
        return RedirectResponse("/agreement", 303)
    second_holds = holds == "second"
    try:
        with visit.database.writing() as session:
            if not settlements.was_settled_alike(
                session, visit.viewer, first_id, second_holds=second_holds
            ):
                disagreements.settle(
                    session, visit.viewer, first_id, second_holds=second_holds, now=visit.now
                )
    except AlreadyDecided as refusal:
        return _page(visit, fault=_other_settled(visit.language, refusal))
    return RedirectResponse(f"/agreement?settled={first_id}", 303)


@router.post("/agreement/{first_id}/undo", dependencies=[CheckedForm])
def take_back(visit: Person, first_id: int) -> Response:
    """Let the two opinions wait for an approver again."""
    with visit.database.writing() as session:
        settlements.take_back_settlement(session, visit.viewer, first_id, now=visit.now)
    return RedirectResponse(f"/agreement#two-{first_id}", 303)


def _other_settled(language: Language, refusal: AlreadyDecided) -> str:
    return language.gettext(
        "Not saved: %(name)s settled this at %(at)s.",
        name=refusal.by,
        at=language.clock(refusal.at),
    )


def _settlement(language: Language, one: Settlement) -> dict[str, object]:
    return {
        "id": one.first_id,
        "ref": one.ref,
        "code": one.code,
        "at": language.clock(one.at),
        "what": language.gettext(HOLDS[one.second_holds], code=one.code),
        "undoable": one.undoable,
    }


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
