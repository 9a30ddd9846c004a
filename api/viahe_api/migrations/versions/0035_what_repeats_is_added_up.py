"""Whether a case repeats is counted with it: places are kept of every day, by themselves, and what
belongs in which row of a report no longer by zone

Revision: 0035
Follows: 0034
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

A_DAY = timedelta(days=1)
LOCAL = timezone(timedelta(hours=7))
STATES = {
    "sufficient": "= 'sufficient'",
    "insufficient": "= 'insufficient'",
    "not_violation": "= 'not_violation'",
    "duplicate": "= 'duplicate'",
    "in_verification": "IN ('waiting', 'needs_more', 'expired')",
    "integrity_errors": "= 'integrity_error'",
}
COUNTS = {name: f"sum(CASE WHEN c.state {of} THEN 1 ELSE 0 END)" for name, of in STATES.items()}
SOURCE = {"source": "c.source"}
CAMERA = {
    "camera_id": "CASE WHEN c.source = 'camera' THEN coalesce(c.camera_id, 0) ELSE 0 END",
}
ZONE = {"zone": "CASE WHEN c.source = 'camera' THEN c.zone ELSE '' END"}
REPORTED = {"group_id": "coalesce(h.group_id, 0)", "street": "coalesce(h.street, '')"}
ACT = {"act": "c.act"}
KINDS: Mapping[str, Any] = {
    "ward_id": sa.Integer(),
    "source": sa.String(24),
    "camera_id": sa.Integer(),
    "zone": sa.String(80),
    "group_id": sa.Integer(),
    "street": sa.String(120),
    "act": sa.String(24),
}
DAY = {
    "sqlite": "date(substr(c.start_at, 1, 19), '+7 hours')",
    "postgresql": "CAST(c.start_at + INTERVAL '7 hours' AS DATE)",
}
HALF_A_YEAR_BEFORE = {
    "sqlite": "datetime(substr(c.start_at, 1, 19), '-182 days', '-15 hours')"
    " || substr(c.start_at, 20)",
    "postgresql": "c.start_at - INTERVAL '182 days 15 hours'",
}
"""Of a case, since when another one at its place counts: six months of 365.25 / 12 days."""
REPEATS = (
    "sum(CASE WHEN EXISTS (SELECT 1 FROM review_case e WHERE e.camera_id = c.camera_id"
    " AND e.zone = c.zone AND e.act = c.act AND e.state = 'sufficient' AND e.source = 'camera'"
    " AND e.completed_at IS NOT NULL AND e.start_at >= {since} AND e.start_at <= c.start_at"
    " AND (e.start_at < c.start_at OR e.id < c.id)) THEN 1 ELSE 0 END)"
)
MOMENT = {
    "sqlite": "CAST(strftime('%s', substr({of}, 1, 19)) AS INTEGER) * 1000000"
    " + CAST(substr({of}, 21, 6) AS INTEGER)",
    "postgresql": "CAST(date_part('epoch', {of}) * 1000000 AS BIGINT)",
}
WITH_REPORTS = " LEFT JOIN hand_report h ON h.case_id = c.id AND c.source <> 'camera'"
ADDED_UP = {
    "month": "half_month",
    "calendar_month": "half_month",
    "quarter": "month",
    "calendar_quarter": "calendar_month",
}
BEGIN = (1, 6, 11, 15, 20, 25)
"""When the five days began that places were kept of before."""
OFTEN = (
    "autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01,"
    " autovacuum_analyze_scale_factor = 0.01"
)
"""As all summaries are tidied up on PostgreSQL."""


@dataclass(frozen=True)
class Kept:
    """A summary: its keys beside the ward and what is counted, of rows of cases `c` of which only
    `these` count, and how longer spans are made of shorter ones where they are no sum."""

    table: str
    keys: Mapping[str, str]
    counted: Mapping[str, str]
    these: str = ""
    joined: str = ""
    made: Mapping[str, str] | None = None

    @property
    def named(self) -> dict[str, str]:
        return {"ward_id": "c.ward_id", **self.keys}


def upgrade() -> None:
    """What is noted as changed is read from the rows until it is taken up, as before."""
    dialect = op.get_bind().dialect.name
    op.drop_table("place_summary")
    repeats = REPEATS.format(since=HALF_A_YEAR_BEFORE[dialect])
    seats = Kept(
        "seat_summary", {**SOURCE, **CAMERA, **REPORTED, **ACT}, COUNTS, joined=WITH_REPORTS
    )
    places = Kept(
        "place_summary",
        {"camera_id": "coalesce(c.camera_id, 0)", "zone": "c.zone", **ACT},
        {"sufficient": "count(*)", "repeats": repeats},
        these=" AND c.state = 'sufficient' AND c.source = 'camera'",
    )
    for kept in (seats, places):
        _create(kept, {name: sa.Integer() for name in kept.counted})
        for first, last in _halves():
            _count(kept, "day", DAY[dialect], first, last)
            _add_up(kept, "half_month", "day", first, last)
        _add_up_on(kept)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.drop_table("seat_summary")
    op.drop_table("place_summary")
    moments = {
        name: MOMENT[dialect].format(
            of=f"{of}(CASE WHEN c.state = 'sufficient' THEN c.start_at END)"
        )
        for name, of in (("first_us", "min"), ("last_us", "max"))
    }
    places = Kept(
        "place_summary",
        {**SOURCE, **CAMERA, **ZONE, **REPORTED, **ACT},
        {**COUNTS, **moments},
        joined=WITH_REPORTS,
        made={"first_us": "min(first_us)", "last_us": "max(last_us)"},
    )
    kinds = {name: sa.Integer() for name in COUNTS}
    _create(places, {**kinds, **{name: sa.BigInteger() for name in moments}}, moments)
    for first, last in _halves():
        for five in _fives(first, last):
            _count(places, "five_days", "", *five)
        _add_up(places, "half_month", "five_days", first, last)
    _add_up_on(places)


def _create(kept: Kept, counted: Mapping[str, Any], nullable: Collection[str] = ()) -> None:
    key = ("length", "first", *kept.named)
    op.create_table(
        kept.table,
        sa.Column("length", sa.String(24), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        *(sa.Column(name, KINDS[name], nullable=False, autoincrement=False) for name in kept.named),
        *(sa.Column(name, kind, nullable=name in nullable) for name, kind in counted.items()),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{kept.table}")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {kept.table} SET ({OFTEN})")


def _count(kept: Kept, length: str, day: str, first: date, last: date) -> None:
    """From the rows, ward by ward, as the index has them: each day of some, or one span."""
    names = ", ".join(("length", "first", "last", *kept.named, *kept.counted))
    span = (day, day) if day else (":first", ":last")
    values = ", ".join((*span, *kept.named.values(), *kept.counted.values()))
    grouped = ", ".join((*((day,) if day else ()), *kept.named.values()))
    counted = sa.text(
        f"INSERT INTO {kept.table} ({names}) SELECT '{length}', {values}"
        f" FROM review_case c{kept.joined} WHERE c.completed_at IS NOT NULL"
        " AND c.start_at >= :start AND c.start_at < :after"
        f" AND c.ward_id IN (SELECT id FROM ward){kept.these} GROUP BY {grouped}"
    )
    bound: list[sa.BindParameter[Any]] = [
        sa.bindparam("start", _begins(first), sa.DateTime),
        sa.bindparam("after", _begins(last + A_DAY), sa.DateTime),
    ]
    if not day:
        bound += [sa.bindparam("first", first, sa.Date), sa.bindparam("last", last, sa.Date)]
    op.get_bind().execute(counted.bindparams(*bound))


def _add_up_on(kept: Kept) -> None:
    for length, of in ADDED_UP.items():
        for first, last in _spans(length):
            _add_up(kept, length, of, first, last)


def _add_up(kept: Kept, length: str, of: str, first: date, last: date) -> None:
    added = {name: f"sum({name})" for name in kept.counted} | dict(kept.made or {})
    names = ", ".join(("length", "first", "last", *kept.named, *added))
    values = ", ".join((*kept.named, *added.values()))
    op.get_bind().execute(
        sa.text(
            f"INSERT INTO {kept.table} ({names})"
            f" SELECT '{length}', :first, :last, {values} FROM {kept.table}"
            f" WHERE length = '{of}' AND first BETWEEN :first AND :last"
            f" GROUP BY {', '.join(kept.named)}"
        ).bindparams(sa.bindparam("first", first, sa.Date), sa.bindparam("last", last, sa.Date))
    )


def _halves() -> Iterator[tuple[date, date]]:
    """The half months that have something counted."""
    kept = sa.table("act_summary", sa.column("first", sa.Date), sa.column("length", sa.String))
    halves = sa.select(kept.c.first).where(kept.c.length == "half_month").distinct()
    for half in sorted(op.get_bind().scalars(halves).all()):
        yield half, (half.replace(day=15) if half.day == 1 else _month_after(half)) - A_DAY


def _fives(first: date, last: date) -> Iterator[tuple[date, date]]:
    begin = [first.replace(day=day) for day in BEGIN if first.day <= day <= last.day]
    for of, following in zip(begin, [*begin[1:], last + A_DAY], strict=True):
        yield of, following - A_DAY


def _spans(length: str) -> list[tuple[date, date]]:
    """Those of a length in which such half months lie."""
    found = set()
    for half, _ in _halves():
        month = half if length.startswith("calendar") else _cut_off_month(half)
        first = month.replace(day=1 if length.startswith("calendar") else 15)
        while "quarter" in length and first.month % 3 != (1 if first.day == 1 else 0):
            first = (first.replace(day=1) - A_DAY).replace(day=first.day)
        after = first
        for _ in range(3 if "quarter" in length else 1):
            after = _month_after(after).replace(day=first.day)
        found.add((first, after - A_DAY))
    return sorted(found)


def _cut_off_month(half: date) -> date:
    return half if half.day == 15 else (half - A_DAY).replace(day=15)


def _month_after(of: date) -> date:
    return (of.replace(day=1) + 32 * A_DAY).replace(day=1)


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL).astimezone(UTC).replace(tzinfo=None)
