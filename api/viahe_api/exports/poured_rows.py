"""Pouring a long list into a sheet of a finished workbook, as text of its XML.

A workbook writer asks about every cell what it is; a list has the same thirteen kinds of cell a
hundred thousand times. So the writer makes one row, and its cells' formats serve all the others.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path
from textwrap import wrap
from typing import IO, TypeAlias
from zipfile import ZIP_DEFLATED, ZipFile

from viahe_api.forms.form import Column, Kind, Row, Value

Cell: TypeAlias = Callable[[Value], str]

QUICKLY = 1
"""Rows that repeat themselves compress to nearly the same size at zlib's quickest."""
ROWS_AT_ONCE = 500
DAY_0 = datetime(1899, 12, 30, tzinfo=UTC) - timedelta(hours=7)
"""Local midnight from which sheets count their days."""
A_DAY = timedelta(days=1)
NOTHING = "–"
LINE_POINTS = 15
"""A line of a cell in the sheets' font."""

_DIMENSION = re.compile(r"<dimension [^>]*/>")
_FORMAT = re.compile(r'<c r="[A-Z]+\d+" s="(\d+)"')
_PLACE = re.compile(r'( r="[A-Z]*)(\d+)"')
_UNSAFE = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|^\\s|\\s$")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def pour(
    book: IO[bytes],
    path: Path,
    sheet: int,
    line: int,
    columns: Sequence[Column],
    rows: Iterable[Row],
) -> None:
    """Write `book` to `path` with `rows` in place of the row at `line` of its `sheet`, both
    counted from 1; rows below move down. Memory stays flat."""
    name = f"xl/worksheets/sheet{sheet}.xml"
    with ZipFile(book) as old, ZipFile(path, "w", ZIP_DEFLATED, compresslevel=QUICKLY) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry.filename, old.read(entry))
                continue
            with new.open(name, "w", force_zip64=True) as target:
                for piece in _sheet(old.read(entry).decode(), line, columns, rows):
                    target.write(piece.encode())


def lines_of(columns: Sequence[Column], row: Row) -> int:
    """How many lines the words of a row need in columns of their widths."""
    lines = 1
    for column, value in zip(columns, row, strict=True):
        if column.kind is Kind.TEXT and isinstance(value, str) and len(value) > column.width:
            lines = max(lines, _wrapped(value, column.width))
    return lines


@lru_cache(maxsize=1 << 14)
def _wrapped(text: str, width: int) -> int:
    lines = sum(max(1, len(wrap(part, width))) for part in text.split("\n"))
    return max(1, lines)


def _sheet(text: str, line: int, columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[str]:
    begins = text.index(f'<row r="{line}"')
    ends = text.index("</row>", begins) + len("</row>")
    formats = _FORMAT.findall(text[begins:ends])
    yield _DIMENSION.sub("", text[:begins])
    written = _Lines(columns, formats, line)
    source = iter(rows)
    while batch := list(islice(source, ROWS_AT_ONCE)):
        yield "".join(map(written.text, batch))
    yield _moved(text[ends:], written.next_line - line - 1)


class _Lines:
    """Rows as XML, each on the line after the one before."""

    def __init__(self, columns: Sequence[Column], formats: Sequence[str], line: int) -> None:
        self._cells = [
            _cell(column.kind, chr(ord("A") + place), number)
            for place, (column, number) in enumerate(zip(columns, formats, strict=True))
        ]
        self._columns = columns
        self.next_line = line

    def text(self, row: Row) -> str:
        line = str(self.next_line)
        self.next_line += 1
        cells = [cell(value) for cell, value in zip(self._cells, row, strict=True)]
        lines = lines_of(self._columns, row)
        high = f' ht="{lines * LINE_POINTS}" customHeight="1"' if lines > 1 else ""
        return f'<row r="{line}"{high}>' + "".join(cells).replace("\0", line) + "</row>"


def _cell(kind: Kind, letter: str, number: str) -> Cell:
    """A cell's XML, with a NUL where the number of its line belongs."""
    head = f'<c r="{letter}\0" s="{number}"'
    words = head + ' t="inlineStr"><is>'

    def text(value: Value) -> str:
        return f"{words}{_text(NOTHING if value is None else str(value))}</is></c>"

    def count(value: Value) -> str:
        return text(value) if value is None else f"{head}><v>{value}</v></c>"

    def moment(value: Value) -> str:
        if not isinstance(value, datetime):
            return text(value)
        return f"{head}><v>{(value - DAY_0) / A_DAY:.10f}</v></c>"

    return {Kind.TEXT: text, Kind.MOMENT: moment}.get(kind, count)


@lru_cache(maxsize=1 << 14)
def _text(value: str) -> str:
    if not _UNSAFE.search(value):
        return f"<t>{value}</t>"
    safe = _FORBIDDEN.sub("", value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<t xml:space="preserve">{safe}</t>'


def _moved(text: str, lines: int) -> str:
    """What follows the list, so many lines further down."""
    return _PLACE.sub(lambda found: f'{found[1]}{int(found[2]) + lines}"', text)
