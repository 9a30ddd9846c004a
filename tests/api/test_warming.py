"""The first decision after a start finds made what every later one finds made."""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import CacheStats
from starlette.testclient import TestClient

from tests.api.house import NOON, House, a_suspicion, sign_in
from tests.api.test_pages import form_of
from viahe_api.language import read_languages
from viahe_api.warming import make_addresses_ready, warm
from viahe_api.web.templates import Templates

CACHED = CacheStats.CACHE_HIT


@contextmanager
def put_together() -> Iterator[list[str]]:
    """The questions that were put together anew meanwhile, of whichever database."""
    made: list[str] = []

    def note(_connection: object, _cursor: object, asked: str, *rest: Any) -> None:
        context = rest[1]
        put_together = context.compiled is not None and context.cache_hit is not CACHED
        if asked.startswith("SELECT") and put_together:
            made.append(asked)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield made
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def first_decision(house: House, key: str, *, warmed: bool) -> list[str]:
    """What the first decision after a start has put together; its form was opened before."""
    code = house.report(a_suspicion(key))
    with TestClient(house.app(), follow_redirects=False) as before:
        sign_in(before, "lan")
        form, cookies = form_of(before, f"/cases/{code}"), before.cookies
    app = house.app()
    app.state.database.engine.clear_compiled_cache()  # which tests share, and programs do not
    if warmed:
        warm(app, now=NOON)
    with TestClient(app, cookies=cookies, follow_redirects=False) as after, put_together() as made:
        assert after.post(f"/cases/{code}/confirm", data=form).status_code == 303
    return made


def whole_rows(asked: list[str]) -> list[str]:
    """Those that load a case or a decision with all that belongs to it: long to put together."""
    return [one for one in asked if "review_case.clock_source" in one or "FROM decision" in one]


def test_the_long_questions_of_a_decision_are_put_together_at_the_start(house: House) -> None:
    assert whole_rows(first_decision(house, "key-1", warmed=False))
    assert whole_rows(first_decision(house, "key-2", warmed=True)) == []


def first_queue(house: House, *, warmed: bool) -> list[str]:
    """What the first queue after a start has put together, for somebody signed in before."""
    app = house.app()
    with TestClient(app, follow_redirects=False) as browser:
        sign_in(browser, "lan")
        browser.get("/keys")
        app.state.database.engine.clear_compiled_cache()
        if warmed:
            warm(app, now=NOON)
        browser.get("/keys")
        with put_together() as made:
            assert browser.get("/queue").status_code == 200
    return made


def test_the_questions_of_a_queue_are_put_together_at_the_start(house: House) -> None:
    house.report(a_suspicion("key-1"))
    before = first_queue(house, warmed=False)
    after = first_queue(house, warmed=True)
    assert any("review_case" in one for one in before)
    assert not any("review_case" in one for one in after)
    assert len(after) <= len(before) / 4


def first_counts(house: House, page: str, *, warmed: bool) -> list[str]:
    """Which questions about counts the first page of them after a start has put together."""
    app = house.app()
    with TestClient(app, follow_redirects=False) as browser:
        sign_in(browser, "binh")
        app.state.database.engine.clear_compiled_cache()
        if warmed:
            warm(app, now=NOON)
        with put_together() as made:
            assert browser.get(page).status_code == 200
    return [one for one in made if "_summary" in one or "seen_total" in one]


@pytest.mark.parametrize("page", ["/dashboard?period=2026-10", "/reports/2026-10"])
def test_the_questions_of_counts_are_put_together_at_the_start(house: House, page: str) -> None:
    house.report(a_suspicion("key-1"))
    assert first_counts(house, page, warmed=False)
    assert first_counts(house, page, warmed=True) == []


class Looked:
    """An answer that counts how often it was looked at for what it asks for."""

    __name__ = "looked"

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        return None

    @property
    def __signature__(self) -> inspect.Signature:
        self.times += 1
        return inspect.Signature()


def test_an_address_is_looked_at_before_anybody_asks_for_it() -> None:
    app, router, looked = FastAPI(), APIRouter(), Looked()
    router.add_api_route("/looked", looked)
    app.include_router(router)
    written = looked.times
    make_addresses_ready(app)
    ready = looked.times
    assert ready > written
    with TestClient(app) as browser:
        assert browser.get("/looked").status_code == 200
    assert looked.times == ready


def test_templates_are_all_read_at_the_start_and_not_again(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("{{ say.code }}")
    languages = read_languages()
    templates = Templates(languages, "/static/0", tmp_path)
    templates.compile_all()
    page.unlink()
    assert {templates.render("page.html", language) for language in languages.values()} == {
        "vi",
        "en",
    }
