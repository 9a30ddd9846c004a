"""The little of H.264's and H.265's byte format that has to be known to copy them."""

from collections.abc import Iterator

_START = b"\x00\x00\x01"
START = b"\x00" + _START
"""What precedes a unit in Annex B."""
_SEQUENCE_SETS = {"h264": {7}, "hevc": {33}}


def is_annex_b(data: bytes) -> bool:
    """Whether units are told apart by start codes (RTSP, TS) and not by lengths (MP4)."""
    return data.startswith((_START, b"\x00" + _START))


def units(data: bytes) -> Iterator[bytes]:
    """The units of Annex B data, without start codes."""
    begin = data.find(_START)
    while begin >= 0:
        begin += len(_START)
        end = data.find(_START, begin)
        # Zeros before a start code belong to the start code: a unit never ends with one.
        yield (data[begin:] if end < 0 else data[begin:end]).rstrip(b"\x00")
        begin = end


def kind(codec: str, unit: bytes) -> int:
    """The type number of a unit, -1 of an empty one."""
    if not unit:
        return -1
    return unit[0] & 0x1F if codec == "h264" else (unit[0] >> 1) & 0x3F


def parameter_sets(codec: str, data: bytes) -> frozenset[bytes]:
    """The sequence parameter sets at the head of Annex B data; none for other codecs.

    Stops at the first coded picture, so that a long key frame is not searched. A set, since
    cameras and servers repeat them.
    """
    wanted = _SEQUENCE_SETS.get(codec)
    if wanted is None or not is_annex_b(data):
        return frozenset()
    found = set()
    begin = data.find(_START)
    while begin >= 0:
        begin += len(_START)
        number = kind(codec, data[begin : begin + 1])
        if is_picture(codec, number):
            break
        if number in wanted:
            found.add(next(units(data[begin - len(_START) :])))
        begin = data.find(_START, begin)
    return frozenset(found)


def is_picture(codec: str, number: int) -> bool:
    """Whether units of this number hold coded picture."""
    return 1 <= number <= 5 if codec == "h264" else 0 <= number <= 31


def is_random_access(codec: str, unit: bytes) -> bool:
    """Whether a unit, or its first bytes, says that decoding may begin with its picture."""
    number = kind(codec, unit)
    if codec == "hevc":
        return 16 <= number <= 21
    return number == 5 or (number == 6 and _recovers(unit))


def _recovers(unit: bytes) -> bool:
    """Whether supplemental information has a recovery point at this very picture.

    Cameras with open groups, or that never send an IDR picture, mark their I pictures so.
    """
    at = 1
    while at + 2 < len(unit):
        message = size = 0
        while at < len(unit) and unit[at] == 0xFF:
            message, at = message + 255, at + 1
        message, at = message + unit[at], at + 1
        while at < len(unit) and unit[at] == 0xFF:
            size, at = size + 255, at + 1
        if at >= len(unit):
            return False
        size, at = size + unit[at], at + 1
        if message == 6:
            return at < len(unit) and bool(unit[at] & 0x80)
        at += size
    return False
