"""When a place had its first and last case is kept as a number, to be subtracted

Revision: 0033
Follows: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

MOMENTS = {"first_at": "first_us", "last_at": "last_us"}
SQLITE = {
    True: "CAST(strftime('%s', substr({of}, 1, 19)) AS INTEGER) * 1000000"
    " + CAST(substr({of}, 21, 6) AS INTEGER)",
    False: "strftime('%Y-%m-%d %H:%M:%S', {of} / 1000000, 'unixepoch')"
    " || printf('.%06d', {of} % 1000000)",
}
POSTGRESQL = {
    True: "CAST(date_part('epoch', {of}) * 1000000 AS BIGINT)",
    False: "TIMESTAMP '1970-01-01' + {of} * INTERVAL '1 microsecond'",
}
"""What makes a number of a moment, and a moment of a number."""


def upgrade() -> None:
    _change(MOMENTS, sa.BigInteger(), numbers=True)


def downgrade() -> None:
    _change({new: old for old, new in MOMENTS.items()}, sa.DateTime(), numbers=False)


def _change(names: dict[str, str], kind: sa.BigInteger | sa.DateTime, *, numbers: bool) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for old, new in names.items():
            made = POSTGRESQL[numbers].format(of=old)
            op.alter_column("place_summary", old, type_=kind, postgresql_using=made)
            op.alter_column("place_summary", old, new_column_name=new)
        return
    for new in names.values():
        op.add_column("place_summary", sa.Column(new, kind, nullable=True))
    made = ", ".join(f"{new} = {SQLITE[numbers].format(of=old)}" for old, new in names.items())
    op.execute(f"UPDATE place_summary SET {made}")
    for old in names:
        op.drop_column("place_summary", old)
