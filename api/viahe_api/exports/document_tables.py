"""A form as a table of a DOCX document."""

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Length, Pt
from docx.table import Table, _Cell, _Row

from viahe_api.exports.said import said
from viahe_api.forms.form import Form, Kind, Row
from viahe_api.language import Language

CELL_PT = 9
WORDS = frozenset({Kind.TEXT, Kind.MOMENT})


def add_form(
    document: Document, form: Form, language: Language, *, width: Length, on_new_page: bool
) -> None:
    """Title, table of that width with its head repeated on every page, notes."""
    title = document.add_paragraph()
    title.paragraph_format.page_break_before = on_new_page
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.keep_with_next = True
    title.add_run(f"Biểu {form.number}. {form.title}").bold = True
    table = document.add_table(rows=1, cols=len(form.columns))
    table.style = document.styles["Table Grid"]
    for cell, column in zip(table.rows[0].cells, form.columns, strict=True):
        _write(cell, column.heading, centred=True, bold=True)
    _repeat_on_every_page(table.rows[0])
    for row in form.rows:
        _write_row(table.add_row(), form, row, language, bold=False)
    if form.totals is not None:
        _write_row(table.add_row(), form, form.totals, language, bold=True)
    _set_widths(table, form, width)
    for note in form.notes:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(note)
        run.italic, run.font.size = True, Pt(CELL_PT + 1)


def _set_widths(table: Table, form: Form, width: Length) -> None:
    table.autofit = False
    share = width / sum(column.width for column in form.columns)
    for drawn, column in zip(table.columns, form.columns, strict=True):
        drawn.width = Emu(int(share * column.width))
    for row in table.rows:
        for cell, column in zip(row.cells, form.columns, strict=True):
            cell.width = Emu(int(share * column.width))


def _write_row(row: _Row, form: Form, values: Row, language: Language, *, bold: bool) -> None:
    for cell, column, value in zip(row.cells, form.columns, values, strict=True):
        _write(
            cell, said(value, column.kind, language), centred=column.kind not in WORDS, bold=bold
        )


def _write(cell: _Cell, text: str, *, centred: bool, bold: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(CELL_PT), bold


def _repeat_on_every_page(row: _Row) -> None:
    element = OxmlElement("w:tblHeader")
    element.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(element)
