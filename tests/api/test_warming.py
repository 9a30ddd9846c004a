"""The first decision after a start finds made what every later one finds made."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import CacheStats
from starlette.testclient import TestClient

from tests.api.house import NOON, House, a_suspicion, sign_in
from tests.api.test_pages import form_of
from viahe_api.language import read_languages
from viahe_api.warming import warm
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
        warm(app.state.database, app.state.desk.templates, now=NOON)
    with TestClient(app, cookies=cookies, follow_redirects=False) as after, put_together() as made:
        assert after.post(f"/cases/{code}/confirm", data=form).status_code == 303
    return made


def whole_rows(asked: list[str]) -> list[str]:
    """Those that load a case or a decision with all that belongs to it: long to put together."""
    return [one for one in asked if "review_case.clock_source" in one or "FROM decision" in one]


def test_the_long_questions_of_a_decision_are_put_together_at_the_start(house: House) -> None:
    assert whole_rows(first_decision(house, "key-1", warmed=False))
    assert whole_rows(first_decision(house, "key-2", warmed=True)) == []


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
