"""Every figure that counts cases opens a list of exactly so many, for who may read cases."""

import random
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from starlette.datastructures import QueryParams
from starlette.testclient import TestClient

from tests.api.crowd import settle
from tests.api.house import House, sign_in
from viahe_api.cell_lists import cases_under, decided_by, lines_under, open_cases
from viahe_api.cells import BLACK_SPOTS, LISTED_APART, OUTCOMES, STATES, Cell, read_cell
from viahe_api.counted_wards import every_ward, wards_of_viewer
from viahe_api.figure_taking import take_figures
from viahe_api.forms.form import Kind, Then
from viahe_api.language import read_language
from viahe_api.locks import lock_report
from viahe_api.measures import reviewed_by
from viahe_api.period_address import read_period
from viahe_api.report import Report
from viahe_api.report_reading import viewer_report
from viahe_api.routes import pages_case_lists
from viahe_api.summary_keeping import take_up_some
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import Account, Case, HandlingStep, HandReport, LegalBasis, ResidentialGroup
from viahe_api.trend import open_by_age
from viahe_api.vocabulary import CaseState, Handling, Role, Source
from viahe_api.web.cell_words import form_addresses
from viahe_api.web.definitions import DEFINITIONS, NAMES, definition_of
from viahe_rules.domain import Act

VI = read_language("vi")
OCTOBER = read_period("2026-10")


@pytest.fixture
def peopled(house: House) -> House:
    """Two wards' cases of three months: from cameras, citizens and patrols, some handled."""
    settle(house, cases=600, cameras=3, days=80, first=datetime(2026, 9, 1, tzinfo=UTC))
    chance = random.Random(7)
    with house.database.writing() as session:
        groups = {
            ward: session.scalars(
                select(ResidentialGroup.id).where(ResidentialGroup.ward_id == ward)
            ).all()
            for ward in session.scalars(select(Case.ward_id).distinct())
        }
        reporter = session.scalars(select(Account.id)).first()
        assert reporter is not None
        for case_id, ward, camera in session.execute(
            select(Case.id, Case.ward_id, Case.camera_id).order_by(Case.id)
        ).all():
            if chance.random() < 0.2:
                source = chance.choice([Source.CITIZEN, Source.PATROL])
                near = camera if chance.random() < 0.5 else None
                changed = update(Case).where(Case.id == case_id)
                session.execute(changed.values(source=source, camera_id=near, zone="", label=""))
                session.add(
                    HandReport(
                        case_id=case_id,
                        ward_id=ward,
                        entered_by_id=reporter,
                        group_id=chance.choice([*groups[ward], None]),
                        address="Trước số 9",
                        street=chance.choice(["Phố 1", "Phố mới", ""]),
                        searched="",
                        description="",
                    )
                )
            if chance.random() < 0.4:
                _handle(session, ward, case_id, reporter, chance)
    return house


def _handle(
    session: Session, ward_id: int, case_id: int, account: int, chance: random.Random
) -> None:
    bases = [None, *session.scalars(select(LegalBasis.id).order_by(LegalBasis.id).limit(3))]
    for number in range(chance.randint(1, 3)):
        session.add(
            HandlingStep(
                ward_id=ward_id,
                case_id=case_id,
                account_id=account,
                form_id=f"{case_id}-{number}",
                step=chance.choice(
                    [Handling.REMINDED, Handling.RECORDED, Handling.SANCTIONED, Handling.COMPLIED]
                ),
                number="",
                day=date(2026, 9, 20) + timedelta(days=chance.randint(0, 60)),
                amount=None,
                basis_id=chance.choice(bases),
                note="",
                at=datetime(2026, 11, 1, tzinfo=UTC),
            )
        )


def figures_opened(report: Report) -> Iterator[tuple[str, int, int]]:
    """Form and heading of each figure that opens a list, the figure, and how long its list is."""
    assert report.under is not None
    for form in report.summaries(VI):
        assert form.totals is not None
        rows = [*zip(form.rows, form.cells, strict=True), (form.totals, Cell())]
        for row, cell in rows:
            for column, value in zip(form.columns, row, strict=True):
                if column.counts is None or column.then is not Then.NOW:
                    continue
                asked = cell.counting(column.counts)
                if asked.of == BLACK_SPOTS or value is None or column.measure in AMOUNTS:
                    continue
                assert isinstance(value, int)
                found = report.under(asked, 10_000)
                assert len(found.lines) == found.total
                yield f"{form.number} {column.heading} {asked}", value, found.total


AMOUNTS = {"fined_dong", "paid_dong"}


@pytest.mark.parametrize(
    ("login", "address"), [("duc", "2026-10"), ("binh", "2026-11.cutoff"), ("duc", "2026-W41")]
)
def test_every_figure_of_every_form_is_as_many_cases_as_its_list(
    peopled: House, login: str, address: str
) -> None:
    with peopled.database.reading() as session:
        report = viewer_report(
            session, peopled.viewer(login), read_period(address), now=peopled.now
        )
        opened = list(figures_opened(report))
    assert len(opened) > 250
    assert sum(value > 0 for _, value, _ in opened) > 60
    for name, value, listed in opened:
        assert value == listed, name


def test_the_lists_of_a_locked_report_are_those_it_was_locked_with(peopled: House) -> None:
    duc = peopled.viewer("duc")
    with peopled.database.writing() as session:
        lock_report(session, duc, "tay-ho", OCTOBER, now=peopled.now)
    with peopled.database.writing() as session:
        session.execute(update(Case).values(start_at=Case.start_at, label="changed"))
        for step in session.scalars(select(HandlingStep).limit(40)).all():
            session.add(
                HandlingStep(
                    ward_id=step.ward_id,
                    case_id=step.case_id,
                    account_id=step.account_id,
                    form_id=f"again-{step.id}",
                    step=step.step,
                    number="",
                    day=date(2026, 11, 3),
                    amount=None,
                    note="",
                    at=peopled.now,
                )
            )
    with peopled.database.reading() as session:
        report = viewer_report(session, duc, OCTOBER, now=peopled.now)
        assert report.locked_at is not None
        opened = list(figures_opened(report))
    assert any("reminded" in name and value for name, value, _ in opened)
    for name, value, listed in opened:
        assert value == listed, name


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


def test_decisions_and_open_cases_open_lists_of_their_length(peopled: House) -> None:
    with peopled.database.reading() as session:
        narrow = wards_of_viewer(peopled.viewer("duc"), roles=(Role.APPROVER,))
        reading = SummaryReading(session, narrow)
        reviewed = reviewed_by(reading, OCTOBER)
        assert len(reviewed) > 10
        for one in reviewed:
            found = decided_by(reading, OCTOBER, one.reviewer, one.verdict, most=10_000)
            assert (len(found.lines), found.total) == (one.count, one.count)
        ages = open_by_age(session, narrow, peopled.now)
        assert sum(ages) > 5
        for age, count in enumerate(ages):
            assert open_cases(reading, age, peopled.now, most=10_000).total == count


def listed_at(client: TestClient, address: str) -> int:
    answer = client.get(address)
    assert answer.status_code == 200, address
    found = re.findall(r"<caption>([\d.]+) trường hợp", answer.text)
    return int(found[0].replace(".", "")) if found else 0


def test_what_a_report_compares_itself_with_opens_lists_of_its_length(
    peopled: House, client: TestClient
) -> None:
    """Every column of another period, in every row and the totals."""
    compared = 0
    for address, now in (("2026-10", peopled.now), ("2027-10", datetime(2027, 11, 2, tzinfo=UTC))):
        peopled.clock.now = now
        with peopled.database.reading() as session:
            duc = peopled.viewer("duc")
            report = viewer_report(session, duc, read_period(address), now=now)
        opens = form_addresses(report)
        sign_in(client, "duc")
        for form in report.summaries(VI):
            assert form.totals is not None
            rows = [*enumerate(form.rows), (None, form.totals)]
            for at, row in rows:
                for column, value in zip(form.columns, row, strict=True):
                    if column.then is Then.NOW:
                        continue
                    opened = opens(form, at, column)
                    assert opened is not None
                    assert listed_at(client, opened) == value, opened
                    compared += bool(value)
    assert compared == 6, "three lines of September, three of the October a year before"


def spoilt(house: House) -> None:
    """Some cases of October whose evidence was changed, some whose camera's clock was off."""
    with house.database.writing() as session:
        within = Case.start_at.between(OCTOBER.start, OCTOBER.end)
        ids = session.scalars(select(Case.id).where(within).order_by(Case.id)).all()
        for number, changes in enumerate(
            (
                {"state": CaseState.INTEGRITY_ERROR},
                {"clock_offset_s": 9.0},
                {"clock_offset_s": None},
            )
        ):
            some = ids[number * 20 : number * 20 + 20]
            session.execute(update(Case).where(Case.id.in_(some)).values(**changes))


@pytest.mark.parametrize("locked", [False, True])
def test_integrity_errors_and_clocks_that_were_off_open_their_cases(
    peopled: House, client: TestClient, locked: bool
) -> None:
    """From the dashboard, the note of form 01 and the narrative; of a locked report those that
    were locked, whatever becomes of the cases."""
    duc = peopled.viewer("duc")
    spoilt(peopled)
    with peopled.database.reading() as session:
        figures = viewer_report(session, duc, OCTOBER, now=peopled.now).figures
    off, errors = figures.clocks_off, figures.counts.integrity_errors
    assert off
    assert errors
    if locked:
        with peopled.database.writing() as session:
            lock_report(session, duc, "tay-ho", OCTOBER, now=peopled.now)
            session.execute(update(Case).values(state=CaseState.SUFFICIENT, clock_offset_s=0.0))
    sign_in(client, "duc")
    for page, times in (("/reports/2026-10", 2), ("/dashboard?period=2026-10", 1)):
        text = client.get(page).text
        for of, count in (("clocks_off", off), ("integrity_errors", errors)):
            found = re.findall(rf'href="(/reports/2026-10/cases\?of={of}[^"]*)">([^<]+)<', text)
            assert len(found) == times, (page, of)
            for address, sentence in found:
                assert str(count) in sentence
                assert listed_at(client, address.replace("&amp;", "&")) == count
    sign_in(client, "thu")
    assert "of=clocks_off" not in client.get("/reports/2026-10").text


def test_every_column_of_figures_says_what_it_counts(peopled: House, client: TestClient) -> None:
    with peopled.database.reading() as session:
        report = viewer_report(session, peopled.viewer("duc"), OCTOBER, now=peopled.now)
    for form in report.summaries(VI):
        for column in form.columns[1:]:  # after the row's own number
            if column.kind not in {Kind.TEXT, Kind.MOMENT}:
                assert definition_of(column) in DEFINITIONS, f"{form.number} {column.heading}"
    assert set(DEFINITIONS) <= set(NAMES)
    for login, page in (("duc", "/reports/2026-10"), ("binh", "/dashboard?period=2026-10")):
        _, text = sign_in(client, login).get(page).text.split("<main")
        named, defined = (re.findall(at, text) for at in (r'href="#(\w+)"', r'<dt id="(\w+)"'))
        assert set(named) <= set(defined)
    wards = text[text.index('<table class="wards">') :]
    assert len(re.findall(r'<th scope="col" class="number"><a href="#', wards)) == 8
    assert not re.search(r'<th scope="col" class="number">(?!<a )', wards)


cells = st.builds(
    Cell,
    of=st.sampled_from([*STATES, *OUTCOMES, BLACK_SPOTS]),
    act=st.none() | st.sampled_from(list(Act)),
    ward=st.none() | st.text(min_size=1),
    camera=st.none() | st.integers(0, 10**6),
    zone=st.none() | st.text(),
    place=st.none() | st.tuples(st.text(), st.text(), st.text()),
    source=st.none() | st.sampled_from(list(Source)),
    label=st.none() | st.text(),
    weekday=st.none() | st.integers(0, 6),
    hour=st.none() | st.integers(0, 23),
    basis=st.none() | st.text(),
)


@given(cells)
def test_an_address_names_the_cell_it_was_written_from(cell: Cell) -> None:
    asked = QueryParams(cell.query)
    assert read_cell(asked, asked.getlist("place")) == cell


@pytest.mark.parametrize(
    "query",
    ["of=nothing", "act=theft", "camera=one", "place=a&place=b", "hour=-1", "source=rumour"],
)
def test_what_no_figure_counts_is_not_found(peopled: House, client: TestClient, query: str) -> None:
    sign_in(client, "duc")
    assert client.get(f"/reports/2026-10/cases?{query}").status_code == 404


class Links(HTMLParser):
    """Addresses of lists, with the figures that open them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, int] = {}
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href") or ""
        listing = re.search(r"/(cases\?|decided\?|open\?)", address)
        self._open = address if tag == "a" and listing else ""

    def handle_data(self, data: str) -> None:
        text = data.strip().replace(".", "")
        if self._open and text.isdecimal():
            self.found[self._open] = int(text)
        self._open = ""


@pytest.mark.parametrize("page", ["/reports/2026-10", "/dashboard?period=2026-10"])
def test_every_link_of_a_page_opens_a_list_of_its_figures_length(
    peopled: House, client: TestClient, page: str
) -> None:
    sign_in(client, "duc")
    links = Links()
    links.feed(client.get(page).text)
    assert len(links.found) > 50
    for address, figure in random.Random(1).sample(sorted(links.found.items()), 15):
        listed = client.get(address)
        assert listed.status_code == 200, address
        (said,) = re.findall(r"<caption>([\d.]+) ", listed.text)
        assert int(said.replace(".", "")) == figure, address


@pytest.mark.parametrize("login", ["thu", "an"])
def test_who_sees_counts_alone_sees_no_link_and_opens_no_list(
    peopled: House, client: TestClient, login: str
) -> None:
    sign_in(client, login)
    for page in ("/reports/2026-10", "/dashboard?period=2026-10", "/reports"):
        text = client.get(page).text
        assert not re.search(r"/cases\?|/decided\?|/dashboard/open\?", text)
    for address in ("/reports/2026-10/cases", "/dashboard/open?age=0"):
        assert client.get(address).status_code == 403
    decided = "/reports/2026-10/decided?by=Minh&verdict=confirm"
    assert client.get(decided).status_code == 403


def test_an_operator_opens_cases_and_nobodys_decisions(peopled: House, client: TestClient) -> None:
    sign_in(client, "lan")
    assert client.get("/reports/2026-10/cases?of=sufficient").status_code == 200
    assert "/decided?" not in client.get("/reports/2026-10").text
    decided = "/reports/2026-10/decided?by=Minh&verdict=confirm"
    assert client.get(decided).status_code == 403


def test_the_lists_of_two_wards_stay_apart(peopled: House, client: TestClient) -> None:
    sign_in(client, "duc")
    theirs = client.get("/reports/2026-10/cases?in=hong-ha")
    assert "<caption>" not in theirs.text
    assert client.get("/reports/2026-10/cases?ward=hong-ha").status_code == 404
