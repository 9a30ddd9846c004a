"""The cases a report counts, one line each, without anybody's picture or name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    case,
    false,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session, aliased

from viahe_api.case_line_names import NO_CAMERA, CaseLineNames
from viahe_api.case_line_papers import NO_SANCTION, UNDECIDED, CasePapers
from viahe_api.case_line_rows import days_of_rows, ordered_rows, with_papers
from viahe_api.counted_wards import Narrow
from viahe_api.driver_rows import moment
from viahe_api.local_time import microseconds
from viahe_api.periods import Period
from viahe_api.repeat_places import (
    AT_CAMERA,
    REPEAT_WITHIN,
    REPEAT_WITHIN_US,
    parts_with_grounds,
    places_at_cameras,
)
from viahe_api.running_ahead import ahead
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import Case
from viahe_api.vocabulary import CaseState, RejectReason, Source
from viahe_rules.domain import Act


@dataclass(slots=True)  # frozen, nine tenths of the time a line takes would go into that
class CaseLine:
    """Never changed once made. `reviewer` is who made the standing decision: for approvers alone.
    `reason_names` are the ward's own words for the reason, in Vietnamese and English, if it has
    any; `camera` is empty where none is near.

    `camera_id` and `zone` are those of the camera that raised it, `reported_group` what people
    said who reported it; `repeats` says that its place had another case within half a year.
    """

    ward_code: str
    code: str
    start_at: datetime
    address: str
    street: str
    group: str | None
    act: Act
    label: str
    camera: str
    state: CaseState
    reason: RejectReason | None
    reviewer: str | None
    clock_offset_s: float | None
    basis: str | None
    decision_number: str | None
    fine_dong: int | None
    source: Source = Source.CAMERA
    reason_names: tuple[str, str] | None = None
    camera_id: int | None = None
    zone: str = ""
    reported_group: str | None = None
    repeats: bool = False


CASE_LINE: TypeAdapter[CaseLine] = TypeAdapter(CaseLine)
"""A line as JSON and back."""


def case_lines(
    session: Session, narrow: Narrow, period: Period, *, marked: bool = True
) -> Iterator[CaseLine]:
    """The recorded cases of a period as they stand, oldest first, read as they are used: until
    the last of them nobody else may ask the session anything. Not `marked`, none is said to
    repeat: a form does not say it, and what came before the period need not be looked up."""
    names = CaseLineNames(session)
    repeats = _Repeats(session, narrow, period) if marked else None
    read = with_papers(session, days_of_rows(session, narrow, period), names)
    if session.get_bind().dialect.name == "postgresql":
        read = ahead(read)
    yield from _lines(read, names, repeats)


def read_lines(
    session: Session, narrow: Narrow, statement: "Select[*tuple[Any, ...]]"
) -> Iterator[CaseLine]:
    """The lines a select from `lines` gives, oldest first, none of which is said to repeat."""
    names, rows = CaseLineNames(session), ordered_rows(session, narrow, statement)
    return _lines(with_papers(session, iter([rows]), names), names, None)


def _lines(
    read: Iterator[tuple[Sequence[Any], CasePapers]],
    names: CaseLineNames,
    repeats: "_Repeats | None",
) -> Iterator[CaseLine]:
    for rows, papers in read:
        for row in rows:
            yield _line(row, papers, names, repeats)


class _Repeats:
    """Which cases have sufficient grounds and came within half a year of another one at their
    place, as `repeat_places.repeat_places` counts them, told of all of a period in their order."""

    def __init__(self, session: Session, narrow: Narrow, period: Period) -> None:
        parts = parts_with_grounds(SummaryReading(session, narrow), period, AT_CAMERA)
        of = places_at_cameras(narrow, period, parts.subquery("with_grounds"))
        place = (of.c.camera_id, of.c.zone, type_coerce(of.c.act, String))
        rows = session.connection().execute(select(*place, of.c.soon))
        self._first_repeats = {(row[0], row[1], row[2]): bool(row[3]) for row in rows}
        self._last: dict[tuple[int, str, str], datetime] = {}

    def next(self, place: tuple[int, str, str], start_at: datetime) -> bool:
        """Whether the next case with sufficient grounds at a camera's place repeats."""
        last = self._last.get(place)
        self._last[place] = start_at
        if last is None:
            return self._first_repeats.get(place, False)
        return start_at - last <= REPEAT_WITHIN


def repeating(narrow: Narrow) -> ColumnElement[bool]:
    """Whether a case has sufficient grounds and came within half a year of another one at its
    place, as `repeat_places.repeat_places` counts them: asked of each case, so that a city's list
    needs no room of its own."""
    earlier = aliased(Case)
    sufficient: ColumnElement[Any] = bindparam(
        "sufficient", CaseState.SUFFICIENT, literal_execute=True
    )
    before = narrow(
        select(microseconds(earlier.start_at.expression))
        .where(
            earlier.camera_id == Case.camera_id,
            earlier.zone == Case.zone,
            earlier.act == Case.act,
            earlier.state == sufficient,  # as its index says it
            earlier.source == Source.CAMERA,
            earlier.completed_at.is_not(None),
            earlier.start_at <= Case.start_at,
            or_(earlier.start_at < Case.start_at, earlier.id < Case.id),
        )
        .order_by(earlier.start_at.desc())
        .limit(1),
        earlier.ward_id,
    ).correlate(Case)
    since = microseconds(Case.start_at.expression) - before.scalar_subquery()
    counted = and_(Case.state == CaseState.SUFFICIENT, Case.source == Source.CAMERA)
    within = func.coalesce(since <= REPEAT_WITHIN_US, false())
    return case((counted, within), else_=false())


ACTS = {act.value: act for act in Act}
STATES = {state.value: state for state in CaseState}
SOURCES = {source.value: source for source in Source}
REASONS = {reason.value: reason for reason in RejectReason}
"""Words as the database has them: to be looked up, not asked of a column type for each row."""


def _line(
    row: Sequence[Any], papers: CasePapers, names: CaseLineNames, repeats: _Repeats | None
) -> CaseLine:
    """From a row of `case_line_rows.lines`, in its order."""
    case_id, ward_id, code, began, act, label, state, offset_s, source, camera_id, zone = row
    start_at = moment(began)
    by_camera = source == "camera"
    camera = NO_CAMERA if camera_id is None else names.cameras[camera_id]
    address, street, reported_group_id = camera.address, camera.street, None
    if not by_camera and (report := papers.reports.get(case_id)):
        _, address, street, reported_group_id = report
    group_id = camera.group_id if reported_group_id is None else reported_group_id
    _, _, reason, reviewer_id, ward_reason_id = papers.decisions.get(case_id, UNDECIDED)
    _, _, number, amount, basis_id = papers.sanctions.get(case_id, NO_SANCTION)
    again = False
    if repeats is not None and by_camera and state == "sufficient":
        again = repeats.next((camera_id, zone, act), start_at)
    return CaseLine(
        names.wards[ward_id],
        code,
        start_at,
        address,
        street,
        None if group_id is None else names.groups[group_id],
        ACTS[act],
        label,
        camera.name,
        STATES[state],
        REASONS[reason] if reason else None,
        None if reviewer_id is None else names.people[reviewer_id],
        offset_s,
        None if basis_id is None else names.bases[basis_id],
        number or None,
        amount,
        SOURCES[source],
        None if ward_reason_id is None else names.reasons[ward_reason_id],
        camera_id if by_camera else None,
        zone if by_camera else "",
        None if reported_group_id is None else names.groups[reported_group_id],
        again,
    )
