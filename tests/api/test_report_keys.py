"""Keys of officials' own tools: shown once, counts alone, of their wards, until their day."""

import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from starlette.testclient import TestClient

from tests.api.house import NOON, House, a_suspicion, sign_in
from viahe_api import audit, auth, cases
from viahe_api.errors import FormFault, NotFound, RoleNeeded
from viahe_api.report_keys import close_key, make_key, report_keys
from viahe_api.tables import AuditEntry, Grant, ReportKey
from viahe_api.vocabulary import Role, Verdict

NAME = "Bảng thống kê của thành phố"
PLACE = "Trước số 12 ngõ 52"


@pytest.fixture
def counted(house: House) -> House:
    """One confirmed case in Tây Hồ, two that wait in Hồng Hà."""
    code = house.report()
    with house.database.writing() as session:
        cases.decide(
            session, house.viewer("lan"), code, Verdict.CONFIRM, form_id="f", now=house.now
        )
    for number in range(2):
        house.report(a_suspicion(f"theirs-{number}"), ward="hong-ha")
    return house


def key_of(house: House, login: str = "duc", *wards: str, days: int = 90) -> str:
    with house.database.writing() as session:
        return make_key(
            session, house.viewer(login), NAME, wards or ("tay-ho",), days, now=house.now
        )


def test_hours_stand_beside_a_forms_table(counted: House, client: TestClient) -> None:
    """In the answer's headers: a program that adds a column up must not add them up."""
    headers = {"Authorization": f"Bearer {key_of(counted)}"}
    answer = client.get("/api/reports/2026-11/forms/01.csv", headers=headers)
    figures = client.get("/api/reports/2026-11", headers=headers).json()["totals"]
    for name in ("Expected", "Seen", "Lost"):
        said = float(answer.headers[f"Viahe-Hours-{name}"])
        assert said == pytest.approx(figures[f"hours_{name.lower()}"], abs=0.05)
    assert answer.headers["Viahe-Period"] == "2026-11"
    assert answer.headers["Viahe-Locked-At"] == ""
    assert answer.content.decode("utf-8-sig").startswith("STT;Nhóm hành vi;")


def read(client: TestClient, token: str, path: str) -> tuple[int, str]:
    client.cookies.clear()
    answer = client.get(path, headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.text


def test_a_tool_reads_the_counts_a_person_sees(counted: House, client: TestClient) -> None:
    headers = {"Authorization": f"Bearer {key_of(counted)}"}
    data = client.get("/api/reports/2026-11", headers=headers).json()
    assert (data["totals"]["recorded"], data["totals"]["sufficient"]) == (1, 1)
    sign_in(client, "thu")
    assert data["totals"] == client.get("/reports/2026-11/file.json").json()["totals"]
    form = client.get("/api/reports/2026-11/forms/01.csv", headers=headers)
    of_person = client.get("/reports/2026-11/file.csv?form=01").text
    _, table = of_person.split("\r\n\r\n")
    assert form.text == f"\ufeff{table}"  # for a program the first line names the columns
    listed = client.get("/api/reports", headers=headers).json()
    assert listed == {
        "wards": [{"code": "tay-ho", "name": "Phường Tây Hồ"}],
        "locked": [],
        "left": [],
    }


def test_no_case_place_reviewer_or_picture_is_in_what_a_tool_reads(
    counted: House, client: TestClient
) -> None:
    token = key_of(counted)
    status, text = read(client, token, "/api/reports/2026-11")
    assert status == 200
    forms = [
        read(client, token, f"/api/reports/2026-11/forms/{number:02}.csv")[1]
        for number in range(1, 5)
    ]
    for said in (text, *forms):
        assert "TH-2611" not in said
        assert PLACE not in said
        assert "Nguyễn Thị Lan" not in said
    assert '"cases"' not in text
    assert read(client, token, "/api/reports/2026-11/forms/05.csv")[0] == 400


@pytest.mark.parametrize(
    "path",
    ["/reports/2026-11", "/queue", "/cases/TH-2611-0001", "/reports/2026-11/file.json", "/users"],
)
def test_a_key_opens_no_page(counted: House, client: TestClient, path: str) -> None:
    headers = {"Authorization": f"Bearer {key_of(counted)}"}
    answer = client.get(path, headers=headers, follow_redirects=False)
    assert answer.status_code == 303
    assert "/sign-in" in answer.headers["location"]


def test_keys_and_devices_do_not_pass_for_each_other(counted: House, client: TestClient) -> None:
    assert read(client, key_of(counted), "/api/v1/configuration")[0] == 401
    assert read(client, counted.token(), "/api/reports/2026-11")[0] == 401
    assert client.get("/api/reports/2026-11").status_code == 401


def test_only_the_hash_of_a_token_is_kept(counted: House) -> None:
    token = key_of(counted)
    with counted.database.reading() as session:
        key = session.scalars(select(ReportKey)).one()
        entries = session.scalars(select(AuditEntry)).all()
    assert key.token_hash == auth.hash_token(token)
    assert token not in repr([entry.detail for entry in entries])
    assert token not in (counted.settings.data / "viahe.sqlite3").read_bytes().decode("latin-1")


def test_a_key_ends_on_its_day(counted: House, client: TestClient) -> None:
    token = key_of(counted, days=30)
    counted.clock.advance(timedelta(days=30).total_seconds() - 1)
    assert read(client, token, "/api/reports/2026-11")[0] == 200
    counted.clock.advance(1)
    assert read(client, token, "/api/reports/2026-11")[0] == 401


def test_a_closed_key_is_closed_at_once(counted: House, client: TestClient) -> None:
    token = key_of(counted)
    with counted.database.writing() as session:
        close_key(session, counted.viewer("an"), 1, now=counted.now)
    assert read(client, token, "/api/reports/2026-11")[0] == 401


def test_each_ward_closes_its_own_part_of_a_key(counted: House, client: TestClient) -> None:
    hoa = counted.viewer("hoa")
    with counted.database.writing() as session:
        tay_ho = counted.device("tay-ho").ward_id
        session.add(Grant(account_id=hoa.account_id, ward_id=tay_ho, role=Role.APPROVER))
    token = key_of(counted, "hoa", "tay-ho", "hong-ha")
    assert '"recorded": 3' in read(client, token, "/api/reports/2026-11")[1]
    with counted.database.writing() as session:
        close_key(session, counted.viewer("quan"), 1, now=counted.now)
    assert '"recorded": 1' in read(client, token, "/api/reports/2026-11")[1]
    assert read(client, token, "/api/reports/2026-11?ward=hong-ha")[0] == 404
    with counted.database.writing() as session:
        close_key(session, counted.viewer("duc"), 1, now=counted.now)
    assert read(client, token, "/api/reports/2026-11")[0] == 401


def test_every_reading_leaves_an_audit_row(counted: House, client: TestClient) -> None:
    token = key_of(counted)
    for path in ("", "/2026-11", "/2026-11/forms/02.csv"):
        assert read(client, token, f"/api/reports{path}")[0] == 200
    with counted.database.reading() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.actor == "key:1").order_by(AuditEntry.seq)
        ).all()
        assert audit.verify(session).fault is None
        (view,) = report_keys(session, counted.viewer("duc"), now=counted.now)
    assert [(entry.action, entry.object) for entry in entries] == [
        ("report.exported", "report:list"),
        ("report.exported", "report:tay-ho/2026-11"),
        ("report.exported", "report:tay-ho/2026-11"),
    ]
    assert [entry.detail["file"] for entry in entries] == ["list", "json", "02.csv"]
    assert view.used_at == counted.now


@pytest.mark.parametrize("period", ["2026-13", "2027-01", "2026-11-20..2026-11-01", "nonsense"])
def test_what_is_no_period_is_said_in_data(counted: House, client: TestClient, period: str) -> None:
    answer = client.get(
        f"/api/reports/{period}", headers={"Authorization": f"Bearer {key_of(counted)}"}
    )
    assert answer.status_code == 404
    assert answer.json()["error"] == "no_such_period"


@pytest.mark.parametrize(
    ("name", "wards", "days", "fault"),
    [
        (" ", ["tay-ho"], 90, "key_name"),
        (NAME, [], 90, "key_wards"),
        (NAME, ["hong-ha"], 90, "key_wards"),
        (NAME, ["tay-ho", "hong-ha"], 90, "key_wards"),
        (NAME, ["tay-ho"], 4000, "key_days"),
    ],
)
def test_a_key_that_cannot_be_is_refused_by_name(
    house: House, name: str, wards: list[str], days: int, fault: str
) -> None:
    with pytest.raises(FormFault) as refused, house.database.writing() as session:
        make_key(session, house.viewer("duc"), name, wards, days, now=house.now)
    assert refused.value.fault == fault


roles = st.sets(st.sampled_from(list(Role)))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(here=roles, there=roles, asked=st.sets(st.sampled_from(["tay-ho", "hong-ha"]), min_size=1))
def test_keys_are_made_seen_and_closed_by_those_who_keep_every_ward_of_them(
    house: House, here: set[Role], there: set[Role], asked: set[str]
) -> None:
    keepers = {Role.ADMINISTRATOR, Role.APPROVER}
    lan = house.viewer("lan")
    with house.database.writing() as session:
        session.execute(delete(Grant).where(Grant.account_id == lan.account_id))
        for ward, held in (("tay-ho", here), ("hong-ha", there)):
            session.add_all(
                Grant(account_id=lan.account_id, ward_id=house.device(ward).ward_id, role=role)
                for role in held
            )
    viewer = house.viewer("lan")
    kept = {ward for ward, held in (("tay-ho", here), ("hong-ha", there)) if held & keepers}
    with house.database.writing() as session:
        foreign = make_key(session, house.viewer("quan"), "x", ["hong-ha"], 30, now=NOON)
        assert foreign
        key_id = session.scalars(select(ReportKey.id).order_by(ReportKey.id.desc())).first()
        assert key_id is not None
        try:
            make_key(session, viewer, NAME, asked, 30, now=NOON)
        except (RoleNeeded, FormFault):
            assert not asked <= kept
        else:
            assert asked <= kept
        try:
            seen = {key.id for key in report_keys(session, viewer, now=NOON)}
        except RoleNeeded:
            seen = set()
        assert (key_id in seen) == ("hong-ha" in kept)
        try:
            close_key(session, viewer, key_id, now=NOON)
        except (NotFound, RoleNeeded):
            assert "hong-ha" not in kept
        else:
            assert "hong-ha" in kept
        session.rollback()


def test_the_page_shows_a_token_once_and_closes_keys(counted: House, client: TestClient) -> None:
    sign_in(client, "an")
    page = client.get("/reports/keys").text
    (csrf,) = set(re.findall(r'name="csrf" value="([^"]+)"', page))
    form = {"csrf": csrf, "name": NAME, "ward": "tay-ho", "days": "30"}
    made = client.post("/reports/keys", data=form).text
    (token,) = re.findall(r"viahe_[\w-]{40,}", made)
    assert token not in client.get("/reports/keys").text
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/reports/2026-11", headers=headers).status_code == 200
    closed = client.post("/reports/keys/1/close", data={"csrf": csrf}).text
    assert "Đã thu hồi lúc" in closed
    assert client.get("/api/reports/2026-11", headers=headers).status_code == 401
    assert client.post("/reports/keys", data={**form, "name": ""}).status_code == 400


@pytest.mark.parametrize("login", ["lan", "thu"])
def test_others_neither_see_keys_nor_make_them(
    house: House, client: TestClient, login: str
) -> None:
    sign_in(client, login)
    assert client.get("/reports/keys").status_code == 403
    assert "/reports/keys" not in client.get("/reports").text
