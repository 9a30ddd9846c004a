"""A truth file is read whole, or refused in one line that names file, video and key."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.detector.footage import SHARED
from viahe_detector.errors import TruthError
from viahe_detector.truth import plan_of
from viahe_detector.truth_file import load
from viahe_rules.domain import THING, Act, Box, LeftByKind
from viahe_samples.scenes import all_scenes
from viahe_samples.truth import write_truth

Entry = dict[str, object]


def event(**more: object) -> Entry:
    return {"act": "dumping", "start_s": 16.0, "region": [453, 363, 503, 414]} | more


def video(**more: object) -> Entry:
    return {
        "file": "street.avi",
        "size": [720, 480],
        "dwell_s": {"dumping": 5, "encroachment": 30},
        "events": [event()],
    } | more


def written(folder: Path, *videos: Entry, version: object = 1) -> Path:
    path = folder / "truth.yaml"
    path.write_text(yaml.safe_dump({"version": version, "videos": list(videos)}), encoding="utf-8")
    return path


def refusal(path: Path) -> str:
    with pytest.raises(TruthError) as refused:
        load(path)
    assert "\n" not in str(refused.value)
    assert str(path) in str(refused.value)
    return str(refused.value)


def test_pixels_of_the_shown_picture_become_fractions_of_it(tmp_path: Path) -> None:
    (read,) = load(written(tmp_path, video())).videos
    region = read.fractions(read.events[0].region)
    assert region == Box(453 / 720, 363 / 480, 503 / 720, 414 / 480)


def test_without_zones_both_acts_are_watched_for_in_the_whole_picture(tmp_path: Path) -> None:
    plan = plan_of(load(written(tmp_path, video())).videos[0])
    assert {rule.act for zone in plan.zones for rule in zone.rules} == set(Act)
    assert {zone.polygon for zone in plan.zones} == {((0, 0), (1, 0), (1, 1), (0, 1))}


def test_a_zone_is_watched_for_its_own_act_alone_with_the_clips_dwell(tmp_path: Path) -> None:
    kerb = {"name": "kerb", "act": "dumping", "polygon": [[0, 240], [720, 240], [720, 480]]}
    plan = plan_of(load(written(tmp_path, video(zones=[kerb]))).videos[0])
    (zone,) = plan.zones
    (rule,) = zone.rules
    assert list(zone.polygon) == [(0, 0.5), (1, 0.5), (1, 1)]
    assert (rule.act, rule.dwell) == (Act.DUMPING, ((THING, 5.0),))


def test_in_a_short_clip_a_leaver_need_be_gone_for_half_the_dwell_alone(tmp_path: Path) -> None:
    short = video(dwell_s={"dumping": 1.5}, zones=[])
    (zone,) = plan_of(load(written(tmp_path, short)).videos[0]).zones
    assert zone.rules[0].gone == 0.75


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("person", LeftByKind.PERSON),
        ("motorcycle", LeftByKind.VEHICLE),
        ("car", LeftByKind.VEHICLE),
        ("unknown", LeftByKind.UNKNOWN),
    ],
)
def test_a_leaver_is_told_in_peoples_words(tmp_path: Path, word: str, kind: LeftByKind) -> None:
    read = load(written(tmp_path, video(events=[event(left_by=word)])))
    left_by = read.videos[0].events[0].left_by
    assert left_by is not None
    assert (left_by.value, left_by.kind) == (word, kind)


def test_the_staged_scenes_write_what_this_reads(tmp_path: Path) -> None:
    write_truth(all_scenes(), tmp_path / "truth.yaml")
    read = load(tmp_path / "truth.yaml").videos
    assert [len(each.events) for each in read] == [len(scene.events) for scene in all_scenes()]
    assert all(len(plan_of(each).zones) == 3 for each in read)


def test_the_truth_of_the_real_clips_is_read() -> None:
    path = SHARED / "truth.yaml"
    if not path.exists():
        pytest.skip(f"no real clips at {SHARED}")
    assert len(load(path).videos) == 7


def test_a_note_scoring_has_no_use_for_is_passed_over_aloud(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        load(written(tmp_path, video(weather="rain")))
    assert "'weather'" in caplog.text


def break_off(path: Path) -> None:
    path.write_text("version: 1\nvideos: [", encoding="utf-8")


def break_code(path: Path) -> None:
    path.write_bytes(b"version: \xff")


@pytest.mark.parametrize(
    ("damage", "told"),
    [(Path.unlink, "No such file"), (break_off, "is not YAML"), (break_code, "not UTF-8")],
)
def test_a_file_that_is_no_truth_is_refused(
    tmp_path: Path, damage: Callable[[Path], None], told: str
) -> None:
    path = written(tmp_path, video())
    damage(path)
    assert told in refusal(path)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (video(events=[event(start=3)]), "did you mean 'start_s'"),
        (video(dwel_s={}), "did you mean 'dwell_s'"),
        (video(dwell_s={"dumpin": 5}), "did you mean 'dumping'"),
        (video(events=[event(act="littering")]), "events[0].act"),
        (video(events=[event(region=[5, 5, 5, 9])]), "events[0].region: has no area"),
        (video(events=[event(left_by="nobody")]), "events[0].left_by"),
        (video(dwell_s={"encroachment": 30}), "dwell_s has no seconds for dumping"),
        (video(dwell_s={"dumping": -1}), "dwell_s.dumping"),
        (video(size=[0, 480]), "size: width and height"),
        (video(file="../street.avi"), "file: has to be a path inside"),
        (video(zones=[{"name": "z", "act": "dumping", "polygon": [[0, 0], [9, 9]]}]), "polygon"),
        ({"file": "street.avi"}, "'size' is missing"),
    ],
)
def test_what_is_wrong_is_named_by_its_key(tmp_path: Path, wrong: Entry, told: str) -> None:
    assert told in refusal(written(tmp_path, wrong))


def test_a_video_listed_twice_is_refused(tmp_path: Path) -> None:
    assert "videos[1] (street.avi).file: is listed twice" in refusal(
        written(tmp_path, video(), video())
    )


def test_another_version_of_the_format_is_refused(tmp_path: Path) -> None:
    assert "version 1" in refusal(written(tmp_path, video(), version=2))
