"""The stage, and clips small enough to be made anew for each run."""

from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
import pytest

from viahe_samples.stage import Stage, set_stage


@pytest.fixture(scope="session")
def stage() -> Stage:
    return set_stage((960, 540))


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two seconds of noise, 25 pictures a second, a key frame every half second, by coder."""
    folder = tmp_path_factory.mktemp("clips")
    return {
        "h264": noise_clip(folder / "h264.mp4", "libx264", {"bf": "0"}),
        "h264 with B-frames": noise_clip(folder / "b.mp4", "libx264", {"bf": "2"}),
        "hevc": noise_clip(folder / "hevc.mp4", "libx265", {"x265-params": "log-level=none"}),
    }


def noise_clip(path: Path, coder: str, options: dict[str, str], count: int = 50) -> Path:
    chance = np.random.default_rng(5)
    options = {"preset": "ultrafast", "g": "12", "crf": "18", **options}
    with av.open(path, "w") as container:
        stream = cast(
            av.VideoStream, container.add_stream(coder, rate=Fraction(25), options=options)
        )
        stream.width, stream.height, stream.pix_fmt = 192, 144, "yuv420p"
        for number in range(count):
            picture = chance.integers(0, 255, (144, 192, 3), np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
