"""What cameras say of their video before they send any."""

from base64 import b64encode

from viahe_detector.media.sdp import described

SPS, PPS = b"\x67\x42\x00\x1e", b"\x68\xce"
SETS = f"{b64encode(SPS).decode()},{b64encode(PPS).decode()}"


def text(*media: str) -> str:
    return "\r\n".join(
        ["v=0", "o=- 0 0 IN IP4 0.0.0.0", "a=control:rtsp://192.0.2.7/live/", *media]
    )


VIDEO = (
    "m=video 0 RTP/AVP 96",
    "a=control:trackID=1",
    "a=rtpmap:96 H264/90000",
    f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={SETS};profile-level-id=42001E",
    "a=framerate:25.0",
)


def test_the_first_video_is_taken_and_sound_passed_over() -> None:
    found = described(text("m=audio 0 RTP/AVP 8", "a=control:trackID=0", *VIDEO))
    assert found is not None
    assert (found.codec, found.payload_type, found.clock_hz) == ("h264", 96, 90_000)
    assert (found.control, found.session_control) == ("trackID=1", "rtsp://192.0.2.7/live/")
    assert found.parameter_sets == b"\0\0\0\1" + SPS + b"\0\0\0\1" + PPS
    assert found.pictures_per_s == 25.0


def test_parameter_sets_of_h265_come_in_three_fields() -> None:
    sets = "; ".join(f"sprop-{n}={b64encode(n.encode()).decode()}" for n in ("pps", "vps", "sps"))
    found = described(text("m=video 0 RTP/AVP 97", "a=rtpmap:97 H265/90000", f"a=fmtp:97 {sets}"))
    assert found is not None
    assert found.codec == "hevc"
    assert found.parameter_sets == b"\0\0\0\1vps\0\0\0\1sps\0\0\0\1pps"


def test_what_is_not_taken_apart_here_is_left_to_others() -> None:
    for media in (
        ("m=video 0 RTP/AVP 26",),
        ("m=video 0 RTP/AVP 96", "a=rtpmap:96 MP4V-ES/90000"),
        ("m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000", "a=fmtp:96 packetization-mode=2"),
        ("m=video 0 RTP/AVP 96", "a=rtpmap:96 H265/90000", "a=fmtp:96 sprop-max-don-diff=2"),
        ("m=video",),
        (),
    ):
        assert described(text(*media)) is None


def test_broken_parameter_sets_are_none_and_the_stream_is_read_all_the_same() -> None:
    found = described(
        text("m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000", "a=fmtp:96 sprop-parameter-sets=&")
    )
    assert found is not None
    assert found.parameter_sets == b""
