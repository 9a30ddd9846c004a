"""Reviewed cases become pictures to learn from, split by camera."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from viahe_models.cli import main
from viahe_models.dataset import samples, truths
from viahe_models.errors import DatasetError
from viahe_models.from_cases import make, reviewed

PLACE = [0.4, 0.5, 0.5, 0.7]


def case(code: str, camera: str = "gate", **changed: Any) -> dict[str, Any]:
    told = {"code": code, "camera": camera, "act": "dumping", "verdict": "confirm", "reason": None}
    return told | {"place": PLACE, "still": f"{code}.jpg"} | changed


def exported(folder: Path, *cases: dict[str, Any]) -> Path:
    folder.mkdir()
    picture = np.full((90, 160, 3), 120, np.uint8)
    for told in cases:
        cv2.imwrite(str(folder / f"{told['code']}.jpg"), picture)
    lines = (json.dumps(told) + "\n" for told in cases)
    (folder / "cases.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder


def silent(_: str) -> None:
    pass


def parts(place: Path) -> dict[str, set[str]]:
    return {
        name: {path.stem for path in (place / name / "images").iterdir()}
        for name in ("train", "val")
    }


def test_confirmed_rubbish_is_boxed_and_a_mistake_teaches_that_nothing_is_there(
    tmp_path: Path,
) -> None:
    cases = exported(
        tmp_path / "cases", case("a"), case("b", verdict="reject", reason="9", camera="gate")
    )
    place = tmp_path / "pictures"
    assert make(cases, place, silent) == 2
    (folder,) = [name for name, codes in parts(place).items() if codes]
    boxed, bare = samples(place, folder)
    (truth,) = truths(boxed.labels)
    assert (truth.left, truth.top) == pytest.approx((0.4, 0.5), abs=1e-5)
    assert (truth.right, truth.bottom) == pytest.approx((0.5, 0.7), abs=1e-5)
    assert truths(bare.labels) == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"verdict": "reject", "reason": "2"},  # permitted: it is rubbish all the same
        {"verdict": "reject", "reason": "8"},  # the picture is too poor
        {"verdict": "duplicate"},
        {"act": "encroachment"},
        {"still": None},
    ],
)
def test_what_a_picture_cannot_tell_is_left_out(tmp_path: Path, changed: dict[str, Any]) -> None:
    cases = exported(tmp_path / "cases", case("a", **changed))
    assert list(reviewed(cases)) == []
    with pytest.raises(DatasetError, match="no confirmed or mistaken case"):
        make(cases, tmp_path / "pictures", silent)


def test_a_camera_is_wholly_on_one_side_and_stays_there(tmp_path: Path) -> None:
    told = [case(f"{camera}-{n}", f"cam-{camera}") for camera in range(40) for n in range(3)]
    make(exported(tmp_path / "few", *told[:60]), tmp_path / "first", silent)
    make(exported(tmp_path / "all", *told), tmp_path / "second", silent)
    first, second = parts(tmp_path / "first"), parts(tmp_path / "second")
    assert first["train"] <= second["train"]
    assert first["val"] <= second["val"]
    assert second["val"]
    cameras = {name: {code.split("-")[0] for code in codes} for name, codes in second.items()}
    assert cameras["train"].isdisjoint(cameras["val"])


def test_what_was_struck_out_by_eye_stays_out(tmp_path: Path) -> None:
    cases, place = exported(tmp_path / "cases", case("a"), case("b")), tmp_path / "pictures"
    make(cases, place, silent)
    assert (place / "sheet-001.jpg").is_file()
    (place / "left-out.txt").write_text("a\n", encoding="utf-8")
    assert make(cases, place, silent) == 1
    assert {"b"} == parts(place)["train"] | parts(place)["val"]


def test_a_still_cannot_be_named_outside_the_folder(tmp_path: Path) -> None:
    outside = tmp_path / "secret.jpg"
    cv2.imwrite(str(outside), np.zeros((8, 8, 3), np.uint8))
    cases = exported(tmp_path / "cases", case("a", still="../secret.jpg"))
    assert list(reviewed(cases)) == []


def test_a_broken_line_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = exported(tmp_path / "cases", case("a"), case("b", place=[0.5, 0.5, 0.4, 0.6]))
    assert main(["dataset", "from-cases", str(cases), str(tmp_path / "pictures")]) == 2
    assert "cases.jsonl, line 2" in capsys.readouterr().err
