"""Pouring a long list into a sheet of a finished workbook, as text of its XML.

A workbook writer asks about every cell what it is; a list has the same thirteen kinds of cell a
hundred thousand times. So the writer makes one row, and its cells' formats serve all the others,
which are written column by column, some hundred rows at once.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from itertools import islice, repeat
from pathlib import Path
from textwrap import wrap
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from viahe_api.exports.said_once import SaidOnce
from viahe_api.forms.form import Column, Kind, Row, Value

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
    return max(_lines_needed(value, column) for column, value in zip(columns, row, strict=True))


def _lines_needed(value: Value, column: Column) -> int:
    if column.kind is Kind.TEXT and isinstance(value, str) and len(value) > column.width:
        return _wrapped(value, column.width)
    return 1


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
        yield written.text(batch)
    yield _moved(text[ends:], written.next_line - line - 1)


class _Lines:
    """Rows as XML, each on the line after the one before. Their cells do not say where they are,
    as none has to that follows another: half of what the list takes in the file would be that."""

    def __init__(self, columns: Sequence[Column], formats: Sequence[str], line: int) -> None:
        self._cells = [_Cells(*each) for each in zip(columns, formats, strict=True)]
        self.next_line = line

    def text(self, rows: Sequence[Row]) -> str:
        columns = list(zip(self._cells, zip(*rows, strict=True), strict=True))
        written = [cells.written(values) for cells, values in columns]
        needed = [cells.lines(values) for cells, values in columns if cells.some_are_tall]
        first, self.next_line = self.next_line, self.next_line + len(rows)
        numbered = zip(
            range(first, self.next_line),
            map(max, repeat(1), *needed) if needed else repeat(1, len(rows)),
            map("".join, zip(*written, strict=True)),
            strict=True,
        )
        return "".join(
            [f'<row r="{line}"{_height(lines)}>{cells}</row>' for line, lines, cells in numbered]
        )


class _Cells:
    """A column's cells as XML. `some_are_tall` when one was written that needs several lines."""

    def __init__(self, column: Column, number: str) -> None:
        self._column, self._head = column, f'<c s="{number}"'
        self._words = SaidOnce(self._text)
        self._lines = SaidOnce[Value, int](partial(_lines_needed, column=column))
        self._write: Callable[[Value], str] = {
            Kind.TEXT: self._words.__getitem__,
            Kind.MOMENT: self._moment,
            Kind.MONEY: SaidOnce(self._number).__getitem__,
        }.get(column.kind, self._number)
        self.some_are_tall = False

    def written(self, values: Sequence[Value]) -> list[str]:
        return [*map(self._write, values)]

    def lines(self, values: Sequence[Value]) -> Iterable[int]:
        return map(self._lines.__getitem__, values)

    def _text(self, value: Value) -> str:
        self.some_are_tall = self.some_are_tall or _lines_needed(value, self._column) > 1
        said = _text(NOTHING if value is None else str(value))
        return f'{self._head} t="inlineStr"><is>{said}</is></c>'

    def _number(self, value: Value) -> str:
        return self._text(value) if value is None else f"{self._head}><v>{value}</v></c>"

    def _moment(self, value: Value) -> str:
        if not isinstance(value, datetime):
            return self._text(value)
        return f"{self._head}><v>{(value - DAY_0) / A_DAY:.10f}</v></c>"


def _height(lines: int) -> str:
    return f' ht="{lines * LINE_POINTS}" customHeight="1"' if lines > 1 else ""


def _text(value: str) -> str:
    if not _UNSAFE.search(value):
        return f"<t>{value}</t>"
    safe = _FORBIDDEN.sub("", value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<t xml:space="preserve">{safe}</t>'


def _moved(text: str, lines: int) -> str:
    """What follows the list, so many lines further down."""
    return _PLACE.sub(lambda found: f'{found[1]}{int(found[2]) + lines}"', text)
