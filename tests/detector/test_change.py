"""Stories of one camera's ground, told in small pictures a second apart."""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from viahe_detector.change import LastingChange
from viahe_detector.pixels import Pixels
from viahe_rules.domain import Box, Change, ChangeKind, Detection
from viahe_rules.geometry import iou

WIDTH, HEIGHT = 480, 270
BAG = Box(0.4, 0.5, 0.48, 0.62)
PERSON_AT_BAG = Box(0.38, 0.2, 0.5, 0.65)

Drawing = Callable[[Pixels], None]


@cache
def ground(number: int) -> NDArray[np.float32]:
    """Paving in two greys with a kerb, in the noise a sensor has in one of eight looks."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    paving = 95.0 + 12.0 * ((rows // 20 + columns // 30) % 2) + 25.0 * (rows < 60)
    noise = np.random.default_rng(number).normal(0, 3, (HEIGHT, WIDTH, 3))
    return np.asarray(paving[..., None] + noise, np.float32)


def street(number: int, light: float = 1.0) -> Pixels:
    return np.asarray(np.clip(ground(number % 8) * light, 0, 255), np.uint8)


def draw(picture: Pixels, box: Box, colour: tuple[int, int, int]) -> None:
    picture[
        round(box.top * HEIGHT) : round(box.bottom * HEIGHT),
        round(box.left * WIDTH) : round(box.right * WIDTH),
    ] = colour


def put_bag(picture: Pixels, box: Box = BAG) -> None:
    draw(picture, box, (40, 30, 30))


def put_person(picture: Pixels, box: Box = PERSON_AT_BAG) -> None:
    draw(picture, box, (60, 80, 160))


def person(box: Box = PERSON_AT_BAG, score: float = 0.8) -> Detection:
    return Detection("person", score, box)


class Watch:
    """One camera looked at once a second."""

    def __init__(self) -> None:
        self.change = LastingChange()
        self.t = 0.0

    def look(
        self, *drawn: Drawing, seen: Iterable[Detection] = (), light: float = 1.0
    ) -> tuple[Change, ...]:
        picture = street(int(self.t), light)
        for drawing in drawn:
            drawing(picture)
        told = self.change.step(self.t, picture, seen)
        self.t += 1.0
        return told

    def looks(
        self, count: int, *drawn: Drawing, seen: Iterable[Detection] = (), light: float = 1.0
    ) -> list[tuple[Change, ...]]:
        seen = tuple(seen)
        return [self.look(*drawn, seen=seen, light=light) for _ in range(count)]


def quiet(looks: Iterable[tuple[Change, ...]]) -> bool:
    return not any(looks)


def left(told: tuple[Change, ...]) -> tuple[Change, ...]:
    return tuple(change for change in told if change.kind is ChangeKind.LEFT)


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


def swaying(picture: Pixels, t: float) -> Pixels:
    """The picture of a camera that swings a hundredth of the width about where it points."""
    across, down = 5 * np.sin(1.7 * t), 4 * np.sin(2.3 * t)
    there = np.array([[1.0, 0.0, across], [0.0, 1.0, down]])
    size = (WIDTH, HEIGHT)
    return np.asarray(cv2.warpAffine(picture, there, size, borderMode=cv2.BORDER_REFLECT), np.uint8)


def marked_street(number: int) -> Pixels:
    """The street with the kerb stones, drains and cracks a real one has."""
    picture = street(number)
    chance = np.random.default_rng(1)
    for x, y, w, h in chance.integers((0, 0, 3, 3), (WIDTH, HEIGHT, 18, 12), (60, 4)):
        picture[y : y + h, x : x + w] = (picture[y : y + h, x : x + w] * 0.7).astype(np.uint8)
    return picture


def test_a_camera_that_shakes_tells_a_bag_where_it_is_and_nothing_else() -> None:
    change = LastingChange()
    for number in range(30):
        t = float(number)
        picture = marked_street(number)
        if number >= 10:
            put_bag(picture)
        told = change.step(t, swaying(picture, t), ())
        if number >= 13:
            (bag,) = left(told)
            assert bag.since <= 12.0
            aside = Box(
                BAG.left + 5 * np.sin(1.7 * t) / WIDTH,
                BAG.top + 4 * np.sin(2.3 * t) / HEIGHT,
                BAG.right + 5 * np.sin(1.7 * t) / WIDTH,
                BAG.bottom + 4 * np.sin(2.3 * t) / HEIGHT,
            )
            assert iou(bag.box, aside) > 0.5
        else:
            assert number >= 11 or left(told) == ()


def test_a_shaking_camera_that_was_turned_elsewhere_begins_anew() -> None:
    change = LastingChange()
    for number in range(6):
        change.step(float(number), swaying(marked_street(number), float(number)), ())
    for number in range(6, 30):
        t, picture = float(number), marked_street(number)[::-1, ::-1].copy()
        if number >= 20:
            put_bag(picture)
        told = change.step(t, swaying(picture, t), ())
    assert any(iou(changed.box, BAG) > 0.3 for changed in left(told))


def test_a_camera_that_is_carried_along_follows_the_street_and_tells_what_comes(
    tmp_path: Path,
) -> None:
    """Whoever holds it turns it by more than its whole picture within half a minute, and
    something is put down while it turns."""
    chance = np.random.default_rng(2)
    wide = cv2.GaussianBlur(chance.normal(0, 120, (HEIGHT, 3 * WIDTH, 3)), (0, 0), 3) + 110
    change, told = LastingChange(), []
    for number in range(40):
        picture = np.clip(wide + chance.normal(0, 2, wide.shape), 0, 255).astype(np.uint8)
        if number >= 20:
            picture[150:185, 700:740] = (30, 25, 25)
        turned = min(18 * number, 540)
        seen = np.ascontiguousarray(picture[:, turned : turned + WIDTH])
        told.append(left(change.step(float(number), seen, ())))
    assert not any(told[:20])
    there = Box((700 - 540) / WIDTH, 150 / HEIGHT, (740 - 540) / WIDTH, 185 / HEIGHT)
    for at_look in told[30:]:
        (bag,) = at_look
        assert bag.since == 20.0
        assert iou(bag.box, there) > 0.5
    across, down = change.swung
    assert across == pytest.approx(-540 / WIDTH, abs=0.02)
    assert down == pytest.approx(0.0, abs=0.02)
    change.save(tmp_path / "street.npz")
    again = LastingChange()
    again.load(tmp_path / "street.npz")
    again.step(40.0, seen, ())
    assert again.swung == pytest.approx(change.swung, abs=0.02), "what stood still is found again"


def test_what_is_left_where_a_carried_camera_saw_the_ground_once_before_is_told() -> None:
    """It is turned along with whoever walks there, whom the network finds in every look."""
    shown_once = 15  # by then it has been turned far enough for the street to end behind the place
    chance = np.random.default_rng(2)
    wide = cv2.GaussianBlur(chance.normal(0, 120, (HEIGHT, 3 * WIDTH, 3)), (0, 0), 3) + 110
    change, told = LastingChange(), []
    for number in range(28):
        picture = np.clip(wide + chance.normal(0, 2, wide.shape), 0, 255).astype(np.uint8)
        turned = min(18 * number, 360)
        seen = []
        if shown_once < number <= shown_once + 3:
            picture[80:190, 690:750] = (60, 80, 160)
            left_edge = (690 - turned) / WIDTH
            seen.append(person(Box(left_edge, 80 / HEIGHT, left_edge + 60 / WIDTH, 190 / HEIGHT)))
        if number > shown_once + 3:
            picture[150:185, 700:740] = (30, 25, 25)
        shown = np.ascontiguousarray(picture[:, turned : turned + WIDTH])
        told.append(left(change.step(float(number), shown, seen)))
    assert not any(told[: shown_once + 5])
    (bag,) = told[-1]
    assert bag.since == shown_once + 4.0
    there = Box((700 - 360) / WIDTH, 150 / HEIGHT, (740 - 360) / WIDTH, 185 / HEIGHT)
    assert iou(bag.box, there) > 0.5


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
