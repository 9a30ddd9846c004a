"""Pouring a long list into a sheet of a finished workbook, as text of its XML.

A workbook writer asks about every cell what it is; a list has the same thirteen kinds of cell a
hundred thousand times. So the writer makes one row, and its cells' formats serve all the others,
which are written column by column, some hundred rows at once.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from itertools import chain, islice, repeat
from pathlib import Path
from textwrap import wrap
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from viahe_api.exports.said_once import SaidOnce, Words
from viahe_api.forms.form import Column, Kind, Row, Value
from viahe_api.running_ahead import ahead

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
_UNSAFE_LINES = re.compile(_UNSAFE.pattern, re.MULTILINE)
"""The same of many words, a line each."""
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
    counted from 1; rows below move down. Memory stays flat.

    A thread reads and makes the rows: compressing those before leaves Python to it meanwhile."""
    name = f"xl/worksheets/sheet{sheet}.xml"
    with ZipFile(book) as old, ZipFile(path, "w", ZIP_DEFLATED, compresslevel=QUICKLY) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry.filename, old.read(entry))
                continue
            with new.open(name, "w", force_zip64=True) as target:
                for piece in ahead(_sheet(old.read(entry).decode(), line, columns, rows)):
                    target.write(piece)


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


def _sheet(text: str, line: int, columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    begins = text.index(f'<row r="{line}"')
    ends = text.index("</row>", begins) + len("</row>")
    formats = _FORMAT.findall(text[begins:ends])
    yield _DIMENSION.sub("", text[:begins]).encode()
    written = _Lines(columns, formats, line)
    source = iter(rows)
    while batch := list(islice(source, ROWS_AT_ONCE)):
        yield written.xml(batch)
    yield _moved(text[ends:], written.next_line - line - 1).encode()


class _Lines:
    """Rows as XML, each on the line after the one before. Their cells do not say where they are,
    as none has to that follows another: half of what the list takes in the file would be that.

    Cells are bytes: what comes again is encoded once."""

    def __init__(self, columns: Sequence[Column], formats: Sequence[str], line: int) -> None:
        self._cells = [_Cells(*each) for each in zip(columns, formats, strict=True)]
        self.next_line = line

    def xml(self, rows: Sequence[Row]) -> bytes:
        columns = list(zip(self._cells, zip(*rows, strict=True), strict=True))
        written = [cells.written(values) for cells, values in columns]
        needed = [cells.lines(values) for cells, values in columns if cells.some_are_tall]
        first, self.next_line = self.next_line, self.next_line + len(rows)
        lines = map(max, repeat(1), *needed) if needed else repeat(1)
        begun = map(_begun, range(first, self.next_line), lines)
        parts = zip(begun, *written, repeat(b"</row>", len(rows)), strict=True)
        return b"".join(chain.from_iterable(parts))


class _Cells:
    """A column's cells as XML. `some_are_tall` when one was written that needs several lines."""

    def __init__(self, column: Column, number: str) -> None:
        self._column, self._head = column, f'<c s="{number}"'
        self._lines = SaidOnce[Value, int](partial(_lines_needed, column=column))
        self.written = self._written()
        self.some_are_tall = False

    def lines(self, values: Sequence[Value]) -> Iterable[int]:
        return map(self._lines.__getitem__, values)

    def _written(self) -> Callable[[Sequence[Value]], Iterable[bytes]]:
        if self._column.kind is Kind.TEXT:
            return Words(self._text, self._texts)
        write: Callable[[Value], bytes] = {
            Kind.MOMENT: self._moment,
            Kind.MONEY: SaidOnce(self._number).__getitem__,
        }.get(self._column.kind, self._number)
        return partial(map, write)

    def _text(self, value: Value) -> bytes:
        self.some_are_tall = self.some_are_tall or _lines_needed(value, self._column) > 1
        said = _text(NOTHING if value is None else str(value))
        return f'{self._head} t="inlineStr"><is>{said}</is></c>'.encode()

    def _texts(self, words: Sequence[str]) -> Sequence[bytes] | None:
        """Where all of them are short and none needs anything."""
        if max(map(len, words)) > self._column.width or _UNSAFE_LINES.search("\n".join(words)):
            return None
        head = f'{self._head} t="inlineStr"><is><t>'
        return [f"{head}{word}</t></is></c>".encode() for word in words]

    def _number(self, value: Value) -> bytes:
        return self._text(value) if value is None else f"{self._head}><v>{value}</v></c>".encode()

    def _moment(self, value: Value) -> bytes:
        if not isinstance(value, datetime):
            return self._text(value)
        return f"{self._head}><v>{(value - DAY_0) / A_DAY:.10f}</v></c>".encode()


def _begun(line: int, lines: int) -> bytes:
    if lines == 1:
        return b'<row r="%d">' % line
    return b'<row r="%d" ht="%d" customHeight="1">' % (line, lines * LINE_POINTS)


def _text(value: str) -> str:
    if not _UNSAFE.search(value):
        return f"<t>{value}</t>"
    safe = _FORBIDDEN.sub("", value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<t xml:space="preserve">{safe}</t>'


def _moved(text: str, lines: int) -> str:
    """What follows the list, so many lines further down."""
    return _PLACE.sub(lambda found: f'{found[1]}{int(found[2]) + lines}"', text)
