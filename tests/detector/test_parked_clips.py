"""The clips of vehicles that are parked in real traffic: each shows what its truth says."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.detector.footage import received
from tests.detector.parked_clips import SECONDS, Shot, clips, main, shots_in
from viahe_detector.media import decode_span
from viahe_detector.truth_file import load
from viahe_rules.domain import Box

WIDTH, HEIGHT = 480, 270
PLACES = ((0.25, 0.5), (0.75, 0.6), (0.5, 0.75))


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Three pictures of a grey street, a white car in another place in each."""
    folder = tmp_path / "traffic"
    for part in ("images", "labels"):
        (folder / part).mkdir(parents=True)
    for number, (x, y) in enumerate(PLACES):
        street = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
        left, top = round((x - 0.075) * WIDTH), round((y - 0.1) * HEIGHT)
        cv2.rectangle(street, (left, top), (left + 72, top + 54), (255, 255, 255), -1)
        cv2.imwrite(str(folder / "images" / f"{number}.png"), street)
        label = f"1 {x} {y} 0.15 0.2\n"
        (folder / "labels" / f"{number}.txt").write_text(label, encoding="utf-8")
    return folder


def test_a_vehicle_stands_where_and_as_long_as_it_is_told(pictures: Path, tmp_path: Path) -> None:
    assert main(["--pictures", str(pictures), "--into", str(tmp_path), "--clips", "3"]) == 0
    truth = load(tmp_path / "truth.yaml")
    for video in truth.videos[:-1]:
        copy = received(tmp_path / video.file)
        shown = [each.bgr for each in decode_span(copy.facts, copy.packets)]
        assert len(shown) == SECONDS
        assert len(video.events) == 2
        for event in video.events:
            x, y = (round(side) for side in event.region.centre)
            assert event.end_s is not None
            stands = [shown[t][y, x].mean() > 200 for t in range(SECONDS)]
            assert all(stands[int(event.start_s) : int(event.end_s)])
            assert not any(stands[: int(event.start_s)])
            assert not any(stands[int(event.end_s) :])


def test_a_vehicle_comes_when_traffic_lets_it_be_seen(tmp_path: Path) -> None:
    street = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    car, bus = Box(0.2, 0.4, 0.35, 0.6), Box(0.1, 0.3, 0.6, 1.0)
    with_car, behind_bus = street.copy(), street.copy()
    with_car[108:162, 96:168] = 255
    behind_bus[81:, 48:288] = 30
    shots = [Shot(with_car, (("car", car),)), *[Shot(behind_bus, (("bus", bus),))] * 20]
    shots.append(Shot(street, ()))

    told, _ = clips(shots, tmp_path, 2)

    (event,) = told["events"]
    copy = received(tmp_path / told["file"])
    shown = [each.bgr[135, 132].mean() for each in decode_span(copy.facts, copy.packets)]
    assert next(t for t in range(SECONDS) if shown[t] > 200) == event["start_s"]


def test_the_last_clip_shows_nobody_parked(pictures: Path, tmp_path: Path) -> None:
    *others, last = clips(shots_in(pictures), tmp_path, 2)
    assert [len(clip["events"]) for clip in (*others, last)] == [2, 0]


def test_a_label_that_is_none_is_refused_with_its_file_and_line(pictures: Path) -> None:
    (pictures / "labels" / "1.txt").write_text("1 0.5 0.5 0.1 0.1\n9 0.5 0.5 0.1 0.1\n")
    with pytest.raises(ValueError, match=r"1\.txt:2: .* is no class with a box"):
        shots_in(pictures)


def test_pictures_without_a_vehicle_that_stands_clear_are_refused(
    pictures: Path, tmp_path: Path
) -> None:
    for label in (pictures / "labels").iterdir():
        label.write_text("1 0.5 0.5 0.02 0.02\n", encoding="utf-8")
    with pytest.raises(ValueError, match="stands clear"):
        list(clips(shots_in(pictures), tmp_path, 1))
