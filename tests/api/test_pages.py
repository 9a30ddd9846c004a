"""The pages as they are served: who sees what, and what a form does."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from tests.api.house import House, a_suspicion, a_zone, sign_in
from viahe_api import cases, seeding
from viahe_api.tables import Account, Camera, Case


@pytest.fixture
def code(house: House) -> str:
    return house.report(a_suspicion())


def test_somebody_unknown_is_asked_to_sign_in_and_comes_back(client: TestClient, code: str) -> None:
    answer = client.get(f"/cases/{code}?act=dumping", follow_redirects=False)
    assert answer.status_code == 303
    wanted = parse_qs(urlsplit(answer.headers["location"]).query)["next"][0]
    form = {"login": "lan", "password": "mat-khau-cua-can-bo", "next": wanted}
    entered = client.post("/sign-in", data=form, follow_redirects=False)
    assert entered.headers["location"] == f"/cases/{code}?act=dumping"


def test_a_case_says_where_it_was_by_address_street_and_group(
    client: TestClient, house: House, code: str
) -> None:
    sign_in(client, "lan")
    place = "<dt>Địa điểm</dt><dd>Trước số 12 ngõ 52, {}TDP 7</dd>"
    assert place.format("Thụy Khuê, ") in client.get(f"/cases/{code}").text
    with house.database.writing() as session:
        session.get_one(Camera, house.camera_id()).street = "ngõ 52"
    assert place.format("") in client.get(f"/cases/{code}").text, "a street is said once"


def test_a_row_of_the_queue_says_the_street_it_is_found_by(
    client: TestClient, house: House, code: str
) -> None:
    sign_in(client, "lan")
    row = "<bdi>Trước số 12 ngõ 52, {}TDP 7</bdi>"
    found = client.get("/queue?street=Th%E1%BB%A5y+Khu%C3%AA").text
    assert found.count(row.format("Thụy Khuê, ")) == 2, "in the table and on a phone's list"
    with house.database.writing() as session:
        session.get_one(Camera, house.camera_id()).street = "ngõ 52"
    assert row.format("") in client.get("/queue").text, "a street is said once"


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(
    client: TestClient, house: House, code: str
) -> None:
    sign_in(client, "lan")
    form = form_of(client, f"/cases/{code}")
    house.clock.advance(2 * 3600)
    page = {"referer": f"http://testserver/cases/{code}?act=dumping"}
    answer = client.post(f"/cases/{code}/confirm", data=form, headers=page)
    assert "Phiên làm việc đã hết hạn. Nội dung đã nhập được giữ lại." in answer.text
    assert f'name="next" value="/cases/{code}?act=dumping"' in answer.text


def test_a_note_sent_after_the_session_ended_is_there_for_its_writer_alone(
    client: TestClient, house: House, code: str
) -> None:
    sign_in(client, "lan")
    form = form_of(client, f"/cases/{code}")
    house.clock.advance(2 * 3600)
    typed = "Túi đen\nxem <b>biển số</b> \u202e"
    page = {"referer": f"http://testserver/cases/{code}"}
    asked = client.post(f"/cases/{code}/confirm", data={**form, "note": typed}, headers=page)
    assert asked.status_code == 401
    assert "Phiên làm việc đã hết hạn. Nội dung đã nhập được giữ lại." in asked.text
    carried = {
        str(field["name"]): str(field["value"])
        for tag, field in Page(asked.text).tags
        if tag == "input" and field.get("type") == "hidden"
    }
    assert carried["note"] == "Túi đen\nxem <b>biển số</b> "
    for login, found in (("minh", False), ("lan", True)):
        entered = {"login": login, "password": "mat-khau-cua-can-bo", **carried}
        shown = client.post("/sign-in", data=entered).text
        assert ("Túi đen" in shown) is found
    assert "Chờ xem xét" in client.get(f"/cases/{code}").text, "nothing is replayed unasked"


def test_a_form_of_an_earlier_session_keeps_its_note(
    client: TestClient, house: House, code: str
) -> None:
    sign_in(client, "lan")
    form = form_of(client, f"/cases/{code}")
    sign_in(client, "lan")
    refused = client.post(f"/cases/{code}/confirm", data={**form, "note": "Túi đen"})
    assert refused.status_code == 403
    assert "Túi đen" in client.get(f"/cases/{code}").text


def test_a_name_that_turns_directions_turns_nothing(
    client: TestClient, house: House, code: str
) -> None:
    with house.database.writing() as session:
        lan = session.get_one(Account, house.viewer("lan").account_id)
        lan.name = "Lan\u202e<script>x</script>\u2066"
    sign_in(client, "minh")
    with house.database.writing() as session:
        cases.open_case(session, house.viewer("lan"), code, now=house.now)
    for path in ("/queue", f"/cases/{code}"):
        page = client.get(path).text
        assert "Lan&lt;script&gt;x&lt;/script&gt;" in page
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", page)
    watched = client.get("/queue/news").json()["watched"]
    assert watched == {code: "Lan<script>x</script> đang xem"}


def test_a_name_drawn_over_the_clip_turns_nothing(client: TestClient, house: House) -> None:
    with house.database.writing() as session:
        camera = session.get_one(Camera, house.camera_id())
        drawn = a_zone('Vỉa hè\u202e "12"')
        zone = seeding.add_zone(session, camera, drawn, now=house.now - timedelta(hours=1))
    code = house.report(a_suspicion(zone=zone))
    sign_in(client, "lan")
    page = Page(client.get(f"/cases/{code}").text)
    words = next(str(at["data-words"]) for _, at in page.tags if "data-overlay" in at)
    assert json.loads(words)["zone"] == 'Vỉa hè "12"'


def test_a_moment_that_may_be_wrong_is_marked_beside_its_clock(
    client: TestClient, house: House, code: str
) -> None:
    sign_in(client, "lan")
    assert "chưa đồng bộ" not in client.get(f"/cases/{code}").text
    with house.database.writing() as session:
        session.query(Case).one().clock_offset_s = -42.1
    page = client.get(f"/cases/{code}").text
    shown = r'lệch 42,1 giây <span class="status status-wait">.*<span>thời gian chưa đồng bộ</span>'
    assert re.search(shown, page)


def test_earlier_cases_at_the_place_are_opened_from_the_page(
    client: TestClient, house: House, code: str
) -> None:
    sign_in(client, "lan")
    assert "Tại vị trí này</dt><dd>0 lần/6 tháng" in client.get(f"/cases/{code}").text
    for days in range(1, 8):
        act_at = house.now - timedelta(days=days)
        house.report(a_suspicion(f"earlier-{days}"), start_at=act_at)
    page = client.get(f"/cases/{code}").text
    earlier = page[page.index("<summary>Tại vị trí này: 7 lần/6 tháng, 0 đủ căn cứ</summary>") :]
    earlier = earlier[: earlier.index("</details>")]
    links = re.findall(r'href="/cases/([^"]+)">\1</a> <span>(\d\d/11/2026) ', earlier)
    assert [day for _, day in links] == [f"{22 - days}/11/2026" for days in range(1, 6)]
    assert earlier.count("Chờ xem xét") == 5
    assert "và 2 trường hợp trước đó" in earlier
    assert "Chờ xem xét" in client.get(f"/cases/{links[0][0]}").text


def test_a_page_that_is_left_gives_its_case_back_unless_it_was_opened_again(
    client: TestClient, house: House, code: str
) -> None:
    sign_in(client, "lan")
    csrf = form_of(client, f"/cases/{code}")["csrf"]
    with TestClient(client.app) as other:
        sign_in(other, "minh")
        held = "Nguyễn Thị Lan đang xem"
        mark = held_until(client, code)
        house.clock.advance(5)
        newer = held_until(client, code)
        for until, given_back in ((mark, False), (newer, True)):
            left = client.post(f"/cases/{code}/leave", data={"csrf": csrf, "until": until})
            assert left.status_code == 204
            assert (held not in other.get("/queue").text) is given_back


def test_a_case_that_is_kept_longer_is_given_back_by_its_new_end(
    client: TestClient, house: House, code: str
) -> None:
    sign_in(client, "lan")
    csrf = form_of(client, f"/cases/{code}")["csrf"]
    house.clock.advance(100)
    kept = client.post(f"/cases/{code}/lease", data={"csrf": csrf})
    left = {"csrf": csrf, "until": kept.headers["x-held-until"]}
    assert client.post(f"/cases/{code}/leave", data=left).status_code == 204
    with TestClient(client.app) as other:
        sign_in(other, "minh")
        assert "Giữ đến" in other.get(f"/cases/{code}").text


def test_who_signs_out_gives_back_the_cases_that_were_open(
    client: TestClient, house: House, code: str
) -> None:
    sign_in(client, "lan")
    csrf = form_of(client, f"/cases/{code}")["csrf"]
    others = house.report(a_suspicion("key-2"))
    with TestClient(client.app) as other:
        sign_in(other, "minh")
        other.get(f"/cases/{others}")
        assert "Nguyễn Thị Lan đang xem" in other.get("/queue").text
        client.post("/sign-out", data={"csrf": csrf})
        assert "Nguyễn Thị Lan đang xem" not in other.get("/queue").text
        sign_in(client, "lan")
        assert "Trần Văn Minh đang xem" in client.get("/queue").text


def test_who_is_signed_out_already_is_told_so_in_data_when_the_page_is_left(
    client: TestClient, code: str
) -> None:
    left = client.post(f"/cases/{code}/leave", data={"until": "2026-11-22T05:03:00Z"})
    assert (left.status_code, left.json()) == (401, {"error": "not_signed_in"})


@pytest.mark.parametrize("elsewhere", ["https://x.example/", "//x.example", "/\\x.example"])
def test_signing_in_leads_nowhere_else(client: TestClient, elsewhere: str) -> None:
    form = {"login": "lan", "password": "mat-khau-cua-can-bo", "next": elsewhere}
    answer = client.post("/sign-in", data=form, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_a_wrong_password_is_said_and_the_name_is_kept(client: TestClient) -> None:
    answer = client.post("/sign-in", data={"login": "lan", "password": "sai"})
    assert answer.status_code == 401
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in answer.text
    assert 'value="lan"' in answer.text


@pytest.mark.parametrize(
    ("login", "page"),
    [("lan", "/queue"), ("duc", "/queue"), ("an", "/cameras"), ("thu", "/dashboard")],
)
def test_a_person_begins_with_their_own_work(client: TestClient, login: str, page: str) -> None:
    sign_in(client, login)
    assert client.get("/", follow_redirects=False).headers["location"] == page


def test_an_official_reads_counts_and_sees_no_case(client: TestClient, code: str) -> None:
    sign_in(client, "thu")
    assert client.get("/dashboard").status_code == 200
    assert "Cần vai trò" in client.get("/queue").text
    assert client.get(f"/cases/{code}").status_code == 404
    assert 'href="/queue"' not in client.get("/dashboard").text


def test_a_case_of_another_ward_is_not_there(client: TestClient, house: House) -> None:
    elsewhere = house.report(a_suspicion("key-elsewhere"), ward="hong-ha")
    sign_in(client, "lan")
    answer = client.get(f"/cases/{elsewhere}")
    assert answer.status_code == 404
    assert "Không tìm thấy" in answer.text


def test_a_form_without_the_sessions_token_changes_nothing(client: TestClient, code: str) -> None:
    sign_in(client, "lan")
    answer = client.post(f"/cases/{code}/confirm", data={"csrf": "x"})
    assert answer.status_code == 403
    assert "Chờ xem xét" in client.get(f"/cases/{code}").text


def test_a_decision_opens_the_next_case_of_the_same_list(
    client: TestClient, house: House, code: str
) -> None:
    following = house.report(a_suspicion("key-2"))
    sign_in(client, "lan")
    form = form_of(client, f"/cases/{code}?act=dumping")
    answer = client.post(f"/cases/{code}/confirm", data=form, follow_redirects=False)
    assert answer.headers["location"] == f"/cases/{following}?act=dumping"
    assert f"Vừa quyết định {code}: Xác nhận đủ căn cứ." in client.get(f"/cases/{following}").text


def test_a_list_with_the_surest_first_says_so_and_is_gone_through_so(
    client: TestClient, house: House
) -> None:
    unsure = house.report(a_suspicion("key-1", score=0.5))
    house.clock.advance(60)
    sure, less_sure = (
        house.report(a_suspicion(f"key-{score}", score=score)) for score in (0.9, 0.7)
    )
    sign_in(client, "lan")
    page = client.get("/queue?order=surest").text
    assert "<caption>3 trường hợp, độ tin cậy cao nhất trước</caption>" in page
    assert page.index(sure) < page.index(less_sure) < page.index(unsure)
    form = form_of(client, f"/cases/{sure}?order=surest")
    answer = client.post(f"/cases/{sure}/confirm", data=form, follow_redirects=False)
    assert answer.headers["location"] == f"/cases/{less_sure}?order=surest"


def test_a_form_sent_twice_decides_once(client: TestClient, code: str) -> None:
    sign_in(client, "lan")
    form = form_of(client, f"/cases/{code}")
    for _ in range(2):
        answer = client.post(f"/cases/{code}/confirm", data=form, follow_redirects=False)
        assert answer.status_code == 303
    assert client.get(f"/cases/{code}").text.count("Nguyễn Thị Lan: Xác nhận đủ căn cứ") == 1


def test_a_rejection_without_a_reason_is_refused_and_the_note_is_kept(
    client: TestClient, code: str
) -> None:
    sign_in(client, "lan")
    form = form_of(client, f"/cases/{code}") | {"note": "xe thu gom"}
    answer = client.post(f"/cases/{code}/reject", data=form)
    assert answer.status_code == 400
    assert "Cần chọn lý do." in answer.text
    assert "xe thu gom" in answer.text


def test_who_comes_second_is_told_who_was_first(client: TestClient, house: House) -> None:
    code = house.report(a_suspicion())
    sign_in(client, "minh")
    late = form_of(client, f"/cases/{code}")
    house.clock.advance(200)
    with TestClient(house.app()) as other:
        sign_in(other, "lan")
        other.post(f"/cases/{code}/confirm", data=form_of(other, f"/cases/{code}"))
        answer = client.post(f"/cases/{code}/confirm", data=late | {"note": "thấy rõ"})
    assert answer.status_code == 409
    assert "Chưa lưu: Nguyễn Thị Lan đã quyết định lúc 12:03." in answer.text


def test_what_people_type_is_never_markup(client: TestClient, code: str) -> None:
    sign_in(client, "lan")
    form = form_of(client, f"/cases/{code}") | {"note": "<script>alert(1)</script>", "reason": "9"}
    client.post(f"/cases/{code}/reject", data=form)
    assert "<script>alert" not in client.get(f"/cases/{code}").text


def test_vietnamese_comes_first_and_english_on_request(client: TestClient) -> None:
    assert "Đăng nhập" in client.get("/sign-in").text
    client.post("/preferences/language", data={"language": "en", "back": "/sign-in"})
    page = client.get("/sign-in").text
    assert "User name" in page
    assert '<html lang="en"' in page


def test_preferences_are_kept_and_shown(client: TestClient) -> None:
    sign_in(client, "lan")
    client.post("/preferences", data={"language": "vi", "theme": "dark"})
    page = client.get("/preferences").text
    assert 'data-theme="dark"' in page
    assert 'data-single-keys="off"' in page


def test_a_month_that_is_none_is_not_found(client: TestClient) -> None:
    sign_in(client, "thu")
    assert client.get("/reports/2026-13").status_code == 404
    assert "Tháng 2/2026" in client.get("/reports/2026-02").text


PAGES = (
    ("lan", "/queue"),
    ("lan", "/queue?search=khong-co"),
    ("lan", "/cases/{code}"),
    ("lan", "/dashboard"),
    ("lan", "/cameras"),
    ("lan", "/cases/TH-0000-0000"),
    ("an", "/cameras/{camera}"),
    ("an", "/cameras/{camera}/zones/zone-1"),
    ("an", "/cameras/{camera}/zones/new"),
    ("thu", "/reports/2026-11"),
    ("thu", "/preferences"),
    ("thu", "/keys"),
)


@pytest.mark.parametrize(("login", "path"), PAGES)
def test_pages_are_sound_in_both_languages(
    client: TestClient, house: House, code: str, login: str, path: str
) -> None:
    sign_in(client, login)
    for language in ("vi", "en"):
        client.cookies.set("language", language)
        answer = client.get(path.format(code=code, camera=house.camera_id()))
        assert f'<html lang="{language}"' in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert "'unsafe" not in answer.headers["content-security-policy"]
        assert list(faults_of(answer.text)) == []


def form_of(client: TestClient, path: str) -> dict[str, str]:
    """The hidden fields of a case page's decision form, as a browser would send them."""
    page = Page(client.get(path).text)
    inside = page.between("form", "data-decision")
    return {
        str(field["name"]): str(field.get("value", ""))
        for tag, field in inside
        if tag == "input" and field.get("type") == "hidden"
    }


def held_until(client: TestClient, code: str) -> str:
    """When a case that is opened now goes back to the queue, as its page is told."""
    page = Page(client.get(f"/cases/{code}").text)
    return next(str(at["data-until"]) for _, at in page.tags if "data-until" in at)


def faults_of(text: str) -> Iterator[str]:
    """What would break the policy, or leave somebody without eyes or mouse behind."""
    page = Page(text)
    labelled = {attributes.get("for") for tag, attributes in page.tags if tag == "label"}
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    yield from (f"id {name} twice" for name in set(ids) if ids.count(name) > 1)
    if [tag for tag, _ in page.tags].count("h1") != 1:
        yield "not one h1"
    for tag, attributes in page.tags:
        if "style" in attributes or any(name.startswith("on") for name in attributes):
            yield f"inline style or handler in {tag}"
        if (tag == "script" and "src" not in attributes) or tag == "style":
            yield f"inline {tag}"
        if tag == "img" and "alt" not in attributes:
            yield f"image without alternative: {attributes.get('src')}"
        if (address := attributes.get("src") or attributes.get("action") or "").startswith("http"):
            yield f"something from elsewhere: {address}"
        shown = tag in {"input", "select", "textarea"} and attributes.get("type") not in {
            "hidden",
            "radio",
            "checkbox",
        }
        if shown and attributes.get("id") not in labelled and "aria-label" not in attributes:
            yield f"field without a label: {attributes.get('name')}"


class Page(HTMLParser):
    """The tags of a page in their order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((f"/{tag}", {}))

    def between(self, tag: str, marked: str) -> list[tuple[str, dict[str, str | None]]]:
        """The tags inside the element that has an attribute."""
        start = next(i for i, (name, at) in enumerate(self.tags) if name == tag and marked in at)
        end = next(i for i, (name, _) in enumerate(self.tags) if i > start and name == f"/{tag}")
        return self.tags[start:end]
