"""Counts are kept over the quarters of the calendar as well

Revision: 0020
Follows: 0019
"""

from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

STATES = (
    "sufficient",
    "insufficient",
    "not_violation",
    "duplicate",
    "in_verification",
    "integrity_errors",
)
KEPT = {
    "act_summary": (("act",), (*STATES, "clocks_off")),
    "hour_summary": (("hour",), STATES),
    "kind_summary": (("act", "label", "source"), STATES),
    "place_summary": (("source", "camera_id", "zone", "group_id", "street", "act"), STATES),
    "outcome_summary": (("act", "step"), ("cases", "amount")),
}
"""What tells rows of a table apart beside the ward, and what is added up."""
EXTREMES = {"place_summary": {"first_at": "min(first_at)", "last_at": "max(last_at)"}}


def upgrade() -> None:
    for table, (keys, sums) in KEPT.items():
        for first, last in _quarters(table):
            _add_up(table, ("ward_id", *keys), sums, first, last)


def downgrade() -> None:
    for table in KEPT:
        op.execute(f"DELETE FROM {table} WHERE length = 'calendar_quarter'")


def _quarters(table: str) -> Iterator[tuple[date, date]]:
    """Those that have half months with something to count."""
    kept = sa.table(table, sa.column("first", sa.Date), sa.column("length", sa.String))
    halves = sa.select(sa.func.min(kept.c.first), sa.func.max(kept.c.first))
    day, newest = op.get_bind().execute(halves.where(kept.c.length == "half_month")).one()
    while day is not None and day <= newest:
        first = date(day.year, day.month - (day.month - 1) % 3, 1)
        after = (first + timedelta(days=93)).replace(day=1)
        yield first, after - timedelta(days=1)
        day = after


def _add_up(
    table: str, keys: tuple[str, ...], sums: tuple[str, ...], first: date, last: date
) -> None:
    """A change noted for a day of the quarter holds for it as for the half month: until it is
    taken up, the quarter's cases are counted from their rows."""
    added = {name: f"sum({name})" for name in sums} | EXTREMES.get(table, {})
    names = ", ".join(("length", "first", "last", *keys, *added))
    values = ", ".join((*keys, *added.values()))
    op.get_bind().execute(
        sa.text(
            f"INSERT INTO {table} ({names})"
            f" SELECT 'calendar_quarter', :first, :last, {values} FROM {table}"
            " WHERE length = 'half_month' AND first BETWEEN :first AND :last"
            f" GROUP BY {', '.join(keys)}"
        ).bindparams(sa.bindparam("first", first, sa.Date), sa.bindparam("last", last, sa.Date))
    )
