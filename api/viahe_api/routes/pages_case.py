"""The case page: everything needed to decide in one glance."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from viahe_api.cases import open_case
from viahe_api.drafts import draft_of
from viahe_api.field_tasks import CaseTasks, case_tasks
from viahe_api.handling_reading import HandlingView, handling_of
from viahe_api.law import local_day
from viahe_api.photo_files import original_of
from viahe_api.records import CaseDetail, Lease, NearCase
from viahe_api.retention_reading import CaseKept, case_kept
from viahe_api.routes.case_list import CaseList, read_list
from viahe_api.routes.just_decided import JustDecided, just_decided
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.vocabulary import FileKind, Keeping
from viahe_api.web.case_facts import (
    act_begins_t,
    earlier_said,
    evidence_files,
    facts,
    history,
    stills,
    thresholds,
)
from viahe_api.web.handling_words import handling_said
from viahe_api.web.reasons import chain, sentence
from viahe_api.web.retention_words import kept_facts, kept_said
from viahe_api.web.task_words import tasks_said
from viahe_api.web.wording import (
    ACTS,
    CASE_STATUS,
    HANDLING_STATUS,
    SECOND_LOOK,
    THINGS,
    Status,
    reason_said,
    said,
)

router = APIRouter()


NOBODY_SENT = CaseTasks((), (), False)
NOTHING_SAID = CaseKept(Keeping.UNREVIEWED, None, None, None, None, None, may_hold=False)
"""Of the keeping of evidence, to somebody who looks at it a second time."""
NO_TASK_TYPED: Mapping[str, str] = MappingProxyType({"officer": "", "to_check": ""})
NOTHING_TYPED: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("step", "basis", "number", "day", "amount", "note", "missing"), "")
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a decision was not kept, and which part of the form to look at; `typed` is the code of
    the case that was to be named as duplicated."""

    sentence: str
    at: str = ""
    status: int = 400
    typed: str = ""


@dataclass(frozen=True, slots=True)
class BlindLook:
    """What a second look says of itself: how many wait, this one included, and what was kept of
    the one before, whose ref is `given`."""

    waiting: int
    given: str = ""
    kept: str = ""


@router.get("/cases/{ref}")
def case(visit: Person, ref: str) -> Response:
    """Show a case; an operator has it for three minutes from now."""
    return case_page(visit, ref, read_list(visit.request.url.query))


def case_page(
    visit: SignedInVisit,
    ref: str,
    listed: CaseList,
    fault: Fault | None = None,
    note: str = "",
    typed: Mapping[str, str] = NOTHING_TYPED,
    typed_task: Mapping[str, str] = NO_TASK_TYPED,
    typed_hold: str = "",
) -> Response:
    """The page of a case, with what went wrong and what was typed: the note, an outcome, a task,
    why its evidence is held."""
    with visit.database.writing() as session:
        detail = open_case(session, visit.viewer, ref, now=visit.now)
        decided = just_decided(session, visit)
        note = note or draft_of(session, visit.viewer, ref)
        handled = handling_of(session, visit.viewer, ref, now=visit.now)
        tasks = case_tasks(session, visit.viewer, ref)
        kept = case_kept(session, visit.viewer, ref, now=visit.now)
    return show_case(
        visit,
        detail,
        decided,
        handled,
        listed,
        fault,
        note,
        typed,
        tasks,
        typed_task,
        typed_hold,
        kept=kept,
    )


def show_case(
    visit: SignedInVisit,
    detail: CaseDetail,
    decided: JustDecided | None,
    handled: HandlingView,
    listed: CaseList,
    fault: Fault | None,
    note: str,
    typed: Mapping[str, str] = NOTHING_TYPED,
    tasks: CaseTasks = NOBODY_SENT,
    typed_task: Mapping[str, str] = NO_TASK_TYPED,
    typed_hold: str = "",
    *,
    kept: CaseKept = NOTHING_SAID,
    blind: BlindLook | None = None,
) -> Response:
    """The page filled; `blind` for a second look, which is sent elsewhere than a decision."""
    return visit.page(
        "case.html",
        fault.status if fault else 200,
        blind=blind,
        decide_at=f"/second-reviews/{detail.ref}" if blind else f"/cases/{detail.ref}",
        case=detail,
        decided=decided,
        fault=fault.sentence if fault else "",
        fault_at=fault.at if fault else "",
        typed_of=fault.typed if fault else "",
        note=note,
        typed=typed,
        handling=handling_said(visit.language, handled),
        stage=said(visit.language, SECOND_LOOK) if blind else _handling_status(visit, handled),
        tasks=tasks_said(visit.language, tasks),
        typed_task=typed_task,
        typed_hold=typed_hold,
        act_day=visit.language.day(local_day(detail.start_at)),
        list_query=listed.query,
        list_suffix=listed.suffix,
        **_words(visit, detail, kept),
        **_files(detail),
        **lease_said(visit, detail.lease, decides=detail.may_decide),
    )


def _handling_status(visit: SignedInVisit, handled: HandlingView) -> Status | None:
    if handled.handling is None:
        return None
    return said(visit.language, HANDLING_STATUS[handled.handling])


def _words(visit: SignedInVisit, detail: CaseDetail, kept: CaseKept) -> dict[str, Any]:
    language = visit.language
    return {
        "title": _title(visit, detail),
        "case_status": said(language, CASE_STATUS[detail.state]),
        "reason": sentence(language, detail),
        "chain": chain(language, detail),
        "thresholds": thresholds(language, detail),
        "facts": [*facts(language, detail), *kept_facts(language, kept)],
        "earlier": earlier_said(language, detail.earlier),
        "kept": kept_said(language, kept),
        "stills": stills(language, detail),
        "act_begins_t": act_begins_t(detail),
        "evidence_files": evidence_files(language, detail),
        "history": history(language, detail),
        "near_cases": [_near(visit, near) for near in detail.near],
        "repeats": [_near(visit, near) for near in detail.repeats],
        "repeated": _near(visit, detail.repeated) if detail.repeated else None,
        "reject_reasons": [
            {
                "value": reason.code,
                "digit": reason.digit,
                "word": reason_said(language, reason.meaning, reason.names),
                "needs_note": reason.needs_note,
            }
            for reason in detail.reject_reasons
        ],
        "player_words": _player_words(visit, detail),
    }


def _title(visit: SignedInVisit, detail: CaseDetail) -> str:
    act = visit.language.gettext(ACTS[detail.act])
    if not detail.may_decide and detail.decisions:
        return act
    return visit.language.gettext("Suspected: %(act)s", act=act)


def _near(visit: SignedInVisit, near: NearCase) -> dict[str, str | None]:
    return {
        "ref": near.ref,
        "code": near.code,
        "still_url": near.still_url,
        "when": visit.language.moment(near.start_at),
        "word": visit.language.gettext(ACTS[near.act]),
    }


def _player_words(visit: SignedInVisit, detail: CaseDetail) -> dict[str, Any]:
    """What the player and its overlay write, in the page's language."""
    say = visit.language.gettext
    return {
        "play": say("Play"),
        "pause": say("Pause"),
        "at": say("second %(at)s of %(all)s", at="{at}", all="{of}"),
        "thing": say("Thing"),
        "leaver": say("Leaver"),
        "byPlace": say("known by how its place looks"),
        "zone": detail.zone_name,
        "thingLabel": detail.label,
        "labels": {label: say(word) for label, word in THINGS.items()},
    }


def _files(detail: CaseDetail) -> dict[str, Any]:
    overlay, manifest = detail.file(FileKind.OVERLAY), detail.file(FileKind.MANIFEST)
    poster = detail.file(FileKind.STILL_ACT) or detail.file(FileKind.STILL_ONSET)
    return {
        "photographs": [
            {"url": photo.url, "original": original_of(photo.url)}
            for photo in detail.photos
            if photo.name.startswith("photo_")
        ],
        "clip": detail.played,
        "is_preview": detail.file(FileKind.PREVIEW) is not None,
        "poster": poster.url if poster else "",
        "overlay_url": overlay.url if overlay else "",
        "manifest_url": manifest.url if manifest else "",
    }


def lease_said(visit: SignedInVisit, lease: Lease | None, *, decides: bool) -> dict[str, Any]:
    """Until when the viewer has the case, or who else does."""
    language = visit.language
    if lease is None or (lease.mine and not decides):
        return {"held_until": "", "held_by": ""}
    until = language.clock(lease.until)
    if lease.mine:
        return {"held_until": until, "held_exactly": lease.until.isoformat(), "held_by": ""}
    held_by = language.gettext(
        "%(name)s has this case open until %(at)s.", name=lease.holder, at=until
    )
    return {"held_until": "", "held_by": held_by}
