"""Stories of eight looks a second around the moment a thing came to lie somewhere."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viahe_rules.domain import (
    Answer,
    Box,
    Change,
    ChangeKind,
    Detection,
    LeftBy,
    LeftByKind,
    Observation,
)
from viahe_rules.geometry import moved
from viahe_rules.leaver import Leaving, find_leaver
from viahe_rules.tracks import tracks

PLACE = Box(0.50, 0.60, 0.54, 0.66)
PUT_DOWN_T = 4.0
STEP = 0.125

Walk = Callable[[float], Box | None]


def standing(x: float, bottom: float = 0.66, height: float = 0.3) -> Box:
    """A person in a picture of 16:9, feet at (x, bottom)."""
    width = height * 0.4 * 9 / 16
    return Box(x - width / 2, bottom - height, x + width / 2, bottom)


def puts_it_down(t: float) -> Box | None:
    """Comes from the left, is at the place from 3 to 5 s, and goes on to the right."""
    if t < 3.0:
        return standing(0.5 + (t - 3.0) * 0.13)
    return standing(0.5) if t < 5.0 else standing(0.5 + (t - 5.0) * 0.13)


def walks_past(t: float) -> Box | None:
    """Passes the place at 6 s, well after the thing was put down."""
    return standing(0.5 + (t - 6.0) * 0.13)


def stands_far_off(_: float) -> Box | None:
    return standing(0.9)


def stands_beside(t: float) -> Box | None:
    """Is there all along, a step from the place, and stays."""
    return standing(0.6)


def never(_: float) -> Box | None:
    return None


def answer(
    *walks: Walk | tuple[str, Walk],
    put_down: float = PUT_DOWN_T,
    until: float = 10.0,
    presence: Callable[[float], float] | None = None,
) -> Answer:
    def shows(t: float) -> float:
        return 0.95 if t >= put_down else 0.05

    def look(t: float) -> Observation:
        named = [walk if isinstance(walk, tuple) else ("person", walk) for walk in walks]
        seen = tuple(
            Detection(label, 0.8, box) for label, walk in named if (box := walk(t)) is not None
        )
        change = Change(PLACE, t, ChangeKind.LEFT, (presence or shows)(t))
        return Observation("gate", "run", t, detections=seen, changes=(change,))

    times = [i * STEP for i in range(int(until / STEP))]
    return Answer("stay", "gate", "run", tuple(look(t) for t in times))


def test_whoever_put_it_down_and_went_is_found_with_the_moment_and_the_way() -> None:
    leaving = find_leaver(PLACE, answer(puts_it_down))
    assert leaving.appeared_at == PUT_DOWN_T
    left_by = leaving.left_by
    assert left_by.kind is LeftByKind.PERSON
    assert left_by.score > 0.9
    assert left_by.gone_at is not None
    assert 6.0 < left_by.gone_at < 8.0, "a body height away, two seconds after leaving"
    assert left_by.path[0] == (0.0, puts_it_down(0.0))


def test_an_empty_answer_says_unknown() -> None:
    nothing = Leaving(None, LeftBy(LeftByKind.UNKNOWN))
    assert find_leaver(PLACE, Answer("stay", "gate", "run")) == nothing


def test_looks_that_do_not_show_the_arrival_say_unknown() -> None:
    always_there = answer(puts_it_down, put_down=-1.0)
    assert find_leaver(PLACE, always_there) == Leaving(None, LeftBy(LeftByKind.UNKNOWN))
    never_there = answer(puts_it_down, put_down=99.0)
    assert find_leaver(PLACE, never_there) == Leaving(None, LeftBy(LeftByKind.UNKNOWN))


def turned(still: Answer, way: Callable[[float], float]) -> Answer:
    """What the camera would have shown had the street gone so far to the right in its picture."""
    return replace(
        still,
        looks=tuple(
            replace(
                look,
                detections=tuple(
                    replace(found, box=moved(found.box, way(look.t), 0.0))
                    for found in look.detections
                ),
                swung=(way(look.t), 0.0),
            )
            for look in still.looks
        ),
    )


def test_a_camera_that_is_turned_tells_the_leaver_from_one_whom_its_picture_shows_there() -> None:
    """It is turned until 8 s, and asked about as it points then: until then its picture shows
    somebody who stands far off where the place is said to lie."""

    def way(t: float) -> float:
        return 0.1 * max(0.0, 8.0 - t)

    def where_it_will_be_shown(_: float) -> Box:
        return standing(0.12)

    still = answer(puts_it_down, where_it_will_be_shown)
    leaving = find_leaver(PLACE, turned(still, way))
    as_it_was = find_leaver(PLACE, still)
    assert leaving.appeared_at == PUT_DOWN_T
    assert leaving.left_by.kind is LeftByKind.PERSON
    assert leaving.left_by.score == as_it_was.left_by.score
    assert leaving.left_by.gone_at == as_it_was.left_by.gone_at
    for (t, box), (_, on_the_street) in zip(
        leaving.left_by.path, as_it_was.left_by.path, strict=True
    ):
        assert box.left == pytest.approx(on_the_street.left + way(t)), "as the pictures show it"


def test_looks_of_a_camera_turned_away_from_the_place_do_not_say_that_it_is_unchanged() -> None:
    nothing_told = answer(stands_far_off)
    looks = tuple(replace(look, changes=()) for look in nothing_told.looks)
    unchanged = replace(nothing_told, looks=looks)
    assert find_leaver(PLACE, unchanged).unchanged
    assert not find_leaver(PLACE, turned(unchanged, lambda t: 0.6 * (t < 6.0))).unchanged


def test_nobody_near_is_unknown_though_somebody_is_nearest() -> None:
    leaving = find_leaver(PLACE, answer(stands_far_off))
    assert leaving.appeared_at == PUT_DOWN_T
    assert leaving.left_by.kind is LeftByKind.UNKNOWN
    assert leaving.left_by.path == ()


def test_somebody_who_passes_after_it_was_put_down_is_not_the_leaver() -> None:
    assert find_leaver(PLACE, answer(walks_past)).left_by.kind is LeftByKind.UNKNOWN
    found = find_leaver(PLACE, answer(puts_it_down, walks_past)).left_by
    assert found.path[0][1] == puts_it_down(0.0)
    assert found.score > 0.8


def test_a_rival_beside_the_place_makes_the_answer_less_sure() -> None:
    alone = find_leaver(PLACE, answer(puts_it_down)).left_by
    rivalled = find_leaver(PLACE, answer(puts_it_down, stands_beside)).left_by
    assert rivalled.score < alone.score - 0.2


def test_two_who_did_just_the_same_are_hardly_told_apart() -> None:
    def companion(t: float) -> Box | None:
        box = puts_it_down(t)
        return None if box is None else replace(box, left=box.left + 0.06, right=box.right + 0.06)

    alone = find_leaver(PLACE, answer(puts_it_down)).left_by
    assert find_leaver(PLACE, answer(puts_it_down, companion)).left_by.score < alone.score / 2


def test_one_person_in_two_tracks_is_one_leaver() -> None:
    def lost_while_stooping(t: float) -> Box | None:
        return None if 3.5 <= t < 4.8 else puts_it_down(t)

    left_by = find_leaver(PLACE, answer(lost_while_stooping)).left_by
    assert left_by.kind is LeftByKind.PERSON
    assert (left_by.path[0][0], left_by.path[-1][0]) == (0.0, 9.875)


def test_the_thing_itself_taken_for_a_person_is_not_its_own_leaver() -> None:
    def thing(t: float) -> Box | None:
        return PLACE if t >= PUT_DOWN_T - 0.5 else None

    assert find_leaver(PLACE, answer(thing)).left_by.kind is LeftByKind.UNKNOWN
    found = find_leaver(PLACE, answer(thing, puts_it_down)).left_by
    assert found.path[-1][1] == puts_it_down(9.875)


def test_a_rider_and_the_machine_are_one_leaver_a_vehicle() -> None:
    def machine(t: float) -> Box | None:
        body = puts_it_down(t)
        assert body is not None
        return Box(body.left - 0.03, body.bottom - 0.2, body.right + 0.03, body.bottom + 0.02)

    left_by = find_leaver(PLACE, answer(puts_it_down, ("motorcycle", machine))).left_by
    assert left_by.kind is LeftByKind.VEHICLE
    assert left_by.score > 0.9


def test_a_parked_vehicle_beside_a_pedestrian_does_not_make_a_rider() -> None:
    left_by = find_leaver(PLACE, answer(puts_it_down, ("motorcycle", parked_beside))).left_by
    assert left_by.kind is LeftByKind.PERSON


def test_a_leaver_who_stays_near_is_not_gone() -> None:
    def stays(t: float) -> Box | None:
        return puts_it_down(min(t, 4.9))

    left_by = find_leaver(PLACE, answer(stays)).left_by
    assert left_by.kind is LeftByKind.PERSON
    assert left_by.gone_at is None


def test_a_leaver_who_comes_towards_the_camera_is_gone_before_the_feet_are_a_body_lower() -> None:
    def comes_nearer(t: float) -> Box | None:
        nearer = 0.1 * max(0.0, t - 5.0)
        box = standing(0.5, bottom=0.66 + nearer / 2, height=0.3 + nearer / 4)
        return box if t >= 3.0 else puts_it_down(t)

    gone_at = find_leaver(PLACE, answer(comes_nearer)).left_by.gone_at
    assert gone_at is not None
    assert 8.0 < gone_at < 10.0


def test_a_leaver_who_steps_out_of_the_picture_is_gone() -> None:
    def steps_out(t: float) -> Box | None:
        return puts_it_down(t) if t < 5.0 else None

    assert find_leaver(PLACE, answer(steps_out)).left_by.gone_at == 5.0


def test_a_passer_by_before_the_place_does_not_move_the_moment_it_appeared() -> None:
    def hidden_at_six(t: float) -> float:
        return 0.1 if t < PUT_DOWN_T or 5.7 <= t < 6.3 else 0.95

    leaving = find_leaver(PLACE, answer(puts_it_down, walks_past, presence=hidden_at_six))
    assert leaving.appeared_at == PUT_DOWN_T


def test_a_flicker_before_the_thing_came_is_not_its_appearance() -> None:
    def flickers(t: float) -> float:
        return 0.9 if t >= PUT_DOWN_T or t == 1.0 else 0.05

    assert find_leaver(PLACE, answer(puts_it_down, presence=flickers)).appeared_at == PUT_DOWN_T


def test_a_thing_still_held_while_it_is_put_down_has_not_appeared_yet() -> None:
    def lowered(t: float) -> float:
        return 0.05 if t < 3.0 else 0.6 if t < PUT_DOWN_T else 1.0

    assert find_leaver(PLACE, answer(puts_it_down, presence=lowered)).appeared_at == PUT_DOWN_T


def test_a_thing_put_down_beside_a_bus_lies_there_while_the_bus_darkens_its_place() -> None:
    def stops(t: float) -> Box | None:
        return Box(0.4, 0.35, 0.7, 0.595) if 2.0 <= t < 7.0 else None

    def darkened(t: float) -> float:
        return 0.05 if t < PUT_DOWN_T else 0.7 if t < 7.0 else 1.0

    seen = answer(("bus", stops), presence=darkened)
    assert find_leaver(PLACE, seen).appeared_at == PUT_DOWN_T


def test_a_vehicle_faintly_named_for_a_moment_does_not_darken_a_place() -> None:
    """A thing held from 3 s on is put down at 4 s by somebody the network misses meanwhile."""

    def lowered(t: float) -> float:
        return 0.05 if t < 3.0 else 0.6 if t < PUT_DOWN_T else 1.0

    def at_the_place(t: float) -> Box | None:
        return Box(0.4, 0.35, 0.7, 0.595) if 3.0 <= t < 3.5 else None

    def appeared_at(score: float) -> float | None:
        seen = answer(("truck", at_the_place), presence=lowered)
        looks = tuple(
            replace(look, detections=tuple(replace(one, score=score) for one in look.detections))
            for look in seen.looks
        )
        return find_leaver(PLACE, replace(seen, looks=looks)).appeared_at

    assert (appeared_at(0.16), appeared_at(0.8)) == (PUT_DOWN_T, 3.0)


def test_a_thing_that_came_while_its_place_was_hidden_came_in_the_middle_of_that_time() -> None:
    """Seen again at 5.4 s, with who put it down stepping aside; hidden since 3 s."""

    def behind_legs(t: float) -> float:
        return 0.05 if t < 5.4 else 0.95

    leaving = find_leaver(PLACE, answer(puts_it_down, presence=behind_legs))
    assert leaving.appeared_at == 5.5
    assert leaving.came_at is not None
    assert 3.8 < leaving.came_at < 4.4


def test_dark_clothes_before_a_place_do_not_date_a_dark_thing_that_came_behind_them() -> None:
    """As the one above, with trousers that look much like the thing."""

    def dark(t: float) -> float:
        return 0.05 if t < 3.2 else 0.7 if t < 5.4 else 0.95

    leaving = find_leaver(PLACE, answer(puts_it_down, presence=dark))
    assert leaving.appeared_at == 5.5
    assert leaving.came_at is not None
    assert 3.8 < leaving.came_at < 4.4


def test_a_thing_that_was_seen_to_come_came_then() -> None:
    for walk in (puts_it_down, never):
        assert find_leaver(PLACE, answer(walk)).came_at == PUT_DOWN_T


def parked_beside(_: float) -> Box | None:
    return Box(0.42, 0.5, 0.49, 0.66)


CROWDED = answer(
    puts_it_down, walks_past, stands_beside, ("car", parked_beside), ("truck", parked_beside)
)


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_detections_and_looks_does_not_matter(random: Random) -> None:
    def shuffled(look: Observation) -> Observation:
        return replace(look, detections=tuple(random.sample(look.detections, len(look.detections))))

    looks = [shuffled(look) for look in CROWDED.looks]
    random.shuffle(looks)
    assert find_leaver(PLACE, replace(CROWDED, looks=tuple(looks))) == find_leaver(PLACE, CROWDED)


coordinates = st.integers(0, 20).map(lambda n: n / 20)


@st.composite
def any_look(draw: st.DrawFn) -> Observation:
    corners = draw(st.lists(st.tuples(coordinates, coordinates), max_size=3))
    seen = tuple(
        Detection(
            draw(st.sampled_from(["person", "car", "bicycle"])), 0.5, Box(x, y, x + 0.1, y + 0.2)
        )
        for x, y in corners
    )
    score = draw(st.sampled_from([0.0, 0.4, 0.6, 1.0]))
    t = draw(st.integers(0, 60)) / 8
    change = Change(PLACE, t, ChangeKind.LEFT, score)
    return Observation("gate", "run", t, detections=seen, changes=(change,))


@settings(deadline=None)
@given(st.lists(any_look(), max_size=30, unique_by=lambda look: look.t))
def test_whatever_the_looks_show_the_answer_is_within_its_bounds(looks: list[Observation]) -> None:
    leaving = find_leaver(PLACE, Answer("stay", "gate", "run", tuple(looks)))
    left_by = leaving.left_by
    assert 0 <= left_by.score <= 1
    assert (left_by.kind is LeftByKind.UNKNOWN) == (left_by.path == ())
    assert list(left_by.path) == sorted(left_by.path, key=lambda step: step[0])
    if leaving.appeared_at is not None:
        assert leaving.appeared_at in {look.t for look in looks}
        assert left_by.gone_at is None or left_by.gone_at >= leaving.appeared_at


def test_two_boxes_of_one_vehicle_are_one_track() -> None:
    def drives(t: float) -> Box | None:
        return Box(0.05 * t, 0.5, 0.05 * t + 0.2, 0.7)

    def seen_twice(t: float) -> Box | None:
        return Box(0.05 * t + 0.01, 0.5, 0.05 * t + 0.2, 0.71)

    (track,) = tracks(answer(("car", drives), ("truck", seen_twice)).looks)
    assert len(track.path) == 80


def test_two_who_cross_keep_their_own_ways() -> None:
    def rightwards(t: float) -> Box | None:
        return standing(0.2 + 0.06 * t, bottom=0.66)

    def leftwards(t: float) -> Box | None:
        return standing(0.8 - 0.06 * t, bottom=0.72)

    ends = {
        (round(track.path[0][1].foot[0], 1), round(track.path[-1][1].foot[0], 1))
        for track in tracks(answer(rightwards, leftwards).looks)
    }
    assert ends == {(0.2, 0.8), (0.8, 0.2)}


def test_a_place_that_looks_the_same_early_and_late_is_unchanged() -> None:
    same = tuple(replace(look, changes=()) for look in answer(puts_it_down).looks)
    assert find_leaver(PLACE, Answer("stay", "gate", "run", same)).unchanged
    assert not find_leaver(PLACE, answer(puts_it_down)).unchanged
    assert not find_leaver(PLACE, Answer("stay", "gate", "run")).unchanged


def test_somebody_not_found_while_bending_over_it_makes_no_light_of_it() -> None:
    def bends(t: float) -> Box | None:
        return None if 3.0 < t < 5.2 else puts_it_down(t)

    def half_hidden(t: float) -> float:
        return 0.05 if t < 3.0 else 0.65 if t < 5.2 else 0.95

    assert not find_leaver(PLACE, answer(bends, presence=half_hidden)).is_restless
    assert find_leaver(PLACE, answer(stands_far_off, presence=half_hidden)).is_restless


def test_ground_that_shows_some_of_the_thing_all_along_is_no_light() -> None:
    """In a picture that shakes the place is never quite as it was."""

    def shaky(t: float) -> float:
        return 0.35 if t < PUT_DOWN_T else 0.95

    def brightens(t: float) -> float:
        return min(1.0, t / 8)

    assert not find_leaver(PLACE, answer(stands_far_off, presence=shaky)).is_restless
    assert find_leaver(PLACE, answer(stands_far_off, presence=brightens)).is_restless


def test_a_car_that_drives_past_at_its_pace_has_brought_nothing() -> None:
    def drives(t: float) -> Box | None:
        left = 0.5 + (t - PUT_DOWN_T) * 0.3
        return Box(left - 0.1, 0.5, left + 0.1, 0.72)

    assert find_leaver(PLACE, answer(("car", drives))).from_nowhere
    assert not find_leaver(PLACE, answer(("motorcycle", drives))).from_nowhere
