"""Small real videos for tests: encoded by the real encoders, moving, each picture its own."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from viahe_detector.capture import Capture, Source, StreamOpener
from viahe_detector.errors import Ended
from viahe_detector.media import Packet, StreamFacts, open_stream

SHARED = Path(__file__).parents[3] / "shared" / "footage"
"""Real clips, where a developer or CI has them; the project itself carries none."""


@dataclass(frozen=True)
class Footage:
    """How to make a video; `encoder` is libx264 or libx265, `extra` goes to it as it is."""

    seconds: float = 4.0
    fps: int = 10
    width: int = 160
    height: int = 120
    encoder: str = "libx264"
    b_frames: int = 0
    group: int = 10
    open_groups: bool = False
    rotation: int = 0
    """Degrees clockwise that a player turns the pictures."""
    seed: int = 1
    extra: dict[str, str] = field(default_factory=dict)

    def write(self, path: Path) -> Path:
        """Encode into `path`, whose suffix chooses the container."""
        options = {"movflags": "faststart"} if path.suffix == ".mp4" else {}
        with av.open(str(path), "w", options=options) as container:
            stream = container.add_stream(self.encoder, rate=self.fps)
            stream.width, stream.height, stream.pix_fmt = self.width, self.height, "yuv420p"
            stream.options = self._options()
            stream.thread_count = 1  # several would code each picture in several slices
            if self.rotation:
                stream.set_display_rotation(-self.rotation)
            for picture in self.pictures():
                frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return path

    def pictures(self) -> Iterator[NDArray[np.uint8]]:
        """A grey pavement of slabs, and a bright box that walks over it from left to right."""
        noise = np.random.default_rng(self.seed)
        slabs = noise.integers(40, 120, (self.height // 8, self.width // 8, 1), dtype=np.uint8)
        street = np.kron(slabs, np.ones((8, 8, 3), np.uint8))
        count = round(self.seconds * self.fps)
        for number in range(count):
            picture = street.copy()
            left = (self.width - 16) * number // max(1, count - 1)
            picture[self.height // 2 : self.height // 2 + 24, left : left + 16] = (230, 240, 250)
            yield picture

    def _options(self) -> dict[str, str]:
        if self.encoder == "libx265":
            switches = (
                f"keyint={self.group}:min-keyint={self.group}:bframes={self.b_frames}"
                f":open-gop={int(self.open_groups)}:scenecut=0:log-level=none"
            )
            return {"preset": "ultrafast", "x265-params": switches} | self.extra
        return {
            "preset": "veryfast",
            "g": str(self.group),
            "keyint_min": str(self.group),
            "bf": str(self.b_frames),
            "x264-params": f"open-gop={int(self.open_groups)}:scenecut=0:b-adapt=0",
        } | self.extra


def coded(path: Path) -> list[bytes]:
    """The coded bytes of every packet of a file's video, in decode order."""
    with av.open(str(path)) as container:
        return [bytes(p) for p in container.demux(container.streams.video[0]) if p.size]


def shown(path: Path) -> list[float]:
    """When each picture of a file is shown, as a decoder gives them out, in seconds."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        base = stream.time_base or Fraction(1)
        return [
            float(frame.pts * base) for frame in container.decode(stream) if frame.pts is not None
        ]


def has_b_frames(path: Path) -> bool:
    """Whether pictures are coded in another order than they are shown."""
    with av.open(str(path)) as container:
        times = [p.pts for p in container.demux(container.streams.video[0]) if p.size]
    return times != sorted(times, key=lambda pts: pts or 0)


@dataclass
class Received:
    """A sink that keeps everything it is given."""

    runs: list[tuple[str, StreamFacts]] = field(default_factory=list)
    packets: list[Packet] = field(default_factory=list)

    def on_run(self, run: str, facts: StreamFacts) -> None:
        self.runs.append((run, facts))

    def on_packet(self, packet: Packet) -> None:
        self.packets.append(packet)

    @property
    def facts(self) -> StreamFacts:
        return self.runs[-1][1]

    @property
    def run(self) -> str:
        return self.runs[-1][0]


def received(
    path: Path,
    starts_at: float | None = 1_795_000_000.0,
    opener: StreamOpener = open_stream,
) -> Received:
    """Everything a capture makes of a file, read as fast as it goes."""
    sink = Received()
    with contextlib.suppress(Ended):
        Capture(Source("cam-1", str(path), starts_at=starts_at), sink, opener).run_once()
    return sink
