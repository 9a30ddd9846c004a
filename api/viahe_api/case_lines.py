"""The cases a report counts, one line each, without anybody's picture or name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Select,
    String,
    func,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from viahe_api.case_line_names import NO_CAMERA, CaseLineNames
from viahe_api.case_line_papers import NO_SANCTION, UNDECIDED, CasePapers
from viahe_api.case_line_rows import days_of_rows, ordered_rows, with_papers
from viahe_api.counted_wards import Narrow
from viahe_api.driver_rows import moment
from viahe_api.periods import Period, local_day
from viahe_api.running_ahead import ahead
from viahe_api.spans import Length, Span
from viahe_api.summary_reading import SummaryReading
from viahe_api.tallies import BY_PLACE
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
    """Which cases with sufficient grounds at a camera repeat, told of all of a period in their
    order: of a day all but the first at its place do, and it does unless that day's count says that
    one does not."""

    def __init__(self, session: Session, narrow: Narrow, period: Period) -> None:
        days = Span(Length.DAY, period.first, period.last)
        of = SummaryReading(session, narrow).by_day(days, BY_PLACE, *BY_PLACE.keys, *BY_PLACE.sums)
        place = (of.c.ward_id, of.c.first, of.c.camera_id, of.c.zone, type_coerce(of.c.act, String))
        begun = select(*place).group_by(*place)
        begun = begun.having(func.sum(of.c.sufficient) > func.sum(of.c.repeats))
        self._begin = {tuple(row) for row in session.execute(begun)}

    def next(self, ward_id: int, place: tuple[int, str, str], start_at: datetime) -> bool:
        """Whether the next case with sufficient grounds at a camera's place repeats."""
        if not self._begin:  # as of a busy city
            return True
        of = (ward_id, local_day(start_at), *place)
        if of not in self._begin:
            return True
        self._begin.remove(of)
        return False


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
        again = repeats.next(ward_id, (camera_id, zone, act), start_at)
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
