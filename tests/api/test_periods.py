"""Reporting periods: where they begin and end, what comes before them, how they are written."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viahe_api import periods
from viahe_api.period_address import begun_period, read_period, write_period
from viahe_api.periods import Period, PeriodFault, PeriodKind

HANOI = timezone(timedelta(hours=7))
DAY = timedelta(days=1)
ENDLESS = (
    PeriodKind.DAY,
    PeriodKind.WEEK,
    PeriodKind.MONTH,
    PeriodKind.CUT_OFF_MONTH,
    PeriodKind.QUARTER,
    PeriodKind.HALF_YEAR,
    PeriodKind.YEAR,
)
"""Kinds that follow one another without a gap."""
days = st.dates(date(2020, 1, 1), date(2029, 12, 31))
frees = st.tuples(days, days).map(lambda pair: periods.free(min(pair), max(pair)))
own_rounds = st.integers(2020, 2030).flatmap(
    lambda year: st.tuples(
        st.dates(date(year, 11, 1), date(year, 11, 28)),
        st.dates(date(year, 12, 1), date(year, 12, 31)),
    ).map(lambda span: periods.round_2(year, span))
)
any_period = st.one_of(
    st.tuples(st.sampled_from(list(PeriodKind)), days).map(lambda kd: periods.period_of(*kd)),
    frees,
    own_rounds,
)


@given(st.sampled_from(ENDLESS), days)
def test_a_day_is_in_exactly_one_period_of_each_kind(kind: PeriodKind, day: date) -> None:
    period = periods.period_of(kind, day)
    following = periods.period_of(kind, period.last + DAY)
    assert period.first <= day <= period.last
    assert period.previous.end == period.start
    assert following.start == period.end
    assert following.previous == period


@given(any_period)
def test_a_period_is_whole_local_days_and_half_open(period: Period) -> None:
    for moment in (period.start, period.end):
        local = moment.astimezone(HANOI)
        assert (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)
    assert period.start in period
    assert period.end - timedelta(microseconds=1) in period
    assert period.end not in period
    assert period.end - period.start == period.last - period.first + DAY


@given(any_period)
def test_an_address_names_the_period_it_was_written_from(period: Period) -> None:
    assert read_period(write_period(period)) == period


@given(any_period)
def test_what_a_period_is_compared_with_lies_before_it_and_is_alike(period: Period) -> None:
    length = period.last - period.first
    for other in (period.previous, period.year_before):
        assert other.first < period.first
        assert other.last < period.last
        assert read_period(write_period(other)) == other
    assert period.year_before.kind is period.kind
    assert abs((period.year_before.last - period.year_before.first) - length) <= DAY
    if period.kind is not PeriodKind.FREE:
        assert abs(period.first - period.year_before.first - timedelta(days=365)) <= 7 * DAY


@given(frees)
def test_free_days_are_compared_with_as_many_days_directly_before(period: Period) -> None:
    assert period.previous.end == period.start
    assert period.previous.last - period.previous.first == period.last - period.first


def test_the_last_second_of_the_14th_and_midnight_of_the_15th_fall_apart() -> None:
    november = read_period("2026-11.cutoff")
    last_second = datetime(2026, 11, 14, 23, 59, 59, tzinfo=HANOI)
    midnight = datetime(2026, 11, 15, tzinfo=HANOI)
    assert last_second in november
    assert midnight not in november
    assert midnight in read_period("2026-12.cutoff")
    assert last_second + timedelta(microseconds=999_999) in november


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2026-11-22", "2026-11-22", "2026-11-22"),
        ("2026-W47", "2026-11-16", "2026-11-22"),
        ("2026-W01", "2025-12-29", "2026-01-04"),
        ("2026-11", "2026-11-01", "2026-11-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-11.cutoff", "2026-10-15", "2026-11-14"),
        ("2026-01.cutoff", "2025-12-15", "2026-01-14"),
        ("2026-Q1", "2025-12-15", "2026-03-14"),
        ("2026-Q4", "2026-09-15", "2026-12-14"),
        ("2026-H1", "2025-12-15", "2026-06-14"),
        ("2026-H2", "2026-06-15", "2026-12-14"),
        ("2026-9M", "2025-12-15", "2026-09-14"),
        ("2026", "2025-12-15", "2026-12-14"),
        ("2026-D1", "2026-06-01", "2026-06-30"),
        ("2026-D2", "2026-11-16", "2026-12-15"),
        ("2026-D2.2026-11-20..2026-12-10", "2026-11-20", "2026-12-10"),
        ("2026..2026-11-22", "2025-12-15", "2026-11-22"),
        ("2027..2026-12-20", "2026-12-15", "2026-12-20"),
        ("2026-11-03..2026-11-20", "2026-11-03", "2026-11-20"),
    ],
)
def test_periods_have_the_days_the_reporting_rules_give_them(
    written: str, first: str, last: str
) -> None:
    period = read_period(written)
    assert (str(period.first), str(period.last)) == (first, last)
    assert write_period(period) == written


@pytest.mark.parametrize(
    ("period", "previous", "year_before"),
    [
        ("2026-01.cutoff", "2025-12.cutoff", "2025-01.cutoff"),
        ("2026-W53", "2026-W52", "2025-W52"),
        ("2026-9M", "2025-9M", "2025-9M"),
        ("2026-D1", "2025-D2", "2025-D1"),
        ("2026-D2", "2026-D1", "2025-D2"),
        ("2026..2026-11-22", "2025..2025-11-22", "2025..2025-11-22"),
        ("2024-02-29", "2024-02-28", "2023-02-28"),
        ("2026-11-03..2026-11-20", "2026-10-16..2026-11-02", "2025-11-03..2025-11-20"),
    ],
)
def test_each_kind_has_its_own_previous_period(
    period: str, previous: str, year_before: str
) -> None:
    assert write_period(read_period(period).previous) == previous
    assert write_period(read_period(period).year_before) == year_before


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026-13", "2026-00.cutoff", "2026-Q5", "2026-H0", "2025-W53", "26-11", "2026/11"),
        *("2026-11.chốt", "0000-01", "2026-02-30", "20261122", "2026-9", "2026-1x", "２０２６-11"),
        *(
            "2026..",
            "..2026-11-20",
            "2025..2026-11-22",
            "9999-12",
            "1999",
            "2026-D3",
            "2026Q4",
            "2026-",
        ),
    ],
)
def test_what_names_no_period_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(PeriodFault) as refused:
        read_period(text)
    assert refused.value.fault == "unreadable"


def test_a_period_that_ends_before_it_begins_says_so() -> None:
    with pytest.raises(PeriodFault, match=r"ends on 2026-11-01, before it begins on 2026-11-20"):
        read_period("2026-11-20..2026-11-01")


def test_a_period_that_has_not_begun_has_no_counts() -> None:
    now = datetime(2026, 11, 30, 16, 59, 59, tzinfo=UTC)
    with pytest.raises(PeriodFault, match="2026-12 begins on 2026-12-01") as refused:
        begun_period("2026-12", now)
    assert refused.value.fault == "not_begun"
    assert begun_period("2026-12", now + timedelta(seconds=1)).number == 12
    assert not begun_period("2026-11", now).has_ended(now)
