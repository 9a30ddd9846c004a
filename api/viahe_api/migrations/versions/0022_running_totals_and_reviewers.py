"""What cameras saw is kept as running totals, and who decided what is summarised

Revision: 0022
Follows: 0021
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

A_DAY = timedelta(days=1)
AT_ONCE = 5_000
KEYS = "ward_id, account_id, verdict"
DAY = {
    "sqlite": "date(substr({at}, 1, 19), '+7 hours')",
    "postgresql": "CAST({at} + INTERVAL '7 hours' AS DATE)",
}
"""SQLite rounds to milliseconds what it reads: fractions are cut off before."""
SPANS = {"half_month": "day", "quarter": "half_month", "calendar_quarter": "half_month"}
"""Of what each length is made."""
OFTEN = {
    "autovacuum_vacuum_scale_factor": 0.01,
    "autovacuum_vacuum_insert_scale_factor": 0.01,
    "autovacuum_analyze_scale_factor": 0.01,
}
"""As revision 0021 has it."""
TOTALS = sa.table(
    "seen_total",
    sa.column("day", sa.Date),
    sa.column("camera_id", sa.Integer),
    sa.column("until_s", sa.Double),
)


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    _totals()
    _reviewers(dialect)
    for table, event, rows in _noted(dialect):
        _note(dialect, table, event, rows)
    if dialect == "postgresql":
        told = ", ".join(f"{name} = {value}" for name, value in OFTEN.items())
        for table in ("seen_total", "reviewer_summary"):
            op.execute(f"ALTER TABLE {table} SET ({told})")


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table, event, _ in _noted(dialect):
        name = _trigger(table, event)
        if dialect == "postgresql":
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
        else:
            op.execute(f"DROP TRIGGER {name}")
    op.drop_table("reviewer_summary")
    _sums()
    op.drop_table("seen_total")


def _sums() -> None:
    """Days and half months of the hours, as revision 0009 had them."""
    op.create_table(
        "seen_summary",
        sa.Column("camera_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("length", sa.String(24), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("seen_s", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("camera_id", "length", "first", name=op.f("pk_seen_summary")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO seen_summary (camera_id, length, first, seen_s)"
        " SELECT camera_id, 'day', day, until_s - coalesce(lag(until_s)"
        " OVER (PARTITION BY camera_id ORDER BY day), 0) FROM seen_total"
    )
    ends = sa.select(sa.func.min(TOTALS.c.day), sa.func.max(TOTALS.c.day))
    oldest, newest = op.get_bind().execute(ends).one()
    for first, last in _spans("half_month", oldest, newest) if oldest else ():
        op.get_bind().execute(
            sa.text(
                "INSERT INTO seen_summary (camera_id, length, first, seen_s)"
                " SELECT camera_id, 'half_month', :first, sum(seen_s) FROM seen_summary"
                " WHERE length = 'day' AND first BETWEEN :first AND :last GROUP BY camera_id"
            ).bindparams(sa.bindparam("first", first, sa.Date), sa.bindparam("last", last, sa.Date))
        )


def _totals() -> None:
    op.create_table(
        "seen_total",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("camera_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until_s", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("day", "camera_id", name=op.f("pk_seen_total")),
        sqlite_with_rowid=False,
    )
    seen = sa.table(
        "seen_summary",
        sa.column("first", sa.Date),
        sa.column("camera_id", sa.Integer),
        sa.column("seen_s", sa.Double),
        sa.column("length", sa.String),
    )
    of_days = (
        sa.select(seen.c.first, seen.c.camera_id, seen.c.seen_s)
        .where(seen.c.length == "day")
        .order_by(seen.c.first, seen.c.camera_id)
    )
    rows = iter(_running([tuple(row) for row in op.get_bind().execute(of_days)]))
    while some := list(islice(rows, AT_ONCE)):
        op.bulk_insert(TOTALS, some)
    op.create_index("ix_seen_total_camera_id_day", "seen_total", ["camera_id", "day"])
    op.drop_table("seen_summary")


def _running(rows: list[Any]) -> Iterator[dict[str, Any]]:
    """For each camera a total of every day from its first to its last."""
    last = {camera: day for day, camera, _ in rows}
    until: dict[int, float] = {}
    before: date | None = None
    for day, same in groupby(rows, key=lambda row: row[0]):
        for of in _days(before + A_DAY, day) if before else ():
            yield from _told(of, until)
        for _, camera, seconds in same:
            until[camera] = until.get(camera, 0.0) + seconds
        yield from _told(day, until)
        until = {camera: total for camera, total in until.items() if last[camera] > day}
        before = day


def _told(day: date, until: dict[int, float]) -> Iterable[dict[str, Any]]:
    for camera, total in until.items():
        yield {"day": day, "camera_id": camera, "until_s": total}


def _days(first: date, end: date) -> Iterator[date]:
    while first < end:
        yield first
        first += A_DAY


def _reviewers(dialect: str) -> None:
    key = ("length", "first", "ward_id", "account_id", "verdict")
    op.create_table(
        "reviewer_summary",
        sa.Column("length", sa.String(24), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("ward_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("verdict", sa.String(24), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("decisions", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_reviewer_summary")),
        sqlite_with_rowid=False,
    )
    day = DAY[dialect].format(at="d.at")
    op.execute(
        f"INSERT INTO reviewer_summary (length, first, last, {KEYS}, decisions)"
        f" SELECT 'day', {day}, {day}, d.ward_id, d.account_id, d.verdict, count(*)"
        " FROM decision d JOIN review_case c ON c.id = d.case_id"
        " WHERE d.undone_at IS NULL AND c.state <> 'integrity_error'"
        f" GROUP BY {day}, d.ward_id, d.account_id, d.verdict"
    )
    kept = sa.table("reviewer_summary", sa.column("first", sa.Date))
    ends = sa.select(sa.func.min(kept.c.first), sa.func.max(kept.c.first))
    oldest, newest = op.get_bind().execute(ends).one()
    for length, of in SPANS.items() if oldest else ():
        for first, last in _spans(length, oldest, newest):
            op.get_bind().execute(
                sa.text(
                    f"INSERT INTO reviewer_summary (length, first, last, {KEYS}, decisions)"
                    f" SELECT '{length}', :first, :last, {KEYS}, sum(decisions)"
                    f" FROM reviewer_summary WHERE length = '{of}'"
                    f" AND first BETWEEN :first AND :last GROUP BY {KEYS}"
                ).bindparams(
                    sa.bindparam("first", first, sa.Date), sa.bindparam("last", last, sa.Date)
                )
            )


def _spans(length: str, oldest: date, newest: date) -> Iterator[tuple[date, date]]:
    """Those of a length from the one that has the oldest day to the one that has the newest."""
    first = _begins(length, oldest)
    while first <= newest:
        after = first + A_DAY
        while _begins(length, after) == first:
            after += A_DAY
        yield first, after - A_DAY
        first = after


def _begins(length: str, day: date) -> date:
    """When the span that a day belongs to begins."""
    if length == "half_month":
        return day.replace(day=15 if day.day >= 15 else 1)
    if length == "calendar_quarter":
        return date(day.year, day.month - (day.month - 1) % 3, 1)
    month = day.replace(day=15) if day.day >= 15 else (day.replace(day=1) - A_DAY).replace(day=15)
    while month.month % 3:
        month = (month.replace(day=1) - A_DAY).replace(day=15)
    return month


def _noted(dialect: str) -> Iterator[tuple[str, str, str]]:
    """Table, event, and which wards' days are noted after it."""
    of_row = "SELECT {row}.ward_id, " + DAY[dialect].format(at="{row}.at")
    old, new = (of_row.format(row=row) for row in ("OLD", "NEW"))
    yield "decision", "INSERT", new
    yield "decision", "UPDATE OF at, undone_at, account_id, verdict, case_id", f"{old} UNION {new}"
    day = DAY[dialect].format(at="d.at")
    yield (
        "review_case",
        "UPDATE OF state",
        f"SELECT DISTINCT d.ward_id, {day} FROM decision d WHERE d.case_id = NEW.id"
        " AND OLD.state <> NEW.state AND 'integrity_error' IN (OLD.state, NEW.state)",
    )


def _note(dialect: str, table: str, event: str, rows: str) -> None:
    name = _trigger(table, event)
    insert = f"INSERT INTO case_change (ward_id, day) {rows};"
    if dialect == "postgresql":
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" {insert} RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
    else:
        op.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {insert} END")


def _trigger(table: str, event: str) -> str:
    what = "decisions_noted" if table == "review_case" else "noted"
    return f"{table}_{what}_on_{event.split(maxsplit=1)[0].lower()}"
