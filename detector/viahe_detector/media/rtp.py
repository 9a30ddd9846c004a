"""RTP and RTCP packets (RFC 3550), as far as reading one video stream takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

_HEADER = Struct("!BBHI")
_REPORT = Struct("!IIII")
_FIXED_BYTES = 12
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


def payload_of(packet: bytes, payload_type: int) -> tuple[int, int, bool, bytes] | None:
    """Sequence number, time stamp, mark and payload; None for what is no packet of this type."""
    if len(packet) < _FIXED_BYTES:
        return None
    first, second, number, stamp = _HEADER.unpack_from(packet)
    if first >> 6 != 2 or second & 0x7F != payload_type:
        return None
    begin = _FIXED_BYTES + 4 * (first & 0x0F)
    if first & 0x10:
        begin += 4 + 4 * int.from_bytes(packet[begin + 2 : begin + 4], "big")
    end = len(packet) - (packet[-1] if first & 0x20 else 0)
    return number, stamp, bool(second & 0x80), packet[begin:end]


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
