"""Seeded variants of the staged scenes, synthetic all of them, against floors that only rise."""

import json
from pathlib import Path

import pytest

from tests.detector.staged_watch import watched
from viahe_rules.domain import LeftByKind
from viahe_samples.photographs import MissingPhotograph
from viahe_samples.stage import Stage, set_stage
from viahe_samples.variants import SIZE, variants

FLOORS = Path(__file__).with_name("variant_floors.json")
SEED = 1


@pytest.fixture(scope="module")
def stage() -> Stage:
    try:
        return set_stage(SIZE)
    except MissingPhotograph as missing:
        pytest.skip(str(missing))


def test_variants_are_the_same_for_the_same_seed_and_others_for_another() -> None:
    assert variants(5) == variants(5)
    assert variants(5) != variants(6)
    names = [variant.scene.name for variant in variants(5)]
    assert len(set(names)) == len(names)


def test_the_variants_score_no_worse_than_before(stage: Stage, tmp_path: Path) -> None:
    """The floors only rise: after an improvement, write down what is reached now."""
    found = false = named = right = 0
    for variant in variants(SEED):
        matched, _ = watched(variant, stage, tmp_path)
        found += len(matched.found)
        false += len(matched.false)
        for each in matched.found:
            left_by = each.suspicion.left_by
            if left_by is not None and left_by.kind is not LeftByKind.UNKNOWN:
                named += 1
                right += each.event.left_by is not None and left_by.kind is each.event.left_by.kind
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    assert found >= floors["found_at_least"]
    assert false <= floors["false_at_most"]
    assert right >= floors["right_leavers_at_least"]
    assert named - right <= floors["wrong_leavers_at_most"]
