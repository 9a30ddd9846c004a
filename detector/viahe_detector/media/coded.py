"""Coded bytes on their way back into FFmpeg."""

from typing import TYPE_CHECKING, cast

import av

if TYPE_CHECKING:
    from av.video.stream import VideoStream


def padded(data: bytes) -> "av.Packet[VideoStream]":
    """A packet of these bytes with the zeros FFmpeg's readers run on into behind them.

    `av.Packet(data)` refers to the bytes where they lie, without such padding: decoders that
    read ahead (MPEG-4 does) then decode whatever happens to follow in memory, and the same
    packet gives other pixels in every process.
    """
    packet = av.Packet(len(data))
    packet.update(data)
    return cast("av.Packet[VideoStream]", packet)
