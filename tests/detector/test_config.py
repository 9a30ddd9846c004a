"""A configuration is read whole, or refused with the file, the key and what to do."""

from pathlib import Path

import pytest

from viahe_detector.config import load
from viahe_detector.errors import ConfigError
from viahe_detector.reference import page

ROOT = Path(__file__).parents[2]
LEAST = 'data = "data"\n[[cameras]]\nid = "cam-1"\nsource = "street.mp4"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "detector.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as refused:
        load(written(folder, text), {})
    assert "detector.toml" in str(refused.value)
    return str(refused.value)


def test_relative_paths_are_taken_from_the_file_s_folder(tmp_path: Path) -> None:
    settings = load(written(tmp_path, LEAST), {})
    assert settings.data == str(tmp_path / "data")
    assert settings.cameras[0].source == str(tmp_path / "street.mp4")


def test_rings_on_disk_lie_in_the_file_s_folder_too(tmp_path: Path) -> None:
    settings = load(written(tmp_path, LEAST + '[watch]\nring_folder = "rings"\n'), {})
    assert settings.watch.ring_folder == str(tmp_path / "rings")
    assert load(written(tmp_path, LEAST), {}).watch.ring_folder == ""


def test_an_unknown_key_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    said = refusal(tmp_path, LEAST + "[watch]\nlook_every = 2\n")
    assert "watch" in said
    assert "did you mean 'look_every_s'" in said


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    assert "'data' is missing" in refusal(tmp_path, '[[cameras]]\nid = "a"\nsource = "b"\n')


def test_what_is_no_toml_is_refused_by_line(tmp_path: Path) -> None:
    assert "line 2" in refusal(tmp_path, 'data = "x"\ncameras = = 3\n')


def test_a_zone_with_two_points_is_refused_by_camera_and_zone(tmp_path: Path) -> None:
    zone = (
        '[[cameras.zones]]\nid = "kerb"\nversion = 1\nname = "Kerb"\nsurface = "pavement"\n'
        "polygon = [[0.1, 0.1], [0.9, 0.9]]\nrules = []\n"
    )
    said = refusal(tmp_path, LEAST + zone)
    assert "'cam-1'" in said
    assert "'kerb'" in said
    assert "three points" in said


def test_a_camera_twice_is_refused(tmp_path: Path) -> None:
    twice = LEAST + '[[cameras]]\nid = "cam-1"\nsource = "other.mp4"\n'
    assert "twice" in refusal(tmp_path, twice)


def test_passwords_come_from_the_environment(tmp_path: Path) -> None:
    text = LEAST.replace("street.mp4", "rtsp://viewer:${SECRET}@192.0.2.1/main")
    settings = load(written(tmp_path, text), {"SECRET": "p4ss"})
    assert settings.cameras[0].source == "rtsp://viewer:p4ss@192.0.2.1/main"
    assert "no variable SECRET" in refusal(tmp_path, text)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("look_every_s", 0),
        ("ring_s", -1.0),
        ("ring_s", 2.0),
        ("ring_mib", 0),
        ("ring_total_mib", 0),
        ("ring_disk_mib", -1),
    ],
)
def test_a_number_that_makes_no_sense_is_refused_by_key(
    tmp_path: Path, key: str, value: float
) -> None:
    assert f"watch.{key}" in refusal(tmp_path, f"{LEAST}[watch]\n{key} = {value}\n")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml"):
        load(tmp_path / "nowhere.toml", {})


@pytest.mark.parametrize("path", sorted((ROOT / "configs").glob("*.toml")), ids=lambda p: p.name)
def test_every_example_can_be_used(path: Path) -> None:
    settings = load(path, {"CAMERA_USER": "viewer", "CAMERA_PASSWORD": "secret"})
    assert settings.cameras


def test_the_reference_page_is_the_program_s_own() -> None:
    on_disk = (ROOT / "docs/reference/configuration.md").read_text(encoding="utf-8")
    assert on_disk == page(), "run: viahe-detector reference > docs/reference/configuration.md"
