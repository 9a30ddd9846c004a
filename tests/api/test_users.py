"""Users: who may add, close and give roles; a password is shown once and works."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.house import NOON, PASSWORD, House, sign_in
from tests.api.test_permits import granted
from viahe_api import users
from viahe_api.errors import FormFault, Refusal
from viahe_api.tables import Account, Grant
from viahe_api.vocabulary import Role


def account_id(house: House, login: str) -> int:
    with house.database.reading() as session:
        return session.scalars(select(Account.id).where(Account.login == login)).one()


def csrf(client: TestClient) -> str:
    page = client.get("/users/new").text
    return page.split('name="csrf" value="', 1)[1].split('"', 1)[0]


def ward_id(house: House, code: str = "tay-ho") -> int:
    return house.device(code).ward_id


def test_a_new_user_signs_in_with_the_password_shown_once(client: TestClient, house: House) -> None:
    sign_in(client, "an")
    form = {"csrf": csrf(client), "login": "Mai", "name": "Ngô Mai"}
    page = client.post("/users/new", data=form | {"role": f"{ward_id(house)}:operator"}).text
    password = page.split('class="secret">', 1)[1].split("<", 1)[0]
    assert password not in client.get(f"/users/{account_id(house, 'mai')}").text
    assert "Ngô Mai" in client.get("/users").text
    answer = client.post(
        "/sign-in", data={"login": "mai", "password": password}, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"login": "lan"}, "Tên đăng nhập này đã có."),
        ({"login": "a b"}, "Tên đăng nhập có từ 2 đến 80"),
        ({"name": " "}, "Cần ghi họ tên người dùng."),
        ({"role": []}, "Cần chọn ít nhất một vai trò."),
        ({"role": ["operator", "administrator"]}, "không đồng thời là quản trị"),
        ({"role": ["operator", "official"]}, "không đồng thời là quản trị"),
    ],
)
def test_what_is_wrong_with_a_new_user_is_said_and_nothing_is_kept(
    client: TestClient, house: House, changes: dict[str, Any], sentence: str
) -> None:
    sign_in(client, "an")
    form: dict[str, Any] = {"csrf": csrf(client), "login": "mai", "name": "Ngô Mai"}
    form |= {"role": ["operator"]} | changes
    form["role"] = [f"{ward_id(house)}:{role}" for role in form["role"]]
    answer = client.post("/users/new", data=form)
    assert answer.status_code == 400
    assert sentence in answer.text
    with house.database.reading() as session:
        assert session.scalar(select(Account).where(Account.login == "mai")) is None


def test_a_closed_account_is_out_at_once_and_comes_back(house: House, client: TestClient) -> None:
    with TestClient(client.app) as lans:
        sign_in(lans, "lan")
        sign_in(client, "an")
        lan = account_id(house, "lan")
        client.post(f"/users/{lan}/disable", data={"csrf": csrf(client)})
        assert lans.get("/queue", follow_redirects=False).status_code == 303
        refused = lans.post("/sign-in", data={"login": "lan", "password": PASSWORD})
        assert "Tên đăng nhập hoặc mật khẩu không đúng." in refused.text
        client.post(f"/users/{lan}/enable", data={"csrf": csrf(client)})
        sign_in(lans, "lan")


def test_a_new_password_ends_the_old_one_and_every_session(
    house: House, client: TestClient
) -> None:
    with TestClient(client.app) as lans:
        sign_in(lans, "lan")
        sign_in(client, "an")
        lan = account_id(house, "lan")
        page = client.post(f"/users/{lan}/password", data={"csrf": csrf(client)}).text
        assert 'class="secret"' in page
        assert lans.get("/queue", follow_redirects=False).status_code == 303
        refused = lans.post("/sign-in", data={"login": "lan", "password": PASSWORD})
        assert "không đúng" in refused.text


def test_roles_are_given_and_taken_in_the_wards_one_administers(
    house: House, client: TestClient
) -> None:
    """Bình is an operator in both wards: An changes Tây Hồ's role and no other."""
    sign_in(client, "an")
    binh = account_id(house, "binh")
    theirs = f"{ward_id(house, 'hong-ha')}:administrator"
    asked = {"csrf": csrf(client), "role": [f"{ward_id(house)}:approver", theirs]}
    assert "Đã lưu." in client.post(f"/users/{binh}", data=asked).text
    with house.database.reading() as session:
        found = session.execute(
            select(Grant.ward_id, Grant.role).where(Grant.account_id == binh)
        ).all()
    assert {tuple(row) for row in found} == {
        (ward_id(house), Role.APPROVER),
        (ward_id(house, "hong-ha"), Role.OPERATOR),
    }


def test_who_works_elsewhere_too_is_not_closed_from_here(house: House) -> None:
    an, binh = house.viewer("an"), account_id(house, "binh")
    roles = {ward_id(house): frozenset({Role.OFFICIAL})}
    with house.database.writing() as session:
        with pytest.raises(FormFault, match="other wards"):
            users.renew_password(session, an, binh, now=NOON)
        with pytest.raises(FormFault, match="another administrator"):
            users.set_disabled(session, an, an.account_id, disabled=True, now=NOON)
        with pytest.raises(FormFault, match="nobody takes"):
            users.set_roles(session, an, an.account_id, roles, now=NOON)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    here=st.sets(st.sampled_from(list(Role))),
    there=st.sets(st.sampled_from(list(Role))),
)
def test_only_administrators_of_the_ward_keep_its_users(
    house: House, here: set[Role], there: set[Role]
) -> None:
    viewer = granted(house, here, there)
    hoa, ward = account_id(house, "hoa"), ward_id(house, "hong-ha")
    asked = {ward: frozenset({Role.APPROVER})}
    asks = (
        lambda s: users.user(s, viewer, hoa),
        lambda s: users.set_roles(s, viewer, hoa, asked, now=NOON),
        lambda s: users.add(s, viewer, "mai", "Mai", asked, now=NOON),
        lambda s: users.renew_password(s, viewer, hoa, now=NOON),
        lambda s: users.set_disabled(s, viewer, hoa, disabled=True, now=NOON),
    )
    with house.database.writing() as session:
        for ask in asks:
            try:
                ask(session)
            except Refusal:
                assert Role.ADMINISTRATOR not in there
            else:
                assert Role.ADMINISTRATOR in there
        session.rollback()
