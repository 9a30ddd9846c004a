"""Trying a drawing on what its camera saw: begun, followed while it runs, and ended early."""

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from viahe_api import backtest
from viahe_api.errors import FormFault, NotFound
from viahe_api.routes.edge import CheckedForm, Configured, Evidence
from viahe_api.routes.pages_zones import held_zone, kept_camera, zone_page
from viahe_api.routes.posted_zone import PostedZone, digest_of
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.trials import Running, Trials
from viahe_api.vocabulary import CAMERA_KEEPERS
from viahe_api.web.comparison import TrialShown, shown_trial
from viahe_api.web.zone_form import draft_of

router = APIRouter()


def _trials(request: Request) -> Trials:
    trials: Trials = request.app.state.trials
    return trials


Tried = Annotated[Trials, Depends(_trials)]


@router.post("/cameras/{camera_id}/zones/{zone}/trial", dependencies=[CheckedForm])
def begin(
    visit: Person,
    camera_id: int,
    zone: str,
    form: PostedZone,
    store: Evidence,
    trials: Tried,
    settings: Configured,
) -> Response:
    """Find what the drawing would have raised in the last days; nothing of it is kept.

    What is over within a moment is shown at once; a longer one goes on by itself.
    """
    detail = kept_camera(visit, camera_id)
    held = held_zone(detail, zone)
    try:
        draft = draft_of(form, held)
        with visit.database.reading() as session:
            prepared = backtest.prepare(
                session, store, visit.viewer, camera_id, draft, now=visit.now
            )
    except FormFault as fault:
        return zone_page(visit, store, detail, held, form, fault)
    running = trials.start(visit.viewer.account_id, digest_of(draft), prepared)
    running.wait(settings.trial_patience_s)
    return zone_page(visit, store, detail, held, form, trial=_shown(visit, running))


@router.post("/cameras/{camera_id}/zones/{zone}/trial/answer", dependencies=[CheckedForm])
def answer(
    visit: Person,
    camera_id: int,
    zone: str,
    form: PostedZone,
    store: Evidence,
    trials: Tried,
    trial: Annotated[int, Form()],
) -> Response:
    """The editor with the form as typed and what the trial has found so far."""
    detail = kept_camera(visit, camera_id)
    held = held_zone(detail, zone)
    try:
        running = trials.of(visit.viewer.account_id, trial)
    except NotFound as error:
        gone = FormFault("trial_gone", str(error))
        return zone_page(visit, store, detail, held, form, gone)
    return zone_page(visit, store, detail, held, form, trial=_shown(visit, running))


@router.post("/cameras/{camera_id}/zones/{zone}/trial/cancel", dependencies=[CheckedForm])
def cancel(
    visit: Person,
    camera_id: int,
    zone: str,
    form: PostedZone,
    store: Evidence,
    trials: Tried,
    trial: Annotated[int, Form()],
) -> Response:
    """End the trial; what it has found so far is shown."""
    with suppress(NotFound):
        trials.of(visit.viewer.account_id, trial).cancel()
    return answer(visit, camera_id, zone, form, store, trials, trial)


@router.get("/trials/{number}")
def progress(visit: Person, number: int, trials: Tried) -> Response:
    """The part of the editor that tells of a trial, for scripts that wait."""
    visit.viewer.require(*CAMERA_KEEPERS)
    running = trials.of(visit.viewer.account_id, number)
    return visit.page("trial.html", trial=_shown(visit, running), part=True)


def _shown(visit: SignedInVisit, running: Running) -> TrialShown:
    now = running.progress
    found = backtest.compare(running.prepared, now.findings)
    whole = sum(len(part) for part in running.prepared.stretches)
    return shown_trial(
        visit.language, visit.viewer, found, now.course, running.number, running.digest, whole
    )
