"""What a chart draws: from zero up, hatched where too little was seen, darker where there is
more."""

import pytest

from viahe_api.counts import Counts, Hours
from viahe_api.language import read_language
from viahe_api.periods import calendar_month
from viahe_api.trend import TrendPoint
from viahe_api.web.charts import HEIGHT, SHADES, WIDTH, Bar, bars, heat, lengths


def a_point(sufficient: int, seen: float | None = 100.0, month: int = 1) -> TrendPoint:
    """A month of 100 camera hours, or of none."""
    hours = Hours() if seen is None else Hours(100.0, seen, 100.0 - seen)
    return TrendPoint(calendar_month(2026, month), Counts(sufficient=sufficient), hours)


def drawn(*points: TrendPoint) -> tuple[Bar, ...]:
    return bars(points, read_language("vi"))


def test_a_bar_stands_on_zero_and_is_as_high_as_its_count() -> None:
    some = drawn(a_point(30), a_point(60), a_point(0))
    assert [bar.height for bar in some] == [HEIGHT / 2, HEIGHT, 0]
    assert all(bar.y + bar.height == HEIGHT for bar in some)


def test_bars_do_not_overlap_and_stay_in_their_room() -> None:
    edges = [edge for bar in drawn(*[a_point(n) for n in range(12)]) for edge in sides(bar)]
    assert edges == sorted(edges)
    assert 0 <= edges[0] < edges[-1] <= WIDTH


def sides(bar: Bar) -> tuple[float, float]:
    return bar.x, bar.x + bar.width


def test_periods_without_a_case_have_bars_of_no_height() -> None:
    assert [bar.height for bar in drawn(a_point(0), a_point(0))] == [0, 0]


@pytest.mark.parametrize(
    ("seen", "hatched"), [(100.0, False), (80.0, False), (79.9, True), (0.0, True), (None, True)]
)
def test_a_bar_is_hatched_where_less_than_80_percent_was_seen(
    seen: float | None, hatched: bool
) -> None:
    (bar,) = drawn(a_point(5, seen))
    assert bar.hatched is hatched


def test_the_strip_of_coverage_is_as_high_as_the_share_seen_and_says_it() -> None:
    whole, half, none = drawn(a_point(1, 100.0), a_point(1, 50.0), a_point(1, None))
    assert (half.coverage_height, half.coverage) == (whole.coverage_height / 2, "50 %")
    assert (none.coverage_height, none.coverage) == (0, "–")


def test_an_hour_is_the_darker_the_more_came_in_it() -> None:
    most = 23
    cells = [cell for row in heat({hour: hour for hour in range(most + 1)}) for cell in row]
    shades = [cell.shade for cell in sorted(cells, key=lambda cell: cell.count)]
    assert shades == sorted(shades)
    assert set(shades) == set(range(SHADES + 1))
    assert [cell.count for cell in cells if cell.shade == 0] == [0] * (7 * 24 - most)


def test_a_single_case_is_seen_beside_a_thousand_and_stands_at_its_hour() -> None:
    grid = heat({0: 1, 2 * 24 + 5: 1000})
    assert (len(grid), {len(row) for row in grid}) == (24, {7})
    assert (grid[0][0].shade, grid[5][2].shade) == (1, SHADES)
    assert grid[5][2].hour == 2 * 24 + 5


def test_a_week_without_a_case_has_no_shade() -> None:
    assert {cell.shade for row in heat({}) for cell in row} == {0}


def test_lying_bars_begin_at_zero_and_the_longest_fills_the_room() -> None:
    assert lengths([0, 5, 20]) == (0, 25, 100)
    assert lengths([0, 0]) == (0, 0)
