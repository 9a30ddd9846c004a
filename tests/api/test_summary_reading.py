"""Counts are read from what is kept and holds, and else from the rows, and from no more of them."""

import json
from datetime import date, timedelta

from sqlalchemy import func, insert, select

from tests.api.house import House, a_suspicion
from tests.api.test_queue_lookups import overheard
from tests.api.test_summaries import FIRST, agree
from viahe_api.counted_wards import every_ward, one_ward, wards_of_viewer
from viahe_api.figure_taking import take_figures
from viahe_api.period_address import read_period
from viahe_api.periods import free
from viahe_api.spans import DAY
from viahe_api.summary_keeping import take_up_some
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import ActSummary, Case, CaseChange
from viahe_api.tallies import BY_ACT, BY_HOUR, BY_KIND, TALLIES
from viahe_api.trend import trend
from viahe_api.vocabulary import CaseState


def test_a_change_that_nobody_has_taken_up_is_counted_all_the_same(house: House) -> None:
    house.report(a_suspicion("one"), start_at=FIRST)
    take_up_some(house.database)
    house.report(a_suspicion("two"), start_at=FIRST)
    narrow, period = one_ward(1), read_period("2026-01")
    with house.database.reading() as session:
        assert session.scalar(select(func.sum(ActSummary.in_verification))) == 6  # of six spans
        parts = SummaryReading(session, narrow).parts(period, TALLIES[0])
        assert session.scalar(select(func.sum(parts.c.in_verification))) == 2


def test_of_a_quarter_only_the_day_that_changed_is_counted_from_its_rows(house: House) -> None:
    house.report(a_suspicion("before"), start_at=FIRST - timedelta(days=10))
    while take_up_some(house.database):
        pass
    house.report(a_suspicion("since"), start_at=FIRST)
    with overheard() as heard, house.database.reading() as session:
        counts = SummaryReading(session, one_ward(1)).counts(read_period("2026-Q1"), BY_HOUR)
    assert counts[()].recorded == 2
    (counted,) = [values for said, values in heard if "FROM review_case" in said]
    (told,) = {value for value in counted if str(value).startswith("[")}
    (day,) = json.loads(told)
    assert day.startswith("2026-01-282026-01-27 17:00:00.0000002026-01-28 17:00:00.000000")


def test_whatever_number_of_days_changed_pages_are_counted(house: House) -> None:
    """A database takes so many selects in one statement and no more."""
    house.report(a_suspicion("one"), start_at=FIRST)
    while take_up_some(house.database):
        pass
    with house.database.writing() as session:
        noted = [{"ward_id": 1, "day": FIRST.date() - n * DAY} for n in range(6_000)]
        session.execute(insert(CaseChange), noted)
    period = free(date(2026, 1, 3), date(2026, 8, 12))
    with house.database.reading() as session:
        for narrow in (every_ward, one_ward(1)):
            reading = SummaryReading(session, narrow)
            figures = take_figures(reading, period, now=house.now)
            points = trend(reading, period, 24, now=house.now)
            assert [figures.counts.recorded, points[-1].counts.recorded] == [1, 1]
            agree(session, narrow, period)


def test_what_changed_is_asked_once_for_all_counts_of_a_report(house: House) -> None:
    house.report()
    narrow = wards_of_viewer(house.viewer("duc"))
    with overheard() as heard, house.database.reading() as session:
        figures = take_figures(
            SummaryReading(session, narrow), read_period("2026-11"), now=house.now
        )
    assert figures.counts.recorded == 1
    assert len([said for said, _ in heard if "DISTINCT case_change" in said]) == 1


def test_who_may_see_all_wards_but_one_is_told_nothing_of_that_one(house: House) -> None:
    house.report(a_suspicion("mine"), start_at=FIRST)
    house.report(a_suspicion("theirs"), ward="hong-ha", start_at=FIRST)
    while take_up_some(house.database):
        pass
    january = read_period("2026-01")
    for asked in (BY_ACT, BY_HOUR, BY_KIND):
        with house.database.reading() as session:
            every = SummaryReading(session, every_ward).counts(january, asked)
            mine = SummaryReading(session, one_ward(1)).counts(january, asked)
        assert (every[()].recorded, mine[()].recorded) == (2, 1)


def test_a_city_is_read_from_what_its_wards_have_together(house: House) -> None:
    """What changed since is put in the place of what its ward had."""
    house.report(a_suspicion("one"), start_at=FIRST)
    house.report(a_suspicion("two"), start_at=FIRST)
    while take_up_some(house.database):
        pass
    with house.database.writing() as session:
        case = session.scalars(select(Case).order_by(Case.id)).first()
        assert case is not None
        case.state = CaseState.SUFFICIENT
    with overheard() as heard, house.database.reading() as session:
        counts = SummaryReading(session, every_ward).counts(read_period("2026-01"), BY_HOUR)
    assert (counts[()].sufficient, counts[()].in_verification) == (1, 1)
    assert any("FROM hour_summary_of_all" in said for said, _ in heard)


def test_who_writes_counts_what_was_just_written(house: House) -> None:
    code = house.report()
    while take_up_some(house.database):
        pass
    november = read_period("2026-11")
    with house.database.writing() as session:
        case = session.scalars(select(Case).where(Case.code == code)).one()
        narrow = one_ward(case.ward_id)
        before = SummaryReading(session, narrow).counts(november, BY_ACT)
        case.state = CaseState.SUFFICIENT
        session.flush()
        after = SummaryReading(session, narrow).counts(november, BY_ACT)
    assert (before[()].sufficient, after[()].sufficient) == (0, 1)
