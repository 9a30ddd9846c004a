"""A locked report of three cases, what happens to it afterwards, and what is then told."""

from datetime import date, datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from tests.api.house import House, a_suspicion
from viahe_api import cases, integrity
from viahe_api.adjustments import Adjustment, adjustments
from viahe_api.language import read_language
from viahe_api.locks import lock_report
from viahe_api.period_address import read_period
from viahe_api.report import Report
from viahe_api.report_reading import viewer_report
from viahe_api.tables import Account, Case, LockedReport
from viahe_api.tables.handling import HandlingStep
from viahe_api.vocabulary import Handling, RejectReason, Verdict

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


def lose(house: House, code: str) -> None:
    house.store.case_file("tay-ho", code, "clip.mp4").write_bytes(b"other")
    integrity.verify_evidence(house.database, house.store, now=house.now)


def outcome(
    house: House, code: str, step: Handling, day: date, amount: int | None = None, note: str = ""
) -> int:
    with house.database.writing() as session:
        case = session.scalars(select(Case).where(Case.code == code)).one()
        account = session.scalars(select(Account.id).where(Account.login == "duc")).one()
        done = len(session.scalars(select(HandlingStep.id)).all())
        row = HandlingStep(
            ward_id=case.ward_id,
            case_id=case.id,
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
