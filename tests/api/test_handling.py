"""A confirmed case is handed over by a second person, and its outcome recorded on dated law."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from tests.api.house import House, a_suspicion
from tests.api.test_cases import decide, state_of, undo
from viahe_api import handling, handling_reading
from viahe_api.errors import (
    Conflict,
    FormFault,
    NotFound,
    NotUndoable,
    RoleNeeded,
    SecondPersonNeeded,
)
from viahe_api.handling import Outcome
from viahe_api.handling_reading import HandlingView
from viahe_api.law import bases_for
from viahe_api.tables import AuditEntry, HandlingStep, LegalBasis
from viahe_api.vocabulary import CaseState, Handling, Verdict
from viahe_api.working_days import after_working_days, is_working_day, working_days_until
from viahe_rules.domain import Act


@pytest.fixture
def code(house: House) -> str:
    code = house.report()
    decide(house, "lan", code, Verdict.CONFIRM)
    return code


def hand_over(house: House, login: str, code: str, form_id: str = "hand-over") -> None:
    with house.database.writing() as session:
        handling.hand_over(session, house.viewer(login), code, form_id=form_id, now=house.now)


def give_back(house: House, login: str, code: str, note: str) -> None:
    with house.database.writing() as session:
        handling.give_back(session, house.viewer(login), code, note, form_id="back", now=house.now)


def record(house: House, code: str, outcome: Outcome, login: str = "duc") -> None:
    form_id = f"{outcome}"[:64]
    with house.database.writing() as session:
        handling.record_outcome(
            session, house.viewer(login), code, outcome, form_id=form_id, now=house.now
        )


def seen(house: House, code: str, login: str = "duc") -> HandlingView:
    with house.database.reading() as session:
        return handling_reading.handling_of(session, house.viewer(login), code, now=house.now)


def a_sanction(house: House, **changes: object) -> Outcome:
    (basis, *_) = bases_of(house, Act.DUMPING)
    day = house.now.date()
    paper = {"number": "12/QĐ-XPHC", "day": day, "amount": 1_500_000, "basis_id": basis.id}
    return Outcome(Handling.SANCTIONED, **paper | changes)  # type: ignore[arg-type]


def a_record(house: House) -> Outcome:
    (basis, *_) = bases_of(house, Act.DUMPING)
    return Outcome(Handling.RECORDED, "07/BB-VPHC", house.now.date(), basis_id=basis.id)


def bases_of(house: House, act: Act, at: datetime | None = None) -> tuple[LegalBasis, ...]:
    with house.database.reading() as session:
        return bases_for(session, act, at or house.now)


def test_a_case_goes_from_confirmed_to_closed_and_every_step_is_logged(
    house: House, code: str
) -> None:
    hand_over(house, "duc", code)
    record(house, code, a_record(house))
    record(house, code, a_sanction(house))
    record(house, code, Outcome(Handling.COMPLIED, day=house.now.date()))
    record(house, code, Outcome(Handling.CLOSED))
    view = seen(house, code)
    assert [step.step for step in view.steps] == [
        Handling.HANDED_OVER,
        Handling.RECORDED,
        Handling.SANCTIONED,
        Handling.COMPLIED,
        Handling.CLOSED,
    ]
    assert (view.steps[2].number, view.steps[2].amount) == ("12/QĐ-XPHC", 1_500_000)
    assert "Nghị định" in view.steps[2].basis
    assert view.offered == ()
    assert state_of(house, code) is CaseState.SUFFICIENT
    with house.database.reading() as session:
        actions = set(session.scalars(select(AuditEntry.action)))
    assert {f"case.{step.step}" for step in view.steps} <= actions


def test_who_confirmed_a_case_neither_hands_it_over_nor_returns_it(house: House) -> None:
    code = house.report(ward="hong-ha")
    decide(house, "hoa", code, Verdict.CONFIRM)
    assert seen(house, code, "hoa").own
    with pytest.raises(SecondPersonNeeded):
        hand_over(house, "hoa", code)
    with pytest.raises(SecondPersonNeeded):
        give_back(house, "hoa", code, "xem lại")


def test_an_approver_hands_over_what_another_confirmed(house: House) -> None:
    code = house.report(ward="hong-ha")
    decide(house, "binh", code, Verdict.CONFIRM)
    hand_over(house, "hoa", code)
    assert seen(house, code, "hoa").handling is Handling.HANDED_OVER


@pytest.mark.parametrize("login", ["lan", "minh", "an", "thu", "hoa"])
def test_nobody_else_hands_over(house: House, code: str, login: str) -> None:
    with pytest.raises((RoleNeeded, NotFound)):
        hand_over(house, login, code)


def test_what_was_handed_over_is_not_undone(house: House) -> None:
    code = house.report()
    decision = decide(house, "lan", code, Verdict.CONFIRM)
    hand_over(house, "duc", code)
    with pytest.raises(NotUndoable):
        undo(house, "lan", decision.id)
    with pytest.raises(Conflict):
        hand_over(house, "duc", code, "again")


def test_only_a_confirmed_case_is_handed_over(house: House) -> None:
    with pytest.raises(Conflict):
        hand_over(house, "duc", house.report())


def test_a_form_sent_twice_hands_over_once(house: House, code: str) -> None:
    hand_over(house, "duc", code)
    hand_over(house, "duc", code)
    assert len(seen(house, code).steps) == 1


def test_a_returned_case_waits_for_operators_again_and_says_why(house: House, code: str) -> None:
    with pytest.raises(FormFault, match="missing"):
        give_back(house, "duc", code, "  ")
    give_back(house, "duc", code, "chưa rõ địa điểm")
    assert state_of(house, code) is CaseState.NEEDS_MORE
    decide(house, "lan", code, Verdict.CONFIRM, form_id="once more")
    hand_over(house, "duc", code)
    assert seen(house, code).steps[0].note == "chưa rõ địa điểm"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"number": " "}, "number_needed"),
        ({"day": None}, "day_needed"),
        ({"day": date(2027, 1, 1)}, "day_in_future"),
        ({"amount": None}, "amount_needed"),
        ({"basis_id": None}, "basis_needed"),
        ({"basis_id": 9}, "basis_needed"),  # one for encroachment
    ],
)
def test_a_sanction_needs_all_its_paper_says(
    house: House, code: str, changes: dict[str, object], fault: str
) -> None:
    hand_over(house, "duc", code)
    record(house, code, a_record(house))
    with pytest.raises(FormFault) as refused:
        record(house, code, a_sanction(house, **changes))
    assert refused.value.fault == fault
    assert seen(house, code).handling is Handling.RECORDED


def test_an_outcome_follows_the_step_before(house: House, code: str) -> None:
    with pytest.raises(Conflict):
        record(house, code, Outcome(Handling.REMINDED))
    hand_over(house, "duc", code)
    with pytest.raises(Conflict):
        record(house, code, a_sanction(house))


def test_bases_are_those_in_force_on_the_day_of_the_act(house: House) -> None:
    before = bases_of(house, Act.ENCROACHMENT, datetime(2024, 12, 31, 16, 59, tzinfo=UTC))
    after = bases_of(house, Act.ENCROACHMENT, datetime(2024, 12, 31, 17, 0, tzinfo=UTC))
    assert before == ()
    assert {basis.instrument for basis in after} == {"Nghị định 168/2024/NĐ-CP"}
    now = bases_of(house, Act.ENCROACHMENT)
    assert "Nghị định 282/2025/NĐ-CP" in {basis.instrument for basis in now}


def test_no_row_of_the_law_passes_for_verified(house: House) -> None:
    for act in Act:
        for basis in bases_of(house, act):
            assert basis.verified_by is None
            assert basis.source
            assert basis.certainty


def test_a_deadline_reminds_in_working_days_and_blocks_nothing(house: House, code: str) -> None:
    hand_over(house, "duc", code)  # Sunday
    deadline = seen(house, code).deadline
    assert deadline is not None
    assert (deadline.due, deadline.left, deadline.verified) == (date(2026, 11, 24), 2, False)
    house.clock.advance(10 * 86400)
    late = seen(house, code).deadline
    assert late is not None
    assert late.left == -6
    record(house, code, a_record(house))
    assert seen(house, code).handling is Handling.RECORDED


def test_a_recorded_step_is_never_changed(house: House, code: str) -> None:
    hand_over(house, "duc", code)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        house.database.writing() as session,
    ):
        session.scalars(select(HandlingStep)).one().number = "khác"


def test_the_approvers_lists_hold_what_waits_and_what_is_being_handled(house: House) -> None:
    first, second = house.report(), house.report(a_suspicion("key-2"))
    for code in (first, second):
        decide(house, "lan", code, Verdict.CONFIRM, form_id=code)
    hand_over(house, "duc", first)
    with house.database.reading() as session:
        lists = {
            handed: handling_reading.handled_cases(
                session, house.viewer("duc"), handed_over=handed, now=house.now
            )
            for handed in (False, True)
        }
        with pytest.raises(RoleNeeded):
            handling_reading.handled_cases(
                session, house.viewer("lan"), handed_over=True, now=house.now
            )
    assert [line.code for line in lists[False]] == [second]
    assert [line.code for line in lists[True]] == [first]
    assert lists[True][0].deadline is not None


def test_an_approver_sees_the_cases_of_their_own_ward_alone(house: House) -> None:
    code = house.report(ward="hong-ha")
    decide(house, "binh", code, Verdict.CONFIRM)
    with house.database.reading() as session:
        lists = {
            login: handling_reading.handled_cases(
                session, house.viewer(login), handed_over=False, now=house.now
            )
            for login in ("duc", "hoa")
        }
    assert (lists["duc"], len(lists["hoa"])) == ((), 1)


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(days, st.integers(0, 40), st.sets(days, max_size=8))
def test_counting_on_and_counting_between_agree(day: date, count: int, days_off: set[date]) -> None:
    due = after_working_days(day, count, days_off)
    assert working_days_until(day, due, days_off) == count
    assert count == 0 or is_working_day(due, days_off)
    later = due + timedelta(days=1)
    assert working_days_until(later, due, days_off) == -is_working_day(later, days_off)
