"""`viahe-detector score`: footage watched as cameras would be, measured against its truth."""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path

from viahe_detector.config import NetworkSettings, WatchSettings
from viahe_detector.errors import ConfigError, ModelError, TruthError
from viahe_detector.eyes import Eyes, open_eyes
from viahe_detector.marked import stills_of, write_stills
from viahe_detector.matching import match
from viahe_detector.media import Timeouts, open_stream
from viahe_detector.recording import recorded
from viahe_detector.scoresheet import as_json, figure_lines, video_line
from viahe_detector.scoring import VideoScore
from viahe_detector.screening import Screened, judge_again, screen
from viahe_detector.truth import Video, plan_of
from viahe_detector.truth_file import load

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """What to score. `footage` is the folder the truth's `file` names are in.

    `record` and `from_record` are folders of recordings, one a video: to write, and to judge
    again in place of watching. `stills` is a folder for pictures.
    """

    truth: Path
    footage: Path
    look_every_s: float = 1.0
    record: Path | None = None
    from_record: Path | None = None
    stills: Path | None = None
    skip_missing: bool = False


def score(request: Request) -> Iterator[VideoScore]:
    """Each video of the truth with what was found, missed and false, in the truth's order.

    Everything that can be checked is checked before the first video is watched. Raises
    ConfigError, TruthError, ModelError or SourceError.
    """
    if not 0 < request.look_every_s < inf:
        raise ConfigError(f"--look-every: has to be more than 0, not {request.look_every_s:g}")
    videos = _present(request, load(request.truth).videos)
    screening = _judging_again(request.from_record) if request.from_record else _watching(request)
    for video in videos:
        screened = screening(video)
        matched = match(video, screened.suspicions, request.look_every_s)
        scored = VideoScore(video, matched, video.duration_s or screened.seconds)
        if request.stills is not None:
            write_stills(request.footage / video.file, stills_of(scored), request.stills)
        yield scored


def report(request: Request, with_json: bool = False) -> Iterator[str]:
    """The score line by line: each video as soon as it is known, the figures, then the JSON."""
    videos = []
    for scored in score(request):
        videos.append(scored)
        yield video_line(scored)
    yield from figure_lines(videos)
    if with_json:
        yield json.dumps(as_json(videos), ensure_ascii=False)


def _present(request: Request, videos: Sequence[Video]) -> list[Video]:
    """The videos that are there and are the truth's; the others are an error, or left out."""
    present = []
    for number, video in enumerate(videos):
        where = f"{request.truth}: truth.videos[{number}] ({video.file})"
        needed = _needed(request, video)
        if absent := next((path for path in needed if not path.is_file()), None):
            if not request.skip_missing:
                hint = "--skip-missing leaves such videos out"
                raise TruthError(f"{where}.file: there is no {absent}; {hint}")
            log.warning("%s.file: there is no %s; left out", where, absent)
            continue
        if request.footage / video.file in needed:
            _check_size(request.footage / video.file, video, where)
        present.append(video)
    if not present:
        raise TruthError(f"{request.truth}: truth.videos: none to score in {request.footage}")
    return present


def _needed(request: Request, video: Video) -> list[Path]:
    """The files without which a video cannot be scored as requested."""
    footage = request.footage / video.file
    if request.from_record is None:
        return [footage]
    recording = _recording(request.from_record, video)
    return [recording] if request.stills is None else [recording, footage]


def _check_size(path: Path, video: Video, where: str) -> None:
    stream = open_stream(str(path), Timeouts())
    shown = stream.facts.shown_size
    stream.close()
    if shown != video.size:
        told, found = ("×".join(map(str, size)) for size in (video.size, shown))
        raise TruthError(f"{where}.size: says {told}, but {path} is shown at {found} pixels")


def _watching(request: Request) -> Callable[[Video], Screened]:
    """Watches a video; the networks are opened once for all."""
    eyes = _eyes()
    watch = WatchSettings(
        look_every_s=request.look_every_s,
        record="" if request.record is None else str(request.record),
    )
    return lambda video: screen(request.footage / video.file, plan_of(video), watch, eyes)


def _judging_again(folder: Path) -> Callable[[Video], Screened]:
    """Judges the recording of a video in this folder."""

    def judge(video: Video) -> Screened:
        events = (event for _, event in recorded(_recording(folder, video)))
        return judge_again(plan_of(video), events)

    return judge


def _recording(folder: Path, video: Video) -> Path:
    return folder / f"{video.file}.jsonl"


def _eyes() -> Eyes:
    """The shipped networks; where the rubbish network is not to be had, the other one alone."""
    settings = NetworkSettings()
    try:
        return open_eyes(settings, lanes=1)
    except ModelError as missing:
        log.warning("what has changed is not named: %s", missing)
        return open_eyes(replace(settings, rubbish=""), lanes=1)
