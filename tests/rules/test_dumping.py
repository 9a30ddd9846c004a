"""Stories of things left on the ground, and of things that were not."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.rules.stories import (
    BAG,
    EVERY_DAY,
    FAR,
    LEAVER,
    MONDAY_NOON,
    answered,
    dumping_rule,
    look,
    plan,
    seconds,
    suspicions,
    watched,
)
from viahe_rules.domain import (
    Act,
    Answer,
    Ask,
    Box,
    Change,
    ChangeKind,
    Detection,
    Keep,
    LeftByKind,
    Observation,
    Prepare,
    Release,
    Suspicion,
)
from viahe_rules.geometry import moved
from viahe_rules.plan import Window
from viahe_rules.watching import Memory, restored, see

QUIET_STREET = [look(t) for t in seconds(0, 8)]


def bag_left(until: float, start: float = 10.0) -> list[Observation]:
    """Somebody comes at 8 s, puts a bag down at `start` and is away two seconds later."""
    arriving = [look(t, persons=[LEAVER]) for t in seconds(8, start + 2)]
    alone = [look(t, things=[(BAG, start)]) for t in seconds(start + 2, until)]
    return arriving + alone


def test_a_bag_whose_owner_has_gone_is_one_suspicion() -> None:
    _, outcomes = watched(plan(dumping_rule()), QUIET_STREET + bag_left(60))
    (told,) = suspicions(outcomes)
    assert told.act is Act.DUMPING
    assert told.zone == "kerb"
    assert told.zone_version == 3
    assert told.start == 10.0
    assert told.end - told.start >= 6.0
    assert told.place == BAG


def test_nobody_is_named_where_looking_back_shows_nothing() -> None:
    _, outcomes = watched(plan(dumping_rule()), QUIET_STREET + bag_left(60))
    (told,) = suspicions(outcomes)
    assert told.left_by is not None
    assert told.left_by.kind is LeftByKind.UNKNOWN
    assert "leaver_unknown" in [reason.code for reason in told.reasons]


def test_a_bag_taken_away_in_time_raises_nothing() -> None:
    taken = [look(t) for t in seconds(15, 60)]
    memory, outcomes = watched(plan(dumping_rule()), QUIET_STREET + bag_left(15) + taken)
    assert suspicions(outcomes) == []
    assert [outcome for outcome in outcomes if isinstance(outcome, Ask)] == []
    assert memory.rules[0].stays == ()


def test_a_bag_somebody_stands_by_is_not_abandoned_until_they_go() -> None:
    attended = [look(t, persons=[LEAVER], things=[(BAG, 10.0)]) for t in seconds(10, 40)]
    alone = [look(t, things=[(BAG, 10.0)]) for t in seconds(40, 60)]
    ground = plan(dumping_rule())
    memory, outcomes = watched(ground, QUIET_STREET + attended)
    assert suspicions(outcomes) == []
    _, outcomes = watched(ground, alone, memory)
    (told,) = suspicions(outcomes)
    assert told.end - 39.0 >= dumping_rule().gone


def test_passers_by_attend_nothing() -> None:
    def passer_by(t: float) -> Box:
        left = (0.13 * t) % 1.0
        return Box(left, 0.45, left + 0.08, 0.77)

    busy = [look(t, persons=[passer_by(t)], things=[(BAG, 10.0)]) for t in seconds(10, 40)]
    _, outcomes = watched(plan(dumping_rule()), QUIET_STREET + busy)
    assert len(suspicions(outcomes)) == 1


def test_a_bag_hidden_for_a_while_is_still_the_same_bag() -> None:
    bus = Box(0.3, 0.2, 0.9, 0.9)
    hidden = [look(t, seen=[("bus", bus)]) for t in seconds(30, 90)]
    after = [look(t, things=[(BAG, 10.0)]) for t in seconds(90, 150)]
    _, outcomes = watched(plan(dumping_rule()), QUIET_STREET + bag_left(30) + hidden + after)
    assert len(suspicions(outcomes)) == 1


def test_a_new_bag_after_the_place_was_clear_is_a_new_suspicion() -> None:
    clear = [look(t) for t in seconds(40, 60)]
    second = [look(t, things=[(BAG, 62.0)]) for t in seconds(63, 100)]
    _, outcomes = watched(plan(dumping_rule()), QUIET_STREET + bag_left(40) + clear + second)
    first, later = suspicions(outcomes)
    assert first.key != later.key
    assert later.start == 62.0


def test_what_lay_there_when_watching_began_is_no_event() -> None:
    there = [
        Observation("cam-1", "r1", t, detections=(Detection("suitcase", 0.9, BAG),))
        for t in seconds(0, 60)
    ]
    _, outcomes = watched(plan(dumping_rule()), there)
    assert outcomes == []


def test_a_backpack_that_is_worn_is_not_left() -> None:
    worn = Box(0.49, 0.5, 0.53, 0.6)
    waiting = [look(t, persons=[LEAVER], seen=[("backpack", worn)]) for t in seconds(8, 60)]
    _, outcomes = watched(plan(dumping_rule()), QUIET_STREET + waiting)
    assert outcomes == []


def test_something_gone_is_not_something_left() -> None:
    gone = [
        Observation("cam-1", "r1", t, changes=(Change(BAG, 10.0, ChangeKind.REMOVED, 0.9),))
        for t in seconds(10, 60)
    ]
    _, outcomes = watched(plan(dumping_rule()), QUIET_STREET + gone)
    assert outcomes == []


def test_the_rule_asks_to_look_back_around_the_moment_it_appeared() -> None:
    _, outcomes = watched(plan(dumping_rule()), QUIET_STREET + bag_left(60), answers=False)
    (ask,) = [outcome for outcome in outcomes if isinstance(outcome, Ask)]
    assert ask.start < 10.0 < ask.end
    assert ask.place == BAG
    assert suspicions(outcomes) == []


def test_what_it_is_going_to_ask_is_told_once_while_the_dwell_runs() -> None:
    _, outcomes = watched(plan(dumping_rule(dwell=20.0)), QUIET_STREET + bag_left(60))
    (prepare,) = [outcome for outcome in outcomes if isinstance(outcome, Prepare)]
    (ask,) = [outcome for outcome in outcomes if isinstance(outcome, Ask)]
    assert outcomes.index(prepare) < outcomes.index(ask)
    assert replace(prepare.ask, end=ask.end) == ask
    assert 16.0 <= prepare.ask.end < ask.end


def test_what_was_prepared_before_a_restart_is_prepared_again() -> None:
    ground = plan(dumping_rule(dwell=60.0))
    memory, before = watched(ground, QUIET_STREET + bag_left(30))
    later = [look(t, things=[(BAG, 10.0)]) for t in seconds(30, 34)]
    _, after = watched(ground, later, restored(memory))
    (first,) = [each for each in before if isinstance(each, Prepare)]
    (again,) = [each for each in after if isinstance(each, Prepare)]
    assert again == first


def test_nothing_is_prepared_for_a_thing_somebody_stands_by() -> None:
    attended = [look(t, persons=[LEAVER], things=[(BAG, 10.0)]) for t in seconds(10, 40)]
    _, outcomes = watched(plan(dumping_rule()), QUIET_STREET + attended)
    assert [outcome for outcome in outcomes if isinstance(outcome, Prepare)] == []


def test_what_was_prepared_for_a_thing_that_is_taken_away_is_let_go() -> None:
    taken = [look(t) for t in seconds(19, 60)]
    ground = plan(dumping_rule(dwell=15.0))
    _, outcomes = watched(ground, QUIET_STREET + bag_left(19) + taken)
    (prepare,) = [outcome for outcome in outcomes if isinstance(outcome, Prepare)]
    assert outcomes == [prepare, Release(prepare.ask.key)]


def test_a_thing_taken_away_before_the_answer_comes_is_let_go() -> None:
    ground = plan(dumping_rule())
    memory, outcomes = watched(ground, QUIET_STREET + bag_left(19), answers=False)
    (ask,) = [outcome for outcome in outcomes if isinstance(outcome, Ask)]
    memory, outcomes = watched(ground, [look(t) for t in seconds(19, 40)], memory)
    assert Release(ask.key) in outcomes
    _, outcomes = watched(ground, [answered(ask)], memory)
    assert outcomes == []


def test_a_thing_that_looking_back_dates_later_has_to_stay_for_its_dwell_from_then() -> None:
    ground = plan(dumping_rule(dwell=8.0))
    memory, outcomes = watched(ground, QUIET_STREET + bag_left(19), answers=False)
    (ask,) = [outcome for outcome in outcomes if isinstance(outcome, Ask)]
    empty = [Change(BAG, t, ChangeKind.LEFT, 0.0) for t in seconds(4, 14, 0.125)]
    there = [Change(BAG, t, ChangeKind.LEFT, 1.0) for t in seconds(14, 19, 0.125)]
    dense = [
        replace(look(c.since, persons=[LEAVER] if 11 <= c.since < 16 else []), changes=(c,))
        for c in empty + there
    ]
    memory, outcomes = watched(ground, [answered(ask, dense)], memory)
    assert suspicions(outcomes) == []
    later = [look(t, things=[(BAG, 10.0)]) for t in seconds(19, 40)]
    _, outcomes = watched(ground, later, memory)
    (told,) = suspicions(outcomes)
    assert told.start == 14.0
    assert told.end - told.start >= 8.0


def test_what_looking_back_has_dated_once_no_later_answer_dates_anew() -> None:
    ground = plan(dumping_rule(dwell=8.0))
    memory, outcomes = watched(ground, QUIET_STREET + bag_left(19), answers=False)
    told: list[Suspicion] = []
    for came, until in ((14.0, 23.0), (17.0, 30.0)):
        (ask,) = [each for each in outcomes if isinstance(each, Ask)]
        dense = [
            replace(
                look(t, persons=[LEAVER] if 11 <= t < came + 0.5 else []),
                changes=(Change(BAG, t, ChangeKind.LEFT, float(t >= came)),),
            )
            for t in seconds(4, 19, 0.125)
        ]
        memory, said = watched(ground, [answered(ask, dense)], memory)
        told += suspicions(said)
        later = [look(t, things=[(BAG, 10.0)]) for t in seconds(ask.end, until)]
        memory, outcomes = watched(ground, later, memory, answers=False)
    assert [each.start for each in told] == [14.0]


def test_for_a_long_dwell_the_onset_is_kept_in_time() -> None:
    _, outcomes = watched(plan(dumping_rule(dwell=120.0)), QUIET_STREET + bag_left(60))
    (keep,) = [outcome for outcome in outcomes if isinstance(outcome, Keep)]
    assert keep.start < 10.0 < keep.end


def test_the_network_s_name_for_the_thing_is_used() -> None:
    named = [
        look(t, things=[(BAG, 10.0)], seen=[("rubbish", BAG)] if t > 14 else [])
        for t in seconds(12, 40)
    ]
    _, outcomes = watched(plan(dumping_rule()), QUIET_STREET + named)
    (told,) = suspicions(outcomes)
    assert told.label == "rubbish"


def test_a_thing_told_by_its_name_and_by_its_change_in_one_look_is_one_thing() -> None:
    wider = Box(BAG.left - 0.01, BAG.top - 0.01, BAG.right + 0.01, BAG.bottom + 0.02)
    both = [look(t, things=[(wider, 10.0)], seen=[("rubbish", BAG)]) for t in seconds(12, 40)]
    _, outcomes = watched(plan(dumping_rule()), QUIET_STREET + both)
    (told,) = suspicions(outcomes)
    assert told.label == "rubbish"
    assert told.start == 10.0


def test_what_lies_outside_the_zone_raises_nothing() -> None:
    outside = Box(0.9, 1.0, 0.95, 1.06)
    events = [look(t, things=[(outside, 10.0)]) for t in seconds(10, 60)]
    _, outcomes = watched(plan(dumping_rule()), QUIET_STREET + events)
    assert outcomes == []


@pytest.mark.parametrize("step", [0.5, 1.0, 2.0])
def test_the_dwell_does_not_depend_on_how_often_one_looks(step: float) -> None:
    quiet = [look(t) for t in seconds(0, 10, step)]
    bag = [look(t, things=[(BAG, 10.0)]) for t in seconds(10, 80, step)]
    _, outcomes = watched(plan(dumping_rule(dwell=30.0)), quiet + bag)
    (told,) = suspicions(outcomes)
    assert 30.0 <= told.end - told.start <= 30.0 + step


def test_quiet_hours_say_so_once_and_raise_it_when_they_are_over() -> None:
    clean_up = Window(EVERY_DAY, 0, 12 * 60 + 1)
    ground = plan(dumping_rule(), quiet=[clean_up])
    events = [
        look(t, things=[(BAG, 10.0)] if t >= 10 else [], at=MONDAY_NOON + t) for t in seconds(0, 50)
    ]
    memory, outcomes = watched(ground, events)
    assert [type(outcome).__name__ for outcome in outcomes if not isinstance(outcome, Keep)] == [
        "Suppressed"
    ]
    later = [look(t, things=[(BAG, 10.0)], at=MONDAY_NOON + t) for t in seconds(50, 90)]
    _, outcomes = watched(ground, later, memory)
    (told,) = suspicions(outcomes)
    assert told.end >= 60.0


def test_persons_far_away_do_not_attend() -> None:
    events = [look(t, persons=[FAR], things=[(BAG, 10.0)]) for t in seconds(10, 40)]
    _, outcomes = watched(plan(dumping_rule()), QUIET_STREET + events)
    assert len(suspicions(outcomes)) == 1


def test_who_stands_behind_a_thing_that_hides_their_feet_attends_it() -> None:
    """Their feet seem to be two fifths of their height above where the thing touches ground."""
    heap = Box(0.50, 0.66, 0.58, 0.80)
    behind, apart = Box(0.51, 0.38, 0.57, 0.67), Box(0.60, 0.38, 0.66, 0.67)

    def told(person: Box) -> list[Suspicion]:
        events = [look(t, persons=[person], things=[(heap, 10.0)]) for t in seconds(10, 40)]
        return suspicions(watched(plan(dumping_rule()), QUIET_STREET + events)[1])

    assert told(behind) == []
    assert len(told(apart)) == 1


def test_a_change_soon_after_watching_began_came_while_it_was_watched() -> None:
    events = [look(t, things=[(BAG, 3.0)] if t >= 4 else []) for t in seconds(0, 40)]
    _, outcomes = watched(plan(dumping_rule()), events)
    (told,) = suspicions(outcomes)
    assert told.start == 3.0


def test_an_owner_missed_in_one_dark_look_still_attends() -> None:
    found = {10.0, 12.0, 14.0, 16.0, 17.0}
    here = [
        look(t, persons=[LEAVER] if t in found else [], things=[(BAG, 10.0)])
        for t in seconds(10, 18)
    ]
    alone = [look(t, things=[(BAG, 10.0)]) for t in seconds(18, 40)]
    _, outcomes = watched(plan(dumping_rule()), QUIET_STREET + here + alone)
    (told,) = suspicions(outcomes)
    assert told.end - 17.0 >= dumping_rule().gone


def test_an_owner_missed_in_the_only_look_for_a_while_has_not_gone() -> None:
    """Looks are lost, and in the one that is left the network does not find who stands there."""
    minded = [look(t, persons=[LEAVER], things=[(BAG, 10.0)]) for t in seconds(10, 20)]
    lost = [look(24, things=[(BAG, 10.0)])]
    found_again = [look(28, persons=[LEAVER], things=[(BAG, 10.0)])]
    _, outcomes = watched(plan(dumping_rule()), QUIET_STREET + minded + lost + found_again)
    assert [outcome for outcome in outcomes if isinstance(outcome, Ask)] == []


def test_looking_back_begins_before_the_owner_began_to_stand_there() -> None:
    stands = [look(t, persons=[LEAVER]) for t in seconds(8, 22)]
    steps_aside = [look(t, things=[(BAG, 22.0)]) for t in seconds(22, 50)]
    _, outcomes = watched(plan(dumping_rule()), QUIET_STREET + stands + steps_aside, answers=False)
    (ask,) = [outcome for outcome in outcomes if isinstance(outcome, Ask)]
    assert ask.start <= 8.0


BESIDE = Box(0.40, 0.45, 0.48, 0.77)


def dense(start: float, end: float, presence: Callable[[float], float], *persons: Box) -> Answer:
    looks = tuple(
        replace(
            look(t, persons=persons),
            changes=(Change(BAG, t, ChangeKind.LEFT, presence(t)),),
        )
        for t in seconds(start, end, 0.125)
    )
    return Answer("", "cam-1", "r1", looks)


def outcome_of(answer: Answer, label: str | None = None) -> list[Suspicion]:
    """What becomes of a bag left at 10 s and looked at until 60 s when looking back says this."""
    named = [(label, BAG)] if label else []
    bag = [look(t, things=[(BAG, 10.0)], seen=named) for t in seconds(10, 60)]
    memory, told = Memory(), []
    for event in QUIET_STREET + bag:
        memory, said = see(plan(dumping_rule()), memory, event)
        for ask in [each for each in said if isinstance(each, Ask)]:
            memory, more = see(plan(dumping_rule()), memory, replace(answer, key=ask.key))
            told += suspicions(more)
    return told


def test_what_becomes_different_by_degrees_is_light_and_no_thing() -> None:
    assert outcome_of(dense(2, 22, lambda t: min(1.0, max(0.0, (t - 4) / 14)), BESIDE)) == []


def test_what_came_while_somebody_hid_its_place_begins_in_the_middle_of_that_time() -> None:
    hides = [
        replace(
            look(t, persons=[LEAVER] if 10 <= t < 16 else []),
            changes=(Change(BAG, t, ChangeKind.LEFT, 1.0 if t >= 16 else 0.0),),
        )
        for t in seconds(2, 22, 0.125)
    ]
    (told,) = outcome_of(Answer("", "cam-1", "r1", tuple(hides)))
    assert told.start == pytest.approx(13.0, abs=0.2)
    assert told.end - 16.0 >= 6.0, "its dwell counts from when it was first seen"


def test_what_goes_to_and_fro_is_no_thing() -> None:
    flutters = dense(2, 22, lambda t: 1.0 if t > 10 and int(t * 2) % 2 else 0.0, BESIDE)
    assert outcome_of(flutters) == []


def test_what_nobody_brought_is_told_only_if_a_network_knows_it() -> None:
    from_nowhere = dense(2, 22, lambda t: float(t >= 10))
    assert outcome_of(from_nowhere) == []
    (told,) = outcome_of(from_nowhere, "rubbish")
    assert told.label == "rubbish"


def test_what_a_camera_that_was_turned_did_not_see_come_may_be_other_ground() -> None:
    """One that shakes, or stands still, was only never without somebody before the place."""

    def untold(swung: float) -> Answer:
        before_it = moved(LEAVER, swung, 0.0)
        looks = (look(t, persons=[before_it]) for t in seconds(2, 22, 0.125))
        as_shown = tuple(replace(each, swung=(swung, 0.0)) for each in looks)
        return Answer("", "cam-1", "r1", as_shown)

    for swung in (0.0, 0.02):
        (told,) = outcome_of(untold(swung))
        assert told.end < 30.0
    assert outcome_of(untold(0.3)) == [], "until it has lain for twenty seconds longer"


def test_a_leaver_whom_looking_back_still_shows_there_has_not_gone() -> None:
    still_there = dense(2, 15.9, lambda t: float(t >= 10), BESIDE)
    memory, asked = Memory(), []
    for t in seconds(0, 16):
        event = look(t, things=[(BAG, 10.0)] if t >= 10 else [])
        memory, said = see(plan(dumping_rule(dwell=5.0)), memory, event)
        asked += [each for each in said if isinstance(each, Ask)]
    (ask,) = asked
    answer = replace(still_there, key=ask.key)
    memory, said = see(plan(dumping_rule(dwell=5.0)), memory, answer)
    assert suspicions(said) == []


def test_parts_of_one_heap_are_one_suspicion() -> None:
    beside = Box(BAG.right + 0.01, BAG.top, BAG.right + 0.05, BAG.bottom)
    heap = [look(t, things=[(BAG, 10.0), (beside, 11.0)]) for t in seconds(11, 60)]
    _, outcomes = watched(plan(dumping_rule()), QUIET_STREET + heap)
    assert len(suspicions(outcomes)) == 1


def test_what_nobody_brought_has_to_lie_longer_and_is_told_less_surely() -> None:
    brought = outcome_of(dense(2, 22, lambda t: float(t >= 10), BESIDE))
    bag = [look(t, things=[(BAG, 10.0)]) for t in seconds(10, 90)]
    memory, told = Memory(), list[Suspicion]()
    for event in QUIET_STREET + bag:
        memory, said = see(plan(dumping_rule()), memory, event)
        told += suspicions(said)
        for ask in [each for each in said if isinstance(each, Ask)]:
            answer = replace(dense(2, 22, lambda t: float(t >= 10)), key=ask.key)
            memory, more = see(plan(dumping_rule()), memory, answer)
            told += suspicions(more)
    (one,) = told
    assert one.start == 10.0
    assert one.end == 36.0, "its dwell and twenty seconds"
    assert one.left_by is not None
    assert one.left_by.kind is LeftByKind.UNKNOWN
    assert one.score < brought[0].score


def test_what_only_a_network_names_where_nothing_changed_is_no_thing() -> None:
    named = [look(t, seen=[("rubbish", BAG)]) for t in seconds(10, 60)]
    memory, told = Memory(), list[Suspicion]()
    for event in QUIET_STREET + named:
        memory, said = see(plan(dumping_rule()), memory, event)
        for ask in [each for each in said if isinstance(each, Ask)]:
            same = tuple(look(t) for t in seconds(ask.start, ask.end, 0.125))
            memory, more = see(plan(dumping_rule()), memory, answered(ask, same))
            told += suspicions(more)
    assert told == []


def test_a_faint_change_that_looking_back_cannot_find_is_no_thing() -> None:
    """Light on a floor, a coder's blocks: early and late the open place looks the same."""
    faint = [look(t, things=[(BAG, 10.0)]) for t in seconds(10, 60)]
    memory, told = Memory(), list[Suspicion]()
    for event in QUIET_STREET + faint:
        memory, said = see(plan(dumping_rule()), memory, event)
        told += suspicions(said)
        for ask in [each for each in said if isinstance(each, Ask)]:
            same = tuple(look(t) for t in seconds(ask.start, ask.end, 0.125))
            memory, more = see(plan(dumping_rule()), memory, answered(ask, same))
            told += suspicions(more)
    assert told == []


def remembered(t: float) -> Observation:
    """A look that something hides the bag in, and that tells it as it was last seen."""
    change = Change(BAG, 10.0, ChangeKind.LEFT, 0.9, remembered=True)
    return Observation("cam-1", "r1", t, changes=(change,))


def test_what_is_told_from_memory_neither_ends_a_stay_nor_makes_one() -> None:
    _, outcomes = watched(
        plan(dumping_rule()), QUIET_STREET + [remembered(t) for t in seconds(10, 60)]
    )
    assert outcomes == []
    seen = [look(t, things=[(BAG, 10.0)]) for t in seconds(10, 12)]
    hidden = [remembered(t) for t in seconds(12, 40)]
    memory, outcomes = watched(plan(dumping_rule()), QUIET_STREET + seen + hidden)
    assert suspicions(outcomes) == []
    again = [look(t, things=[(BAG, 10.0)]) for t in seconds(40, 50)]
    _, outcomes = watched(plan(dumping_rule()), again, memory)
    (told,) = suspicions(outcomes)
    assert told.start == 10.0


def test_a_thing_beside_one_that_proved_none_is_told() -> None:
    beside = Box(BAG.right + 0.01, BAG.top, BAG.right + 0.05, BAG.bottom)
    heap = [look(t, things=[(BAG, 11.0)], seen=[("rubbish", beside)]) for t in seconds(10, 60)]
    memory, told = Memory(), list[Suspicion]()
    for event in QUIET_STREET + heap:
        memory, said = see(plan(dumping_rule()), memory, event)
        told += suspicions(said)
        for ask in [each for each in said if isinstance(each, Ask)]:
            same = tuple(look(t) for t in seconds(ask.start, ask.end, 0.125))
            answer = dense(2, 22, lambda t: float(t >= 11), BESIDE)
            looks = same if ask.place == beside else answer.looks
            memory, more = see(plan(dumping_rule()), memory, answered(ask, looks))
            told += suspicions(more)
    (one,) = told
    assert one.label == "thing"
