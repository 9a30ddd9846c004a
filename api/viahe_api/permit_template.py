"""The spreadsheet to fill in for the import of permits: its columns and nothing else."""

import io

import xlsxwriter

from viahe_api.permit_sheet import SAID

WIDTH = 18


def permit_template() -> bytes:
    """An XLSX whose first row names every column; cells are text, so that 5/7 stays what it is."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Giấy phép")
        sheet.set_column(0, len(SAID) - 1, WIDTH, book.add_format({"num_format": "@"}))
        sheet.write_row(0, 0, SAID.values(), book.add_format({"bold": True}))
        sheet.freeze_panes(1, 0)
    return target.getvalue()
