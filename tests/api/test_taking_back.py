"""An outcome is taken back until somebody builds on it, and stays on file."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from starlette.testclient import TestClient

from tests.api.house import House, sign_in
from tests.api.test_approvals import token_of
from tests.api.test_cases import decide
from tests.api.test_handling import a_record, a_sanction, hand_over, record, seen
from viahe_api import seeding, taking_back
from viahe_api.errors import NotFound, NotUndoable, RoleNeeded
from viahe_api.handling import Outcome
from viahe_api.language import read_languages
from viahe_api.period_address import read_period
from viahe_api.report_reading import viewer_report
from viahe_api.tables import AuditEntry, HandlingUndo
from viahe_api.vocabulary import Handling, Role, Verdict


@pytest.fixture
def code(house: House) -> str:
    code = house.report()
    decide(house, "lan", code, Verdict.CONFIRM)
    hand_over(house, "duc", code)
    return code


def take_back(house: House, step: int, login: str = "duc") -> None:
    with house.database.writing() as session:
        taking_back.take_back(session, house.viewer(login), step, now=house.now)


def test_an_outcome_taken_back_stays_on_file_and_the_case_is_where_it_was(
    house: House, code: str
) -> None:
    record(house, code, Outcome(Handling.REMINDED))
    step = seen(house, code).steps[-1]
    assert step.undoable
    take_back(house, step.id)
    take_back(house, step.id)
    view = seen(house, code)
    assert (view.handling, len(view.steps)) == (Handling.HANDED_OVER, 2)
    assert view.steps[-1].undone == ("Lê Đức", house.now)
    assert Handling.REMINDED in view.offered
    with house.database.reading() as session:
        undone = select(AuditEntry.action).where(AuditEntry.action == "case.outcome_undone")
        assert len(session.scalars(undone).all()) == 1


def test_steps_are_taken_back_from_the_newest_on(house: House, code: str) -> None:
    record(house, code, a_record(house))
    record(house, code, a_sanction(house))
    older, newest = seen(house, code).steps[-2:]
    assert (older.undoable, newest.undoable) == (False, True)
    with pytest.raises(NotUndoable):
        take_back(house, older.id)
    take_back(house, newest.id)
    take_back(house, older.id)
    assert seen(house, code).handling is Handling.HANDED_OVER


def test_a_hand_over_is_never_taken_back(house: House, code: str) -> None:
    (step,) = seen(house, code).steps
    assert not step.undoable
    with pytest.raises(NotUndoable):
        take_back(house, step.id)


def test_another_approver_does_not_take_it_back(house: House, code: str) -> None:
    with house.database.writing() as session:
        seeding.grant(session, "hoa", "tay-ho", Role.APPROVER, now=house.now)
    record(house, code, Outcome(Handling.REMINDED))
    step = seen(house, code).steps[-1]
    assert not seen(house, f"{code}@tay-ho", "hoa").steps[-1].undoable
    with pytest.raises(NotUndoable):
        take_back(house, step.id, "hoa")
    for login in ("lan", "an", "binh"):
        with pytest.raises((RoleNeeded, NotFound)):
            take_back(house, step.id, login)


def test_a_report_counts_what_stands_and_lists_no_fine_taken_back(house: House, code: str) -> None:
    record(house, code, a_record(house))
    record(house, code, a_sanction(house))
    assert fined(house) == (1, 1_500_000, 1_500_000)
    take_back(house, seen(house, code).steps[-1].id)
    assert fined(house) == (0, 0, None)


def fined(house: House) -> tuple[int, int, object]:
    """Sanctions and đồng of November, and the fine in the list of cases."""
    with house.database.reading() as session:
        report = viewer_report(session, house.viewer("duc"), read_period("2026-11"), now=house.now)
        outcomes = [act.outcomes for act in report.figures.acts]
        forms = {form.number: form for form in report.forms(read_languages()["vi"])}
        (row,) = forms["05"].rows
    return (
        sum(outcome.sanctioned for outcome in outcomes),
        sum(outcome.fined_dong for outcome in outcomes),
        row[-2],
    )


def test_what_was_taken_back_is_never_changed(house: House, code: str) -> None:
    record(house, code, Outcome(Handling.REMINDED))
    take_back(house, seen(house, code).steps[-1].id)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        house.database.writing() as session,
    ):
        session.delete(session.scalars(select(HandlingUndo)).one())


def test_the_way_back_stands_on_the_cases_page(client: TestClient, house: House, code: str) -> None:
    record(house, code, Outcome(Handling.REMINDED))
    step = seen(house, code).steps[-1].id
    sign_in(client, "duc")
    assert f"/cases/{code}/outcomes/{step}/undo" in client.get(f"/cases/{code}").text
    form = {"csrf": token_of(client)}
    page = client.post(f"/cases/{code}/outcomes/{step}/undo", data=form).text
    assert "Lê Đức đã hoàn tác lúc 22/11/2026 12:00" in page
    assert f"/cases/{code}/outcomes/{step}/undo" not in page
