"""Every figure of a report, counted once more by another engine over the same rows.

`VIAHE_TEST_CITY=1000000 pytest tests/api/test_city.py` compares them over a million cases of 126
wards; by default over some thousand of three. With `tests/postgresql/test_city.py` the same is
asked of PostgreSQL.
"""

import csv
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from alembic import command
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from tests.api.city import LAST, City, build
from viahe_api import case_line_papers
from viahe_api.case_lines import case_lines
from viahe_api.counted_wards import Narrow, one_ward
from viahe_api.counts import Counts, Outcomes
from viahe_api.database import Database, _alembic
from viahe_api.figure_taking import take_figures
from viahe_api.figures import CameraFigures, Figures
from viahe_api.measures import Dimension, counts_by, reviewed_by
from viahe_api.period_address import read_period
from viahe_api.periods import Period, PeriodKind, free, period_of
from viahe_api.repeat_places import repeat_places
from viahe_api.scope import S
from viahe_api.summary_differences import differences
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import HourSummaryOfAll, OutcomeSummary
from viahe_api.tallies import BY_ACT
from viahe_api.trend import trend
from viahe_api.vocabulary import Source
from viahe_rules.domain import Act

MANY = int(os.environ.get("VIAHE_TEST_CITY", "12000"))
LARGE = MANY >= 1_000_000
CITY = City(MANY, wards=126, cameras_a_ward=2)
if not LARGE:
    CITY = replace(CITY, wards=3)
pytestmark = pytest.mark.timeout(0 if LARGE else 300)  # 0: none
EXAMPLES = 12 if LARGE else 40
"""Periods that all figures are compared of."""
READ: Mapping[str, str] = {
    "review_case": "id, ward_id, source, camera_id, act, state, zone, label, start_at,"
    " completed_at, clock_offset_s",
    "hand_report": "case_id, group_id, street",
    "handling_step": "id, case_id, step, day, at, amount, basis_id",
    "legal_basis": "id, provision, instrument",
    "handling_undo": "step_id",
    "decision": "case_id, account_id, verdict, at, undone_at",
    "account": "id, name",
    "camera_hours": "camera_id, hour, seen_s",
    "camera": "id, ward_id, group_id, street",
    "residential_group": "id, name",
    "ward": "id, name",
}
"""What the other engine is given of each table."""
COUNTS = """
    count(*) FILTER (state <> 'integrity_error'), count(*) FILTER (state = 'sufficient'),
    count(*) FILTER (state = 'insufficient'), count(*) FILTER (state = 'not_violation'),
    count(*) FILTER (state = 'duplicate'),
    count(*) FILTER (state IN ('waiting', 'needs_more', 'expired')),
    count(*) FILTER (state = 'integrity_error')"""

days = st.dates((LAST - timedelta(days=CITY.days + 30)).date(), (LAST + timedelta(days=30)).date())
any_period = st.one_of(
    st.builds(period_of, st.sampled_from(list(PeriodKind)), days),
    st.tuples(days, days).map(lambda pair: free(min(pair), max(pair))),
)
any_ward = st.sampled_from([None, 1, 2])
any_dimensions = st.lists(st.sampled_from(list(Dimension)), unique=True, max_size=4).map(tuple)
DIMENSIONS: Mapping[Dimension, str] = {
    Dimension.WARD: "ward_id",
    Dimension.ACT: "act",
    Dimension.SOURCE: "source",
    Dimension.LABEL: "label",
    Dimension.GROUP: "group_name",
    Dimension.STREET: "street",
    Dimension.CAMERA: "camera_id",
    Dimension.HOUR: "(isodow(local) - 1) * 24 + hour(local)",
}


class OtherEngine:
    """DuckDB over the rows as the database holds them, asked in its own words."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._duck = duckdb.connect()
        self._duck.execute("SET threads TO 2")
        for table, columns in READ.items():
            path = folder / f"{table}.csv"
            _write(database, table, columns, path)
            self._duck.execute(f"CREATE TABLE {table} AS FROM read_csv('{path}', header = true)")
        self._duck.execute(
            """
            CREATE TABLE counted AS SELECT c.id, c.ward_id, c.source, c.camera_id, c.act, c.state,
                coalesce(c.zone, '') AS zone, coalesce(c.label, '') AS label, c.start_at,
                c.clock_offset_s,
                c.start_at + INTERVAL 7 HOUR AS local, w.name AS ward_name,
                r.street AS reported_street, reported.name AS reported_group,
                coalesce(r.street, k.street) AS street,
                coalesce(reported.name, own.name) AS group_name
            FROM review_case c JOIN ward w ON w.id = c.ward_id
            LEFT JOIN camera k ON k.id = c.camera_id
            LEFT JOIN residential_group own ON own.id = k.group_id
            LEFT JOIN hand_report r ON r.case_id = c.id
            LEFT JOIN residential_group reported ON reported.id = r.group_id
            WHERE c.completed_at IS NOT NULL"""
        )
        self._duck.execute(
            """
            CREATE TABLE seen AS SELECT camera_id, day, sum(hour_s) AS seen_s FROM (
                SELECT camera_id, CAST(hour + INTERVAL 7 HOUR AS DATE) AS day,
                    least(sum(seen_s), 3600) AS hour_s FROM camera_hours GROUP BY camera_id, hour)
            GROUP BY ALL"""
        )

    def counts(self, period: Period, ward: int | None, *keys: str) -> dict[Any, Counts]:
        asked = "".join(f", {key}" for key in keys)
        rows = self._ask(
            f"SELECT {COUNTS}{asked} FROM counted WHERE {_within('local', period, ward)}"
            " GROUP BY ALL"
        )
        return {row[7:]: Counts(*row[:7]) for row in rows if any(row[:7])}

    def clocks_off(self, period: Period, ward: int | None) -> int:
        ((count,),) = self._ask(
            f"""
            SELECT count(*) FROM counted WHERE source = 'camera' AND state <> 'integrity_error'
            AND (clock_offset_s IS NULL OR clock_offset_s NOT BETWEEN -2 AND 2)
            AND {_within("local", period, ward)}"""
        )
        return int(count)

    def places(self, period: Period, ward: int | None) -> dict[Any, tuple[int, int]]:
        rows = self._ask(
            f"""
            WITH gaps AS (
                SELECT *, start_at - lag(start_at) OVER (
                    PARTITION BY camera_id, zone, act ORDER BY start_at) AS gap
                FROM counted WHERE state = 'sufficient' AND source = 'camera' {_of(ward)})
            SELECT camera_id, zone, act, count(*),
                count(*) FILTER (gap <= INTERVAL '182 days 15 hours')
            FROM gaps WHERE {_within("local", period, None)} GROUP BY ALL"""
        )
        return {row[:3]: row[3:] for row in rows}

    def reported_places(self, period: Period, ward: int | None) -> dict[Any, int]:
        rows = self._ask(
            f"""
            SELECT source, coalesce(reported_group, ''), reported_street, act, count(*)
            FROM counted WHERE state = 'sufficient' AND source <> 'camera'
            AND {_within("local", period, ward)} GROUP BY ALL"""
        )
        return {row[:4]: row[4] for row in rows}

    def reviewed(self, period: Period, ward: int | None) -> dict[Any, int]:
        rows = self._ask(
            f"""
            SELECT a.name, d.verdict, count(*) FROM decision d
            JOIN account a ON a.id = d.account_id JOIN review_case c ON c.id = d.case_id
            WHERE d.undone_at IS NULL AND c.state <> 'integrity_error'
            AND {_within("d.at + INTERVAL 7 HOUR", period, ward)} GROUP BY ALL"""
        )
        return {row[:2]: row[2] for row in rows}

    def outcomes(
        self, period: Period, ward: int | None, of: str = "act"
    ) -> dict[Any, tuple[int, int]]:
        """Count and amount under each `of` and step."""
        rows = self._ask(
            f"""
            WITH newest AS (
                SELECT *, row_number() OVER (PARTITION BY case_id, step ORDER BY id DESC) AS age
                FROM handling_step WHERE id NOT IN (SELECT step_id FROM handling_undo))
            SELECT c.{of}, s.step, count(*), coalesce(sum(s.amount), 0)
            FROM newest s JOIN counted c ON c.id = s.case_id
            WHERE s.age = 1 AND s.step NOT IN ('handed_over', 'closed')
            AND c.state <> 'integrity_error'
            AND coalesce(s.day, CAST(s.at + INTERVAL 7 HOUR AS DATE))
                BETWEEN '{period.first}' AND '{period.last}' {_of(ward)} GROUP BY ALL"""
        )
        return {row[:2]: row[2:] for row in rows}

    def sanctions(self, period: Period, ward: int | None) -> dict[Any, tuple[int, int]]:
        """Count and amount under each act and provision."""
        rows = self._ask(
            f"""
            WITH newest AS (
                SELECT *, row_number() OVER (PARTITION BY case_id ORDER BY id DESC) AS age
                FROM handling_step
                WHERE step = 'sanctioned' AND id NOT IN (SELECT step_id FROM handling_undo))
            SELECT c.act, concat_ws(' ', b.provision, b.instrument), count(*),
                coalesce(sum(s.amount), 0)
            FROM newest s JOIN counted c ON c.id = s.case_id
            LEFT JOIN legal_basis b ON b.id = s.basis_id
            WHERE s.age = 1 AND c.state <> 'integrity_error'
            AND coalesce(s.day, CAST(s.at + INTERVAL 7 HOUR AS DATE))
                BETWEEN '{period.first}' AND '{period.last}' {_of(ward)} GROUP BY ALL"""
        )
        return {row[:2]: row[2:] for row in rows}

    def hours(self, period: Period, ward: int | None) -> dict[int, float]:
        rows = self._ask(
            f"""
            SELECT camera_id, sum(seen_s) / 3600 FROM seen JOIN camera k ON k.id = camera_id
            WHERE {_within("day", period, ward)} GROUP BY ALL"""
        )
        return dict(rows)

    def hours_in_all(self, period: Period, ward: int | None) -> float:
        return sum(self.hours(period, ward).values())

    def _ask(self, statement: str) -> list[tuple[Any, ...]]:
        return self._duck.execute(statement).fetchall()


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder = tmp_path_factory.mktemp("city")
    database = Database(f"sqlite:///{folder / 'viahe.sqlite3'}")
    database.migrate()
    build(database, CITY)
    yield database
    database.close()


@pytest.fixture(scope="module")
def other(city: Database, tmp_path_factory: pytest.TempPathFactory) -> OtherEngine:
    return OtherEngine(city, tmp_path_factory.mktemp("rows"))


@settings(max_examples=EXAMPLES)
@given(any_period, any_ward)
def test_every_figure_is_the_other_engines_to_the_unit(
    city: Database, other: OtherEngine, period: Period, ward: int | None
) -> None:
    with city.reading() as session:
        figures = take_figures(
            SummaryReading(session, _narrow(ward)), period, now=LAST, detailed_wards=CITY.wards
        )
        folded = take_figures(
            SummaryReading(session, _narrow(ward)), period, now=LAST, detailed_wards=0
        )
        places = repeat_places(SummaryReading(session, _narrow(ward)), period)
    _same_of_wards(folded, figures, other.counts(period, ward, "ward_name", "source", "act"))
    for of, ours in (
        (period, [act.counts for act in figures.acts]),
        (period.previous, [act.previous for act in figures.acts]),
        (period.year_before, [act.year_before for act in figures.acts]),
    ):
        theirs = other.counts(of, ward, "act")
        assert ours == [theirs.get((act.value,), Counts()) for act in Act]
    assert figures.clocks_off == other.clocks_off(period, ward)
    hours = {(hour.hour,): hour.counts for hour in figures.hours_of_week}
    assert hours == other.counts(period, ward, "(isodow(local) - 1) * 24 + hour(local)")
    by_camera = "CASE source WHEN 'camera' THEN camera_id END"
    where = ("ward_name", "source", "reported_group", "reported_street")
    of_people = f"CASE source WHEN 'camera' THEN NULL ELSE ({', '.join(where)}) END"
    assert _by_seat(figures) == other.counts(period, ward, by_camera, of_people, "act")
    kinds = {(kind.act, kind.label, kind.source): kind.counts for kind in figures.kinds}
    assert kinds == other.counts(period, ward, "act", "label", "source")
    assert {
        (place.camera_id, place.zone, place.act.value): (place.sufficient, place.repeats)
        for place in places
        if place.source is Source.CAMERA
    } == other.places(period, ward)
    reported = Counter[Any]()
    for place, named in zip(places, figures.places, strict=True):
        if place.source is not Source.CAMERA:
            where_said = (place.source, named.group or "", place.street, place.act.value)
            reported[where_said] += place.sufficient
            assert not place.repeats
    assert reported == other.reported_places(period, ward)
    acts = [(act.act.value, act.outcomes) for act in figures.acts]
    assert _outcomes(acts) == other.outcomes(period, ward)
    assert {
        (row.act.value, row.basis): (row.sanctioned, row.fined_dong)
        for row in figures.sanctions_by_basis
    } == other.sanctions(period, ward)
    if ward is None:
        wards = [(row.ward.name, row.outcomes) for row in figures.outcomes_by_ward]
        assert _outcomes(wards) == other.outcomes(period, None, of="ward_name")
    _same_hours(figures, other.hours(period, ward))


@settings(max_examples=30)
@given(any_period, any_dimensions, any_ward)
def test_counts_along_any_dimensions_are_the_other_engines(
    city: Database,
    other: OtherEngine,
    period: Period,
    dimensions: tuple[Dimension, ...],
    ward: int | None,
) -> None:
    with city.reading() as session:
        ours = counts_by(session, _narrow(ward), period, *dimensions)
    columns = [DIMENSIONS[dimension] for dimension in dimensions]
    assert ours == other.counts(period, ward, *columns)


@settings(max_examples=10)
@given(any_period, any_ward)
def test_wards_reviewers_and_the_trend_are_the_other_engines(
    city: Database, other: OtherEngine, period: Period, ward: int | None
) -> None:
    with city.reading() as session:
        reading = SummaryReading(session, _narrow(ward))
        by_ward = reading.counts(period, BY_ACT, "ward_id")
        reviewed = reviewed_by(reading, period)
        points = trend(reading, period, 3, now=LAST)
    assert by_ward == other.counts(period, ward, "ward_id")
    found = {(row.reviewer, row.verdict.value): row.count for row in reviewed}
    assert found == other.reviewed(period, ward)
    for point in points:
        theirs = other.counts(point.period, ward)
        assert point.counts == theirs.get((), Counts())
        within = point.period.last < LAST.date()  # the running one is expected up to now
        if within and point.hours.expected:
            assert point.hours.seen == pytest.approx(other.hours_in_all(point.period, ward))


@settings(max_examples=5)
@given(st.sampled_from([kind for kind in PeriodKind if kind is not PeriodKind.YEAR]), days)
def test_the_list_marks_as_many_repeats_as_the_places_have(
    city: Database, kind: PeriodKind, day: date
) -> None:
    period = period_of(kind, day)
    with city.reading() as session:
        places = repeat_places(SummaryReading(session, one_ward(1)), period)
        marked = sum(line.repeats for line in case_lines(session, one_ward(1), period))
    assert marked == sum(place.repeats for place in places)


def test_a_list_whose_papers_are_read_in_stretches_says_what_one_read_case_by_case_says(
    city: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One case after the other, as a whole city's are, and a ward's, of which some are near."""
    period = read_period("2026-Q3")
    narrows: tuple[Narrow, ...] = (_everywhere, one_ward(1))
    for narrow in narrows:
        read = {}
        for stretch in (2, MANY + 1):
            monkeypatch.setattr(case_line_papers, "STRETCH", stretch)
            with city.reading() as session:
                read[stretch] = list(case_lines(session, narrow, period))
        assert read[2] == read[MANY + 1]
        assert any(line.decision_number and line.fine_dong for line in read[2])
        assert any(line.reviewer and line.reason for line in read[2])
        assert any(line.source is not Source.CAMERA and line.street for line in read[2])


def test_a_list_for_forms_says_all_but_what_repeats(city: Database) -> None:
    period = read_period("2026-Q3")
    with city.reading() as session:
        marked = list(case_lines(session, _everywhere, period))
        unmarked = list(case_lines(session, _everywhere, period, marked=False))
    assert any(line.repeats for line in marked)
    assert unmarked == [replace(line, repeats=False) for line in marked]


def test_the_generated_rows_lie_at_the_edges_of_days(city: Database) -> None:
    """The comparison would be empty without cases just before and after a midnight."""
    with city.reading() as session:
        counted = session.execute(
            text("SELECT count(*) FROM review_case WHERE CAST(start_at AS VARCHAR) LIKE :at"),
            {"at": "%16:59:59%"},
        )
        assert counted.scalar_one() > MANY / 200


def test_a_month_of_the_generated_city_has_something_of_everything(city: Database) -> None:
    with city.reading() as session:
        figures = take_figures(
            SummaryReading(session, _narrow(None)), read_period("2026-10"), now=LAST
        )
    assert len(figures.hours_of_week) > 100
    assert figures.repeats > 10
    assert figures.clocks_off
    assert all(act.outcomes.fined_dong and act.outcomes.reminded for act in figures.acts)
    assert all(act.counts.sufficient and act.year_before.sufficient for act in figures.acts)
    assert 0.9 < (figures.hours.coverage or 0) < 1


def _narrow(ward: int | None) -> Narrow:
    return one_ward(ward) if ward else _everywhere


def _everywhere(statement: S, _ward_id: object, /) -> S:
    return statement


def _by_seat(figures: Figures) -> dict[Any, Counts]:
    """Under camera, and act; what people reported under ward, source, group and street instead."""
    return {
        (camera.camera_id, _reported_at(camera), act.value): counts
        for camera in figures.cameras
        for act, counts in camera.by_act
        if counts != Counts()
    }


def _reported_at(camera: CameraFigures) -> tuple[str | None, ...] | None:
    if camera.camera_id is not None:
        return None
    return camera.ward, camera.source.value, camera.group, camera.street


def _outcomes(rows: Iterable[tuple[str, Outcomes]]) -> dict[Any, tuple[int, int]]:
    words = {
        "reminded": ("reminded", ""),
        "committed": ("committed", ""),
        "recorded": ("drawn_up", ""),
        "sanctioned": ("sanctioned", "fined_dong"),
        "complied": ("complied", "paid_dong"),
    }
    return {
        (of, step): (getattr(outcomes, count), getattr(outcomes, amount, 0))
        for of, outcomes in rows
        for step, (count, amount) in words.items()
        if getattr(outcomes, count)
    }


def _same_of_wards(folded: Figures, figures: Figures, theirs: dict[Any, Counts]) -> None:
    """Folded, a row is all of one source in a ward."""
    ours = {
        (row.ward, row.source.value, act.value): counts
        for row in folded.cameras
        for act, counts in row.by_act
        if counts != Counts()
    }
    assert ours == theirs
    assert folded.repeats == figures.repeats
    assert folded.hours.seen == pytest.approx(figures.hours.seen)
    spots = [sum(row.black_spots for row in of.cameras) for of in (folded, figures)]
    assert spots[0] == spots[1]


def _same_hours(figures: Figures, theirs: dict[int, float]) -> None:
    ours = {c.camera_id: c.hours.seen for c in figures.cameras if c.hours.expected}
    assert ours.keys() >= {camera for camera in theirs if camera in ours}
    for camera, seen in ours.items():
        assert seen == pytest.approx(theirs.get(camera or 0, 0.0))


def _within(column: str, period: Period, ward: int | None) -> str:
    first, last = (str(of) for of in (period.first, period.last) if isinstance(of, date))
    return f"CAST({column} AS DATE) BETWEEN '{first}' AND '{last}' {_of(ward)}"


def _of(ward: int | None) -> str:
    return f"AND ward_id = {ward}" if ward else ""


def _write(database: Database, table: str, columns: str, path: Path) -> None:
    with database.reading() as session, path.open("w", newline="") as file:
        rows = session.execute(
            text(f"SELECT {columns} FROM {table}"),
            execution_options={"yield_per": 10_000},
        )
        writer = csv.writer(file)
        writer.writerow(rows.keys())
        writer.writerows(rows)


def test_outcomes_kept_before_provisions_were_are_parted_by_them(city: Database) -> None:
    """And what all wards have together is added up of what was kept of each."""
    kept = _kept_outcomes(city)
    assert any(row.basis_id for row in kept)
    engine = city.engine.execution_options(viahe_writes=True, viahe_migrates=True)
    with engine.begin() as connection:
        command.downgrade(_alembic(connection), "0027")
    city.migrate()
    assert _kept_outcomes(city) == kept
    with city.reading() as session:
        assert session.scalar(select(func.count()).select_from(HourSummaryOfAll))
        assert list(differences(session)) == []


def _kept_outcomes(city: Database) -> list[Any]:
    with city.reading() as session:
        return sorted(session.execute(select(*OutcomeSummary.__table__.columns)).all())
