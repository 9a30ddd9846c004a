"""The whole way from pictures to a graph, in small, through the real trainer and exporter."""

import json
from pathlib import Path

import pytest

from viahe_models import registry
from viahe_models.cli import main

pytest.importorskip("torch", reason="training needs `pip install viahe[models]`")
pytest.importorskip("ultralytics", reason="training needs `pip install viahe[models]`")
pytest.importorskip("nncf", reason="export needs `pip install viahe[models]`")

import cv2
import numpy as np

from viahe_models.look import openvino_look
from viahe_models.offline import checkpoint, ultralytics
from viahe_models.recipe import read_recipe

RECIPE = """\
name = "tiny"
summary = "Red and blue squares."
labels = ["red", "blue"]
slots = [0, 1]
keep_head = false
[data]
train = ["squares/train"]
validate = ["squares/val"]
[training]
epochs = 1
size_px = 64
batch = 4
learning_rate = 0.001
[export]
calibrate = ["squares/train"]
pictures = 2
sizes_px = [[160, 160]]
threshold = 0.0
[licences]
"squares/train" = "ours"
[[evaluation]]
folder = "squares/val"
"""


def draw(root: Path, folder: str, count: int) -> None:
    """Pictures of 64 px with one square each, red or blue, and their labels."""
    random = np.random.default_rng(count)
    for kind in ("images", "labels"):
        (root / folder / kind).mkdir(parents=True)
    for number in range(count):
        picture = random.integers(0, 255, (64, 64, 3), dtype=np.uint8)
        slot, left, top = number % 2, *(int(edge) for edge in random.integers(4, 30, 2))
        picture[top : top + 24, left : left + 24] = (255, 0, 0) if slot else (0, 0, 255)
        assert cv2.imwrite(str(root / folder / "images" / f"{number}.png"), picture)
        centre = f"{(left + 12) / 64} {(top + 12) / 64} {24 / 64} {24 / 64}"
        (root / folder / "labels" / f"{number}.txt").write_text(f"{slot} {centre}\n")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures, a recipe and an untrained base, in one folder."""
    folder = tmp_path_factory.mktemp("training")
    draw(folder / "pictures", "squares/train", 8)
    draw(folder / "pictures", "squares/val", 4)
    (folder / "recipe.toml").write_text(RECIPE)
    ultralytics().YOLO("yolo26n.yaml").save(str(folder / "base.pt"))
    return folder


def told(place: Path) -> list[str]:
    return [
        str(place / "recipe.toml"),
        *("--pictures", str(place / "pictures")),
        *("--run", str(place / "run")),
    ]


@pytest.fixture(scope="module")
def run(place: Path) -> Path:
    assert main(["train", *told(place), "--base", str(place / "base.pt"), "--threads", "3"]) == 0
    return place / "run"


@pytest.fixture(scope="module")
def weights(place: Path, run: Path) -> Path:
    assert main(["export", *told(place), "--weights", str(place / "weights")]) == 0
    return place / "weights"


def test_a_run_leaves_weights_with_our_labels_and_a_record_of_what_went_in(run: Path) -> None:
    assert checkpoint(run / "weights.pt").names == {0: "red", 1: "blue"}
    record = json.loads((run / "run.json").read_text())
    assert record["base"]["file"] == "base.pt"
    assert record["weights_sha256"] == registry.file_hash(run / "weights.pt")
    assert record["training"]["epochs"] == 1


def test_training_keeps_the_threads_it_is_told(run: Path) -> None:
    """Ultralytics sets its own number as it begins."""
    assert json.loads((run / "run.json").read_text())["threads"] == 3


@pytest.mark.parametrize("precision", ["fp16", "int8"])
def test_an_export_is_found_and_answers_in_pixels_of_the_picture(
    weights: Path, precision: str
) -> None:
    network = registry.find("tiny", precision, weights)
    assert (network.labels, network.status) == (("red", "blue"), "trained")
    rows = openvino_look(network.model, (160, 160))(np.zeros((128, 96, 3), np.uint8))
    assert rows.shape[1] == 6
    assert (rows[:, [0, 2]] <= 96).all()
    assert (rows[:, [1, 3]] <= 128).all()
    assert set(rows[:, 5]) <= {0.0, 1.0}


def test_a_free_size_is_fixed_by_whoever_opens_the_graph(weights: Path) -> None:
    model = registry.find("tiny", "int8", weights).model
    assert openvino_look(model, (160, 256))(np.zeros((9, 16, 3), np.uint8)).shape[1] == 6


def test_evaluating_puts_every_variant_on_the_card_and_the_page(place: Path, weights: Path) -> None:
    page = place / "page.md"
    both = ["--base", str(place / "base.pt"), "--weights", str(weights), "--page", str(page)]
    assert main(["evaluate", *told(place), *both]) == 0
    rows = registry.read_card(weights / "tiny" / "card.json")["metrics"]
    assert {row["variant"] for row in rows} >= {"trained", "fp16", "int8"}
    assert {row["label"]: row["things"] for row in rows} == {"red": 2, "blue": 2}
    assert "## tiny" in page.read_text()


def test_the_same_recipe_trains_the_same_network_again(place: Path, run: Path) -> None:
    again = place / "again"
    parts = [str(place / "recipe.toml"), "--pictures", str(place / "pictures")]
    more = ["--run", str(again), "--base", str(place / "base.pt"), "--threads", "3"]
    assert main(["train", *parts, *more]) == 0
    first = checkpoint(run / "weights.pt").model.state_dict()
    second = checkpoint(again / "weights.pt").model.state_dict()
    assert all(bool((first[name] == second[name]).all()) for name in first)


def test_a_base_that_is_not_there_is_refused_not_downloaded(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", *told(place), "--base", str(place / "yolo26n.pt")]) == 2
    assert capsys.readouterr().err.startswith("viahe-models: no checkpoint at ")


def test_pictures_that_are_not_there_are_refused_in_one_line(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = [str(place / "recipe.toml"), "--pictures", str(place / "picture")]
    run = ["--run", str(place / "none"), "--base", str(place / "base.pt")]
    assert main(["train", *parts, *run]) == 2
    assert "squares/train" in capsys.readouterr().err


def test_export_before_training_says_what_to_do(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = [str(place / "recipe.toml"), "--pictures", str(place / "pictures")]
    assert main(["export", *parts, "--run", str(place / "never")]) == 2
    assert "train first: viahe-models train" in capsys.readouterr().err


def test_distilling_without_a_teacher_is_refused(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert read_recipe(place / "recipe.toml").teacher is None
    assert main(["distil", *told(place), "--base", str(place / "base.pt")]) == 2
    assert "has no [teacher]" in capsys.readouterr().err
