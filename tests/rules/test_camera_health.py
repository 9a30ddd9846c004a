"""A camera's health is an observation like the others: recorded with its figures, and replayed."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.stories import BAG, CAMERA, LEAVER, dumping_rule, look, plan
from viahe_rules.domain import ClockOff, Event, Health, Observation, Outcome, Shift
from viahe_rules.recorded import Malformed, as_recorded, from_line, to_line
from viahe_rules.watching import Memory, see

SHIFTED = Shift(right=-0.03, down=0.005, turn_deg=1.5, zoom=1.01)
FIGURE = st.floats(-4, 4)


def seen(events: list[Event]) -> tuple[Memory, list[Outcome]]:
    memory, told = Memory(), list[Outcome]()
    for event in events:
        memory, outcomes = see(plan(dumping_rule()), memory, event)
        told += outcomes
    return memory, told


def story() -> list[Observation]:
    """Somebody puts a bag down and goes."""
    before = [look(float(t), persons=[LEAVER]) for t in range(4)]
    after = [look(float(t), things=[(BAG, 4.0)]) for t in range(4, 30)]
    return [*before, *after]


@given(
    shift=st.none() | st.builds(Shift, FIGURE, FIGURE, FIGURE, FIGURE),
    clock=st.none() | st.builds(ClockOff, FIGURE, FIGURE),
    health=st.sampled_from(Health),
)
def test_what_is_recorded_of_a_camera_is_read_again_to_the_last_digit(
    shift: Shift | None, clock: ClockOff | None, health: Health
) -> None:
    event = as_recorded(Observation(CAMERA, "r1", 2.0, health=health, shift=shift, clock=clock))
    assert from_line(to_line(event)) == event


def test_a_recording_from_before_there_were_figures_is_still_read() -> None:
    line = json.loads(to_line(Observation(CAMERA, "r1", 2.0, health=Health.DARK)))
    del line["observation"]["shift"], line["observation"]["clock"]
    assert from_line(json.dumps(line)) == Observation(CAMERA, "r1", 2.0, health=Health.DARK)


def test_a_shift_that_is_no_shift_is_named_by_its_place() -> None:
    line = json.loads(to_line(Observation(CAMERA, "r1", 2.0, shift=SHIFTED)))
    line["observation"]["shift"]["left"] = 0.1
    with pytest.raises(Malformed, match=r"observation\.shift: unknown key 'left'"):
        from_line(json.dumps(line))


def test_a_wrong_clock_and_a_slight_shift_change_nothing_the_rules_see() -> None:
    off = ClockOff(-3600.0, 12.0)
    disturbed = [
        replace(each, health=Health.CLOCK_OFF, clock=off, shift=SHIFTED) for each in story()
    ]
    (_, usual), (_, told) = seen([*story()]), seen([*disturbed])
    assert told == usual != []


def test_a_camera_that_shows_another_street_tells_the_rules_nothing() -> None:
    moved = [replace(each, health=Health.MOVED) for each in story()]
    assert seen([*moved]) == (Memory(), [])


def test_live_and_replayed_looks_with_figures_come_to_the_same() -> None:
    live = [as_recorded(replace(each, shift=SHIFTED)) for each in story()]
    assert seen([*live]) == seen([from_line(to_line(event)) for event in live])
