"""A form as a table of a PDF, its head repeated on every page."""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, LongTable, Paragraph, Spacer, TableStyle

from viahe_api.exports.portable_font import BOLD, FACE
from viahe_api.exports.portable_pages import TABLE_WIDTH, TITLE
from viahe_api.exports.said import said
from viahe_api.forms.form import Form, Kind, Row
from viahe_api.language import Language

WORDS = frozenset({Kind.TEXT, Kind.MOMENT})
CELL = ParagraphStyle("cell", fontName=FACE, fontSize=8, leading=10.5, alignment=TA_CENTER)
WORD = ParagraphStyle("word", CELL, alignment=TA_LEFT)
NOTE = ParagraphStyle("note", WORD, fontSize=9, leading=12)
PADDING = 2
HEAD_GROUND = colors.HexColor(0xE7EBEF)


def form_flow(form: Form, language: Language) -> Iterator[Flowable]:
    """Title, table, notes."""
    yield Paragraph(escape(f"Biểu {form.number}. {form.title}"), TITLE)
    yield Spacer(0, 4)
    yield _table(form, language)
    yield Spacer(0, 4)
    for note in form.notes:
        yield Paragraph(escape(note), NOTE)


def _table(form: Form, language: Language) -> LongTable:
    share = TABLE_WIDTH / sum(column.width for column in form.columns)
    widths = [column.width * share for column in form.columns]
    head = [Paragraph(f"<b>{escape(column.heading)}</b>", CELL) for column in form.columns]
    rows: list[list[str | Paragraph]] = [list(head)]
    rows += [_cells(form, row, widths, language) for row in form.rows]
    if form.totals is not None:
        rows.append(_cells(form, form.totals, widths, language, bold=True))
    return LongTable(rows, colWidths=widths, repeatRows=1, style=_style(form))


def _style(form: Form) -> TableStyle:
    words = [place for place, column in enumerate(form.columns) if column.kind in WORDS]
    totals = [("FONTNAME", (0, -1), (-1, -1), BOLD)] if form.totals is not None else []
    return TableStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
            ("BACKGROUND", (0, 0), (-1, 0), HEAD_GROUND),
            ("FONT", (0, 1), (-1, -1), FACE, CELL.fontSize, CELL.leading),
            ("ALIGN", (0, 0), (-1, -1), "CENTER"),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
            ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            *(("ALIGN", (place, 1), (place, -1), "LEFT") for place in words),
            *totals,
        ]
    )


def _cells(
    form: Form, row: Row, widths: Sequence[float], language: Language, *, bold: bool = False
) -> list[str | Paragraph]:
    """Plain words where they fit: paragraphs, which break, take ten times as long."""
    cells: list[str | Paragraph] = []
    for column, value, width in zip(form.columns, row, widths, strict=True):
        text = said(value, column.kind, language)
        if stringWidth(text, BOLD if bold else FACE, CELL.fontSize) <= width - 2 * PADDING:
            cells.append(text)
        else:
            style = WORD if column.kind in WORDS else CELL
            written = f"<b>{escape(text)}</b>" if bold else escape(text)
            cells.append(Paragraph(written, style))
    return cells
