"""A camera read over RTSP on one TCP connection, a large read at a time.

FFmpeg takes such a stream apart with six system calls for every 1400 bytes, which with dozens of
cameras costs more than all that is then made of the pictures' packets. What a usual camera
sends, H.264 or H.265 in order, is taken apart here; all else is left to FFmpeg.
"""

import time
from collections.abc import Iterator
from fractions import Fraction
from urllib.parse import urlsplit

from viahe_detector.errors import CannotOpen, Ended, NotVideo, Stalled, StreamChanged
from viahe_detector.media.access_units import AccessUnit, AccessUnits
from viahe_detector.media.facts import facts_of_key
from viahe_detector.media.nal import parameter_sets
from viahe_detector.media.rtp import FIXED_BYTES, Goodbye, Packets, SenderReport, reports_in
from viahe_detector.media.rtsp_session import HungUp, Nonsense, Refused, Session
from viahe_detector.media.sdp import Described, described
from viahe_detector.media.stream import Coded, StreamFacts, Timeouts, redacted

REASONS = {
    401: "it refuses the user name or password (401)",
    403: "it does not let this user in (403)",
    404: "it has no stream of that name (404)",
}
GATHERED_S = 0.1
"""Seconds in which pictures gather before they are read: waking up costs more than the reading.

Cameras are read at the same tenths of a second, one right after the other: then the processor's
caches still hold what reading takes.
"""
KEY_FRAME_WITHIN_S = 90.0
"""Seconds in which a camera has to send a key frame; those with smart codecs take up to 60."""


def wait_for_more() -> None:
    """Wait until cameras are read again, on whatever thread reads them: the operating system keeps
    what comes meanwhile, so there is nothing to be woken for."""
    time.sleep(GATHERED_S - time.monotonic() % GATHERED_S)


def open_rtsp(source: str, timeouts: Timeouts) -> "RtspStream | None":
    """None where FFmpeg should try: another codec, order or transport, an unusual answer.

    Raises CannotOpen where the camera says no, OSError where it is not there.
    """
    session = Session(source, timeouts.open_s)
    try:
        stream = _set_up(source, session, timeouts.packet_s)
    except Refused as refused:
        session.close()
        if refused.status not in REASONS:
            return None
        raise CannotOpen(
            f"{redacted(source)} cannot be opened: {REASONS[refused.status]}"
        ) from None
    except (Nonsense, HungUp):
        session.close()
        return None
    except BaseException:
        session.close()
        raise
    if stream is None:
        session.close()
    return stream


def _set_up(source: str, session: Session, packet_s: float) -> "RtspStream | None":
    offered = session.ask("OPTIONS", session.url).header("public")
    reply = session.ask("DESCRIBE", session.url, Accept="application/sdp")
    video = described(reply.body)
    if video is None:
        return None
    base = reply.header("content-base") or reply.header("content-location") or session.url
    transport = session.ask(
        "SETUP", _at(base, video.control), Transport="RTP/AVP/TCP;unicast;interleaved=0-1"
    ).header("transport")
    if "interleaved=" not in transport:
        return None
    channel = transport.partition("interleaved=")[2].partition("-")[0]
    session.ask("PLAY", _at(base, video.session_control), Range="npt=0.000-")
    alive = "GET_PARAMETER" if "GET_PARAMETER" in offered else "OPTIONS"
    return RtspStream(
        source, session, video, int(channel) if channel.isdecimal() else 0, packet_s, alive
    )


def _at(base: str, control: str) -> str:
    if control in ("", "*"):
        return base
    return control if urlsplit(control).scheme else f"{base.rstrip('/')}/{control}"


class RtspStream:
    """A camera's video as it plays; begins with the first key frame."""

    def __init__(
        self,
        source: str,
        session: Session,
        video: Described,
        channel: int,
        packet_s: float,
        keep_alive: str,
    ) -> None:
        """Pictures come on `channel`, reports on the one after; `keep_alive` is what to ask."""
        self.facts = StreamFacts(
            codec=video.codec,
            width=0,
            height=0,
            rotation=0,
            time_base=Fraction(1, video.clock_hz),
            extradata=video.parameter_sets,
            average_fps=video.pictures_per_s,
            profile=None,
            header=b"",
        )
        self._name = redacted(source)
        self._session = session
        self._video = video
        self._channel = channel
        self._packet_s = packet_s
        self._keep_alive = keep_alive
        self._units = AccessUnits(video.codec)
        self._sets: frozenset[bytes] = frozenset()
        self._report: SenderReport | None = None

    def close(self) -> None:
        self._session.close()

    def packets(self) -> Iterator[Coded]:
        """Yields until the camera hangs up. Raises a `SourceError`, never with credentials."""
        for coded in self.arriving():
            if coded is None:
                wait_for_more()
            else:
                yield coded

    def arriving(self) -> Iterator[Coded | None]:
        """As `packets`, but for None where no more is there for now: it never waits."""
        began = time.monotonic()
        begun = False
        try:
            for unit in self._pictures():
                if unit is None:
                    yield None
                    continue
                if unit.keyframe:
                    self._follow(unit.data)
                    begun = True
                elif not begun and time.monotonic() - began > KEY_FRAME_WITHIN_S:
                    raise NotVideo(
                        f"{self._name} has sent no key frame for {KEY_FRAME_WITHIN_S:g} s"
                    )
                if begun:
                    yield self._coded(unit)
        except TimeoutError:
            raise self._stalled() from None
        except HungUp:
            raise Ended(f"{self._name} broke off: it has hung up") from None
        except Nonsense:
            raise Ended(f"{self._name} broke off: what it sends is no RTSP") from None
        except OSError as error:
            raise Ended(
                f"{self._name} broke off: {(error.strerror or 'i/o error').lower()}"
            ) from None

    def _pictures(self) -> Iterator[AccessUnit | None]:
        """The pictures as they come whole, None in between; ends when the camera says goodbye."""
        heard = asked = time.monotonic()
        packets, channel = Packets(self._video.payload_type), self._channel
        units = self._units
        for frames in self._session.frames():
            now = time.monotonic()
            if frames is None:
                yield None
            else:
                data = frames.data
                for on, begin, end in frames.each:
                    if on == channel:
                        payload = begin + FIXED_BYTES
                        if (
                            end > payload
                            and packets.goes_on(data, begin)
                            and units.go_on(data, payload, end)
                        ):
                            packets.number = packets.number + 1 & 0xFFFF
                        elif (taken := packets.taken(data[begin:end])) is not None:
                            for unit in units.add(
                                taken.payload, taken.stamp, taken.is_last, taken.follows
                            ):
                                heard = now
                                yield unit
                    elif on == channel + 1 and self._says_goodbye(data[begin:end]):
                        yield from units.rest()
                        return
            if now - heard > self._packet_s:
                raise TimeoutError
            if now - asked > self._session.keep_alive_s:
                asked = now
                self._session.tell(self._keep_alive, self._session.url)

    def _says_goodbye(self, packet: bytes) -> bool:
        for report in reports_in(packet):
            if isinstance(report, Goodbye):
                return True
            self._report = report
        return False

    def _coded(self, unit: AccessUnit) -> Coded:
        return Coded(
            pts=unit.pts,
            dts=unit.dts,
            duration=0,
            keyframe=unit.keyframe,
            data=unit.data,
            camera_at=self._camera_time(unit.pts),
        )

    def _camera_time(self, pts: int) -> float | None:
        report = self._report
        if report is None:
            return None
        return report.at + (pts - self._units.ticks(report.stamp)) / self._video.clock_hz

    def _follow(self, key: bytes) -> None:
        """Read the facts from the first key frame, and from one with other parameter sets."""
        sets = parameter_sets(self._video.codec, key)
        if self.facts.width and (not sets or sets == self._sets):
            return
        renewed = facts_of_key(self.facts, (b"" if sets else self._video.parameter_sets) + key)
        if renewed is None and self.facts.width:
            raise StreamChanged(f"{self._name} changed its codec parameters to unreadable ones")
        if renewed is None:
            raise NotVideo(f"{self._name} sends pictures that cannot be read")
        self._sets = sets
        self.facts = renewed

    def _stalled(self) -> Stalled:
        return Stalled(f"{self._name} has sent no packet for {self._packet_s:g} s")
