"""A form's cells as its page shows them, written before the template: a city's has thousands, and
a template asks of each again what is known of its column."""

from collections.abc import Iterator

from markupsafe import Markup, escape

from viahe_api.exports.said import said
from viahe_api.forms.form import Form, Kind, Row
from viahe_api.language import Language
from viahe_api.web.cell_words import Opens


def shown_rows(form: Form, opens: Opens, language: Language) -> Iterator[Markup]:
    """Each row's cells. The form's rows may be read once."""
    for at, row in enumerate(form.rows):
        yield _cells(form, at, row, opens, language)


def shown_totals(form: Form, opens: Opens, language: Language) -> Markup:
    """Those of the last line; empty where there is no such line."""
    return _cells(form, None, form.totals, opens, language) if form.totals else Markup()


def _cells(form: Form, at: int | None, row: Row, opens: Opens, language: Language) -> Markup:
    """Numbers stand to the right. A figure of nothing opens nothing."""
    cells = []
    for value, column in zip(row, form.columns, strict=True):
        address = opens(form, at, column) if value else None
        text = escape(value) if isinstance(value, str) else said(value, column.kind, language)
        shown = text if address is None else f'<a href="{escape(address)}">{text}</a>'
        side = "" if column.kind is Kind.TEXT else ' class="number"'
        cells.append(f"<td{side}>{shown}</td>")
    return Markup("".join(cells))  # noqa: S704 - words were escaped, numbers need not be
