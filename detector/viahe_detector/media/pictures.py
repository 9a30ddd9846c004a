"""From coded packets to upright pictures."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, count

import av
import av.error
import cv2
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from viahe_detector.errors import EvidenceError, Undecodable
from viahe_detector.media.coded import padded
from viahe_detector.media.stream import Packet, StreamFacts, showable

_TURNS = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """One decoded picture, upright: `bgr` is height × width × 3, blue first, 0..255.

    `t` is in media seconds of `run`, `at` in UTC seconds. `facts` are those of the coded
    stream; the picture may have been asked for in a smaller size.
    """

    run: str
    t: float
    at: float
    bgr: NDArray[np.uint8] = field(repr=False)
    facts: StreamFacts = field(repr=False)


class KeyDecoder:
    """Decodes the key frames of one run and nothing between them, for the watch path.

    Keeps one decoder open, on one thread: many cameras share the processor. Not safe for
    several threads at a time.
    """

    def __init__(self, facts: StreamFacts, width: int | None = None, rough: bool = False) -> None:
        """`width` is that of the upright picture; a wider one is scaled down to it.

        `rough` leaves the loop filter out: a tenth cheaper, and edges between blocks, which
        scaling down evens out, stay as they were coded.
        """
        self._facts = facts
        self._width = width
        self._decoder = _decoder(facts)
        if rough:
            self._decoder.options = {"skip_loop_filter": "all"}

    def picture(self, packet: Packet) -> Picture | None:
        """The picture of a key packet, or None if the packet is broken or no key frame."""
        if not packet.keyframe:
            return None
        try:
            frames = self._decoder.decode(_fed(packet)) + self._decoder.decode(None)
        except av.error.FFmpegError:
            frames = []
        # Draining ends a decoder's work; this starts it anew for the next key frame.
        self._decoder.flush_buffers()
        return _picture(frames[0], packet, self._facts, self._width) if frames else None


class RunningDecoder:
    """Decodes on from where it stopped, for looks between key frames that are far apart.

    On one thread, and not safe for several at a time.
    """

    def __init__(self, facts: StreamFacts, width: int | None = None) -> None:
        """`width` is that of the upright picture; a wider one is scaled down to it."""
        self._facts = facts
        self._width = width
        self._decoder = _decoder(facts)
        self._next: tuple[str, int] | None = None
        self._waiting: dict[int, Packet] = {}

    def picture(self, packets: Sequence[Packet]) -> Picture | None:
        """The newest picture that `packets` show; None if they show none.

        They follow each other in decode order from a key frame to the packet that is due. Those
        given before are not decoded again. With B-frames the newest picture that can be shown
        is a little earlier than that of the last packet.
        """
        begin = next((n for n, p in enumerate(packets) if (p.run, p.index) == self._next), None)
        if begin is None:
            begin = 0
            self._decoder.flush_buffers()
            self._waiting.clear()
        newest: tuple[Packet, VideoFrame] | None = None
        for packet in packets[begin:]:
            self._next = packet.run, packet.index + 1
            newest = self._newest(packet) or newest
        if newest is None:
            return None
        return _picture(newest[1], newest[0], self._facts, self._width)

    def _newest(self, packet: Packet) -> tuple[Packet, VideoFrame] | None:
        if not packet.data:  # to the decoder, the end of the stream
            return None
        self._waiting[packet.pts] = packet
        try:
            frames = self._decoder.decode(_fed(packet))
        except av.error.FFmpegError:
            return None
        shown = [(self._waiting.pop(f.pts, None), f) for f in frames if f.pts is not None]
        return next(((source, f) for source, f in reversed(shown) if source is not None), None)


def decode_key(facts: StreamFacts, packet: Packet, width: int | None = None) -> Picture:
    """The picture of one key packet. Raises `Undecodable`."""
    picture = KeyDecoder(facts, width).picture(packet)
    if picture is None:
        raise Undecodable(f"the packet at {packet.t:.3f} s of run {packet.run} shows no picture")
    return picture


def decode_span(
    facts: StreamFacts,
    packets: Sequence[Packet],
    times: Sequence[float] | None = None,
    fps: float | None = None,
    width: int | None = None,
) -> Iterator[Picture]:
    """Pictures of packets that follow each other in decode order from a key frame.

    With `times` (media seconds) the picture nearest to each, once; with `fps` that many a
    second from the first; with neither every picture. In order of presentation. Broken packets
    are passed over. Only pictures that are yielded are converted.
    """
    packets = showable(packets)
    wanted = _nearest(packets, times, fps)
    for packet, frame in _decoded(facts, packets):
        if wanted is None or packet.pts in wanted:
            yield _picture(frame, packet, facts, width)


def jpeg(picture: Picture, quality: int = 92) -> bytes:
    """The picture as a JPEG file; `quality` in 0..100. Raises `EvidenceError` if it cannot be."""
    done, data = cv2.imencode(".jpg", picture.bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise EvidenceError(f"the picture at {picture.t:.3f} s of run {picture.run} makes no JPEG")
    return data.tobytes()


def _decoder(facts: StreamFacts) -> VideoCodecContext:
    decoder = av.CodecContext.create(facts.codec, "r")
    if not isinstance(decoder, VideoCodecContext):
        raise Undecodable(f"{facts.codec} is no video codec")
    decoder.thread_count = 1
    decoder.width, decoder.height = facts.width, facts.height
    if facts.extradata:
        decoder.extradata = facts.extradata
    return decoder


def _fed(packet: Packet) -> "av.Packet[av.VideoStream]":
    coded: av.Packet[av.VideoStream] = padded(packet.data)
    coded.pts, coded.dts = packet.pts, packet.dts
    coded.is_keyframe = packet.keyframe
    return coded


def _nearest(
    packets: Sequence[Packet], times: Sequence[float] | None, fps: float | None
) -> set[int] | None:
    """The ticks of the pictures to yield; None for all."""
    if not packets or (times is None and fps is None):
        return None
    shown = sorted((packet.t, packet.pts) for packet in packets)
    if times is None:
        times = _every(shown[0][0], shown[-1][0], fps or 1.0)
    moments = np.array([t for t, _ in shown])
    indices = (int(np.abs(moments - t).argmin()) for t in times)
    return {shown[index][1] for index in indices}


def _every(first: float, last: float, fps: float) -> list[float]:
    due: list[float] = []
    for number in count():
        t = first + number / fps
        if t > last:
            return due
        due.append(t)
    return due


def _decoded(facts: StreamFacts, packets: Iterable[Packet]) -> Iterator[tuple[Packet, VideoFrame]]:
    """Every picture with the packet it came from; the last call makes B-frames come out."""
    decoder = _decoder(facts)
    waiting: dict[int, Packet] = {}
    for packet in chain(packets, [None]):
        if packet is not None:
            waiting[packet.pts] = packet
        try:
            frames = decoder.decode(None if packet is None else _fed(packet))
        except av.error.FFmpegError:
            continue
        for frame in frames:
            source = waiting.pop(frame.pts, None) if frame.pts is not None else None
            if source is not None:
                yield source, frame


def _picture(frame: VideoFrame, packet: Packet, facts: StreamFacts, width: int | None) -> Picture:
    bgr = _upright(_converted(frame, facts, width), facts.rotation)
    return Picture(packet.run, packet.t, packet.at, bgr, facts)


def _converted(frame: VideoFrame, facts: StreamFacts, width: int | None) -> NDArray[np.uint8]:
    """BGR in the coded orientation, scaled down in the same step: full size is never made."""
    shown = frame.height if facts.rotation in {90, 270} else frame.width
    if width is None or width >= shown:
        return np.asarray(frame.to_ndarray(format="bgr24", threads=1), dtype=np.uint8)
    scale = width / shown
    smaller = frame.reformat(
        width=max(1, round(frame.width * scale)),
        height=max(1, round(frame.height * scale)),
        format="bgr24",
        interpolation="AREA",
        threads=1,
    )
    return np.asarray(smaller.to_ndarray(), dtype=np.uint8)


def _upright(bgr: NDArray[np.uint8], rotation: int) -> NDArray[np.uint8]:
    turn = _TURNS.get(rotation)
    return bgr if turn is None else np.asarray(cv2.rotate(bgr, turn), dtype=np.uint8)
