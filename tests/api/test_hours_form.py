"""Hours of the week in a form: what is shown comes back as what holds."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from viahe_api.errors import FormFault
from viahe_api.language import read_languages
from viahe_api.web.hours_form import EXCEPT, KEPT, MOST, ONLY, HoursForm, shown_hours, windows_of
from viahe_api.web.hours_form import minutes_of as minutes
from viahe_api.web.typed_windows import TypedWindow
from viahe_api.web.zone_differences import hours_said
from viahe_rules.plan import Holidays, Window
from viahe_rules.schedule import within

LANGUAGES = read_languages()
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
    max_size=5,
).map(tuple)


TYPED = st.lists(
    st.tuples(CLOCK, CLOCK, DAYS).filter(lambda hours: hours[0] != hours[1]),
    min_size=1,
    max_size=MOST,
).map(lambda windows: tuple(TypedWindow(*window) for window in windows))


def form_of(mode: str, *windows: tuple[str, str]) -> HoursForm:
    return HoursForm(mode, tuple(TypedWindow(*window) for window in windows))


@given(st.sampled_from([ONLY, EXCEPT]), TYPED)
def test_hours_as_typed_come_back_as_the_same_hours(
    mode: str, typed: tuple[TypedWindow, ...]
) -> None:
    form = HoursForm(mode, typed)
    try:
        held = windows_of(form)
    except FormFault:
        assert (mode, len(minutes(windows_of(HoursForm(ONLY, typed))))) == (EXCEPT, 7 * 1440)
        return
    assert minutes(windows_of(shown_hours(held), held)) == minutes(held)


@pytest.mark.parametrize(
    "form",
    [
        form_of(ONLY, ("05:00", "06:00"), ("18:00", "20:00")),
        form_of(EXCEPT, ("05:00", "06:00"), ("18:00", "20:00")),
        form_of(ONLY, ("06:00", "07:30"), ("11:00", "13:00"), ("22:00", "02:00")),
        form_of(EXCEPT, ("06:00", "07:30"), ("11:00", "13:00"), ("18:00", "20:00")),
        HoursForm(
            EXCEPT,
            (
                TypedWindow("05:00", "06:00", frozenset("01234")),
                TypedWindow("18:00", "20:00", frozenset("56")),
            ),
        ),
    ],
)
def test_several_windows_are_shown_as_they_were_typed(form: HoursForm) -> None:
    assert shown_hours(windows_of(form)) == form


def test_the_hours_of_a_waste_point_are_said_in_words() -> None:
    form = form_of(EXCEPT, ("05:00", "06:00"), ("18:00", "20:00"))
    assert hours_said(LANGUAGES["vi"], windows_of(form)) == "trừ 05:00-06:00; 18:00-20:00"


def test_one_fault_in_several_windows_is_told() -> None:
    with pytest.raises(FormFault, match="same minute"):
        windows_of(form_of(ONLY, ("05:00", "06:00"), ("18:00", "18:00")))


@given(WINDOWS)
def test_hours_no_form_can_say_are_kept(held: tuple[Window, ...]) -> None:
    again = windows_of(shown_hours(held), held)
    assert minutes(again) == minutes(held)
    assert {each.holidays for each in again} == {each.holidays for each in held}
    if shown_hours(held).mode == KEPT:
        assert again == held


@given(TYPED, st.integers(0, 7 * 1440 - 1))
def test_an_exception_is_all_the_other_minutes_of_the_week_to_the_rules(
    typed: tuple[TypedWindow, ...], minute: int
) -> None:
    only = windows_of(HoursForm(ONLY, typed))
    assume(len(minutes(only)) < 7 * 1440)
    monday = 1795366800 - 1795366800 % 60  # Monday 23 November 2026, 00:00 in Ha Noi
    at = monday + minute * 60.0
    other = windows_of(HoursForm(EXCEPT, typed))
    assert within(only, at, 420) != within(other, at, 420)


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        (form_of(ONLY), "hours"),
        (form_of(ONLY, ("18h", "22:00")), "hours"),
        (form_of(ONLY, ("18:00", "24:01")), "hours"),
        (form_of(ONLY, ("18:00", "18:00")), "hours"),
        (form_of(EXCEPT, ("00:00", "24:00")), "hours"),
        (form_of(EXCEPT, ("00:00", "12:00"), ("12:00", "24:00")), "hours"),
        (HoursForm(ONLY, (TypedWindow("18:00", "22:00", frozenset()),)), "no_day"),
        (HoursForm(EXCEPT, (TypedWindow("18:00", "22:00", holidays="never"),)), "holidays"),
    ],
)
def test_hours_that_cannot_be_are_refused(form: HoursForm, fault: str) -> None:
    with pytest.raises(FormFault) as refused:
        windows_of(form)
    assert refused.value.fault == fault


@pytest.mark.parametrize("holidays", Holidays)
def test_what_hours_do_on_public_holidays_is_shown_as_it_was_typed(holidays: Holidays) -> None:
    form = HoursForm(ONLY, (TypedWindow("18:00", "22:00", frozenset("01234"), holidays),))
    assert shown_hours(windows_of(form)) == form


def test_hours_may_be_those_of_public_holidays_alone() -> None:
    form = HoursForm(ONLY, (TypedWindow("07:00", "22:00", frozenset(), Holidays.ALSO),))
    assert windows_of(form) == (Window(frozenset(), 420, 1320, Holidays.ALSO),)
