"""The blind second look at a case: opened, kept, skipped, and ended by an opinion."""

from contextlib import suppress
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from viahe_api import cases, second_looks, second_reviews
from viahe_api.drafts import draft_of
from viahe_api.errors import AlreadyDecided, Ambiguous, FormFault, NotFound, OpenElsewhere
from viahe_api.handling_reading import HandlingView
from viahe_api.language import N_
from viahe_api.routes.case_list import CaseList
from viahe_api.routes.edge import CheckedForm
from viahe_api.routes.pages_case import BlindLook, Fault, show_case
from viahe_api.routes.pages_decisions import DecisionForm, fault_of, held_longer
from viahe_api.routes.typed_again import CarriedForm, only_shown
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.vocabulary import Verdict
from viahe_api.web.wording import VERDICTS

router = APIRouter()

Posted = Annotated[DecisionForm, Form()]

LATE = N_("Not saved: somebody decided before. A second look is wanted now. Note kept.")


@router.get("/second-reviews")
def first(visit: Person, given: str = "") -> Response:
    """The case that has waited longest for this person's second look, or that none does."""
    with visit.database.reading() as session:
        following = second_reviews.next_look(session, visit.viewer, now=visit.now)
    return _to(following, given=given) if following else _page(visit, given=given)


@router.get("/second-reviews/{ref}")
def look(visit: Person, ref: str, given: str = "", sent: bool = False) -> Response:
    """The case as if nobody had looked at it; one that was just `given` an opinion is named.
    `sent` says that somebody else came first to decide it."""
    late = Fault(visit.language.gettext(LATE), status=200) if sent else None
    return _blind(visit, ref, late, given=given)


@router.post("/second-reviews/{ref}/confirm", dependencies=[CarriedForm, CheckedForm])
def confirm(visit: Person, ref: str, form: Posted) -> Response:
    """Sufficient grounds, says the second too, or says only the second."""
    return _opine(visit, ref, Verdict.CONFIRM, form)


@router.post("/second-reviews/{ref}/reject", dependencies=[CarriedForm, CheckedForm])
def reject(visit: Person, ref: str, form: Posted) -> Response:
    """Not a violation, or no sufficient grounds."""
    return _opine(visit, ref, Verdict.REJECT, form)


@router.post("/second-reviews/{ref}/skip", dependencies=[CheckedForm])
def skip(visit: Person, ref: str) -> Response:
    """Give the case back without an opinion and go on; the only one is left for the queue."""
    with visit.database.writing() as session:
        cases.leave_case(session, visit.viewer, ref, now=visit.now)
        following = second_reviews.next_look(session, visit.viewer, ref, now=visit.now)
    return _to(following) if following else RedirectResponse("/queue", 303)


@router.post("/second-reviews/{ref}/lease", dependencies=[CheckedForm])
def keep(visit: Person, ref: str) -> Response:
    """Three more minutes; the answer is until when, in words."""
    with visit.database.writing() as session:
        lease = second_looks.keep_look(session, visit.viewer, ref, now=visit.now)
    return held_longer(visit, lease)


@router.post("/second-reviews/{ref}/leave", dependencies=[CheckedForm])
def leave(visit: Person, ref: str, until: Annotated[datetime, Form()]) -> Response:
    """Give the case back as its page is left, which knows `until` when it was lent."""
    with visit.database.writing() as session:
        cases.leave_case(session, visit.viewer, ref, now=visit.now, until=until)
    return Response(status_code=204)


def _opine(visit: SignedInVisit, ref: str, verdict: Verdict, form: DecisionForm) -> Response:
    if only_shown(visit.request):
        return _blind(visit, ref, note=form.note)
    try:
        with visit.database.writing() as session:
            second_looks.give_opinion(
                session,
                visit.viewer,
                ref,
                verdict,
                now=visit.now,
                reason=form.reason,
                note=form.note,
            )
    except AlreadyDecided as refusal:
        return _page(visit, fault_of(visit.language, refusal), form.note)
    except (FormFault, OpenElsewhere) as refusal:
        return _blind(visit, ref, fault_of(visit.language, refusal), form.note)
    return _to(given=ref)


def _blind(
    visit: SignedInVisit, ref: str, fault: Fault | None = None, note: str = "", given: str = ""
) -> Response:
    with visit.database.writing() as session:
        detail = second_looks.blind_case(session, visit.viewer, ref, now=visit.now)
        note = note or draft_of(session, visit.viewer, ref)
        waiting = second_reviews.count_waiting(session, visit.viewer)
        blind = BlindLook(waiting, given, _kept(session, visit, given))
    nothing = HandlingView(detail.ref, (), None, False, False, (), (), None)
    return show_case(visit, detail, None, nothing, CaseList(), fault, note, blind=blind)


def _page(
    visit: SignedInVisit, fault: Fault | None = None, note: str = "", given: str = ""
) -> Response:
    """What became of an opinion, where no case follows at once."""
    with visit.database.reading() as session:
        waiting = second_reviews.count_waiting(session, visit.viewer)
        kept = _kept(session, visit, given)
    return visit.page(
        "second_reviews.html",
        fault.status if fault else 200,
        fault=fault.sentence if fault else "",
        note=note,
        given=given,
        kept=kept,
        waiting=waiting,
    )


def _kept(session: Session, visit: SignedInVisit, given: str) -> str:
    """That an opinion was kept, if it is this person's; empty otherwise."""
    opinion = None
    with suppress(NotFound, Ambiguous):
        opinion = second_looks.own_opinion(session, visit.viewer, given)
    if opinion is None:
        return ""
    verdict = visit.language.gettext(VERDICTS[opinion.verdict])
    return visit.language.gettext(
        "Second opinion on %(code)s kept: %(verdict)s.", code=opinion.code, verdict=verdict
    )


def _to(ref: str = "", *, given: str = "") -> Response:
    """To a case, or to whichever is the next."""
    query = f"?{urlencode({'given': given})}" if given else ""
    return RedirectResponse(f"/second-reviews/{ref}".rstrip("/") + query, 303)
