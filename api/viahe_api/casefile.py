"""One case as a person sees it: all that is on file, and what is near it."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, load_only, selectinload

from viahe_api import case_places
from viahe_api.case_places import joined_to_place, place_of, with_place
from viahe_api.decisions import decision_views
from viahe_api.duplicates import repeated_by, repeats_of
from viahe_api.leases import lease_of, may_decide
from viahe_api.records import (
    CaseDetail,
    EarlierCase,
    EarlierHere,
    Entered,
    FileView,
    NearCase,
)
from viahe_api.refs import find_case, media_url, ref_of
from viahe_api.rejection_reasons import offered_reasons
from viahe_api.scope import Viewer, scoped
from viahe_api.second_reviews import blind_to
from viahe_api.tables import Case, Decision, EvidenceFile, HandReport, ZoneVersion
from viahe_api.vocabulary import CASE_READERS, OPEN_STATES, CaseState, FileKind, Source
from viahe_rules.domain import Box, LeftBy, Reason
from viahe_rules.recorded import from_json

__all__ = ["case_detail", "earlier_here", "media_url", "still_of"]

EARLIER_MONTHS = 6
NEAR = timedelta(hours=24)
NEAR_SHOWN = 5
EARLIER_SHOWN = 5
SHOWN_OF_NEAR = (Case.code, Case.act, Case.start_at, Case.state, Case.evidence_removed_at)
STILLS = (FileKind.STILL_ACT, FileKind.STILL_ONSET, FileKind.STILL_AFTER, FileKind.PHOTO)


def case_detail(session: Session, viewer: Viewer, ref: str, *, now: datetime) -> CaseDetail:
    """Everything on file of one case. Logs nothing: for the page that shows it, open_case does.

    Raises NotFound or Ambiguous.
    """
    case = find_case(session, viewer, ref, *CASE_READERS)
    _load_all_of(session, case)
    place = place_of(case)
    repeated = repeated_by(session, viewer, case)
    decides = may_decide(session, viewer, case)
    return CaseDetail(
        ref=ref_of(case.code, case.ward, viewer),
        key=case.key,
        code=case.code,
        ward=case.ward.name,
        state=case.state,
        act=case.act,
        label=case.label,
        rule=case.rule,
        source=case.source,
        entered=_entered(case),
        camera=place.camera,
        camera_id=case.camera_id,
        address=place.address,
        street=place.street,
        group=place.group,
        zone=case.zone,
        zone_name=_zone_name(session, case),
        zone_version=case.zone_version,
        place=from_json(Box, case.place) if case.place else None,
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
        files=tuple(_file_view(case, file, viewer) for file in shown_files(case)),
        decisions=decision_views(session, viewer, Decision.case_id == case.id),
        lease=lease_of(case, viewer, now),
        earlier=earlier_here(session, viewer, case),
        near=_near_cases(session, viewer, case),
        reject_reasons=offered_reasons(session, case.ward_id),
        may_decide=case.state in OPEN_STATES and decides,
        repeats=tuple(_near_view(other, viewer) for other in repeats_of(session, viewer, case)),
        repeated=_near_view(repeated, viewer) if repeated else None,
        may_split=decides,
    )


def shown_files(case: Case) -> list[EvidenceFile]:
    """The files of a case, which comes with them: none once they were removed."""
    return case.files if case.evidence_removed_at is None else []


def still_of(case: Case) -> EvidenceFile | None:
    """The picture that stands for a case, which comes with its files: of the act if there is
    one."""
    by_kind = {file.kind: file for file in shown_files(case)}
    return next((by_kind[kind] for kind in STILLS if kind in by_kind), None)


def _load_all_of(session: Session, case: Case) -> None:
    statement = (
        select(Case)
        .where(Case.id == case.id)
        .options(
            joinedload(Case.ward),
            *with_place(),
            joinedload(Case.hand_report).joinedload(HandReport.entered_by),
            joinedload(Case.lease_by),
            selectinload(Case.files),
        )
        .execution_options(populate_existing=True)
    )
    session.scalars(statement).one()


def _entered(case: Case) -> Entered | None:
    report = case.hand_report
    return Entered(report.entered_by.name, report.description) if report else None


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
    return FileView(
        file.name, file.kind, file.media_type, file.sha256, file.size, url, file.shows_t
    )


def earlier_here(session: Session, viewer: Viewer, case: Case) -> EarlierHere:
    """What there was before at the place of a case."""
    earlier = and_(
        _same_place(session, case),
        Case.act == case.act,
        Case.completed_at.is_not(None),
        Case.start_at < case.start_at,
        Case.start_at >= case.start_at - timedelta(days=EARLIER_MONTHS * 365.25 / 12),
    )
    counting = select(Case.state, func.count()).where(earlier).group_by(Case.state)
    rows = session.execute(scoped(counting, Case.ward_id, viewer, *CASE_READERS)).all()
    counts: dict[CaseState, int] = dict(rows)
    blind = _blind_ones(session, viewer, earlier) if counts else {}
    told_sufficient = counts.get(CaseState.SUFFICIENT, 0) - sum(
        state is CaseState.SUFFICIENT for state in blind.values()
    )
    newest = (
        select(Case)
        .where(earlier)
        .options(load_only(Case.code, Case.start_at, Case.state), joinedload(Case.ward))
        .order_by(Case.start_at.desc(), Case.id.desc())
        .limit(EARLIER_SHOWN)
    )
    shown = session.scalars(scoped(newest, Case.ward_id, viewer, *CASE_READERS)) if counts else ()
    return EarlierHere(
        sum(counts.values()),
        told_sufficient,
        EARLIER_MONTHS,
        tuple(
            EarlierCase(
                ref_of(one.code, one.ward, viewer),
                one.code,
                one.start_at,
                None if one.id in blind else one.state,
            )
            for one in shown
        ),
    )


def _blind_ones(
    session: Session, viewer: Viewer, condition: ColumnElement[bool]
) -> dict[int, CaseState]:
    """By id, the states of those cases that the viewer is to look at a second time."""
    rows = session.execute(blind_to(viewer).add_columns(Case.state).where(condition)).all()
    return dict(rows)


def _same_place(session: Session, case: Case) -> ColumnElement[bool]:
    report = None if case.source is Source.CAMERA else session.get(HandReport, case.id)
    if report is None:
        return and_(Case.camera_id == case.camera_id, Case.zone == case.zone)
    written = select(HandReport.case_id).where(HandReport.searched == report.searched)
    return Case.id.in_(written)


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
    """Cases that this one could be a duplicate of."""
    return (
        joined_to_place(select(Case))
        .where(
            _close_by(case),
            Case.id != case.id,
            Case.completed_at.is_not(None),
            Case.state.not_in((CaseState.DUPLICATE, CaseState.INTEGRITY_ERROR, CaseState.EXPIRED)),
        )
        .options(
            load_only(*SHOWN_OF_NEAR),
            joinedload(Case.ward),
            selectinload(Case.files).load_only(EvidenceFile.name, EvidenceFile.kind),
        )
        .limit(NEAR_SHOWN)
    )


def _close_by(case: Case) -> ColumnElement[bool]:
    """Of the same camera; and in the same street where a person entered one of the two."""
    camera = Case.camera_id == case.camera_id
    street = place_of(case).street
    if not street:
        return camera
    on_the_street: ColumnElement[bool] = case_places.street() == street
    if case.hand_report is None:
        on_the_street = and_(on_the_street, Case.source != Source.CAMERA)
    return or_(camera, on_the_street) if case.camera_id else on_the_street


def _near_view(case: Case, viewer: Viewer) -> NearCase:
    ref, still = ref_of(case.code, case.ward, viewer), still_of(case)
    url = media_url(ref, still.name) if still else None
    return NearCase(ref, case.code, case.act, case.start_at, case.state, url)
