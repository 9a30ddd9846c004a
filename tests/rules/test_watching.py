"""The fold itself: same events, same outcomes; memory that is bounded and can be kept."""

import json
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.stories import (
    BAG,
    CAMERA,
    CAR,
    dumping_rule,
    encroachment_rule,
    look,
    plan,
    seconds,
    suspicions,
    watched,
)
from viahe_rules.domain import Box, Health, Observation
from viahe_rules.following import MOST_STAYS
from viahe_rules.geometry import iou, moved
from viahe_rules.recorded import from_json, from_line, to_json, to_line
from viahe_rules.watching import Memory, restored, see

GROUND = plan(dumping_rule(), encroachment_rule())
BUSY_DAY = [
    *(look(t) for t in seconds(0, 8)),
    *(
        look(
            t,
            things=[(BAG, 9.0)] if t < 60 else [],
            seen=[("car", CAR)] if 20 <= t < 90 else [],
        )
        for t in seconds(8, 150)
    ),
]


def test_the_same_events_give_the_same_outcomes() -> None:
    assert watched(GROUND, BUSY_DAY)[1] == watched(GROUND, BUSY_DAY)[1]


def test_a_recording_gives_what_the_live_day_gave() -> None:
    again = [from_line(to_line(event)) for event in BUSY_DAY]
    assert watched(GROUND, again)[1] == watched(GROUND, BUSY_DAY)[1]


def test_memory_kept_and_taken_up_again_goes_on_as_if_nothing_had_been() -> None:
    memory, before = watched(GROUND, BUSY_DAY[:40])
    kept = from_json(Memory, json.loads(json.dumps(to_json(memory))))
    _, after = watched(GROUND, BUSY_DAY[40:], restored(kept))
    straight = [told.key for told in suspicions(watched(GROUND, BUSY_DAY)[1])]
    assert [told.key for told in suspicions(before + after)] == straight


def test_a_zone_that_is_changed_meanwhile_loses_no_stay_that_is_in_progress() -> None:
    """Half of its dwell was seen when the zone was drawn anew, with another one beside it."""
    events = [look(t, seen=[("car", CAR)] if t >= 8 else []) for t in seconds(0, 60)]
    before = plan(encroachment_rule(dwell=20.0))
    (held,) = before.zones
    drawn = replace(held, version=4, polygon=((0.0, 0.4), (0.7, 0.4), (0.7, 1.0), (0.0, 1.0)))
    beside = replace(held, id="bay", version=1)
    memory, early = watched(before, events[:18])
    _, late = watched(replace(before, zones=(beside, drawn)), events[18:], memory)
    assert suspicions(early) == []
    begun = {told.zone: told for told in suspicions(late)}
    (straight,) = suspicions(watched(before, events)[1])
    same = begun["kerb"]
    assert (same.key, same.start, same.end) == (straight.key, 8.0, straight.end)
    assert same.zone_version == 4
    assert begun["bay"].start == 18.0, "a new zone has watched since it is there"


def test_a_reconnection_neither_ends_nor_stretches_a_stay() -> None:
    began = 1_700_000_000.0
    first = [look(t, seen=[("car", CAR)] if t >= 8 else [], at=began + t) for t in seconds(0, 20)]
    second = [look(t, seen=[("car", CAR)], run="r2", at=began + 25 + t) for t in seconds(0, 60)]
    _, outcomes = watched(plan(encroachment_rule(dwell=30.0)), first + second)
    (told,) = suspicions(outcomes)
    assert told.run == "r2"
    assert told.start == pytest.approx(8 - 25)
    assert 30.0 <= told.end - told.start <= 31.0


def test_a_camera_that_cannot_see_ends_nothing_and_raises_nothing() -> None:
    dark = [Observation(CAMERA, "r1", t, health=Health.DARK) for t in seconds(30, 400)]
    events = BUSY_DAY[:30] + dark
    memory, _ = watched(GROUND, BUSY_DAY[:30])
    assert watched(GROUND, events)[0] == memory


def test_a_look_that_comes_late_is_left_out() -> None:
    memory, _ = watched(GROUND, BUSY_DAY[:30])
    assert see(GROUND, memory, BUSY_DAY[10]) == (memory, ())


def test_an_event_of_another_camera_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="cam-2"):
        see(GROUND, Memory(), Observation("cam-2", "r1", 0.0))


def test_memory_is_empty_after_all_have_left() -> None:
    gone = [look(t) for t in seconds(150, 200)]
    memory, _ = watched(GROUND, BUSY_DAY + gone)
    assert [rule.stays for rule in memory.rules] == [(), ()]


def test_memory_is_bounded_however_wild_the_street() -> None:
    chance = random.Random(7)

    def anywhere() -> Box:
        x, y = chance.random() * 0.9, chance.random() * 0.9
        return Box(x, y, x + 0.03, y + 0.05)

    crowd = [look(t, persons=[anywhere() for _ in range(60)]) for t in seconds(0, 60)]
    memory, _ = watched(plan(encroachment_rule(grace=1e6)), crowd)
    groups = [stay for stay in memory.rules[0].stays if stay.label == "group"]
    assert len(groups) <= MOST_STAYS + 30
    assert len(memory.rules[0].stays) - len(groups) <= MOST_STAYS + 60


@given(st.permutations(range(5)))
def test_the_order_of_detections_in_a_look_changes_nothing(order: list[int]) -> None:
    people = [Box(0.1 + 0.06 * i, 0.4, 0.15 + 0.06 * i, 0.7) for i in range(5)]
    shuffled = [people[i] for i in order]
    quiet = [look(t) for t in seconds(0, 8)]
    straight = quiet + [look(t, persons=people) for t in seconds(8, 30)]
    mixed = quiet + [look(t, persons=shuffled) for t in seconds(8, 30)]
    ground = plan(encroachment_rule())
    expected = [(s.start, s.end, s.place) for s in suspicions(watched(ground, straight)[1])]
    found = [(s.start, s.end, s.place) for s in suspicions(watched(ground, mixed)[1])]
    assert found == expected


def test_what_stands_still_goes_with_the_picture_of_a_camera_that_is_turned() -> None:
    """To and fro, from look to look by more than the car is wide."""
    ways = [0.3 * (number % 2) for number in range(40)]
    turned = [
        replace(
            look(t, seen=[("car", moved(CAR, across, 0.0))] if t >= 5 else []), swung=(across, 0.0)
        )
        for t, across in zip(seconds(0, 40), ways, strict=True)
    ]
    (told,) = suspicions(watched(plan(encroachment_rule()), turned)[1])
    assert told.start == 5.0
    seen_there = {moved(CAR, across, 0.0) for across in ways}
    assert any(iou(told.place, there) > 0.95 for there in seen_there)
    fixed = [replace(each, swung=(0.0, 0.0)) for each in turned]
    two = suspicions(watched(plan(encroachment_rule()), fixed)[1])
    assert len(two) == 2, "as two cars would look, each seen in every other look"
