"""What an approver settled between two opinions is taken back until somebody builds on it."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from tests.api.by_hand import employ
from tests.api.house import House, sign_in
from tests.api.test_cases import state_of
from tests.api.test_field_tasks import send
from tests.api.test_pages import faults_of
from tests.api.test_second_reviews import agreement, decide, opine, settle
from viahe_api import disagreements, handling, settlements
from viahe_api.errors import AlreadyDecided, NotFound, NotUndoable
from viahe_api.settlements import Settlement
from viahe_api.vocabulary import CaseState, Verdict


@pytest.fixture
def code(house: House) -> str:
    """A case that one reviewer confirmed and another would reject."""
    code = house.report()
    decide(house, "lan", code, Verdict.CONFIRM)
    opine(house, "minh", code, Verdict.REJECT)
    return code


@pytest.fixture
def first_id(house: House, code: str) -> int:
    with house.database.reading() as session:
        (two,) = disagreements.disagreements(session, house.viewer("duc"))
    return two.first_id


def take_back(house: House, first_id: int, login: str = "duc") -> None:
    with house.database.writing() as session:
        settlements.take_back_settlement(session, house.viewer(login), first_id, now=house.now)


def own(house: House, login: str = "duc") -> tuple[Settlement, ...]:
    with house.database.reading() as session:
        return settlements.own_settlements(session, house.viewer(login), now=house.now)


def hand_over(house: House, code: str) -> None:
    with house.database.writing() as session:
        handling.hand_over(session, house.viewer("duc"), code, form_id="f", now=house.now)


@pytest.mark.parametrize("second_holds", [True, False])
def test_the_two_opinions_wait_again_and_the_other_may_hold(
    house: House, code: str, first_id: int, second_holds: bool
) -> None:
    settle(house, "duc", first_id, second_holds=second_holds)
    for _ in range(2):  # sent twice it is done once
        take_back(house, first_id)
    assert state_of(house, code) is CaseState.SUFFICIENT
    assert agreement(house).unsettled == 1
    assert own(house) == ()
    settle(house, "duc", first_id, second_holds=True)
    assert state_of(house, code) is CaseState.INSUFFICIENT
    (settled,) = own(house)
    assert (settled.second_holds, settled.undoable) == (True, True)


def send_an_officer(house: House, code: str) -> None:
    send(house, code, employ(house))


@pytest.mark.parametrize("build", [hand_over, send_an_officer])
def test_not_once_somebody_has_built_on_it(
    house: House, code: str, first_id: int, build: Callable[[House, str], object]
) -> None:
    settle(house, "duc", first_id, second_holds=False)
    build(house, code)
    assert [settled.undoable for settled in own(house)] == [False]
    with pytest.raises(NotUndoable):
        take_back(house, first_id)
    assert agreement(house).unsettled == 0


def test_nor_by_another_person_or_in_another_ward(house: House, code: str, first_id: int) -> None:
    settle(house, "duc", first_id, second_holds=True)
    for login in ("hoa", "lan"):
        with pytest.raises((NotFound, NotUndoable)):
            take_back(house, first_id, login)
    assert state_of(house, code) is CaseState.INSUFFICIENT


def test_yesterdays_choices_are_not_listed(house: House, first_id: int) -> None:
    settle(house, "duc", first_id, second_holds=True)
    house.clock.advance(86400)
    assert own(house) == ()


def test_a_choice_sent_twice_is_made_once_and_another_says_what_was_chosen(
    client: TestClient, house: House, code: str, first_id: int
) -> None:
    sign_in(client, "duc")
    token = client.get("/session").json()["csrf"]
    for _ in range(2):
        page = client.post(f"/agreement/{first_id}", data={"csrf": token, "holds": "second"})
        assert f"Đã theo ý kiến thứ hai về {code}." in page.text
        assert page.url.path == "/agreement"
    other = client.post(f"/agreement/{first_id}", data={"csrf": token, "holds": "first"})
    assert other.status_code == 409
    assert "Chưa lưu: Lê Đức đã chọn ý kiến lúc 12:00." in other.text
    assert list(faults_of(other.text)) == []
    with pytest.raises(AlreadyDecided), house.database.reading() as session:
        settlements.was_settled_alike(session, house.viewer("duc"), first_id, second_holds=False)
    again = client.post(f"/agreement/{first_id}/undo", data={"csrf": token})
    assert "Giữ ý kiến thứ nhất" in again.text
    assert state_of(house, code) is CaseState.SUFFICIENT
