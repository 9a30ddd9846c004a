"""Removing evidence whose time is over: it is written down first, then the files go.

A run that is killed in between leaves files that nobody is shown any more; the next run erases
them.
"""

import logging
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from viahe_api import audit
from viahe_api.database import Database
from viahe_api.law import local_day
from viahe_api.left_reports import SYSTEM
from viahe_api.listed_ids import one_of
from viahe_api.retention import (
    OF_STATE,
    REMINDED,
    Come,
    Kept,
    Retention,
    come_so_far,
    held,
    read_come,
    retention,
)
from viahe_api.store import Store
from viahe_api.tables import Case, EvidenceRemoval, NoteDraft
from viahe_api.vocabulary import OPEN_STATES, CaseState, Handling, Keeping

AT_ONCE = 100
"""Cases of one transaction: others may write in between."""
REST_S = 0.3
"""Between two of them: whoever waits for SQLite's write lock looks for it ten times a second, and
would not find it free where one transaction follows another."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """A case whose evidence is to go, and why."""

    come: Come
    kept: Kept


@dataclass(frozen=True, slots=True)
class Removed:
    """What a run removed; `size` in bytes, as it was announced."""

    ward: str
    case: str
    keeping: Keeping
    last_day: date
    files: int
    size: int


def remove_due_evidence(database: Database, store: Store, *, now: datetime) -> tuple[Removed, ...]:
    """Remove the evidence of every case whose last day is over; what was left is erased first.

    A case under a legal hold, or that somebody has open, is passed over. An open one gets the
    state EXPIRED; of the others only the files go.
    """
    removed = list(some := remove_some(database, store, now=now))
    while some:
        time.sleep(REST_S)
        removed += (some := remove_some(database, store, now=now))
    return tuple(removed)


def remove_some(database: Database, store: Store, *, now: datetime) -> tuple[Removed, ...]:
    """The same of AT_ONCE cases; nothing is left to do where it returns none."""
    _erase(database, store, now)
    with database.reading() as session, closing(due_cases(session, now=now)) as found:
        due = [one.come.case.id for one in islice(found, AT_ONCE)]  # before the lock is taken
    if not due:
        return ()
    with database.writing() as session:
        still = due_cases(session, now=now, among=due)
        removed = tuple([_mark(session, one, now) for one in still])
    _erase(database, store, now)
    return removed


def due_cases(
    session: Session, *, now: datetime, ahead_days: int = 0, among: Sequence[int] | None = None
) -> Generator[Due]:
    """Cases whose evidence goes today, or within the days ahead, in no order; of those `among`
    which, by their ids, with their files. Read as they are taken."""
    day = local_day(now) + timedelta(days=ahead_days)
    rules = retention(session, day)
    free = or_(Case.lease_until.is_(None), Case.lease_until <= now)
    conditions = (Case.evidence_removed_at.is_(None), free, ~held(), _may_be_due(rules, day))
    statement = come_so_far(conditions).options(joinedload(Case.ward))
    if among is not None:
        files = selectinload(Case.files)
        statement = statement.where(one_of(Case.id.expression, among)).options(files)
    for come in read_come(session, statement):
        kept = rules.kept(come)
        if kept is not None and kept.last_day < day:
            yield Due(come, kept)


def _may_be_due(rules: Retention, day: date) -> ColumnElement[bool]:
    """What cannot be due yet need not be read: nothing is done with a case before it is
    complete, so no rule ends before its days have passed since then."""
    states = {state: (Case.state == state,) for state in OF_STATE}
    stages: list[tuple[Keeping, ColumnElement[bool]]] = [
        *((OF_STATE[state], and_(*condition)) for state, condition in states.items()),
        (Keeping.REMINDED, Case.handling.in_(REMINDED)),
        (Keeping.CLOSED, Case.handling == Handling.CLOSED),
    ]
    possible = [
        and_(condition, Case.completed_at < _past(rules, keeping, day))
        for keeping, condition in stages
    ]
    return or_(*possible, Case.start_at < _past(rules, Keeping.OF_USE, day))


def _past(rules: Retention, keeping: Keeping, day: date) -> datetime:
    """Only what is older can be due; a month has at least 28 days."""
    shortest = min(
        (row.months * 28 + row.days for row in rules.rows if row.keeping is keeping), default=36500
    )
    return datetime.fromisoformat(f"{day - timedelta(days=shortest - 1)}T00:00:00+07:00")


def _mark(session: Session, due: Due, now: datetime) -> Removed:
    case, kept = due.come.case, due.kept
    before = case.state
    if case.state in OPEN_STATES:
        case.state = CaseState.EXPIRED
    case.evidence_removed_at, case.lease_by_id, case.lease_until = now, None, None
    size = sum(file.size for file in case.files)
    session.add(
        EvidenceRemoval(
            case_id=case.id,
            rule_id=kept.rule.id,
            keeping=kept.keeping,
            last_day=kept.last_day,
            files=len(case.files),
            size=size,
            at=now,
        )
    )
    session.execute(delete(NoteDraft).where(NoteDraft.case_id == case.id))
    audit.append(
        session,
        SYSTEM,
        "case.evidence_removed",
        f"case:{case.code}",
        now=now,
        ward_id=case.ward_id,
        detail={
            "keeping": kept.keeping,
            "last_day": kept.last_day.isoformat(),
            "rule": kept.rule.id,
            "before": before,
            "after": case.state,
            "files": {file.name: file.sha256 for file in case.files},
        },
    )
    return Removed(case.ward.code, case.code, kept.keeping, kept.last_day, len(case.files), size)


def _erase(database: Database, store: Store, now: datetime) -> None:
    """The files of what is written down as removed: they are gone before that is said of them. A
    folder that cannot be erased is logged and tried again next time, and holds up no other."""
    erased: list[int] = []
    for ward, code, case_id in _not_erased(database):
        try:
            store.erase_case(ward, code)
        except OSError as fault:
            log.error("the evidence of case %s of %s is not erased: %s", code, ward, fault)
        else:
            erased.append(case_id)
    if erased:
        these = update(EvidenceRemoval).where(one_of(EvidenceRemoval.case_id.expression, erased))
        with database.writing() as session:
            session.execute(these.values(erased_at=now))


def _not_erased(database: Database) -> Sequence[tuple[str, str, int]]:
    with database.reading() as session:
        rows = session.scalars(
            select(EvidenceRemoval)
            .where(EvidenceRemoval.erased_at.is_(None))
            .options(joinedload(EvidenceRemoval.case).joinedload(Case.ward))
        )
        return [(row.case.ward.code, row.case.code, row.case_id) for row in rows]
