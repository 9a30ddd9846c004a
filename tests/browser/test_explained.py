"""Why a case was raised, link by link, on its page."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.accessibility import faults_of
from tests.browser.person import Person

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("language", "name", "links"),
    [
        (
            "vi",
            "Diễn biến và nội dung đã kiểm tra",
            ("Quy tắc yêu cầu tối thiểu 60 giây", "Giấy phép NN-261122-1 đã hết hạn"),
        ),
        (
            "en",
            "What was seen and checked",
            ("The rule asks for at least 60 seconds", "Permit NN-261122-1 had expired"),
        ),
    ],
)
def test_the_chain_opens_below_the_facts_by_keyboard(
    visit: Callable[..., Person], case: str, language: str, name: str, links: tuple[str, ...]
) -> None:
    operator = visit("operator", language=language)
    operator.open(f"/cases/{case}")
    summary = operator.page.get_by_text(name)
    chain = operator.page.locator(".chain ol")
    assert not chain.is_visible()
    summary.focus()
    operator.page.keyboard.press("Enter")
    said = chain.locator("li").all_inner_texts()
    assert len(said) == 9
    for link in links:
        assert link in said
    stills = operator.page.locator(".stills a").all_inner_texts()
    assert all(still[-8:].count(":") == 2 for still in stills), "each has its time of day"
    assert faults_of(operator.page) == []
    if folder := os.environ.get("VIAHE_SCREENSHOTS"):
        operator.page.screenshot(path=Path(folder) / f"chain-{language}.png", full_page=True)
