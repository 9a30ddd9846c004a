"""The register of cameras: who changes it, and that a source's password never comes back."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.house import NOON, SECRET, House, sign_in
from tests.api.test_permits import granted
from viahe_api import camera_register
from viahe_api.camera_register import Registered
from viahe_api.camera_sources import TypedSources
from viahe_api.errors import Refusal
from viahe_api.sealing import SealBroken, seal, unseal
from viahe_api.tables import AuditEntry, Camera
from viahe_api.vocabulary import DeviceKind, Role

NOTHING = TypedSources()
SMALL = "rtsp://viewer:Kh0-Do4n@192.0.2.7:554/small"
SOURCE = "rtsp://viewer:Kh0-Do4n@192.0.2.7:554/live"


def fields(client: TestClient, house: House, **changes: str) -> dict[str, str | list[str]]:
    page = client.get(f"/cameras/{house.camera_id()}/edit").text
    usual: dict[str, str | list[str]] = {
        "csrf": page.split('name="csrf" value="', 1)[1].split('"', 1)[0],
        "name": "Ngõ 52",
        "address": "Trước số 12 ngõ 52",
        "street": "Thụy Khuê",
        "group": "TDP 8",
        "device_kind": "private",
        "notice_posted": "on",
        "notice_on": "01/11/2026",
        "model": "C-2",
        "certificate": "QCVN-135-0001",
        "firmware": "2.4",
        "enabled": "on",
    }
    return usual | changes


def test_a_changed_register_is_shown_and_audited_by_field(client: TestClient, house: House) -> None:
    sign_in(client, "an")
    page = client.post(edit(house), data=fields(client, house)).text
    for said in ("Ngõ 52", "TDP 8", "01/11/2026", "QCVN-135-0001", "2.4"):
        assert said in page
    with house.database.reading() as session:
        found = select(AuditEntry.detail).where(AuditEntry.action == "camera.changed")
        (detail,) = session.scalars(found)
    assert {"name", "group", "certificate"} <= set(detail["changed"])


def test_a_source_is_sealed_and_never_shown_again(client: TestClient, house: House) -> None:
    sign_in(client, "an")
    client.post(edit(house), data=fields(client, house, source=SOURCE))
    client.post(edit(house), data=fields(client, house))
    with house.database.reading() as session:
        sealed = session.get_one(Camera, house.camera_id()).source_sealed
        audited = str(list(session.scalars(select(AuditEntry.detail))))
    assert sealed is not None
    assert unseal(SECRET, sealed) == SOURCE
    shown = client.get(edit(house)).text + client.get(f"/cameras/{house.camera_id()}").text
    for text in (sealed, shown, audited):
        assert "Kh0-Do4n" not in text
        assert "192.0.2.7" not in text
    assert "Đã lưu một địa chỉ." in shown


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("rtsp://viewer:@192.0.2.7/live", "mật khẩu mặc định"),
        ("rtsp://admin:ADMIN@192.0.2.7/live", "mật khẩu mặc định"),
        ("rtsp://192.0.2.7/live", "mật khẩu mặc định"),
        ("file:///etc/passwd", "Địa chỉ bắt đầu bằng rtsp://"),
        ("rtsp://[bad/live", "Địa chỉ bắt đầu bằng rtsp://"),
    ],
)
def test_a_source_anybody_could_open_is_refused_without_repeating_it(
    client: TestClient, house: House, source: str, sentence: str
) -> None:
    sign_in(client, "an")
    answer = client.post(edit(house), data=fields(client, house, source=source))
    assert answer.status_code == 400
    assert sentence in answer.text
    assert source not in answer.text


def test_the_smaller_stream_is_sealed_beside_the_main_one_and_can_be_let_go(
    client: TestClient, house: House
) -> None:
    sign_in(client, "an")
    alone = client.post(edit(house), data=fields(client, house, watch_source=SMALL))
    assert "không khai riêng" in alone.text
    assert house.configuration()["sources"] == []
    client.post(edit(house), data=fields(client, house, source=SOURCE, watch_source=SMALL))
    (told,) = house.configuration()["sources"]
    assert told == {"camera": "cam-1", "watch": SMALL, "record": SOURCE}
    client.post(edit(house), data=fields(client, house, forget_watch="on"))
    (told,) = house.configuration()["sources"]
    assert told == {"camera": "cam-1", "watch": SOURCE, "record": SOURCE}
    with house.database.reading() as session:
        audited = [
            entry["changed"]
            for entry in session.scalars(
                select(AuditEntry.detail).where(AuditEntry.action == "camera.changed")
            )
        ]
    assert audited[-1] == ["watch_source"]
    assert "Kh0-Do4n" not in str(audited)


def test_an_address_is_told_to_the_detector_of_its_camera_and_to_no_other(
    client: TestClient, house: House
) -> None:
    sign_in(client, "an")
    client.post(edit(house), data=fields(client, house, source=SOURCE))
    assert [told["record"] for told in house.configuration()["sources"]] == [SOURCE]
    assert house.configuration("hong-ha")["sources"] == []


def test_an_address_sealed_under_another_secret_is_not_told_and_the_plans_still_are(
    client: TestClient, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    sign_in(client, "an")
    client.post(edit(house), data=fields(client, house, source=SOURCE))
    house.settings = replace(house.settings, secret=SECRET[::-1])
    told = house.configuration()
    assert told["sources"] == []
    assert len(told["plans"]) == 1
    assert "camera cam-1: the secret has changed" in caplog.text


def test_quiet_hours_and_use_reach_the_detector(client: TestClient, house: House) -> None:
    sign_in(client, "an")
    hours: dict[str, str | list[str]] = {
        "quiet-1-begins": "17:00",
        "quiet-1-ends": "19:00",
        "quiet-1-days": ["4"],
        "quiet-2-begins": "22:00",
        "quiet-2-ends": "05:30",
        "quiet-2-days": ["5", "6"],
        "quiet-2-holidays": "also",
    }
    page = client.post(edit(house), data=fields(client, house) | hours).text
    assert "17:00-19:00 Thứ Sáu; 22:00-05:30 Thứ Bảy, Chủ nhật, cả ngày lễ, Tết" in page
    (plan,) = house.configuration()["plans"]
    assert plan["quiet"] == [
        {"days": [4], "start_minute": 1020, "end_minute": 1140, "holidays": "as_weekday"},
        {"days": [5, 6], "start_minute": 1320, "end_minute": 330, "holidays": "also"},
    ]
    form = client.get(edit(house)).text
    assert 'name="quiet-4-begins" value=""' in form, "two more can be typed"
    without_a_day = fields(client, house) | {"quiet-1-begins": "17:00", "quiet-1-ends": "19:00"}
    assert "ít nhất một ngày" in client.post(edit(house), data=without_a_day).text
    unused = fields(client, house)
    del unused["enabled"]
    assert "Ngừng sử dụng" in client.post(edit(house), data=unused).text
    assert house.configuration()["plans"] == []


def test_a_camera_is_added_to_a_detector_of_the_ward(client: TestClient, house: House) -> None:
    sign_in(client, "an")
    new = fields(client, house, slug="cam-2", device=str(house.device().id), name="Chợ")
    page = client.post("/cameras/new", data=new).text
    assert "Chợ" in page
    assert "Chưa có khu vực: camera chưa cảnh báo." in page
    assert "đã có camera mang tên đó" in client.post("/cameras/new", data=new).text
    theirs = new | {"device": str(house.device("hong-ha").id), "slug": "cam-3"}
    assert client.post("/cameras/new", data=theirs).status_code == 404


def test_sealing_needs_the_same_secret() -> None:
    sealed = seal(SECRET, SOURCE)
    assert seal(SECRET, SOURCE) != sealed
    with pytest.raises(SealBroken, match="enter the address again"):
        unseal(SECRET[::-1], sealed)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    here=st.sets(st.sampled_from(list(Role))),
    there=st.sets(st.sampled_from(list(Role))),
)
def test_only_administrators_of_the_ward_keep_the_register(
    house: House, here: set[Role], there: set[Role]
) -> None:
    viewer = granted(house, here, there)
    wanted = Registered(
        "a", "b", "", "", "", DeviceKind.PRIVATE, False, None, "", "", "", (), enabled=True
    )
    theirs, device = house.camera_id("hong-ha"), house.device("hong-ha").id
    asks = (
        lambda s: camera_register.registered(s, viewer, theirs),
        lambda s: camera_register.change(s, viewer, theirs, wanted, NOTHING, SECRET, now=NOON),
        lambda s: camera_register.add(s, viewer, device, "c", wanted, NOTHING, SECRET, now=NOON),
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


def edit(house: House) -> str:
    return f"/cameras/{house.camera_id()}/edit"
