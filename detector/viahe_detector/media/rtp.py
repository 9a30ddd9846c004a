"""RTP and RTCP packets (RFC 3550), as far as reading one video stream takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

_HEADER = Struct("!BBHI")
_REPORT = Struct("!IIII")
FIXED_BYTES = 12
"""A header that is bare: nobody else contributed, and nothing is added."""
_SENDER_REPORT, _GOODBYE = 200, 203
_SECONDS_1900_TO_1970 = 2_208_988_800


@dataclass(frozen=True, slots=True)
class SenderReport:
    """By the camera's own clock it was `at` (UTC seconds) at RTP time `stamp`."""

    stamp: int
    at: float


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The camera sends no more."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a packet brought; `follows` tells that none is missing before it."""

    follows: bool
    stamp: int
    is_last: bool
    payload: bytes


class Packets:
    """The packets of one stream in the order they come.

    The next one is mostly known beforehand but for its payload: `goes_on` says whether it is so.
    """

    def __init__(self, payload_type: int) -> None:
        self.number = -1
        """What the next packet is numbered by; -1 before the first."""
        self._usual = bytes([2 << 6, payload_type])
        self._same = b""
        self._payload_type = payload_type

    def goes_on(self, data: bytes, begin: int) -> bool:
        """Whether the packet there is the next, of the same time as the last, bare and unmarked.

        `data` has to hold FIXED_BYTES from `begin` on. Whoever takes it as such moves `number` on.
        """
        return (
            data[begin + 2] << 8 | data[begin + 3] == self.number
            and data.startswith(self._usual, begin)
            and data.startswith(self._same, begin + 4)
        )

    def taken(self, packet: bytes) -> Taken | None:
        """What a packet brought; None for what is no packet of this type."""
        if len(packet) < FIXED_BYTES:
            return None
        first, second, number, stamp = _HEADER.unpack_from(packet)
        if first >> 6 != 2 or second & 0x7F != self._payload_type:
            return None
        begin = FIXED_BYTES + 4 * (first & 0x0F)
        if first & 0x10:
            begin += 4 + 4 * int.from_bytes(packet[begin + 2 : begin + 4], "big")
        end = len(packet) - (packet[-1] if first & 0x20 else 0)
        follows = self.number in (-1, number)
        self.number, self._same = number + 1 & 0xFFFF, packet[4:FIXED_BYTES]
        return Taken(follows, stamp, bool(second & 0x80), packet[begin:end])


def reports_in(packet: bytes) -> Iterator[SenderReport | Goodbye]:
    """What an RTCP packet, compound as a rule, says of the sender."""
    at = 0
    while at + 8 <= len(packet):
        kind, size = packet[at + 1], 4 + 4 * int.from_bytes(packet[at + 2 : at + 4], "big")
        if kind == _GOODBYE:
            yield Goodbye()
        elif kind == _SENDER_REPORT and at + 24 <= len(packet):
            _, seconds, part, stamp = _REPORT.unpack_from(packet, at + 4)
            if seconds:  # a camera that has no time says 0
                yield SenderReport(stamp, seconds - _SECONDS_1900_TO_1970 + part / 2**32)
        at += size
