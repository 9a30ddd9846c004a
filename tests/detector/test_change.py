"""Stories of one camera's ground, told in small pictures a second apart."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from tests.detector.drawn_street import (
    BAG,
    HEIGHT,
    WIDTH,
    Watch,
    draw,
    left,
    person,
    put_bag,
    put_person,
)
from viahe_detector.change import LastingChange
from viahe_detector.pixels import Pixels
from viahe_rules.domain import Box, Change, ChangeKind, Detection
from viahe_rules.geometry import iou


def quiet(looks: Iterable[tuple[Change, ...]]) -> bool:
    return not any(looks)


def test_a_thing_that_appears_is_one_change_with_the_second_it_was_first_seen() -> None:
    watch = Watch()
    watch.looks(5)
    first, *later = watch.looks(20, put_bag)
    assert first == (), "one look proves nothing"
    for told in later:
        (bag,) = told
        assert (bag.kind, bag.since) == (ChangeKind.LEFT, 5.0)
        assert iou(bag.box, BAG) > 0.7
        assert bag.score > 0.5


def test_a_thing_taken_away_again_is_gone_within_two_looks_and_leaves_no_ghost() -> None:
    watch = Watch()
    watch.looks(5)
    watch.looks(60, put_bag)
    assert quiet(watch.looks(100)[1:])


def test_noise_alone_is_nothing() -> None:
    assert quiet(Watch().looks(200))


@pytest.mark.parametrize("light", [2.0, 0.5])
def test_light_that_jumps_is_nothing(light: float) -> None:
    watch = Watch()
    watch.looks(5)
    assert quiet(watch.looks(30, light=light))
    assert quiet(watch.looks(30))


def test_a_thing_is_still_told_after_the_light_jumped() -> None:
    watch = Watch()
    watch.looks(5)
    watch.looks(5, put_bag)
    for told in watch.looks(10, put_bag, light=1.6):
        assert [change.since for change in left(told)] == [5.0]


def test_a_shadow_on_paving_is_nothing() -> None:
    def shade(picture: Pixels) -> None:
        picture[120:200, 100:300] = (picture[120:200, 100:300] * 0.6).astype(np.uint8)

    watch = Watch()
    watch.looks(5)
    assert not any(left(told) for told in watch.looks(30, shade))


def test_the_shadow_under_a_vehicle_that_stops_is_nothing() -> None:
    body, under = Box(0.3, 0.3, 0.7, 0.6), Box(0.32, 0.6, 0.68, 0.68)

    def park(picture: Pixels) -> None:
        draw(picture, body, (150, 150, 150))
        rows = slice(round(under.top * HEIGHT), round(under.bottom * HEIGHT))
        columns = slice(round(under.left * WIDTH), round(under.right * WIDTH))
        picture[rows, columns] = (picture[rows, columns] * 0.6).astype(np.uint8)

    watch = Watch()
    watch.looks(5)
    assert quiet(watch.looks(30, park, seen=[Detection("bus", 0.7, body)]))
    assert quiet(watch.looks(10))


def test_a_person_who_stands_for_half_a_minute_is_nothing() -> None:
    watch = Watch()
    watch.looks(5)
    assert quiet(watch.looks(30, put_person, seen=[person()]))
    assert quiet(watch.looks(10))


def test_a_person_who_was_there_from_the_start_and_goes_leaves_nothing() -> None:
    watch = Watch()
    watch.looks(10, put_person, seen=[person()])
    assert quiet(watch.looks(60))


def test_what_the_network_missed_at_the_start_is_removed_and_not_left() -> None:
    watch = Watch()
    watch.looks(10, put_person)
    told = watch.looks(90)
    assert not any(left(changes) for changes in told)
    assert any(changes for changes in told[:10])
    assert quiet(told[75:]), "a gap is the street's own picture after a minute"


def test_a_thing_that_was_there_from_the_start_is_nothing_until_it_is_removed() -> None:
    watch = Watch()
    assert quiet(watch.looks(30, put_bag))
    (gap,) = watch.looks(5)[-1]
    assert (gap.kind, gap.since) == (ChangeKind.REMOVED, 30.0)


def test_a_thing_behind_a_passer_by_keeps_its_since() -> None:
    watch = Watch()
    watch.looks(5)
    watch.looks(5, put_bag)
    hidden = watch.looks(8, put_bag, put_person, seen=[person()])
    after = watch.looks(5, put_bag)
    for told in (*hidden, *after):
        assert [change.since for change in left(told)] == [5.0]


def test_one_look_with_a_person_the_network_missed_does_not_make_the_thing_younger() -> None:
    watch = Watch()
    watch.looks(5)
    watch.looks(5, put_bag)
    watch.look(put_bag, put_person)
    told = watch.looks(5, put_bag)[-1]
    assert [change.since for change in left(told)] == [5.0]


def test_a_thing_put_down_behind_its_owner_is_told_once_the_owner_has_stepped_aside() -> None:
    watch = Watch()
    watch.looks(5)
    assert quiet(watch.looks(10, put_person, put_bag, seen=[person()]))
    told = watch.looks(3, put_bag)[-1]
    assert [change.since for change in left(told)] == [15.0]


def test_two_things_side_by_side_at_different_times_are_two_changes() -> None:
    beside = Box(BAG.right, 0.5, BAG.right + 0.08, 0.62)
    watch = Watch()
    watch.looks(5)
    watch.looks(20, put_bag)
    told = watch.looks(5, put_bag, lambda picture: put_bag(picture, beside))[-1]
    assert sorted(change.since for change in left(told)) == [5.0, 25.0]


def test_the_same_looks_give_the_same_changes() -> None:
    def story() -> list[tuple[Change, ...]]:
        watch = Watch()
        return [*watch.looks(5), *watch.looks(10, put_bag), *watch.looks(5)]

    assert story() == story()


def test_a_background_that_was_saved_goes_on_where_it_stopped(tmp_path: Path) -> None:
    watch = Watch()
    watch.looks(5)
    watch.looks(5, put_bag)
    watch.change.save(tmp_path / "gate.npz")
    watch.change = LastingChange()
    watch.change.load(tmp_path / "gate.npz")
    watch.t += 3600
    told = watch.looks(3, put_bag)[-1]
    assert [change.since for change in left(told)] == [5.0]
    assert [path.name for path in tmp_path.iterdir()] == ["gate.npz"]


def test_a_file_that_is_no_background_is_refused_by_name(tmp_path: Path) -> None:
    broken = tmp_path / "gate.npz"
    broken.write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(ValueError, match=r"gate\.npz holds no background"):
        LastingChange().load(broken)
    np.savez(broken, known=np.zeros((4, 4), np.bool_))
    with pytest.raises(ValueError, match=r"gate\.npz holds no background"):
        LastingChange().load(broken)


def test_a_camera_that_changes_its_picture_size_begins_anew() -> None:
    watch = Watch()
    watch.looks(5)
    watch.looks(5, put_bag)
    taller = np.full((400, 480, 3), 90, np.uint8)
    assert watch.change.step(watch.t, taller, ()) == ()


def test_a_walker_missed_in_the_very_first_look_is_no_part_of_the_street() -> None:
    watch = Watch()
    watch.look(put_person)
    assert quiet(watch.looks(60))


@pytest.mark.parametrize("light", [1.5, 0.6])
def test_a_walker_missed_in_the_look_in_which_the_light_jumped_is_no_part_of_the_street(
    light: float,
) -> None:
    """The place looks as in no look before, and as in none after."""
    watch = Watch()
    watch.looks(20)
    assert quiet(watch.looks(1, put_person, light=light))
    assert quiet(watch.looks(60, light=light))


def test_a_walker_missed_in_one_of_the_first_looks_is_no_part_of_the_street() -> None:
    watch = Watch()
    watch.look(put_person, seen=[person()])
    watch.look(put_person)
    watch.looks(2, put_person, seen=[person()])
    assert quiet(watch.looks(60))


def test_a_thing_that_comes_three_seconds_after_watching_began_is_told() -> None:
    watch = Watch()
    watch.looks(3)
    told = watch.looks(4, put_bag)[-1]
    assert [change.since for change in left(told)] == [3.0]


def test_what_hides_a_thing_leaves_it_told_as_remembered() -> None:
    watch = Watch()
    watch.looks(5)
    seen = watch.looks(5, put_bag)[-1]
    hidden = watch.looks(3, put_bag, put_person, seen=[person()])
    assert [change.remembered for change in seen] == [False]
    assert [change.remembered for told in hidden for change in told] == [True, True, True]


def put_caption(picture: Pixels, top: float = 0.45) -> None:
    """White letters on black, as a camera's own menu writes them."""
    draw(picture, Box(0.36, top, 0.54, top + 0.1), (0, 0, 0))
    for left_edge in np.arange(0.37, 0.53, 0.03):
        letter = Box(float(left_edge), top + 0.02, float(left_edge) + 0.015, top + 0.08)
        draw(picture, letter, (255, 255, 255))


def test_what_shows_through_those_who_walk_before_it_is_burnt_into_the_picture() -> None:
    watch = Watch()
    watch.looks(5)
    assert left(watch.looks(5, put_caption)[-1])
    for _ in range(4):
        watch.look(put_person, put_caption, seen=[person()])
        told = watch.look(put_caption)
    assert left(told) == ()
    assert quiet(watch.looks(10, put_caption))


def test_a_thing_lettered_like_a_caption_is_hidden_by_those_who_walk_before_it() -> None:
    watch = Watch()
    watch.looks(5)
    watch.looks(5, put_caption)
    for _ in range(6):
        watch.look(put_caption, put_person, seen=[person()])
        told = watch.look(put_caption)
    assert [change.since for change in left(told)] == [5.0]


def test_a_thing_before_those_who_walk_behind_it_is_not_burnt_in() -> None:
    behind = Box(0.38, 0.1, 0.5, 0.5)
    watch = Watch()
    watch.looks(5)
    watch.looks(5, put_caption)
    for _ in range(6):
        picture_of_both = (lambda p: put_person(p, behind), put_caption)
        watch.look(*picture_of_both, seen=[person(behind)])
        told = watch.look(put_caption)
    assert [change.since for change in left(told)] == [5.0]
