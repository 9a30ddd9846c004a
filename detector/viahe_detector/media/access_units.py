"""RTP payloads put together into coded pictures: H.264 (RFC 6184) and H.265 (RFC 7798)."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from viahe_detector.media.nal import START, is_picture, is_random_access, kind

_SINGLE_LAST = {"h264": 23, "hevc": 47}
_AGGREGATE = {"h264": 24, "hevc": 48}
_FRAGMENT = {"h264": 28, "hevc": 49}
_HEADER_BYTES = {"h264": 1, "hevc": 2}
LARGEST_BYTES = 32 * 2**20
"""No camera sends a larger picture; what grows beyond it is broken, and given up."""
REORDERED = 16
"""Pictures among which one may be shown earlier than one that was sent before it."""


@dataclass(frozen=True, slots=True)
class AccessUnit:
    """One picture in Annex B; `pts` and `dts` in ticks, both on the unwrapped clock of RTP."""

    pts: int
    dts: int
    keyframe: bool
    data: bytes = field(repr=False)


class AccessUnits:
    """Takes the payloads of one stream in the order of their numbers.

    A unit of which a payload is missing is left out, and the rest of its picture kept: the
    decoder conceals better than it guesses. Parameter sets that come with a mark or a time of
    their own are kept for the picture they precede.
    """

    def __init__(self, codec: str) -> None:
        self.broken = 0
        self._codec = codec
        self._clock = _Clock()
        self._decoding = _DecodingOrder()
        self._parts: list[bytes] = []
        self._bytes = 0
        self._stamp: int | None = None
        self._fragment_from: int | None = None
        self._middle = b""
        """What every payload of the fragment in hand begins with but its first and last."""
        self._has_picture = self._is_key = False
        self._marks_slices = False
        self._given: int | None = None

    def add(self, payload: bytes, stamp: int, is_last: bool, follows: bool) -> Iterator[AccessUnit]:
        """The pictures that are whole now.

        `stamp` is RTP's 32 bits of time, `is_last` its mark, `follows` whether nothing was lost
        before this payload.
        """
        if stamp != self._stamp:
            if self._has_picture and self._stamp is not None:
                yield self._whole(self._stamp)
            if stamp == self._given:
                # It marks every slice as the last: from now on the next time tells the end.
                self._marks_slices = True
            self._stamp = stamp
        if not follows:
            self._give_up_fragment()
        self._take(payload)
        if is_last and self._has_picture and not self._marks_slices:
            yield self._whole(stamp)

    def go_on(self, data: bytes, begin: int, end: int) -> bool:
        """Take `data[begin:end]` if it is the middle of the fragment in hand: most payloads are.

        Only for what follows the payload before without a gap, at the same time and unmarked.
        """
        middle = self._middle
        if self._fragment_from is None or not data.startswith(middle, begin):
            return False
        if self._bytes + end - begin > LARGEST_BYTES:
            return False
        self._parts.append(data[begin + len(middle) : end])
        self._bytes += end - begin - len(middle)
        return True

    def rest(self) -> Iterator[AccessUnit]:
        """The picture in hand once nothing follows, if it is one."""
        if self._has_picture and self._stamp is not None:
            yield self._whole(self._stamp)

    def ticks(self, stamp: int) -> int:
        """Where 32 bits of time lie on the unwrapped clock."""
        return self._clock.near(stamp)

    def _whole(self, stamp: int) -> AccessUnit:
        self._give_up_fragment()
        data, is_key = b"".join(self._parts), self._is_key
        pts = self._clock.unwrapped(stamp)
        self._given, self._stamp = stamp, None
        self._clear()
        return AccessUnit(pts, self._decoding.of(pts), is_key, data)

    def _clear(self) -> None:
        self._parts, self._bytes = [], 0
        self._has_picture = self._is_key = False
        self._fragment_from = None

    def _take(self, payload: bytes) -> None:
        if len(payload) <= _HEADER_BYTES[self._codec]:
            return
        number = kind(self._codec, payload)
        if number == _FRAGMENT[self._codec]:
            self._take_fragment(payload)
        elif number == _AGGREGATE[self._codec]:
            self._give_up_fragment()
            for unit in self._aggregated(payload):
                self._put(START, unit)
                self._note(unit)
        elif number <= _SINGLE_LAST[self._codec]:
            self._give_up_fragment()
            self._put(START, payload)
            self._note(payload)
        else:
            self.broken += 1

    def _take_fragment(self, payload: bytes) -> None:
        header = _HEADER_BYTES[self._codec]
        if len(payload) <= header + 1:
            return
        told = payload[header]
        if told & 0x80:
            self._give_up_fragment()
            self._fragment_from = len(self._parts)
            self._middle = payload[:header] + bytes([told & 0x3F])
            self._put(START, self._unit_header(payload, told))
        elif self._fragment_from is None:
            self.broken += 1
            return
        self._put(payload[header + 1 :])
        if told & 0x40 and self._fragment_from is not None:
            begin, self._fragment_from = self._fragment_from, None
            self._note(self._parts[begin + 1] + self._parts[begin + 2][:16])

    def _unit_header(self, payload: bytes, told: int) -> bytes:
        if self._codec == "h264":
            return bytes([payload[0] & 0xE0 | told & 0x1F])
        return bytes([payload[0] & 0x81 | (told & 0x3F) << 1, payload[1]])

    def _aggregated(self, payload: bytes) -> Iterator[bytes]:
        at = _HEADER_BYTES[self._codec]
        while at + 2 <= len(payload):
            size = int.from_bytes(payload[at : at + 2], "big")
            unit = payload[at + 2 : at + 2 + size]
            if len(unit) < max(size, 1):
                self.broken += 1
                return
            yield unit
            at += 2 + size

    def _give_up_fragment(self) -> None:
        """Leave out a unit whose end will not come."""
        if self._fragment_from is not None:
            self.broken += 1
            del self._parts[self._fragment_from :]
            self._bytes = sum(map(len, self._parts))
            self._fragment_from = None

    def _put(self, *parts: bytes) -> None:
        self._parts += parts
        self._bytes += sum(map(len, parts))
        if self._bytes > LARGEST_BYTES:
            self.broken += 1
            self._clear()

    def _note(self, head: bytes) -> None:
        """What a unit is, by its first bytes."""
        self._has_picture |= is_picture(self._codec, kind(self._codec, head))
        self._is_key |= is_random_access(self._codec, head)


class _Clock:
    """RTP's clock of 32 bits, which wraps every 13 hours, as one that goes on; begins at 0."""

    def __init__(self) -> None:
        self._stamp: int | None = None
        self._ticks = 0

    def unwrapped(self, stamp: int) -> int:
        self._ticks, self._stamp = self.near(stamp), stamp
        return self._ticks

    def near(self, stamp: int) -> int:
        if self._stamp is None:
            return 0
        return self._ticks + ((stamp - self._stamp + 2**31) % 2**32 - 2**31)


class _DecodingOrder:
    """When pictures have to be decoded, which RTP does not say, from when they are shown.

    As many pictures ahead of its showing as pictures were seen to overtake each other; for a
    stream without B-frames decoding and showing are one.
    """

    def __init__(self) -> None:
        self._shown: deque[int] = deque(maxlen=REORDERED)
        self._delay = 0
        self._waiting: list[int] = []

    def of(self, pts: int) -> int:
        if not self._delay and self._waiting and pts > self._waiting[0]:
            # Nothing has overtaken anything yet: the one that waits is the latest there was.
            self._shown.append(pts)
            self._waiting[0] = pts
            return pts
        overtaken = sum(earlier > pts for earlier in self._shown)
        if overtaken >= REORDERED // 2:  # no order of B-frames: the clock was set back
            self._shown.clear()
            self._waiting.clear()
            overtaken = self._delay = 0
        self._delay = max(self._delay, overtaken)
        self._shown.append(pts)
        self._waiting = sorted([*self._waiting, pts])[-(self._delay + 1) :]
        return self._waiting[0]
