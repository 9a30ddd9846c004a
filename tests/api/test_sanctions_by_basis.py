"""Which provisions decisions to sanction rest on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.house import House, a_suspicion, sign_in
from tests.api.test_reports_outcomes import NOVEMBER
from viahe_api.counted_wards import every_ward
from viahe_api.errors import TotalsDisagree
from viahe_api.figure_taking import take_figures
from viahe_api.figures import BasisFigures
from viahe_api.forms.agreement import check_figures
from viahe_api.language import read_language
from viahe_api.locks import lock_report
from viahe_api.report import Report
from viahe_api.report_reading import viewer_report
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import Account, Case, LegalBasis
from viahe_api.tables.handling import HandlingStep
from viahe_api.vocabulary import Handling
from viahe_rules.domain import Act

PAVEMENT = "điểm d khoản 2 Điều 25 Nghị định 45/2022/NĐ-CP"
PUBLIC = "điểm c khoản 2 Điều 25 Nghị định 45/2022/NĐ-CP"
GOODS = "khoản 7 Điều 12 Nghị định 168/2024/NĐ-CP"


def sanctioned(house: House, act: Act, basis: str | None, dong: int, number: int) -> str:
    """The code of a case that was sanctioned on 4 November, resting on a provision."""
    code = house.report(a_suspicion(f"key-{number}", act=act))
    with house.database.writing() as session:
        named = {f"{row.provision} {row.instrument}": row.id for row in session.scalars(ALL)}
        case = session.scalars(select(Case).where(Case.code == code)).one()
        session.add(
            HandlingStep(
                ward_id=case.ward_id,
                case_id=case.id,
                account_id=session.scalars(select(Account.id)).first(),
                form_id=f"form-{number}",
                step=Handling.SANCTIONED,
                basis_id=None if basis is None else named[basis],
                number=f"{number}/QĐ",
                day=date(2026, 11, 4),
                amount=dong,
                note="",
                at=house.now,
            )
        )
    return code


ALL = select(LegalBasis)


@pytest.fixture
def codes(house: House) -> list[str]:
    return [
        sanctioned(house, Act.DUMPING, PUBLIC, 500_000, 1),
        sanctioned(house, Act.DUMPING, PAVEMENT, 1_500_000, 2),
        sanctioned(house, Act.DUMPING, PAVEMENT, 2_000_000, 3),
        sanctioned(house, Act.ENCROACHMENT, GOODS, 2_500_000, 4),
        sanctioned(house, Act.ENCROACHMENT, None, 1_000_000, 5),
    ]


def form_01c(house: House) -> Any:
    with house.database.reading() as session:
        report = viewer_report(session, house.viewer("duc"), NOVEMBER, now=house.now)
        (form,) = (form for form in report.summaries(read_language("vi")) if form.number == "01c")
    return form


def listed(client: TestClient, query: str) -> Sequence[str]:
    text = client.get(f"/reports/2026-11.cutoff/cases?{query}").text
    return [f"TH-2611-000{n}" for n in range(1, 6) if f">TH-2611-000{n}<" in text]


def test_the_form_has_a_row_for_each_provision(house: House, codes: list[str]) -> None:
    form = form_01c(house)
    dumping, encroachment = "Đổ rác thải", "Lấn chiếm"
    assert [(row[1].startswith((dumping, encroachment)), *row[2:]) for row in form.rows] == [
        (True, PAVEMENT, 2, 3_500_000),
        (True, PUBLIC, 1, 500_000),
        (True, GOODS, 1, 2_500_000),
        (True, None, 1, 1_000_000),
    ]
    assert form.totals[-2:] == (5, 7_500_000)


def test_each_figure_opens_its_cases_before_and_after_the_lock(
    client: TestClient, house: House, codes: list[str]
) -> None:
    queries = [
        cell.counting(form_01c(house).columns[3].counts).query for cell in form_01c(house).cells
    ]
    sign_in(client, "duc")
    expected = [codes[1:3], codes[:1], codes[3:4], codes[4:]]
    assert [listed(client, query) for query in queries] == expected
    with house.database.writing() as session:
        lock_report(session, house.viewer("duc"), "tay-ho", NOVEMBER, now=house.now)
    assert [listed(client, query) for query in queries] == expected


def test_a_period_without_sanctions_has_no_such_form(house: House, codes: list[str]) -> None:
    with house.database.reading() as session:
        figures = take_figures(
            SummaryReading(session, every_ward), NOVEMBER.previous, now=house.now
        )
    numbers = {form.number for form in Report(figures).summaries(read_language("vi"))}
    assert "01c" not in numbers
    assert "01" in numbers


def test_provisions_of_several_times_that_are_named_alike_are_one_row(house: House) -> None:
    sanctioned(house, Act.ENCROACHMENT, GOODS, 2_000_000, 1)
    with house.database.writing() as session:
        before = session.scalars(ALL.where(LegalBasis.provision == "khoản 7 Điều 12")).one()
        kept = {c.key: getattr(before, c.key) for c in LegalBasis.__table__.columns}
        session.add(LegalBasis(**kept | {"id": None, "from_day": date(2027, 1, 1)}))
    sanctioned(house, Act.ENCROACHMENT, GOODS, 3_000_000, 2)
    with house.database.reading() as session:
        found = take_figures(
            SummaryReading(session, every_ward), NOVEMBER, now=house.now
        ).sanctions_by_basis
    assert found == (BasisFigures(Act.ENCROACHMENT, GOODS, 2, 5_000_000),)


def test_provisions_that_do_not_add_up_stop_the_report(house: House, codes: list[str]) -> None:
    with house.database.reading() as session:
        figures = viewer_report(session, house.viewer("duc"), NOVEMBER, now=house.now).figures
    check_figures(figures)
    with pytest.raises(TotalsDisagree, match="provisions"):
        check_figures(replace(figures, sanctions_by_basis=figures.sanctions_by_basis[1:]))
