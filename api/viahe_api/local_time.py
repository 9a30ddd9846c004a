"""What a database is asked about Vietnamese time, in each dialect's own words."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from viahe_api.tables.record import UtcDateTime


class HourOfWeek(FunctionElement[int]):
    """The local hour of a stored time, counted from Monday 00:00: 0 to 167."""

    type = Integer()
    inherit_cache = True


class LocalDay(FunctionElement[date]):
    """The local day of a stored time."""

    type = Date()
    inherit_cache = True


class Shifted(FunctionElement[datetime]):
    """A stored time some whole seconds later."""

    type = UtcDateTime()
    inherit_cache = True


def hour_of_week(moment: ColumnElement[Any]) -> ColumnElement[int]:
    return HourOfWeek(moment)


def local_day(moment: ColumnElement[Any]) -> ColumnElement[date]:
    return LocalDay(moment)


def shifted(moment: ColumnElement[Any], by: timedelta) -> ColumnElement[datetime]:
    """To be compared with a stored time; `by` is whole seconds, less than none for earlier."""
    return Shifted(moment, literal_column(str(by // timedelta(seconds=1)), Integer))


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


@compiles(Shifted, "sqlite")
def _sqlite_shifted(element: Shifted, compiler: SQLCompiler, **words: Any) -> str:
    """As it is stored, the fraction as it was."""
    moment, seconds = (compiler.process(clause, **words) for clause in element.clauses)
    return f"(datetime(substr({moment}, 1, 19), '{seconds} seconds') || substr({moment}, 20))"


@compiles(Shifted, "postgresql")
def _postgresql_shifted(element: Shifted, compiler: SQLCompiler, **words: Any) -> str:
    moment, seconds = (compiler.process(clause, **words) for clause in element.clauses)
    return f"({moment} + INTERVAL '{seconds} seconds')"
