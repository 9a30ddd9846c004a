"""Rows as the database's driver hands them over, for lists of a hundred thousand cases.

SQLAlchemy makes an object of each, which took nearly a tenth of what a line of a list takes.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session


def driver_rows(
    session: Session, statement: "Select[*tuple[Any, ...]]"
) -> Sequence[tuple[Any, ...]]:
    """All rows of a select. No column's type looks at a value: words are words, and times are
    for `moment` to read."""
    found = session.connection().execute(statement)
    rows = found.cursor.fetchall()
    found.close()
    return rows


def moment(value: datetime | str) -> datetime:
    """A stored time, in UTC: SQLite's driver hands over text, as `UtcDateTime` had it written."""
    if isinstance(value, str):
        return datetime.fromisoformat(value + "+00:00")
    return value.replace(tzinfo=UTC)
