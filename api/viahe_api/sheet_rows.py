"""The rows of a spreadsheet somebody sends, CSV or XLSX, cell by cell, as they are written."""

import csv
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

LARGEST_UNPACKED = 64 << 20
"""Bytes an XLSX may hold once unpacked: a small file can hold very many."""

UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    SyntaxError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
)
"""What opening a damaged workbook raises: openpyxl checks little of what it reads, and says by
these that a part is encrypted, packed in an unknown way, cut off, no XML, missing or of odd
content."""


class SheetFault(ValueError):
    """What is wrong with a sheet, in one word, where, and with which value.

    `row` and `column` are as the sheet counts them; None where the whole file is meant.
    """

    def __init__(
        self, fault: str, row: int | None = None, column: str | None = None, value: str = ""
    ) -> None:
        super().__init__(f"{fault}: row {row}, column {column}: {value!r}")
        self.fault, self.row, self.column, self.value = fault, row, column, value[:80]


def sheet_rows(name: str, content: bytes) -> Iterator[Sequence[Any]]:
    """The rows of a file named `*.csv`, or of the first sheet of a workbook.

    Raises SheetFault `not_a_sheet`, `not_utf8`, `too_large` or `merged`.
    """
    if content.startswith(b"PK\x03\x04"):
        return _workbook_rows(content)
    if name.casefold().endswith(".csv") and b"\0" not in content:
        return _text_rows(content)
    raise SheetFault("not_a_sheet", value=name)


def _text_rows(content: bytes) -> Iterator[Sequence[Any]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SheetFault("not_utf8") from None
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error:
        raise SheetFault("not_a_sheet") from None


def _workbook_rows(content: bytes) -> Iterator[Sequence[Any]]:
    sheet = _first_sheet(content)
    for merged in sheet.merged_cells.ranges:
        raise SheetFault("merged", merged.min_row, merged.coord)
    yield from sheet.iter_rows(values_only=True)


def _first_sheet(content: bytes) -> Any:
    # Loaded when a workbook comes: it brings NumPy along where that is installed.
    from openpyxl import load_workbook  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise SheetFault("too_large")
        return load_workbook(io.BytesIO(content), data_only=True).worksheets[0]
    except SheetFault:
        raise
    except (*UNREADABLE, InvalidFileException):
        raise SheetFault("not_a_sheet") from None
