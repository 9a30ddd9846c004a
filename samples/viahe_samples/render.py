"""Rendering scenes into H.264 or H.265 files."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from itertools import chain, repeat
from multiprocessing import get_context
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray

from viahe_rules.domain import Box

from .actors import Placement
from .ground import metre_at
from .light import illuminate
from .paste import paste
from .scene import Scene
from .stage import Stage, set_stage

Picture = NDArray[np.uint8]

QUICKLY: Mapping[str, str] = MappingProxyType({"preset": "ultrafast", "crf": "26"})
NOISE_GREYS = 1.6
SWAY = 0.012
"""How far a standing person leans to either side, as a share of the height."""


@dataclass(frozen=True, slots=True)
class Coding:
    """How a scene is coded: `codec` is h264 or h265, `settings` are those of x264 or x265.

    `group_s` is the seconds from key frame to key frame, `b_frames` how many pictures in a row
    may be shown before one that was coded earlier, `groups_before` how many groups the coder has
    coded of the scene's first picture when it begins: one that has not begins coarsely.
    """

    codec: str = "h264"
    settings: Mapping[str, str] = field(default_factory=lambda: QUICKLY)
    group_s: float = 2.0
    b_frames: int = 0
    groups_before: int = 0

    def before(self, fps: Fraction) -> int:
        """How many pictures are coded before the scene begins."""
        return self.groups_before * self._group(fps)

    def options(self, fps: Fraction) -> dict[str, str]:
        """What the coder is told."""
        told = {"g": str(self._group(fps)), "bf": str(self.b_frames)}
        if self.codec == "h264":
            return {**self.settings, **told, "sc_threshold": "0"}
        return {**self.settings, **told, "x265-params": "scenecut=0:open-gop=0:pools=1:log-level=1"}

    def _group(self, fps: Fraction) -> int:
        return round(self.group_s * fps)


QUICK = Coding()
ENCODERS: Mapping[str, Literal["libx264", "libx265"]] = MappingProxyType(
    {"h264": "libx264", "h265": "libx265"}
)


def render(scene: Scene, path: Path, stage: Stage | None = None, coding: Coding = QUICK) -> None:
    """Write `scene` to `path` (MP4, yuv420p).

    The same scene gives the same pictures. `stage` saves setting it again for scenes of one
    size. Raises `MissingPhotograph` if the photographs the actors are cut from are absent.
    """
    stage = stage or set_stage(scene.size)
    before = coding.before(scene.fps)
    pictures = chain(repeat(picture_at(scene, stage, 0.0), before), frames(scene, stage))
    with av.open(path, "w") as container:
        encoder = ENCODERS[coding.codec]
        stream = container.add_stream(encoder, rate=scene.fps, options=coding.options(scene.fps))
        stream.width, stream.height = scene.size
        stream.pix_fmt = "yuv420p"
        stream.thread_count = 1  # pictures do not depend on the number of cores
        for number, picture in enumerate(_with_noise(pictures, scene), start=-before):
            frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
            frame.pts, frame.time_base = number, 1 / scene.fps
            _mux(container, stream.encode(frame))
        _mux(container, stream.encode(None))


def _mux(container: OutputContainer, packets: "list[av.Packet[VideoStream]]") -> None:
    """Without what was coded before the scene begins."""
    container.mux([each for each in packets if each.pts is not None and each.pts >= 0])


def render_all(scenes: tuple[Scene, ...], folder: Path, processes: int = 1) -> tuple[Path, ...]:
    """Render each scene to `folder/<name>.mp4`, `processes` at a time; the files in order."""
    shares = [scenes[first::processes] for first in range(min(processes, len(scenes)))]
    if len(shares) == 1:
        _render_share(folder, scenes)
    else:
        pool = ProcessPoolExecutor(
            len(shares),
            get_context("spawn"),
            initializer=cv2.setNumThreads,  # one core each: else OpenCV's threads crowd them
            initargs=(1,),
        )
        with pool:
            list(pool.map(partial(_render_share, folder), shares))
    return tuple(folder / f"{scene.name}.mp4" for scene in scenes)


def frames(scene: Scene, stage: Stage) -> Iterator[Picture]:
    """The scene's BGR pictures in order, without the sensor's noise."""
    for number in range(scene.frame_count):
        yield picture_at(scene, stage, float(number / scene.fps))


def picture_at(scene: Scene, stage: Stage, t: float) -> Picture:
    """The scene at media second `t`, BGR, without the sensor's noise."""
    picture = stage.street.copy()
    placements = [placement for actor in scene.actors if (placement := actor.at(t))]
    for placement in sorted(placements, key=lambda each: each.foot[1]):
        paste(picture, stage.shadow, _shadow_box(placement))
        _paste_figure(picture, stage, placement, t)
    return illuminate(picture, scene.light, t)


def _render_share(folder: Path, scenes: tuple[Scene, ...]) -> None:
    stages = {size: set_stage(size) for size in {scene.size for scene in scenes}}
    for scene in scenes:
        render(scene, folder / f"{scene.name}.mp4", stages[scene.size])


def _paste_figure(picture: Picture, stage: Stage, placement: Placement, t: float) -> None:
    figure = placement.figure
    standing = figure.walks and placement.stride is None
    paste(
        picture,
        stage.poses[figure.name].at(placement.stride),
        placement.box,
        mirrored=placement.faces_left and figure.walks,
        lean=SWAY * float(np.sin(t * 2.1 + placement.foot[0] * 40)) if standing else 0.0,
    )


def _shadow_box(placement: Placement) -> Box:
    """The ground in the shadow, which falls to the left: longer than the figure is wide."""
    (x, y), box = placement.foot, placement.box
    metre = metre_at(y)
    depth = (0.45 if placement.figure.height_m < 2 else 1.4) * metre
    return Box(x - 0.85 * box.width, y - 0.6 * depth, x + 0.6 * box.width, y + 0.4 * depth)


def _with_noise(pictures: Iterator[Picture], scene: Scene) -> Iterator[Picture]:
    """The pictures as planes of yuv420p, grained as a sensor's are."""
    width, height = scene.size
    chance = np.random.default_rng(scene.seed)
    grain = chance.normal(0, NOISE_GREYS, (height + 64, width + 64)).round().astype(np.int16)
    for picture in pictures:
        planes = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420), np.uint8)
        down, across = chance.integers(0, 64, 2)
        window = np.ascontiguousarray(grain[down : down + height, across : across + width])
        planes[:height] = cv2.add(planes[:height], window, dtype=cv2.CV_8U)
        yield planes
