"""What is sent packed, and that packing gives no form's token away."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.api.house import CLIP, House, sign_in
from viahe_api import auth
from viahe_api.scope import Viewer
from viahe_api.settings import Settings

VIEWER = Viewer(1, "lan", "Nguyễn Thị Lan", (), session_id=7)


def encoding(client: TestClient, path: str, **headers: str) -> str | None:
    answer = client.get(path, headers=headers)
    assert answer.status_code < 300, answer.text
    found: str | None = answer.headers.get("content-encoding")
    return found


def test_pages_and_their_style_are_packed_for_who_asks(client: TestClient, house: House) -> None:
    sign_in(client, "lan")
    page = client.get("/queue")
    style = page.text.split('<link rel="stylesheet" href="', 1)[1].split('"', 1)[0]
    for path in ("/queue", style):
        assert encoding(client, path, **{"Accept-Encoding": "gzip"}) == "gzip"
        assert encoding(client, path, **{"Accept-Encoding": "identity"}) is None
    assert "Accept-Encoding" in page.headers["vary"]


def test_evidence_is_sent_as_it_is_in_whole_and_in_ranges(client: TestClient, house: House) -> None:
    code = house.report()
    sign_in(client, "lan")
    path = f"/media/cases/{code}/clip.mp4"
    asked = {"Accept-Encoding": "gzip"}
    assert encoding(client, path, **asked) is None
    part = client.get(path, headers=asked | {"Range": "bytes=1000-2999"})
    assert part.status_code == 206
    assert part.content == CLIP[1000:3000]
    assert encoding(client, f"/media/cases/{code}/overlay.json", **asked) is None


def test_a_forms_token_is_another_text_on_every_page_and_each_is_taken(
    client: TestClient, house: House
) -> None:
    sign_in(client, "an")

    def token() -> str:
        page = client.get("/cameras").text
        return page.split('name="csrf" value="', 1)[1].split('"', 1)[0]

    tokens = {token() for _ in range(3)}
    assert len(tokens) == 3
    for one in tokens:
        answer = client.post(f"/cameras/{house.camera_id()}/test", data={"csrf": one})
        assert answer.status_code == 200
    refused = client.post(f"/cameras/{house.camera_id()}/test", data={"csrf": "00" * 64})
    assert refused.status_code == 403


@given(st.text(max_size=200))
def test_nothing_that_was_not_given_out_is_a_token(made_up: str) -> None:
    settings = Settings(Path(), "q8Zr2vXw5nLk7TgB1cYd4MhS9pJf6AeU", "sqlite://")
    assert not auth.is_form_token(settings, VIEWER, made_up)
    assert auth.is_form_token(settings, VIEWER, auth.form_token(settings, VIEWER))
