"""Pages of a PDF: A4 upright for text, lying for tables, numbered in the middle above."""

from collections.abc import Iterable
from pathlib import Path

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from viahe_api.exports.portable_font import BOLD, FACE, register_font

UPRIGHT, LYING = "upright", "lying"
TEXT_WIDTH = A4[0] - 50 * mm
"""Margins of 30 mm on the left and 20 mm on the right, as the decree asks."""
TABLE_WIDTH = A4[1] - 30 * mm
BODY = ParagraphStyle(
    "body",
    fontName=FACE,
    fontSize=13,
    leading=18,
    alignment=TA_JUSTIFY,
    firstLineIndent=10 * mm,
    spaceAfter=6,
)
HEADING = ParagraphStyle("heading", BODY, fontName=BOLD, keepWithNext=1)
CENTRED = ParagraphStyle("centred", BODY, alignment=TA_CENTER, firstLineIndent=0, spaceAfter=2)
TITLE = ParagraphStyle("title", CENTRED, fontName=BOLD, keepWithNext=1)


def write_pages(path: Path, story: Iterable[Flowable], *, title: str) -> None:
    """Lay the story out and write it. It is read once the fonts are known, which its paragraphs
    need from their beginning."""
    register_font()
    document = BaseDocTemplate(
        str(path), title=title, author="", creator="Viahe", lang="vi", initialFontName=FACE
    )
    document.addPageTemplates(
        [
            _page(UPRIGHT, A4, left=30 * mm, right=20 * mm),
            _page(LYING, landscape(A4), left=15 * mm, right=15 * mm),
        ]
    )
    document.build(list(story))


def _page(name: str, size: tuple[float, float], *, left: float, right: float) -> PageTemplate:
    width, height = size
    frame = Frame(
        left,
        20 * mm,
        width - left - right,
        height - 40 * mm,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )

    def number(canvas: Canvas, _document: BaseDocTemplate) -> None:
        _number(canvas, width / 2, height - 13 * mm)

    return PageTemplate(name, [frame], onPage=number, pagesize=size)


def _number(canvas: Canvas, middle: float, height: float) -> None:
    """From the second page on."""
    number = canvas.getPageNumber()
    if number > 1:
        canvas.setFont(FACE, 12)
        canvas.drawCentredString(middle, height, str(number))
