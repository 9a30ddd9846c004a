"""Hours of the week in a form: what is shown comes back as what holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viahe_api.errors import FormFault
from viahe_api.web.hours_form import EXCEPT, KEPT, ONLY, HoursForm, shown_hours, windows_of
from viahe_api.web.hours_form import minutes_of as minutes
from viahe_rules.domain import Holidays, Window
from viahe_rules.schedule import within

CLOCK = st.integers(0, 1439).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
DAYS = st.frozensets(st.sampled_from("0123456"), min_size=1)
WINDOWS = st.lists(
    st.builds(
        Window,
        st.frozensets(st.integers(0, 6), min_size=1),
        st.integers(0, 1439),
        st.integers(1, 1440),
        st.sampled_from(Holidays),
    ),
    max_size=3,
).map(tuple)


@given(st.sampled_from([ONLY, EXCEPT]), CLOCK, CLOCK, DAYS)
def test_hours_as_typed_are_shown_as_typed(
    mode: str, begins: str, ends: str, days: frozenset[str]
) -> None:
    form = HoursForm(mode, begins, ends, days)
    if begins == ends:
        with pytest.raises(FormFault):
            windows_of(form)
        return
    assert minutes(windows_of(shown_hours(windows_of(form)))) == minutes(windows_of(form))


@given(WINDOWS)
def test_hours_no_form_can_say_are_kept(held: tuple[Window, ...]) -> None:
    again = windows_of(shown_hours(held), held)
    assert minutes(again) == minutes(held)
    assert {each.holidays for each in again} == {each.holidays for each in held}
    if shown_hours(held).mode == KEPT:
        assert again == held


@given(CLOCK, CLOCK, DAYS, st.integers(0, 7 * 1440 - 1))
def test_an_exception_is_all_the_other_minutes_of_the_week_to_the_rules(
    begins: str, ends: str, days: frozenset[str], minute: int
) -> None:
    if begins == ends:
        return
    monday = 1795366800 - 1795366800 % 60  # Monday 23 November 2026, 00:00 in Ha Noi
    at = monday + minute * 60.0
    only = windows_of(HoursForm(ONLY, begins, ends, days))
    other = windows_of(HoursForm(EXCEPT, begins, ends, days))
    assert within(only, at, 420) != within(other, at, 420)


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        (HoursForm(ONLY, "18h", "22:00"), "hours"),
        (HoursForm(ONLY, "18:00", "24:01"), "hours"),
        (HoursForm(ONLY, "18:00", "18:00"), "hours"),
        (HoursForm(EXCEPT, "00:00", "24:00"), "hours"),
        (HoursForm(ONLY, "18:00", "22:00", frozenset()), "no_day"),
        (HoursForm(EXCEPT, "18:00", "22:00", holidays="never"), "holidays"),
    ],
)
def test_hours_that_cannot_be_are_refused(form: HoursForm, fault: str) -> None:
    with pytest.raises(FormFault) as refused:
        windows_of(form)
    assert refused.value.fault == fault


@pytest.mark.parametrize("holidays", Holidays)
def test_what_hours_do_on_public_holidays_is_shown_as_it_was_typed(holidays: Holidays) -> None:
    form = HoursForm(ONLY, "18:00", "22:00", frozenset("01234"), holidays)
    assert shown_hours(windows_of(form)) == form


def test_hours_may_be_those_of_public_holidays_alone() -> None:
    form = HoursForm(ONLY, "07:00", "22:00", frozenset(), Holidays.ALSO)
    assert windows_of(form) == (Window(frozenset(), 420, 1320, Holidays.ALSO),)
