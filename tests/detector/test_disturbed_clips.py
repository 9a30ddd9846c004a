"""The copies of clips made worse: what is written is what their truth says."""

from pathlib import Path

import numpy as np
import pytest

from tests.detector.disturbed_clips import ANYWHERE, FIXED_ONLY, coded, disturbed
from tests.detector.footage import received
from viahe_detector.media import Timeouts, decode_span, open_stream
from viahe_detector.pixels import Pixels

WIDTH, HEIGHT = 160, 96
BAG = [20, 60, 40, 80]


def with_bag() -> Pixels:
    picture = np.full((HEIGHT, WIDTH, 3), 200, np.uint8)
    picture[BAG[1] : BAG[3], BAG[0] : BAG[2]] = 20
    return picture


@pytest.fixture
def copies(tmp_path: Path) -> tuple[Path, list[dict[str, object]]]:
    written = coded(tmp_path / "clip.mp4", iter([with_bag()] * 20), 10.0, 20)
    event = {"act": "dumping", "start_s": 0.5, "region": BAG}
    clip = {"file": "clip.mp4", "size": [WIDTH, HEIGHT], "fps": 10.0, "camera": "fixed"}
    clip |= {"duration_s": written / 10, "dwell_s": {"dumping": 1}, "events": [event]}
    return tmp_path, list(disturbed(clip, tmp_path, tmp_path))


def test_every_copy_is_as_large_and_as_long_as_its_truth_says(
    copies: tuple[Path, list[dict[str, object]]],
) -> None:
    folder, told = copies
    assert len(told) == len(ANYWHERE) + len(FIXED_ONLY) + 2
    for clip in told:
        stream = open_stream(str(folder / str(clip["file"])), Timeouts())
        assert list(stream.facts.shown_size) == clip["size"], clip["file"]
        stream.close()
        pictures = len(received(folder / str(clip["file"])).packets)
        assert pictures == round(10 * float(str(clip["duration_s"]))), clip["file"]


def test_what_is_told_lies_where_the_copy_shows_it(
    copies: tuple[Path, list[dict[str, object]]],
) -> None:
    folder, told = copies
    for clip in told:
        name, events = str(clip["file"]), clip["events"]
        assert isinstance(events, list)
        if not events or "shaking" in name:
            continue
        copy = received(folder / name)
        first = next(iter(decode_span(copy.facts, copy.packets))).bgr
        left, top, right, bottom = (round(edge) for edge in events[0]["region"])
        inside = first[top + 2 : bottom - 2, left + 2 : right - 2].mean()
        assert inside < 0.4 * first.mean(), name
