"""The little of H.264's and H.265's byte format that has to be known to copy them."""

from collections.abc import Iterator

_START = b"\x00\x00\x01"
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
    for unit in units(data):
        number = kind(codec, unit)
        if number in wanted:
            found.add(unit)
        elif _is_picture(codec, number):
            break
    return frozenset(found)


def _is_picture(codec: str, number: int) -> bool:
    return 1 <= number <= 5 if codec == "h264" else 0 <= number <= 31
