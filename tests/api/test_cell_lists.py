"""The lists under figures: what is kept finds their first cases, and the rows agree."""

import random
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import product

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from tests.api.house import House, sign_in
from viahe_api.cell_lists import cases_under, lines_under
from viahe_api.cells import LISTED_APART, OUTCOMES, STATES, Cell
from viahe_api.counted_wards import every_ward, wards_of_viewer
from viahe_api.figure_taking import take_figures
from viahe_api.language import read_language
from viahe_api.locks import lock_report
from viahe_api.period_address import read_period
from viahe_api.report_reading import viewer_report
from viahe_api.routes import pages_case_lists
from viahe_api.summary_keeping import take_up_some
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import Case, HandlingStep
from viahe_api.vocabulary import CaseState, Handling, Source
from viahe_rules.domain import Act

VI = read_language("vi")
OCTOBER = read_period("2026-10")


def test_a_locked_list_and_the_rows_under_it_agree_cell_by_cell(peopled: House) -> None:
    """The same question asked of lines in memory and of the database."""
    with peopled.database.reading() as session:
        report = viewer_report(session, peopled.viewer("duc"), OCTOBER, now=peopled.now)
        assert report.lines is not None
        assert report.under is not None
        lines = list(report.lines())
        for form in report.summaries(VI):
            for cell in form.cells:
                for of in set(STATES) - set(LISTED_APART):
                    asked = cell.counting(Cell(of))
                    listed = ((line, None) for line in lines)
                    there = lines_under(listed, report.figures, asked, most=10_000)
                    here = report.under(asked, 10_000)
                    assert [line.code for line in there.lines] == [
                        line.code for line in here.lines
                    ], asked


@pytest.mark.parametrize(("weekday", "hour"), [(None, None), (3, None), (3, 18), (None, 7)])
def test_a_list_too_long_for_its_page_shows_the_oldest_and_says_how_many_there_are(
    peopled: House, weekday: int | None, hour: int | None
) -> None:
    with peopled.database.reading() as session:
        report = viewer_report(session, peopled.viewer("duc"), OCTOBER, now=peopled.now)
        assert report.under is not None
        for of, act in product((*STATES, *OUTCOMES), (None, Act.DUMPING)):
            asked = Cell(of, act=act, weekday=weekday, hour=hour)
            whole, page = report.under(asked, 10_000), report.under(asked, 2)
            assert page.lines == whole.lines[:2], asked
            assert page.total == len(whole.lines), asked


def asked_cells() -> Iterator[Cell]:
    """Of every measure, whatever a figure may ask beside it alone, and some of it together."""
    for of in (*STATES, *OUTCOMES):
        for act, ward in product((None, Act.ENCROACHMENT), (None, "hong-ha")):
            yield Cell(of, act=act, ward=ward)
        for source, label in ((Source.CAMERA, None), (None, ""), (Source.CITIZEN, "rubbish")):
            yield Cell(of, act=Act.DUMPING, source=source, label=label)
        for weekday, hour in product((None, 3), (None, 18)):
            yield Cell(of, weekday=weekday, hour=hour, ward="tay-ho")
        yield Cell(of, act=Act.ENCROACHMENT, hour=18)
        yield Cell(of, camera=1)
    yield Cell("recorded", ward="nowhere")
    for basis, act in product(("", PAVEMENT, "no such law"), (None, *Act)):
        yield Cell("sanctioned", act=act, basis=basis)


PAVEMENT = "điểm d khoản 2 Điều 25 Nghị định 45/2022/NĐ-CP"


def change_some(house: House) -> None:
    """Decisions and steps after what was counted has been taken up."""
    chance = random.Random(3)
    with house.database.writing() as session:
        found = session.execute(select(Case.id, Case.ward_id).order_by(Case.id)).all()
        for number, (case_id, ward) in enumerate(chance.sample(found, 60)):
            state = chance.choice(list(CaseState))
            session.execute(update(Case).where(Case.id == case_id).values(state=state))
            for day in (None, date(2026, 10, 1 + number % 31))[: number % 3]:
                at = datetime(2026, 10, 1 + number % 31, 20, tzinfo=UTC)
                step = HandlingStep(
                    ward_id=ward,
                    case_id=case_id,
                    account_id=1,
                    form_id=f"changed-{number}-{day}",
                    step=Handling.REMINDED,
                    number="",
                    day=day,
                    note="",
                    at=at,
                )
                session.add(step)


@pytest.mark.parametrize("changes", [False, True])
def test_the_first_of_a_list_and_its_length_are_what_the_rows_say(
    peopled: House, changes: bool
) -> None:
    """Looked up on the days that are kept, with what changed since they were taken up."""
    while take_up_some(peopled.database):
        pass
    if changes:
        change_some(peopled)
    narrow = wards_of_viewer(peopled.viewer("binh")) if changes else every_ward
    listed = 0
    with peopled.database.reading() as session:
        reading = SummaryReading(session, narrow)
        figures = take_figures(reading, OCTOBER, now=peopled.now)
        for cell in asked_cells():
            rows = cases_under(reading, figures, cell, most=None)
            page = cases_under(reading, figures, cell, most=7)
            assert page.lines == rows.lines[:7], cell
            assert page.days == rows.days[:7], cell
            assert page.total == rows.total == len(rows.lines), cell
            listed += bool(rows.total)
    assert listed > 90


def test_what_was_acted_on_is_listed_by_the_day_of_it_and_says_it(
    peopled: House, client: TestClient
) -> None:
    sign_in(client, "duc")
    text = client.get("/reports/2026-10/cases?of=reminded").text
    assert "theo ngày xử lý</caption>" in text
    said = re.findall(r'data-word="Ngày xử lý"><span>(\d\d)/10/2026<', text)
    assert len(said) > 10
    assert said == sorted(said)
    assert "Ngày xử lý" not in client.get("/reports/2026-10/cases?of=sufficient").text


def test_a_page_that_shows_the_first_says_where_the_others_are(
    peopled: House, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The workbook lists what began in the period, not all that was acted on in it."""
    monkeypatch.setattr(pages_case_lists, "LISTED", 5)
    sign_in(client, "duc")
    acted_on = client.get("/reports/2026-10/cases?of=reminded").text
    assert acted_on.count('data-word="Ngày xử lý"') == 5
    assert re.search(r"Còn \d+ trường hợp chưa hiển thị", acted_on)
    began = client.get("/reports/2026-10/cases?of=sufficient").text
    assert re.search(r"Còn \d+ trường hợp trong bảng tính", began)


@pytest.mark.parametrize("of", ["sufficient", "reminded"])
def test_a_list_of_eight_hundred_years_is_that_of_the_days_that_had_cases(
    peopled: House, client: TestClient, of: str
) -> None:
    sign_in(client, "duc")
    pages = (
        client.get(f"/reports/{days}/cases?of={of}").text
        for days in ("2000-01-01..2799-12-31", "2026-08-01..2026-12-31")
    )
    whole, within = (re.findall("<tbody>.*</tbody>", page, re.DOTALL) for page in pages)
    assert whole == within != []


def test_a_locked_list_of_actions_keeps_their_days(peopled: House, client: TestClient) -> None:
    sign_in(client, "duc")
    address = "/reports/2026-10/cases?of=sanctioned"
    draft = client.get(address).text
    with peopled.database.writing() as session:
        lock_report(session, peopled.viewer("duc"), "tay-ho", OCTOBER, now=peopled.now)
    locked = client.get(address).text
    assert draft.count('data-word="Ngày xử lý"') > 5
    tables = [re.findall("<table.*</table>", page, re.DOTALL) for page in (draft, locked)]
    assert tables[0] == tables[1] != []
