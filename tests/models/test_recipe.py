"""A recipe says everything that is chosen; a slip in it is refused by name."""

from pathlib import Path

import pytest

from viahe_models.cli import main
from viahe_models.errors import RecipeError
from viahe_models.recipe import read_recipe

RECIPES = Path(__file__).parents[2] / "configs" / "models"
SMALL = """\
name = "rubbish"
summary = "A test."
labels = ["rubbish"]
slots = [0]
keep_head = false
[data]
train = ["street/train"]
validate = ["street/val"]
[training]
epochs = 1
size_px = 64
[export]
calibrate = ["street/train"]
[licences]
"""


def recipe(folder: Path, text: str) -> Path:
    path = folder / "recipe.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_recipe_we_ship_can_be_read(path: Path) -> None:
    assert read_recipe(path).name == path.stem


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.toml")), ids=lambda path: path.stem)
def test_no_recipe_we_ship_is_measured_on_what_it_trained_on(path: Path) -> None:
    read = read_recipe(path)
    measured = {one.folder for one in read.evaluation}
    assert measured
    learnt_from = {*read.data.train, *(read.augmentation.empty if read.augmentation else ())}
    assert not measured & {*learnt_from, *read.export.calibrate}
    assert learnt_from <= {*read.licences}


def test_an_unknown_key_is_answered_with_the_nearest(tmp_path: Path) -> None:
    path = recipe(tmp_path, SMALL.replace("epochs", "epoch"))
    with pytest.raises(
        RecipeError, match=r"\[training\]: unknown key 'epoch'; did you mean 'epochs'"
    ):
        read_recipe(path)


@pytest.mark.parametrize("given", ["crop_px = [96, 48]", "pasted_px = [0, 48]"])
def test_lengths_that_no_picture_has_are_refused_by_name(tmp_path: Path, given: str) -> None:
    path = recipe(tmp_path, f"{SMALL}[augmentation]\n{given}\n")
    said = given.replace("[", r"\[").replace("]", r"\]")
    with pytest.raises(RecipeError, match=rf"\[augmentation\]: {said} must be two numbers above 0"):
        read_recipe(path)


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    path = recipe(tmp_path, SMALL.replace("size_px = 64\n", ""))
    with pytest.raises(RecipeError, match=r"\[training\].*size_px"):
        read_recipe(path)


def test_a_value_of_the_wrong_kind_is_named(tmp_path: Path) -> None:
    path = recipe(tmp_path, SMALL.replace("epochs = 1", 'epochs = "many"'))
    with pytest.raises(RecipeError, match=r"\[training\]: epochs"):
        read_recipe(path)


def test_labels_and_slots_must_pair(tmp_path: Path) -> None:
    path = recipe(tmp_path, SMALL.replace("slots = [0]", "slots = [0, 1]"))
    with pytest.raises(RecipeError, match=r"1 labels and 2 slots"):
        read_recipe(path)


def test_a_new_head_cannot_be_blended_with_the_base(tmp_path: Path) -> None:
    path = recipe(tmp_path, SMALL.replace("epochs = 1", "epochs = 1\nblend = 0.5"))
    with pytest.raises(RecipeError, match=r"blend needs keep_head"):
        read_recipe(path)


def test_what_is_no_toml_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"recipe\.toml is no TOML"):
        read_recipe(recipe(tmp_path, "name ="))


def test_the_command_refuses_a_recipe_that_is_not_there_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = str(tmp_path / "none.toml")
    told = ["--pictures", "p", "--base", "b.pt", "--run", str(tmp_path / "run")]
    assert main(["train", nowhere, *told]) == 2
    assert capsys.readouterr().err == (
        f"viahe-models: no recipe at {nowhere}; recipes lie in configs/models\n"
    )
