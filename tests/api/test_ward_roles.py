"""Roles as a ward has them: under its People's Committee or its police."""

from starlette.testclient import TestClient

from tests.api.house import House, sign_in


def form(client: TestClient, **changes: str) -> dict[str, str]:
    page = client.get("/users/roles").text
    csrf = page.split('name="csrf" value="', 1)[1].split('"', 1)[0]
    usual = {"csrf": csrf, "governed_by": "police", "official-offered": "on"}
    return usual | {"field_officer-offered": "on"} | changes


def ward_id(house: House, ward: str = "tay-ho") -> int:
    return house.device(ward).ward_id


def test_a_ward_under_its_police_calls_its_roles_so(client: TestClient, house: House) -> None:
    sign_in(client, "an")
    assert "Cán bộ trực giám sát" in client.get("/users").text
    asked = form(client, **{"approver-vi": "Trưởng Công an phường"})
    assert "Đã lưu." in client.post(f"/users/roles/{ward_id(house)}", data=asked).text
    users = client.get("/users").text
    assert "Cán bộ trực ban Công an phường" in users
    assert "Trưởng Công an phường" in users
    assert "Cán bộ trực giám sát" not in users
    client.cookies.clear()
    sign_in(client, "quan")
    assert "Cán bộ trực giám sát" in client.get("/users").text, "the other ward is as it was"


def test_a_role_that_is_not_given_here_is_not_offered_and_refused(
    client: TestClient, house: House
) -> None:
    sign_in(client, "an")
    asked = form(client)
    del asked["field_officer-offered"]
    client.post(f"/users/roles/{ward_id(house)}", data=asked)
    assert ":field_officer" not in client.get("/users/new").text
    new = {"csrf": asked["csrf"], "login": "mai", "name": "Ngô Mai"}
    role = f"{ward_id(house)}:field_officer"
    answer = client.post("/users/new", data=new | {"role": role})
    assert "Phường này không sử dụng vai trò này." in answer.text


def test_a_role_somebody_holds_cannot_be_done_away_with(client: TestClient, house: House) -> None:
    sign_in(client, "an")
    asked = form(client, **{"official-vi": "Cán bộ thống kê"})
    del asked["official-offered"]
    answer = client.post(f"/users/roles/{ward_id(house)}", data=asked)
    assert answer.status_code == 400
    assert "Vẫn còn người giữ vai trò này" in answer.text
    assert "Cán bộ thống kê" in answer.text, "what was typed stays"


def test_only_administrators_of_the_ward_set_up_its_roles(client: TestClient, house: House) -> None:
    sign_in(client, "an")
    asked = form(client)
    assert client.post(f"/users/roles/{ward_id(house, 'hong-ha')}", data=asked).status_code == 404
    client.cookies.clear()
    sign_in(client, "duc")
    assert client.get("/users/roles").status_code == 403
