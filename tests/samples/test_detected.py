"""The shipped network finds the staged people and the bus, as it would real ones."""

import pytest

from viahe_detector.errors import ModelError
from viahe_detector.inference import Network
from viahe_rules.domain import Box
from viahe_rules.geometry import covered, iou
from viahe_samples.actors import Placement
from viahe_samples.render import picture_at
from viahe_samples.scene import Scene
from viahe_samples.scenes import all_scenes
from viahe_samples.stage import Stage

LEAST_SCORE = 0.5
KNOWN = {"person", "bus"}


@pytest.fixture(scope="module")
def street() -> Network:
    try:
        return Network.open("street")
    except ModelError as missing:
        pytest.skip(f"the street network is not here: {missing}")


def wholly_seen(scene: Scene, t: float) -> list[Placement]:
    """Who is in the picture and not behind somebody else."""
    found = [placement for actor in scene.actors if (placement := actor.at(t))]
    return [
        each
        for each in found
        if each.box.left > 0
        and each.box.right < 1
        and each.figure.label in KNOWN
        and not any(other.foot[1] > each.foot[1] and _hides(other, each) for other in found)
    ]


def _hides(nearer: Placement, farther: Placement) -> bool:
    return covered(farther.box, nearer.box) > 0.3


@pytest.mark.parametrize("scene", all_scenes(), ids=lambda scene: str(scene.name))
def test_who_is_staged_is_found_and_nobody_else(
    scene: Scene, street: Network, stage: Stage
) -> None:
    looked = 0
    for t in (9.0, 12.0, 15.0, 22.0):
        expected = wholly_seen(scene, t)
        found = street.detect(picture_at(scene, stage, t), LEAST_SCORE)
        for placement in expected:
            looked += 1
            assert any(
                detection.label == placement.figure.label
                and iou(detection.box, placement.box) > 0.5
                for detection in found
            ), f"{placement.figure.name} is not found at {t} s"
        inside = [each for each in found if each.label in KNOWN and _away_from_edges(each.box)]
        assert len(inside) <= len(expected), f"somebody who is not there at {t} s"
    assert looked >= 2


def test_the_empty_street_is_empty_to_the_network(street: Network, stage: Stage) -> None:
    assert [each for each in street.detect(stage.street, 0.35) if each.label in KNOWN] == []


def _away_from_edges(box: Box) -> bool:
    return box.left > 0.02 and box.right < 0.98
