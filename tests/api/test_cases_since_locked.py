"""Each case of a locked report that changed since is named, with its cause, time and person."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select

from tests.api.house import House, a_suspicion
from tests.api.locked import (
    HANOI,
    IN_NOVEMBER,
    NOVEMBER,
    VIETNAMESE,
    changed,
    decide,
    lock,
    lose,
    outcome,
    read,
    told_since,
)
from viahe_api import cases, duplicates, handling, integrity
from viahe_api.adjustment_causes import Cause, Why
from viahe_api.exports.files import ReportFile, write_file
from viahe_api.report_reading import viewer_report
from viahe_api.tables import Account, Case, Decision, EvidenceFile
from viahe_api.tables.handling import HandlingUndo
from viahe_api.vocabulary import CaseState, Handling, RejectReason, Verdict


def test_what_changed_since_stands_beside_it_with_its_reason(
    house: House, codes: list[str]
) -> None:
    assert changed(house) == ()
    decide(house, codes[1], Verdict.REJECT, note="người đi qua")
    late = house.report(a_suspicion("late"), start_at=IN_NOVEMBER)
    rejected, came_late = sorted(changed(house), key=lambda one: one.code)
    assert (rejected.code, rejected.before, rejected.after) == (
        codes[1],
        CaseState.WAITING,
        CaseState.NOT_VIOLATION,
    )
    assert rejected.why == Why(
        Cause.REJECTED, house.now, "Nguyễn Thị Lan", RejectReason.PASSERS_BY, "người đi qua"
    )
    assert (came_late.code, came_late.before, came_late.after) == (late, None, CaseState.WAITING)
    assert came_late.why == Why(Cause.RECEIVED, house.now)
    _, cases_changed = told_since(house)
    assert [row[8] for row in cases_changed] == [
        "Kết luận: loại bỏ; Người, xe qua lại; người đi qua",
        "Tiếp nhận sau khi chốt số liệu",
    ]


def test_a_decision_taken_back_after_the_lock_is_an_adjustment(
    house: House, codes: list[str]
) -> None:
    with house.database.writing() as session:
        decision = session.scalars(select(Decision.id)).one()
        cases.undo(session, house.viewer("lan"), decision, now=house.now)
    (undone,) = changed(house)
    assert (undone.before, undone.after) == (CaseState.SUFFICIENT, CaseState.WAITING)
    assert undone.why == Why(Cause.DECISION_TAKEN_BACK, house.now, "Nguyễn Thị Lan")


def test_who_took_anothers_decision_back_is_named_and_not_who_made_it(house: House) -> None:
    first, again = (house.report(a_suspicion(key), start_at=IN_NOVEMBER) for key in "ab")
    with house.database.writing() as session:
        lan = house.viewer("lan")
        cases.decide(
            session,
            lan,
            again,
            Verdict.DUPLICATE,
            form_id="repeats",
            duplicate_of=first,
            now=house.now,
        )
    house.clock.advance(60)
    lock(house)
    house.clock.advance(60)
    with house.database.writing() as session:
        duplicates.split(session, house.viewer("minh"), again, now=house.now)
    (split,) = changed(house)
    assert (split.before, split.after) == (CaseState.DUPLICATE, CaseState.WAITING)
    assert split.why == Why(Cause.DECISION_TAKEN_BACK, house.now, "Trần Văn Minh")


def test_a_case_an_approver_returned_says_so_and_what_is_missing(
    house: House, codes: list[str]
) -> None:
    with house.database.writing() as session:
        duc = house.viewer("duc")
        handling.give_back(session, duc, codes[0], "thiếu ảnh", form_id="back", now=house.now)
    (returned,) = changed(house)
    assert returned.after is CaseState.NEEDS_MORE
    assert returned.why == Why(Cause.RETURNED, house.now, "Lê Đức", None, "thiếu ảnh")


def test_what_was_begun_before_the_lock_and_kept_after_it_is_an_adjustment(
    house: House, codes: list[str]
) -> None:
    """It bears the time at which it was asked for."""
    locked_at, before = house.now, house.now - timedelta(seconds=3660, milliseconds=200)
    house.clock.now = before
    house.report(a_suspicion("under-way"), start_at=IN_NOVEMBER)
    outcome(house, codes[0], Handling.REMINDED, date(2026, 11, 12))
    house.clock.now = locked_at
    late, reminded = told_since(house)[1]
    assert [late[8], reminded[8]] == [
        "Tiếp nhận sau khi chốt số liệu",
        "Kết quả xử lý nhập sau khi chốt số liệu",
    ]


def test_evidence_that_was_lost_inside_a_locked_report_is_named_and_stays_counted(
    house: House, codes: list[str]
) -> None:
    house.store.case_file("tay-ho", codes[0], "clip.mp4").write_bytes(b"other")
    integrity.verify_evidence(house.database, house.store, now=house.now)
    (lost,) = changed(house)
    assert (lost.code, lost.after) == (codes[0], CaseState.INTEGRITY_ERROR)
    assert lost.why == Why(Cause.INTEGRITY_LOST, house.now)
    assert read(house)[0].figures.counts.sufficient == 1


def test_a_case_that_is_gone_is_an_adjustment_without_a_state(
    house: House, codes: list[str]
) -> None:
    with house.database.writing() as session:
        gone = session.scalars(select(Case.id).where(Case.code == codes[2])).one()
        session.execute(delete(EvidenceFile).where(EvidenceFile.case_id == gone))
        session.execute(delete(Case).where(Case.id == gone))
    (adjustment,) = changed(house)
    assert (adjustment.code, adjustment.after) == (codes[2], None)
    assert adjustment.why == Why(Cause.REMOVED)


def test_a_fine_entered_late_is_an_adjustment_of_its_period(house: House, codes: list[str]) -> None:
    assert told_since(house) == [[], []]
    outcome(house, codes[0], Handling.SANCTIONED, date(2026, 11, 12), 2_500_000, "vào sổ muộn")
    outcome(house, codes[1], Handling.SANCTIONED, date(2026, 11, 15), 1_000_000)  # the next period
    figures, cases_changed = told_since(house)
    act = "Đổ rác thải bừa bãi"
    assert [row[1:] for row in figures] == [
        [act, "Quyết định xử phạt", 0, 1, 1],
        [act, "Số tiền phạt (đồng)", 0, 2_500_000, 2_500_000],
    ]
    (row,) = cases_changed
    assert row[1] == codes[0]
    assert row[4:] == [
        "Quyết định xử phạt",
        None,
        "12/11/2026, số 15/QĐ-XPHC, 2.500.000 đồng",
        house.now,
        "Kết quả xử lý nhập sau khi chốt số liệu; vào sổ muộn",
        "Lê Đức",
    ]


def test_an_outcome_corrected_or_taken_back_after_the_lock_is_an_adjustment(house: House) -> None:
    fined, reminded = (house.report(a_suspicion(key), start_at=IN_NOVEMBER) for key in "ab")
    for code in (fined, reminded):
        decide(house, code, Verdict.CONFIRM)
    outcome(house, fined, Handling.SANCTIONED, date(2026, 11, 10), 1_000_000)
    back = outcome(house, reminded, Handling.REMINDED, date(2026, 11, 10))
    house.clock.advance(60)
    lock(house)
    house.clock.advance(3600)
    outcome(house, fined, Handling.SANCTIONED, date(2026, 11, 10), 1_500_000)
    with house.database.writing() as session:
        account = session.scalars(select(Account.id).where(Account.login == "duc")).one()
        session.add(HandlingUndo(step_id=back, account_id=account, at=house.now))
    figures, cases_changed = told_since(house)
    assert [row[3:] for row in figures] == [[1, 0, -1], [1_000_000, 1_500_000, 500_000]]
    told = {row[1]: (row[5], row[6]) for row in cases_changed}
    assert told == {
        fined: (
            "10/11/2026, số 15/QĐ-XPHC, 1.000.000 đồng",
            "10/11/2026, số 15/QĐ-XPHC, 1.500.000 đồng",
        ),
        reminded: ("10/11/2026", None),
    }


def test_a_fine_whose_evidence_was_lost_is_an_adjustment_of_the_fines_period(
    house: House,
) -> None:
    """The act was in October and is in no list of November's."""
    in_october = datetime(2026, 10, 3, 18, tzinfo=HANOI)
    code, lost_before = (house.report(a_suspicion(key), start_at=in_october) for key in "ab")
    for fined in (code, lost_before):
        decide(house, fined, Verdict.CONFIRM)
        outcome(house, fined, Handling.SANCTIONED, date(2026, 11, 12), 2_500_000)
    lose(house, lost_before)
    house.clock.advance(60)
    lock(house)
    house.clock.advance(3600)
    lose(house, code)
    figures, cases_changed = told_since(house)
    assert [row[2:] for row in figures] == [
        ["Quyết định xử phạt", 1, 0, -1],
        ["Số tiền phạt (đồng)", 2_500_000, 0, -2_500_000],
        ["Đủ căn cứ, kỳ trước", 1, 0, -1],
    ]
    ((_, told, *_, before, after, at, reason, _),) = cases_changed
    assert (told, before) == (code, "12/11/2026, số 15/QĐ-XPHC, 2.500.000 đồng")
    assert (after, at, reason) == (None, house.now, "Chứng cứ không còn toàn vẹn")


def test_data_names_changed_cases_to_who_may_read_them_and_people_to_approvers(
    house: House, codes: list[str], tmp_path: Path
) -> None:
    decide(house, codes[1], Verdict.CONFIRM)
    outcome(house, codes[0], Handling.REMINDED, date(2026, 11, 12))
    with house.database.reading() as session:
        for login in ("lan", "thu"):
            report = viewer_report(session, house.viewer(login), NOVEMBER, now=house.now)
            write_file(report, ReportFile.DATA, VIETNAMESE, tmp_path / login)
    decided, reminded = json.loads((tmp_path / "lan").read_text())["cases_changed_since_locked"]
    assert "by" not in decided
    assert (reminded["what"], reminded["locked"], reminded["cause"]) == (
        "reminded",
        None,
        "outcome_entered",
    )
    assert reminded["now"] == {"day": "2026-11-12", "number": "", "amount": None}
    assert "cases_changed_since_locked" not in json.loads((tmp_path / "thu").read_text())
