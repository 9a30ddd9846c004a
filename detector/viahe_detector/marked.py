"""Stills of what a score found, missed and got wrong, with boxes drawn: for people's eyes only."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from pathlib import Path

import cv2
import numpy as np

from viahe_detector.capture import Capture, Source
from viahe_detector.errors import Ended
from viahe_detector.matching import Found
from viahe_detector.media import Packet, StreamFacts, decode_span
from viahe_detector.pixels import Pixels
from viahe_detector.scoring import VideoScore
from viahe_rules.domain import Box, Suspicion

TRUE = (80, 200, 80)
TOLD = (40, 60, 230)
LEAVER = (230, 150, 40)
"""Blue, green, red: regions of the truth, places of suspicions, leavers."""

Marks = tuple[tuple[str, Box, tuple[int, int, int]], ...]


@dataclass(frozen=True, slots=True)
class Still:
    """A picture to take at media second `t`, and what to draw on it."""

    name: str
    t: float
    marks: Marks


def stills_of(score: VideoScore) -> tuple[Still, ...]:
    """One still for each event and each false suspicion of a video, named by what became of it.

    An event that was found is shown when it was raised, one that was missed when its owner had
    left, a false suspicion when it was raised.
    """
    stem = score.video.file.replace("/", "_")
    matched = score.matched
    stills = [_of_found(f"{stem}-found-{n}", score, f) for n, f in enumerate(matched.found, 1)]
    for n, event in enumerate(matched.missed, 1):
        t = event.owner_left_s or event.region_at_s or event.start_s
        region = score.video.fractions(event.region)
        marks = ((f"missed {event.act.value} {event.object}", region, TRUE),)
        stills.append(Still(f"{stem}-missed-{n}", t, marks))
    for n, suspicion in enumerate(matched.false, 1):
        stills.append(Still(f"{stem}-false-{n}", suspicion.end, _told(suspicion, "false")))
    return tuple(stills)


def write_stills(footage: Path, stills: Sequence[Still], folder: Path) -> None:
    """Write these stills of the video `footage` as JPEG files. Raises SourceError or OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    shots = _Shots(stills, folder)
    with suppress(Ended):
        Capture(Source("stills", str(footage)), shots).run_once()
    shots.take(inf)


def _of_found(name: str, score: VideoScore, found: Found) -> Still:
    region = score.video.fractions(found.event.region)
    event = (f"{found.event.act.value} {found.event.object}", region, TRUE)
    return Still(name, found.suspicion.end, (event, *_told(found.suspicion, "found")))


def _told(suspicion: Suspicion, what: str) -> Marks:
    words = f"{what}: {suspicion.label} {suspicion.start:.1f}-{suspicion.end:.1f} s"
    marks: Marks = ((words, suspicion.place, TOLD),)
    path = suspicion.left_by.path if suspicion.left_by is not None else ()
    if suspicion.left_by is None or not path:
        return marks
    t, box = min(path, key=lambda step: abs(step[0] - suspicion.start))
    return (*marks, (f"{suspicion.left_by.kind.value} at {t:.1f} s", box, LEAVER))


def _marked(bgr: Pixels, marks: Marks) -> Pixels:
    marked = bgr.copy()
    height, width = marked.shape[:2]
    thick = max(1, round(height / 360))
    for words, box, colour in marks:
        left, top = round(box.left * width), round(box.top * height)
        right, bottom = round(box.right * width), round(box.bottom * height)
        cv2.rectangle(marked, (left, top), (right, bottom), colour, thick)
        line = (max(0, min(left, width - 200)), max(12 * thick, top - 4))
        cv2.putText(marked, words, line, cv2.FONT_HERSHEY_SIMPLEX, 0.45 * thick, colour, thick)
    return np.asarray(marked, np.uint8)


class _Shots:
    """A sink that decodes only the groups in which a wanted second lies, and writes them down.

    Pictures are not kept: a bad hour of video may want hundreds.
    """

    def __init__(self, stills: Sequence[Still], folder: Path) -> None:
        self._waiting = sorted(stills, key=lambda still: still.t)
        self._folder = folder
        self._facts: StreamFacts | None = None
        self._group: list[Packet] = []

    def on_run(self, run: str, facts: StreamFacts) -> None:
        """Seconds start anew; what is waited for is taken to be in the first run."""
        self.take(inf)
        self._facts = facts

    def on_packet(self, packet: Packet) -> None:
        """Keep the packet; a key frame closes the group before it."""
        if packet.keyframe:
            self.take(packet.t)
        self._group.append(packet)

    def take(self, until: float) -> None:
        """Write the stills of the group that ends at `until`."""
        group, self._group = self._group, []
        while group and self._facts is not None and self._waiting and self._waiting[0].t < until:
            still = self._waiting.pop(0)
            for picture in decode_span(self._facts, group, times=[still.t]):
                marked = _marked(picture.bgr, still.marks)
                cv2.imwrite(str(self._folder / f"{still.name}.jpg"), marked)
