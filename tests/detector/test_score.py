"""Footage is scored against its truth: watched, or judged again from what was recorded."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.detector.footage import SHARED, Footage
from tests.detector.scenes import rendered, scene
from tests.rules.stories import BAG, CAMERA, LEAVER, answered, look, seconds
from viahe_detector.cli import main
from viahe_detector.recording import Recording
from viahe_detector.screening import judge_again
from viahe_detector.truth import Dwell, Video, plan_of
from viahe_rules.domain import Ask, Box, Change, ChangeKind, LeftByKind, Observation
from viahe_rules.watching import Memory, see
from viahe_samples.truth import write_truth

FLOORS = Path(__file__).with_name("score_floors.json")
SIZE = (1000, 1000)
STORY = Video(CAMERA, SIZE, Dwell(6.0, 30.0), ())


def pixels(box: Box) -> list[int]:
    return [round(edge * 1000) for edge in (box.left, box.top, box.right, box.bottom)]


def truth(folder: Path, *videos: dict[str, object]) -> Path:
    path = folder / "truth.yaml"
    path.write_text(yaml.safe_dump({"version": 1, "videos": list(videos)}), encoding="utf-8")
    return path


def story(*events: dict[str, object], file: str = CAMERA) -> dict[str, object]:
    return {"file": file, "size": list(SIZE), "dwell_s": {"dumping": 6}, "events": list(events)}


def left(start_s: float, box: Box = BAG) -> dict[str, object]:
    return {"act": "dumping", "start_s": start_s, "region": pixels(box), "left_by": "person"}


def a_bag_is_left() -> list[Observation]:
    """Somebody comes at 8 s, a bag lies there from 10 s on, and they have gone by 13 s."""
    return [
        look(
            t,
            persons=[LEAVER] if 8 <= t < 13 else [],
            things=[(BAG, 10.0)] if t >= 10 else [],
        )
        for t in seconds(0, 30)
    ]


def record(folder: Path, looks: list[Observation]) -> Path:
    recording = Recording(folder / f"{CAMERA}.jsonl")
    for each in looks:
        recording.add(each)
    recording.close()
    return folder


def scored(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[list[str], Any]:
    """The lines in words, and the JSON of the last one."""
    assert main(["score", "--json", *map(str, arguments)]) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    return lines, json.loads(last)


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert main(["score", *map(str, arguments)]) == 1
    (line,) = capsys.readouterr().err.strip().splitlines()[-1:]
    return line


def test_a_recorded_story_is_scored_without_video(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = record(tmp_path, a_bag_is_left())
    lines, sheet = scored(
        capsys, "--truth", truth(tmp_path, story(left(10.0))), "--from-record", folder
    )
    assert sheet["acts"]["dumping"]["f1"] == 1.0
    assert sheet["acts"]["encroachment"]["f1"] is None
    (found,) = sheet["videos"][0]["found"]
    assert found["suspicion"]["place"] == pixels(BAG)
    assert lines[0].startswith(f"{CAMERA}: found dumping at 10.0 s")


def test_what_is_missed_and_what_is_false_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = record(tmp_path, a_bag_is_left())
    elsewhere = left(10.0, Box(0.1, 0.1, 0.2, 0.2))
    lines, sheet = scored(
        capsys, "--truth", truth(tmp_path, story(elsewhere)), "--from-record", folder
    )
    assert "missed dumping at 10.0 s; false dumping thing 10.0-" in lines[0]
    figures = sheet["acts"]["dumping"]
    assert (figures["tp"], figures["fp"], figures["fn"]) == (0, 1, 1)
    assert (figures["precision"], figures["recall"], figures["delay_s"]) == (0.0, 0.0, None)
    assert sheet["false_per_camera_hour"] == pytest.approx(3600 / 29, rel=1e-3)


def test_rules_that_ask_otherwise_are_answered_from_the_look_back_at_that_place() -> None:
    looks = a_bag_is_left()
    plan = plan_of(STORY)
    memory, asks = Memory(), list[Ask]()
    for each in looks:
        memory, outcomes = see(plan, memory, each)
        asks += [outcome for outcome in outcomes if isinstance(outcome, Ask)]
    (ask,) = asks
    dense = [
        replace(
            look(t, persons=[walker(t)]),
            changes=(Change(BAG, t, ChangeKind.LEFT, 0.9 if t >= 10 else 0.1),),
        )
        for t in seconds(4.0, 16.0, 0.125)
    ]
    elsewhere = replace(answered(ask, dense), key="another rule's")
    (told,) = judge_again(plan, [*looks, elsewhere]).suspicions
    assert told.left_by is not None
    assert told.left_by.kind is LeftByKind.PERSON
    (without,) = judge_again(plan, looks).suspicions
    assert without.key == told.key
    assert without.left_by is not None
    assert without.left_by.kind is LeftByKind.UNKNOWN


def walker(t: float) -> Box:
    """Somebody who comes by from the left, is at the bag at 10 s, and walks on."""
    across = 0.08 * (t - 10.0)
    return Box(LEAVER.left + across, LEAVER.top, LEAVER.right + across, LEAVER.bottom)


def test_an_absent_video_is_refused_by_name_or_left_out_aloud(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    folder = record(tmp_path, a_bag_is_left())
    path = truth(tmp_path, story(left(10.0)), story(file="gone.avi"))
    line = refused(capsys, "--truth", path, "--from-record", folder)
    assert "truth.videos[1] (gone.avi).file" in line
    assert "--skip-missing" in line
    _, sheet = scored(capsys, "--truth", path, "--from-record", folder, "--skip-missing")
    assert len(sheet["videos"]) == 1
    assert "gone.avi" in caplog.text


def test_where_every_video_is_absent_there_is_nothing_to_score(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = truth(tmp_path, story(file="gone.avi"))
    assert "none to score" in refused(capsys, "--truth", path, "--skip-missing")


def test_a_size_that_is_not_the_videos_is_refused_before_anything_is_watched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Footage(seconds=1, rotation=90).write(tmp_path / "turned.mp4")
    entry = story(file="turned.mp4") | {"size": [160, 120]}
    line = refused(capsys, "--truth", truth(tmp_path, entry))
    assert "(turned.mp4).size: says 160×120" in line
    assert "120×160" in line


def test_looks_that_are_no_time_apart_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = truth(tmp_path, story())
    assert "--look-every" in refused(capsys, "--truth", path, "--look-every", "0")


def test_a_damaged_recording_is_refused_by_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = record(tmp_path, a_bag_is_left())
    with (folder / f"{CAMERA}.jsonl").open("a", encoding="utf-8") as file:
        file.write("{half\n")
    line = refused(capsys, "--truth", truth(tmp_path, story()), "--from-record", folder)
    assert f"{CAMERA}.jsonl, line 31" in line


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Truth and folder of a scene with an act and one without any."""
    folder = tmp_path_factory.mktemp("staged")
    names = ("bag-left", "walkers-pass")
    for name in names:
        shutil.copy(rendered(name), folder / f"{name}.mp4")
    write_truth(tuple(scene(name) for name in names), folder / "truth.yaml")
    return folder / "truth.yaml", folder


def test_staged_scenes_are_found_without_a_false_one_and_again_from_the_recording(
    staged: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, footage = staged
    arguments = ["--truth", path, "--footage", footage]
    stills = tmp_path / "stills"
    _, sheet = scored(capsys, *arguments, "--record", tmp_path / "seen", "--stills", stills)
    figures = sheet["acts"]["dumping"]
    assert (figures["tp"], figures["fp"], figures["fn"]) == (1, 0, 0)
    assert sheet["acts"]["encroachment"]["fp"] == 0
    assert sheet["attribution"] == {
        "events": 1,
        "named": 1,
        "right": 1,
        "right_kind": 1,
        "unknown": 0,
    }
    assert [still.name for still in stills.iterdir()] == ["bag-left.mp4-found-1.jpg"]
    _, again = scored(capsys, *arguments, "--from-record", tmp_path / "seen")
    assert again["attribution"] == sheet["attribution"]
    assert again["acts"]["dumping"]["f1"] == 1.0


def test_recording_again_takes_the_place_of_the_earlier_recording(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Footage(seconds=3).write(tmp_path / "short.mp4")
    entry = story(file="short.mp4") | {"size": [160, 120]}
    arguments = ["--truth", truth(tmp_path, entry), "--record", tmp_path / "seen"]
    scored(capsys, *arguments)
    first = (tmp_path / "seen" / "short.mp4.jsonl").read_text(encoding="utf-8")
    scored(capsys, *arguments)
    assert (tmp_path / "seen" / "short.mp4.jsonl").read_text(encoding="utf-8") == first
    assert len(first.splitlines()) == 3


@pytest.mark.timeout(1200)  # minutes of video, looked at several times a second
def test_the_real_clips_score_no_worse_than_before(capsys: pytest.CaptureFixture[str]) -> None:
    """The floors only rise: after an improvement, write down what is reached now."""
    if not (SHARED / "truth.yaml").exists():
        pytest.skip(f"no real clips at {SHARED}")
    _, sheet = scored(capsys, "--truth", SHARED / "truth.yaml", "--skip-missing")
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    for act, floor in floors.items():
        assert sheet["acts"][act]["tp"] >= floor["found_at_least"], act
        assert sheet["acts"][act]["fp"] <= floor["false_at_most"], act
    assert sheet["attribution"]["right"] >= floors["dumping"]["right_leavers_at_least"]
