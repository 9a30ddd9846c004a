"""What people may do with a case, and what is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.api.house import House, a_suspicion
from viahe_api import cases, queries, seeding
from viahe_api.errors import (
    AlreadyDecided,
    Ambiguous,
    FormFault,
    NotFound,
    NotUndoable,
    OpenElsewhere,
    RoleNeeded,
)
from viahe_api.records import DecisionView
from viahe_api.tables import AuditEntry
from viahe_api.vocabulary import CaseState, RejectReason, Role, Verdict


def decide(house: House, login: str, code: str, verdict: Verdict, **more: object) -> DecisionView:
    form = {"form_id": f"form of {login} for {code}", **more}
    with house.database.writing() as session:
        return cases.decide(
            session,
            house.viewer(login),
            code,
            verdict,
            now=house.now,
            **form,  # type: ignore[arg-type]
        )


def undo(house: House, login: str, decision_id: int) -> DecisionView:
    with house.database.writing() as session:
        return cases.undo(session, house.viewer(login), decision_id, now=house.now)


def state_of(house: House, code: str) -> CaseState:
    with house.database.reading() as session:
        return queries.case_detail(session, house.viewer("duc"), code, now=house.now).state


def test_a_confirmed_case_has_sufficient_grounds_and_a_name_beside_them(house: House) -> None:
    code = house.report()
    decision = decide(house, "lan", code, Verdict.CONFIRM, note=" rõ biển số ")
    assert (decision.by, decision.note) == ("Nguyễn Thị Lan", "rõ biển số")
    assert state_of(house, code) is CaseState.SUFFICIENT


@pytest.mark.parametrize("reason", list(RejectReason))
def test_reasons_tell_no_violation_from_no_sufficient_grounds(
    house: House, reason: RejectReason
) -> None:
    code = house.report()
    decide(house, "lan", code, Verdict.REJECT, reason=reason, note="xe dừng đèn đỏ")
    open_question = reason.value in "780"
    expected = CaseState.INSUFFICIENT if open_question else CaseState.NOT_VIOLATION
    assert state_of(house, code) is expected


@pytest.mark.parametrize(
    ("verdict", "more", "fault"),
    [
        (Verdict.CONFIRM, {"form_id": ""}, "form_id"),
        (Verdict.CONFIRM, {"form_id": "x" * 65}, "form_id"),
        (Verdict.REJECT, {}, "reason_needed"),
        (Verdict.REJECT, {"reason": RejectReason.OTHER, "note": "  "}, "note_needed"),
        (Verdict.CONFIRM, {"note": "x" * 2001}, "note_too_long"),
        (Verdict.DUPLICATE, {}, "duplicate_needed"),
        (Verdict.DUPLICATE, {"duplicate_of": "TH-2611-0001"}, "duplicate_itself"),
    ],
)
def test_an_incomplete_form_is_refused_and_decides_nothing(
    house: House, verdict: Verdict, more: dict[str, object], fault: str
) -> None:
    code = house.report()
    with pytest.raises(FormFault) as refused:
        decide(house, "lan", code, verdict, **more)
    assert refused.value.fault == fault
    assert state_of(house, code) is CaseState.WAITING


@pytest.mark.parametrize("login", ["duc", "thu", "an"])
def test_nobody_but_an_operator_decides(house: House, login: str) -> None:
    code = house.report()
    with pytest.raises((RoleNeeded, NotFound)):
        decide(house, login, code, Verdict.CONFIRM)
    assert state_of(house, code) is CaseState.WAITING


@pytest.mark.parametrize("barred", [Role.ADMINISTRATOR, Role.OFFICIAL, Role.SUPERVISOR])
def test_an_operator_is_never_made_to_look_after_the_same_ward_s_decisions(
    house: House, barred: Role
) -> None:
    with (
        pytest.raises(FormFault, match="do not go together"),
        house.database.writing() as session,
    ):
        seeding.grant(session, "lan", "tay-ho", barred, now=house.now)


def test_the_second_to_decide_is_told_who_was_first_and_when(house: House) -> None:
    code = house.report()
    decide(house, "lan", code, Verdict.CONFIRM)
    first_at = house.now
    house.clock.advance(60)
    with pytest.raises(AlreadyDecided) as refused:
        decide(house, "minh", code, Verdict.REJECT, reason=RejectReason.PASSERS_BY)
    assert (refused.value.by, refused.value.at) == ("Nguyễn Thị Lan", first_at)


def test_a_form_sent_twice_gives_its_first_result(house: House) -> None:
    code = house.report()
    first = decide(house, "lan", code, Verdict.CONFIRM)
    house.clock.advance(5)
    assert decide(house, "lan", code, Verdict.CONFIRM) == first


def test_an_open_case_is_lent_for_three_minutes(house: House) -> None:
    code = house.report()
    with house.database.writing() as session:
        shown = cases.open_case(session, house.viewer("lan"), code, now=house.now)
    assert shown.lease is not None
    assert shown.lease.mine
    assert shown.lease.until == house.now + timedelta(minutes=3)
    with pytest.raises(OpenElsewhere) as refused:
        decide(house, "minh", code, Verdict.CONFIRM)
    assert refused.value.by == "Nguyễn Thị Lan"


def test_somebody_elses_open_case_is_shown_with_that_persons_name(house: House) -> None:
    code = house.report()
    with house.database.writing() as session:
        cases.open_case(session, house.viewer("lan"), code, now=house.now)
        shown = cases.open_case(session, house.viewer("minh"), code, now=house.now)
    assert shown.lease is not None
    assert (shown.lease.holder, shown.lease.mine) == ("Nguyễn Thị Lan", False)


def test_an_approver_looking_takes_nothing_from_the_operators(house: House) -> None:
    code = house.report()
    with house.database.writing() as session:
        shown = cases.open_case(session, house.viewer("duc"), code, now=house.now)
    assert shown.lease is None
    assert not shown.may_decide


def test_a_lease_that_ran_out_harms_nobody_unless_another_came(house: House) -> None:
    code, other = house.report(), house.report(a_suspicion("key-2"))
    with house.database.writing() as session:
        cases.open_case(session, house.viewer("lan"), code, now=house.now)
        cases.open_case(session, house.viewer("lan"), other, now=house.now)
    house.clock.advance(181)
    assert decide(house, "lan", code, Verdict.CONFIRM).state_after is CaseState.SUFFICIENT
    with house.database.writing() as session:
        cases.open_case(session, house.viewer("minh"), other, now=house.now)
    with pytest.raises(OpenElsewhere, match="Trần Văn Minh"):
        decide(house, "lan", other, Verdict.CONFIRM)


def test_a_lease_is_renewed_and_given_back(house: House) -> None:
    code, lan = house.report(), house.viewer("lan")
    with house.database.writing() as session:
        cases.open_case(session, lan, code, now=house.now)
        house.clock.advance(150)
        lease = cases.renew_lease(session, lan, code, now=house.now)
        assert lease.until == house.now + timedelta(minutes=3)
        cases.leave_case(session, house.viewer("minh"), code, now=house.now)
        with pytest.raises(OpenElsewhere):
            cases.renew_lease(session, house.viewer("minh"), code, now=house.now)
        cases.leave_case(session, lan, code, now=house.now)
        assert cases.renew_lease(session, house.viewer("minh"), code, now=house.now).mine


def test_a_page_that_is_left_gives_back_what_it_was_lent_and_nothing_lent_since(
    house: House,
) -> None:
    code, lan = house.report(), house.viewer("lan")
    with house.database.writing() as session:
        first = cases.open_case(session, lan, code, now=house.now).lease
        house.clock.advance(1)
        again = cases.open_case(session, lan, code, now=house.now).lease
        assert first is not None
        assert again is not None
        cases.leave_case(session, lan, code, now=house.now, until=first.until)
        with pytest.raises(OpenElsewhere):
            cases.renew_lease(session, house.viewer("minh"), code, now=house.now)
        cases.leave_case(session, lan, code, now=house.now, until=again.until)
        assert cases.renew_lease(session, house.viewer("minh"), code, now=house.now).mine


def test_an_undone_decision_stays_on_file_and_the_case_waits_again(house: House) -> None:
    code = house.report()
    decision = decide(house, "lan", code, Verdict.CONFIRM)
    assert decision.undoable
    undone = undo(house, "lan", decision.id)
    assert (undone.undone_at, undone.undoable) == (house.now, False)
    assert state_of(house, code) is CaseState.WAITING
    decide(house, "minh", code, Verdict.CONFIRM)


def test_only_the_newest_own_decision_can_be_undone(house: House) -> None:
    code = house.report()
    asked = decide(house, "lan", code, Verdict.MORE)
    with pytest.raises(NotUndoable, match="another person"):
        undo(house, "minh", asked.id)
    confirmed = decide(house, "minh", code, Verdict.CONFIRM)
    with pytest.raises(NotUndoable, match="built upon"):
        undo(house, "lan", asked.id)
    undo(house, "minh", confirmed.id)
    undo(house, "lan", asked.id)
    assert state_of(house, code) is CaseState.WAITING


def test_to_undo_a_decision_twice_is_to_undo_it_once(house: House) -> None:
    code = house.report()
    decision = decide(house, "lan", code, Verdict.CONFIRM)
    first = undo(house, "lan", decision.id)
    house.clock.advance(5)
    assert undo(house, "lan", decision.id) == first
    decide(house, "minh", code, Verdict.MORE)
    assert undo(house, "lan", decision.id) == first
    assert state_of(house, code) is CaseState.NEEDS_MORE
    with house.database.reading() as session:
        undone = select(AuditEntry).where(AuditEntry.action == "case.undone")
        assert len(session.scalars(undone).all()) == 1


def test_a_case_another_duplicates_cannot_be_undone_under_it(house: House) -> None:
    first, second = house.report(), house.report(a_suspicion("key-2"))
    confirmed = decide(house, "lan", first, Verdict.CONFIRM)
    repeated = decide(house, "minh", second, Verdict.DUPLICATE, duplicate_of=first)
    assert repeated.duplicate_of == first
    with pytest.raises(NotUndoable):
        undo(house, "lan", confirmed.id)


def test_a_code_that_two_wards_gave_must_say_which(house: House) -> None:
    house.report()
    house.report(ward="hong-ha")
    with pytest.raises(Ambiguous, match="hong-ha, tay-ho"):
        decide(house, "binh", "TH-2611-0001", Verdict.CONFIRM)
    decision = decide(house, "binh", "TH-2611-0001@hong-ha", Verdict.CONFIRM)
    assert decision.ref == "TH-2611-0001@hong-ha"
    assert state_of(house, "TH-2611-0001") is CaseState.WAITING


def test_a_case_is_found_by_its_key_as_well(house: House) -> None:
    house.report(a_suspicion("5f0c"))
    assert decide(house, "lan", "5f0c", Verdict.CONFIRM).code == "TH-2611-0001"
