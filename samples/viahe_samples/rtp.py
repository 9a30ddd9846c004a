"""RTP for H.264 (RFC 6184) and H.265 (RFC 7798), framed for an RTSP connection (RFC 2326).

NAL units go singly or as fragments; nothing is aggregated.
"""

import struct
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from .coded_video import CodedVideo

PAYLOAD_TYPE = 96
LARGEST_PAYLOAD = 1400
SECONDS_1900_TO_1970 = 2_208_988_800
SENDER_REPORT, GOODBYE = 200, 203


def payloads_of(codec: str, nal_units: Sequence[bytes]) -> tuple[bytes, ...]:
    """The RTP payloads that carry one picture, none longer than `LARGEST_PAYLOAD`."""
    return tuple(payload for unit in nal_units for payload in _payloads(codec, unit))


def _payloads(codec: str, unit: bytes) -> list[bytes]:
    if len(unit) <= LARGEST_PAYLOAD:
        return [unit]
    if codec == "h264":
        kind, rest = unit[0] & 0x1F, unit[1:]
        indicator = bytes([unit[0] & 0xE0 | 28])
    else:
        kind, rest = unit[0] >> 1 & 0x3F, unit[2:]
        indicator = bytes([unit[0] & 0x81 | 49 << 1, unit[1]])
    step = LARGEST_PAYLOAD - len(indicator) - 1
    pieces = [rest[at : at + step] for at in range(0, len(rest), step)]
    return [
        indicator + bytes([(i == 0) << 7 | (i == len(pieces) - 1) << 6 | kind]) + piece
        for i, piece in enumerate(pieces)
    ]


@dataclass(slots=True)
class RtpSender:
    """The sending end of one stream on the interleaved channels `channel` and `channel + 1`."""

    ssrc: int
    sequence: int
    first_timestamp: int
    channel: int = 0
    packets: int = 0
    octets: int = 0

    def picture(self, payloads: Sequence[bytes], ticks: int) -> bytes:
        """The bytes that send one picture shown at `ticks` of the stream's 90 kHz clock."""
        timestamp = self.timestamp(ticks)
        parts: list[bytes] = []
        for i, payload in enumerate(payloads):
            marker = (i == len(payloads) - 1) << 7
            header = struct.pack(
                "!cBHBBHII",
                b"$",
                self.channel,
                12 + len(payload),
                0x80,
                marker | PAYLOAD_TYPE,
                self.sequence,
                timestamp,
                self.ssrc,
            )
            parts += header, payload
            self.sequence = self.sequence + 1 & 0xFFFF
            self.octets += len(payload)
        self.packets += len(payloads)
        return b"".join(parts)

    def sender_report(self, ticks: int, wall_s: float) -> bytes:
        """An RTCP report that the picture at `ticks` was taken at `wall_s` (UTC since 1970)."""
        seconds, part = divmod(wall_s + SECONDS_1900_TO_1970, 1)
        body = struct.pack(
            "!IIIIII",
            self.ssrc,
            int(seconds) & 0xFFFFFFFF,
            int(part * 2**32),
            self.timestamp(ticks),
            self.packets & 0xFFFFFFFF,
            self.octets & 0xFFFFFFFF,
        )
        return self._rtcp(SENDER_REPORT, 0, body)

    def goodbye(self) -> bytes:
        return self._rtcp(GOODBYE, 1, struct.pack("!I", self.ssrc))

    def timestamp(self, ticks: int) -> int:
        return self.first_timestamp + ticks & 0xFFFFFFFF

    def _rtcp(self, kind: int, count: int, body: bytes) -> bytes:
        packet = struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body
        return struct.pack("!cBH", b"$", self.channel + 1, len(packet)) + packet


def session_description(video: CodedVideo) -> str:
    """The SDP of a camera that sends `video`."""
    name = {"h264": "H264", "hevc": "H265"}[video.codec]
    lines = (
        "v=0",
        "o=- 0 0 IN IP4 127.0.0.1",
        "s=Viahe sample camera",
        "c=IN IP4 0.0.0.0",
        "t=0 0",
        "a=control:*",
        f"m=video 0 RTP/AVP {PAYLOAD_TYPE}",
        f"a=rtpmap:{PAYLOAD_TYPE} {name}/90000",
        f"a=fmtp:{PAYLOAD_TYPE} {_format_parameters(video)}",
        "a=control:trackID=0",
    )
    return "".join(f"{line}\r\n" for line in lines)


def _format_parameters(video: CodedVideo) -> str:
    sets = [b64encode(unit).decode() for unit in video.parameter_sets]
    if video.codec == "hevc":
        named = zip(("sprop-vps", "sprop-sps", "sprop-pps"), sets, strict=False)
        return "; ".join(f"{key}={value}" for key, value in named)
    level = video.parameter_sets[0][1:4].hex().upper()
    return f"packetization-mode=1; profile-level-id={level}; sprop-parameter-sets={','.join(sets)}"
