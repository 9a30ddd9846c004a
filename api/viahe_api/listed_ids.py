"""Whether an id is one of many told at once, as one value however many they are.

A list of values would be a statement of its own for every number of them, and on PostgreSQL
longer to read than to answer.
"""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class ListedIds(FunctionElement[int]):
    """The rows of a JSON list of ids."""

    type = Integer()
    inherit_cache = True


def one_of(column: ColumnElement[Any], ids: Iterable[int]) -> ColumnElement[bool]:
    """Whether the column is one of `ids`, false of none."""
    listed = ListedIds(literal(json.dumps(list(ids)), String))
    return column.bool_op("IN")(listed)


@compiles(ListedIds, "sqlite")
def _sqlite(element: ListedIds, compiler: SQLCompiler, **words: Any) -> str:
    ids = compiler.process(element.clauses, **words)
    return f"(SELECT value FROM json_each({ids}))"  # noqa: S608 - a bound value


@compiles(ListedIds, "postgresql")
def _postgresql(element: ListedIds, compiler: SQLCompiler, **words: Any) -> str:
    ids = compiler.process(element.clauses, **words)
    return f"(SELECT unnest(CAST(translate({ids}, '[]', '{{}}') AS INTEGER[])))"
