"""A file's coded pictures, as NAL units that can be sent as they are."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import av
from av.bitstream import BitStreamFilterContext

VideoPacket: TypeAlias = "av.Packet[av.VideoStream]"
START_CODE = b"\0\0\1"
CLOCK_HZ = 90_000
TO_ANNEX_B = {"h264": "h264_mp4toannexb", "hevc": "hevc_mp4toannexb"}
PARAMETER_SETS = {"h264": (7, 8), "hevc": (32, 33, 34)}


@dataclass(frozen=True, slots=True)
class CodedPicture:
    """One coded picture. `send_s` is when it is due for sending, in seconds since the first;
    `ticks` when it is shown, on a 90 kHz clock that begins with the first picture shown."""

    send_s: float
    ticks: int
    is_key: bool
    nal_units: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class CodedVideo:
    """`codec` is h264 or hevc; `pictures` are in the order of decoding, the first a key frame
    that carries the `parameter_sets` (SPS and PPS, for hevc a VPS before them) too."""

    codec: str
    parameter_sets: tuple[bytes, ...]
    pictures: tuple[CodedPicture, ...]
    duration_s: float


def read_video(file: Path) -> CodedVideo:
    """The first video stream of `file`, not decoded. ValueError if it is neither H.264 nor
    H.265, or does not begin with a key frame."""
    with av.open(file) as container:
        if not container.streams.video:
            raise ValueError(f"{file} has no video")
        stream = container.streams.video[0]
        codec = stream.codec_context.name
        if codec not in TO_ANNEX_B:
            raise ValueError(f"{file} is {codec}; only H.264 and H.265 can be served")
        to_annex_b = BitStreamFilterContext(TO_ANNEX_B[codec], stream)
        packets = [
            converted
            for packet in container.demux(stream)
            if packet.size
            for converted in to_annex_b.filter(packet)
        ]
        return _video(file, codec, packets)


def _video(file: Path, codec: str, packets: list[VideoPacket]) -> CodedVideo:
    if not packets or not packets[0].is_keyframe:
        raise ValueError(f"{file} does not begin with a key frame")
    shown = [_seconds(packet, packet.pts) for packet in packets]
    sent = [_seconds(packet, packet.dts) for packet in packets]
    pictures = tuple(
        CodedPicture(
            send_s - sent[0],
            round((shown_s - min(shown)) * CLOCK_HZ),
            packet.is_keyframe,
            split_nal_units(bytes(packet)),
        )
        for packet, send_s, shown_s in zip(packets, sent, shown, strict=True)
    )
    sets = tuple(
        unit for unit in pictures[0].nal_units if nal_type(codec, unit) in PARAMETER_SETS[codec]
    )
    if len(sets) < len(PARAMETER_SETS[codec]):
        raise ValueError(f"{file} does not begin with its parameter sets")
    last_s = sent[-1] - sent[-2] if len(sent) > 1 else 0.04
    return CodedVideo(codec, sets, pictures, sent[-1] - sent[0] + last_s)


def _seconds(packet: VideoPacket, stamp: int | None) -> float:
    if stamp is None or packet.time_base is None:
        raise ValueError("a packet without a time stamp cannot be paced")
    return float(stamp * packet.time_base)


def split_nal_units(data: bytes) -> tuple[bytes, ...]:
    """The NAL units of an Annex B byte stream, without start codes and padding."""
    starts = []
    at = data.find(START_CODE)
    while at >= 0:
        starts.append(at)
        at = data.find(START_CODE, at + 3)
    units = (data[a + 3 : b].rstrip(b"\0") for a, b in pairwise([*starts, len(data)]))
    return tuple(unit for unit in units if unit)


def nal_type(codec: str, unit: bytes) -> int:
    """The type of an H.264 or H.265 NAL unit, from its first byte."""
    return unit[0] & 0x1F if codec == "h264" else unit[0] >> 1 & 0x3F
