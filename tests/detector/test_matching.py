"""A suspicion is right about an event by act, place and beginning, and never about two."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viahe_detector.matching import fits, is_at, match
from viahe_detector.truth import Dwell, Event, Video
from viahe_rules.domain import Act, Box, Suspicion

REGION = Box(40, 40, 60, 60)
PLACE = Box(0.4, 0.4, 0.6, 0.6)
LEFT = Event(Act.DUMPING, 16.0, REGION, owner_left_s=21.0)


def video(*events: Event) -> Video:
    """100 pixels wide and high, so that a hundredth is a pixel."""
    return Video("street.avi", (100, 100), Dwell(5.0, 30.0), events)


def told(start: float = 16.0, end: float = 23.0, place: Box = PLACE, key: str = "k") -> Suspicion:
    return Suspicion(
        key=key,
        act=Act.DUMPING,
        camera="street.avi",
        run="f-1",
        zone="1-dumping",
        zone_version=1,
        rule="dumping",
        label="thing",
        place=place,
        start=start,
        end=end,
        score=0.7,
    )


def test_the_same_act_place_and_beginning_is_a_find() -> None:
    matched = match(video(LEFT), [told()], 1.0)
    assert (matched.missed, matched.false) == ((), ())
    assert matched.found[0].delay_s == 7.0


@pytest.mark.parametrize(("start", "right"), [(14.0, True), (18.0, True), (13.9, False)])
def test_the_beginning_may_be_two_seconds_off(start: float, right: bool) -> None:
    assert fits(video(LEFT), LEFT, told(start), 1.0) is right


def test_where_looks_are_far_apart_the_beginning_may_be_one_look_off() -> None:
    assert not fits(video(LEFT), LEFT, told(12.0), 1.0)
    assert fits(video(LEFT), LEFT, told(12.0), 4.0)


def test_a_dumping_raised_before_its_owner_left_is_false_and_the_event_missed() -> None:
    matched = match(video(LEFT), [told(end=20.9)], 1.0)
    assert matched.found == ()
    assert (len(matched.missed), len(matched.false)) == (1, 1)


def test_an_encroachment_has_no_owner_who_must_leave() -> None:
    event = replace(LEFT, act=Act.ENCROACHMENT)
    assert fits(video(event), event, replace(told(end=17.0), act=Act.ENCROACHMENT), 1.0)


def test_the_other_act_at_the_same_place_is_false() -> None:
    matched = match(video(LEFT), [replace(told(), act=Act.ENCROACHMENT)], 1.0)
    assert len(matched.false) == 1


@pytest.mark.parametrize(
    ("place", "right"),
    [
        (Box(0.4, 0.4, 0.6, 0.6), True),
        (Box(0.1, 0.4, 0.9, 0.6), True),  # long, but about the same centre
        (Box(0.63, 0.5, 0.66, 0.53), True),  # small, in the grown region
        (Box(0.66, 0.5, 0.70, 0.54), False),
        (Box(0.0, 0.0, 0.45, 0.45), False),  # a corner of it overlaps
    ],
)
def test_a_place_is_right_by_overlap_or_by_its_centre(place: Box, right: bool) -> None:
    assert is_at(place, PLACE) is right


def test_a_second_suspicion_of_one_event_is_false() -> None:
    matched = match(video(LEFT), [told(key="a"), told(15.5, key="b")], 1.0)
    assert [found.suspicion.key for found in matched.found] == ["a"]
    assert [suspicion.key for suspicion in matched.false] == ["b"]


def test_two_events_near_each_other_share_two_suspicions_though_one_fits_both() -> None:
    later = replace(LEFT, start_s=19.0)
    both, only_first = told(17.5, 30.0, key="both"), told(17.4, 30.0, key="first")
    assert not fits(video(), later, replace(only_first, start=16.9), 1.0)
    matched = match(video(LEFT, later), [both, replace(only_first, start=16.9)], 1.0)
    assert (len(matched.found), matched.missed, matched.false) == (2, (), ())


starts = st.floats(0, 20, allow_nan=False).map(lambda t: round(t, 1))
corners = st.integers(0, 60)
boxes = st.builds(lambda x, y, w: Box(x, y, x + w, y + w), corners, corners, st.integers(5, 40))
events = st.lists(
    st.builds(
        lambda act, t, box, left: Event(act, t, box, owner_left_s=left),
        st.sampled_from(list(Act)),
        starts,
        boxes,
        st.none() | starts,
    ),
    max_size=5,
)
suspicions = st.lists(
    st.builds(
        lambda act, t, dwell, box: replace(
            told(t, t + dwell, Box(*(e / 100 for e in (box.left, box.top, box.right, box.bottom)))),
            act=act,
        ),
        st.sampled_from(list(Act)),
        starts,
        starts,
        boxes,
    ),
    max_size=7,
).map(lambda each: [replace(one, key=str(number)) for number, one in enumerate(each)])


@given(events, suspicions)
def test_every_event_and_every_suspicion_is_counted_exactly_once(
    events: list[Event], suspicions: list[Suspicion]
) -> None:
    clip = video(*events)
    matched = match(clip, suspicions, 1.0)
    assert len(matched.found) + len(matched.missed) == len(events)
    keys = [found.suspicion.key for found in matched.found] + [s.key for s in matched.false]
    assert sorted(keys) == sorted(suspicion.key for suspicion in suspicions)
    assert all(fits(clip, found.event, found.suspicion, 1.0) for found in matched.found)


@given(events, suspicions, st.randoms())
def test_the_order_of_suspicions_does_not_matter(
    events: list[Event], suspicions: list[Suspicion], chance: object
) -> None:
    shuffled = list(suspicions)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert match(video(*events), shuffled, 1.0) == match(video(*events), suspicions, 1.0)


@given(events, suspicions)
def test_nothing_that_fits_together_is_left_unmatched(
    events: list[Event], suspicions: list[Suspicion]
) -> None:
    clip = video(*events)
    matched = match(clip, suspicions, 1.0)
    assert not any(fits(clip, e, s, 1.0) for e in matched.missed for s in matched.false)
