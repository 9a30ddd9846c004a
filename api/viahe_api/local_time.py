"""What a database is asked about Vietnamese time, in each dialect's own words."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Float, Integer
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


class DaysBetween(FunctionElement[float]):
    """Days from the second stored time to the first."""

    type = Float()
    inherit_cache = True


def hour_of_week(moment: ColumnElement[Any]) -> ColumnElement[int]:
    return HourOfWeek(moment)


def local_day(moment: ColumnElement[Any]) -> ColumnElement[date]:
    return LocalDay(moment)


def days_between(later: ColumnElement[Any], earlier: ColumnElement[Any]) -> ColumnElement[float]:
    return DaysBetween(later, earlier)


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


@compiles(DaysBetween, "sqlite")
def _sqlite_days(element: DaysBetween, compiler: SQLCompiler, **words: Any) -> str:
    later, earlier = (compiler.process(moment, **words) for moment in element.clauses)
    return f"(julianday({later}) - julianday({earlier}))"


@compiles(DaysBetween, "postgresql")
def _postgresql_days(element: DaysBetween, compiler: SQLCompiler, **words: Any) -> str:
    """Not by EXTRACT, which reckons in decimals: a city's places took half as long again."""
    later, earlier = (compiler.process(moment, **words) for moment in element.clauses)
    return f"(date_part('epoch', {later} - {earlier}) / 86400)"
