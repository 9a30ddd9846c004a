"""Locking a report: its numbers stay, what changed since is named, and only approvers do it."""

import json
import re
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import docx
import openpyxl
import pypdf
import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DatabaseError

from tests.api.house import House, a_suspicion, drop_guards
from viahe_api import cases, integrity
from viahe_api.adjustments import Adjustment, adjustments
from viahe_api.errors import IntegrityLost, NotLockable, Refusal, RoleNeeded
from viahe_api.exports.files import ReportFile, write_file
from viahe_api.language import read_language
from viahe_api.locks import lock_report
from viahe_api.period_address import read_period
from viahe_api.report import Report
from viahe_api.report_reading import viewer_report
from viahe_api.tables import Account, AuditEntry, Case, Decision, EvidenceFile, LockedReport
from viahe_api.tables.handling import HandlingStep, HandlingUndo
from viahe_api.vocabulary import CaseState, Handling, RejectReason, Verdict

HANOI = timezone(timedelta(hours=7))
NOVEMBER = read_period("2026-11.cutoff")
VIETNAMESE = read_language("vi")
IN_NOVEMBER = datetime(2026, 11, 3, 18, tzinfo=HANOI)


@pytest.fixture
def codes(house: House) -> list[str]:
    """Three cases of the period, the first confirmed; the period has ended and is locked."""
    found = [house.report(a_suspicion(f"key-{n}"), start_at=IN_NOVEMBER) for n in range(3)]
    decide(house, found[0], Verdict.CONFIRM)
    house.clock.advance(60)
    lock(house)
    house.clock.advance(3600)
    return found


def decide(house: House, code: str, verdict: Verdict, note: str = "") -> int:
    reason = RejectReason.PASSERS_BY if verdict is Verdict.REJECT else None
    with house.database.writing() as session:
        return cases.decide(
            session,
            house.viewer("lan"),
            code,
            verdict,
            form_id=f"{code}-{verdict}",
            reason=reason,
            note=note,
            now=house.now,
        ).id


def lock(house: House, login: str = "duc", ward: str = "tay-ho") -> None:
    with house.database.writing() as session:
        lock_report(session, house.viewer(login), ward, NOVEMBER, now=house.now)


def read(house: House, login: str = "duc") -> tuple[Report, list[str]]:
    """The report, and the states of its list."""
    with house.database.reading() as session:
        report = viewer_report(session, house.viewer(login), NOVEMBER, now=house.now)
        states = [line.state.value for line in report.lines()] if report.lines else []
    return report, states


def changed(house: House) -> tuple[Adjustment, ...]:
    with house.database.reading() as session:
        locked = session.scalars(select(LockedReport)).one()
        return adjustments(session, locked, NOVEMBER)


def test_a_locked_report_keeps_its_numbers_whatever_happens(house: House, codes: list[str]) -> None:
    before, states = read(house)
    decide(house, codes[1], Verdict.CONFIRM)
    house.report(a_suspicion("late"), start_at=IN_NOVEMBER)
    with house.database.writing() as session:
        gone = session.scalars(select(Case.id).where(Case.code == codes[2])).one()
        session.execute(delete(EvidenceFile).where(EvidenceFile.case_id == gone))
        session.execute(delete(Case).where(Case.id == gone))
    after, same_states = read(house)
    assert (after.figures, same_states) == (before.figures, states)
    assert (after.figures.counts.recorded, after.figures.counts.sufficient) == (3, 1)
    assert after.locked_by == "Lê Đức"


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
    assert (rejected.why.by, rejected.why.reason, rejected.why.note, rejected.why.at) == (
        "Nguyễn Thị Lan",
        RejectReason.PASSERS_BY,
        "người đi qua",
        house.now,
    )
    assert (came_late.code, came_late.before, came_late.after) == (late, None, CaseState.WAITING)


def test_a_decision_taken_back_after_the_lock_is_an_adjustment(
    house: House, codes: list[str]
) -> None:
    with house.database.writing() as session:
        decision = session.scalars(select(Decision.id)).one()
        cases.undo(session, house.viewer("lan"), decision, now=house.now)
    (undone,) = changed(house)
    assert (undone.before, undone.after) == (CaseState.SUFFICIENT, CaseState.WAITING)
    assert (undone.why.at, undone.why.reason) == (house.now, None)


def test_evidence_that_was_lost_inside_a_locked_report_is_named_and_stays_counted(
    house: House, codes: list[str]
) -> None:
    house.store.case_file("tay-ho", codes[0], "clip.mp4").write_bytes(b"other")
    integrity.verify_evidence(house.database, house.store, now=house.now)
    (lost,) = changed(house)
    assert (lost.code, lost.after, lost.why.at) == (
        codes[0],
        CaseState.INTEGRITY_ERROR,
        house.now,
    )
    assert read(house)[0].figures.counts.sufficient == 1


def outcome(
    house: House, code: str, step: Handling, day: date, amount: int | None = None, note: str = ""
) -> int:
    with house.database.writing() as session:
        case = session.scalars(select(Case.id).where(Case.code == code)).one()
        account = session.scalars(select(Account.id).where(Account.login == "duc")).one()
        done = len(session.scalars(select(HandlingStep.id)).all())
        row = HandlingStep(
            case_id=case,
            account_id=account,
            form_id=f"late-{done}",
            step=step,
            number="15/QĐ-XPHC" if amount else "",
            day=day,
            amount=amount,
            note=note,
            at=house.now,
        )
        session.add(row)
        session.flush()
        return row.id


def told_since(house: House, login: str = "duc") -> list[list[list[object]]]:
    """The rows of Biểu 06 and, for readers, 07, in Vietnamese."""
    with house.database.reading() as session:
        report = viewer_report(session, house.viewer(login), NOVEMBER, now=house.now)
        return [[list(row) for row in form.rows] for form in report.adjusted(VIETNAMESE)]


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
        "vào sổ muộn",
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


def test_officials_see_which_figures_changed_and_no_case(house: House, codes: list[str]) -> None:
    decide(house, codes[1], Verdict.CONFIRM)
    (figures,) = told_since(house, "thu")
    assert [row[2:] for row in figures] == [["Đủ căn cứ", 1, 2, 1], ["Đang xác minh", 2, 1, -1]]


def test_every_file_of_a_locked_report_says_what_changed_since(
    house: House, codes: list[str], tmp_path: Path
) -> None:
    decide(house, codes[1], Verdict.REJECT, note="người đi qua")
    with house.database.reading() as session:
        report = viewer_report(session, house.viewer("duc"), NOVEMBER, now=house.now)
        for kind in ReportFile:
            write_file(report, kind, VIETNAMESE, tmp_path / f"r.{kind}", form="07")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    cells = [str(cell.value) for row in book["Biểu 07"].iter_rows() for cell in row]
    document = docx.Document(str(tmp_path / "r.docx"))
    texts = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    read_back = pypdf.PdfReader(tmp_path / "r.pdf")
    pages = " ".join(page.extract_text() for page in read_back.pages)
    separated = (tmp_path / "r.csv").read_text("utf-8-sig")
    for said in (cells, texts, pages, separated):
        assert codes[1] in said
        assert any("người đi qua" in part for part in ([said] if isinstance(said, str) else said))
    data = json.loads((tmp_path / "r.json").read_text())["changed_since_locked"]
    assert {change["measure"]: (change["locked"], change["now"]) for change in data} == {
        "not_violation": (0, 1),
        "in_verification": (2, 1),
    }


def test_a_case_that_is_gone_is_an_adjustment_without_a_state(
    house: House, codes: list[str]
) -> None:
    with house.database.writing() as session:
        gone = session.scalars(select(Case.id).where(Case.code == codes[2])).one()
        session.execute(delete(EvidenceFile).where(EvidenceFile.case_id == gone))
        session.execute(delete(Case).where(Case.id == gone))
    (adjustment,) = changed(house)
    assert (adjustment.code, adjustment.after) == (codes[2], None)


@pytest.mark.parametrize("login", ["lan", "thu", "an", "hoa"])
def test_only_the_wards_own_approvers_lock(house: House, login: str) -> None:
    with pytest.raises(RoleNeeded):
        lock(house, login)


def test_a_period_is_locked_once_and_after_its_end(house: House, codes: list[str]) -> None:
    with pytest.raises(NotLockable) as refused:
        lock(house)
    assert refused.value.why == "locked"
    duc, running = house.viewer("duc"), read_period("2026-12.cutoff")
    with pytest.raises(NotLockable) as refused, house.database.writing() as session:
        lock_report(session, duc, "tay-ho", running, now=house.now)
    assert refused.value.why == "running"


def test_locking_is_audited_with_the_seal_of_what_was_locked(
    house: House, codes: list[str]
) -> None:
    with house.database.reading() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "report.locked")
        ).one()
        locked = session.scalars(select(LockedReport)).one()
    assert (entry.actor, entry.object) == ("account:duc", "report:tay-ho/2026-11.cutoff")
    assert entry.detail == {"sha256": locked.sha256, "recorded": 3}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE locked_report SET figures = replace(figures, '\"recorded\": 3', '\"recorded\": 2')",
        "DELETE FROM locked_case WHERE position = 2",
        "UPDATE locked_case SET line = replace(line, 'sufficient', 'duplicate')",
    ],
)
def test_a_locked_report_cannot_be_changed_and_would_be_noticed(
    house: House, codes: list[str], change: str
) -> None:
    table = change.split()[2 if change.startswith("DELETE") else 1]
    if house.settings.database.startswith("postgresql"):  # which replaces in text alone
        change = re.sub(
            r"replace\((\w+), (.*)\)", r"CAST(replace(CAST(\1 AS text), \2) AS json)", change
        )
    with pytest.raises(DatabaseError, match="append-only"), house.database.writing() as session:
        session.execute(text(change))
    with house.database.writing() as session:
        drop_guards(session, table)
        session.execute(text(change))
    with pytest.raises(IntegrityLost):
        read(house)


def test_officials_see_the_locked_counts_and_no_list(house: House, codes: list[str]) -> None:
    report, states = read(house, "thu")
    assert (report.figures.counts.recorded, report.lines, states) == (3, None, [])
    with pytest.raises(Refusal), house.database.reading() as session:
        viewer_report(session, house.viewer("thu"), NOVEMBER, now=house.now, ward_code="hong-ha")
