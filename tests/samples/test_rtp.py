"""Pictures as RTP packets: taken apart, they are the pictures again."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viahe_samples.coded_video import split_nal_units
from viahe_samples.rtp import LARGEST_PAYLOAD, RtpSender, payloads_of

CODECS = ("h264", "hevc")
FRAGMENT = {"h264": 28, "hevc": 49}


def nal(codec: str, size: int) -> bytes:
    head = bytes([0x65]) if codec == "h264" else bytes([19 << 1, 1])
    return (head + bytes(1 + number % 255 for number in range(size)))[:size]


def unit_of(codec: str, payloads: tuple[bytes, ...]) -> bytes:
    """What a receiver puts together out of one unit's payloads, written from the RFCs."""
    length = 1 if codec == "h264" else 2
    first = payloads[0]
    kind = first[0] & 0x1F if codec == "h264" else first[0] >> 1 & 0x3F
    if kind != FRAGMENT[codec]:
        (whole,) = payloads
        return whole
    starts = [bool(payload[length] & 0x80) for payload in payloads]
    ends = [bool(payload[length] & 0x40) for payload in payloads]
    assert starts == [True] + [False] * (len(payloads) - 1)
    assert ends == [False] * (len(payloads) - 1) + [True]
    if codec == "h264":
        head = bytes([first[0] & 0xE0 | first[1] & 0x1F])
    else:
        head = bytes([first[0] & 0x81 | (first[2] & 0x3F) << 1, first[1]])
    return head + b"".join(payload[length + 1 :] for payload in payloads)


@given(st.sampled_from(CODECS), st.integers(4, 4 * LARGEST_PAYLOAD))
def test_a_unit_is_whole_again_after_its_fragments(codec: str, size: int) -> None:
    unit = nal(codec, size)
    payloads = payloads_of(codec, [unit])
    assert unit_of(codec, payloads) == unit
    assert max(map(len, payloads)) <= LARGEST_PAYLOAD


@pytest.mark.parametrize("codec", CODECS)
def test_a_unit_that_just_fits_is_sent_singly_and_one_byte_more_is_not(codec: str) -> None:
    assert len(payloads_of(codec, [nal(codec, LARGEST_PAYLOAD)])) == 1
    assert len(payloads_of(codec, [nal(codec, LARGEST_PAYLOAD + 1)])) == 2


def test_only_the_last_packet_of_a_picture_is_marked_and_sequences_wrap() -> None:
    sender = RtpSender(ssrc=7, sequence=0xFFFF, first_timestamp=0xFFFFFFFF)
    sent = sender.picture((b"one", b"three", b"five5"), ticks=2)
    packets = []
    while sent:
        mark, channel, length = struct.unpack_from("!cBH", sent)
        assert (mark, channel) == (b"$", 0)
        packets.append(struct.unpack_from("!BBHII", sent, 4))
        sent = sent[4 + length :]
    assert [second >> 7 for _, second, *_ in packets] == [0, 0, 1]
    assert [sequence for _, _, sequence, *_ in packets] == [0xFFFF, 0, 1]
    assert {timestamp for *_, timestamp, _ in packets} == {1}


def test_a_sender_report_pairs_the_cameras_clock_with_the_stream() -> None:
    sender = RtpSender(ssrc=7, sequence=0, first_timestamp=1000, channel=2)
    sender.picture((b"payload",), ticks=0)
    report = sender.sender_report(90_000, wall_s=1_700_000_000.5)
    _, channel, length = struct.unpack_from("!cBH", report)
    assert channel == 3
    assert length == len(report) - 4
    kind, words = struct.unpack_from("!xBH", report, 4)
    assert (kind, (words + 1) * 4) == (200, length)
    seconds, fraction, timestamp, packets, octets = struct.unpack_from("!IIIII", report, 12)
    assert seconds - 2_208_988_800 + fraction / 2**32 == 1_700_000_000.5
    assert (timestamp, packets, octets) == (91_000, 1, 7)


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=5), st.booleans())
def test_a_byte_stream_is_split_at_its_start_codes(bodies: list[bytes], long: bool) -> None:
    units = tuple(b"\x65" + body.replace(b"\0", b"\x03") for body in bodies)
    code = b"\0\0\0\1" if long else b"\0\0\1"
    assert split_nal_units(b"".join(code + unit for unit in units)) == units
