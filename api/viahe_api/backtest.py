"""Trying a changed zone on what its camera saw, against what people decided.

Two plans are judged over the same looks: the camera's whole plan as it holds, and the same with the
one zone as drawn. The other zones are in both, as they are in live watching: one excuses, masks or
takes what lies in another, so that a change here may show there. A past case of the zone that
either raises again is compared; one that neither raises (its looks were not kept, or it came of an
earlier drawing) is counted aside. Of the other zones' cases only those that change are told.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api import zones
from viahe_api.backtest_worker import Findings, Raised, Trial
from viahe_api.cameras import find_camera
from viahe_api.observations import Hour, hours_of
from viahe_api.scope import Viewer, scoped
from viahe_api.store import Store
from viahe_api.tables import Camera, Case
from viahe_api.vocabulary import CAMERA_KEEPERS, CaseState, Source
from viahe_api.zones import ZoneDraft
from viahe_rules.domain import Act, Box
from viahe_rules.plan import Zone

DAYS = 7
STRETCH = timedelta(hours=6)
"""Looks judged in one go: a stay that begins before a stretch counts as there from its start."""
SAME_S = 180.0
"""Seconds by which the beginning of one act may differ between two drawings."""
NEW = "tried"
"""What a zone that is not kept yet is called while it is tried."""
FALSE = (CaseState.NOT_VIOLATION, CaseState.INSUFFICIENT)


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case of the camera, with what people made of it so far.

    `elsewhere` is the name of its zone where that is another than the one tried, else empty.
    """

    code: str
    state: CaseState
    act: Act
    start_at: datetime
    key: str
    place: Box
    zone: str
    elsewhere: str


@dataclass(frozen=True, slots=True)
class Gained:
    """What only the plan with the zone as drawn would raise; `elsewhere` as in PastCase."""

    at: datetime
    act: Act
    label: str
    place: Box
    elsewhere: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """`kept` and `aside` are of the zone that is tried, `lost` and `gained` of all the camera's.

    `hours` of `asked` hours had looks and were judged in time.
    """

    kept: tuple[PastCase, ...]
    lost: tuple[PastCase, ...]
    gained: tuple[Gained, ...]
    aside: int
    hours: int
    asked: int

    @property
    def lost_sufficient(self) -> int:
        return sum(case.state is CaseState.SUFFICIENT for case in self.lost)

    @property
    def lost_false(self) -> int:
        return sum(case.state in FALSE for case in self.lost)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A trial ready to run, with what its findings are compared with.

    `others` are the names of the camera's other zones, by their ids.
    """

    trial: Trial
    stretches: tuple[tuple[datetime, ...], ...]
    cases: tuple[PastCase, ...]
    others: Mapping[str, str] = field(default_factory=dict)


def prepare(
    session: Session,
    store: Store,
    viewer: Viewer,
    camera_id: int,
    draft: ZoneDraft,
    *,
    now: datetime,
) -> Prepared:
    """Gather looks and cases of the last days. Raises ZoneFault, NotFound, RoleNeeded."""
    viewer.require(*CAMERA_KEEPERS)
    camera = find_camera(session, viewer, camera_id, *CAMERA_KEEPERS)
    zones.check(draft)
    plan = zones.plan_of(session, camera)
    drawn = zones.zone_of(draft, draft.zone or NEW, 0)
    others = {zone.id: zone.name for zone in plan.zones if zone.id != draft.zone}
    hours = hours_of(session, store, camera.id, now - timedelta(days=DAYS), now)
    stretches = _stretches(hours)
    trial = Trial(
        before=plan,
        after=replace(plan, zones=_with(plan.zones, drawn)),
        stretches=tuple(tuple(str(hour.path) for hour in part) for part in stretches),
        seconds=0.0,
    )
    begins = tuple(tuple(hour.begins for hour in part) for part in stretches)
    cases = _cases(session, viewer, camera, draft.zone, others, now)
    return Prepared(trial, begins, cases, others)


def compare(prepared: Prepared, findings: Findings) -> Comparison:
    """What the drawing keeps, loses and gains among the stretches that were judged."""
    judged = {hour for part in prepared.stretches[: findings.judged] for hour in part}
    cases = [case for case in prepared.cases if _hour(case.start_at) in judged]
    before = [[r for r in findings.before if _is_of(case, r)] for case in cases]
    after = [[r for r in findings.after if _is_of(case, r)] for case in cases]
    pairs = list(zip(cases, before, after, strict=True))
    return Comparison(
        kept=tuple(case for case, _, now in pairs if now and not case.elsewhere),
        lost=tuple(case for case, then, now in pairs if then and not now),
        gained=tuple(_gained(findings, cases, prepared.others)),
        aside=sum(not (then or now or case.elsewhere) for case, then, now in pairs),
        hours=len(judged),
        asked=DAYS * 24,
    )


def _with(held: tuple[Zone, ...], drawn: Zone) -> tuple[Zone, ...]:
    """The zones with the drawn one in the place of the one of its id, or after all others."""
    if all(zone.id != drawn.id for zone in held):
        return (*held, drawn)
    return tuple(drawn if zone.id == drawn.id else zone for zone in held)


def _gained(
    findings: Findings, cases: Sequence[PastCase], others: Mapping[str, str]
) -> Iterable[Gained]:
    """What is raised now and neither was by the zones that hold, nor is a case."""
    for raised in findings.after:
        if any(_are_one(raised, other) for other in findings.before):
            continue
        if any(_is_of(case, raised) for case in cases):
            continue
        told = raised.suspicion
        at = datetime.fromtimestamp(raised.at, UTC)
        yield Gained(at, told.act, told.label, told.place, others.get(told.zone, ""))


def _is_of(case: PastCase, raised: Raised) -> bool:
    told = raised.suspicion
    if case.key == told.key:
        return True
    near = case.zone == told.zone and abs(case.start_at.timestamp() - raised.at) <= SAME_S
    return near and case.act is told.act and _meet(case.place, told.place)


def _are_one(one: Raised, other: Raised) -> bool:
    mine, theirs = one.suspicion, other.suspicion
    if mine.key == theirs.key:
        return True
    near = mine.zone == theirs.zone and abs(one.at - other.at) <= SAME_S
    return near and mine.act is theirs.act and _meet(mine.place, theirs.place)


def _meet(one: Box, other: Box) -> bool:
    """Whether two boxes share a third of the smaller one's area."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    smaller = min(one.width * one.height, other.width * other.height)
    return width > 0 and height > 0 and width * height >= smaller / 3


def _stretches(hours: Sequence[Hour]) -> tuple[tuple[Hour, ...], ...]:
    """The hours in stretches, the newest stretch first, each in order of time."""
    parts = groupby(hours, key=lambda hour: hour.begins.timestamp() // STRETCH.total_seconds())
    return tuple(tuple(part) for _, part in parts)[::-1]


def _hour(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _cases(
    session: Session,
    viewer: Viewer,
    camera: Camera,
    zone: str | None,
    others: Mapping[str, str],
    now: datetime,
) -> tuple[PastCase, ...]:
    """The zones' cases of the last days: what they are and their state, no evidence."""
    asked = [*others, *([zone] if zone else [])]
    statement = (
        select(Case.code, Case.state, Case.act, Case.start_at, Case.key, Case.place, Case.zone)
        .where(
            Case.camera_id == camera.id,
            Case.source == Source.CAMERA,
            Case.zone.in_(asked),
            Case.start_at >= now - timedelta(days=DAYS),
            Case.completed_at.is_not(None),
            Case.state != CaseState.INTEGRITY_ERROR,
        )
        .order_by(Case.start_at)
    )
    rows = session.execute(scoped(statement, Case.ward_id, viewer, *CAMERA_KEEPERS))
    return tuple(
        PastCase(code, state, act, start_at, key, Box(*place), its, others.get(its, ""))
        for code, state, act, start_at, key, place, its in rows
    )
