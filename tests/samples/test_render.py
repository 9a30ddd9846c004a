"""The pictures show what the truth says, where and when it says so."""

import hashlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from viahe_rules.domain import Box
from viahe_samples.footage import AS_A_CAMERA, GROUPS_BEFORE, small
from viahe_samples.light import exposure
from viahe_samples.photographs import MissingPhotograph, photograph
from viahe_samples.render import Coding, picture_at, render, render_all
from viahe_samples.scene import Scene
from viahe_samples.scenes import all_scenes
from viahe_samples.stage import Stage

SCENES = {scene.name: scene for scene in all_scenes()}
VISIBLE = 12.0
"""Mean difference in grey levels that nobody overlooks; noise and coding stay below 3."""


@pytest.fixture(scope="module")
def bag_left(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scenes") / "bag-left.mp4"
    render(SCENES["bag-left"], path, stage)
    return path


def shown(path: Path) -> dict[float, np.ndarray]:
    """Every fifth picture of a file by its second, as grey levels."""
    with av.open(path) as container:
        return {
            frame.time: frame.to_ndarray(format="gray").astype(float)
            for number, frame in enumerate(container.decode(video=0))
            if number % 5 == 0 and frame.time is not None
        }


def part(picture: np.ndarray, box: Box) -> np.ndarray:
    height, width = picture.shape[:2]
    rows = slice(round(box.top * height), round(box.bottom * height))
    return picture[rows, round(box.left * width) : round(box.right * width)]


def changed(picture: np.ndarray, other: np.ndarray, box: Box) -> float:
    return float(np.abs(part(picture, box).astype(float) - part(other, box)).mean())


def test_the_bag_is_seen_from_its_first_second_of_rest_and_not_before(bag_left: Path) -> None:
    (event,) = SCENES["bag-left"].events
    pictures = shown(bag_left)
    for t, picture in pictures.items():
        difference = changed(picture, pictures[0.0], event.region)
        if event.start_s <= t < event.end_s:
            assert difference > VISIBLE, f"no bag at {t} s"
        elif t < SCENES["bag-left"].quiet_s:
            assert difference < 3, f"something there at {t} s"


def test_the_street_is_still_before_the_act_and_after_it(bag_left: Path) -> None:
    scene, pictures = SCENES["bag-left"], shown(bag_left)
    whole = Box(0, 0, 1, 1)
    quiet = [t for t in pictures if t < scene.quiet_s]
    after = [t for t in pictures if t > scene.duration_s - scene.still_end_s]
    assert len(quiet) > 10
    assert len(after) > 10
    for part_of_it in (quiet, after):
        first = pictures[part_of_it[0]]
        assert max(changed(pictures[t], first, whole) for t in part_of_it) < 3


def test_the_leaver_is_where_the_truth_says_when_it_says(stage: Stage) -> None:
    (event,) = SCENES["bag-left"].events
    assert event.leaver is not None
    assert event.leaver_at_s is not None
    picture = picture_at(SCENES["bag-left"], stage, event.leaver_at_s)
    assert changed(picture, stage.street, event.leaver) > VISIBLE
    shifted = replace(
        event.leaver,
        left=event.leaver.left + 2 * event.leaver.width,
        right=event.leaver.right + 2 * event.leaver.width,
    )
    assert changed(picture, stage.street, shifted) < 3


@pytest.mark.parametrize("name", ["bus-stays", "group-stays"])
def test_what_stays_is_seen_while_it_stays_and_gone_in_the_end(name: str, stage: Stage) -> None:
    scene = SCENES[name]
    (event,) = scene.events
    for t in (event.start_s, (event.start_s + event.end_s) / 2, event.end_s - 0.1):
        assert changed(picture_at(scene, stage, t), stage.street, event.region) > VISIBLE
    for t in (0.0, scene.quiet_s, scene.duration_s):
        assert changed(picture_at(scene, stage, t), stage.street, event.region) == 0


def test_the_light_changes_in_its_scene_and_leaves_the_ends_alone(stage: Stage) -> None:
    scene, sky = SCENES["light-changes"], Box(0.4, 0.0, 0.6, 0.2)
    brightness = [
        float(part(picture_at(scene, stage, t), sky).mean()) for t in (0.0, 13.0, 17.0, 23.0, 36.0)
    ]
    assert brightness[0] == brightness[4]
    assert brightness[1] < 0.8 * brightness[0]
    assert brightness[3] > 1.1 * brightness[0]
    assert exposure(scene.quiet_s) == exposure(scene.duration_s - scene.still_end_s) == 1.0


def test_the_file_is_what_a_street_camera_sends(bag_left: Path) -> None:
    with av.open(bag_left) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert (stream.width, stream.height) == (960, 540)
        keys = [
            float(packet.pts * packet.time_base)
            for packet in container.demux(stream)
            if packet.is_keyframe and packet.pts is not None
        ]
    assert keys == pytest.approx([2.0 * number for number in range(18)])


def test_the_same_scene_gives_the_same_file(stage: Stage, tmp_path: Path) -> None:
    short = replace(SCENES["bag-left"], duration_s=2.0)
    for name in ("one.mp4", "two.mp4"):
        render(short, tmp_path / name, stage)
    one, two = ((tmp_path / name).read_bytes() for name in ("one.mp4", "two.mp4"))
    assert hashlib.sha256(one).digest() == hashlib.sha256(two).digest()


def test_scenes_rendered_side_by_side_are_the_same_as_one_by_one(tmp_path: Path) -> None:
    scenes: tuple[Scene, ...] = tuple(
        replace(scene, duration_s=0.4, size=(320, 180)) for scene in all_scenes()[:3]
    )
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    by_one = render_all(scenes, tmp_path / "one")
    by_two = render_all(scenes, tmp_path / "two", processes=2)
    assert [path.name for path in by_two] == [f"{scene.name}.mp4" for scene in scenes]
    assert [path.read_bytes() for path in by_one] == [path.read_bytes() for path in by_two]


def test_a_photograph_that_is_not_installed_is_named_with_its_remedy() -> None:
    with pytest.raises(MissingPhotograph, match=r"no-such\.jpg is not installed.*pip install"):
        photograph("no-such.jpg")


def test_the_stage_is_set_without_importing_torch_or_ultralytics() -> None:
    asked = (
        "import sys; from viahe_samples.stage import set_stage; set_stage((320, 180));"
        "print([name for name in ('torch', 'ultralytics') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def key_frames(path: Path) -> list[int]:
    """Bytes of each, the first of which is shown at 0."""
    with av.open(path) as container:
        found = [packet for packet in container.demux(video=0) if packet.is_keyframe]
    assert found[0].pts == 0
    return [packet.size for packet in found if packet.size]


@pytest.mark.parametrize("b_frames", [0, 3])
def test_footage_of_a_coder_that_was_at_work_before_begins_as_fine_as_it_goes_on(
    stage: Stage, tmp_path: Path, b_frames: int
) -> None:
    scene = Scene("still", "nothing happens", (), (), (), 9.0, seed=21)
    cold = small(Coding("h264", AS_A_CAMERA["h264"], 1.0, b_frames))
    warm = replace(cold, groups_before=GROUPS_BEFORE)
    for name, coding in (("cold", cold), ("warm", warm)):
        render(scene, tmp_path / f"{name}.mp4", stage, coding)
    coarse, *rest = key_frames(tmp_path / "cold.mp4")
    assert coarse < 0.7 * max(rest), "the precondition: a coder begins coarsely"
    fine, *after = key_frames(tmp_path / "warm.mp4")
    assert fine > 0.9 * max(after)
    assert len(after) == len(rest)
