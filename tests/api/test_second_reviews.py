"""A share of decisions is looked at again, blindly, and disagreement goes to an approver."""

import pytest
from starlette.testclient import TestClient

from tests.api.house import House, a_suspicion, sign_in
from tests.api.test_cases import state_of, undo
from tests.api.test_pages import faults_of, form_of
from viahe_api import cases, disagreements, second_reviews
from viahe_api.disagreements import Agreement
from viahe_api.errors import FormFault, NotFound, NotUndoable, RoleNeeded
from viahe_api.records import DecisionView
from viahe_api.second_reviews import Sampling
from viahe_api.tables import Case
from viahe_api.vocabulary import CaseState, RejectReason, Verdict

EVERY = Sampling(100, "s" * 32)


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
        second_reviews.give_opinion(
            session, house.viewer(login), code, verdict, now=house.now, reason=reason
        )


def waiting(house: House, login: str) -> tuple[str, ...]:
    with house.database.reading() as session:
        return second_reviews.waiting_refs(session, house.viewer(login))


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
    assert waiting(house, "lan") == ()
    assert waiting(house, "minh") == (code,)
    assert waiting(house, "binh") == (f"{code}@tay-ho",)
    assert waiting(house, "hoa") == waiting(house, "duc") == ()


def test_the_second_reviewer_sees_nothing_of_the_first(house: House) -> None:
    code = house.report()
    decide(house, "lan", code, Verdict.CONFIRM)
    with house.database.writing() as session:
        blind = second_reviews.blind_case(session, house.viewer("minh"), code, now=house.now)
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
    with pytest.raises(NotFound):
        opine(house, "minh", code, Verdict.REJECT)


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
    assert waiting(house, "minh") == ()
    assert agreement(house).waiting == 0


def test_a_rejection_needs_its_reason_here_too(house: House) -> None:
    code = house.report()
    decide(house, "lan", code, Verdict.CONFIRM)
    with pytest.raises(FormFault), house.database.writing() as session:
        second_reviews.give_opinion(
            session, house.viewer("minh"), code, Verdict.REJECT, now=house.now
        )


def test_what_asks_for_more_is_no_opinion(house: House) -> None:
    code = house.report(a_suspicion())
    decide(house, "lan", code, Verdict.MORE)
    assert waiting(house, "minh") == ()


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
    assert answer.url.path == "/queue"


def test_the_approver_sees_the_rate_and_settles(client: TestClient, house: House) -> None:
    same, other = house.report(), house.report(a_suspicion("key-2"))
    for code in (same, other):
        decide(house, "lan", code, Verdict.CONFIRM)
    opine(house, "minh", same, Verdict.CONFIRM)
    opine(house, "minh", other, Verdict.REJECT)
    sign_in(client, "duc")
    page = client.get("/agreement").text
    assert "50 % (9-91)" in page
    assert list(faults_of(page)) == []
    token = client.get("/session").json()["csrf"]
    address = page.split('action="/agreement/')[1].split('"')[0]
    form = {"csrf": token, "holds": "second"}
    page = client.post(f"/agreement/{address}", data=form).text
    assert "Không có ý kiến khác nhau." in page
    assert state_of(house, other) is CaseState.INSUFFICIENT


@pytest.mark.parametrize("login", ["lan", "an", "thu"])
def test_the_rate_is_the_approvers_to_see(client: TestClient, login: str) -> None:
    sign_in(client, login)
    assert client.get("/agreement").status_code == 403
