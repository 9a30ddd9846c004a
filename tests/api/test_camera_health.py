"""What a detector measured of a camera, from its report to the words on the pages."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.house import House, sign_in
from viahe_api.language import read_language
from viahe_api.web.health_words import CONDITIONS, shift_said
from viahe_rules.domain import Health, Shift
from viahe_rules.recorded import to_json

VI, EN = read_language("vi"), read_language("en")
TURNED = Shift(right=-0.03, turn_deg=2.0)
LIST = "/cameras"


def report(client: TestClient, house: House, **health: object) -> int:
    camera = {"camera": "cam-1", "state": "degraded", "hours": [], **health}
    answer = client.post(
        "/api/v1/health",
        json={"session": "process-1", "cameras": [camera]},
        headers={"Authorization": f"Bearer {house.token()}"},
    )
    return answer.status_code


def pages(client: TestClient, house: House, language: str = "vi") -> tuple[str, str]:
    """The list of cameras and the page of the one reported on."""
    sign_in(client, "an")
    client.cookies.set("language", language)
    return client.get(LIST).text, client.get(f"{LIST}/{house.camera_id()}").text


def test_a_turned_camera_is_said_to_be_so_and_by_how_much(client: TestClient, house: House) -> None:
    moved = {"condition": "moved", "detail": "moved: 3.0 % to the left", "shift": to_json(TURNED)}
    assert report(client, house, **moved) == 200
    for page in pages(client, house):
        assert "Camera bị xê dịch" in page
        assert (
            "Hình bị lệch khoảng 3,0 % sang trái, xoay khoảng 2,0° theo chiều kim đồng hồ" in page
        )
        assert "cần chỉnh lại hướng camera hoặc vẽ lại khu vực" in page
        assert "moved: 3.0 %" not in page


def test_a_camera_that_shows_another_street_says_no_figure(
    client: TestClient, house: House
) -> None:
    assert report(client, house, condition="moved") == 200
    for page in pages(client, house):
        assert "Camera quay sang chỗ khác" in page


def test_a_slight_shift_is_told_of_a_camera_that_is_well(client: TestClient, house: House) -> None:
    shift = to_json(Shift(down=0.01))
    assert report(client, house, state="online", condition="ok", shift=shift) == 200
    for page in pages(client, house):
        assert "Hình bị lệch khoảng 1,0 % xuống dưới; khu vực vẫn còn khớp." in page


def test_a_wrong_clock_says_by_how_much_and_when_it_was_set(
    client: TestClient, house: House
) -> None:
    clock: dict[str, Any] = {"clock_offset_s": -42.1, "clock_jumped_s": -60.0}
    assert report(client, house, condition="clock_off", **clock) == 200
    for page in pages(client, house):
        assert "Sai giờ" in page
        assert "Đồng hồ của camera lệch 42,1 giây. Đồng hồ vừa bị chỉnh 60,0 giây." in page


def test_what_is_well_again_is_said_no_more(client: TestClient, house: House) -> None:
    report(client, house, condition="moved", shift=to_json(TURNED))
    report(client, house, state="online", condition="ok")
    for page in pages(client, house):
        assert "lệch khoảng" not in page
        assert "xê dịch" not in page


def test_a_silent_detector_s_last_figures_are_not_shown_as_news(
    client: TestClient, house: House
) -> None:
    report(client, house, condition="moved", shift=to_json(TURNED))
    house.clock.advance(600)
    for page in pages(client, house):
        assert "lệch khoảng" not in page


def test_an_offline_camera_says_since_when_and_not_when_it_was_last_reported(
    client: TestClient, house: House
) -> None:
    report(client, house, state="online")
    house.clock.advance(60)
    since = VI.moment(house.clock())
    report(client, house, state="offline")
    house.clock.advance(3600)
    report(client, house, state="offline")
    listed, page = pages(client, house)
    assert f"từ {since}" in listed
    assert f"1 camera mất kết nối từ {since}." in page
    sign_in(client, "lan")
    assert f"1 camera mất kết nối từ {since}." in client.get("/queue").text


def test_a_camera_of_a_silent_detector_is_offline_since_it_was_last_heard(
    client: TestClient, house: House
) -> None:
    since = VI.moment(house.clock())
    report(client, house, state="online")
    house.clock.advance(7200)
    assert f"1 camera mất kết nối từ {since}." in pages(client, house)[1]
    report(client, house, state="offline")
    assert f"1 camera mất kết nối từ {since}." in pages(client, house)[1]
    report(client, house, state="online")
    assert "mất kết nối từ" not in pages(client, house)[1]


@pytest.mark.parametrize("wrong", [{"left": 0.1}, {"right": "far"}, {"right": None}])
def test_a_shift_that_is_none_is_refused(
    client: TestClient, house: House, wrong: dict[str, object]
) -> None:
    assert report(client, house, condition="moved", shift=wrong) == 422


def test_every_health_but_well_has_its_words() -> None:
    assert set(Health) - {Health.OK} <= set(CONDITIONS)


def test_a_shift_is_said_in_both_languages() -> None:
    shift = Shift(right=0.123, down=-0.02, turn_deg=-3.0, zoom=1.1)
    assert shift_said(EN, shift) == (
        "about 12.3 % to the right, about 2.0 % up, turned about 3.0° anticlockwise, "
        "1.10 times as large"
    )
    assert shift_said(VI, shift) == (
        "khoảng 12,3 % sang phải, khoảng 2,0 % lên trên, xoay khoảng 3,0° ngược chiều kim đồng hồ, "
        "lớn bằng 1,10 lần"
    )
    assert shift_said(VI, Shift()) == "một chút"
