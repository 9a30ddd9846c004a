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
    rows_at_cameras,
    rows_by_act,
    rows_by_hour,
    rows_by_kind,
    rows_by_place,
)
from viahe_api.spans import OF_HALF_MONTHS, Length
from viahe_api.standing_steps import Columns
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
)
from viahe_api.vocabulary import Source

Summary: TypeAlias = type[
    ActSummary | HourSummary | KindSummary | OutcomeSummary | PlaceSummary | ReviewerSummary
]

SummaryOfAll: TypeAlias = type[
    ActSummaryOfAll | HourSummaryOfAll | KindSummaryOfAll | OutcomeSummaryOfAll
]


@dataclass(frozen=True, slots=True)
class Tally:
    """`keys` and `sums` are columns of the table; `rows` selects ward, keys and sums of some days,
    counted from the base rows, if it is told to each day of a span or each told stretch apart, by
    its `first` day. Only `of_these` of the table's rows are what those would be. `of_all` keeps the
    table's sums over all wards."""

    table: Summary
    keys: tuple[str, ...]
    sums: tuple[str, ...]
    lengths: tuple[Length, ...]
    rows: Callable[[Days, bool], "Select[*tuple[Any, ...]]"]
    of_these: Columns = ()
    of_all: SummaryOfAll | None = None

    @property
    def extremes(self) -> tuple[str, ...]:
        """Columns that are earliest and latest instead of sums."""
        return ("first_us", "last_us") if self.table is PlaceSummary else ()

    def ward_of_rows(self) -> "InstrumentedAttribute[int]":
        """The ward in the base rows: a decision knows its own, which is its case's."""
        return Decision.ward_id if self.table is ReviewerSummary else Case.ward_id


_OF_DAYS = (Length.DAY, Length.HALF_MONTH, *OF_HALF_MONTHS)
_OF_FIVE_DAYS = (Length.FIVE_DAYS, Length.HALF_MONTH, *OF_HALF_MONTHS)
"""A day's rows by place are hardly fewer than its cases, and as long."""

BY_ACT = Tally(
    ActSummary,
    ("act",),
    (*STATES, "clocks_off"),
    _OF_DAYS,
    rows_by_act,
    of_all=ActSummaryOfAll,
)
BY_HOUR = Tally(HourSummary, ("hour",), STATES, _OF_DAYS, rows_by_hour, of_all=HourSummaryOfAll)
BY_KIND = Tally(
    KindSummary,
    ("act", "label", "source"),
    STATES,
    _OF_DAYS,
    rows_by_kind,
    of_all=KindSummaryOfAll,
)
BY_PLACE = Tally(
    PlaceSummary,
    ("source", "camera_id", "zone", "group_id", "street", "act"),
    STATES,
    _OF_FIVE_DAYS,
    rows_by_place,
)
AT_CAMERAS = Tally(
    PlaceSummary,
    ("camera_id", "zone", "act"),
    ("sufficient",),
    _OF_FIVE_DAYS,
    rows_at_cameras,
    of_these=(PlaceSummary.source == Source.CAMERA,),
)
"""What BY_PLACE has of cameras, to be read alone: less than half of it where people report."""
BY_OUTCOME = Tally(
    OutcomeSummary,
    ("act", "step", "basis_id"),
    ("cases", "amount"),
    _OF_DAYS,
    outcome_rows,
    of_all=OutcomeSummaryOfAll,
)
BY_REVIEWER = Tally(
    ReviewerSummary, ("account_id", "verdict"), ("decisions",), _OF_DAYS, decision_rows
)
TALLIES = (BY_ACT, BY_HOUR, BY_KIND, BY_PLACE, BY_OUTCOME, BY_REVIEWER)
