"""Every figure that counts cases opens a list of exactly so many, for who may read cases."""

import random
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from starlette.datastructures import QueryParams
from starlette.testclient import TestClient

from tests.api.house import House, sign_in
from viahe_api.cell_lists import decided_by, open_cases
from viahe_api.cells import BLACK_SPOTS, OUTCOMES, STATES, Cell, read_cell
from viahe_api.counted_wards import wards_of_viewer
from viahe_api.forms.form import Kind, Then
from viahe_api.language import read_language
from viahe_api.locks import lock_report
from viahe_api.measures import reviewed_by
from viahe_api.period_address import read_period
from viahe_api.report import Report
from viahe_api.report_reading import viewer_report
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import Case, HandlingStep
from viahe_api.trend import open_by_age
from viahe_api.vocabulary import CaseState, Role, Source
from viahe_api.web.cell_words import form_addresses
from viahe_api.web.definitions import DEFINITIONS, NAMES, definition_of
from viahe_rules.domain import Act

VI = read_language("vi")
OCTOBER = read_period("2026-10")


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
