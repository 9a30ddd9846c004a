"""What reports count again and again: by act, by hour, by place, outcomes, and who decided.

A tally knows how its rows are counted from cases, steps and decisions, and which table keeps
the sums.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from viahe_api.counted_rows import (
    STATES,
    Days,
    decision_rows,
    outcome_rows,
    rows_by_act,
    rows_by_hour,
    rows_by_kind,
    rows_by_place,
    rows_by_seat,
)
from viahe_api.tables import (
    ActSummary,
    ActSummaryOfAll,
    Case,
    Decision,
    HourSummary,
    HourSummaryOfAll,
    KindSummary,
    KindSummaryOfAll,
    OutcomeSummary,
    OutcomeSummaryOfAll,
    PlaceSummary,
    ReviewerSummary,
    SeatSummary,
)

Summary: TypeAlias = type[
    ActSummary
    | HourSummary
    | KindSummary
    | OutcomeSummary
    | PlaceSummary
    | ReviewerSummary
    | SeatSummary
]

SummaryOfAll: TypeAlias = type[
    ActSummaryOfAll | HourSummaryOfAll | KindSummaryOfAll | OutcomeSummaryOfAll
]


@dataclass(frozen=True, slots=True)
class Tally:
    """`keys` and `sums` are columns of the table; `rows` selects ward, keys and sums of some days,
    counted from the base rows, if it is told to each day of a span or each told stretch apart, by
    its `first` day. `of_all` keeps the table's sums over all wards. What a day's rows say may
    `hang_on_earlier` days as well."""

    table: Summary
    keys: tuple[str, ...]
    sums: tuple[str, ...]
    rows: Callable[[Days, bool], "Select[*tuple[Any, ...]]"]
    of_all: SummaryOfAll | None = None
    hang_on_earlier: bool = False

    def ward_of_rows(self) -> "InstrumentedAttribute[int]":
        """The ward in the base rows: a decision knows its own, which is its case's."""
        return Decision.ward_id if self.table is ReviewerSummary else Case.ward_id


BY_ACT = Tally(
    ActSummary,
    ("act", "source"),
    (*STATES, "clocks_off"),
    rows_by_act,
    of_all=ActSummaryOfAll,
)
BY_HOUR = Tally(HourSummary, ("hour",), STATES, rows_by_hour, of_all=HourSummaryOfAll)
BY_KIND = Tally(
    KindSummary,
    ("act", "label", "source"),
    STATES,
    rows_by_kind,
    of_all=KindSummaryOfAll,
)
BY_SEAT = Tally(
    SeatSummary, ("source", "camera_id", "group_id", "street", "act"), STATES, rows_by_seat
)
BY_PLACE = Tally(
    PlaceSummary,
    ("camera_id", "zone", "act"),
    ("sufficient", "repeats"),
    rows_by_place,
    hang_on_earlier=True,
)
BY_OUTCOME = Tally(
    OutcomeSummary,
    ("act", "step", "basis_id"),
    ("cases", "amount"),
    outcome_rows,
    of_all=OutcomeSummaryOfAll,
)
BY_REVIEWER = Tally(ReviewerSummary, ("account_id", "verdict"), ("decisions",), decision_rows)
TALLIES = (BY_ACT, BY_HOUR, BY_KIND, BY_SEAT, BY_PLACE, BY_OUTCOME, BY_REVIEWER)
