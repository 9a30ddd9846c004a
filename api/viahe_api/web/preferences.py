"""What a person prefers of the pages: kept in cookies of the browser, no secret among them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from viahe_api.language import DEFAULT_LANGUAGE, LANGUAGES, N_

THEMES: Mapping[str, str] = MappingProxyType(
    {"light": N_("Light"), "dark": N_("Dark"), "system": N_("As the system")}
)
YEAR_S = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Preferences:
    """`theme` is a key of THEMES; `single_keys` says whether bare letters press buttons."""

    language: str = DEFAULT_LANGUAGE
    theme: str = "system"
    single_keys: bool = True

    def cookies(self) -> Iterator[tuple[str, str]]:
        """Names and values of the cookies that keep them."""
        yield "language", self.language
        yield "theme", self.theme
        yield "single_keys", "on" if self.single_keys else "off"


def read_preferences(cookies: Mapping[str, str]) -> Preferences:
    """From a browser's cookies; whatever they do not say, or say wrongly, is as by default."""
    language = cookies.get("language", DEFAULT_LANGUAGE)
    theme = cookies.get("theme", "system")
    return Preferences(
        language=language if language in LANGUAGES else DEFAULT_LANGUAGE,
        theme=theme if theme in THEMES else "system",
        single_keys=cookies.get("single_keys") != "off",
    )
