"""Periods are taken apart into spans, and spans into shorter ones, without a gap or a day twice."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viahe_api.periods import PeriodKind, period_of
from viahe_api.spans import DAY, MADE_OF, Length, Span, firsts, span_of, taken_apart

days = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@given(st.tuples(days, days), st.sets(st.sampled_from(list(Length))))
def test_spans_make_up_a_period_and_nothing_else(
    pair: tuple[date, date], lengths: set[Length]
) -> None:
    first, last = min(pair), max(pair)
    spans = list(taken_apart(first, last, lengths))
    covered = [of for span in spans for of in _days(span)]
    assert covered == _days(Span(Length.DAY, first, last))
    assert all(span == span_of(span.length, span.first) for span in spans)


@given(days)
def test_half_months_and_quarters_follow_each_other_without_a_gap(of: date) -> None:
    for length in Length:
        span = span_of(length, of)
        assert span.first <= of <= span.last
        assert span_of(length, span.last + DAY).first == span.last + DAY
        assert span_of(length, span.first - DAY).last == span.first - DAY


@pytest.mark.parametrize("kind", list(PeriodKind))
def test_no_period_of_a_kind_is_taken_apart_into_many_spans(kind: PeriodKind) -> None:
    for of in (date(2026, 2, 20), date(2026, 12, 31)):
        period = period_of(kind, of)
        assert len(list(taken_apart(period.first, period.last, list(Length)))) <= 25


@given(days, st.sampled_from(sorted(MADE_OF)))
def test_a_span_is_made_of_spans_of_the_next_length(of: date, length: Length) -> None:
    span = span_of(length, of)
    within = [span_of(MADE_OF[length], first) for first in firsts(span, MADE_OF[length])]
    assert [day for part in within for day in _days(part)] == _days(span)


def _days(span: Span) -> list[date]:
    return [span.first + n * DAY for n in range((span.last - span.first).days + 1)]
