"""Summaries of days, what tells that one no longer holds, and lasting rows on PostgreSQL

Revision: 0009
Follows: 0008
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LASTING = (
    "audit_entry",
    "zone_version",
    "locked_report",
    "locked_case",
    "handling_step",
    "handling_undo",
)
"""Tables whose rows never change: so far SQLite alone refused it."""
READ = ("state", "act", "camera_id", "zone", "completed_at", "source", "label")
COUNTED = "ward_id, source, camera_id, act, zone, label, start_at, state, completed_at"
"""The columns of a case that counts read."""
STATES = (
    "sufficient",
    "insufficient",
    "not_violation",
    "duplicate",
    "in_verification",
    "integrity_errors",
)


def upgrade() -> None:
    _summaries()
    op.drop_index("ix_review_case_counted", table_name="review_case")
    op.create_index("ix_review_case_counted", "review_case", ["ward_id", "start_at", *READ])
    op.create_index(
        "ix_review_case_sufficient",
        "review_case",
        ["camera_id", "zone", "act", "start_at", "ward_id", "completed_at", "source"],
        sqlite_where=sa.text("state = 'sufficient'"),
        postgresql_where=sa.text("state = 'sufficient'"),
    )
    op.create_index("ix_handling_step_day", "handling_step", ["day"])
    op.add_column("locked_report", sa.Column("figures_sha256", sa.String(64), nullable=True))
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        _refuse_changes()
        _note_changes_on_postgresql()
    else:
        _note_changes_on_sqlite()
    _everything_changed(dialect)
    _sum_up_hours(dialect)


def _summaries() -> None:
    op.create_table(
        "case_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_change")),
    )
    op.create_index("ix_case_change_ward_id_day", "case_change", ["ward_id", "day"])
    counts = [(name, sa.Integer()) for name in STATES]
    _summary("act_summary", [("act", sa.String(24))], counts)
    _summary("hour_summary", [("hour", sa.Integer())], counts)
    _summary(
        "place_summary",
        [
            ("source", sa.String(24)),
            ("camera_id", sa.Integer()),
            ("zone", sa.String(80)),
            ("group_id", sa.Integer()),
            ("street", sa.String(120)),
            ("act", sa.String(24)),
        ],
        counts,
        sa.Column("first_at", sa.DateTime(), nullable=True),
        sa.Column("last_at", sa.DateTime(), nullable=True),
    )
    _summary(
        "outcome_summary",
        [("act", sa.String(24)), ("step", sa.String(24))],
        [("cases", sa.Integer()), ("amount", sa.BigInteger())],
    )
    op.create_table(
        "seen_summary",
        sa.Column("camera_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("length", sa.String(24), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("seen_s", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("camera_id", "length", "first", name=op.f("pk_seen_summary")),
        sqlite_with_rowid=False,
    )


def _summary(
    name: str,
    keys: list[tuple[str, Any]],
    sums: list[tuple[str, Any]],
    *columns: "sa.Column[Any]",
) -> None:
    key = ("length", "first", "ward_id", *(key for key, _ in keys))
    op.create_table(
        name,
        sa.Column("length", sa.String(24), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("ward_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(column, kind, autoincrement=False, nullable=False) for column, kind in keys),
        sa.Column("last", sa.Date(), nullable=False),
        *(sa.Column(column, kind, nullable=False) for column, kind in sums),
        *columns,
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
        sqlite_with_rowid=False,
    )


def _refuse_changes() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in LASTING:
        for change in ("UPDATE", "DELETE", "TRUNCATE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{change.lower()} BEFORE {change} ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )


STEP_DAY = {
    "sqlite": "coalesce(s.day, date(substr(s.at, 1, 19), '+7 hours'))",
    "postgresql": "coalesce(s.day, CAST(s.at + INTERVAL '7 hours' AS DATE))",
}
ACT_DAY = {
    "sqlite": "date(substr({row}.start_at, 1, 19), '+7 hours')",
    "postgresql": "CAST({row}.start_at + INTERVAL '7 hours' AS DATE)",
}
"""SQLite rounds to milliseconds what it reads: fractions are cut off before."""


HOUR_DAY = {
    "sqlite": "date(h.hour, '+7 hours')",
    "postgresql": "CAST(h.hour + INTERVAL '7 hours' AS DATE)",
}
HALF_MONTH = {
    "sqlite": "substr(d.first, 1, 8) || CASE WHEN substr(d.first, 9, 2) < '15'"
    " THEN '01' ELSE '15' END",
    "postgresql": "CAST(date_trunc('month', d.first) AS DATE)"
    " + CASE WHEN EXTRACT(DAY FROM d.first) < 15 THEN 0 ELSE 14 END",
}


def _day_of_case(row: str, dialect: str) -> str:
    day = ACT_DAY[dialect].format(row=row)
    return f"SELECT {row}.ward_id, {day} WHERE {row}.completed_at IS NOT NULL"


def _days_of_steps(case: str, dialect: str) -> str:
    """A case's ward with the day of each of its steps."""
    return (
        f"SELECT c.ward_id, {STEP_DAY[dialect]} FROM handling_step s"
        f" JOIN review_case c ON c.id = s.case_id WHERE s.case_id = {case}"
    )


def _noted(dialect: str) -> dict[tuple[str, str], str]:
    """What is noted after which change of which table."""
    step = "(SELECT case_id FROM handling_step WHERE id = NEW.step_id)"
    old, new = (_day_of_case(row, dialect) for row in ("OLD", "NEW"))
    return {
        ("review_case", "INSERT"): new,
        (
            "review_case",
            f"UPDATE OF {COUNTED}",
        ): f"{old} UNION {new} UNION {_days_of_steps('NEW.id', dialect)}",
        ("review_case", "DELETE"): old,
        ("handling_step", "INSERT"): _days_of_steps("NEW.case_id", dialect),
        ("handling_undo", "INSERT"): _days_of_steps(step, dialect),
        ("hand_report", "INSERT"): (
            f"SELECT c.ward_id, {ACT_DAY[dialect].format(row='c')} FROM review_case c"
            " WHERE c.id = NEW.case_id AND c.completed_at IS NOT NULL"
        ),
    }


def _note_changes_on_sqlite() -> None:
    for (table, event), rows in _noted("sqlite").items():
        op.execute(
            f"CREATE TRIGGER {_trigger(table, event)} AFTER {event} ON {table} BEGIN"
            f" INSERT INTO case_change (ward_id, day) {rows}; END"
        )


def _note_changes_on_postgresql() -> None:
    for (table, event), rows in _noted("postgresql").items():
        name = _trigger(table, event)
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" INSERT INTO case_change (ward_id, day) {rows}; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )


def _trigger(table: str, event: str) -> str:
    return f"{table}_noted_on_{event.split(maxsplit=1)[0].lower()}"


def _sum_up_hours(dialect: str) -> None:
    """Of the hours that are on file already, days and half months."""
    capped = "CASE WHEN h.seen_s > 3600 THEN 3600.0 ELSE h.seen_s END"
    day = HOUR_DAY[dialect]
    op.execute(
        "INSERT INTO seen_summary (camera_id, length, first, seen_s)"
        f" SELECT h.camera_id, 'day', {day}, sum({capped}) FROM (SELECT camera_id, hour,"
        f" sum(seen_s) AS seen_s FROM camera_hours GROUP BY camera_id, hour) h"
        f" GROUP BY h.camera_id, {day}"
    )
    half = HALF_MONTH[dialect]
    op.execute(
        "INSERT INTO seen_summary (camera_id, length, first, seen_s)"
        f" SELECT d.camera_id, 'half_month', {half}, sum(d.seen_s) FROM seen_summary d"
        f" WHERE d.length = 'day' GROUP BY d.camera_id, {half}"
    )


def _everything_changed(dialect: str) -> None:
    """Cases and steps on file already wait to be summarised."""
    op.execute(
        "INSERT INTO case_change (ward_id, day)"
        f" SELECT DISTINCT c.ward_id, {ACT_DAY[dialect].format(row='c')} FROM review_case c"
        " WHERE c.completed_at IS NOT NULL"
        f" UNION SELECT DISTINCT c.ward_id, {STEP_DAY[dialect]} FROM handling_step s"
        " JOIN review_case c ON c.id = s.case_id"
    )


def downgrade() -> None:
    raise NotImplementedError("lasting rows would lose their guard: restore a backup")
