"""Counts are kept over months by cut-off and of the calendar as well

Revision: 0031
Follows: 0030
"""

from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
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
OF_PLACES = ("source", "camera_id", "zone", "group_id", "street", "act")
KEPT = {
    "act_summary": (("ward_id", "act"), (*STATES, "clocks_off")),
    "act_summary_of_all": (("act",), (*STATES, "clocks_off")),
    "hour_summary": (("ward_id", "hour"), STATES),
    "hour_summary_of_all": (("hour",), STATES),
    "kind_summary": (("ward_id", "act", "label", "source"), STATES),
    "kind_summary_of_all": (("act", "label", "source"), STATES),
    "place_summary": (("ward_id", *OF_PLACES), STATES),
    "outcome_summary": (("ward_id", "act", "step", "basis_id"), ("cases", "amount")),
    "outcome_summary_of_all": (("act", "step", "basis_id"), ("cases", "amount")),
    "reviewer_summary": (("ward_id", "account_id", "verdict"), ("decisions",)),
}
"""What tells rows of a table apart, and what is added up."""
EXTREMES = {"place_summary": {"first_at": "min(first_at)", "last_at": "max(last_at)"}}
FIRST_DAYS = {"month": 15, "calendar_month": 1}


def upgrade() -> None:
    """A change noted for a day of the month holds for it as for the half month."""
    for table, (keys, sums) in KEPT.items():
        for length, first_day in FIRST_DAYS.items():
            for first, last in _months(table, first_day):
                _add_up(table, keys, sums, length, first, last)


def downgrade() -> None:
    for table in KEPT:
        op.execute(f"DELETE FROM {table} WHERE length IN ('month', 'calendar_month')")


def _months(table: str, first_day: int) -> Iterator[tuple[date, date]]:
    """Those that have half months with something to count."""
    kept = sa.table(table, sa.column("first", sa.Date), sa.column("length", sa.String))
    halves = sa.select(sa.func.min(kept.c.first), sa.func.max(kept.c.first))
    oldest, newest = op.get_bind().execute(halves.where(kept.c.length == "half_month")).one()
    if oldest is None:
        return
    first = oldest.replace(day=first_day)
    if first > oldest:
        first = (first.replace(day=1) - timedelta(days=1)).replace(day=first_day)
    while first <= newest:
        after = (first.replace(day=1) + timedelta(days=32)).replace(day=first_day)
        yield first, after - timedelta(days=1)
        first = after


def _add_up(
    table: str,
    keys: tuple[str, ...],
    sums: tuple[str, ...],
    length: str,
    first: date,
    last: date,
) -> None:
    added = {name: f"sum({name})" for name in sums} | EXTREMES.get(table, {})
    names = ", ".join(("length", "first", "last", *keys, *added))
    values = ", ".join((*keys, *added.values()))
    op.get_bind().execute(
        sa.text(
            f"INSERT INTO {table} ({names})"
            f" SELECT '{length}', :first, :last, {values} FROM {table}"
            " WHERE length = 'half_month' AND first BETWEEN :first AND :last"
            f" GROUP BY {', '.join(keys)}"
        ).bindparams(sa.bindparam("first", first, sa.Date), sa.bindparam("last", last, sa.Date))
    )
