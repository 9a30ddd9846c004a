"""A field officer is sent to the place of a confirmed case, and says what was found."""

import re

import pytest
from sqlalchemy import delete, select
from starlette.testclient import TestClient

from tests.api.by_hand import employ, enter
from tests.api.house import CLIP, House, a_suspicion, sign_in
from tests.api.photos import PLACE, from_a_telephone
from tests.api.test_cases import decide, undo
from viahe_api import field_tasks, handling, officer_tasks, seeding
from viahe_api.errors import Conflict, FormFault, NotFound, NotUndoable, Refusal, RoleNeeded
from viahe_api.field_tasks import CaseTasks
from viahe_api.handling import Outcome
from viahe_api.officer_tasks import TaskView
from viahe_api.tables import AuditEntry, EvidenceFile, Grant
from viahe_api.vocabulary import FileKind, Finding, Handling, Role, Verdict


@pytest.fixture
def code(house: House) -> str:
    code = house.report()
    decide(house, "lan", code, Verdict.CONFIRM)
    return code


@pytest.fixture
def tuan(house: House) -> int:
    return employ(house)


def send(
    house: House,
    code: str,
    officer: int | None,
    *,
    login: str = "duc",
    to_check: str = "Còn rác không",
    form_id: str = "send",
) -> None:
    with house.database.writing() as session:
        field_tasks.send_officer(
            session, house.viewer(login), code, officer, to_check, form_id=form_id, now=house.now
        )


def record(house: House, task: int, finding: str = "cleared", login: str = "tuan") -> None:
    with house.database.writing() as session:
        officer_tasks.record_finding(
            session, house.viewer(login), task, finding, "Đã dọn sạch", now=house.now
        )


def tasks_of(house: House, login: str = "tuan") -> tuple[TaskView, ...]:
    with house.database.reading() as session:
        return officer_tasks.my_tasks(session, house.viewer(login), now=house.now)


def on_the_case(house: House, code: str, login: str = "duc") -> CaseTasks:
    with house.database.reading() as session:
        return field_tasks.case_tasks(session, house.viewer(login), code)


def test_an_officer_is_sent_and_what_was_found_stands_on_the_case(
    house: House, code: str, tuan: int
) -> None:
    assert [officer.name for officer in on_the_case(house, code).officers] == ["Ngô Tuấn"]
    send(house, code, tuan)
    (task,) = tasks_of(house)
    assert (task.address, task.group, task.to_check) == (
        "Trước số 12 ngõ 52",
        "TDP 7",
        "Còn rác không",
    )
    assert task.still == "still_act.jpg"
    record(house, task.id)
    (sent,) = on_the_case(house, code).sent
    assert (sent.officer, sent.finding, sent.note) == ("Ngô Tuấn", Finding.CLEARED, "Đã dọn sạch")
    (done,) = tasks_of(house)
    assert (done.finding, done.still) == (Finding.CLEARED, None)
    house.clock.advance(8 * 86400)
    assert tasks_of(house) == ()
    with house.database.reading() as session:
        actions = set(session.scalars(select(AuditEntry.action)))
    assert {"case.officer_sent", "case.finding"} <= actions


def test_the_same_form_sends_once_and_a_finding_counts_once(
    house: House, code: str, tuan: int
) -> None:
    send(house, code, tuan)
    send(house, code, tuan)
    (task,) = tasks_of(house)
    record(house, task.id, "cleared")
    record(house, task.id, "nothing")
    assert tasks_of(house)[0].finding is Finding.CLEARED


def test_nobody_is_sent_before_a_case_is_confirmed(house: House, tuan: int) -> None:
    waiting = house.report()
    assert on_the_case(house, waiting).officers == ()
    with pytest.raises(Conflict):
        send(house, waiting, tuan)


@pytest.mark.parametrize("login", ["lan", "an", "thu", "hoa", "tuan"])
def test_only_an_approver_of_the_ward_sends(house: House, code: str, tuan: int, login: str) -> None:
    with pytest.raises((RoleNeeded, NotFound)):
        send(house, code, tuan, login=login)


def test_only_a_field_officer_of_the_ward_is_sent(house: House, code: str) -> None:
    elsewhere = employ(house, "nga", "hong-ha")
    for somebody in (elsewhere, house.viewer("lan").account_id, None):
        with pytest.raises(FormFault) as refused:
            send(house, code, somebody)
        assert refused.value.fault == "officer_needed"


def test_what_to_check_is_said(house: House, code: str, tuan: int) -> None:
    with pytest.raises(FormFault) as refused:
        send(house, code, tuan, to_check=" ")
    assert refused.value.fault == "check_needed"


def test_an_officer_sees_and_answers_their_own_tasks_alone(
    house: House, code: str, tuan: int
) -> None:
    employ(house, "nga")
    send(house, code, tuan)
    (task,) = tasks_of(house)
    assert tasks_of(house, "nga") == ()
    for login in ("nga", "lan", "duc", "an"):
        with pytest.raises((NotFound, RoleNeeded)):
            record(house, task.id, login=login)


def test_a_role_taken_away_takes_the_tasks_along(house: House, code: str, tuan: int) -> None:
    send(house, code, tuan)
    viewer = house.viewer("tuan")
    with house.database.writing() as session:
        session.execute(delete(Grant).where(Grant.account_id == tuan))
    with house.database.reading() as session:
        assert officer_tasks.my_tasks(session, viewer, now=house.now) == ()


def test_an_officer_who_is_called_back_has_no_task(house: House, code: str, tuan: int) -> None:
    send(house, code, tuan)
    (task,) = tasks_of(house)
    with house.database.writing() as session:
        assert field_tasks.withdraw_task(session, house.viewer("duc"), task.id, now=house.now)
    assert tasks_of(house) == ()
    assert on_the_case(house, code).sent[0].withdrawn_at == house.now
    with pytest.raises(NotFound):
        record(house, task.id)


def test_a_decision_that_sent_somebody_is_not_undone_while_they_are_on_their_way(
    house: House, tuan: int
) -> None:
    code = house.report()
    decision = decide(house, "lan", code, Verdict.CONFIRM)
    send(house, code, tuan)
    with pytest.raises(NotUndoable):
        undo(house, "lan", decision.id)
    (task,) = tasks_of(house)
    with house.database.writing() as session:
        field_tasks.withdraw_task(session, house.viewer("duc"), task.id, now=house.now)
    assert undo(house, "lan", decision.id).undone_at == house.now


def test_a_task_shows_its_still_while_it_is_open_and_nothing_else_of_the_case(
    client: TestClient, house: House, code: str, tuan: int
) -> None:
    send(house, code, tuan)
    (task,) = tasks_of(house)
    sign_in(client, "tuan")
    page = client.get(f"/tasks/{task.id}").text
    assert "Còn rác không" in page
    assert code not in page
    assert "Nguyễn Thị Lan" not in page
    assert client.get(f"/tasks/{task.id}/still").content == b"\xff\xd8\xff act"
    assert client.get(f"/media/cases/{code}/clip.mp4").status_code == 404
    record(house, task.id)
    assert client.get(f"/tasks/{task.id}/still").status_code == 404
    assert CLIP not in client.get("/tasks").content
    with house.database.reading() as session:
        viewed = select(AuditEntry.actor).where(AuditEntry.object == f"case:{code}/still_act.jpg")
        assert session.scalars(viewed).all() == ["account:tuan"]


def test_a_finding_with_its_photo_is_sent_from_a_telephone(
    client: TestClient, house: House, tuan: int
) -> None:
    code = enter(house)
    decide(house, "minh", code, Verdict.CONFIRM)
    send(house, code, tuan)
    (task,) = tasks_of(house)
    sign_in(client, "tuan")
    csrf = re.findall(r'name="csrf" value="([^"]+)"', client.get(f"/tasks/{task.id}").text)[-1]
    form = {"csrf": csrf, "note": "Vẫn còn hai bao"}
    at = f"/tasks/{task.id}/finding"
    page = client.post(at, data=form, files={"photo": ("a.exe", b"MZ", "image/jpeg")}).text
    assert "không phải là ảnh" in page
    assert "Vẫn còn hai bao" in page
    photo = {"photo": ("a.jpg", from_a_telephone(seed=2), "image/jpeg")}
    assert "Cần chọn kết quả kiểm tra." in client.post(at, data=form, files=photo).text
    for _ in range(2):
        page = client.post(at, data=form | {"finding": "still_there"}, files=photo).text
        assert "Vẫn còn hai bao" in page
    with house.database.reading() as session:
        mine = select(EvidenceFile).where(EvidenceFile.name.startswith(f"task_{task.id}_"))
        kinds = {file.kind: file.name for file in session.scalars(mine)}
    assert kinds.keys() == {FileKind.PHOTO, FileKind.PHOTO_ORIGINAL}
    sign_in(client, "duc")
    case = client.get(f"/cases/{code}").text
    assert "Vẫn còn" in case
    shown = client.get(f"/media/cases/{code}/{kinds[FileKind.PHOTO]}")
    assert shown.status_code == 200
    assert PLACE not in shown.content


def test_an_approver_sends_and_calls_back_on_the_cases_page(
    client: TestClient, house: House, code: str, tuan: int
) -> None:
    sign_in(client, "duc")
    page = client.get(f"/cases/{code}").text
    csrf = re.findall(r'name="csrf" value="([^"]+)"', page)[-1]
    form = {"csrf": csrf, "form_id": "f", "officer": str(tuan)}
    refused = client.post(f"/cases/{code}/officer", data=form | {"to_check": ""})
    assert "Cần ghi nội dung kiểm tra" in refused.text
    page = client.post(f"/cases/{code}/officer", data=form | {"to_check": "Còn rác không"}).text
    assert "Chưa có kết quả kiểm tra" in page
    (task,) = tasks_of(house)
    page = client.post(f"/tasks/{task.id}/withdraw", data={"csrf": csrf}).text
    assert "Đã rút phân công" in page


def test_a_ward_without_field_officers_is_offered_none(
    client: TestClient, house: House, code: str
) -> None:
    sign_in(client, "duc")
    assert "Cử cán bộ hiện trường" not in client.get(f"/cases/{code}").text


def test_officers_of_two_wards_have_the_tasks_of_both(house: House, tuan: int) -> None:
    with house.database.writing() as session:
        seeding.grant(session, "tuan", "hong-ha", Role.FIELD_OFFICER, now=house.now)
    for ward, operator, approver in (("tay-ho", "lan", "duc"), ("hong-ha", "binh", "hoa")):
        code = house.report(a_suspicion(f"in-{ward}"), ward=ward)
        ref = f"{code}@{ward}" if operator == "binh" else code
        decide(house, operator, ref, Verdict.CONFIRM)
        send(house, code, tuan, login=approver, form_id=ward)
    assert {task.ward for task in tasks_of(house)} == {"Phường Tây Hồ", "Phường Hồng Hà"}


def test_a_closed_case_sends_nobody(house: House, code: str, tuan: int) -> None:
    with house.database.writing() as session:
        viewer = house.viewer("duc")
        handling.hand_over(session, viewer, code, form_id="h", now=house.now)
        closed = Outcome(Handling.CLOSED)
        handling.record_outcome(session, viewer, code, closed, form_id="c", now=house.now)
    with pytest.raises(Refusal):
        send(house, code, tuan)
