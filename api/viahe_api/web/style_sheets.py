"""The style sheets of a page, sent as one.

They are written by topic, and nothing of a page is seen before the last of its sheets is there. On
the line a page came by one sheet is there a round trip later; each more would first open a line of
its own, which takes another.
"""

from collections.abc import Sequence
from pathlib import Path

ENDING = ".css"
BETWEEN = "+"


class StyleSheets:
    """The sheets of a folder, as they were when it was made."""

    def __init__(self, folder: Path) -> None:
        self._written = {
            path.stem: path.read_text(encoding="utf-8") for path in folder.glob(f"*{ENDING}")
        }

    def joined_name(self, names: Sequence[str]) -> str:
        """The file name of these sheets as one: `tokens+page.css` of `tokens.css`, `page.css`.

        Raises LookupError where there is none of a name, ValueError where one is named twice.
        """
        stems = [name.removesuffix(ENDING) for name in names]
        if unknown := sorted(set(stems) - self._written.keys()):
            raise LookupError(f"no style sheet is called {', '.join(unknown)}")
        if len(set(stems)) < len(stems):
            raise ValueError(f"a style sheet is named twice: {', '.join(names)}")
        return BETWEEN.join(stems) + ENDING

    def joined(self, file_name: str) -> str | None:
        """The sheets of a joined name one after the other; None where it is no such name."""
        names = file_name.removesuffix(ENDING).split(BETWEEN)
        try:
            if self.joined_name(names) != file_name:
                return None
        except (LookupError, ValueError):  # anybody may ask for anything, and at any length
            return None
        return "\n".join(self._written[name] for name in names)
