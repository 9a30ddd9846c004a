"""A day on which nothing is done: `python -m tests.detector.quiet_day --footage DIR`.

Shows each clip of `DIR/truth.yaml` (of several folders, where several are named) in which nothing
may be reported again and again, all for an equal share of `--hours`, looks at it as a ward's camera
is looked at, and says what was suspected all the same. A folder of `disturbed_clips` is footage
too, and more varied. The networks are asked once about pictures that come again.

Where a clip begins again everything in it is somewhere else at once, which no street does, so what
is counted is more than a street would raise. Still only so many streets are seen, however long.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from viahe_detector.camera import CameraWatch
from viahe_detector.capture import Capture, Source
from viahe_detector.config import NetworkSettings, WatchSettings
from viahe_detector.errors import Ended
from viahe_detector.eyes import Eyes
from viahe_detector.in_line import InLine
from viahe_detector.inference import Network
from viahe_detector.media import Coded, OpenedStream, StreamFacts, Timeouts, open_stream
from viahe_detector.pace import often_enough
from viahe_detector.pixels import Pixels
from viahe_detector.screening import Collected
from viahe_detector.truth import Dwell, Video, plan_of
from viahe_detector.truth_file import load
from viahe_rules.domain import Detection, Suspicion

LOOK_EVERY_S = 2.0
DAY_H = 24.0


class Remembering(Network):
    """Answers about a picture it was shown before as it did then."""

    def __init__(self, *what: Any) -> None:
        self._answers: dict[tuple[bytes, float | None], tuple[Detection, ...]] = {}
        super().__init__(*what)

    def detect(self, picture: Pixels, min_score: float | None = None) -> tuple[Detection, ...]:
        shown = blake2b(picture.tobytes(), digest_size=16, salt=str(picture.shape).encode()[:16])
        asked = (shown.digest(), min_score)
        if asked not in self._answers:
            self._answers[asked] = super().detect(picture, min_score)
        return self._answers[asked]


class Repeated:
    """A file read from its beginning again whenever it ends, until `seconds` have been shown."""

    def __init__(self, address: str, timeouts: Timeouts, seconds: float) -> None:
        self._address, self._timeouts, self._seconds = address, timeouts, seconds
        self._stream: OpenedStream = open_stream(address, timeouts)
        self._facts = self._stream.facts

    @property
    def facts(self) -> StreamFacts:
        """Of the first showing: the others have the same."""
        return self._facts

    def packets(self) -> Iterator[Coded]:
        """Each showing's times follow those of the one before."""
        shown, most = 0, round(self._seconds / self._facts.time_base)
        while shown < most:
            lasts = 0
            for packet in self._stream.packets():
                times = [time for time in (packet.pts, packet.dts) if time is not None]
                lasts = max([lasts, *(time + packet.duration for time in times)])
                yield replace(packet, pts=_later(packet.pts, shown), dts=_later(packet.dts, shown))
            if lasts <= 0:
                raise ValueError(f"{self._address}: no times to go on from")
            shown += lasts
            self._stream.close()
            self._stream = open_stream(self._address, self._timeouts)

    def arriving(self) -> None:
        """A file is waited for."""

    def close(self) -> None:
        self._stream.close()


def _later(time: int | None, by: int) -> int | None:
    return None if time is None else time + by


@dataclass(frozen=True)
class Showing:
    """A clip shown for some hours, and what was suspected in it."""

    file: str
    hours: float
    showings: float
    false: tuple[Suspicion, ...]

    def line(self) -> str:
        """For a person."""
        told = "; ".join(map(_said, self.false))
        shown = f"{self.hours:.2f} h, {self.showings:.0f} times"
        return f"{self.file}: {shown}: {len(self.false)} false{': ' if told else ''}{told}"


def _said(false: Suspicion) -> str:
    lasted = f"{false.end - false.start:.0f} s"
    return f"{false.act} {false.label} at {false.start / 3600:.2f} h for {lasted}"


def show(video: Video, footage: Path, seconds: float, eyes: Eyes) -> Showing:
    """Watch one clip for so long, as `score` would."""
    plan = plan_of(video)
    settings = WatchSettings(look_every_s=often_enough(plan.zones, LOOK_EVERY_S))
    collected = Collected(eyes, settings.lookback_per_s)
    camera = CameraWatch(plan, settings, eyes, collected.tell)

    def opened(address: str, timeouts: Timeouts) -> OpenedStream:
        return Repeated(address, timeouts, seconds)

    source = Source(video.file, str(footage / video.file))
    try:
        Capture(source, InLine(camera, collected), opened).run_once()
    except Ended:
        pass
    finally:
        camera.close()
    newest = camera.ring.newest
    watched_s = newest.t if newest else 0.0
    times = watched_s / (video.duration_s or watched_s or 1.0)
    return Showing(video.file, watched_s / 3600, times, tuple(collected.suspicions))


def quiet(videos: Iterable[Video], dwell: Dwell | None) -> list[Video]:
    """Those in which nothing may be reported; with `dwell` in place of their own."""
    nothing = [video for video in videos if not video.events]
    return [replace(video, dwell_s=dwell) for video in nothing] if dwell else nothing


def figure_line(showings: Sequence[Showing]) -> str:
    """False suspicions of a camera's day, over all that was shown."""
    hours = sum(showing.hours for showing in showings)
    false = sum(len(showing.false) for showing in showings)
    day = f", {false * DAY_H / hours:.2f} a camera-day" if hours else ""
    return f"{hours:.1f} h of {len(showings)} clips: {false} false{day}"


def main(arguments: Sequence[str]) -> int:
    """Show everything, a line as soon as each clip was shown, then the figure."""
    parser = argparse.ArgumentParser(prog="python -m tests.detector.quiet_day")
    parser.add_argument("--footage", type=Path, nargs="+", required=True)
    parser.add_argument("--hours", type=float, default=DAY_H, help="of all clips together")
    parser.add_argument(
        "--dumping", type=float, help="dwell in seconds, in place of the clips' own"
    )
    parser.add_argument("--encroachment", type=float, help="the same for what stands or is sold")
    told = parser.parse_args(arguments)
    own = told.dumping is None and told.encroachment is None
    dwell = None if own else Dwell(told.dumping, told.encroachment)
    clips = [
        (folder, video)
        for folder in told.footage
        for video in quiet(load(folder / "truth.yaml").videos, dwell)
    ]
    settings = NetworkSettings()
    eyes = Eyes(Remembering.open(settings.street), Remembering.open(settings.rubbish))
    showings = []
    for folder, video in clips:
        showings.append(show(video, folder, told.hours * 3600 / len(clips), eyes))
        sys.stdout.write(f"{showings[-1].line()}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{figure_line(showings)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
