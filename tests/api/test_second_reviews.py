"""A share of decisions is looked at again, blindly, and disagreement goes to an approver."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from tests.api.house import House, a_suspicion, sign_in
from tests.api.test_cases import state_of, undo
from tests.api.test_pages import faults_of, form_of
from viahe_api import (
    cases,
    disagreements,
    handling,
    second_looks,
    second_reviews,
    settlements,
)
from viahe_api.disagreements import Agreement
from viahe_api.errors import AlreadyDecided, FormFault, NotFound, NotUndoable, RoleNeeded
from viahe_api.records import DecisionView
from viahe_api.second_reviews import Sampling
from viahe_api.tables import Case
from viahe_api.vocabulary import CaseState, RejectReason, Verdict

EVERY = Sampling(100, "s" * 32)
ONE_MORE = "Còn 1 trường hợp chưa có trong danh sách này."


def decide(
    house: House, login: str, code: str, verdict: Verdict, sampling: Sampling = EVERY
) -> DecisionView:
    reason = RejectReason.PASSERS_BY if verdict is Verdict.REJECT else None
    with house.database.writing() as session:
        return cases.decide(
            session,
            house.viewer(login),
            code,
            verdict,
            form_id=f"{login} {code}",
            now=house.now,
            reason=reason,
            note="nhìn rõ",
            sampling=sampling,
        )


def opine(house: House, login: str, code: str, verdict: Verdict) -> None:
    reason = RejectReason.PICTURE_TOO_POOR if verdict is Verdict.REJECT else None
    with house.database.writing() as session:
        second_looks.give_opinion(
            session, house.viewer(login), code, verdict, now=house.now, reason=reason
        )


def waiting(house: House, login: str) -> int:
    with house.database.reading() as session:
        return second_reviews.count_waiting(session, house.viewer(login))


def next_look(house: House, login: str) -> str | None:
    with house.database.reading() as session:
        return second_reviews.next_look(session, house.viewer(login), now=house.now)


def agreement(house: House, login: str = "duc") -> Agreement:
    with house.database.reading() as session:
        return disagreements.agreement(session, house.viewer(login))


def settle(house: House, login: str, first_id: int, *, second_holds: bool) -> None:
    with house.database.writing() as session:
        disagreements.settle(
            session, house.viewer(login), first_id, second_holds=second_holds, now=house.now
        )


def test_a_drawn_case_waits_for_another_operator_of_its_ward(house: House) -> None:
    code = house.report()
    decide(house, "lan", code, Verdict.CONFIRM)
    assert (waiting(house, "lan"), next_look(house, "lan")) == (0, None)
    assert (waiting(house, "minh"), next_look(house, "minh")) == (1, code)
    assert (waiting(house, "binh"), next_look(house, "binh")) == (1, f"{code}@tay-ho")
    assert waiting(house, "hoa") == waiting(house, "duc") == 0


def test_the_second_reviewer_sees_nothing_of_the_first(house: House) -> None:
    code = house.report()
    decide(house, "lan", code, Verdict.CONFIRM)
    with house.database.writing() as session:
        blind = second_looks.blind_case(session, house.viewer("minh"), code, now=house.now)
    assert (blind.state, blind.decisions, blind.may_decide) == (CaseState.WAITING, (), True)
    assert "Lan" not in repr(blind)


@pytest.mark.parametrize("login", ["lan", "duc", "an", "thu", "hoa"])
def test_nobody_else_gives_the_second_opinion(house: House, login: str) -> None:
    code = house.report()
    decide(house, "lan", code, Verdict.CONFIRM)
    with pytest.raises((NotFound, RoleNeeded)):
        opine(house, login, code, Verdict.CONFIRM)


def test_agreement_is_counted_and_changes_nothing(house: House) -> None:
    code = house.report()
    decide(house, "lan", code, Verdict.CONFIRM)
    assert agreement(house) == Agreement(done=0, agreed=0, waiting=1, unsettled=0)
    opine(house, "minh", code, Verdict.CONFIRM)
    assert agreement(house) == Agreement(done=1, agreed=1, waiting=0, unsettled=0)
    assert agreement(house, "hoa") == Agreement(0, 0, 0, 0)
    assert state_of(house, code) is CaseState.SUFFICIENT
    opine(house, "minh", code, Verdict.REJECT)
    assert agreement(house).agreed == 1, "sent again, the first opinion stays"
    with pytest.raises(AlreadyDecided, match="Trần Văn Minh"):
        opine(house, "binh", code, Verdict.REJECT)


@pytest.mark.parametrize("second_holds", [True, False])
def test_an_approver_says_which_opinion_holds(house: House, second_holds: bool) -> None:
    code = house.report()
    first = decide(house, "lan", code, Verdict.CONFIRM)
    opine(house, "minh", code, Verdict.REJECT)
    with house.database.reading() as session:
        (two,) = disagreements.disagreements(session, house.viewer("duc"))
    assert (two.first.by, two.second.by) == ("Nguyễn Thị Lan", "Trần Văn Minh")
    with pytest.raises(NotFound):
        settle(house, "hoa", first.id, second_holds=second_holds)
    settle(house, "duc", first.id, second_holds=second_holds)
    expected = CaseState.INSUFFICIENT if second_holds else CaseState.SUFFICIENT
    assert state_of(house, code) is expected
    assert agreement(house).unsettled == 0
    with pytest.raises(NotFound):
        settle(house, "duc", first.id, second_holds=not second_holds)


def test_a_decision_somebody_looked_at_again_is_not_undone(house: House) -> None:
    code = house.report()
    first = decide(house, "lan", code, Verdict.CONFIRM)
    opine(house, "minh", code, Verdict.REJECT)
    with pytest.raises(NotUndoable):
        undo(house, "lan", first.id)


def test_an_undone_decision_is_looked_at_by_nobody(house: House) -> None:
    code = house.report()
    undo(house, "lan", decide(house, "lan", code, Verdict.CONFIRM).id)
    assert waiting(house, "minh") == 0
    assert agreement(house).waiting == 0


def test_a_rejection_needs_its_reason_here_too(house: House) -> None:
    code = house.report()
    decide(house, "lan", code, Verdict.CONFIRM)
    with pytest.raises(FormFault), house.database.writing() as session:
        second_looks.give_opinion(
            session, house.viewer("minh"), code, Verdict.REJECT, now=house.now
        )


def test_what_asks_for_more_is_no_opinion(house: House) -> None:
    code = house.report(a_suspicion())
    decide(house, "lan", code, Verdict.MORE)
    assert waiting(house, "minh") == 0


def test_the_share_is_kept_and_a_case_is_drawn_or_not_for_good() -> None:
    sampling = Sampling(5, "s" * 32)
    drawn = [
        number for number in range(4000) if sampling.draws(Case(ward_id=1, key=f"key-{number}"))
    ]
    assert 120 < len(drawn) < 280
    assert not any(Sampling(0, "x").draws(Case(ward_id=1, key=f"{n}")) for n in range(50))
    other = Sampling(5, "t" * 32)
    assert drawn != [n for n in range(4000) if other.draws(Case(ward_id=1, key=f"key-{n}"))]


def test_the_second_look_is_a_page_without_history(client: TestClient, house: House) -> None:
    code = house.report()
    decide(house, "lan", code, Verdict.CONFIRM)
    sign_in(client, "minh")
    assert "Xem xét lần hai (1)" in client.get("/queue").text
    page = client.get("/second-reviews").text
    assert "Xem xét lần hai: không hiển thị quyết định trước đó." in page
    assert "Nguyễn Thị Lan" not in page
    assert "Lịch sử" not in page
    assert list(faults_of(page)) == []
    form = form_of(client, f"/second-reviews/{code}")
    refused = client.post(f"/second-reviews/{code}/reject", data=form)
    assert "Cần chọn lý do." in refused.text
    answer = client.post(f"/second-reviews/{code}/reject", data=form | {"reason": "8"})
    assert f"Đã ghi ý kiến lần hai về {code}: Loại bỏ." in answer.text
    assert "Không còn trường hợp chờ xem xét lần hai." in answer.text
    assert list(faults_of(answer.text)) == []


def test_the_approver_sees_the_rate_and_settles(client: TestClient, house: House) -> None:
    same, other = house.report(), house.report(a_suspicion("key-2"))
    for code in (same, other):
        decide(house, "lan", code, Verdict.CONFIRM)
    opine(house, "minh", same, Verdict.CONFIRM)
    opine(house, "minh", other, Verdict.REJECT)
    sign_in(client, "duc")
    page = client.get("/agreement").text
    assert "50 % (9-91)" in page
    assert "Trước số 12 ngõ 52, Thụy Khuê, TDP 7" in page
    assert list(faults_of(page)) == []
    token = client.get("/session").json()["csrf"]
    address = page.split('action="/agreement/')[1].split('"')[0]
    form = {"csrf": token, "holds": "second"}
    page = client.post(f"/agreement/{address}", data=form).text
    assert "Không có ý kiến khác nhau." in page
    assert f"Đã theo ý kiến thứ hai về {other}." in page
    assert state_of(house, other) is CaseState.INSUFFICIENT


def test_two_people_do_not_look_at_one_case_a_second_time(client: TestClient, house: House) -> None:
    first, other = house.report(), house.report(a_suspicion("key-2"))
    for code in (first, other):
        decide(house, "lan", code, Verdict.CONFIRM)
    sign_in(client, "minh")
    form = form_of(client, f"/second-reviews/{first}") | {"note": "nhìn rõ túi"}
    with TestClient(client.app) as elsewhere:
        sign_in(elsewhere, "binh")
        assert elsewhere.get("/second-reviews").url.path == f"/second-reviews/{other}@tay-ho"
        page = elsewhere.get(f"/second-reviews/{first}@tay-ho").text
        assert "Trần Văn Minh đang xem trường hợp này" in page
        theirs = form_of(elsewhere, f"/second-reviews/{first}@tay-ho")
        refused = elsewhere.post(f"/second-reviews/{first}@tay-ho/confirm", data=theirs)
        assert refused.status_code == 409
        house.clock.advance(181)
        assert elsewhere.post(f"/second-reviews/{first}@tay-ho/confirm", data=theirs).is_success
    late = client.post(f"/second-reviews/{first}/confirm", data=form)
    assert late.status_code == 409
    assert "Chưa lưu: Hồ Bình đã quyết định lúc 12:03." in late.text
    assert "nhìn rõ túi" in late.text, "the note is kept"
    assert list(faults_of(late.text)) == []


def test_a_second_look_counts_earlier_cases_and_opens_none(
    client: TestClient, house: House
) -> None:
    house.report(a_suspicion("earlier"), start_at=house.now - timedelta(days=1))
    code = house.report()
    decide(house, "lan", code, Verdict.CONFIRM)
    sign_in(client, "minh")
    shown = "Tại vị trí này</dt><dd>1 lần/6 tháng, 0 đủ căn cứ"
    assert shown in client.get(f"/second-reviews/{code}").text


def test_the_button_of_the_queue_counts_more_second_looks_than_are_listed(
    client: TestClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_reviews, "LISTED", 1)
    for key in ("key-1", "key-2", "key-3"):
        decide(house, "lan", house.report(a_suspicion(key)), Verdict.CONFIRM)
    sign_in(client, "minh")
    assert "Xem xét lần hai (3)" in client.get("/queue").text
    assert "Còn 3 trường hợp chờ." in client.get("/second-reviews").text


def test_more_differing_opinions_than_are_listed_are_counted(
    client: TestClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disagreements, "LISTED", 1)
    sign_in(client, "duc")
    for key, said in (("key-1", False), ("key-2", True)):
        code = house.report(a_suspicion(key))
        decide(house, "lan", code, Verdict.CONFIRM)
        opine(house, "minh", code, Verdict.REJECT)
        assert (ONE_MORE in client.get("/agreement").text) is said


def test_more_choices_of_today_than_are_listed_are_counted(
    client: TestClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settlements, "LISTED", 1)
    sign_in(client, "duc")
    for key, said in (("key-1", False), ("key-2", True)):
        code = house.report(a_suspicion(key))
        first = decide(house, "lan", code, Verdict.CONFIRM)
        opine(house, "minh", code, Verdict.REJECT)
        settle(house, "duc", first.id, second_holds=False)
        page = client.get("/agreement").text
        assert page.count("Hoàn tác<") == 1
        assert (ONE_MORE in page) is said


def test_a_second_look_is_kept_longer_by_its_holder_alone(client: TestClient, house: House) -> None:
    code = house.report()
    decide(house, "lan", code, Verdict.CONFIRM)
    sign_in(client, "minh")
    form = form_of(client, f"/second-reviews/{code}")
    house.clock.advance(120)
    kept = client.post(f"/second-reviews/{code}/lease", data=form)
    assert kept.text == "Giữ đến 12:05"
    with TestClient(client.app) as elsewhere:
        sign_in(elsewhere, "binh")
        theirs = form_of(elsewhere, f"/second-reviews/{code}@tay-ho")
        asked = elsewhere.post(f"/second-reviews/{code}@tay-ho/lease", data=theirs)
        assert asked.status_code == 409
        left = form | {"until": kept.headers["x-held-until"]}
        assert client.post(f"/second-reviews/{code}/leave", data=left).status_code == 204
        asked = elsewhere.post(f"/second-reviews/{code}@tay-ho/lease", data=theirs)
        assert asked.status_code == 200


def test_who_signs_out_gives_back_the_second_look_that_was_open(
    client: TestClient, house: House
) -> None:
    mine, theirs = house.report(), house.report(a_suspicion("key-2"))
    for code in (mine, theirs):
        decide(house, "lan", code, Verdict.CONFIRM)
    sign_in(client, "minh")
    csrf = form_of(client, f"/second-reviews/{mine}")["csrf"]
    with TestClient(client.app) as elsewhere:
        sign_in(elsewhere, "binh")
        elsewhere.get(f"/second-reviews/{theirs}@tay-ho")
        assert "Trần Văn Minh đang xem" in elsewhere.get(f"/second-reviews/{mine}@tay-ho").text
        client.post("/sign-out", data={"csrf": csrf})
        assert "Trần Văn Minh đang xem" not in elsewhere.get(f"/second-reviews/{mine}@tay-ho").text
        sign_in(client, "minh")
        assert "Hồ Bình đang xem" in client.get(f"/second-reviews/{theirs}").text


def test_an_opinion_sent_twice_is_one_and_a_skipped_case_comes_again(
    client: TestClient, house: House
) -> None:
    first, other = house.report(), house.report(a_suspicion("key-2"))
    for code in (first, other):
        decide(house, "lan", code, Verdict.CONFIRM)
    sign_in(client, "minh")
    form = form_of(client, f"/second-reviews/{first}")
    skipped = client.post(f"/second-reviews/{first}/skip", data=form)
    assert skipped.url.path == f"/second-reviews/{other}"
    for _ in range(2):
        kept = client.post(f"/second-reviews/{other}/confirm", data=form)
        assert kept.url.path == f"/second-reviews/{first}"
        assert f"Đã ghi ý kiến lần hai về {other}: Xác nhận đủ căn cứ." in kept.text
    assert agreement(house).done == 1


def test_a_case_that_has_gone_on_is_not_offered_the_second_opinion(
    client: TestClient, house: House
) -> None:
    code = house.report()
    decide(house, "lan", code, Verdict.CONFIRM)
    opine(house, "minh", code, Verdict.REJECT)
    sign_in(client, "duc")
    assert "Theo ý kiến thứ hai" in client.get("/agreement").text
    with house.database.writing() as session:
        handling.hand_over(session, house.viewer("duc"), code, form_id="f", now=house.now)
    page = client.get("/agreement").text
    assert "Theo ý kiến thứ hai" not in page
    assert "Không còn áp dụng được: hồ sơ đã được xử lý tiếp." in page
    assert "Giữ ý kiến thứ nhất" in page


@pytest.mark.parametrize("login", ["lan", "an", "thu"])
def test_the_rate_is_the_approvers_to_see(client: TestClient, login: str) -> None:
    sign_in(client, login)
    assert client.get("/agreement").status_code == 403
