"""RTP payloads put together into pictures, however a camera packs them."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viahe_detector.media.access_units import LARGEST_BYTES, AccessUnit, AccessUnits
from viahe_detector.media.nal import START

TICKS = 3600


@dataclass(frozen=True)
class Kind:
    """How units of a codec are headed: a parameter set, a key picture, another picture."""

    codec: str
    header: int
    sets: bytes
    key: bytes
    other: bytes

    def single(self, unit: bytes) -> list[bytes]:
        return [unit]

    def together(self, units: list[bytes]) -> bytes:
        head = bytes([24]) if self.codec == "h264" else bytes([48 << 1, 1])
        return head + b"".join(len(unit).to_bytes(2, "big") + unit for unit in units)

    def fragments(self, unit: bytes, size: int) -> list[bytes]:
        body = unit[self.header :]
        if self.codec == "h264":
            head, number = bytes([unit[0] & 0xE0 | 28]), unit[0] & 0x1F
        else:
            head, number = bytes([unit[0] & 0x81 | 49 << 1, unit[1]]), unit[0] >> 1 & 0x3F
        pieces = [body[at : at + size] for at in range(0, len(body), size)]
        last = len(pieces) - 1
        return [
            head + bytes([(n == 0) << 7 | (n == last) << 6 | number]) + piece
            for n, piece in enumerate(pieces)
        ]


H264 = Kind("h264", 1, b"\x67", b"\x65", b"\x41")
H265 = Kind("hevc", 2, b"\x42\x01", b"\x26\x01", b"\x02\x01")
kinds = pytest.mark.parametrize("kind", [H264, H265], ids=["h264", "h265"])


def added(units: AccessUnits, *payloads: bytes, stamp: int, mark: bool = True) -> list[AccessUnit]:
    last = len(payloads) - 1
    return [
        unit
        for n, payload in enumerate(payloads)
        for unit in units.add(payload, stamp, mark and n == last, follows=True)
    ]


def annex_b(*units: bytes) -> bytes:
    return b"".join(START + unit for unit in units)


bodies = st.binary(min_size=20, max_size=300).map(lambda b: b.replace(b"\x00", b"\x01"))


@given(st.data(), st.sampled_from([H264, H265]))
def test_a_picture_is_the_same_however_it_was_packed(data: st.DataObject, kind: Kind) -> None:
    heads = [kind.sets, *data.draw(st.lists(st.just(kind.key), min_size=1, max_size=4))]
    units = [head + data.draw(bodies) for head in heads]
    payloads: list[bytes] = []
    waiting = list(units)
    while waiting:
        way = data.draw(st.sampled_from(["single", "fragments", "together"]))
        if way == "together":
            some = data.draw(st.integers(1, len(waiting)))
            payloads.append(kind.together(waiting[:some]))
            del waiting[:some]
        elif way == "fragments":
            payloads += kind.fragments(waiting.pop(0), data.draw(st.integers(7, 18)))
        else:
            payloads += kind.single(waiting.pop(0))
    (picture,) = added(AccessUnits(kind.codec), *payloads, stamp=9)
    assert picture.data == annex_b(*units)
    assert picture.keyframe
    assert (picture.pts, picture.dts) == (0, 0)


@kinds
def test_a_unit_with_a_hole_is_left_out_and_the_next_picture_is_whole(kind: Kind) -> None:
    units = AccessUnits(kind.codec)
    first, *rest = kind.fragments(kind.key + b"\x11" * 90, 30)
    slice_ = kind.key + b"\x22" * 30
    assert not list(units.add(first, 0, False, follows=True))
    assert not list(units.add(rest[-1], 0, False, follows=False))
    (picture,) = units.add(slice_, 0, True, follows=True)
    assert picture.data == annex_b(slice_)
    assert units.broken == 2
    (after,) = added(units, kind.other + b"\x33" * 30, stamp=TICKS)
    assert after.data == annex_b(kind.other + b"\x33" * 30)
    assert not after.keyframe


@kinds
def test_parameter_sets_with_a_mark_and_a_time_of_their_own_go_with_the_picture(kind: Kind) -> None:
    units = AccessUnits(kind.codec)
    sets, key = kind.sets + b"\x11" * 9, kind.key + b"\x22" * 30
    assert added(units, sets, stamp=0) == []
    (picture,) = added(units, key, stamp=TICKS)
    assert picture.data == annex_b(sets, key)


@kinds
def test_a_picture_without_a_mark_is_whole_when_the_next_begins(kind: Kind) -> None:
    units = AccessUnits(kind.codec)
    assert added(units, kind.key + b"\x11" * 20, stamp=0, mark=False) == []
    (picture,) = added(units, kind.other + b"\x22" * 20, stamp=TICKS, mark=False)
    assert picture.keyframe
    (last,) = units.rest()
    assert last.pts == TICKS
    assert list(units.rest()) == []


@kinds
def test_of_a_camera_that_marks_every_slice_only_the_first_picture_comes_in_parts(
    kind: Kind,
) -> None:
    units = AccessUnits(kind.codec)
    slices = [kind.other + bytes([n]) * 20 for n in (1, 2, 3)]
    given_out = [
        picture
        for number in range(4)
        for each in slices
        for picture in units.add(each, number * TICKS, True, follows=True)
    ]
    assert [picture.data for picture in given_out[2:]] == [annex_b(*slices)] * 2


def test_time_goes_on_where_the_32_bits_wrap() -> None:
    units = AccessUnits("h264")
    stamps = [(2**32 - 2 * TICKS + n * TICKS) % 2**32 for n in range(5)]
    shown = [added(units, H264.other + b"\x11" * 9, stamp=stamp)[0].pts for stamp in stamps]
    assert shown == [n * TICKS for n in range(5)]
    assert units.ticks(stamps[0]) == 0


def test_decoding_times_rise_and_come_no_later_than_showing_once_the_order_is_known() -> None:
    """I P b B b, as coders with a pyramid send them."""
    units = AccessUnits("h264")
    order = [0, *(4 * group + n for group in range(6) for n in (4, 2, 1, 3))]
    pictures = [added(units, H264.other + b"\x11" * 9, stamp=place * TICKS)[0] for place in order]
    assert [picture.pts for picture in pictures] == [place * TICKS for place in order]
    known = pictures[5:]
    assert all(picture.dts <= picture.pts for picture in known)
    decoded = [picture.dts for picture in known]
    assert decoded == sorted(set(decoded))


def test_recovery_points_are_places_to_begin_and_other_information_is_not() -> None:
    def picture(*messages: bytes) -> AccessUnit:
        information = b"\x06" + b"".join(messages) + b"\x80"
        (made,) = added(AccessUnits("h264"), information, H264.other + b"\x11" * 9, stamp=0)
        return made

    recovery, gradual, user = b"\x06\x01\xc4", b"\x06\x01\x24", b"\x05\x03abc"
    assert picture(recovery).keyframe
    assert picture(user, recovery).keyframe
    assert not picture(user).keyframe
    assert not picture(gradual).keyframe, "one that is whole some pictures later is no beginning"


def test_a_picture_that_never_ends_is_given_up() -> None:
    units = AccessUnits("h264")
    first, middle, _ = H264.fragments(H264.key + b"\x11" * 90_000, 30_001)
    assert list(units.add(first, 0, False, follows=True)) == []

    def endless() -> Iterator[AccessUnit]:
        for _ in range(LARGEST_BYTES // 30_000 + 1):
            yield from units.add(middle, 0, False, follows=True)

    assert list(endless()) == []
    assert units.broken
    (picture,) = added(units, H264.key + b"\x22" * 9, stamp=TICKS)
    assert picture.data == annex_b(H264.key + b"\x22" * 9)


@given(st.sampled_from(["h264", "hevc"]), st.lists(st.binary(max_size=60), max_size=40))
def test_nonsense_raises_nothing(codec: str, payloads: list[bytes]) -> None:
    units = AccessUnits(codec)
    for number, payload in enumerate(payloads):
        for picture in units.add(payload, number // 3, number % 3 == 2, follows=number % 7 > 0):
            assert picture.data
