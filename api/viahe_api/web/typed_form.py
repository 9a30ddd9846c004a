"""A form as it was typed, on its way through the sign-in."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TypedForm:
    """Where it was sent, its texts in their order, and the account it was shown to.

    `had_files`: files came along, which have to be chosen again.
    """

    address: str
    typed: tuple[tuple[str, str], ...]
    typed_by: str
    had_files: bool = False

    @property
    def written(self) -> str:
        """All of it in one field; `read_typed` reads it."""
        return json.dumps([self.had_files, *self.typed], ensure_ascii=False)


def read_typed(address: str, written: str, typed_by: str) -> TypedForm | None:
    """The form once more; None for what is none."""
    try:
        had_files, *pairs = json.loads(written)
        typed = tuple((str(name), str(value)) for name, value in pairs)
    except (ValueError, TypeError):
        return None
    return TypedForm(address, typed, typed_by, bool(had_files))
