"""A form's cells as its page shows them, made ready before the template: a city's has thousands."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from viahe_api.exports.said import said
from viahe_api.forms.form import Form, Kind, Row
from viahe_api.language import Language
from viahe_api.web.cell_words import Opens

ShownCell: TypeAlias = tuple[bool, str | None, str]
"""Whether it stands to the right as numbers do, the address of the cases under it, and its text.
A figure of nothing opens nothing."""


def shown_rows(form: Form, opens: Opens, language: Language) -> Iterator[list[ShownCell]]:
    """Each row's cells. The form's rows may be read once."""
    for at, row in enumerate(form.rows):
        yield _cells(form, at, row, opens, language)


def shown_totals(form: Form, opens: Opens, language: Language) -> Sequence[ShownCell]:
    """Those of the last line; none where there is no such line."""
    return _cells(form, None, form.totals, opens, language) if form.totals else ()


def _cells(
    form: Form, at: int | None, row: Row, opens: Opens, language: Language
) -> list[ShownCell]:
    return [
        (
            column.kind is not Kind.TEXT,
            opens(form, at, column) if value else None,
            said(value, column.kind, language),
        )
        for value, column in zip(row, form.columns, strict=True)
    ]
