"""The two languages of the pages: sentences, dates, numbers and durations.

Messages are written in English and translated by the gettext catalogues in `web/locale`;
the .po files themselves are read when the application starts, so nothing is compiled or
generated beforehand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from viahe_api.months import LOCAL

DEFAULT_LANGUAGE = "vi"
LANGUAGES = ("vi", "en")
COMMAS_AND_POINTS = str.maketrans(",.", ".,")
CATALOGUES = Path(__file__).parent / "web" / "locale"


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a message kept in a table for extraction; it is translated where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Language:
    """One language a page can be shown in; `code` is its HTML `lang`."""

    code: str
    catalogue: GNUTranslations

    def gettext(self, message: str, **values: object) -> str:
        """The sentence for an English `message`, with its `%(name)s` places filled."""
        said = self.catalogue.gettext(message)
        return said % values if values else said

    def ngettext(self, one: str, many: str, n: int, **values: object) -> str:
        """As `gettext`, for `n` things; `%(n)s` is the number, grouped."""
        return self.catalogue.ngettext(one, many, n) % {"n": self.number(n), **values}

    def number(self, value: float, decimals: int = 0) -> str:
        """1.234,5 in Vietnamese, 1,234.5 in English, with exactly `decimals` decimals."""
        shown = f"{value:,.{decimals}f}"  # a page of a whole city has tens of thousands
        plain = shown.isdecimal() or self.code == "en"
        return shown if plain else shown.translate(COMMAS_AND_POINTS)

    def moment(self, at: datetime) -> str:
        """22/11/2026 18:42, Hanoi time."""
        return local(at).strftime("%d/%m/%Y %H:%M")

    def clock(self, at: datetime, seconds: bool = False) -> str:
        """18:42, or 18:42:10 with `seconds`, Hanoi time."""
        return local(at).strftime("%H:%M:%S" if seconds else "%H:%M")

    def day(self, day: date) -> str:
        """22/11/2026."""
        return day.strftime("%d/%m/%Y")

    def month(self, year: int, month: int) -> str:
        """Tháng 11/2026, without a leading zero as the official register has it."""
        return self.gettext("Month %(month)s/%(year)s", month=month, year=year)

    def duration(self, seconds: float) -> str:
        """In the two largest units that matter: 105 giây, 12 phút, 2 giờ 05 phút, 3 ngày."""
        whole = max(0, round(seconds))
        minutes, hours, days = whole // 60, whole // 3600, whole // 86400
        if whole < 180:
            return self.ngettext("%(n)s second", "%(n)s seconds", whole)
        if hours < 1:
            return self.ngettext("%(n)s minute", "%(n)s minutes", minutes)
        if days < 2:
            return self.gettext(
                "%(hours)s h %(minutes)s min", hours=hours, minutes=f"{minutes % 60:02d}"
            )
        return self.ngettext("%(n)s day", "%(n)s days", days)

    def wait(self, seconds: float) -> str:
        """How long somebody has waited: as `duration`, but never counted in seconds, which are
        past before they are read."""
        if seconds < 60:
            return self.gettext("under a minute")
        if seconds < 180:
            minutes = int(seconds // 60)
            return self.ngettext("%(n)s minute", "%(n)s minutes", minutes)
        return self.duration(seconds)


def local(at: datetime) -> datetime:
    """The moment in Hanoi; a moment without a zone is taken as UTC."""
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(LOCAL)


def read_language(code: str, folder: Path = CATALOGUES) -> Language:
    """Read the catalogue of one language.

    Raises:
        FileNotFoundError: no catalogue of that language lies in `folder`.
    """
    with (folder / code / "LC_MESSAGES" / "viahe.po").open("rb") as source:
        catalogue = read_po(source, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Language(code, GNUTranslations(compiled))


def read_languages(folder: Path = CATALOGUES) -> Mapping[str, Language]:
    """Every language the pages speak, by its code."""
    return {code: read_language(code, folder) for code in LANGUAGES}
