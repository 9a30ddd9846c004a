"""Outcomes in a report: once for each case and kind, by the date on the paper."""

from datetime import date, datetime, timedelta, timezone

import pytest
from sqlalchemy import Select, select

from tests.api.house import House, a_suspicion
from viahe_api.counted_wards import wards_of_viewer
from viahe_api.counts import Outcomes
from viahe_api.language import read_language
from viahe_api.outcomes import outcomes_by_act
from viahe_api.period_address import read_period
from viahe_api.report_reading import city_report, viewer_report, ward_report
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import Account, Case, Ward
from viahe_api.tables.handling import HandlingStep
from viahe_api.vocabulary import CaseState, Handling
from viahe_rules.domain import Act

HANOI = timezone(timedelta(hours=7))
NOVEMBER = read_period("2026-11.cutoff")


def step(
    house: House,
    code: str,
    kind: Handling,
    day: date | None,
    *,
    at: datetime | None = None,
    amount: int | None = None,
    ward: str = "tay-ho",
) -> None:
    with house.database.writing() as session:
        case = session.scalars(_of(code, ward)).one()
        account = session.scalars(select(Account.id).where(Account.login == "duc")).one()
        earlier = len(session.scalars(select(HandlingStep.id)).all())
        session.add(
            HandlingStep(
                ward_id=case.ward_id,
                case_id=case.id,
                account_id=account,
                form_id=f"form-{earlier}",
                step=kind,
                number="12/QĐ" if amount else "",
                day=day,
                amount=amount,
                note="",
                at=at or house.now,
            )
        )


def _of(code: str, ward: str) -> Select[Case]:
    return select(Case).join(Case.ward).where(Case.code == code, Ward.code == ward)


def outcomes(house: House, address: str = "2026-11.cutoff") -> Outcomes:
    with house.database.reading() as session:
        narrow = wards_of_viewer(house.viewer("thu"))
        found = outcomes_by_act(SummaryReading(session, narrow), read_period(address))
    return found.get(Act.DUMPING, Outcomes())


def test_an_outcome_counts_on_the_day_its_paper_bears(house: House) -> None:
    code = house.report(start_at=datetime(2026, 9, 1, tzinfo=HANOI))
    step(house, code, Handling.REMINDED, date(2026, 11, 14))
    step(house, code, Handling.SANCTIONED, date(2026, 11, 15), amount=2_500_000)
    assert outcomes(house) == Outcomes(reminded=1)
    assert outcomes(house, "2026-12.cutoff") == Outcomes(sanctioned=1, fined_dong=2_500_000)


@pytest.mark.parametrize(
    ("at", "reminded"),
    [
        (datetime(2026, 11, 14, 23, 59, 59, tzinfo=HANOI), 1),
        (datetime(2026, 11, 15, tzinfo=HANOI), 0),
    ],
)
def test_without_a_date_the_entry_counts(house: House, at: datetime, reminded: int) -> None:
    step(house, house.report(), Handling.REMINDED, None, at=at)
    assert outcomes(house).reminded == reminded


def test_what_was_entered_again_counts_once_and_as_the_last_time(house: House) -> None:
    code = house.report()
    step(house, code, Handling.SANCTIONED, date(2026, 11, 3), amount=25_000_000)
    step(house, code, Handling.SANCTIONED, date(2026, 11, 3), amount=2_500_000)
    step(house, code, Handling.COMPLIED, date(2026, 11, 5), amount=2_500_000)
    step(house, house.report(a_suspicion("key-2")), Handling.COMMITTED, date(2026, 11, 5))
    assert outcomes(house) == Outcomes(
        committed=1, sanctioned=1, complied=1, fined_dong=2_500_000, paid_dong=2_500_000
    )


def test_outcomes_of_lost_evidence_and_of_other_wards_do_not_count(house: House) -> None:
    lost, theirs = house.report(), house.report(ward="hong-ha")
    with house.database.writing() as session:
        session.scalars(_of(lost, "tay-ho")).one().state = CaseState.INTEGRITY_ERROR
    step(house, lost, Handling.REMINDED, date(2026, 11, 3))
    step(house, theirs, Handling.REMINDED, date(2026, 11, 3), ward="hong-ha")
    assert outcomes(house) == Outcomes()


def test_the_forms_show_outcomes_and_the_list_their_decision(house: House) -> None:
    code = house.report(start_at=datetime(2026, 11, 3, tzinfo=HANOI))
    step(house, code, Handling.SANCTIONED, date(2026, 11, 4), amount=2_500_000)
    with house.database.reading() as session:
        report = viewer_report(session, house.viewer("duc"), NOVEMBER, now=house.now)
        forms = {form.number: form for form in report.forms(read_language("vi"))}
        (row,) = forms["05"].rows
    acts = forms["01"]
    assert acts.totals is not None
    assert acts.totals[11:14] == (1, 2_500_000, 0)
    assert row[-4:-1] == (None, "12/QĐ", 2_500_000)


def test_of_several_wards_each_says_what_came_of_its_cases(house: House) -> None:
    ours, theirs = house.report(), house.report(ward="hong-ha")
    step(house, ours, Handling.REMINDED, date(2026, 11, 3))
    step(house, theirs, Handling.REMINDED, date(2026, 11, 3), ward="hong-ha")
    step(house, theirs, Handling.SANCTIONED, date(2026, 11, 4), amount=2_500_000, ward="hong-ha")
    vietnamese = read_language("vi")
    with house.database.reading() as session:
        together = city_report(session, NOVEMBER, now=house.now).summaries(vietnamese)
        alone = ward_report(session, "hong-ha", NOVEMBER, now=house.now).summaries(vietnamese)
    (by_ward,) = (form for form in together if form.number == "01b")
    assert tuple(by_ward.rows) == (
        (1, "Phường Hồng Hà", 1, 0, 0, 1, 2_500_000, 0),
        (2, "Phường Tây Hồ", 1, 0, 0, 0, 0, 0),
    )
    assert by_ward.totals == ("", "Tổng cộng", 2, 0, 0, 1, 2_500_000, 0)
    assert "01b" not in {form.number for form in alone}
