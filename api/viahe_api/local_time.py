"""What a database is asked about Vietnamese time, in each dialect's own words."""

from typing import Any

from sqlalchemy import ColumnElement, Float, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class HourOfWeek(FunctionElement[int]):
    """The local hour of a stored time, counted from Monday 00:00: 0 to 167."""

    type = Integer()
    inherit_cache = True


class DaysBetween(FunctionElement[float]):
    """Days from the second stored time to the first."""

    type = Float()
    inherit_cache = True


def hour_of_week(moment: ColumnElement[Any]) -> ColumnElement[int]:
    return HourOfWeek(moment)


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


@compiles(DaysBetween, "sqlite")
def _sqlite_days(element: DaysBetween, compiler: SQLCompiler, **words: Any) -> str:
    later, earlier = (compiler.process(moment, **words) for moment in element.clauses)
    return f"(julianday({later}) - julianday({earlier}))"


@compiles(DaysBetween, "postgresql")
def _postgresql_days(element: DaysBetween, compiler: SQLCompiler, **words: Any) -> str:
    later, earlier = (compiler.process(moment, **words) for moment in element.clauses)
    return f"(EXTRACT(EPOCH FROM {later} - {earlier}) / 86400)"
