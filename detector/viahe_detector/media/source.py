"""Opening a camera or a file and reading its packets, never keeping a decoded picture."""

import sys
import time
from collections.abc import Iterator

import av
import av.error
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from viahe_detector.errors import CannotOpen, Ended, NotVideo, SourceError, Stalled, StreamChanged
from viahe_detector.media.facts import CONTAINERS, facts_of, facts_of_key, rotation_of
from viahe_detector.media.nal import is_annex_b, parameter_sets
from viahe_detector.media.rtsp import REASONS, open_rtsp
from viahe_detector.media.stream import Coded, OpenedStream, StreamFacts, Timeouts, redacted

_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (av.error.HTTPUnauthorizedError, REASONS[401]),
    (av.error.HTTPForbiddenError, REASONS[403]),
    (av.error.HTTPNotFoundError, REASONS[404]),
    (ConnectionRefusedError, "nothing listens at that address and port"),
    (FileNotFoundError, "there is no such file"),
    (IsADirectoryError, "it is a folder"),
    (PermissionError, "this user may not read it"),
    (TimeoutError, "it does not answer in time"),
    (av.error.ExitError, "it does not answer in time"),
)


def is_live(source: str) -> bool:
    """Whether an address is a camera's rather than a file's."""
    return "://" in source


def open_stream(source: str, timeouts: Timeouts) -> OpenedStream:
    """Open a file or an RTSP address (over TCP), blocking up to `timeouts.open_s`.

    A usual camera is read by `rtsp`, everything else by FFmpeg. Raises `CannotOpen` or
    `NotVideo`. Of several video streams the first is taken; sound is not asked for. The rotation
    of a file is read from its first picture, since PyAV tells it nowhere else; mirrored pictures
    are not turned, and a camera's are taken to stand upright.
    """
    if source.startswith("rtsp://"):
        try:
            camera = open_rtsp(source, timeouts)
        except (OSError, ValueError) as error:
            raise _refusal(source, error) from None
        if camera is not None:
            return camera
    container = _open(source, timeouts)
    stream = next(filter(_can_be_read, container.streams.video), None)
    if stream is None:
        container.close()
        raise NotVideo(f"{redacted(source)} holds no video stream that can be read")
    rotation = 0 if is_live(source) else rotation_of(source, stream.index)
    return _AvStream(source, container, stream, facts_of(stream, rotation), timeouts.packet_s)


def _can_be_read(stream: VideoStream) -> bool:
    """PyAV has no codec context for codecs FFmpeg cannot decode, whatever its types say."""
    known = getattr(stream, "codec_context", None) is not None and stream.time_base is not None
    return known and Disposition.attached_pic not in stream.disposition


def _open(source: str, timeouts: Timeouts) -> InputContainer:
    options = {"format_whitelist": CONTAINERS}
    if is_live(source):
        options |= {"rtsp_transport": "tcp", "allowed_media_types": "video"}
        # FFmpeg would watch 20 pictures to guess a rate: seconds in which looks come too late.
        options |= {"fpsprobesize": "1"}
    began = time.monotonic()
    try:
        return av.open(
            source,
            mode="r",
            options=options,
            metadata_errors="replace",
            timeout=(timeouts.open_s, timeouts.packet_s),
        )
    except (av.error.FFmpegError, OSError, ValueError) as error:
        # An interrupted handshake looks like bad data to FFmpeg.
        late = is_live(source) and time.monotonic() - began >= timeouts.open_s
        # Not chained: FFmpeg's own message repeats the address with its password.
        raise _refusal(source, TimeoutError() if late else error) from None


def _refusal(source: str, error: Exception) -> SourceError:
    name = redacted(source)
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return CannotOpen(f"{name} cannot be opened: {reason}")
    unknown = isinstance(error, (av.error.InvalidDataError, av.error.ArgumentError))
    if unknown and not is_live(source):
        return NotVideo(f"{name} is no video file, or its end is missing")
    return CannotOpen(f"{name} cannot be opened: {_bare(error)}")


def _bare(error: Exception) -> str:
    text = getattr(error, "strerror", None) or type(error).__name__
    return str(text).lower()


class _AvStream:
    """An open PyAV container and the one stream of it that is read."""

    def __init__(
        self,
        source: str,
        container: InputContainer,
        stream: VideoStream,
        facts: StreamFacts,
        packet_s: float,
    ) -> None:
        self.facts = facts
        self._name = redacted(source)
        self._container = container
        self._stream = stream
        self._packet_s = packet_s
        self._sets = parameter_sets(facts.codec, facts.extradata)

    def close(self) -> None:
        self._container.close()

    def packets(self) -> Iterator[Coded]:
        try:
            yield from self._read()
        except (TimeoutError, av.error.ExitError):
            raise self._stalled() from None
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise Ended(f"{self._name} broke off: {_bare(error)}") from None

    def arriving(self) -> None:
        """FFmpeg waits."""

    def _read(self) -> Iterator[Coded]:
        heard = time.monotonic()
        for packet in self._container.demux():
            if packet.stream_index != self._stream.index:
                # FFmpeg's own timeout starts over with every packet, sound included.
                if time.monotonic() - heard > self._packet_s:
                    raise self._stalled()
                continue
            if packet.size == 0:
                continue
            if self._has_new_parameters(packet):
                raise StreamChanged(f"{self._name} changed its codec parameters in the middle")
            coded = _coded(packet)
            if coded.keyframe:
                self._follow(coded.data)
            yield coded
            heard = time.monotonic()

    def _stalled(self) -> Stalled:
        return Stalled(f"{self._name} has sent no packet for {self._packet_s:g} s")

    def _has_new_parameters(self, packet: "av.Packet[Stream]") -> bool:
        """Whether the container announces other ones; some repeat the same ones."""
        if not packet.has_sidedata("new_extradata"):
            return False
        return bytes(packet.get_sidedata("new_extradata")) != self.facts.extradata

    def _follow(self, data: bytes) -> None:
        """Renew the facts where a key frame brings another sequence parameter set."""
        if not is_annex_b(data):
            return
        sets = parameter_sets(self.facts.codec, data)
        if not sets or sets == self._sets:
            return
        self._sets = sets
        renewed = facts_of_key(self.facts, data)
        if renewed is None:
            raise StreamChanged(f"{self._name} changed its codec parameters to unreadable ones")
        self.facts = renewed


def _coded(packet: "av.Packet[Stream]") -> Coded:
    return Coded(
        pts=packet.pts,
        dts=packet.dts,
        duration=packet.duration or 0,
        # DivX's packed B-frames leave fillers of one byte behind, some marked as key frames.
        keyframe=packet.is_keyframe and packet.size > 1,
        data=bytes(packet),
        camera_at=_camera_time(packet),
    )


def _camera_time(packet: "av.Packet[Stream]") -> float | None:
    """FFmpeg's producer reference time: microseconds since 1970, in the machine's byte order."""
    if not packet.has_sidedata("prft"):
        return None
    told = bytes(packet.get_sidedata("prft"))
    return int.from_bytes(told[:8], sys.byteorder, signed=True) / 1e6
