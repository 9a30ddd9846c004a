"""What people are shown of the keeping of evidence: of one case, and of a ward."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from viahe_api import audit
from viahe_api.errors import FormFault, NotFound
from viahe_api.evidence_removal import due_cases
from viahe_api.handling import may_handle
from viahe_api.law import local_day
from viahe_api.legal_holds import standing_hold
from viahe_api.refs import find_case
from viahe_api.retention import come_so_far, read_come, retention
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Case, EvidenceRemoval, RetentionRule, Ward
from viahe_api.vocabulary import CASE_READERS, Keeping, Role
from viahe_rules.domain import Act

RETENTION_KEEPERS = (Role.ADMINISTRATOR,)
AHEAD_DAYS = 7
LISTED = 50
LONGEST_MONTHS, LONGEST_DAYS = 120, 366

Stage = tuple[Keeping, Act | None]
STAGES: tuple[Stage, ...] = (
    (Keeping.UNREVIEWED, None),
    (Keeping.NOT_VIOLATION, None),
    (Keeping.DUPLICATE, None),
    (Keeping.INSUFFICIENT, None),
    (Keeping.IN_HANDLING, None),
    (Keeping.REMINDED, None),
    (Keeping.CLOSED, None),
    (Keeping.OF_USE, Act.DUMPING),
    (Keeping.OF_USE, Act.ENCROACHMENT),
)
"""What a ward's page lists, in this order."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Why the evidence is kept whatever its time, who said so and when."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseKept:
    """`last_day` and `use_by` are None where no row says anything; `days_left` to the last day
    of use, negative afterwards. `may_hold`: whether this viewer places and lifts holds."""

    keeping: Keeping
    last_day: date | None
    use_by: date | None
    days_left: int | None
    hold: Hold | None
    removed_at: datetime | None
    may_hold: bool


@dataclass(frozen=True, slots=True)
class StageKept:
    """A stage and the row that holds for it; None where only the use of the evidence limits."""

    keeping: Keeping
    act: Act | None
    rule: RetentionRule | None


@dataclass(frozen=True, slots=True)
class Removal:
    """A line of the log of removals; `erased` once the files are off the disk."""

    code: str
    keeping: Keeping
    at: datetime
    files: int
    size: int
    erased: bool


@dataclass(frozen=True, slots=True)
class WardKept:
    """`soon` is how many cases' evidence goes within AHEAD_DAYS days."""

    ward_id: int
    ward: str
    stages: tuple[StageKept, ...]
    soon: int
    removals: tuple[Removal, ...]


def case_kept(session: Session, viewer: Viewer, ref: str, *, now: datetime) -> CaseKept:
    """Until when the evidence of a case is kept. Raises NotFound or Ambiguous."""
    case = find_case(session, viewer, ref, *CASE_READERS)
    today = local_day(now)
    (come,) = read_come(session, come_so_far((Case.id == case.id,)))
    kept = retention(session, today).kept(come)
    hold = standing_hold(session, case.id)
    return CaseKept(
        keeping=come.keeping,
        last_day=kept.last_day if kept else None,
        use_by=kept.use_by if kept else None,
        days_left=(kept.use_by - today).days if kept else None,
        hold=Hold(hold.reason, hold.placed_by.name, hold.placed_at) if hold else None,
        removed_at=case.evidence_removed_at,
        may_hold=may_handle(session, viewer, case),
    )


def wards_kept(session: Session, viewer: Viewer, *, now: datetime) -> tuple[WardKept, ...]:
    """How long evidence is kept in each ward the viewer administers. Raises RoleNeeded."""
    viewer.require(*RETENTION_KEEPERS)
    wards = session.execute(
        scoped(select(Ward.id, Ward.name), Ward.id, viewer, *RETENTION_KEEPERS).order_by(Ward.name)
    ).all()
    rules = retention(session, local_day(now))
    soon = Counter(
        due.come.case.ward_id for due in due_cases(session, now=now, ahead_days=AHEAD_DAYS)
    )
    return tuple(
        WardKept(
            ward_id,
            name,
            tuple(
                StageKept(keeping, act, rules.rule(ward_id, keeping, act or Act.DUMPING))
                for keeping, act in STAGES
            ),
            soon[ward_id],
            _removals(session, viewer, ward_id),
        )
        for ward_id, name in wards
    )


def set_rule(
    session: Session,
    viewer: Viewer,
    ward_id: int,
    stage: Stage,
    lasts: tuple[int, int],
    source: str,
    *,
    now: datetime,
) -> None:
    """Keep the ward's evidence in a stage for so many months and days from today on.

    Raises RoleNeeded, NotFound for a ward the viewer does not administer, FormFault `stage`,
    `lasts` or `source_needed`.
    """
    viewer.require(*RETENTION_KEEPERS)
    ward = session.scalar(
        scoped(select(Ward).where(Ward.id == ward_id), Ward.id, viewer, *RETENTION_KEEPERS)
    )
    if ward is None:
        raise NotFound(f"no ward {ward_id} that {viewer.login} administers")
    keeping, act = stage
    months, days = lasts
    if stage not in STAGES:
        raise FormFault("stage", f"{keeping} has no time of its own")
    if not (0 <= months <= LONGEST_MONTHS and 0 <= days <= LONGEST_DAYS and months + days > 0):
        raise FormFault("lasts", "at least a day, at most 120 months and 366 days")
    if not source.strip() or len(source.strip()) > 300:
        raise FormFault("source_needed", "say on what the period rests, in 300 characters")
    rule = RetentionRule(
        ward_id=ward.id,
        keeping=keeping,
        act=act,
        months=months,
        days=days,
        from_day=local_day(now),
        certainty="WARD",
        source=source.strip(),
        verified_by=None,
    )
    session.add(rule)
    session.flush()
    audit.append(
        session,
        viewer,
        "retention.set",
        f"ward:{ward.code}",
        now=now,
        ward_id=ward.id,
        detail={"keeping": keeping, "act": act, "months": months, "days": days, "rule": rule.id},
    )


def _removals(session: Session, viewer: Viewer, ward_id: int) -> tuple[Removal, ...]:
    statement = (
        select(EvidenceRemoval)
        .join(EvidenceRemoval.case)
        .where(Case.ward_id == ward_id)
        .options(joinedload(EvidenceRemoval.case))
        .order_by(EvidenceRemoval.at.desc(), EvidenceRemoval.case_id.desc())
        .limit(LISTED)
    )
    rows = session.scalars(scoped(statement, Case.ward_id, viewer, *RETENTION_KEEPERS))
    return tuple(
        Removal(row.case.code, row.keeping, row.at, row.files, row.size, row.erased_at is not None)
        for row in rows
    )
