"""Counts of a period: equal to the unit with another query engine's over the same rows.

`VIAHE_TEST_CASES=1000000 pytest tests/api/test_measures.py` compares them over a million cases.
"""

import csv
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from tests.api.crowd import FIRST, settle
from tests.api.house import SECRET, House, a_suspicion
from viahe_api import cases, measures, seen_totals
from viahe_api.counted_wards import one_ward, wards_of_viewer
from viahe_api.counts import Counts, Share, change
from viahe_api.database import Database
from viahe_api.measures import Dimension, counts_by
from viahe_api.period_address import read_period
from viahe_api.periods import Period, PeriodKind, period_of
from viahe_api.repeat_places import repeat_places
from viahe_api.settings import Settings
from viahe_api.store import Store
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import Case
from viahe_api.vocabulary import CaseState, RejectReason, Role, Verdict
from viahe_rules.domain import Act

HANOI = timezone(timedelta(hours=7))
NOVEMBER = read_period("2026-11")
MANY = int(os.environ.get("VIAHE_TEST_CASES", "100000"))
LAST_DAY = (FIRST + timedelta(days=420)).date()


class OtherEngine:
    """DuckDB over the rows as the database holds them, asked in its own words."""

    def __init__(self, house: House, folder: Path) -> None:
        self.duck = duckdb.connect()
        self.duck.execute("SET threads TO 2")
        for table in ("review_case", "camera", "residential_group", "decision", "account"):
            path = folder / f"{table}.csv"
            _write(house.database, table, path)
            self.duck.execute(f"CREATE TABLE {table} AS FROM read_csv('{path}', header = true)")
        self.duck.execute(
            "CREATE VIEW counted AS SELECT c.*, k.street, g.name AS group_name,"
            " c.start_at + INTERVAL 7 HOUR AS local FROM review_case c"
            " JOIN camera k ON k.id = c.camera_id"
            " LEFT JOIN residential_group g ON g.id = k.group_id"
            " WHERE c.completed_at IS NOT NULL"
        )

    def counts(
        self, period: Period, dimensions: tuple[Dimension, ...], ward: int | None
    ) -> dict[tuple[Any, ...], Counts]:
        keys = "".join(f", {COLUMNS[dimension]}" for dimension in dimensions)
        where = f"CAST(local AS DATE) BETWEEN '{period.first}' AND '{period.last}'"
        where += f" AND ward_id = {ward}" if ward else ""
        rows = self.duck.execute(
            f"SELECT {FIGURES}{keys} FROM counted WHERE {where} GROUP BY ALL"  # noqa: S608
        ).fetchall()
        return {tuple(row[7:]): Counts(*row[:7]) for row in rows if any(row[:7])}

    def repeats(self, period: Period, ward: int) -> dict[tuple[int, str, str], tuple[int, int]]:
        rows = self.duck.execute(
            f"""
            WITH gaps AS (
                SELECT *, start_at - lag(start_at) OVER (
                    PARTITION BY camera_id, zone, act ORDER BY start_at) AS gap
                FROM counted WHERE state = 'sufficient' AND ward_id = {ward})
            SELECT camera_id, zone, act, count(*),
                count(*) FILTER (gap <= INTERVAL '182 days 15 hours')
            FROM gaps WHERE CAST(local AS DATE) BETWEEN '{period.first}' AND '{period.last}'
            GROUP BY ALL"""  # noqa: S608
        ).fetchall()
        return {(camera, zone, act): (count, again) for camera, zone, act, count, again in rows}

    def reviewed(self, period: Period, ward: int) -> dict[tuple[str, str], int]:
        rows = self.duck.execute(
            f"""
            SELECT a.name, d.verdict, count(*) FROM decision d
            JOIN account a ON a.id = d.account_id JOIN review_case c ON c.id = d.case_id
            WHERE d.undone_at IS NULL AND c.state <> 'integrity_error' AND c.ward_id = {ward}
            AND CAST(d.at + INTERVAL 7 HOUR AS DATE)
                BETWEEN '{period.first}' AND '{period.last}'
            GROUP BY ALL"""  # noqa: S608
        ).fetchall()
        return {(name, verdict): count for name, verdict, count in rows}


FIGURES = """
    count(*) FILTER (state <> 'integrity_error'), count(*) FILTER (state = 'sufficient'),
    count(*) FILTER (state = 'insufficient'), count(*) FILTER (state = 'not_violation'),
    count(*) FILTER (state = 'duplicate'),
    count(*) FILTER (state IN ('waiting', 'needs_more', 'expired')),
    count(*) FILTER (state = 'integrity_error')"""
COLUMNS: Mapping[Dimension, str] = {
    Dimension.WARD: "ward_id",
    Dimension.ACT: "act",
    Dimension.SOURCE: "source",
    Dimension.LABEL: "label",
    Dimension.GROUP: "group_name",
    Dimension.STREET: "coalesce(street, '')",
    Dimension.CAMERA: "camera_id",
    Dimension.HOUR: "(isodow(local) - 1) * 24 + hour(local)",
}
days = st.dates(FIRST.date() - timedelta(days=20), LAST_DAY + timedelta(days=20))
any_period = st.one_of(
    st.builds(period_of, st.sampled_from(list(PeriodKind)), days),
    st.tuples(days, days).map(
        lambda pair: Period(PeriodKind.FREE, 0, 0, min(pair), max(pair)),
    ),
)
any_dimensions = st.lists(st.sampled_from(list(Dimension)), unique=True, max_size=3).map(tuple)


@pytest.fixture(scope="module")
def city(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    yield from a_city(furnished, tmp_path_factory.mktemp("city"), MANY)


@pytest.fixture(scope="module")
def other(city: House, tmp_path_factory: pytest.TempPathFactory) -> OtherEngine:
    return OtherEngine(city, tmp_path_factory.mktemp("rows"))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(any_period, any_dimensions, st.sampled_from([None, 1, 2]))
def test_counts_are_another_engines_to_the_unit(
    city: House,
    other: OtherEngine,
    period: Period,
    dimensions: tuple[Dimension, ...],
    ward: int | None,
) -> None:
    viewer = city.viewer("binh")  # of both wards
    narrow = one_ward(ward) if ward else wards_of_viewer(viewer)
    with city.database.reading() as session:
        ours = counts_by(session, narrow, period, *dimensions)
    assert ours == other.counts(period, dimensions, ward)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(any_period, st.sampled_from([1, 2]))
def test_repeats_and_reviews_are_another_engines_to_the_unit(
    city: House, other: OtherEngine, period: Period, ward: int
) -> None:
    with city.database.reading() as session:
        reading = SummaryReading(session, one_ward(ward))
        places = repeat_places(reading, period)
        reviewed = measures.reviewed_by(reading, period)
    assert {
        (place.camera_id, place.zone, place.act.value): (place.sufficient, place.repeats)
        for place in places
    } == other.repeats(period, ward)
    assert {(row.reviewer, row.verdict.value): row.count for row in reviewed} == other.reviewed(
        period, ward
    )


def test_the_generated_rows_really_crowd_the_edges(city: House, other: OtherEngine) -> None:
    """The comparison would be empty without cases just before and after a cut-off."""
    edges = other.duck.execute(
        "SELECT count(*) FILTER (hour(local) = 23 AND minute(local) = 59 AND second(local) = 59),"
        " count(*) FILTER (hour(local) + minute(local) + second(local) = 0) FROM counted"
    ).fetchone()
    assert edges is not None
    assert min(edges) > MANY / 200
    assert len(other.counts(read_period("2026-05"), (Dimension.HOUR,), 1)) == 168


def test_the_half_millisecond_before_midnight_is_still_sundays(house: House) -> None:
    sunday = datetime(2026, 11, 22, 23, 59, 59, 999_999, tzinfo=HANOI)
    house.report(a_suspicion("late"), start_at=sunday)
    house.report(a_suspicion("early"), start_at=sunday + timedelta(microseconds=1))
    with house.database.reading() as session:
        found = counts_by(session, wards_of_viewer(house.viewer("thu")), NOVEMBER, Dimension.HOUR)
    assert {key: counts.recorded for key, counts in found.items()} == {(167,): 1, (0,): 1}


def test_a_case_is_counted_where_its_cut_off_puts_it(house: House) -> None:
    last = datetime(2026, 11, 14, 23, 59, 59, tzinfo=HANOI)
    house.report(a_suspicion("last"), start_at=last)
    house.report(a_suspicion("first"), start_at=last + timedelta(seconds=1))
    narrow = wards_of_viewer(house.viewer("thu"))
    with house.database.reading() as session:
        for address in ("2026-11.cutoff", "2026-12.cutoff"):
            counts = counts_by(session, narrow, read_period(address))
            assert counts[()].recorded == 1


def test_nothing_is_counted_beyond_the_viewers_wards(house: House) -> None:
    house.report(ward="hong-ha")
    with house.database.reading() as session:
        for login, ward, count in (("thu", None, 0), ("hoa", None, 1), ("thu", "hong-ha", 0)):
            narrow = wards_of_viewer(house.viewer(login), ward)
            found = counts_by(session, narrow, NOVEMBER)
            assert sum(counts.recorded for counts in found.values()) == count
        cameras = measures.cameras_seen(
            session, wards_of_viewer(house.viewer("thu")), NOVEMBER, now=house.now
        )
        assert [camera.name for camera in cameras] == ["Camera Phường Tây Hồ"]


def test_a_decision_counts_on_its_day_unless_it_was_undone(house: House) -> None:
    november, december = house.report(a_suspicion("a")), house.report(a_suspicion("b"))
    lan = house.viewer("lan")
    with house.database.writing() as session:
        kept = cases.decide(session, lan, november, Verdict.CONFIRM, form_id="1", now=house.now)
        undone = cases.decide(session, lan, december, Verdict.CONFIRM, form_id="2", now=house.now)
        cases.undo(session, lan, undone.id, now=house.now)
        cases.decide(
            session,
            lan,
            december,
            Verdict.REJECT,
            form_id="3",
            reason=RejectReason.PASSERS_BY,
            now=house.now + timedelta(days=20),
        )
    narrow = wards_of_viewer(house.viewer("duc"), roles=(Role.APPROVER,))
    with house.database.reading() as session:
        reading = SummaryReading(session, narrow)
        (row,) = measures.reviewed_by(reading, NOVEMBER)
        assert (row.reviewer, row.verdict, row.count) == (kept.by, Verdict.CONFIRM, 1)
        (later,) = measures.reviewed_by(reading, read_period("2026-12"))
        assert later.verdict is Verdict.REJECT
        nobody = wards_of_viewer(house.viewer("thu"), roles=(Role.APPROVER,))
        assert measures.reviewed_by(SummaryReading(session, nobody), NOVEMBER) == ()


def test_a_place_repeats_when_it_had_a_case_within_half_a_year(house: House) -> None:
    moments = [0, 100, 290, 471]  # days; the gaps are 100, 190 and 181
    for number, days_later in enumerate(moments):
        start = datetime(2025, 6, 1, tzinfo=UTC) + timedelta(days=days_later)
        house.report(a_suspicion(f"key-{number}"), start_at=start)
    with house.database.writing() as session:
        for case in session.scalars(select(Case)):
            case.state = CaseState.SUFFICIENT
    ever = read_period("2025-01-01..2026-12-31")
    with house.database.reading() as session:
        reading = SummaryReading(session, wards_of_viewer(house.viewer("thu")))
        (place,) = repeat_places(reading, ever)
    assert (place.act, place.sufficient, place.repeats) == (Act.DUMPING, 4, 2)


def test_hours_are_of_each_camera_and_lost_ones_are_not_made_up_for(house: House) -> None:
    with house.database.writing() as session:
        seen_totals.keep_seen(session, house.camera_id(), "s", NOVEMBER.start, 1800.0)
    with house.database.reading() as session:
        (camera,) = measures.cameras_seen(
            session, wards_of_viewer(house.viewer("thu")), NOVEMBER, now=house.now
        )
    so_far = (house.now - NOVEMBER.start) / timedelta(hours=1)
    assert camera.hours.expected == pytest.approx(so_far)
    assert (camera.hours.seen, camera.hours.lost) == pytest.approx((0.5, so_far - 0.5))
    assert (camera.group, camera.street) == ("TDP 7", "Thụy Khuê")


@given(st.integers(0, 400), st.integers(0, 400))
def test_an_interval_holds_its_share_and_narrows_with_more_of_the_same(
    part: int, rest: int
) -> None:
    share = Share(part, part + rest)
    if not share.whole:
        assert (share.value, share.interval) == (None, None)
        return
    assert share.value is not None
    assert share.interval is not None
    low, high = share.interval
    assert 0 <= low <= share.value <= high <= 1
    wider = Share(part * 10, share.whole * 10).interval
    assert wider is not None
    assert wider[1] - wider[0] < high - low


def test_the_interval_is_wilsons() -> None:
    # 62 of 72, by hand: centre 0.8428, half-width 0.0796.
    interval = Share(62, 72).interval
    assert interval == pytest.approx((0.7629, 0.9227), abs=1e-3)


def test_growth_from_nothing_is_not_a_percentage() -> None:
    assert change(5, 0) is None
    assert change(62, 70) == pytest.approx(-8 / 70)


@given(st.lists(st.sampled_from([*CaseState]), max_size=30))
def test_recorded_is_always_the_sum_of_what_became_of_it(states: list[CaseState]) -> None:
    total = Counts()
    for state, count in Counter(states).items():
        total += measures._counted(state, count)
    assert total.recorded + total.integrity_errors == len(states)
    assert total.recorded == (
        total.sufficient
        + total.insufficient
        + total.not_violation
        + total.duplicate
        + total.in_verification
    )


def a_city(furnished: Path, folder: Path, cases: int) -> Iterator[House]:
    data = folder / "data"
    shutil.copytree(furnished, data)
    database = Database(f"sqlite:///{data / 'viahe.sqlite3'}")
    house = House(Settings(data, SECRET, "unused"), database, Store(data / "evidence", keep_free=0))
    settle(house, cases=cases, hours=False)
    yield house
    database.close()


def _write(database: Database, table: str, path: Path) -> None:
    with database.reading() as session, path.open("w", newline="") as file:
        rows = session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608
        writer = csv.writer(file)
        writer.writerow(rows.keys())
        writer.writerows(rows)
