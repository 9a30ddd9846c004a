"""Pictures as they are after a coder that may spend little has had them."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
GROUP_S = 2


def recoded(
    pictures: Iterable[Picture], size: tuple[int, int], fps: int, kbit_per_s: int
) -> Iterator[Picture]:
    """Each BGR picture coded as H.264 and decoded again, a key frame every two seconds."""
    encoder = _encoder(size, fps, kbit_per_s)
    decoder = av.CodecContext.create("h264", "r")
    for number, picture in enumerate(pictures):
        frame = av.VideoFrame.from_ndarray(picture, format="bgr24").reformat(format="yuv420p")
        frame.pts, frame.time_base = number, Fraction(1, fps)
        for packet in encoder.encode(frame):
            yield from _decoded(decoder, packet)
    for packet in encoder.encode(None):
        yield from _decoded(decoder, packet)
    yield from _decoded(decoder, None)


def _encoder(size: tuple[int, int], fps: int, kbit_per_s: int) -> VideoCodecContext:
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height = size
    encoder.pix_fmt = "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, fps), Fraction(fps)
    encoder.bit_rate = kbit_per_s * 1000
    encoder.thread_count = 1  # pictures do not depend on the number of cores
    spend = str(kbit_per_s * 1000)
    encoder.options = {
        "preset": "veryfast",
        "bf": "0",
        "g": str(GROUP_S * fps),
        "maxrate": spend,
        "bufsize": spend,
        "sc_threshold": "0",
    }
    return encoder


def _decoded(decoder: VideoCodecContext, packet: "Packet[Any] | None") -> Iterator[Picture]:
    for frame in decoder.decode(packet):
        yield np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
