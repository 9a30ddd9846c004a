"""What a form is: columns, rows and a line of totals, whatever file or page shows it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from viahe_api.cells import Cell

Value: TypeAlias = str | int | float | datetime | None
"""A cell; None is shown as "–": not known, or not to be compared."""
Row: TypeAlias = tuple[Value, ...]


class Kind(StrEnum):
    """How a column's values are written; the comment says in what unit they are."""

    TEXT = "text"
    COUNT = "count"
    HOURS = "hours"
    SHARE = "share"  # of one: 0.125 is 12,5 %
    MONEY = "money"  # đồng
    MOMENT = "moment"  # a time, UTC in the value


class Then(StrEnum):
    """Which period a column's figures are of."""

    NOW = "now"
    PREVIOUS = "previous"
    YEAR_BEFORE = "year_before"


@dataclass(frozen=True, slots=True)
class Column:
    """`measure` names the figure of the report that the column's total has to equal; a column
    with one is summed, any other has its own total or none. `width` is in characters. `counts`
    says what a figure of the column counts, None where it counts no cases; `then` of which other
    period. `defined` names the definition of a figure that is neither."""

    heading: str
    kind: Kind = Kind.COUNT
    measure: str | None = None
    width: int = 9
    counts: Cell | None = None
    then: Then = Then.NOW
    defined: str | None = None

    @property
    def heading_with_unit(self) -> str:
        """For files whose cells are numbers without a unit."""
        return f"{self.heading} (%)" if self.kind is Kind.SHARE else self.heading


@dataclass(frozen=True, slots=True)
class Form:
    """`totals` is the last line, or None. `rows` may be read once, as they come. `cells` has one
    for each row: of which cases the row's figures are; none where they open nothing.
    `counting` tells of notes that say a figure what it counts."""

    number: str
    title: str
    columns: Sequence[Column]
    rows: Iterable[Row]
    totals: Row | None
    notes: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()
    counting: Mapping[str, Cell] = field(default_factory=dict)


def summed(columns: Sequence[Column], rows: Sequence[Row], word: str) -> list[Value]:
    """A line of totals: sums under columns with a measure, nothing under the others."""
    line: list[Value] = [
        sum(_number(row[place]) for row in rows) if column.measure else ""
        for place, column in enumerate(columns)
    ]
    line[1] = word
    return line


def _number(value: Value) -> int | float:
    return value if isinstance(value, int | float) else 0
