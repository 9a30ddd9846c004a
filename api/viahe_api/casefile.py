"""One case as a person sees it: all that is on file, and what is near it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from viahe_api.decisions import decision_views
from viahe_api.leases import lease_of, may_decide
from viahe_api.records import CaseDetail, EarlierHere, FileView, NearCase
from viahe_api.refs import find_case, media_url, ref_of
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Camera, Case, Decision, EvidenceFile, ZoneVersion
from viahe_api.vocabulary import CASE_READERS, OPEN_STATES, CaseState, FileKind
from viahe_rules.domain import Box, LeftBy, Reason
from viahe_rules.recorded import from_json

__all__ = ["case_detail", "media_url", "still_of"]

EARLIER_MONTHS = 6
NEAR = timedelta(hours=24)
NEAR_SHOWN = 5
STILLS = (FileKind.STILL_ACT, FileKind.STILL_ONSET, FileKind.STILL_AFTER)


def case_detail(session: Session, viewer: Viewer, ref: str, *, now: datetime) -> CaseDetail:
    """Everything on file of one case. Logs nothing: for the page that shows it, open_case does.

    Raises NotFound or Ambiguous.
    """
    case = find_case(session, viewer, ref, *CASE_READERS)
    _load_all_of(session, case)
    return CaseDetail(
        ref=ref_of(case.code, case.ward, viewer),
        key=case.key,
        code=case.code,
        ward=case.ward.name,
        state=case.state,
        act=case.act,
        label=case.label,
        rule=case.rule,
        camera=case.camera.name,
        camera_id=case.camera_id,
        address=case.camera.address,
        street=case.camera.street,
        group=case.camera.group.name if case.camera.group else None,
        zone=case.zone,
        zone_name=_zone_name(session, case),
        zone_version=case.zone_version,
        place=from_json(Box, case.place),
        start_t=case.start_t,
        end_t=case.end_t,
        start_at=case.start_at,
        end_at=case.end_at,
        received_at=case.received_at,
        score=case.score,
        left_by=None if case.left_by is None else from_json(LeftBy, case.left_by),
        reasons=tuple(from_json(Reason, reason) for reason in case.reasons),
        thresholds=tuple((name, value) for name, value in case.thresholds),
        clock_offset_s=case.clock_offset_s,
        clock_source=case.clock_source,
        detector=case.detector,
        model_name=case.model_name,
        model_sha256=case.model_sha256,
        recorded_s=case.recorded_s,
        missing_s=case.missing_s,
        files=tuple(_file_view(case, file, viewer) for file in case.files),
        decisions=decision_views(session, viewer, Decision.case_id == case.id),
        lease=lease_of(case, viewer, now),
        earlier=_earlier_here(session, viewer, case),
        near=_near_cases(session, viewer, case),
        may_decide=case.state in OPEN_STATES and may_decide(session, viewer, case),
    )


def still_of(files: Iterable[EvidenceFile]) -> EvidenceFile | None:
    """The picture that stands for a case: of the act if there is one."""
    by_kind = {file.kind: file for file in files}
    return next((by_kind[kind] for kind in STILLS if kind in by_kind), None)


def _load_all_of(session: Session, case: Case) -> None:
    statement = (
        select(Case)
        .where(Case.id == case.id)
        .options(
            joinedload(Case.ward),
            joinedload(Case.camera).joinedload(Camera.group),
            joinedload(Case.lease_by),
            selectinload(Case.files),
        )
        .execution_options(populate_existing=True)
    )
    session.scalars(statement).one()


def _zone_name(session: Session, case: Case) -> str:
    definition = session.scalar(
        select(ZoneVersion.definition).where(
            ZoneVersion.camera_id == case.camera_id,
            ZoneVersion.zone == case.zone,
            ZoneVersion.version == case.zone_version,
        )
    )
    return str(definition["name"]) if definition else case.zone


def _file_view(case: Case, file: EvidenceFile, viewer: Viewer) -> FileView:
    url = media_url(ref_of(case.code, case.ward, viewer), file.name)
    return FileView(file.name, file.kind, file.media_type, file.sha256, file.size, url)


def _earlier_here(session: Session, viewer: Viewer, case: Case) -> EarlierHere:
    statement = (
        select(Case.state, func.count())
        .where(
            Case.camera_id == case.camera_id,
            Case.zone == case.zone,
            Case.act == case.act,
            Case.completed_at.is_not(None),
            Case.start_at < case.start_at,
            Case.start_at >= case.start_at - timedelta(days=EARLIER_MONTHS * 365.25 / 12),
        )
        .group_by(Case.state)
    )
    rows = session.execute(scoped(statement, Case.ward_id, viewer, *CASE_READERS)).all()
    counts: dict[CaseState, int] = dict(rows)
    return EarlierHere(sum(counts.values()), counts.get(CaseState.SUFFICIENT, 0), EARLIER_MONTHS)


def _near_cases(session: Session, viewer: Viewer, case: Case) -> tuple[NearCase, ...]:
    before = Case.start_at.between(case.start_at - NEAR, case.start_at)
    after = Case.start_at.between(case.start_at, case.start_at + NEAR)
    found = {
        other.id: other
        for span, order in ((before, Case.start_at.desc()), (after, Case.start_at.asc()))
        for other in session.scalars(
            scoped(_beside(case).where(span).order_by(order), Case.ward_id, viewer, *CASE_READERS)
        )
    }
    nearest = sorted(found.values(), key=lambda other: abs(other.start_at - case.start_at))
    return tuple(_near_view(other, viewer) for other in nearest[:NEAR_SHOWN])


def _beside(case: Case) -> Select[Case]:
    """Cases of the same camera that this one could be a duplicate of."""
    return (
        select(Case)
        .where(
            Case.camera_id == case.camera_id,
            Case.id != case.id,
            Case.completed_at.is_not(None),
            Case.state.not_in((CaseState.DUPLICATE, CaseState.INTEGRITY_ERROR)),
        )
        .options(joinedload(Case.ward), selectinload(Case.files))
        .limit(NEAR_SHOWN)
    )


def _near_view(case: Case, viewer: Viewer) -> NearCase:
    ref, still = ref_of(case.code, case.ward, viewer), still_of(case.files)
    url = media_url(ref, still.name) if still else None
    return NearCase(ref, case.code, case.act, case.start_at, case.state, url)
