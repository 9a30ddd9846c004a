"""Counts kept ready over spans of days, and which of them no longer hold.

Nothing here says anything that cases, steps and hours do not: `summaries` makes it from them.
Days are local. A row of a span is there if the span has anything to count. What is read of a whole
city without its wards is kept of all of them together as well: a hundredth of the rows.
"""

from datetime import date

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from viahe_api.spans import Length
from viahe_api.tables.record import Record
from viahe_api.vocabulary import Handling, Source, Verdict
from viahe_rules.domain import Act

_CLUSTERED = {"sqlite_with_rowid": False}
"""The key is the table: a range of it is read in one go."""


class CaseChange(Record):
    """A ward's day whose cases or outcomes changed since they were summarised.

    Triggers add these with the change itself, and who takes that up those of cases that may repeat
    for it; until it is summarised again, counts of that day come from the rows.
    """

    __tablename__ = "case_change"
    __table_args__ = (Index("ix_case_change_day_ward_id", "day", "ward_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ward_id: Mapped[int]
    day: Mapped[date]


class _OfAllWards:
    """`first` and `last` are days that both belong to the span."""

    length: Mapped[Length] = mapped_column(primary_key=True)
    first: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[date]


class _OfWard(_OfAllWards):
    ward_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class _Counted:
    """As `counts.Counts`; what is recorded is the sum of the first five."""

    sufficient: Mapped[int]
    insufficient: Mapped[int]
    not_violation: Mapped[int]
    duplicate: Mapped[int]
    in_verification: Mapped[int]
    integrity_errors: Mapped[int]


class _ByAct(_Counted):
    """And by who said so: many wards are counted by these. `clocks_off` is of how many recorded
    cases the camera's clock was off or not known."""

    act: Mapped[Act] = mapped_column(primary_key=True)
    source: Mapped[Source] = mapped_column(primary_key=True)
    clocks_off: Mapped[int]


class ActSummary(_OfWard, _ByAct, Record):
    __tablename__ = "act_summary"
    __table_args__ = (_CLUSTERED,)


class ActSummaryOfAll(_OfAllWards, _ByAct, Record):
    __tablename__ = "act_summary_of_all"
    __table_args__ = (_CLUSTERED,)


class _ByHour(_Counted):
    """`hour` is the local hour of the week from Monday 00:00 on."""

    hour: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class HourSummary(_OfWard, _ByHour, Record):
    __tablename__ = "hour_summary"
    __table_args__ = (_CLUSTERED,)


class HourSummaryOfAll(_OfAllWards, _ByHour, Record):
    __tablename__ = "hour_summary_of_all"
    __table_args__ = (_CLUSTERED,)


class _ByKind(_Counted):
    """What a thing was taken for, and who said so; a label is empty where people did."""

    act: Mapped[Act] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(80), primary_key=True)
    source: Mapped[Source] = mapped_column(primary_key=True)


class KindSummary(_OfWard, _ByKind, Record):
    __tablename__ = "kind_summary"
    __table_args__ = (_CLUSTERED,)


class KindSummaryOfAll(_OfAllWards, _ByKind, Record):
    __tablename__ = "kind_summary_of_all"
    __table_args__ = (_CLUSTERED,)


class SeatSummary(_OfWard, _Counted, Record):
    """Where cases belong in a report: to a camera, or to the group and street that a report by
    hand names. What does not apply is 0 or empty."""

    __tablename__ = "seat_summary"
    __table_args__ = (_CLUSTERED,)

    source: Mapped[Source] = mapped_column(primary_key=True)
    camera_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    group_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    street: Mapped[str] = mapped_column(String(120), primary_key=True)
    act: Mapped[Act] = mapped_column(primary_key=True)


class PlaceSummary(_OfWard, Record):
    """Sufficient grounds in a zone of a camera, and how many of the cases repeat
    (`repeating.repeats`). In a city these are most of what is kept, and read for every page: they
    say nothing else."""

    __tablename__ = "place_summary"
    __table_args__ = (_CLUSTERED,)

    camera_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    zone: Mapped[str] = mapped_column(String(80), primary_key=True)
    act: Mapped[Act] = mapped_column(primary_key=True)
    sufficient: Mapped[int]
    repeats: Mapped[int]


class _ByOutcome:
    """Outcomes by the day of the action: how many cases, and the amounts in đồng together.

    Decisions to sanction are kept by the provision they rest on; `basis_id` is 0 where they rest
    on none, and of all other steps."""

    act: Mapped[Act] = mapped_column(primary_key=True)
    step: Mapped[Handling] = mapped_column(primary_key=True)
    basis_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cases: Mapped[int]
    amount: Mapped[int] = mapped_column(BigInteger)


class OutcomeSummary(_OfWard, _ByOutcome, Record):
    __tablename__ = "outcome_summary"
    __table_args__ = (_CLUSTERED,)


class OutcomeSummaryOfAll(_OfAllWards, _ByOutcome, Record):
    __tablename__ = "outcome_summary_of_all"
    __table_args__ = (_CLUSTERED,)


class ReviewerSummary(_OfWard, Record):
    """Standing decisions by the day they were made: how many of each verdict a person made, but
    those of cases whose evidence lost its integrity."""

    __tablename__ = "reviewer_summary"
    __table_args__ = (_CLUSTERED,)

    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    verdict: Mapped[Verdict] = mapped_column(primary_key=True)
    decisions: Mapped[int]


class SeenTotal(Record):
    """Seconds a camera was seen from the first day on to the end of this one, an hour at most in
    each hour: of any period the difference of two rows. There is one for each day from the first
    the camera was seen to the last, those among them in which it was not."""

    __tablename__ = "seen_total"
    __table_args__ = (
        # The last of a camera.
        Index("ix_seen_total_camera_id_day", "camera_id", "day"),
        _CLUSTERED,
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    camera_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until_s: Mapped[float]
