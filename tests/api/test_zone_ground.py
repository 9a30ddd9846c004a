"""What is drawn beside a zone: masks, and the picture it was drawn on."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from tests.api.house import House, sign_in
from tests.api.test_pages_zones import zone_form
from tests.contract.test_devices import Device

MASK = {"mask-1-x": ["0", "20", "20"], "mask-1-y": ["0", "0", "30"]}
CROSSED = {"mask-2-x": ["0", "20", "0", "20"], "mask-2-y": ["0", "0", "30", "30"]}


def address(house: House) -> str:
    return f"/cameras/{house.camera_id()}/zones/zone-1"


def test_a_mask_is_kept_with_the_zones_version_and_told_to_the_detector(
    client: TestClient, house: House
) -> None:
    sign_in(client, "an")
    client.post(address(house), data=zone_form(client, house) | MASK)
    (plan,) = house.configuration()["plans"]
    assert plan["zones"][0]["masks"] == [[[0.0, 0.0], [0.2, 0.0], [0.2, 0.3]]]
    page = client.get(address(house)).text
    assert 'name="mask-1-x" value="20"' in page
    assert "Vùng che 1 (3 đỉnh)" in page
    versions = client.get(f"{address(house)}/versions").text
    assert "Vùng che: 0, nay 1." in versions
    csrf = zone_form(client, house)["csrf"]
    client.post(f"{address(house)}/versions/1", data={"csrf": csrf})
    assert house.configuration()["plans"][0]["zones"][0]["masks"] == []
    client.post(f"{address(house)}/versions/2", data={"csrf": csrf})
    assert len(house.configuration()["plans"][0]["zones"][0]["masks"]) == 1


def test_a_mask_that_is_no_area_is_named_and_what_was_drawn_stays(
    client: TestClient, house: House
) -> None:
    sign_in(client, "an")
    answer = client.post(address(house), data=zone_form(client, house) | MASK | CROSSED)
    assert answer.status_code == 400
    assert "Vùng che 2 cần ít nhất 3 đỉnh và các cạnh không cắt nhau." in answer.text
    assert 'name="mask-2-x" value="20"' in answer.text
    assert house.configuration()["plans"][0]["zones"][0]["version"] == 1


def health(device: Device, condition: str) -> None:
    state = "degraded" if condition else "online"
    cameras = [{"camera": "cam-1", "state": state, "condition": condition}]
    assert device.post("/health", {"session": "s", "cameras": cameras}).status_code == 200


def test_a_camera_that_moved_is_warned_of_until_its_zone_is_drawn_again(
    client: TestClient, house: House
) -> None:
    device = Device(house, client)
    sign_in(client, "an")
    warning = "Camera có thể bị lệch góc: kiểm tra khu vực."
    camera = f"/cameras/{house.camera_id()}"
    assert warning not in client.get(camera).text
    health(device, "moved")
    health(device, "")
    house.clock.advance(600)
    for page in (camera, address(house)):
        assert warning in client.get(page).text, "though it looks well again"
    client.post(address(house), data=zone_form(client, house))
    for page in (camera, address(house)):
        assert warning not in client.get(page).text


def test_the_still_a_zone_was_drawn_on_is_shown_beside_the_newest(
    client: TestClient, house: House
) -> None:
    device = Device(house, client)
    sign_in(client, "an")
    device.put("/cameras/cam-1/still", b"\xff\xd8\xff then")
    assert "Hình lúc vẽ" not in client.get(address(house)).text
    client.post(address(house), data=zone_form(client, house))
    house.clock.now += timedelta(days=3)
    client.cookies.clear()
    sign_in(client, "an")
    device.put("/cameras/cam-1/still", b"\xff\xd8\xff now")
    page = client.get(address(house)).text
    assert "Hình lúc vẽ và hình mới nhất" in page
    assert client.get(f"{address(house)}/still.jpg").content == b"\xff\xd8\xff then"
    assert client.get(f"/media/cameras/{house.camera_id()}/still").content == b"\xff\xd8\xff now"


@pytest.mark.parametrize(("login", "status"), [("quan", 404), ("lan", 403)])
def test_the_drawn_still_is_for_the_keepers_of_the_ward(
    client: TestClient, house: House, login: str, status: int
) -> None:
    sign_in(client, login)
    assert client.get(f"{address(house)}/still.jpg").status_code == status
