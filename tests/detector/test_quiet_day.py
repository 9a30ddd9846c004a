"""A clip shown again and again is one stream, and only what may not be reported is shown."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.detector.footage import Footage, received
from tests.detector.quiet_day import Repeated, Showing, figure_line, quiet
from viahe_detector.media import OpenedStream, Timeouts
from viahe_detector.truth import Dwell, Event, Video
from viahe_rules.domain import Act, Box, Suspicion

STEP_S = 0.1


@pytest.mark.parametrize(("name", "b_frames"), [("a.mp4", 0), ("a.mp4", 3), ("a.avi", 0)])
def test_each_showing_goes_on_where_the_one_before_ended(
    tmp_path: Path, name: str, b_frames: int
) -> None:
    path = Footage(seconds=3, b_frames=b_frames).write(tmp_path / name)

    def opened(address: str, timeouts: Timeouts) -> OpenedStream:
        return Repeated(address, timeouts, 8.5)

    film = received(path, opener=opened)
    times = sorted(packet.t for packet in film.packets)
    assert len({packet.run for packet in film.packets}) == 1
    steps = [round(later - t, 3) for t, later in pairwise(times)]
    seams = (steps.pop(59), steps.pop(29))
    assert steps == [STEP_S] * 87
    assert max(seams) <= 2 * STEP_S, "an AVI's last picture is said to last longer"
    assert min(seams) >= STEP_S
    once = [packet.data for packet in received(path).packets]
    assert [packet.data for packet in film.packets] == once * 3


def test_clips_with_something_to_report_are_left_out() -> None:
    bag = Event(Act.DUMPING, 1.0, Box(0, 0, 10, 10))
    own = Dwell(dumping=5.0)
    clips = [Video("quiet.mp4", (160, 96), own, ()), Video("bag.mp4", (160, 96), own, (bag,))]
    assert [(clip.file, clip.dwell_s) for clip in quiet(clips, None)] == [("quiet.mp4", own)]
    ward = Dwell(dumping=60.0, encroachment=300.0)
    assert [(clip.file, clip.dwell_s) for clip in quiet(clips, ward)] == [("quiet.mp4", ward)]


def test_the_figure_is_of_a_cameras_day() -> None:
    tape = Suspicion("1", Act.DUMPING, "c", "r", "z", 1, "d", "thing", Box(0, 0, 1, 1), 1, 7, 0.5)
    shown = [Showing("a.mp4", 6.0, 10, (tape,)), Showing("b.mp4", 6.0, 10, ())]
    assert figure_line(shown) == "12.0 h of 2 clips: 1 false, 2.00 a camera-day"
