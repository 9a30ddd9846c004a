"""What every answer keeps to, and how the application fails."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from tests.api.house import House, a_suspicion, sign_in
from viahe_api import audit, cases, queries
from viahe_api.errors import Conflict
from viahe_api.routes.edge import CheckedForm, FormToken, Writing
from viahe_api.vocabulary import Verdict


@pytest.fixture
def forms(house: House) -> Iterator[TestClient]:
    """A browser of an application with one form of the plainest kind."""
    app = house.app()

    @app.get("/form-token")
    def form_token(token: FormToken) -> str:
        return token

    @app.post("/sent", dependencies=[CheckedForm])
    def sent() -> str:
        return "read"

    with TestClient(app) as client:
        yield client


def test_it_says_that_it_is_alive(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize("path", ["/healthz", "/sign-in", "/api/v1/configuration", "/nothing"])
def test_every_answer_forbids_what_is_not_ours(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_no_page_fetches_its_scripts_from_elsewhere(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null"])
def test_a_form_from_another_site_is_refused(client: TestClient, origin: str) -> None:
    answer = client.post("/sign-in", data={"login": "lan"}, headers={"Origin": origin})
    assert answer.status_code == 403


def test_a_form_of_this_site_is_read(client: TestClient) -> None:
    headers = {"Origin": "http://testserver"}
    assert client.post("/sign-in", data={"login": "lan"}, headers=headers).status_code != 403


def test_a_body_no_form_has_is_refused_before_it_is_read(client: TestClient) -> None:
    answer = client.post("/api/v1/suspicions", content=bytes(9 << 20))
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")


def test_a_body_sent_piecemeal_is_refused_where_it_grows_too_long(client: TestClient) -> None:
    pieces = (bytes(1 << 20) for _ in range(9))
    answer = client.post("/api/v1/suspicions", content=pieces)
    assert answer.status_code == 413


def test_a_form_counts_only_with_the_token_of_its_own_session(
    house: House, forms: TestClient
) -> None:
    sign_in(forms, "minh")
    of_minh = forms.get("/form-token").json()
    sign_in(forms, "lan")
    of_lan = forms.get("/form-token").json()
    assert forms.post("/sent", data={"csrf": of_lan}).status_code == 200
    assert forms.post("/sent", headers={"X-CSRF-Token": of_lan}).status_code == 200
    for wrong in (of_minh, "", "é"):
        assert forms.post("/sent", data={"csrf": wrong}).status_code == 403
    assert forms.post("/sent", data={}).status_code == 403
    forms.cookies.clear()
    assert forms.post("/sent", data={"csrf": of_lan}, follow_redirects=False).status_code != 200


def test_our_own_fault_is_one_number_on_the_page_and_in_the_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    app = house.app()

    @app.get("/api/broken")
    def broken() -> None:
        raise ZeroDivisionError("a secret detail")

    with TestClient(app, raise_server_exceptions=False) as client, caplog.at_level(logging.ERROR):
        answer = client.get("/api/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    number = answer.json()["detail"].split()[1].rstrip(":")
    assert any(number in record.getMessage() for record in caplog.records)


def test_nothing_is_answered_before_it_is_committed(house: House) -> None:
    """The answer is put together when another connection already sees what was written."""
    app = house.app()

    @app.post("/api/write")
    def write(session: Writing) -> None:
        session.execute(text("UPDATE ward SET name = 'changed'"))

    seen: list[str] = []

    @app.middleware("http")
    async def look(request, call_next):  # type: ignore[no-untyped-def]
        response = await call_next(request)
        with house.database.reading() as session:
            seen.append(str(session.scalar(text("SELECT name FROM ward"))))
        return response

    with TestClient(app) as client:
        assert client.post("/api/write").status_code == 200
    assert seen == ["changed"]


def test_a_route_that_raises_writes_nothing(house: House) -> None:
    app = house.app()

    @app.post("/api/write")
    def write(session: Writing) -> None:
        session.execute(text("UPDATE ward SET name = 'changed'"))
        raise Conflict("after all")

    with TestClient(app) as client:
        assert client.post("/api/write").status_code == 409
    with house.database.reading() as session:
        assert "changed" not in session.scalars(text("SELECT name FROM ward")).all()


def test_of_two_people_deciding_at_once_one_is_first_and_the_other_is_told(house: House) -> None:
    code, both = house.report(), Barrier(2)

    def confirm(login: str) -> str:
        viewer = house.viewer(login)
        both.wait()
        try:
            with house.database.writing() as session:
                cases.decide(session, viewer, code, Verdict.CONFIRM, form_id="f", now=house.now)
        except Conflict as refused:
            return refused.code
        return "decided"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(confirm, ["lan", "minh"])) == ["already_decided", "decided"]


def test_many_writers_at_once_leave_one_unbroken_chain(house: House) -> None:
    viewer = house.viewer("lan")
    codes = [house.report(a_suspicion(f"key-{n}")) for n in range(3)]

    def view(code: str) -> None:
        with house.database.writing() as session:
            cases.open_case(session, viewer, code, now=house.now)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(view, codes * 5))
    with house.database.reading() as session:
        report = audit.verify(session)
    assert report.fault is None


def test_a_reader_is_not_held_up_by_a_writer(house: House) -> None:
    code = house.report()
    with house.database.writing() as writer:
        writer.execute(text("UPDATE ward SET name = 'changed'"))
        with house.database.reading() as session:
            assert queries.queue(session, house.viewer("lan"), now=house.now).rows[0].code == code


def test_writing_in_a_reading_transaction_is_refused_aloud(house: House) -> None:
    with (
        pytest.raises(OperationalError, match="readonly"),
        house.database.reading() as session,
    ):
        session.execute(text("UPDATE ward SET name = 'changed'"))
    with house.database.writing() as session:
        session.execute(text("UPDATE ward SET name = 'changed'"))


def test_a_session_is_noted_as_used_without_the_route_writing(
    house: House, client: TestClient
) -> None:
    clip = f"/media/cases/{house.report()}/clip.mp4"
    sign_in(client, "lan")
    for _ in range(3):
        house.clock.advance(house.settings.session_idle_s - 1)
        assert client.get(clip).status_code == 200
    house.clock.advance(house.settings.session_idle_s)
    assert client.get(clip).status_code == 401
