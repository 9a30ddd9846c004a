"""What administrators read of the work: how often alarms were right, and who did what."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

from sqlalchemy import text
from starlette.testclient import TestClient

import viahe_api
from tests.api.house import NOON, PASSWORD, House, a_suspicion, a_zone, sign_in
from viahe_api import audit, camera_register, cases, seeding, zones
from viahe_api.camera_register import Registered
from viahe_api.camera_sources import TypedSources
from viahe_api.counts import Share
from viahe_api.language import read_language
from viahe_api.precision import precision, zone_tasks
from viahe_api.vocabulary import Handling, RejectReason, Role, Verdict
from viahe_api.web.audit_details import DETAILS, FIELDS, subject_said
from viahe_api.web.audit_words import ACTIONS
from viahe_rules.domain import Act

WRONG = RejectReason.ZONE_DRAWN_WRONG


def decided(house: House, *verdicts: tuple[Verdict, RejectReason | None], ward: str) -> None:
    who = {"tay-ho": "lan", "hong-ha": "hoa"}[ward]
    for number, (verdict, reason) in enumerate(verdicts):
        code = house.report(a_suspicion(f"{ward}-{number}"), ward=ward)
        with house.database.writing() as session:
            viewer = house.viewer(who)
            form_id = f"{ward}-{number}"
            cases.decide(
                session, viewer, code, verdict, reason=reason, form_id=form_id, now=house.now
            )


def test_precision_counts_reviewed_cases_of_the_own_ward(house: House) -> None:
    decided(
        house,
        (Verdict.CONFIRM, None),
        (Verdict.CONFIRM, None),
        (Verdict.REJECT, RejectReason.PASSERS_BY),
        (Verdict.MORE, None),
        ward="tay-ho",
    )
    decided(house, (Verdict.REJECT, RejectReason.PASSERS_BY), ward="hong-ha")
    house.report(a_suspicion("waiting"))
    with house.database.reading() as session:
        lines = precision(session, house.viewer("an"), now=NOON)
    assert {line.camera for line in lines} == {"Camera Phường Tây Hồ"}
    assert [(line.zone, line.act) for line in lines] == [
        (None, None),
        ("zone-1", None),
        ("zone-1", Act.DUMPING),
    ]
    assert {line.share for line in lines} == {Share(2, 3)}


def test_the_share_stands_with_its_interval(client: TestClient, house: House) -> None:
    decided(
        house,
        *[(Verdict.CONFIRM, None)] * 8,
        *[(Verdict.REJECT, RejectReason.PASSERS_BY)] * 2,
        ward="tay-ho",
    )
    sign_in(client, "an")
    assert "80 % (49-94)" in client.get("/precision").text
    assert "80 % (49-94)" in client.get("/cameras").text
    client.cookies.clear()
    sign_in(client, "lan")
    assert "80 %" not in client.get("/cameras").text, "operators are not shown how often they agree"


def test_a_zone_said_to_be_drawn_wrong_is_a_task_until_it_is_drawn(
    client: TestClient, house: House
) -> None:
    decided(house, (Verdict.REJECT, WRONG), (Verdict.REJECT, WRONG), ward="tay-ho")
    sign_in(client, "an")
    assert "2 lần loại bỏ vì vẽ sai khu vực" in client.get("/precision").text
    with house.database.writing() as session:
        now = house.now.replace(hour=6)
        an = house.viewer("an")
        zones.save(session, an, house.camera_id(), a_zone(zone="zone-1"), now=now)
        assert zone_tasks(session, an) == ()


def test_an_undone_rejection_is_no_task(house: House) -> None:
    decided(house, (Verdict.REJECT, WRONG), ward="tay-ho")
    with house.database.writing() as session:
        cases.undo(session, house.viewer("lan"), 1, now=house.now)
        assert zone_tasks(session, house.viewer("an")) == ()


def test_the_log_is_of_the_own_ward_and_filtered(client: TestClient, house: House) -> None:
    decided(house, (Verdict.CONFIRM, None), ward="tay-ho")
    decided(house, (Verdict.CONFIRM, None), ward="hong-ha")
    sign_in(client, "an")
    page = client.get("/audit").text
    assert "Nguyễn Thị Lan" in page
    assert "Đỗ Hoa" not in page
    assert "Chuỗi nhật ký toàn vẹn trong" in page
    only = client.get("/audit", params={"actor": "thị lan", "action": "case.confirm"}).text
    assert only.count("<tr>") == 2
    assert "Không có kết quả phù hợp." in client.get("/audit?subject=khong-co").text
    assert "Ghi ngày theo dạng" in client.get("/audit?first=2026-11-22").text
    assert "Toàn bộ chuỗi nhật ký toàn vẹn" in client.get("/audit?whole=true").text


def test_the_log_pages_back_to_its_beginning(client: TestClient, house: House) -> None:
    with house.database.writing() as session:
        for number in range(120):
            audit.append(session, house.viewer("an"), "zone.saved", f"entry-{number:03}", now=NOON)
    sign_in(client, "an")
    seen: list[str] = []
    address = "/audit?action=zone.saved&subject=entry"
    while address:
        page = client.get(address).text
        seen += [part[:9] for part in page.split("<bdi>")[1:] if part.startswith("entry-")]
        rest = page.split('<p class="row"><a class="button" href="', 1)
        address = rest[1].split('"', 1)[0].replace("&amp;", "&") if len(rest) == 2 else ""
    assert seen == [f"entry-{number:03}" for number in reversed(range(120))]


def test_a_changed_entry_is_said_on_the_page(client: TestClient, house: House) -> None:
    sign_in(client, "an")
    with house.database.writing() as session:
        session.execute(text("DROP TRIGGER audit_entry_refuses_update"))
        session.execute(text("UPDATE audit_entry SET actor = 'x' WHERE seq = 3"))
    assert "Chuỗi nhật ký không toàn vẹn" in client.get("/audit").text


def test_a_supervisor_reads_counts_and_the_own_ward_s_log_and_opens_nothing(
    client: TestClient, house: House
) -> None:
    code = "TH-2611-0001"
    decided(house, (Verdict.CONFIRM, None), ward="tay-ho")
    decided(house, (Verdict.CONFIRM, None), ward="hong-ha")
    with house.database.writing() as session:
        seeding.add_account(session, "mai", "Đỗ Mai", password=PASSWORD, now=NOON)
        seeding.grant(session, "mai", "tay-ho", Role.SUPERVISOR, now=NOON)
    sign_in(client, "mai")
    assert client.get("/", follow_redirects=False).headers["location"] == "/dashboard"
    log = client.get("/audit").text
    assert code in log
    assert "Nguyễn Thị Lan" in log
    assert "Đỗ Hoa" not in log
    assert client.get("/reports/2026-11").status_code == 200
    assert client.get(f"/cases/{code}").status_code == 404
    for address in ("/queue", "/cameras", "/users", "/approvals", "/reports/2026-11/cases"):
        assert client.get(address).status_code == 403, address


def test_operators_and_officials_read_neither(client: TestClient) -> None:
    for login in ("lan", "thu", "duc"):
        sign_in(client, login)
        for address in ("/audit", "/precision", "/users", "/permits"):
            assert client.get(address).status_code == 403, (login, address)


def test_whatever_is_logged_has_its_words() -> None:
    """An action without words would stand in the log as the program calls it."""
    source = Path(viahe_api.__file__).parent
    kinds = "cases?|file|still|zone|permit|camera|ward|device|account|report|report_key|round"
    literal = re.compile(rf'"((?:{kinds}|reasons|retention)\.[a-z_]+)"')
    written = {
        action
        for path in source.rglob("*.py")
        if path.name != "audit_words.py"
        for action in literal.findall(path.read_text(encoding="utf-8"))
        if not action.endswith((".id", ".html", ".jpg", ".jsonl"))
    }
    made = {f"case.{word}" for word in (*Verdict, *Handling)}
    assert len(written) > 30
    assert (written | made) - ACTIONS.keys() == set()


def test_the_log_says_what_happened_to_what_in_words(client: TestClient, house: House) -> None:
    decided(house, (Verdict.REJECT, RejectReason.PASSERS_BY), ward="tay-ho")
    with house.database.writing() as session:
        an, camera, secret = house.viewer("an"), house.camera_id(), house.settings.secret
        kept = camera_register.registered(session, an, camera)
        moved = replace(kept, street="Lạc Long Quân", owner="UBND phường")
        camera_register.change(session, an, camera, moved, TypedSources(), secret, now=house.now)
    sign_in(client, "an")
    page = client.get("/audit").text
    assert "hồ sơ TH-2611-0001" in page
    assert "lý do: Người, xe qua lại" in page
    assert "trạng thái trước: Chờ xem xét; trạng thái sau: Không vi phạm" in page
    assert "đã thay đổi: Tuyến phố, Đơn vị quản lý" in page
    client.cookies.set("language", "en")
    english = client.get("/audit").text
    assert "case TH-2611-0001" in english
    assert "reason: Passers-by" in english


def test_an_object_is_named_as_the_pages_name_it() -> None:
    vietnamese = read_language("vi")
    said = {
        "case:TH-2611-0001/still_act.jpg": "hồ sơ TH-2611-0001, Ảnh trích xuất: lúc xảy ra",
        "camera:1/zone:zone-2": "camera 1, khu vực zone-2",
        "case:TH-2611-0002/photo_2_5bebdb8d_shown.jpg": "hồ sơ TH-2611-0002, ảnh chụp 2, bản xem",
        "case:TH-2611-0002/photo_2_5bebdb8d.jpg": "hồ sơ TH-2611-0002, ảnh chụp 2",
        "camera:1/permit:12/GP-UBND/paper": "camera 1, giấy phép 12/GP-UBND, văn bản của giấy phép",
        "account:lan": "tài khoản lan",
        "entry-001": "entry-001",
    }
    assert {subject: subject_said(vietnamese, subject) for subject in said} == said


def test_whatever_an_entry_notes_has_its_words() -> None:
    noted = {
        key
        for path in Path(viahe_api.__file__).parent.glob("*.py")
        for key in noted_keys(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert len(noted) > 30
    assert noted - DETAILS.keys() == set()
    registered = {field.name for field in fields(Registered)} - {"has_source", "has_watch_source"}
    assert registered - FIELDS.keys() == set()


def noted_keys(tree: ast.Module) -> Iterator[str]:
    """Keys of every dict written as an entry's detail."""
    for node in ast.walk(tree):
        values: list[ast.expr] = []
        if isinstance(node, ast.Assign) and "detail" in map(ast.unparse, node.targets):
            values = [node.value]
        elif isinstance(node, ast.Call):
            values = [word.value for word in node.keywords if word.arg == "detail"]
            if re.search(r"(^|[._])(log|note)(_|$)", ast.unparse(node.func)):
                values += node.args
        for value in values:
            if isinstance(value, ast.Dict):
                yield from (key.value for key in value.keys if isinstance(key, ast.Constant))
