"""Pictures and labels are where a recipe says, or that is said."""

from pathlib import Path

import pytest

from viahe_models.dataset import Truth, fingerprint, lay_out, samples, truths
from viahe_models.errors import DatasetError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("a", "b"):
        for kind, content in (("images", b"not looked at"), ("labels", b"0 0.5 0.5 0.5 1.0\n")):
            suffix = "jpg" if kind == "images" else "txt"
            place = tmp_path / "street" / "train" / kind
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{name}.{suffix}").write_bytes(content)
    return tmp_path


def test_a_folder_that_is_not_there_is_answered_with_those_that_are(root: Path) -> None:
    with pytest.raises(DatasetError, match=r"no pictures in .*street/vel/images; .*street/train"):
        samples(root, "street/vel")


def test_a_root_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"there is no .*nowhere; .*--pictures"):
        samples(tmp_path / "nowhere", "street/train")


def test_labels_are_fractions_of_the_picture(root: Path) -> None:
    assert truths(samples(root, "street/train")[0].labels) == (Truth(0, 0.25, 0.0, 0.75, 1.0),)


def test_a_malformed_line_is_named_by_file_and_number(root: Path) -> None:
    labels = samples(root, "street/train")[1].labels
    labels.write_text("0 0.5 0.5 0.5 1.0\n0 0.5 0.5\n")
    with pytest.raises(DatasetError, match=r"b\.txt, line 2: '0 0\.5 0\.5'"):
        truths(labels)


def test_nothing_is_written_beside_the_pictures(root: Path, tmp_path: Path) -> None:
    before = sorted(root.glob("street/**/*"))
    found = samples(root, "street/train")
    lay_out(tmp_path / "run", found * 2, found, {0: "rubbish"})
    assert sorted(root.glob("street/**/*")) == before
    assert len(list((tmp_path / "run" / "train" / "images").iterdir())) == 4
    assert len(list((tmp_path / "run" / "train" / "labels").iterdir())) == 4


def test_a_changed_label_changes_the_fingerprint(root: Path) -> None:
    before = fingerprint(samples(root, "street/train"))
    samples(root, "street/train")[0].labels.write_text("1 0.5 0.5 0.5 1.0\n")
    assert fingerprint(samples(root, "street/train")) != before
