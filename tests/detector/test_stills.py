"""The pictures of moments, decoded together where they lie together."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detector.footage import Footage, Received, received
from viahe_detector.cut import Cut
from viahe_detector.media import Picture, decode_span
from viahe_detector.ring import Ring
from viahe_detector.stills import pictures_at

LASTS_S = 6.0
MOMENT = st.floats(-1.0, LASTS_S + 1.0)


@cache
def film(b_frames: int) -> Received:
    with TemporaryDirectory() as folder:
        path = Footage(seconds=LASTS_S, b_frames=b_frames).write(Path(folder) / "street.mp4")
        return received(path, 1_795_000_000.0)


@cache
def everything(b_frames: int) -> dict[float, Picture]:
    filmed = film(b_frames)
    return {picture.t: picture for picture in decode_span(filmed.facts, filmed.packets)}


def cut(b_frames: int) -> Cut:
    filmed = film(b_frames)
    ring = Ring(1000, 10**9)
    ring.on_run(filmed.run, filmed.facts)
    for packet in filmed.packets:
        ring.on_packet(packet)
    return ring.cut(filmed.run, 0.0, LASTS_S)


@pytest.mark.parametrize("b_frames", [0, 3])
@given(moments=st.dictionaries(st.sampled_from("abcd"), MOMENT))
def test_each_moment_has_the_picture_it_would_have_alone(
    b_frames: int, moments: dict[str, float]
) -> None:
    shown = pictures_at(cut(b_frames), moments)
    assert shown.keys() == moments.keys()
    for name, t in moments.items():
        times = sorted(everything(b_frames))
        until_then = [each for each in times if each <= t + 1e-6] or times[:1]
        assert shown[name].t == until_then[-1]
        alone = everything(b_frames)[shown[name].t]
        assert np.array_equal(shown[name].bgr, alone.bgr)


def test_a_cut_without_packets_has_no_pictures() -> None:
    assert pictures_at(Cut("r-1", 0.0, 1.0, (), (), ((0.0, 1.0),)), {"a": 0.5}) == {}
