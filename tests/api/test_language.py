"""What the pages say in each language."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

import viahe_api
from viahe_api.language import CATALOGUES, LANGUAGES, Language, read_language

SOURCE = Path(viahe_api.__file__).parent
PLACE = re.compile(r"%\(\w+\)s")
VI, EN = read_language("vi"), read_language("en")


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_sentence_of_the_pages_is_in_the_catalogue_and_no_other(code: str) -> None:
    known = {message.id for message in messages(code)}
    wanted = set(wanted_messages())
    assert wanted - known == set(), "missing"
    assert known - wanted == set(), "unused"


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_sentence_is_empty_or_fuzzy_or_loses_a_place(code: str) -> None:
    for message in messages(code):
        assert not message.fuzzy, message.id
        places = set(PLACE.findall(forms(message.id)[-1]))
        for sentence in forms(message.string):
            assert sentence, message.id
            assert set(PLACE.findall(sentence)) == places, message.id


def test_vietnamese_keeps_the_official_register() -> None:
    for message in messages("vi"):
        for sentence in forms(message.string):
            assert "!" not in sentence
            assert not re.search(r"\bbạn\b", sentence.casefold()), sentence
            assert "kẻ vi phạm" not in sentence.casefold()


def test_english_says_what_the_message_says() -> None:
    assert EN.gettext("Nothing waits.") == "Nothing waits."
    assert EN.ngettext("%(n)s case", "%(n)s cases", 1) == "1 case"
    assert EN.ngettext("%(n)s case", "%(n)s cases", 1234) == "1,234 cases"


def test_vietnamese_writes_numbers_with_decimal_commas_and_grouping_points() -> None:
    assert VI.number(0.91, 2) == "0,91"
    assert VI.number(1234567) == "1.234.567"
    assert VI.number(12.5, 1) == "12,5"
    assert EN.number(1234.5, 1) == "1,234.5"


def test_moments_are_shown_in_hanoi_time_on_a_24_hour_clock() -> None:
    late = datetime(2026, 11, 22, 17, 5, 9, tzinfo=UTC)
    for language in (VI, EN):
        assert language.moment(late) == "23/11/2026 00:05"
        assert language.clock(late) == "00:05"
        assert language.clock(late, seconds=True) == "00:05:09"


@pytest.mark.parametrize(
    ("seconds", "vi", "en"),
    [
        (1, "1 giây", "1 second"),
        (105, "105 giây", "105 seconds"),
        (600, "10 phút", "10 minutes"),
        (7500, "2 giờ 05 phút", "2 h 05 min"),
        (3 * 86400, "3 ngày", "3 days"),
    ],
)
def test_durations_are_said_in_the_units_that_matter(seconds: int, vi: str, en: str) -> None:
    assert VI.duration(seconds) == vi
    assert EN.duration(seconds) == en


@pytest.mark.parametrize(
    ("seconds", "vi", "en"),
    [
        (0, "dưới 1 phút", "under a minute"),
        (59.9, "dưới 1 phút", "under a minute"),
        (60, "1 phút", "1 minute"),
        (179, "2 phút", "2 minutes"),
        (600, "10 phút", "10 minutes"),
        (7500, "2 giờ 05 phút", "2 h 05 min"),
    ],
)
def test_a_wait_is_never_counted_in_seconds(seconds: float, vi: str, en: str) -> None:
    assert VI.wait(seconds) == vi
    assert EN.wait(seconds) == en


@given(st.integers(0, 10**9), st.integers(0, 3), st.sampled_from([(VI, ".", ","), (EN, ",", ".")]))
def test_a_written_number_is_the_number(
    whole: int, decimals: int, written: tuple[Language, str, str]
) -> None:
    language, grouping, point = written
    said = language.number(whole / 8, decimals)
    assert float(said.replace(grouping, "").replace(point, ".")) == pytest.approx(
        whole / 8, abs=0.5 * 10**-decimals + 1e-6
    )


def messages(code: str) -> Iterator[Message]:
    path = CATALOGUES / code / "LC_MESSAGES" / "viahe.po"
    with path.open("rb") as source:
        catalogue: Catalog = read_po(source, locale=code, abort_invalid=True)
    return (message for message in catalogue if message.id)


def forms(text: str | Sequence[str] | None) -> Sequence[str]:
    """The sentence, or the sentences for one and for many."""
    return (text,) if isinstance(text, str) else text or ("",)


def wanted_messages() -> Iterator[str | tuple[str, ...]]:
    """All that templates and modules say; `say` is what modules call `Language.gettext`."""
    for _, _, message, _, _ in extract_from_dir(
        SOURCE,
        method_map=[("**.py", "python"), ("web/templates/**.html", "jinja2")],
        options_map={"web/templates/**.html": {"silent": "false"}},
        keywords=DEFAULT_KEYWORDS | {"say": None},
    ):
        yield message
