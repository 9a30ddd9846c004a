# ruff: noqa: ARG005 - one shape of question for all functions
"""Each function that takes a viewer, asked about Hồng Hà, and the roles that open it."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.api.by_hand import a_draft, photos
from tests.api.house import House, a_zone
from tests.api.photos import a_photo
from viahe_api import (
    access,
    cameras,
    casefile,
    cases,
    decisions,
    disagreements,
    drafts,
    duplicates,
    entry_wards,
    fetched_cases,
    field_tasks,
    hand_reports,
    handling,
    handling_reading,
    leases,
    legal_holds,
    locks,
    officer_tasks,
    queries,
    queue_news,
    refs,
    rejection_reasons,
    report_reading,
    reported_places,
    retention_reading,
    second_looks,
    second_reviews,
    settlements,
    taking_back,
    zones,
)
from viahe_api.months import Month
from viahe_api.period_address import read_period
from viahe_api.rejection_reasons import ReasonChange
from viahe_api.scope import Viewer
from viahe_api.tables import (
    Case,
    Decision,
    Grant,
    HandlingStep,
    SecondReview,
)
from viahe_api.vocabulary import (
    CAMERA_KEEPERS,
    CAMERA_READERS,
    CASE_DECIDERS,
    CASE_ENTERERS,
    CASE_READERS,
    EVERY_ROLE,
    CaseState,
    Handling,
    Keeping,
    Role,
    Verdict,
)

MARK = "Hồng Hà"
OURS, THEIRS = 1, 2
"""Cases in the two wards: sums of them say from where a count came."""
NOVEMBER = Month(2026, 11)
MODULES: tuple[ModuleType, ...] = (
    access,
    cameras,
    casefile,
    cases,
    decisions,
    disagreements,
    drafts,
    duplicates,
    entry_wards,
    fetched_cases,
    field_tasks,
    hand_reports,
    handling,
    handling_reading,
    leases,
    legal_holds,
    locks,
    officer_tasks,
    queries,
    queue_news,
    refs,
    rejection_reasons,
    reported_places,
    retention_reading,
    second_looks,
    second_reviews,
    report_reading,
    settlements,
    taking_back,
    zones,
)

Ask = Callable[[Session, Viewer, House], Any]

CASE_APPROVERS = (Role.APPROVER,)
FIELD_OFFICERS = (Role.FIELD_OFFICER,)
HANDLES = {
    "hand_over",
    "give_back",
    "record_outcome",
    "settle",
    "take_back_settlement",
    "take_back",
    "send_officer",
    "withdraw_task",
    "enter",
    "place_hold",
    "lift_hold",
}
"""Acts that being administrator or official bars."""


def _confirmed(session: Session, handled: Handling | None = None) -> str:
    """Hồng Hà's first case as if it had been confirmed and handled so far; rolled back later."""
    changed = update(Case).where(Case.key == "theirs-1")
    session.execute(changed.values(state=CaseState.SUFFICIENT, handling=handled))
    return "theirs-1"


def _mark_of_theirs(house: House) -> str:
    """What a browser of somebody in Hồng Hà could have been given of its first case."""
    with house.database.reading() as session:
        return fetched_cases.mark_of(session, house.viewer("hoa"), "theirs-1")


def _joined(session: Session) -> str:
    """Hồng Hà's decided case as if it repeated its first one; rolled back later."""
    session.execute(update(Decision).values(state_after=CaseState.DUPLICATE))
    session.execute(update(Case).where(Case.key == "theirs-2").values(state=CaseState.DUPLICATE))
    return "theirs-2"


def _drawn(session: Session, house: House, **opinion: object) -> str:
    """Hồng Hà's decided case, waiting for a second look; rolled back later."""
    case_id = session.get_one(Decision, 1).case_id
    session.add(SecondReview(first_id=1, case_id=case_id, asked_at=house.now, note="", **opinion))
    session.flush()
    return "theirs-2"


def _differing(session: Session, house: House, settler: Viewer | None = None) -> int:
    settled_by = settler.account_id if settler else None
    _drawn(session, house, agrees=False, at=house.now, settled_by_id=settled_by)
    return 1


def _recorded(session: Session, viewer: Viewer, house: House) -> int:
    """An outcome the viewer recorded on Hồng Hà's first case; rolled back later."""
    case = session.scalars(select(Case).where(Case.key == "theirs-1")).one()
    case.state, case.handling = CaseState.SUFFICIENT, Handling.REMINDED
    for step in (Handling.HANDED_OVER, Handling.REMINDED):
        row = HandlingStep(
            ward_id=case.ward_id,
            case_id=case.id,
            account_id=viewer.account_id,
            form_id=f"{step}",
            step=step,
            number="",
            note="",
            at=house.now,
        )
        session.add(row)
        session.flush()
    return row.id


def _officer(session: Session, house: House) -> int:
    """Somebody who can be sent in Hồng Hà; rolled back later."""
    quan = house.viewer("quan").account_id
    ward_id = house.device("hong-ha").ward_id
    session.add(Grant(account_id=quan, ward_id=ward_id, role=Role.FIELD_OFFICER))
    session.flush()
    return quan


LISTS: dict[str, tuple[Ask, tuple[Role, ...]]] = {
    "queue": (lambda s, v, h: queries.queue(s, v, now=h.now), CASE_READERS),
    "next_case": (lambda s, v, h: queries.next_case(s, v, now=h.now), CASE_READERS),
    "new_since": (lambda s, v, h: queries.new_since(s, v, NOVEMBER.start), CASE_READERS),
    "queue_news": (lambda s, v, h: queue_news.queue_news(s, v, None, now=h.now), CASE_READERS),
    "matching": (
        lambda s, v, h: s.scalars(
            queries.matching(select(Case.label), v, queries.EVERYTHING_OPEN)
        ).all(),
        CASE_READERS,
    ),
    "my_decisions_today": (
        lambda s, v, h: queries.my_decisions_today(s, v, now=h.now),
        CASE_READERS,
    ),
    "my_last_decision": (
        lambda s, v, h: queries.my_last_decision(s, v, now=h.now),
        CASE_READERS,
    ),
    "decision_rows": (
        lambda s, v, h: [row.note for row in decisions.decision_rows(s, v)],
        CASE_READERS,
    ),
    "decision_views": (lambda s, v, h: decisions.decision_views(s, v), CASE_READERS),
    "next_look": (lambda s, v, h: second_reviews.next_look(s, v, now=h.now), CASE_DECIDERS),
    "count_waiting": (lambda s, v, h: second_reviews.count_waiting(s, v), CASE_DECIDERS),
    "blind_among": (
        lambda s, v, h: second_reviews.blind_among(s, v, range(1, 10)),
        CASE_DECIDERS,
    ),
    "blind_codes": (lambda s, v, h: second_reviews.blind_codes(s, v), CASE_DECIDERS),
    "disagreements": (lambda s, v, h: disagreements.disagreements(s, v), CASE_APPROVERS),
    "agreement": (lambda s, v, h: disagreements.agreement(s, v), CASE_APPROVERS),
    "own_settlements": (
        lambda s, v, h: settlements.own_settlements(s, v, now=h.now),
        CASE_APPROVERS,
    ),
    "count_own_settlements": (
        lambda s, v, h: settlements.count_own_settlements(s, v, now=h.now),
        CASE_APPROVERS,
    ),
    "handled_cases": (
        lambda s, v, h: handling_reading.handled_cases(s, v, handed_over=False, now=h.now),
        (Role.APPROVER,),
    ),
    "count_handled": (
        lambda s, v, h: handling_reading.count_handled(s, v, handed_over=False),
        (Role.APPROVER,),
    ),
    "reported_places": (lambda s, v, h: reported_places.reported_places(s, v), CASE_READERS),
    "entry_wards": (lambda s, v, h: entry_wards.entry_wards(s, v), CASE_ENTERERS),
    "my_tasks": (lambda s, v, h: officer_tasks.my_tasks(s, v, now=h.now), FIELD_OFFICERS),
    "filter_reasons": (lambda s, v, h: rejection_reasons.filter_reasons(s, v), CASE_READERS),
    "kept_reasons": (lambda s, v, h: rejection_reasons.kept_reasons(s, v), CAMERA_KEEPERS),
    "wards_kept": (
        lambda s, v, h: retention_reading.wards_kept(s, v, now=h.now),
        CAMERA_KEEPERS,
    ),
    "cameras": (lambda s, v, h: queries.cameras(s, v, now=h.now), CAMERA_READERS),
    "camera_choices": (lambda s, v, h: queries.camera_choices(s, v, now=h.now), CAMERA_READERS),
    "camera_counts": (lambda s, v, h: cameras.camera_counts(s, v, now=h.now), CASE_READERS),
    "viewer_report": (
        lambda s, v, h: report_reading.viewer_report(s, v, read_period("2026-11"), now=h.now),
        EVERY_ROLE,
    ),
}
"""Functions that gather: the roles that open them in a ward."""

ONES: dict[str, tuple[Ask, tuple[Role, ...]]] = {
    "find_case": (
        lambda s, v, h: refs.find_case(s, v, "theirs-1", *CASE_READERS),
        CASE_READERS,
    ),
    "case_detail": (lambda s, v, h: queries.case_detail(s, v, "theirs-1", now=h.now), CASE_READERS),
    "open_case": (lambda s, v, h: cases.open_case(s, v, "theirs-1", now=h.now), CASE_READERS),
    "log_fetched": (
        lambda s, v, h: fetched_cases.log_fetched(s, v, "theirs-1", now=h.now),
        CASE_READERS,
    ),
    "mark_of": (lambda s, v, h: fetched_cases.mark_of(s, v, "theirs-1"), CASE_READERS),
    "open_as_fetched": (
        lambda s, v, h: fetched_cases.open_as_fetched(
            s, v, "theirs-1", _mark_of_theirs(h), now=h.now
        ),
        CASE_READERS,
    ),
    "leave_case": (lambda s, v, h: cases.leave_case(s, v, "theirs-1", now=h.now), CASE_READERS),
    "decidable": (lambda s, v, h: leases.decidable(s, v, "theirs-1", h.now), CASE_DECIDERS),
    "renew_lease": (lambda s, v, h: cases.renew_lease(s, v, "theirs-1", now=h.now), CASE_DECIDERS),
    "decide": (
        lambda s, v, h: cases.decide(
            s, v, "theirs-1", Verdict.CONFIRM, form_id="of the test", now=h.now
        ),
        CASE_DECIDERS,
    ),
    "undo": (lambda s, v, h: cases.undo(s, v, 1, now=h.now), ()),
    "split": (
        lambda s, v, h: duplicates.split(s, v, _joined(s), now=h.now),
        CASE_DECIDERS,
    ),
    "handling_of": (
        lambda s, v, h: handling_reading.handling_of(s, v, "theirs-1", now=h.now),
        CASE_READERS,
    ),
    "hand_over": (
        lambda s, v, h: handling.hand_over(s, v, _confirmed(s), form_id="f", now=h.now),
        CASE_APPROVERS,
    ),
    "give_back": (
        lambda s, v, h: handling.give_back(s, v, _confirmed(s), "…", form_id="f", now=h.now),
        CASE_APPROVERS,
    ),
    "record_outcome": (
        lambda s, v, h: handling.record_outcome(
            s,
            v,
            _confirmed(s, Handling.HANDED_OVER),
            handling.Outcome(Handling.CLOSED),
            form_id="f",
            now=h.now,
        ),
        CASE_APPROVERS,
    ),
    "blind_case": (
        lambda s, v, h: second_looks.blind_case(s, v, _drawn(s, h), now=h.now),
        CASE_DECIDERS,
    ),
    "give_opinion": (
        lambda s, v, h: second_looks.give_opinion(s, v, _drawn(s, h), Verdict.CONFIRM, now=h.now),
        CASE_DECIDERS,
    ),
    "keep_look": (
        lambda s, v, h: second_looks.keep_look(s, v, _drawn(s, h), now=h.now),
        CASE_DECIDERS,
    ),
    "own_opinion": (
        lambda s, v, h: second_looks.own_opinion(s, v, _drawn(s, h, at=h.now)),
        CASE_READERS,
    ),
    "was_settled_alike": (
        lambda s, v, h: settlements.was_settled_alike(
            s, v, _differing(s, h, v), second_holds=False
        ),
        CASE_APPROVERS,
    ),
    "take_back_settlement": (
        lambda s, v, h: settlements.take_back_settlement(s, v, _differing(s, h, v), now=h.now),
        CASE_APPROVERS,
    ),
    "settle": (
        lambda s, v, h: disagreements.settle(s, v, _differing(s, h), second_holds=False, now=h.now),
        CASE_APPROVERS,
    ),
    "take_back": (
        lambda s, v, h: taking_back.take_back(s, v, _recorded(s, v, h), now=h.now),
        CASE_APPROVERS,
    ),
    "send_officer": (
        lambda s, v, h: field_tasks.send_officer(
            s, v, _confirmed(s), _officer(s, h), "…", form_id="f", now=h.now
        ),
        CASE_APPROVERS,
    ),
    "withdraw_task": (
        lambda s, v, h: field_tasks.withdraw_task(s, v, 1, now=h.now),
        CASE_APPROVERS,
    ),
    "case_tasks": (lambda s, v, h: field_tasks.case_tasks(s, v, "theirs-1"), CASE_READERS),
    "open_task": (lambda s, v, h: officer_tasks.open_task(s, v, 1), FIELD_OFFICERS),
    "task_still": (lambda s, v, h: officer_tasks.task_still(s, v, 1), FIELD_OFFICERS),
    "record_finding": (
        lambda s, v, h: officer_tasks.record_finding(s, v, 1, "cleared", "", now=h.now),
        FIELD_OFFICERS,
    ),
    "enter": (
        lambda s, v, h: hand_reports.enter(
            s, v, a_draft(h, "hong-ha"), photos(a_photo()), form_id="f", now=h.now
        ),
        CASE_ENTERERS,
    ),
    "change_reasons": (
        lambda s, v, h: rejection_reasons.change_reasons(
            s, v, h.device("hong-ha").ward_id, [ReasonChange("1", "", "", "", True)], now=h.now
        ),
        CAMERA_KEEPERS,
    ),
    "add_reason": (
        lambda s, v, h: rejection_reasons.add_reason(
            s, v, h.device("hong-ha").ward_id, ("Một", "One"), "1", now=h.now
        ),
        CAMERA_KEEPERS,
    ),
    "remove_reason": (
        lambda s, v, h: rejection_reasons.remove_reason(
            s, v, h.device("hong-ha").ward_id, "w1", now=h.now
        ),
        CAMERA_KEEPERS,
    ),
    "keep_draft": (
        lambda s, v, h: drafts.keep_draft(s, v, "theirs-1", "…", now=h.now),
        CASE_READERS,
    ),
    "draft_of": (lambda s, v, h: drafts.draft_of(s, v, "theirs-1"), CASE_READERS),
    "case_kept": (
        lambda s, v, h: retention_reading.case_kept(s, v, "theirs-1", now=h.now),
        CASE_READERS,
    ),
    "place_hold": (
        lambda s, v, h: legal_holds.place_hold(s, v, "theirs-1", "…", now=h.now),
        CASE_APPROVERS,
    ),
    "lift_hold": (
        lambda s, v, h: legal_holds.lift_hold(s, v, "theirs-1", now=h.now),
        CASE_APPROVERS,
    ),
    "set_rule": (
        lambda s, v, h: retention_reading.set_rule(
            s,
            v,
            h.device("hong-ha").ward_id,
            (Keeping.UNREVIEWED, None),
            (1, 0),
            "…",
            now=h.now,
        ),
        CAMERA_KEEPERS,
    ),
    "still_of_zone": (
        lambda s, v, h: access.still_of_zone(
            h.database, v, h.camera_id("hong-ha"), "zone-1", now=h.now
        ),
        CAMERA_KEEPERS,
    ),
    "still_of_test": (
        lambda s, v, h: access.still_of_test(h.database, v, h.camera_id("hong-ha"), now=h.now),
        CAMERA_KEEPERS,
    ),
    "case_file": (
        lambda s, v, h: access.case_file(
            h.database, v, "theirs-1", "clip.mp4", access.Handing.DOWNLOADED, now=h.now
        ),
        CASE_READERS,
    ),
    "find_camera": (
        lambda s, v, h: cameras.find_camera(s, v, h.camera_id("hong-ha"), *CAMERA_READERS),
        CAMERA_READERS,
    ),
    "camera": (
        lambda s, v, h: queries.camera(s, v, h.camera_id("hong-ha"), now=h.now),
        CAMERA_READERS,
    ),
    "camera_still": (
        lambda s, v, h: access.camera_still(h.database, v, h.camera_id("hong-ha"), now=h.now),
        CAMERA_READERS,
    ),
    "save": (
        lambda s, v, h: zones.save(s, v, h.camera_id("hong-ha"), a_zone(), now=h.now),
        CAMERA_KEEPERS,
    ),
    "lock_report": (
        lambda s, v, h: locks.lock_report(s, v, "hong-ha", read_period("2026-10"), now=h.now),
        (Role.APPROVER,),
    ),
    "remove": (
        lambda s, v, h: zones.remove(s, v, h.camera_id("hong-ha"), "zone-1", now=h.now),
        CAMERA_KEEPERS,
    ),
}
"""Functions that take one thing of Hồng Hà: the roles there that open them (undo: never, the
decision is another's)."""

SHOW_WHAT_THEY_ARE_GIVEN = {
    *("forget_draft", "lease_of", "lend", "may_decide", "may_handle", "other_case", "ref_of"),
    "short_ref",
    *("repeats_of", "repeated_by", "can_take_back", "complete", "log_review", "log_task"),
    *("waiting_for", "blind_to", "require_look", "bars", "leave_all", "earlier_here", "log_view"),
}
"""These take rows their caller was allowed to find, give a question to narrow, or end what the
viewer has open."""
