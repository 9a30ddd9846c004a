"""What the queue and its neighbours show. Every select is narrowed by `scope.scoped`."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from viahe_api import case_places
from viahe_api.accents import folded
from viahe_api.cameras import camera, camera_choices, camera_counts, cameras
from viahe_api.case_places import joined_to_place, place_of, with_place
from viahe_api.casefile import case_detail, still_of
from viahe_api.decisions import decision_views
from viahe_api.errors import NotFound
from viahe_api.leases import lease_of
from viahe_api.months import start_of_day
from viahe_api.queue_order import QueueOrder, comes_after, in_order
from viahe_api.records import DecisionView, QueuePage, QueueRow
from viahe_api.refs import find_case, ref_of
from viahe_api.scope import S, Viewer, scoped
from viahe_api.second_reviews import blind_to
from viahe_api.tables import Case, Decision, ResidentialGroup, WardReason
from viahe_api.vocabulary import CASE_READERS, OPEN_STATES, OPINION_STATES, CaseState, Source
from viahe_rules.domain import Act

__all__ = [
    "QueueFilters",
    "camera",
    "camera_choices",
    "cameras",
    "case_detail",
    "matching",
    "my_decisions_today",
    "my_last_decision",
    "new_since",
    "next_case",
    "queue",
]


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """What the query string asks for. `text` matches place, code or camera, accents aside;
    `reason` is the code of the rejection that stands; `since` and `before` are of the act,
    half-open."""

    text: str = ""
    act: Act | None = None
    camera_id: int | None = None
    source: Source | None = None
    reason: str = ""
    group: str = ""
    street: str = ""
    since: datetime | None = None
    before: datetime | None = None
    states: tuple[CaseState, ...] = OPEN_STATES
    order: QueueOrder = QueueOrder.OLDEST
    page: int = 1
    per_page: int = 50

    @property
    def by_place(self) -> bool:
        """Whether it has to be known where a case was."""
        return bool(self.text or self.group or self.street)


EVERYTHING_OPEN = QueueFilters()
OPEN: ColumnElement[Any] = bindparam(
    "open_states", OPEN_STATES, expanding=True, literal_execute=True
)
"""Said as `ix_review_case_open` says it: a city's queue is read from there alone."""


def queue(
    session: Session, viewer: Viewer, filters: QueueFilters = EVERYTHING_OPEN, *, now: datetime
) -> QueuePage:
    """One page of the queue in the order asked for.

    A page beyond the last shows the last. Raises RoleNeeded.
    """
    viewer.require(*CASE_READERS)
    waiting, oldest, newest = session.execute(
        matching(
            select(func.count(Case.id), func.min(Case.completed_at), func.max(Case.completed_at)),
            viewer,
            EVERYTHING_OPEN,
        )
    ).one()
    total = waiting
    if replace(filters, page=1, per_page=EVERYTHING_OPEN.per_page) != EVERYTHING_OPEN:
        total = session.scalar(matching(select(func.count(Case.id)), viewer, filters)) or 0
    pages = max(1, -(-total // filters.per_page))
    page = min(max(1, filters.page), pages)
    found = session.scalars(_page(viewer, filters, page))
    rows = tuple(_row(case, viewer, now) for case in found)
    online, enabled = camera_counts(session, viewer, now=now)
    return QueuePage(rows, total, page, pages, waiting, oldest, newest, online, enabled)


def _page(viewer: Viewer, filters: QueueFilters, page: int) -> Select[Case]:
    """Put in order by their ids alone: the rows themselves are wide, and a city's many."""
    ids = (
        matching(select(Case.id), viewer, filters)
        .order_by(*in_order(filters.order))
        .limit(filters.per_page)
        .offset((page - 1) * filters.per_page)
    )
    return (
        select(Case)
        .where(Case.id.in_(ids))
        .options(
            joinedload(Case.ward),
            *with_place(),
            joinedload(Case.lease_by),
            selectinload(Case.files),
        )
        .order_by(*in_order(filters.order))
    )


def new_since(
    session: Session,
    viewer: Viewer,
    mark: datetime,
    filters: QueueFilters = EVERYTHING_OPEN,
) -> int:
    """How many cases have come into the queue after `mark`, a page's `newest_at`."""
    statement = select(func.count(Case.id)).where(Case.completed_at > mark)
    return session.scalar(matching(statement, viewer, filters)) or 0


def next_case(
    session: Session,
    viewer: Viewer,
    after: str | None = None,
    filters: QueueFilters = EVERYTHING_OPEN,
    *,
    now: datetime,
) -> str | None:
    """The ref of the case that follows `after` in the queue and nobody else has open.

    After the last the first comes again, so that skipped cases return; `after` itself never
    does. None if nothing is left.
    """
    free = or_(
        Case.lease_until.is_(None),
        Case.lease_until <= now,
        Case.lease_by_id == viewer.account_id,
    )
    statement = matching(select(Case.id), viewer, filters).where(free)
    here = _place_of(session, viewer, after)
    if here is not None:
        statement = statement.where(Case.id != here.id)
        behind = statement.where(comes_after(here, filters.order))
        following = _first(session, behind, filters.order)
        if following is not None:
            return ref_of(following.code, following.ward, viewer)
    first = _first(session, statement, filters.order)
    return None if first is None else ref_of(first.code, first.ward, viewer)


def _first(session: Session, ids: Select[int], order: QueueOrder) -> Case | None:
    first = session.scalar(ids.order_by(*in_order(order)).limit(1))
    return session.get(Case, first, options=(joinedload(Case.ward),)) if first else None


def my_decisions_today(
    session: Session, viewer: Viewer, *, now: datetime
) -> tuple[DecisionView, ...]:
    """The viewer's decisions since local midnight, newest first, undone ones too."""
    return decision_views(session, viewer, *_mine_today(viewer, now))[::-1]


def my_last_decision(session: Session, viewer: Viewer, *, now: datetime) -> DecisionView | None:
    """The newest of them that is not undone."""
    made = select(Decision.id).join(Decision.case)
    made = made.where(*_mine_today(viewer, now), Decision.undone_at.is_(None))
    newest = made.order_by(Decision.id.desc()).limit(1)
    last = session.scalar(scoped(newest, Case.ward_id, viewer, *CASE_READERS))
    return None if last is None else decision_views(session, viewer, Decision.id == last)[0]


def _mine_today(viewer: Viewer, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Decision.account_id == viewer.account_id, Decision.at >= start_of_day(now)


def matching(statement: S, viewer: Viewer, filters: QueueFilters) -> S:
    """`statement`, which selects of Case, narrowed to the viewer's wards and the filters.

    A list of decided cases says by what is in it what was decided: it leaves out those that the
    viewer is to look at a second time.
    """
    placed = joined_to_place(statement) if filters.by_place else statement
    if not OPINION_STATES.isdisjoint(filters.states):
        placed = placed.where(Case.id.not_in(blind_to(viewer)))
    return scoped(placed.where(*_conditions(filters)), Case.ward_id, viewer, *CASE_READERS)


def _conditions(filters: QueueFilters) -> Iterable[ColumnElement[bool]]:
    yield Case.completed_at.is_not(None)
    yield Case.state.in_(OPEN if filters.states == OPEN_STATES else filters.states)
    if filters.act is not None:
        yield Case.act == filters.act
    if filters.camera_id is not None:
        yield Case.camera_id == filters.camera_id
    if filters.source is not None:
        yield Case.source == filters.source
    if filters.reason:
        yield Case.id.in_(_rejected_for(filters.reason))
    if filters.group:
        groups = select(ResidentialGroup.id).where(ResidentialGroup.name == filters.group)
        yield case_places.group_id().in_(groups)
    if filters.street:
        yield case_places.street() == filters.street
    if filters.since is not None:
        yield Case.start_at >= filters.since
    if filters.before is not None:
        yield Case.start_at < filters.before
    for word in folded(filters.text).split():
        yield or_(
            case_places.searched().contains(word, autoescape=True),
            func.lower(Case.code).contains(word, autoescape=True),
        )


def _rejected_for(code: str) -> Select[int]:
    """Cases whose rejection that stands gave the reason of this code."""
    said = func.coalesce(WardReason.code, Decision.reason)
    return (
        select(Decision.case_id)
        .outerjoin(Decision.ward_reason)
        .join(Case, Case.id == Decision.case_id)
        .where(Decision.undone_at.is_(None), Decision.state_after == Case.state, said == code)
    )


def _place_of(session: Session, viewer: Viewer, ref: str | None) -> Case | None:
    if ref is None:
        return None
    try:
        return find_case(session, viewer, ref, *CASE_READERS)
    except NotFound:
        return None


def _row(case: Case, viewer: Viewer, now: datetime) -> QueueRow:
    still, place = still_of(case), place_of(case)
    return QueueRow(
        ref=ref_of(case.code, case.ward, viewer),
        code=case.code,
        ward=case.ward.name,
        act=case.act,
        label=case.label,
        camera=place.camera,
        address=place.address,
        street=place.street,
        group=place.group,
        start_at=case.start_at,
        waiting_since=case.completed_at or case.received_at,
        source=case.source,
        score=case.score if case.source is Source.CAMERA else None,
        state=case.state,
        still=still.name if still else None,
        lease=lease_of(case, viewer, now),
    )
