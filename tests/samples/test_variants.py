"""The staged variants: what they say of themselves, and what their troubles do to a picture."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from viahe_rules.geometry import stands_in
from viahe_samples.disturbances import Disturbance
from viahe_samples.recoded import recoded
from viahe_samples.variants import SHARES, SIZE, Variant, variants

ALL = variants(1)
GREY = np.full((90, 160, 3), (90, 120, 150), np.uint8)


def of(story: str, trouble: str) -> Variant:
    return next(each for each in ALL if each.scene.name == f"{story}-{trouble}-1")


def test_variants_are_the_same_for_the_same_seed_and_others_for_another() -> None:
    assert [v.scene for v in variants(5)] == [v.scene for v in variants(5)]
    assert [v.scene.actors for v in variants(5)] != [v.scene.actors for v in variants(6)]
    assert len({variant.scene.name for variant in ALL}) == len(ALL) >= 100


def test_each_share_has_every_story_and_every_trouble_and_together_they_are_the_whole() -> None:
    shares = [variants(1, share) for share in range(SHARES)]
    for share in shares:
        assert len({each.story for each in share}) == len({each.story for each in ALL})
        troubles = Counter(each.scene.name.removeprefix(each.story) for each in share)
        assert set(troubles.values()) == {4}
        assert len(troubles) == 12
    names = [each.scene.name for share in shares for each in share]
    assert sorted(names) == sorted(each.scene.name for each in ALL)
    assert {each.scene.seed for each in shares[1]} < {each.scene.seed for each in ALL}


@pytest.mark.parametrize("variant", ALL, ids=lambda variant: variant.scene.name)
def test_what_must_be_told_lies_in_its_zone_and_lasts_for_its_dwell(variant: Variant) -> None:
    scene = variant.scene
    zones = {zone.id: zone for zone in scene.zones}
    for event in scene.events:
        assert zones[event.zone].act is event.act
        assert stands_in(event.region, zones[event.zone].polygon)
        assert event.end_s - event.start_s > dict(scene.dwell_s)[event.act] + 4
        assert event.owner_left_s is None or event.start_s < event.owner_left_s < event.end_s


def test_sacks_are_from_eight_pixels_up() -> None:
    bags = [
        event.region.height * SIZE[1]
        for variant in ALL
        for event in variant.scene.events
        if event.object == "bag"
    ]
    assert 8 <= round(min(bags)) < 12
    assert max(bags) > 35


def test_a_camera_that_comes_back_is_another_run_with_a_clock_of_its_own() -> None:
    looks = list(of("bag-left", "reconnect").looks(1.0))
    first = [t for run, _, t in looks if run == "run-1"]
    again = [(run_t, t) for run, run_t, t in looks if run == "run-2"]
    assert (first[0], first[-1]) == (0.0, 17.0)
    assert again[0] == (0.0, 22.0)
    assert len(looks) == 52 - 4


def test_about_half_the_looks_of_a_slow_camera_are_dropped() -> None:
    looks = list(of("bag-left", "drops").looks(1.0))
    assert 15 <= len(looks) <= 37
    assert looks[0][2] == 0.0


def test_the_light_of_hours_goes_slowly_and_never_jumps() -> None:
    drifting = of("bystander", "drift").trouble.disturbance
    level = [float(drifting.disturb(GREY, t).mean()) for t in np.arange(0, 52, 1.0)]
    assert max(level) > 1.8 * min(level)
    assert max(abs(b - a) for a, b in pairwise(level)) < 0.07 * max(level)


def test_infrared_shows_no_colour() -> None:
    shown = Disturbance(colour=0.0).disturb(GREY, 1.0)
    assert int(np.ptp(shown, axis=2).max()) <= 1


def test_a_coder_that_may_spend_little_loses_more_of_a_picture() -> None:
    chance = np.random.default_rng(3)
    small = chance.integers(0, 255, (18, 32, 3), np.uint8)
    pictures = [np.kron(small, np.ones((5, 5, 1), np.uint8)) for _ in range(8)]

    def lost(kbit_per_s: int) -> float:
        shown = list(recoded(pictures, (160, 90), 8, kbit_per_s))
        assert len(shown) == len(pictures)
        return float(np.abs(shown[-1].astype(float) - pictures[-1]).mean())

    assert lost(15) > 1.5 * lost(1500)
