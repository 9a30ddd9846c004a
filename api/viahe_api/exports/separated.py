"""A form as separated values: UTF-8 with its mark, semicolons, as Vietnamese Excel opens it."""

import csv
from pathlib import Path

from viahe_api.errors import FormFault
from viahe_api.forms.form import Form, Kind, Value
from viahe_api.language import Language, local
from viahe_api.report import Report

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the beginning of a formula."""


def write_separated(report: Report, language: Language, path: Path, number: str) -> None:
    """Write one form, by its number, to `path`: a line of headings, the rows, no totals.

    Raises FormFault for a form this report has not, and TotalsDisagree.
    """
    form = next((form for form in report.forms(language) if form.number == number), None)
    if form is None:
        raise FormFault(
            "form",
            f"no form {number} here: there are 01 to 04, 05 for readers of cases, and of a locked "
            "report 06 and 07 with what changed since",
        )
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow([column.heading for column in form.columns])
        for row in form.rows:
            writer.writerow(_cells(form, row))


def _cells(form: Form, row: tuple[Value, ...]) -> list[str]:
    return [_text(value, column.kind) for column, value in zip(form.columns, row, strict=True)]


def _text(value: Value, kind: Kind) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(DANGEROUS) else value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        shown = value * 100 if kind is Kind.SHARE else value
        return f"{shown:.1f}".replace(".", ",")
    return local(value).strftime("%d/%m/%Y %H:%M")
