"""Permits: who gives them, what they suppress, and how a sheet of them comes in."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart
from sqlalchemy import delete, select
from starlette.testclient import TestClient

from tests.api.house import NOON, TRIANGLE, House, a_zone, sign_in
from viahe_api import permit_reading, permits, zones
from viahe_api.errors import Refusal
from viahe_api.permit_places import WHOLE_PICTURE
from viahe_api.permit_sheet import COLUMNS, SAID
from viahe_api.permits import PermitDraft
from viahe_api.scope import Viewer
from viahe_api.tables import AuditEntry, Grant
from viahe_api.tables import Permit as PermitRow
from viahe_api.vocabulary import Role
from viahe_api.zones import ZoneDraft
from viahe_rules.domain import Act, Box, Detection, Observation, Outcome, Suppressed, Suspicion
from viahe_rules.plan import Plan, Rule, Surface
from viahe_rules.recorded import plan_from_json
from viahe_rules.watching import Memory, see

HEAD = list(COLUMNS.values())
GOOD = ["12/GP", "đ", "cam-1", "Vỉa hè số 12", "22/11/2026", "23/11/2026", "Ông Nguyễn Văn A"]


def test_a_wedding_is_entered_in_one_form_and_listed(client: TestClient, house: House) -> None:
    sign_in(client, "an")
    page = client.post("/permits/new", data=permit_form(client, house)).text
    assert "Giấy phép NN-261122-1 đã có hiệu lực." in page
    assert "Đám cưới" in page
    assert "<span>22/11/2026</span>" in page


def test_the_form_says_that_no_permit_covers_goods_on_sale(
    client: TestClient, house: House
) -> None:
    sign_in(client, "an")
    page = client.get(f"/permits/new?purpose=d&camera={house.camera_id()}").text
    assert "Không áp dụng cho bày, bán hàng hóa." in page
    assert "Điều 21, điểm d, Nghị định 165/2024/NĐ-CP (chưa kiểm chứng)" in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("last", "21/11/2026", "Ngày kết thúc phải sau ngày bắt đầu."),
        ("first", "31/02/2026", "Ghi ngày theo dạng 22/11/2026."),
        ("begins", "25:00", "Ghi giờ theo dạng 18:30"),
        ("holder", "  ", "Cần ghi tổ chức, cá nhân được cấp phép."),
        ("purpose", "bán hàng", "Mục đích này không có trong quy định hiện hành."),
    ],
)
def test_what_is_wrong_with_the_form_is_said_and_what_was_typed_stays(
    client: TestClient, house: House, field: str, value: str, sentence: str
) -> None:
    sign_in(client, "an")
    typed = permit_form(client, house, period="other") | {"number": "7/GP", field: value}
    answer = client.post("/permits/new", data=typed)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert 'value="7/GP"' in answer.text


def test_markup_and_turning_marks_in_a_holders_name_do_nothing(
    client: TestClient, house: House
) -> None:
    sign_in(client, "an")
    nasty = "<script>alert(1)</script>\u202egnuh"
    page = client.post("/permits/new", data=permit_form(client, house, holder=nasty)).text
    assert "<script>alert" not in page
    assert "<bdi>&lt;script&gt;alert(1)&lt;/script&gt;gnuh</bdi>" in page
    assert "\u202e" not in page, "a mark that turns the direction of what follows reaches no page"


def test_a_permit_suppresses_through_the_plan_until_it_ends(house: House) -> None:
    """The plan as the detector receives it, and the rules it runs."""
    _watch_cars(house)
    _give(house, house.viewer("an"), NOON, NOON + timedelta(hours=1))
    plan = _served_plan(house)
    said = list(_stopping_car(plan, NOON, minutes=90))
    (covered,) = {o.because for _, o in said if isinstance(o, Suppressed)}
    assert covered == "permit:12/GP"
    (raised,) = [at for at, o in said if isinstance(o, Suspicion)]
    assert timedelta(hours=1) <= raised - NOON < timedelta(hours=1, minutes=1)


def test_a_wedding_s_permit_covers_its_guests_and_no_goods_on_sale(house: House) -> None:
    _give(house, house.viewer("an"), NOON, NOON + timedelta(hours=1))
    (permit,) = _served_plan(house).permits
    assert {"person", "chair", "dining table", "car"} <= permit.things
    assert not {"thing", "suitcase", "rubbish"} & permit.things


def test_a_withdrawn_permit_leaves_the_plan_and_the_list_says_so(
    client: TestClient, house: House
) -> None:
    _give(house, house.viewer("an"), NOON - timedelta(1), NOON + timedelta(1))
    assert len(_served_plan(house).permits) == 1
    sign_in(client, "an")
    page = client.get("/permits").text
    csrf = page.split('name="csrf" value="', 1)[1].split('"', 1)[0]
    page = client.post("/permits/1/withdraw", data={"csrf": csrf}).text
    assert "Đã thu hồi giấy phép 12/GP." in page
    assert _served_plan(house).permits == ()


def test_giving_and_withdrawing_are_in_the_audit(house: House) -> None:
    an = house.viewer("an")
    _give(house, an, NOON, NOON + timedelta(1))
    with house.database.writing() as session:
        permits.withdraw(session, an, 1, now=NOON)
        permits.withdraw(session, an, 1, now=NOON)
        found = session.scalars(
            select(AuditEntry.action).where(AuditEntry.object.endswith("permit:12/GP"))
        )
        assert list(found) == ["permit.added", "permit.withdrawn"]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    here=st.sets(st.sampled_from(list(Role))),
    there=st.sets(st.sampled_from(list(Role))),
)
def test_only_administrators_of_the_ward_give_and_see_permits(
    house: House, here: set[Role], there: set[Role]
) -> None:
    viewer = granted(house, here, there)
    opened = Role.ADMINISTRATOR in there
    camera = house.camera_id("hong-ha")
    draft = PermitDraft(camera, "9/GP", "d", "Tang chủ", TRIANGLE, NOON, NOON + timedelta(1))
    with house.database.writing() as session:
        try:
            permits.add(session, viewer, [draft], now=NOON)
            assert [v.camera_id for v in permit_reading.permits(session, viewer, now=NOON)] == [
                camera
            ]
            row = session.scalars(select(PermitRow.id)).one()
            permits.withdraw(session, viewer, row, now=NOON)
        except Refusal:
            assert not opened
        else:
            assert opened
        session.rollback()


def test_a_sheet_is_imported_whole(client: TestClient, house: House) -> None:
    page = upload(
        client, "giay-phep.xlsx", workbook(GOOD, _with(number="13/GP", purpose="Tang lễ"))
    )
    assert "Đã thêm 2 giấy phép." in page
    assert "Tang lễ" in page
    purposes = {permit.purpose for permit in _served_plan(house).permits}
    assert purposes == {"đ", "d"}


def test_a_csv_is_read_with_semicolons_and_a_byte_order_mark(client: TestClient) -> None:
    text = "\n".join(";".join(row) for row in (HEAD, GOOD))
    assert "Đã thêm 1 giấy phép." in upload(client, "a.csv", text.encode("utf-8-sig"))


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"last": "30/02/2026"}, "Dòng 3, cột Đến ngày: 30/02/2026 không phải ngày"),
        ({"camera": "cam-9"}, "Dòng 3, cột Camera: không có camera cam-9."),
        ({"zone": "Ao"}, "Dòng 3, cột Khu vực: camera này không có khu vực Ao."),
        ({"purpose": "bán hàng"}, "Dòng 3, cột Mục đích: quy định không có mục đích bán hàng."),
        ({"holder": ""}, "Dòng 3, cột Tổ chức, cá nhân: để trống."),
        ({"last": "21/11/2026"}, "Dòng 3, cột Đến ngày: ngày kết thúc phải sau ngày bắt đầu."),
        ({}, "Dòng 3, cột Số: đã có giấy phép mang số này."),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_half_imported(
    client: TestClient, house: House, row: dict[str, str], sentence: str
) -> None:
    page = upload(client, "giay-phep.xlsx", workbook(GOOD, _with(**row)))
    assert sentence in page
    assert "Chưa nhập giấy phép nào." in page
    assert _served_plan(house).permits == ()


def test_a_row_along_a_street_holds_in_its_hours_on_the_cameras_there(
    client: TestClient, house: House
) -> None:
    """The camera looks at ngõ 52 of Thụy Khuê."""
    page = upload(client, "a.xlsx", wide_workbook(_along()))
    assert "Đã thêm 1 giấy phép." in page
    assert "40-60A Thụy Khuê" in page
    (permit,) = _served_plan(house).permits
    assert permit.polygon == WHOLE_PICTURE
    (window,) = permit.hours
    assert (window.start_minute, window.end_minute) == (18 * 60 + 30, 24 * 60)


def test_the_sheet_to_fill_in_is_one_that_is_imported(client: TestClient, house: House) -> None:
    sign_in(client, "an")
    assert 'href="/permits/import/template"' in client.get("/permits/import").text
    answer = client.get("/permits/import/template")
    assert answer.headers["content-disposition"] == 'attachment; filename="giay-phep-mau.xlsx"'
    book = load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == list(SAID.values())
    sheet.append([*GOOD, "18:30", "22:00"])
    assert "Đã thêm 1 giấy phép." in upload(client, "a.xlsx", _bytes(book))
    (permit,) = _served_plan(house).permits
    assert permit.polygon == TRIANGLE


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"begins": "25:00"}, "Dòng 2, cột Từ giờ: 25:00 không phải giờ dạng 18:30"),
        ({"ends": ""}, "Dòng 2, cột Đến giờ:  không phải giờ dạng 18:30"),
        ({"ends": time(18, 30)}, "Dòng 2, cột Đến giờ: 18:30:00 không phải giờ dạng 18:30"),
        ({"zone": "Vỉa hè số 12"}, "Dòng 2, cột Đường: ghi khu vực của camera hoặc tên đường"),
        ({"street": ""}, "Dòng 2, cột Đường: để trống."),
        ({"street": "Hàng Bài"}, "Dòng 2, cột Đường: không có camera đang dùng nào trên Hàng Bài."),
        ({"house_to": 41}, "Dòng 2, cột Số nhà từ: không camera nào trên đường này có địa chỉ"),
        ({"house_to": "12"}, "Dòng 2, cột Số nhà từ: số nhà ghi từ nhỏ đến lớn"),
        ({"house_to": NOON.replace(tzinfo=None)}, "Dòng 2, cột Số nhà đến: ô chứa ngày"),
        ({"street": "x" * 121}, "Dòng 2, cột Đường: quá dài."),
    ],
)
def test_what_is_wrong_with_a_row_along_a_street_is_named(
    client: TestClient, house: House, changes: dict[str, object], sentence: str
) -> None:
    page = upload(client, "a.xlsx", wide_workbook(_along(**changes)))
    assert sentence in page
    assert _served_plan(house).permits == ()


def test_merged_cells_are_named(client: TestClient) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (HEAD, GOOD, GOOD):
        sheet.append(cells)
    sheet.merge_cells("A2:A3")
    assert "Dòng 2: các ô A2:A3 bị gộp; cần bỏ gộp ô." in upload(client, "a.xlsx", _bytes(book))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("anh.xlsx", b"MZ\x90\x00 a program", "Tệp không phải CSV hoặc XLSX."),
        ("anh.csv", b"MZ\x90\x00 a program", "Tệp không phải CSV hoặc XLSX."),
        ("hong.xlsx", b"PK\x03\x04 cut off", "Tệp không phải CSV hoặc XLSX."),
        ("a.csv", "Số;Mục đích".encode("utf-16-le"), "Tệp không phải CSV hoặc XLSX."),
        ("a.csv", "Số".encode("cp1258", "replace") + b"\xff", "Tệp CSV không phải dạng UTF-8"),
        ("a.csv", b"So;Muc dich\n", "Dòng 1: thiếu cột Camera."),
        ("a.csv", b"", "Bảng tính không có giấy phép nào."),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_in_words(
    client: TestClient, name: str, content: bytes, sentence: str
) -> None:
    assert sentence in upload(client, name, content)


@pytest.mark.parametrize("part", ["workbook.xml", "worksheets/sheet1.xml", "styles.xml"])
@pytest.mark.parametrize("content", [b"", b"<workbook", b"<a>&b;</a>", b"\0\xff"])
def test_a_workbook_with_a_damaged_part_is_refused_in_words(
    client: TestClient, part: str, content: bytes
) -> None:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(GOOD))) as whole,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as damaged,
    ):
        for name in whole.namelist():
            damaged.writestr(name, content if name == f"xl/{part}" else whole.read(name))
    assert "Tệp không phải CSV hoặc XLSX." in upload(client, "a.xlsx", packed.getvalue())


def test_a_workbook_of_charts_alone_is_refused_in_words(client: TestClient) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    book.remove(sheet)
    book.create_chartsheet().add_chart(BarChart())
    assert "Tệp không phải CSV hoặc XLSX." in upload(client, "a.xlsx", _bytes(book))


@pytest.mark.parametrize(
    ("place", "value"), [(8, 1), (10, 97)], ids=["encrypted", "packed in an unknown way"]
)
def test_a_workbook_that_cannot_be_unpacked_is_refused_in_words(
    client: TestClient, place: int, value: int
) -> None:
    """`place` is where a part's flags and its way of packing stand in the archive's directory."""
    first, *entries = workbook(GOOD).split(b"PK\x01\x02")
    marked = [entry[: place - 4] + bytes([value]) + entry[place - 3 :] for entry in entries]
    content = b"PK\x01\x02".join([first, *marked])
    assert "Tệp không phải CSV hoặc XLSX." in upload(client, "a.xlsx", content)


def test_an_upload_beyond_every_sheet_is_refused_in_the_readers_language(
    client: TestClient,
) -> None:
    assert "Tệp quá lớn: tối đa 8 MB." in upload(client, "phim.csv", bytes(9 << 20))


def granted(house: House, here: set[Role], there: set[Role]) -> Viewer:
    """Lan, holding exactly these roles in Tây Hồ and in Hồng Hà."""
    lan = house.viewer("lan")
    with house.database.writing() as session:
        session.execute(delete(Grant).where(Grant.account_id == lan.account_id))
        for ward, held in (("tay-ho", here), ("hong-ha", there)):
            ward_id = house.device(ward).ward_id
            session.add_all(
                Grant(account_id=lan.account_id, ward_id=ward_id, role=role) for role in held
            )
    return house.viewer("lan")


def permit_form(client: TestClient, house: House, **changes: str) -> dict[str, str | list[str]]:
    page = client.get(f"/permits/new?camera={house.camera_id()}").text
    csrf = page.split('name="csrf" value="', 1)[1].split('"', 1)[0]
    usual: dict[str, str | list[str]] = {
        "csrf": csrf,
        "camera": str(house.camera_id()),
        "purpose": "đ",
        "holder": "Gia đình ông Nguyễn Văn A",
        "period": "today",
        "first": "22/11/2026",
        "last": "24/11/2026",
        "x": ["10", "90", "50"],
        "y": ["50", "50", "90"],
    }
    return usual | changes


def upload(client: TestClient, name: str, content: bytes) -> str:
    sign_in(client, "an")
    page = client.get("/permits/import").text
    csrf = page.split('name="csrf" value="', 1)[1].split('"', 1)[0]
    return client.post(
        "/permits/import", data={"csrf": csrf}, files={"sheet": (name, content)}
    ).text


def workbook(*rows: list[str]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEAD, *rows):
        sheet.append(row)
    return _bytes(book)


def wide_workbook(row: list[object]) -> bytes:
    """A sheet with every column there is."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(SAID.values()))
    sheet.append(row)
    return _bytes(book)


def _along(**changes: object) -> list[object]:
    """A row along a stretch of the camera's street, in the evening."""
    usual: dict[str, object] = dict(zip(COLUMNS, GOOD, strict=True)) | {"camera": "", "zone": ""}
    usual |= {"begins": time(18, 30), "ends": "24:00"}
    usual |= {"street": "thuy khue", "house_from": 40, "house_to": "60A"}
    return list((usual | changes).values())


def _bytes(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _with(**changes: str) -> list[str]:
    return list((dict(zip(COLUMNS, GOOD, strict=True)) | changes).values())


def _give(house: House, viewer: Viewer, begins: datetime, ends: datetime) -> None:
    draft = PermitDraft(house.camera_id(), "12/GP", "đ", "Nhà A", TRIANGLE, begins, ends)
    with house.database.writing() as session:
        permits.add(session, viewer, [draft], now=NOON)


def _watch_cars(house: House) -> None:
    rule = Rule(id="", act=Act.ENCROACHMENT, dwell=(("car", 120.0),))
    draft = ZoneDraft("zone-1", a_zone().name, TRIANGLE, Surface.PAVEMENT, (rule,))
    with house.database.writing() as session:
        zones.save(session, house.viewer("an"), house.camera_id(), draft, now=NOON)


def _served_plan(house: House) -> Plan:
    """What the detector would read of the configuration."""
    (plan,) = house.configuration()["plans"]
    return plan_from_json(plan)


def _stopping_car(
    plan: Plan, begins: datetime, *, minutes: int
) -> Iterator[tuple[datetime, Outcome]]:
    """A car stops in the zone some seconds after watching began, and stays."""
    memory, car = Memory(), Detection("car", 0.9, Box(0.4, 0.5, 0.6, 0.7))
    for second in range(0, minutes * 60, 5):
        at = begins + timedelta(seconds=second)
        seen = (car,) if second >= 30 else ()
        look = Observation("cam-1", "run-1", float(second), seen, at=at.timestamp())
        memory, said = see(plan, memory, look)
        for outcome in said:
            yield at, outcome
