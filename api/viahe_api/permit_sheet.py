"""Permits from a spreadsheet: CSV or XLSX, one a row, on the ground of a zone or along a street.

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
from viahe_api.permit_places import WHOLE_PICTURE, Stretch
from viahe_api.permits import PermitDraft, Purpose
from viahe_api.sheet_rows import SheetFault, sheet_rows
from viahe_rules.domain import Polygon
from viahe_rules.plan import Window

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

OPTIONAL: Mapping[str, str] = MappingProxyType(
    {
        "begins": "Từ giờ",
        "ends": "Đến giờ",
        "street": "Đường",
        "house_from": "Số nhà từ",
        "house_to": "Số nhà đến",
    }
)
"""Columns a sheet may have besides: the hours of the day, empty for all of it; and a stretch of a
street, in a row that names no camera and no zone."""

SAID: Mapping[str, str] = MappingProxyType({**COLUMNS, **OPTIONAL})

MOST_ROWS = 1000
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Ground:
    """What a row may name: a zone of a camera. `names` are folded: slug and name."""

    camera_id: int
    names: frozenset[str]
    zones: Mapping[str, Polygon]
    """By folded name."""


@dataclass(frozen=True, slots=True)
class SheetPermit:
    """A permit of a row. Along a `stretch` the draft's camera and ground mean nothing."""

    row: int
    draft: PermitDraft
    stretch: Stretch | None


def read_sheet(
    name: str, content: bytes, grounds: Sequence[Ground], purposes: Sequence[Purpose]
) -> tuple[SheetPermit, ...]:
    """The permits of a file named `*.csv` or `*.xlsx`. Raises SheetFault."""
    rows = list(sheet_rows(name, content))
    if not rows:
        raise SheetFault("empty")
    head, *body = rows
    places = _places(head)
    found: list[SheetPermit] = []
    for number, cells in enumerate(body, start=2):
        if all(_text(cell) == "" for cell in cells):
            continue
        if len(found) == MOST_ROWS:
            raise SheetFault("too_many", number)
        values = {key: cells[at] if at < len(cells) else None for key, at in places.items()}
        found.append(_permit(number, values, grounds, purposes))
    if not found:
        raise SheetFault("empty")
    return tuple(found)


def _places(head: Sequence[Any]) -> dict[str, int]:
    """Where each column stands."""
    found = {folded(_text(cell)): at for at, cell in enumerate(head)}
    missing = [word for word in COLUMNS.values() if folded(word) not in found]
    if missing:
        raise SheetFault("column_missing", 1, missing[0])
    return {key: found[folded(word)] for key, word in SAID.items() if folded(word) in found}


def _permit(
    row: int,
    values: Mapping[str, Any],
    grounds: Sequence[Ground],
    purposes: Sequence[Purpose],
) -> SheetPermit:
    words = {key: _text(values.get(key)) for key in SAID}
    if not words["holder"]:
        raise SheetFault("missing", row, COLUMNS["holder"])
    stretch = _stretch(row, values, words)
    camera_id, polygon = _ground(row, words, grounds) if stretch is None else (0, WHOLE_PICTURE)
    first, last = (_day(row, COLUMNS[key], values[key]) for key in ("first", "last"))
    if last < first:
        raise SheetFault("ends_before_start", row, COLUMNS["last"], words["last"])
    draft = PermitDraft(
        camera_id,
        words["number"],
        _purpose(row, words["purpose"], purposes),
        words["holder"],
        polygon,
        datetime.combine(first, time(), LOCAL),
        datetime.combine(last + timedelta(days=1), time(), LOCAL),
        _hours(row, values, words),
    )
    return SheetPermit(row, draft, stretch)


def _ground(row: int, words: Mapping[str, str], grounds: Sequence[Ground]) -> tuple[int, Polygon]:
    """The camera and the ground of the zone a row names."""
    ground = next((g for g in grounds if folded(words["camera"]) in g.names), None)
    if ground is None:
        raise SheetFault("camera", row, SAID["camera"], words["camera"])
    polygon = ground.zones.get(folded(words["zone"]))
    if polygon is None:
        raise SheetFault("zone", row, SAID["zone"], words["zone"])
    return ground.camera_id, polygon


def _stretch(row: int, values: Mapping[str, Any], words: Mapping[str, str]) -> Stretch | None:
    """The stretch of a street a row names, None where it names a zone."""
    for end in ("house_from", "house_to"):
        # A spreadsheet takes 5/7 for a day unless told that it is text.
        if isinstance(values.get(end), date):
            raise SheetFault("not_text", row, SAID[end])
    if not words["street"]:
        if words["house_from"] or words["house_to"]:
            raise SheetFault("missing", row, SAID["street"])
        return None
    if words["camera"] or words["zone"]:
        raise SheetFault("zone_and_street", row, SAID["street"], words["street"])
    return Stretch(words["street"], words["house_from"], words["house_to"])


def _hours(row: int, values: Mapping[str, Any], words: Mapping[str, str]) -> tuple[Window, ...]:
    if not words["begins"] and not words["ends"]:
        return ()
    begins, ends = (_minute(row, SAID[key], values.get(key)) for key in ("begins", "ends"))
    if begins == ends:
        raise SheetFault("hour", row, SAID["ends"], words["ends"])
    return (Window(EVERY_DAY, begins, ends),)


def _minute(row: int, column: str, value: Any) -> int:
    """A minute of the day written HH:MM, 24:00 being its end, or as a spreadsheet keeps an hour."""
    if isinstance(value, time):
        minute = value.hour * 60 + value.minute
    else:
        try:
            hour, minute = (int(part) for part in _text(value).split(":"))
        except ValueError:
            raise SheetFault("hour", row, column, _text(value)) from None
        if not (0 <= hour <= 24 and 0 <= minute < 60 and hour * 60 + minute <= 24 * 60):
            raise SheetFault("hour", row, column, _text(value))
        minute += hour * 60
    return minute


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
