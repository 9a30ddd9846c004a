"""Every figure of a report, counted once more by another engine over the same rows.

`VIAHE_TEST_CITY=1000000 pytest tests/api/test_city.py` compares them over a million cases of 126
wards; by default over some thousand of three.
"""

import csv
import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tests.api.city import LAST, City, build
from viahe_api.counted_wards import Narrow, one_ward
from viahe_api.counts import Counts, Outcomes
from viahe_api.database import Database
from viahe_api.figures import Figures, take_figures
from viahe_api.measures import repeat_places
from viahe_api.period_address import read_period
from viahe_api.periods import Period, PeriodKind, free, period_of
from viahe_api.scope import S
from viahe_rules.domain import Act

MANY = int(os.environ.get("VIAHE_TEST_CITY", "12000"))
CITY = City(MANY, wards=126) if MANY >= 1_000_000 else City(MANY, wards=3, cameras_a_ward=2)
TABLES = ("review_case", "handling_step", "camera_hours", "camera")
COUNTS = """
    count(*) FILTER (state <> 'integrity_error'), count(*) FILTER (state = 'sufficient'),
    count(*) FILTER (state = 'insufficient'), count(*) FILTER (state = 'not_violation'),
    count(*) FILTER (state = 'duplicate'),
    count(*) FILTER (state = 'waiting' OR state = 'needs_more'),
    count(*) FILTER (state = 'integrity_error')"""

days = st.dates((LAST - timedelta(days=CITY.days + 30)).date(), (LAST + timedelta(days=30)).date())
any_period = st.one_of(
    st.builds(period_of, st.sampled_from(list(PeriodKind)), days),
    st.tuples(days, days).map(lambda pair: free(min(pair), max(pair))),
)
any_ward = st.sampled_from([None, 1, 2])


class OtherEngine:
    """DuckDB over the rows as the database holds them, asked in its own words."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._duck = duckdb.connect()
        self._duck.execute("SET threads TO 2")
        for table in TABLES:
            path = folder / f"{table}.csv"
            _write(database, table, path)
            self._duck.execute(f"CREATE TABLE {table} AS FROM read_csv('{path}', header = true)")
        self._duck.execute(
            "CREATE VIEW counted AS SELECT *, start_at + INTERVAL 7 HOUR AS local"
            " FROM review_case WHERE completed_at IS NOT NULL"
        )

    def counts(self, period: Period, ward: int | None, *keys: str) -> dict[Any, Counts]:
        asked = "".join(f", {key}" for key in keys)
        rows = self._ask(
            f"SELECT {COUNTS}{asked} FROM counted WHERE {_within('local', period, ward)}"
            " GROUP BY ALL"
        )
        return {row[7:]: Counts(*row[:7]) for row in rows if any(row[:7])}

    def places(self, period: Period, ward: int | None) -> dict[Any, tuple[int, int]]:
        rows = self._ask(
            f"""
            WITH gaps AS (
                SELECT *, start_at - lag(start_at) OVER (
                    PARTITION BY camera_id, zone, act ORDER BY start_at) AS gap
                FROM counted WHERE state = 'sufficient' {_of(ward)})
            SELECT camera_id, zone, act, count(*),
                count(*) FILTER (gap <= INTERVAL '182 days 15 hours')
            FROM gaps WHERE {_within("local", period, None)} GROUP BY ALL"""
        )
        return {row[:3]: row[3:] for row in rows}

    def outcomes(self, period: Period, ward: int | None) -> dict[Any, tuple[int, int]]:
        rows = self._ask(
            f"""
            WITH newest AS (
                SELECT *, row_number() OVER (PARTITION BY case_id, step ORDER BY id DESC) AS age
                FROM handling_step)
            SELECT c.act, s.step, count(*), coalesce(sum(s.amount), 0)
            FROM newest s JOIN counted c ON c.id = s.case_id
            WHERE s.age = 1 AND s.step NOT IN ('handed_over', 'closed')
            AND c.state <> 'integrity_error'
            AND coalesce(s.day, CAST(s.at + INTERVAL 7 HOUR AS DATE))
                BETWEEN '{period.first}' AND '{period.last}' {_of(ward)} GROUP BY ALL"""
        )
        return {row[:2]: row[2:] for row in rows}

    def hours(self, period: Period, ward: int | None) -> dict[int, float]:
        rows = self._ask(
            f"""
            WITH hours AS (
                SELECT camera_id, hour, least(sum(seen_s), 3600) AS seen_s FROM camera_hours
                WHERE {_within("hour + INTERVAL 7 HOUR", period, None)} GROUP BY ALL)
            SELECT camera_id, sum(seen_s) / 3600 FROM hours JOIN camera k ON k.id = camera_id
            WHERE true {_of(ward)} GROUP BY ALL"""
        )
        return dict(rows)

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


@settings(max_examples=40)
@given(any_period, any_ward)
def test_every_figure_is_the_other_engines_to_the_unit(
    city: Database, other: OtherEngine, period: Period, ward: int | None
) -> None:
    with city.reading() as session:
        figures = take_figures(session, _narrow(ward), period, now=LAST)
        places = repeat_places(session, _narrow(ward), period)
    for of, ours in (
        (period, [act.counts for act in figures.acts]),
        (period.previous, [act.previous for act in figures.acts]),
        (period.year_before, [act.year_before for act in figures.acts]),
    ):
        theirs = other.counts(of, ward, "act")
        assert ours == [theirs.get((act.value,), Counts()) for act in Act]
    hours = {(hour.hour,): hour.counts for hour in figures.hours_of_week}
    assert hours == other.counts(period, ward, "(isodow(local) - 1) * 24 + hour(local)")
    assert _by_camera(figures) == other.counts(period, ward, "camera_id", "act")
    assert {
        (place.camera_id, place.zone, place.act.value): (place.sufficient, place.repeats)
        for place in places
    } == other.places(period, ward)
    assert _outcomes(figures) == other.outcomes(period, ward)
    _same_hours(figures, other.hours(period, ward))


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
        figures = take_figures(session, _narrow(None), read_period("2026-10"), now=LAST)
    assert len(figures.hours_of_week) > 100
    assert figures.repeats > 10
    assert all(act.outcomes.fined_dong and act.outcomes.reminded for act in figures.acts)
    assert all(act.counts.sufficient and act.year_before.sufficient for act in figures.acts)
    assert 0.9 < (figures.hours.coverage or 0) < 1


def _narrow(ward: int | None) -> Narrow:
    return one_ward(ward) if ward else _everywhere


def _everywhere(statement: S, _ward_id: object, /) -> S:
    return statement


def _by_camera(figures: Figures) -> dict[Any, Counts]:
    return {
        (camera.camera_id, act.value): counts
        for camera in figures.cameras
        for act, counts in camera.by_act
        if counts != Counts()
    }


def _outcomes(figures: Figures) -> dict[Any, tuple[int, int]]:
    words = {
        "reminded": ("reminded", ""),
        "committed": ("committed", ""),
        "recorded": ("drawn_up", ""),
        "sanctioned": ("sanctioned", "fined_dong"),
        "complied": ("complied", "paid_dong"),
    }
    return {
        (act.act.value, step): (getattr(act.outcomes, count), getattr(act.outcomes, amount, 0))
        for act in figures.acts
        for step, (count, amount) in words.items()
        if act.outcomes != Outcomes() and getattr(act.outcomes, count)
    }


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


def _write(database: Database, table: str, path: Path) -> None:
    with database.reading() as session, path.open("w", newline="") as file:
        rows = session.execute(
            text(f"SELECT * FROM {table}"), execution_options={"yield_per": 10_000}
        )
        writer = csv.writer(file)
        writer.writerow(rows.keys())
        writer.writerows(rows)
