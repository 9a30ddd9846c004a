"""A report as a DOCX document, laid out as Decree 30/2020/NĐ-CP asks.

Number, day and signature are left blank and no seal is drawn: the document goes on through the
city's own system. Its wording is the official form's and therefore Vietnamese alone.
"""

from collections.abc import Iterable
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from viahe_api.exports import letterhead
from viahe_api.exports.document_tables import add_form
from viahe_api.exports.heading import heading_lines
from viahe_api.exports.narrative import subject_of, told
from viahe_api.language import Language
from viahe_api.report import Report

FONT = "Times New Roman"
BODY_PT = 14
LINE_PT = 10
ANNEX_WIDTH = Mm(267)
CENTRE = WD_ALIGN_PARAGRAPH.CENTER


def write_document(report: Report, language: Language, path: Path) -> None:
    """Write the report to `path`: head, narrative, place of signature, Biểu 01 to 04, and what
    changed since a lock.

    Biểu 05 goes with it as a workbook, and the document says so. Raises TotalsDisagree.
    """
    forms = (*report.summaries(language), *report.adjusted(language))
    document = docx.Document()
    _set_up_pages(document)
    _add_head(document, report, language)
    *parts, last = told(report, language)
    for part in parts:
        _add_part(document, *part)
    for paragraph in _add_part(document, *last):
        paragraph.paragraph_format.keep_with_next = True  # no signature on a page of its own
    _add_signature(document, report)
    _begin_annex(document, heading_lines(report, language))
    for form in forms:
        add_form(document, form, language, width=ANNEX_WIDTH, on_new_page=form is not forms[0])
    document.core_properties.title = subject_of(report, language)
    document.save(str(path))


def write_document_text(title: str, lines: Iterable[str], text: Iterable[str], path: Path) -> None:
    """Write plain paragraphs under a title and lines of who and when."""
    document = docx.Document()
    _set_up_pages(document)
    for number, line in enumerate((title, *lines)):
        paragraph = _add_paragraph(document, line, bold=not number)
        paragraph.alignment, paragraph.paragraph_format.first_line_indent = CENTRE, Mm(0)
    for paragraph_text in text:
        _add_paragraph(document, paragraph_text)
    document.core_properties.title = title
    document.save(str(path))


def _set_up_pages(document: Document) -> None:
    """A4; margins 20, 20, 30 and 20 mm; the page's number in the middle above, from the second."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = section.right_margin = Mm(20)
    section.left_margin = Mm(30)
    section.different_first_page_header_footer = True
    _add_page_number(section.header.paragraphs[0])
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(BODY_PT)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.paragraph_format.space_after = Pt(6)


def _add_page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = CENTRE
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._element.append(element)


def _add_head(document: Document, report: Report, language: Language) -> None:
    of = letterhead.letterhead_of(report)
    left, right = _two_columns(document, Mm(58), Mm(102))
    _write_lines(left, ((of.body, True, 13), (of.office, True, 13)), ruled=True)
    _write_lines(left, ((of.number, False, 13),), first=False)
    state = ((letterhead.STATE, True, 12), (letterhead.MOTTO, True, 13))
    _write_lines(right, state, ruled=True)
    _write_lines(right, ((letterhead.DAY, False, 13),), first=False)
    right.paragraphs[-1].runs[0].italic = True
    for text in (letterhead.KIND, subject_of(report, language)):
        title = _add_paragraph(document, text, bold=True)
        title.alignment, title.paragraph_format.first_line_indent = CENTRE, Mm(0)
    document.paragraphs[-2].paragraph_format.space_before = Pt(18)


def _two_columns(document: Document, *widths: Length) -> list[_Cell]:
    table = document.add_table(rows=1, cols=len(widths))
    table.autofit = False
    for place, width in enumerate(widths):
        table.columns[place].width = table.rows[0].cells[place].width = width
    return list(table.rows[0].cells)


def _write_lines(
    cell: _Cell,
    lines: tuple[tuple[str, bool, int], ...],
    *,
    ruled: bool = False,
    first: bool = True,
) -> None:
    """Text, whether bold, and points; `first` begins in the cell's empty paragraph."""
    for number, (text, bold, points) in enumerate(lines):
        paragraph = cell.paragraphs[0] if first and number == 0 else cell.add_paragraph()
        paragraph.alignment, paragraph.paragraph_format.space_after = CENTRE, Pt(0)
        run = paragraph.add_run(text)
        run.bold, run.font.size = bold, Pt(points)
    if ruled:
        rule = cell.add_paragraph("")
        rule.paragraph_format.space_after = Pt(6)
        rule.paragraph_format.line_spacing = Pt(4)
        rule.paragraph_format.left_indent = rule.paragraph_format.right_indent = Mm(18)
        _rule_above(rule)


def _rule_above(paragraph: Paragraph) -> None:
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._element.get_or_add_pPr().append(borders)


def _add_part(document: Document, heading: str, paragraphs: Iterable[str]) -> list[Paragraph]:
    title = _add_paragraph(document, heading, bold=True)
    title.paragraph_format.keep_with_next = True
    return [title, *(_add_paragraph(document, text) for text in paragraphs)]


def _add_paragraph(document: Document, text: str, *, bold: bool = False) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Mm(10)
    paragraph.add_run(text).bold = bold
    return paragraph


def _add_signature(document: Document, report: Report) -> None:
    left, right = _two_columns(document, Mm(80), Mm(80))
    title, *recipients = letterhead.RECIPIENTS
    _write_lines(left, ((title, True, 12), *((text, False, 11) for text in recipients)))
    for paragraph in left.paragraphs:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    left.paragraphs[0].runs[0].italic = True
    _write_lines(
        right, tuple((text, True, 13) for text in letterhead.letterhead_of(report).signature)
    )


def _begin_annex(document: Document, lines: Iterable[str]) -> None:
    """Whose counts, of when, and beside which camera hours stands above all its tables."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(15)
    section.different_first_page_header_footer = False
    title = document.add_paragraph()
    title.alignment = CENTRE
    title.add_run(letterhead.ANNEX).bold = True
    for line in lines:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.add_run(line).font.size = Pt(LINE_PT)
