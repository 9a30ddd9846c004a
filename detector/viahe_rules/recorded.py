"""Records as JSON and back: recorded lines, plans on the wire, memory kept over a restart.

One codec reads the records' own type hints, so a field added to a record is on the wire the
same day. Boxes and points are arrays of fractions, enums their values, frozen sets sorted
arrays. Numbers are rounded to a millionth: a tenth of a pixel in a picture of any size.
"""

import dataclasses
import difflib
import json
import math
import string
import types
import typing
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from viahe_rules.domain import Answer, Box, Event, Observation, Shades, Suspicion
from viahe_rules.plan import Plan

R = TypeVar("R")


class Malformed(ValueError):
    """A recorded text that is no record: says where in it and what was expected."""


def to_json(record: Any) -> Any:
    """A record as plain JSON values."""
    if isinstance(record, Box):
        return [_rounded(edge) for edge in (record.left, record.top, record.right, record.bottom)]
    if dataclasses.is_dataclass(record):
        return {f.name: to_json(getattr(record, f.name)) for f in dataclasses.fields(record)}
    if isinstance(record, Enum):
        return record.value
    if isinstance(record, frozenset):
        return sorted(to_json(item) for item in record)
    if isinstance(record, tuple):
        return [to_json(item) for item in record]
    return _rounded(record) if isinstance(record, float) else record


def from_json(kind: type[R], value: Any, where: str = "") -> R:
    """The record of type `kind` that `value` stands for.

    Raises Malformed with the path into the value: unknown keys (with the nearest valid name),
    missing keys, wrong types, numbers that are not finite.
    """
    record: R = _read(kind, value, where or kind.__name__.lower())
    return record


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """A camera's plan as the API serves it and the detector keeps it."""
    return typing.cast("dict[str, Any]", to_json(plan))


def plan_from_json(value: Any) -> Plan:
    """Raises Malformed."""
    return from_json(Plan, value)


def suspicion_to_json(suspicion: Suspicion) -> dict[str, Any]:
    """A suspicion as it travels to the API."""
    return typing.cast("dict[str, Any]", to_json(suspicion))


def suspicion_from_json(value: Any) -> Suspicion:
    """Raises Malformed."""
    return from_json(Suspicion, value)


def to_line(event: Event) -> str:
    """One event of a recording, without its line end."""
    name = "observation" if isinstance(event, Observation) else "answer"
    return json.dumps({name: to_json(event)}, ensure_ascii=False, separators=(",", ":"))


def from_line(line: str) -> Event:
    """Raises Malformed."""
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise Malformed(f"not JSON: {error.msg} at column {error.colno}") from None
    match value:
        case {"observation": observation, **rest} if not rest:
            return from_json(Observation, observation)
        case {"answer": answer, **rest} if not rest:
            return from_json(Answer, answer)
    raise Malformed("a recorded line holds either an observation or an answer")


def as_recorded(event: Event) -> Event:
    """The event as a recording gives it back.

    Rules that are given this live see the same numbers as in a replay, to the last digit: a
    millionth of a second may decide whether a dwell is over at this look or at the next.
    """
    return from_json(type(event), to_json(event))


def _rounded(number: float) -> float:
    return round(number, 6)


def _read(kind: Any, value: Any, where: str) -> Any:
    origin = typing.get_origin(kind)
    if kind in (Box, Shades):
        return (_read_box if kind is Box else _read_shades)(value, where)
    if dataclasses.is_dataclass(kind):
        return _read_record(kind, value, where)
    if origin in (tuple, frozenset):
        return _read_items(kind, origin, value, where)
    if origin in (types.UnionType, typing.Union):
        return _read_union(kind, value, where)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _read_choice(kind, value, where)
    return _read_plain(kind, value, where)


def _read_record(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, Mapping):
        raise Malformed(f"{where}: expected an object, found {_named(value)}")
    hints = _hints(kind)
    for key in value:
        if key not in hints:
            raise Malformed(f"{where}: unknown key {key!r}{nearest(str(key), hints)}")
    required = [f.name for f in dataclasses.fields(kind) if not _has_default(f)]
    for key in required:
        if key not in value:
            raise Malformed(f"{where}: {key!r} is missing")
    return kind(**{key: _read(hints[key], value[key], f"{where}.{key}") for key in value})


def nearest(key: str, valid: Mapping[str, Any]) -> str:
    """`; did you mean 'x'?` for the valid name closest to `key`, or nothing."""
    close = difflib.get_close_matches(key, list(valid), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _read_box(value: Any, where: str) -> Box:
    if not isinstance(value, list | tuple) or len(value) != 4:
        raise Malformed(f"{where}: expected [left, top, right, bottom], found {_named(value)}")
    edges = [_read_plain(float, edge, f"{where}[{i}]") for i, edge in enumerate(value)]
    box = Box(*edges)
    if box.left > box.right or box.top > box.bottom:
        raise Malformed(f"{where}: a box's left and top come before its right and bottom")
    return box


def _read_shades(value: Any, where: str) -> Shades:
    shades = _read_plain(str, value, where)
    if not set(shades) <= set(string.hexdigits):
        raise Malformed(f"{where}: expected hexadecimal digits, found {_named(value)}")
    return Shades(shades)


def _read_items(kind: Any, origin: Any, value: Any, where: str) -> Any:
    if not isinstance(value, list | tuple):
        raise Malformed(f"{where}: expected a list, found {_named(value)}")
    kinds = typing.get_args(kind)
    if origin is tuple and kinds[-1] is not Ellipsis:
        if len(value) != len(kinds):
            raise Malformed(f"{where}: expected {len(kinds)} values, found {len(value)}")
        pairs = zip(kinds, value, strict=True)
        return tuple(_read(k, item, f"{where}[{i}]") for i, (k, item) in enumerate(pairs))
    return origin(_read(kinds[0], item, f"{where}[{i}]") for i, item in enumerate(value))


def _read_union(kind: Any, value: Any, where: str) -> Any:
    kinds = typing.get_args(kind)
    if value is None and types.NoneType in kinds:
        return None
    (present,) = (k for k in kinds if k is not types.NoneType)
    return _read(present, value, where)


def _read_choice(kind: type[Enum], value: Any, where: str) -> Enum:
    try:
        return kind(value)
    except ValueError:
        choices = ", ".join(str(choice.value) for choice in kind)
        raise Malformed(f"{where}: {value!r} is none of {choices}") from None


def _read_plain(kind: Any, value: Any, where: str) -> Any:
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        if not math.isfinite(value):
            raise Malformed(f"{where}: a number has to be finite")
        return float(value)
    if type(value) is not kind:
        raise Malformed(f"{where}: expected {kind.__name__}, found {_named(value)}")
    return value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _has_default(record_field: "dataclasses.Field[Any]") -> bool:
    missing = dataclasses.MISSING
    return record_field.default is not missing or record_field.default_factory is not missing


def _named(value: Any) -> str:
    return "nothing" if value is None else f"{type(value).__name__} {value!r:.40}"
