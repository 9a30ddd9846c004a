"""Places are kept of five days as well, so that few days of a period are counted from the rows

Revision: 0032
Follows: 0031
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

A_DAY = timedelta(days=1)
BEGIN = (1, 6, 11, 15, 20, 25)
LOCAL = timezone(timedelta(hours=7))
STATES = {
    "sufficient": "= 'sufficient'",
    "insufficient": "= 'insufficient'",
    "not_violation": "= 'not_violation'",
    "duplicate": "= 'duplicate'",
    "in_verification": "IN ('waiting', 'needs_more', 'expired')",
    "integrity_errors": "= 'integrity_error'",
}
KEYS = {
    "ward_id": "c.ward_id",
    "source": "c.source",
    "camera_id": "CASE WHEN c.source = 'camera' THEN coalesce(c.camera_id, 0) ELSE 0 END",
    "zone": "CASE WHEN c.source = 'camera' THEN c.zone ELSE '' END",
    "group_id": "coalesce(h.group_id, 0)",
    "street": "coalesce(h.street, '')",
    "act": "c.act",
}
COUNTED = {
    **{name: f"sum(CASE WHEN c.state {of} THEN 1 ELSE 0 END)" for name, of in STATES.items()},
    "first_at": "min(CASE WHEN c.state = 'sufficient' THEN c.start_at END)",
    "last_at": "max(CASE WHEN c.state = 'sufficient' THEN c.start_at END)",
}


def upgrade() -> None:
    """From the rows, ward by ward, as the index has them; what is noted is noted of these too."""
    names = ", ".join(("length", "first", "last", *KEYS, *COUNTED))
    values = ", ".join((*KEYS.values(), *COUNTED.values()))
    counted = sa.text(
        f"INSERT INTO place_summary ({names})"
        f" SELECT 'five_days', :first, :last, {values} FROM review_case c"
        " LEFT JOIN hand_report h ON h.case_id = c.id AND c.source <> 'camera'"
        " WHERE c.completed_at IS NOT NULL AND c.start_at >= :start AND c.start_at < :after"
        " AND c.ward_id IN (SELECT id FROM ward)"
        f" GROUP BY {', '.join(KEYS.values())}"
    )
    for first, last in _five_days():
        op.get_bind().execute(
            counted.bindparams(
                sa.bindparam("first", first, sa.Date),
                sa.bindparam("last", last, sa.Date),
                sa.bindparam("start", _begins(first), sa.DateTime),
                sa.bindparam("after", _begins(last + A_DAY), sa.DateTime),
            )
        )


def downgrade() -> None:
    op.execute("DELETE FROM place_summary WHERE length = 'five_days'")


def _five_days() -> Iterator[tuple[date, date]]:
    """Those of the half months that have something to count."""
    kept = sa.table("place_summary", sa.column("first", sa.Date), sa.column("length", sa.String))
    halves = sa.select(kept.c.first).where(kept.c.length == "half_month").distinct()
    for half in op.get_bind().scalars(halves).all():
        after = (half.replace(day=1) + 32 * A_DAY).replace(day=1)
        ends = half.replace(day=15) if half.day == 1 else after
        begin = [half.replace(day=day) for day in BEGIN if half <= half.replace(day=day) < ends]
        for first, following in zip(begin, [*begin[1:], ends], strict=True):
            yield first, following - A_DAY


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL).astimezone(UTC).replace(tzinfo=None)
