"""A form as a table of a DOCX document."""

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Emu, Length, Pt
from docx.table import Table, _Cell, _Row

from viahe_api.exports.said import said
from viahe_api.forms.form import Form, Kind, Row, Value
from viahe_api.language import Language

NAMESPACE = nsdecls("w")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What no XML can hold."""
CELL_PT = 9
NARROW_PT = 8
WIDE = 14
"""A form with so many columns is set smaller."""
PADDING = 40
"""Twentieths of a point on either side of a cell's text: the usual ones break words in two."""
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
    _set_padding(table)
    widths = _set_widths(table, form, width)
    points = NARROW_PT if len(form.columns) >= WIDE else CELL_PT
    for cell, column in zip(table.rows[0].cells, form.columns, strict=True):
        _write_heading(cell, column.heading, points)
    _repeat_on_every_page(table.rows[0])
    for row in form.rows:
        table._tbl.append(_row(form, row, language, widths, points=points))
    if form.totals is not None:
        table._tbl.append(_row(form, form.totals, language, widths, points=points, bold=True))
    for note in form.notes:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(note)
        run.italic, run.font.size = True, Pt(CELL_PT + 1)


def _set_widths(table: Table, form: Form, width: Length) -> list[Emu]:
    table.autofit = False
    share = width / sum(column.width for column in form.columns)
    widths = [Emu(int(share * column.width)) for column in form.columns]
    cells = table.rows[0].cells
    for drawn, cell, own in zip(table.columns, cells, widths, strict=True):
        drawn.width = cell.width = own
    return widths


def _set_padding(table: Table) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(PADDING))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    look = table._tbl.tblPr.find(qn("w:tblLook"))  # which Word wants last
    table._tbl.tblPr.append(margins) if look is None else look.addprevious(margins)


def _write_heading(cell: _Cell, text: str, points: int) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(points), True


def _row(
    form: Form,
    values: Row,
    language: Language,
    widths: Sequence[Emu],
    *,
    points: int,
    bold: bool = False,
) -> BaseOxmlElement:
    """A row, never on two pages, parsed from its XML: cell by cell a city's thousand cameras
    would take a minute."""
    cells = zip(form.columns, values, widths, strict=True)
    drawn = "".join(
        _cell(column.kind, value, language, width, points, bold) for column, value, width in cells
    )
    return parse_xml(f"<w:tr {NAMESPACE}><w:trPr><w:cantSplit/></w:trPr>{drawn}</w:tr>")


def _cell(kind: Kind, value: Value, language: Language, width: Emu, points: int, bold: bool) -> str:
    centred = "" if kind in WORDS else '<w:jc w:val="center"/>'
    weight = "<w:b/>" if bold else ""
    look = f'<w:rPr>{weight}<w:sz w:val="{points * 2}"/></w:rPr>'
    text = escape(_FORBIDDEN.sub("", said(value, kind, language)))
    # The paragraph itself has the look too: an empty cell is as high as that says.
    return (
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{width.twips}"/></w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:after="0"/>{centred}{look}</w:pPr>'
        f'<w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r></w:p></w:tc>'
    )


def _repeat_on_every_page(row: _Row) -> None:
    element = OxmlElement("w:tblHeader")
    element.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(element)
