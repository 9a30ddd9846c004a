"""The rows a list of cases is made of, some at a time, with what people said and did of them.

All of a period asked for at once in their order, PostgreSQL reads every case there ever was.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import DateTime, Select, String, select, type_coerce
from sqlalchemy.orm import Session

from viahe_api.case_line_names import CaseLineNames
from viahe_api.case_line_papers import CasePapers, papers_of
from viahe_api.counted_rows import began_in
from viahe_api.counted_wards import Narrow
from viahe_api.driver_rows import driver_rows
from viahe_api.periods import Period
from viahe_api.spans import DAY, Length, Span
from viahe_api.tables import Case
from viahe_api.vocabulary import CaseState

AT_A_TIME = 5_000
"""Rows looked up together, and a few times as many are held, however long the list is."""
SOURCE = 8
"""Where a row of `lines` has it."""


def lines() -> "Select[*tuple[Any, ...]]":
    """What a line says of the case itself, names by their ids."""
    return select(
        Case.id,
        Case.ward_id,
        Case.code,
        type_coerce(Case.start_at, DateTime),
        type_coerce(Case.act, String),
        Case.label,
        type_coerce(Case.state, String),
        Case.clock_offset_s,
        type_coerce(Case.source, String),
        Case.camera_id,
        Case.zone,
    )


def days_of_rows(session: Session, narrow: Narrow, period: Period) -> Iterator[Sequence[Any]]:
    """Of the recorded cases of a period, oldest first: some days at a time, of which each is
    looked up in an index."""
    recorded = lines().where(Case.state != CaseState.INTEGRITY_ERROR)
    first, days = period.first, 1
    while first <= period.last:
        some = Span(Length.DAY, first, min(first + (days - 1) * DAY, period.last))
        rows = ordered_rows(session, narrow, recorded.where(*began_in(some)))
        yield rows
        first = some.last + DAY
        days = days * 2 if len(rows) < AT_A_TIME / 2 else max(1, days // 2)


def ordered_rows(
    session: Session, narrow: Narrow, statement: "Select[*tuple[Any, ...]]"
) -> Sequence[Any]:
    """Of a select from `lines`, oldest first, as `driver_rows` has them."""
    return driver_rows(session, narrow(statement.order_by(Case.start_at, Case.id), Case.ward_id))


def with_papers(
    session: Session, read: Iterator[Sequence[Any]], names: CaseLineNames
) -> Iterator[tuple[Sequence[Any], CasePapers]]:
    """Not too many rows of `read` at a time, with what people said and did of them; `names` has
    learnt what both name."""
    for rows in read:
        for begin in range(0, len(rows), AT_A_TIME):
            some = rows[begin : begin + AT_A_TIME]
            by_hand = [row[0] for row in some if row[SOURCE] != "camera"]
            papers = papers_of(session, [row[0] for row in some], by_hand)
            names.learn(some, papers)
            yield some, papers
