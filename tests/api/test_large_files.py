"""A file no form takes is answered before it has come, with what was typed before it."""

from http.client import HTTPConnection
from time import perf_counter
from urllib.parse import urlsplit

import httpx2
import pytest
from starlette.testclient import TestClient

from tests.api.house import PASSWORD, House, sign_in
from tests.api.served import served

BOUNDARY = "bien-gioi"
FILE = (
    f"--{BOUNDARY}\r\n"
    'Content-Disposition: form-data; name="paper"; filename="phim.pdf"\r\n'
    "Content-Type: application/pdf\r\n\r\n"
)
AT_ONCE_S = 2.0


def part(name: str, value: str) -> str:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'


def test_two_gigabytes_are_answered_before_they_are_sent_with_what_was_typed(
    house: House,
) -> None:
    with served(house.app()) as address, httpx2.Client(base_url=address) as browser:
        browser.post("/sign-in", data={"login": "an", "password": PASSWORD})
        page = browser.get("/permits/new").text
        token = page.split('name="csrf" value="', 1)[1].split('"', 1)[0]
        typed = {"csrf": token, "camera": str(house.camera_id()), "holder": "Bà Bưởi"}
        begun = "".join(part(*text) for text in typed.items()) + FILE
        connection = HTTPConnection(urlsplit(address).netloc, timeout=30)
        connection.putrequest("POST", "/permits/new")
        connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
        connection.putheader("Content-Length", str(2 << 30))
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        connection.putheader("Cookie", cookies)
        connection.endheaders()
        sent_at = perf_counter()
        connection.send(begun.encode() + bytes(64 << 10))
        answer = connection.getresponse()
        said = answer.read().decode()
        took = perf_counter() - sent_at
        connection.close()
    assert answer.status == 400
    assert answer.headers["Connection"] == "close"
    assert "Văn bản kèm theo lớn hơn 7 MB." in said
    assert 'value="Bà Bưởi"' in said
    assert took < AT_ONCE_S


@pytest.mark.parametrize(
    "body",
    [
        part("holder", "a" * (9 << 20)) + f"--{BOUNDARY}--\r\n",
        "no part at all" + "a" * (9 << 20),
        part("holder", "a") + "no boundary" + "a" * (9 << 20),
    ],
    ids=["a text without end", "no form", "half a form"],
)
def test_what_is_too_large_and_no_form_of_ours_is_refused(client: TestClient, body: str) -> None:
    sign_in(client, "an")
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    assert client.post("/permits/new", content=body.encode(), headers=kind).status_code == 403
