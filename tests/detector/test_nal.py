"""Parameter sets at the head of coded pictures."""

import pytest

from viahe_detector.media.nal import START, parameter_sets

SHORT = b"\0\0\1"
SEQUENCE, OTHER, PICTURE_SET = b"\x67\x64\0\x1f\xac", b"\x67\x42\0\x0a\x01", b"\x68\xee\x3c"
PICTURE = b"\x65" + bytes(range(4, 250)) * 40
SEQUENCE_H265, VIDEO_H265, PICTURE_H265 = b"\x42\1\1\2", b"\x40\1\f\1", b"\x26\1\xaf"


@pytest.mark.parametrize("before", [START, SHORT, b"\0\0" + START])
def test_sequence_sets_are_those_before_the_first_picture(before: bytes) -> None:
    units = [b"\t\xf0", SEQUENCE, PICTURE_SET, OTHER, SEQUENCE, PICTURE]
    head = START + before.join(units)
    assert parameter_sets("h264", head) == {SEQUENCE, OTHER}
    assert parameter_sets("h264", START + PICTURE + head) == frozenset()
    assert parameter_sets("h264", head[: head.index(PICTURE)]) == {SEQUENCE, OTHER}


def test_sets_of_h265_and_what_has_none() -> None:
    units = [VIDEO_H265, SEQUENCE_H265, PICTURE_H265]
    assert parameter_sets("hevc", START + START.join(units)) == {SEQUENCE_H265}
    assert parameter_sets("hevc", START + SEQUENCE_H265) == {SEQUENCE_H265}
    assert parameter_sets("mjpeg", START + SEQUENCE) == frozenset()
    assert parameter_sets("h264", b"\0\0\0\5" + SEQUENCE) == frozenset()
    assert parameter_sets("h264", b"") == frozenset()
    assert parameter_sets("h264", START) == frozenset()
