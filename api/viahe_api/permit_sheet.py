"""Permits from a spreadsheet: CSV or XLSX, one a row, on the ground of a zone.

Nothing is kept here: rows become drafts, and the first thing wrong stops it all, with the row
and the column as the person sees them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from viahe_api.accents import folded
from viahe_api.months import LOCAL
from viahe_api.permits import PermitDraft, Purpose
from viahe_api.sheet_rows import SheetFault, sheet_rows
from viahe_rules.domain import Polygon

COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "number": "Số",
        "purpose": "Mục đích",
        "camera": "Camera",
        "zone": "Khu vực",
        "first": "Từ ngày",
        "last": "Đến ngày",
        "holder": "Tổ chức, cá nhân",
    }
)
"""Every column a sheet has to have, by what it is; case, accents and order do not matter."""

MOST_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Ground:
    """What a row may name: a zone of a camera. `names` are folded: slug and name."""

    camera_id: int
    names: frozenset[str]
    zones: Mapping[str, Polygon]
    """By folded name."""


def read_sheet(
    name: str, content: bytes, grounds: Sequence[Ground], purposes: Sequence[Purpose]
) -> tuple[tuple[int, PermitDraft], ...]:
    """The permits of a file named `*.csv` or `*.xlsx`, with their rows. Raises SheetFault."""
    rows = list(sheet_rows(name, content))
    if not rows:
        raise SheetFault("empty")
    head, *body = rows
    places = _places(head)
    drafts: list[tuple[int, PermitDraft]] = []
    for number, cells in enumerate(body, start=2):
        if all(_text(cell) == "" for cell in cells):
            continue
        if len(drafts) == MOST_ROWS:
            raise SheetFault("too_many", number)
        values = {key: cells[at] if at < len(cells) else None for key, at in places.items()}
        drafts.append((number, _draft(number, values, grounds, purposes)))
    if not drafts:
        raise SheetFault("empty")
    return tuple(drafts)


def _places(head: Sequence[Any]) -> dict[str, int]:
    """Where each column stands."""
    found = {folded(_text(cell)): at for at, cell in enumerate(head)}
    missing = [word for word in COLUMNS.values() if folded(word) not in found]
    if missing:
        raise SheetFault("column_missing", 1, missing[0])
    return {key: found[folded(word)] for key, word in COLUMNS.items()}


def _draft(
    row: int,
    values: Mapping[str, Any],
    grounds: Sequence[Ground],
    purposes: Sequence[Purpose],
) -> PermitDraft:
    words = {key: _text(value) for key, value in values.items()}
    if not words["holder"]:
        raise SheetFault("missing", row, COLUMNS["holder"])
    ground = next((g for g in grounds if folded(words["camera"]) in g.names), None)
    if ground is None:
        raise SheetFault("camera", row, COLUMNS["camera"], words["camera"])
    polygon = ground.zones.get(folded(words["zone"]))
    if polygon is None:
        raise SheetFault("zone", row, COLUMNS["zone"], words["zone"])
    first, last = (_day(row, COLUMNS[key], values[key]) for key in ("first", "last"))
    if last < first:
        raise SheetFault("ends_before_start", row, COLUMNS["last"], words["last"])
    return PermitDraft(
        ground.camera_id,
        words["number"],
        _purpose(row, words["purpose"], purposes),
        words["holder"],
        polygon,
        datetime.combine(first, time(), LOCAL),
        datetime.combine(last + timedelta(days=1), time(), LOCAL),
    )


def _purpose(row: int, said: str, purposes: Sequence[Purpose]) -> str:
    """A purpose by its letter or its name. The letters d and đ differ by their mark alone."""
    for purpose in purposes:
        names = {folded(name) for name in purpose.name}
        if said.casefold() == purpose.code or folded(said) in names:
            return purpose.code
    raise SheetFault("purpose", row, COLUMNS["purpose"], said)


def _day(row: int, column: str, value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        day, month, year = (int(part) for part in _text(value).split("/"))
        return date(year, month, day)
    except ValueError:
        raise SheetFault("date", row, column, _text(value)) from None


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
