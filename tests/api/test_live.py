"""Queue pages are told what changes, over real HTTP, as long as their person may know."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from tests.api.house import PASSWORD, House, a_suspicion, sign_in
from tests.api.served import served
from tests.api.test_queue import confirm
from viahe_api import cases
from viahe_api.routes import live
from viahe_rules.domain import Act


@pytest.fixture
def address(house: House) -> Iterator[str]:
    with served(house.app()) as address:
        yield address


@contextmanager
def listening(address: str, login: str, *, query: str = "") -> Iterator[Iterator[dict[str, Any]]]:
    """The events a signed-in browser hears, one by one."""
    with httpx2.Client(base_url=address, timeout=8) as browser:
        browser.post("/sign-in", data={"login": login, "password": PASSWORD})
        with browser.stream("GET", f"/queue/live{query}") as answer:
            assert answer.status_code == 200
            assert answer.http_version == "HTTP/1.1"
            yield events(answer)


def events(answer: httpx2.Response) -> Iterator[dict[str, Any]]:
    event: dict[str, Any] = {}
    for line in answer.iter_lines():
        if not line and "data" in event:
            yield event | {"data": json.loads(event["data"])}
            event = {}
        elif line:
            name, _, value = line.partition(": ")
            event[name] = value


def test_several_people_hear_of_their_own_wards_cases_alone(house: House, address: str) -> None:
    with ExitStack() as desks:
        people = {
            login: desks.enter_context(listening(address, login))
            for login in ("lan", "minh", "duc", "hoa", "binh")
        }
        for heard in people.values():
            assert next(heard)["data"] == {"waiting": [], "watched": {}, "news": 0}
        code = house.report()
        for login in ("lan", "minh", "duc"):
            assert next(people[login])["data"]["waiting"] == [code]
        assert next(people["binh"])["data"]["waiting"] == [f"{code}@tay-ho"]
        elsewhere = house.report(a_suspicion("key-2"), ward="hong-ha")
        assert next(people["hoa"])["data"]["waiting"] == [elsewhere]


def test_an_event_says_who_looks_and_what_was_decided(house: House, address: str) -> None:
    code = house.report()
    with listening(address, "lan") as heard:
        assert next(heard)["data"]["watched"] == {}
        with house.database.writing() as session:
            cases.open_case(session, house.viewer("minh"), code, now=house.now)
        assert next(heard)["data"]["watched"] == {code: "Trần Văn Minh đang xem"}
        confirm(house, code, "minh")
        assert next(heard)["data"]["waiting"] == []


def test_filters_hold_for_news_too(house: House, address: str) -> None:
    with listening(address, "lan", query="?act=encroachment") as heard:
        next(heard)
        house.report()
        stall = house.report(a_suspicion("key-2", act=Act.ENCROACHMENT))
        assert next(heard)["data"] == {"waiting": [stall], "watched": {}, "news": 1}


def test_a_session_that_ended_is_told_nothing_more(house: House, address: str) -> None:
    with listening(address, "lan") as heard:
        next(heard)
        house.clock.advance(3 * 3600)
        house.report()
        assert list(heard) == []


@pytest.mark.parametrize(("login", "status"), [(None, 401), ("thu", 403), ("an", 403)])
def test_nobody_else_may_listen(client: TestClient, login: str | None, status: int) -> None:
    if login:
        sign_in(client, login)
    assert client.get("/queue/live").status_code == status
    assert client.get("/queue/news").status_code == status


def test_listening_does_not_keep_a_person_signed_in(client: TestClient, house: House) -> None:
    sign_in(client, "lan")
    for _ in range(4):
        house.clock.advance(20 * 60)
        answer = client.get("/queue/news")
    assert answer.status_code == 401


@pytest.mark.parametrize(("unasked", "status"), [("1", 303), ("0", 200)])
def test_a_list_that_fills_by_itself_does_not_keep_a_person_signed_in(
    client: TestClient, house: House, unasked: str, status: int
) -> None:
    """One that somebody asks for does."""
    sign_in(client, "lan")
    for _ in range(4):
        house.clock.advance(20 * 60)
        answer = client.get("/queue", headers={"X-Unasked": unasked}, follow_redirects=False)
    assert answer.status_code == status


def test_a_line_that_is_cut_and_knows_all_is_told_nothing_again(house: House) -> None:
    happenings = live.Happenings(house.database)

    async def heard() -> list[str]:
        last = await happenings.last()
        stream = live.event_stream(happenings, lambda: "{}", last)
        said = [await anext(stream)]
        try:
            async with asyncio.timeout(2.5):
                said.append(await anext(stream))
        except TimeoutError:
            pass
        await stream.aclose()  # type: ignore[attr-defined]
        return said

    assert asyncio.run(heard()) == ["retry: 3000\n\n"]
