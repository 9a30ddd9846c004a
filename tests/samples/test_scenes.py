"""What the scenes say of themselves: quiet, acts, rest, and truth that fits them."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from viahe_rules.domain import Act
from viahe_rules.geometry import inside, polygon_faults, stands_in
from viahe_samples.actors import Actor
from viahe_samples.scene import Scene
from viahe_samples.scenes import all_scenes
from viahe_samples.truth import truth_of, write_truth

SCENES = all_scenes()
BY_NAME = {scene.name: scene for scene in SCENES}
each_scene = pytest.mark.parametrize("scene", SCENES, ids=list(BY_NAME))


def longest_rest(actor: Actor) -> float:
    """How long, in seconds, the actor stood still at most; bending down is no moving."""
    still = longest = 0.0
    for a, b in pairwise(actor.marks):
        still = still + b.t - a.t if (a.x, a.lane, a.lift_m) == (b.x, b.lane, b.lift_m) else 0
        longest = max(longest, still)
    return longest


def test_three_scenes_show_an_act_and_four_show_none() -> None:
    assert [bool(scene.events) for scene in SCENES] == [True] * 3 + [False] * 4
    assert {event.act for scene in SCENES for event in scene.events} == set(Act)
    assert len(BY_NAME) == len(SCENES)
    assert all(name.replace("-", "").isalpha() and name.islower() for name in BY_NAME)


@each_scene
def test_the_street_is_empty_first(scene: Scene) -> None:
    assert all(actor.marks[0].t >= scene.quiet_s for actor in scene.actors)


@each_scene
def test_nothing_moves_at_the_end(scene: Scene) -> None:
    from_s = scene.duration_s - scene.still_end_s
    for actor in scene.actors:
        if actor.marks[-1].t > from_s:
            assert actor.box_at(from_s) == actor.box_at(scene.duration_s)


@each_scene
def test_everyone_comes_from_outside_the_picture_and_goes_there(scene: Scene) -> None:
    for actor in scene.actors:
        first, last = actor.box_at(actor.marks[0].t), actor.box_at(actor.marks[-1].t)
        assert first.right < 0 or first.left > 1
        stays = any(event.end_open and event.region == last for event in scene.events)
        assert stays or last.right < 0 or last.left > 1


@each_scene
def test_zones_are_polygons_a_zone_may_have(scene: Scene) -> None:
    assert all(polygon_faults(zone.polygon) == () for zone in scene.zones)
    assert len({zone.id for zone in scene.zones}) == len(scene.zones)


def test_each_event_lies_in_its_zone_for_longer_than_it_may() -> None:
    for scene in SCENES:
        zones, dwell = {zone.id: zone for zone in scene.zones}, dict(scene.dwell_s)
        for event in scene.events:
            assert zones[event.zone].act is event.act
            assert stands_in(event.region, zones[event.zone].polygon)
            assert event.end_s - event.start_s > dwell[event.act] + 5
            assert event.end_s <= scene.duration_s


def test_where_nothing_is_to_be_reported_nothing_rests_as_long_as_it_may_not() -> None:
    for scene in SCENES:
        if not scene.events:
            assert max(map(longest_rest, scene.actors)) < min(dict(scene.dwell_s).values()) - 1


def test_the_brief_stop_and_the_bag_taken_again_do_happen_inside_a_zone() -> None:
    for name, zone_number in (("bag-taken-again", 0), ("bus-stops-briefly", 2)):
        scene = BY_NAME[name]
        thing = scene.actors[-1]
        at_rest = next(a.t for a, b in pairwise(thing.marks) if a.x == b.x and a.lift_m == 0)
        assert inside(thing.box_at(at_rest).foot, scene.zones[zone_number].polygon)
        assert longest_rest(thing) == pytest.approx(3.0, abs=0.01)


def test_the_leaver_is_clear_of_the_bag_when_it_is_said_to_have_left() -> None:
    (event,) = BY_NAME["bag-left"].events
    man, sack = BY_NAME["bag-left"].actors
    assert event.owner_left_s is not None
    assert event.leaver == man.box_at(event.owner_left_s)
    assert man.box_at(event.owner_left_s).left > sack.box_at(event.owner_left_s).right
    assert man.box_at(event.start_s).left < event.region.right
    assert event.start_s < event.owner_left_s < event.start_s + 4


def test_the_truth_file_speaks_in_pixels_and_seconds(tmp_path: Path) -> None:
    write_truth(SCENES, tmp_path / "truth.yaml")
    written = json.loads((tmp_path / "truth.yaml").read_text(encoding="utf-8"))
    assert written == truth_of(SCENES)
    video = written["videos"][0]
    assert (video["file"], video["size"], video["fps"]) == ("bag-left.mp4", [960, 540], 12.5)
    assert video["dwell_s"] == {"dumping": 6.0, "encroachment": 8.0}
    (event,) = video["events"]
    (staged,) = SCENES[0].events
    assert event["region"][0] == round(staged.region.left * 960)
    assert event["region"][3] == round(staged.region.bottom * 540)
    assert event["left_by"] == "person"
    assert event["start_s"] == pytest.approx(staged.start_s, abs=0.001)
    assert [len(video["events"]) for video in written["videos"]] == [1, 1, 1, 0, 0, 0, 0]
