"""What an act comes to is kept by who said so: many wards are counted without the kinds of things

Revision: 0036
Follows: 0035
"""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
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
COUNTED = {
    **{name: f"sum(CASE WHEN c.state {of} THEN 1 ELSE 0 END)" for name, of in STATES.items()},
    "clocks_off": "sum(CASE WHEN c.state <> 'integrity_error' AND c.source = 'camera'"
    " AND coalesce(abs(c.clock_offset_s), 3) > 2 THEN 1 ELSE 0 END)",
}
KINDS: dict[str, Any] = {
    "length": sa.String(24),
    "first": sa.Date(),
    "ward_id": sa.Integer(),
    "act": sa.String(24),
    "source": sa.String(24),
}
SPAN = ("length", "first", "last")
DAY = {
    "sqlite": "date(substr(c.start_at, 1, 19), '+7 hours')",
    "postgresql": "CAST(c.start_at + INTERVAL '7 hours' AS DATE)",
}
ADDED_UP = {
    "half_month": "day",
    "month": "half_month",
    "calendar_month": "half_month",
    "quarter": "month",
    "calendar_quarter": "calendar_month",
}
"""Each is made of spans that were made before it."""
OFTEN = (
    "autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01,"
    " autovacuum_analyze_scale_factor = 0.01"
)
"""As all summaries are tidied up on PostgreSQL."""


def upgrade() -> None:
    """Of the days and spans that were kept, and of these alone: what is noted is read from the rows
    until it is taken up, as before."""
    spans = _kept_spans()
    _create_anew("act", "source")
    by_day = DAY[op.get_bind().dialect.name]
    for first, last in (of[1:] for of in spans if of[0] == "half_month"):
        _count(by_day, first, last)
    for length, of in ADDED_UP.items():
        for first, last in (span[1:] for span in spans if span[0] == length):
            _add_up(length, of, first, last)
    _add_wards_up("act", "source")


def downgrade() -> None:
    names = ", ".join((*SPAN, "ward_id", "act"))
    sums = ", ".join(f"CAST(sum({name}) AS INTEGER) AS {name}" for name in COUNTED)
    together = f"SELECT {names}, {sums} FROM act_summary GROUP BY {names}"
    op.execute(f"CREATE TEMPORARY TABLE acts_together AS {together}")
    _create_anew("act")
    columns = f"{names}, {', '.join(COUNTED)}"
    op.execute(f"INSERT INTO act_summary ({columns}) SELECT {columns} FROM acts_together")
    op.execute("DROP TABLE acts_together")
    _add_wards_up("act")


def _kept_spans() -> list[tuple[str, date, date]]:
    kept = sa.table("act_summary", *(sa.column(name, KINDS.get(name, sa.Date())) for name in SPAN))
    columns = [kept.c[name] for name in SPAN]
    spans = sa.select(*columns).where(kept.c.length != "day").distinct().order_by(*columns)
    return [(row[0], row[1], row[2]) for row in op.get_bind().execute(spans)]


def _create_anew(*keys: str) -> None:
    for table, of in (("act_summary", ("ward_id",)), ("act_summary_of_all", ())):
        op.drop_table(table)
        key = ("length", "first", *of, *keys)
        op.create_table(
            table,
            *(sa.Column(name, KINDS[name], nullable=False, autoincrement=False) for name in key),
            sa.Column("last", sa.Date(), nullable=False),
            *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTED),
            sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
            sqlite_with_rowid=False,
        )
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"ALTER TABLE {table} SET ({OFTEN})")


def _count(day: str, first: date, last: date) -> None:
    """Each day of a half month from the rows, ward by ward, as the index has them."""
    names = ", ".join((*SPAN, "ward_id", "act", "source", *COUNTED))
    op.get_bind().execute(
        sa.text(
            f"INSERT INTO act_summary ({names}) SELECT 'day', {day}, {day},"
            f" c.ward_id, c.act, c.source, {', '.join(COUNTED.values())} FROM review_case c"
            " WHERE c.completed_at IS NOT NULL AND c.start_at >= :start AND c.start_at < :after"
            " AND c.ward_id IN (SELECT id FROM ward)"
            f" GROUP BY {day}, c.ward_id, c.act, c.source"
        ).bindparams(
            sa.bindparam("start", _begins(first), sa.DateTime),
            sa.bindparam("after", _begins(last + A_DAY), sa.DateTime),
        )
    )


def _add_up(length: str, of: str, first: date, last: date) -> None:
    names = ", ".join((*SPAN, "ward_id", "act", "source", *COUNTED))
    sums = ", ".join(f"sum({name})" for name in COUNTED)
    op.get_bind().execute(
        sa.text(
            f"INSERT INTO act_summary ({names})"
            f" SELECT '{length}', :first, :last, ward_id, act, source, {sums} FROM act_summary"
            f" WHERE length = '{of}' AND first BETWEEN :first AND :last"
            " GROUP BY ward_id, act, source"
        ).bindparams(sa.bindparam("first", first, sa.Date), sa.bindparam("last", last, sa.Date))
    )


def _add_wards_up(*keys: str) -> None:
    grouped = ", ".join((*SPAN, *keys))
    sums = ", ".join(f"sum({name})" for name in COUNTED)
    op.execute(
        f"INSERT INTO act_summary_of_all ({grouped}, {', '.join(COUNTED)})"
        f" SELECT {grouped}, {sums} FROM act_summary GROUP BY {grouped}"
    )


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL).astimezone(UTC).replace(tzinfo=None)
