"""Reading a stream's facts from FFmpeg, which keeps some of them where PyAV does not look."""

import io
from dataclasses import replace
from fractions import Fraction

import av
import av.error
from av.video.stream import VideoStream

from viahe_detector.media.stream import StreamFacts

# FFmpeg would otherwise play text, pictures and playlists that name further files as video.
CONTAINERS = "rtsp,sdp,rtp,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,asf"
_FASTEST_FPS = 240
"""What is faster is no rate but the ticks of a clock, for want of a better guess."""


def facts_of(stream: VideoStream, rotation: int) -> StreamFacts:
    """The facts of an open stream whose pictures are turned by `rotation` degrees."""
    coder = stream.codec_context
    rate = stream.average_rate or stream.guessed_rate
    return StreamFacts(
        codec=coder.name,
        width=coder.width,
        height=coder.height,
        rotation=rotation,
        time_base=stream.time_base or Fraction(1, 90_000),
        extradata=coder.extradata or b"",
        average_fps=float(rate) if rate and rate <= _FASTEST_FPS else None,
        profile=coder.profile,
        header=_header(stream),
    )


def _header(stream: VideoStream) -> bytes:
    """An MP4 without pictures that carries the stream's parameters; empty if MP4 cannot."""
    file = io.BytesIO()
    try:
        with av.open(file, "w", format="mp4", options={"movflags": "empty_moov"}) as container:
            container.add_stream_from_template(stream)
            container.start_encoding()
    except (av.error.FFmpegError, ValueError):
        return b""
    return file.getvalue()


def rotation_of(source: str, index: int) -> int:
    """Degrees clockwise by which a file's pictures are turned: only a decoded one tells."""
    options = {"format_whitelist": CONTAINERS}
    try:
        with av.open(source, mode="r", options=options, metadata_errors="replace") as container:
            first = next(container.decode(container.streams[index]), None)
            return -getattr(first, "rotation", 0) % 360
    except (av.error.FFmpegError, OSError, ValueError):
        return 0


def facts_of_key(facts: StreamFacts, data: bytes) -> StreamFacts | None:
    """The facts a key frame's own parameter sets give; clock and rate stay those of `facts`."""
    try:
        with av.open(io.BytesIO(data), mode="r", format=facts.codec) as container:
            found = facts_of(container.streams.video[0], facts.rotation)
    except (av.error.FFmpegError, OSError, ValueError, IndexError):
        return None
    if not found.width:
        return None
    return replace(found, time_base=facts.time_base, average_fps=facts.average_fps)
