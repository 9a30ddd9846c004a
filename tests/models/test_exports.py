"""The networks we ship: whole, described, and able to see."""

from pathlib import Path

import numpy as np
import pytest

from viahe_models import registry
from viahe_models.cli import main

pytest.importorskip("openvino", reason="the graphs run in OpenVINO: `pip install viahe[detector]`")
pytest.importorskip("cv2", reason="pictures are read by OpenCV: `pip install viahe[detector]`")

from viahe_models.evaluate import acceptance
from viahe_models.graph import Picture, fit
from viahe_models.look import openvino_look
from viahe_models.page import page
from viahe_models.recipe import read_recipe
from viahe_samples.photographs import photograph

ROOT = Path(__file__).parents[2]
PRECISIONS = ("int8", "fp16")
EVERY = [(name, precision) for name in registry.names() for precision in PRECISIONS]


@pytest.fixture(scope="module")
def street_picture() -> Picture:
    """Four people and a bus, 810 × 1080 px, as Ultralytics ships it."""
    return photograph("bus.jpg")


@pytest.mark.parametrize(("name", "precision"), EVERY)
def test_every_shipped_network_is_trained_whole_and_documented(name: str, precision: str) -> None:
    network = registry.find(name, precision)
    card = registry.read_card(network.card)
    assert network.status == "trained"
    assert len(set(network.labels)) == len(network.labels)
    for needed in ("licence", "data", "base", "training", "metrics", "speed", "measured"):
        assert card[needed], needed
    assert {row["label"] for row in card["metrics"]} >= {*network.labels}


def test_the_two_networks_have_every_label_the_rules_know() -> None:
    street = {*registry.find("street").labels}
    assert street == {
        *("person", "bicycle", "car", "motorcycle", "bus", "truck", "bench", "backpack"),
        *("umbrella", "handbag", "suitcase", "chair", "dining table", "potted plant"),
    }
    assert registry.find("rubbish").labels == ("rubbish", "bin", "bin_overflow")


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("size", registry.find("street").sizes, ids=lambda size: f"{size[0]}px")
def test_street_sees_the_people_and_the_bus(
    street_picture: Picture, precision: str, size: tuple[int, int]
) -> None:
    network = registry.find("street", precision)
    rows = openvino_look(network.model, size)(street_picture)
    sure = rows[rows[:, 4] >= network.threshold]
    seen = [network.labels[int(label)] for label in sure[:, 5]]
    assert seen.count("person") >= 3
    assert seen.count("bus") == 1
    bus = sure[seen.index("bus"), :4]
    assert bus == pytest.approx([15, 230, 805, 750], abs=35)


def test_rows_come_best_first(street_picture: Picture) -> None:
    scores = openvino_look(registry.find("street").model, (640, 640))(street_picture)[:, 4]
    assert (np.diff(scores) <= 0).all()
    assert scores.max() <= 1


def test_an_empty_picture_shows_nothing() -> None:
    for name in registry.names():
        network = registry.find(name)
        rows = openvino_look(network.model, network.sizes[0])(np.full((90, 160, 3), 114, np.uint8))
        assert not (rows[:, 4] >= network.threshold).any(), name


def test_a_picture_is_fitted_at_the_corner_and_led_back_by_the_scale() -> None:
    fitted, scale = fit(np.zeros((1080, 1920, 3), np.uint8), (640, 640))
    assert scale == pytest.approx(1 / 3)
    assert (fitted[:360] == 0).all()
    assert (fitted[360:] == registry.PAD).all()


def test_the_street_network_has_not_forgotten_persons_and_vehicles() -> None:
    recipe = read_recipe(ROOT / "configs" / "models" / "street.toml")
    measured = registry.read_card(registry.find("street").card)["metrics"]
    kept, told = acceptance(recipe, measured)
    assert kept, told
    forgetful = [
        row | {"ap50": row["ap50"] - 0.02} if row["variant"] == "trained" else row
        for row in measured
    ]
    assert not acceptance(recipe, forgetful)[0]


def test_the_reference_page_says_what_the_cards_say() -> None:
    written = (ROOT / "docs" / "reference" / "model-card.md").read_text(encoding="utf-8")
    assert written == page(registry.WEIGHTS), "run `viahe-models page --page <this file>`"


def test_the_page_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["page"]) == 0
    assert capsys.readouterr().out == page(registry.WEIGHTS)
