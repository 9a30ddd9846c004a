"""A form's cell as text for people."""

from viahe_api.forms.form import Kind, Value
from viahe_api.language import Language

NOTHING = "–"


def said(value: Value, kind: Kind, language: Language) -> str:
    """With the language's separators; "–" where there is no value."""
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return value
    if not isinstance(value, int | float):
        return language.moment(value)
    if kind is Kind.SHARE:
        return language.number(value * 100, 1) + "\N{NO-BREAK SPACE}%"
    return language.number(value, 1 if isinstance(value, float) else 0)
