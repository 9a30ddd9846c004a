"""A page's style sheets are one answer, and the ones that are written, in their order."""

import re

import pytest
from starlette.testclient import TestClient

from tests.api.house import House, sign_in
from viahe_api.web.style_sheets import StyleSheets
from viahe_api.web.templates import STATIC, TEMPLATES, static_prefix

OWN_STYLES = re.compile(r"own_styles = \[(.*?)\]")
LINKED = re.compile(r'<link rel="stylesheet" href="([^"]*)">')


def test_a_page_waits_for_one_sheet_which_browsers_keep(client: TestClient, house: House) -> None:
    sign_in(client, "lan")
    linked = LINKED.findall(client.get("/queue").text)
    assert linked == [f"{static_prefix()}/tokens+page+controls+queue.css"]
    answer = client.get(linked[0])
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
    written = [
        (STATIC / name).read_text(encoding="utf-8")
        for name in ("tokens.css", "page.css", "controls.css", "queue.css")
    ]
    assert answer.text == "\n".join(written)


def test_each_sheet_is_there_by_itself_too(client: TestClient) -> None:
    for path in STATIC.glob("*.css"):
        assert client.get(f"{static_prefix()}/{path.name}").content == path.read_bytes()


@pytest.mark.parametrize(
    "name",
    [
        "tokens+none.css",
        "tokens+tokens.css",
        "tokens+.css",
        "+.css",
        "tokens+page",
        "tokens+..%2Ftokens.css",
        "tokens+keys.js",
    ],
)
def test_what_is_no_joined_sheet_is_not_found(client: TestClient, name: str) -> None:
    assert client.get(f"{static_prefix()}/{name}").status_code == 404


def test_every_template_names_sheets_that_are_there() -> None:
    sheets = StyleSheets(STATIC)
    named = [
        re.findall(r"'([^']*)'", found)
        for path in TEMPLATES.glob("*.html")
        for found in OWN_STYLES.findall(path.read_text(encoding="utf-8"))
    ]
    assert len(named) > 20
    for names in named:
        assert sheets.joined(sheets.joined_name(["tokens.css", *names])) is not None


def test_a_sheet_that_is_not_there_is_named() -> None:
    sheets = StyleSheets(STATIC)
    with pytest.raises(LookupError, match="no style sheet is called quue"):
        sheets.joined_name(["tokens.css", "quue.css"])
    with pytest.raises(ValueError, match="named twice"):
        sheets.joined_name(["tokens.css", "tokens.css"])
