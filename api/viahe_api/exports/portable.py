"""A report as PDF: the document's text and tables, laid out as Decree 30/2020/NĐ-CP asks.

Number, day and signature are left blank and no seal is drawn, as in the document.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    Flowable,
    HRFlowable,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    Paragraph,
    Spacer,
    Table,
)

from viahe_api.exports import letterhead
from viahe_api.exports.heading import heading_lines
from viahe_api.exports.narrative import subject_of, told
from viahe_api.exports.portable_pages import (
    BODY,
    CENTRED,
    HEADING,
    LYING,
    TEXT_WIDTH,
    TITLE,
    write_pages,
)
from viahe_api.exports.portable_tables import NOTE, form_flow
from viahe_api.language import Language
from viahe_api.report import Report

OFFICE = ParagraphStyle("office", CENTRED, fontSize=12, leading=15, spaceAfter=0)
RECIPIENT = ParagraphStyle("recipient", OFFICE, alignment=TA_LEFT, fontSize=11, leading=14)


def write_portable(report: Report, language: Language, path: Path) -> None:
    """Write the report to `path`: head, narrative, place of signature, forms.

    Biểu 05 goes with it as a workbook, and the text says so. Raises TotalsDisagree.
    """
    write_pages(path, _story(report, language), title=subject_of(report, language))


def write_portable_text(title: str, lines: Iterable[str], text: Iterable[str], path: Path) -> None:
    """Write plain paragraphs under a title and lines of who and when."""
    write_pages(path, _text(title, lines, text), title=title)


def _story(report: Report, language: Language) -> Iterator[Flowable]:
    yield from _head(report, language)
    *parts, last = told(report, language)
    for heading, paragraphs in parts:
        yield from _part(heading, paragraphs)
    yield KeepTogether([*_part(*last), *_signature(report)])
    yield NextPageTemplate(LYING)
    yield PageBreak()
    yield Paragraph(letterhead.ANNEX, TITLE)
    for line in heading_lines(report, language):
        yield Paragraph(escape(line), NOTE)
    for number, form in enumerate((*report.summaries(language), *report.adjusted(language))):
        yield PageBreak() if number else Spacer(0, 8)
        yield from form_flow(form, language)


def _text(title: str, lines: Iterable[str], text: Iterable[str]) -> Iterator[Flowable]:
    yield Paragraph(escape(title), TITLE)
    for line in lines:
        yield Paragraph(escape(line), CENTRED)
    yield Spacer(0, 12)
    for paragraph in text:
        yield Paragraph(escape(paragraph), BODY)


def _head(report: Report, language: Language) -> Iterator[Flowable]:
    of = letterhead.letterhead_of(report)
    left = [*_bold(of.body, of.office), _rule(22 * mm)]
    right = [*_bold(letterhead.STATE, letterhead.MOTTO), _rule(50 * mm)]
    left.append(Paragraph(_kept(of.number), OFFICE))
    right.append(Paragraph(_kept(letterhead.DAY), OFFICE))
    yield _side_by_side(left, right, 58 * mm)
    yield Spacer(0, 18)
    yield Paragraph(letterhead.KIND, TITLE)
    yield Paragraph(escape(subject_of(report, language)), TITLE)
    yield Spacer(0, 12)


def _part(heading: str, paragraphs: Iterable[str]) -> Iterator[Flowable]:
    yield Paragraph(escape(heading), HEADING)
    for text in paragraphs:
        yield Paragraph(escape(text), BODY)


def _signature(report: Report) -> list[Flowable]:
    """Kept on one page with the words above it."""
    title, *recipients = letterhead.RECIPIENTS
    left: list[Flowable] = [Paragraph(f"<b>{title}</b>", RECIPIENT)]
    left.extend(Paragraph(text, RECIPIENT) for text in recipients)
    right = list(_bold(*letterhead.letterhead_of(report).signature))
    return [Spacer(0, 18), _side_by_side(left, right, TEXT_WIDTH / 2)]


def _side_by_side(left: list[Flowable], right: list[Flowable], width: float) -> Table:
    table = Table([[left, right]], colWidths=[width, TEXT_WIDTH - width])
    whole = ((0, 0), (-1, -1))
    table.setStyle([("VALIGN", *whole, "TOP"), ("ALIGN", *whole, "CENTER"), ("PADDING", *whole, 0)])
    return table


def _bold(*lines: str) -> list[Flowable]:
    return [Paragraph(f"<b>{escape(line)}</b>", OFFICE) for line in lines]


def _rule(width: float) -> Flowable:
    return HRFlowable(width, thickness=0.7, color=colors.black, spaceBefore=3, spaceAfter=6)


def _kept(text: str) -> str:
    """With the blanks that are to be written into."""
    return escape(text).replace("  ", "\N{NO-BREAK SPACE} ")
