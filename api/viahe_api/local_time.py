"""What a database is asked about Vietnamese time, in each dialect's own words."""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class HourOfWeek(FunctionElement[int]):
    """The local hour of a stored time, counted from Monday 00:00: 0 to 167."""

    type = Integer()
    inherit_cache = True


class LocalDay(FunctionElement[date]):
    """The local day of a stored time."""

    type = Date()
    inherit_cache = True


class Microseconds(FunctionElement[int]):
    """A stored time in microseconds since 1970 began."""

    type = BigInteger()
    inherit_cache = True


def hour_of_week(moment: ColumnElement[Any]) -> ColumnElement[int]:
    return HourOfWeek(moment)


def local_day(moment: ColumnElement[Any]) -> ColumnElement[date]:
    return LocalDay(moment)


def microseconds(moment: ColumnElement[Any]) -> ColumnElement[int]:
    """To reckon with: a difference of times is the same number on both."""
    return Microseconds(moment)


@compiles(HourOfWeek, "sqlite")
def _sqlite_hour(element: HourOfWeek, compiler: SQLCompiler, **words: Any) -> str:
    """Cut to the hour before SQLite reads it: it rounds to milliseconds, so that the last half
    of one before midnight would be the next day's."""
    moment = compiler.process(element.clauses, **words)
    local = f"substr({moment}, 1, 13) || ':00', '+7 hours'"
    return (
        f"((CAST(strftime('%w', {local}) AS INTEGER) + 6) % 7 * 24"
        f" + CAST(strftime('%H', {local}) AS INTEGER))"
    )


@compiles(HourOfWeek, "postgresql")
def _postgresql_hour(element: HourOfWeek, compiler: SQLCompiler, **words: Any) -> str:
    local = f"({compiler.process(element.clauses, **words)} + INTERVAL '7 hours')"
    return f"CAST((EXTRACT(ISODOW FROM {local}) - 1) * 24 + EXTRACT(HOUR FROM {local}) AS INTEGER)"


@compiles(LocalDay, "sqlite")
def _sqlite_day(element: LocalDay, compiler: SQLCompiler, **words: Any) -> str:
    """Cut to seconds for the same reason."""
    return f"date(substr({compiler.process(element.clauses, **words)}, 1, 19), '+7 hours')"


@compiles(LocalDay, "postgresql")
def _postgresql_day(element: LocalDay, compiler: SQLCompiler, **words: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **words)} + INTERVAL '7 hours' AS DATE)"


@compiles(Microseconds, "sqlite")
def _sqlite_microseconds(element: Microseconds, compiler: SQLCompiler, **words: Any) -> str:
    """The fraction by itself: SQLite rounds to milliseconds."""
    moment = compiler.process(element.clauses, **words)
    seconds = f"CAST(strftime('%s', substr({moment}, 1, 19)) AS INTEGER)"
    return f"({seconds} * 1000000 + CAST(substr({moment}, 21, 6) AS INTEGER))"


@compiles(Microseconds, "postgresql")
def _postgresql_microseconds(element: Microseconds, compiler: SQLCompiler, **words: Any) -> str:
    """Not by EXTRACT, which reckons in decimals: a city's places took half as long again."""
    moment = compiler.process(element.clauses, **words)
    return f"CAST(date_part('epoch', {moment}) * 1000000 AS BIGINT)"
