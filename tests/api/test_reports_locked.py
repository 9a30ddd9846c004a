"""Locking a report: its numbers stay, what changed since is named, and only approvers do it."""

import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import docx
import openpyxl
import pypdf
import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from tests.api.house import House, a_suspicion, drop_guards
from viahe_api import cases, duplicates, handling, integrity, seen_totals, summaries
from viahe_api.adjustment_causes import Cause, Why
from viahe_api.adjustments import Adjustment, adjustments
from viahe_api.errors import IntegrityLost, NotLockable, Refusal, RoleNeeded, TotalsDisagree
from viahe_api.exports.files import ReportFile, write_file
from viahe_api.language import read_language
from viahe_api.locks import lock_report
from viahe_api.period_address import read_period
from viahe_api.report import Report
from viahe_api.report_reading import viewer_report
from viahe_api.tables import Account, AuditEntry, Case, Decision, EvidenceFile, LockedReport
from viahe_api.tables.handling import HandlingStep, HandlingUndo
from viahe_api.tallies import BY_ACT, BY_HOUR, BY_KIND, BY_PLACE
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


def lose(house: House, code: str) -> None:
    house.store.case_file("tay-ho", code, "clip.mp4").write_bytes(b"other")
    integrity.verify_evidence(house.database, house.store, now=house.now)


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


def test_officials_see_which_figures_changed_and_no_case(house: House, codes: list[str]) -> None:
    decide(house, codes[1], Verdict.CONFIRM)
    (figures,) = told_since(house, "thu")
    assert [row[2:] for row in figures] == [
        ["Đủ căn cứ", 1, 2, 1],
        ["Đang xác minh", 2, 1, -1],
        ["Tái vi phạm", 0, 1, 1],
    ]


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
    data = json.loads((tmp_path / "r.json").read_text())
    figures = data["changed_since_locked"]
    assert {change["measure"]: (change["locked"], change["now"]) for change in figures} == {
        "not_violation": (0, 1),
        "in_verification": (2, 1),
    }
    assert data["cases_changed_since_locked"] == [
        {
            "code": codes[1],
            "act": "dumping",
            "start_at": IN_NOVEMBER.astimezone(UTC).isoformat(),
            "what": "state",
            "locked": "waiting",
            "now": "not_violation",
            "cause": "rejected",
            "at": house.now.isoformat(),
            "reason": RejectReason.PASSERS_BY,
            "note": "người đi qua",
            "by": "Nguyễn Thị Lan",
        }
    ]


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


def test_hours_a_camera_tells_late_are_an_adjustment_of_no_act(
    house: House, codes: list[str], tmp_path: Path
) -> None:
    """Its detector was cut off when the report was locked."""
    locked = read(house)[0].figures.hours
    with house.database.writing() as session:
        hour = datetime(2026, 11, 3, 11, tzinfo=UTC)
        seen_totals.keep_seen(session, house.camera_id(), "s", hour, 1800.0)
    report, _ = read(house)
    assert report.figures.hours == locked
    figures, cases_changed = told_since(house)
    everything = "Tất cả các hành vi"
    lost = round(locked.lost, 1)
    assert [row[1:] for row in figures] == [
        [everything, "Số giờ hoạt động", 0.0, 0.5, 0.5],
        [everything, "Số giờ mất tín hiệu", lost, lost - 0.5, -0.5],
    ]
    assert cases_changed == []
    for kind in (ReportFile.WORKBOOK, ReportFile.SEPARATED):
        write_file(report, kind, VIETNAMESE, tmp_path / f"r.{kind}", form="06")
    assert f"1;{everything};Số giờ hoạt động;0,0;0,5;0,5" in (tmp_path / "r.csv").read_text()
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["Biểu 06"]
    seen = next(row for row in sheet.iter_rows() if row[2].value == "Số giờ hoạt động")
    assert (seen[4].value, seen[4].number_format) == (0.5, "#,##0.0")


def test_repeats_and_clocks_that_changed_are_an_adjustment_of_no_act(
    house: House, codes: list[str], tmp_path: Path
) -> None:
    house.report(a_suspicion("late"), start_at=IN_NOVEMBER)
    decide(house, codes[1], Verdict.CONFIRM)
    with house.database.writing() as session:
        session.scalars(select(Case).where(Case.code == codes[1])).one().clock_offset_s = 9.0
    figures, _ = told_since(house)
    assert [row[2:] for row in figures if row[1] == "Tất cả các hành vi"] == [
        ["Tái vi phạm", 0, 1, 1],
        ["Thời gian chưa đồng bộ", 0, 1, 1],
    ]
    report, _ = read(house)
    write_file(report, ReportFile.WORKBOOK, VIETNAMESE, tmp_path / "r.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["Biểu 06"]
    repeats = next(row for row in sheet.iter_rows() if row[2].value == "Tái vi phạm")
    assert (repeats[4].value, repeats[4].number_format) == (1, "#,##0")


def test_black_spots_there_are_since_the_lock_are_an_adjustment(
    house: House, codes: list[str]
) -> None:
    for code in codes[1:]:
        decide(house, code, Verdict.CONFIRM)
    figures, _ = told_since(house)
    assert ["Tất cả các hành vi", "Điểm đen", 0, 1, 1] in [row[1:] for row in figures]


def test_what_changed_in_the_compared_periods_since_the_lock_is_an_adjustment(
    house: House, codes: list[str]
) -> None:
    """A case and an hour of the period before, which came late: no case of the report changed."""
    hours = read(house)[0].figures.hours_previous
    early = house.report(a_suspicion("early"), start_at=datetime(2026, 10, 3, 18, tzinfo=HANOI))
    decide(house, early, Verdict.CONFIRM)
    with house.database.writing() as session:
        hour = datetime(2026, 10, 3, 11, tzinfo=UTC)
        seen_totals.keep_seen(session, house.camera_id(), "s", hour, 1800.0)
    figures, cases_changed = told_since(house)
    everything, lost = "Tất cả các hành vi", round(hours.lost, 1)
    assert [row[1:] for row in figures if "kỳ trước" in str(row[2])] == [
        ["Đổ rác thải bừa bãi", "Đủ căn cứ, kỳ trước", 0, 1, 1],
        [everything, "Số giờ hoạt động, kỳ trước", 0.0, 0.5, 0.5],
        [everything, "Số giờ mất tín hiệu, kỳ trước", lost, lost - 0.5, -0.5],
    ]
    assert cases_changed == []


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


def test_what_the_summaries_say_otherwise_than_the_list_is_not_locked(house: House) -> None:
    """As long a list, and all summaries agree with each other."""
    decide(house, house.report(a_suspicion(), start_at=IN_NOVEMBER), Verdict.CONFIRM)
    with house.database.writing() as session:
        summaries.rebuild(session)
        for tally in (BY_ACT, BY_HOUR, BY_KIND, BY_PLACE):
            session.execute(
                update(tally.table).values(sufficient=0, duplicate=tally.table.sufficient)
            )
    with pytest.raises(TotalsDisagree, match="list of cases, dumping, sufficient: 1"):
        lock(house)
    with house.database.reading() as session:
        assert session.scalars(select(LockedReport)).all() == []


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
