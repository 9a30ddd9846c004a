"""Packets into an MP4 file, not one coded byte changed."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import av.error
from av.video.stream import VideoStream

from viahe_detector.errors import EvidenceError
from viahe_detector.media.coded import padded
from viahe_detector.media.stream import Packet, StreamFacts, showable


@dataclass(frozen=True, slots=True)
class ClipSpan:
    """Where one stretch of packets lies: second `clip_start_s` of the clip shows `start`.

    `start` and `end` are media seconds of the packets' own `run`.
    """

    run: str
    clip_start_s: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip that was written; `frames` are the clip seconds of every picture, in order."""

    spans: tuple[ClipSpan, ...]
    frames: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Timed:
    """A packet and its times in the clip, in ticks of the clip's clock."""

    packet: Packet
    pts: int
    dts: int
    duration: int


def write_clip(path: Path, facts: StreamFacts, stretches: Sequence[Sequence[Packet]]) -> Clip:
    """Write stretches of packets one after another into one MP4 that a browser can play.

    Each stretch is in decode order from a key frame, and `facts` hold for all of them; leading
    pictures of its first key frame, which nothing could decode, are left out. The clip's own
    clock starts at 0 and passes over what lies between two stretches; `Clip.spans` says where.
    Rotation is kept as a tag. Raises `EvidenceError` if MP4 cannot hold the stream or there is
    nothing to write, `OSError` if the disk refuses.
    """
    stretches = [showable(stretch) for stretch in stretches if stretch]
    if not stretches:
        raise EvidenceError(f"{path.name}: there are no packets to write")
    if not facts.header:
        raise EvidenceError(f"{path.name}: MP4 cannot hold {facts.codec} video")
    timed, spans = _timeline(stretches, facts.time_base)
    try:
        _mux(path, facts, timed)
    except av.error.FFmpegError as error:
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise EvidenceError(f"{path.name} cannot be written: {error.strerror}") from None
    frames = sorted(item.pts for item in timed)
    return Clip(spans, tuple(float(pts * facts.time_base) for pts in frames))


def _timeline(
    stretches: Sequence[Sequence[Packet]], tick: Fraction
) -> tuple[list[_Timed], tuple[ClipSpan, ...]]:
    timed: list[_Timed] = []
    spans: list[ClipSpan] = []
    position = 0
    for stretch in stretches:
        first, last = stretch[0], max(stretch, key=lambda packet: packet.t)
        moved = [_ticks(packet.t - first.t, tick) + position for packet in stretch]
        lasting = [max(1, _ticks(packet.duration_s, tick)) for packet in stretch]
        spans.append(ClipSpan(first.run, float(position * tick), first.t, last.t + last.duration_s))
        timed += [_Timed(*row) for row in zip(stretch, moved, moved, lasting, strict=True)]
        position = max(p + d for p, d in zip(moved, lasting, strict=True))
    return list(_decodable(timed)), tuple(spans)


def _ticks(seconds: float, tick: Fraction) -> int:
    return round(seconds / tick)


def _decodable(timed: Sequence[_Timed]) -> Iterator[_Timed]:
    """Give every packet a decoding time that rises and never comes after its presentation.

    Taken from the presentation times alone: what cameras send as decoding times is missing,
    repeated or in disorder often enough, and MP4 refuses all three.
    """
    shown = _distinct(item.pts for item in timed)
    order = sorted(shown)
    delay = max(due - pts for due, pts in zip(order, shown, strict=True))
    for item, pts, due in zip(timed, shown, order, strict=True):
        yield _Timed(item.packet, pts, due - delay, item.duration)


def _distinct(values: Iterator[int]) -> list[int]:
    taken: set[int] = set()
    distinct = []
    for value in values:
        while value in taken:
            value += 1  # noqa: PLW2901 - two pictures cannot share an instant in MP4
        taken.add(value)
        distinct.append(value)
    return distinct


def _mux(path: Path, facts: StreamFacts, timed: Sequence[_Timed]) -> None:
    with (
        av.open(io.BytesIO(facts.header)) as header,
        av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as container,
    ):
        stream = container.add_stream_from_template(header.streams.video[0])
        stream.time_base = facts.time_base
        # In the packets' own framing, for FFmpeg goes by it: Annex B is turned into MP4's.
        stream.codec_context.extradata = facts.extradata or None
        stream.codec_context.width = facts.width
        stream.codec_context.height = facts.height
        for item in timed:
            container.mux(_packed(item, stream, facts.time_base))


def _packed(item: _Timed, stream: VideoStream, time_base: Fraction) -> "av.Packet[VideoStream]":
    packed: av.Packet[VideoStream] = padded(item.packet.data)
    packed.pts, packed.dts, packed.duration = item.pts, item.dts, item.duration
    packed.time_base = time_base
    packed.is_keyframe = item.packet.keyframe
    packed.stream = stream
    return packed
