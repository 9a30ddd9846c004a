"""Many rows at once: the driver's own bulk writing, past the ORM."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection

Row: TypeAlias = Sequence[Any]


def add_rows(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Row],
    constants: Mapping[str, str | float | None] | None = None,
) -> None:
    """Add rows of values as the database stores them (times as text), each with the constants."""
    same = dict(constants or {})
    raw = connection.connection.driver_connection
    if isinstance(raw, sqlite3.Connection):
        names = ", ".join((*columns, *same))
        places = ", ".join(["?"] * len(columns) + [_literal(value) for value in same.values()])
        raw.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)  # noqa: S608
        return
    assert raw is not None
    names = ", ".join((*columns, *same))
    tail = tuple(same.values())
    with raw.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row((*row, *tail))


def _literal(value: str | float | None) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int | float) else "'" + value.replace("'", "''") + "'"
