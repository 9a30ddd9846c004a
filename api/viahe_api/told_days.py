"""Days of wards that a statement is told, as one value however many they are.

A condition for each would be a statement of its own for every number of them, which takes longer
to put together than to answer.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import accumulate
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Date, Integer, String, column, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from viahe_api.spans import Length, Span
from viahe_api.tables.record import UtcDateTime


@dataclass(frozen=True, slots=True)
class ToldDays:
    """Columns of the stretches that were told, a row for each: whose it is, its first day,
    and its first moment and the first after it, as `spans.Span` has them. All lie in the days
    `around`."""

    ward_id: ColumnElement[Any]
    first: ColumnElement[Any]
    start: ColumnElement[Any]
    end: ColumnElement[Any]
    around: Span


def told_days(stretches: Iterable[tuple[int, Span]]) -> ToldDays:
    """Wards and stretches of days, as a source of rows."""
    found = list(stretches)
    told = [f"{of.first}{_stored(of.start)}{_stored(of.end)}{ward_id}" for ward_id, of in found]
    rows = _Rows(literal(json.dumps(told, separators=(",", ":")), String)).table_valued(
        column("first", Date),
        column("start", UtcDateTime),
        column("until", UtcDateTime),
        column("ward_id", Integer),
    )
    first = min((of.first for _, of in found), default=date.min)
    last = max((of.last for _, of in found), default=date.min)
    around = Span(Length.DAY, first, last)
    return ToldDays(rows.c.ward_id, rows.c.first, rows.c.start, rows.c.until, around)


class LiesAround(FunctionElement[bool]):
    """Whether a day lies between two, which is so of all that are looked up by told days: it tells
    PostgreSQL of how many rows they are. SQLite would look up all between instead."""

    type = Boolean()
    inherit_cache = True


class _Rows(FunctionElement[Any]):
    """The rows of a JSON list of stretches, each a text of columns as wide as `_WIDTHS` says."""

    inherit_cache = True


_WIDTHS = {"first": 10, "start": 26, "until": 26, "ward_id": 10}


def _stored(moment: datetime) -> str:
    """As SQLite has it stored, and PostgreSQL reads it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _selected(types: Mapping[str, str]) -> str:
    """Each column cut out of a row's text."""
    ends = list(accumulate(_WIDTHS.values()))
    return "SELECT " + ", ".join(
        f"CAST(substr(value, {end - width + 1}, {width}) AS {types[name]}) AS {name}"
        for (name, width), end in zip(_WIDTHS.items(), ends, strict=True)
    )


_SQLITE = _selected({name: "INTEGER" if name == "ward_id" else "TEXT" for name in _WIDTHS})
_POSTGRESQL = _selected(
    dict(zip(_WIDTHS, ("DATE", "TIMESTAMP", "TIMESTAMP", "INTEGER"), strict=True))
)


@compiles(LiesAround, "sqlite")
def _sqlite_around(element: LiesAround, compiler: SQLCompiler, **words: Any) -> str:
    """With a sign before it, a column is looked up in no index."""
    return f"+{_postgresql_around(element, compiler, **words)}"


@compiles(LiesAround, "postgresql")
def _postgresql_around(element: LiesAround, compiler: SQLCompiler, **words: Any) -> str:
    day, first, last = (compiler.process(clause, **words) for clause in element.clauses)
    return f"{day} BETWEEN {first} AND {last}"


@compiles(_Rows, "sqlite")
def _sqlite(element: _Rows, compiler: SQLCompiler, **words: Any) -> str:
    told = compiler.process(element.clauses, **words)
    return f"({_SQLITE} FROM json_each({told}))"


@compiles(_Rows, "postgresql")
def _postgresql(element: _Rows, compiler: SQLCompiler, **words: Any) -> str:
    """Not by a function of JSON: of how many rows that has nothing is known when it is planned,
    and of ten days three tables were read from end to end."""
    told = f"translate({compiler.process(element.clauses, **words)}, '[]\"', '')"
    return f"({_POSTGRESQL} FROM unnest(string_to_array({told}, ',')) AS value)"
