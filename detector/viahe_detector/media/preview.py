"""A clip once more in H.264, for browsers that cannot play what the camera sends."""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import av
import av.error
import numpy as np
from av.container import OutputContainer
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from viahe_detector.errors import EvidenceError
from viahe_detector.media.clip import ClipSpan
from viahe_detector.media.pictures import decode_span
from viahe_detector.media.stream import Packet, StreamFacts

PLAYED_EVERYWHERE = "h264"
_WIDEST = 1280
_OPTIONS = {"preset": "veryfast", "crf": "27", "bf": "0", "g": "50"}


def write_preview(
    path: Path,
    facts: StreamFacts,
    stretches: Sequence[Sequence[Packet]],
    spans: Sequence[ClipSpan],
) -> bool:
    """Write every picture that decodes, upright, at most 1280 wide, at its second of the clip.

    `stretches` are those the clip was written of and `spans` where they lie in it. On one
    thread: cameras are watched meanwhile. False, and no file, where nothing decodes. Raises
    `EvidenceError` if FFmpeg refuses to encode, `OSError` if the disk does.
    """
    pictures = _pictures(facts, stretches, spans)
    first = next(pictures, None)
    if first is None:
        return False
    try:
        with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as container:
            _encode(container, facts, first, pictures)
    except av.error.FFmpegError as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise EvidenceError(f"{path.name} cannot be made: {error.strerror}") from None
    return True


_Timed = tuple[float, NDArray[np.uint8]]
"""A second of the clip and the picture shown there."""


def _pictures(
    facts: StreamFacts, stretches: Sequence[Sequence[Packet]], spans: Sequence[ClipSpan]
) -> Iterator[_Timed]:
    for stretch, span in zip((s for s in stretches if s), spans, strict=True):
        for picture in decode_span(facts, stretch, width=_WIDEST):
            height, width = (side // 2 * 2 for side in picture.bgr.shape[:2])
            yield span.clip_start_s + picture.t - span.start, picture.bgr[:height, :width]


def _encode(
    container: OutputContainer, facts: StreamFacts, first: _Timed, rest: Iterator[_Timed]
) -> None:
    stream = container.add_stream("libx264", rate=round(facts.average_fps or 25), options=_OPTIONS)
    stream.height, stream.width = first[1].shape[:2]
    stream.pix_fmt = "yuv420p"
    stream.codec_context.time_base = facts.time_base
    stream.codec_context.thread_count = 1
    before = -1
    for second, bgr in chain([first], rest):
        frame = VideoFrame.from_ndarray(np.ascontiguousarray(bgr), format="bgr24")
        frame.time_base = facts.time_base
        before = frame.pts = max(before + 1, round(second / facts.time_base))
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
