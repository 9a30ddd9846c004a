"""What a camera says of its video before it sends any: a session description (RFC 8866)."""

import binascii
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_CODECS = {"H264": "h264", "H265": "hevc"}
_SETS = {
    "h264": ("sprop-parameter-sets",),
    "hevc": ("sprop-vps", "sprop-sps", "sprop-pps"),
}
_START = b"\x00\x00\x00\x01"


@dataclass(frozen=True, slots=True)
class Described:
    """The first video stream of a description that can be taken apart.

    `control` is where it is set up, relative to `session_control` or to the address asked;
    `parameter_sets` are in Annex B, empty where the camera sends them with its pictures alone.
    """

    codec: str
    payload_type: int
    clock_hz: int
    control: str
    session_control: str
    parameter_sets: bytes = field(repr=False)
    pictures_per_s: float | None = None


def described(text: str) -> Described | None:
    """None where no video is of a kind that is taken apart here."""
    session, *media = _sections(text)
    for lines in media:
        found = _video(lines, session)
        if found is not None:
            return found
    return None


def _sections(text: str) -> list[list[str]]:
    """The lines of the session, and those of each of its media."""
    sections: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.startswith("m="):
            sections.append([])
        sections[-1].append(line.strip())
    return sections


def _video(lines: list[str], session: list[str]) -> Described | None:
    kind, _, _, *formats = [*lines[0].removeprefix("m=").split(), "", "", ""]
    number = formats[0] if formats else ""
    if kind != "video" or not number.isdecimal():
        return None
    name, _, clock = _attribute(lines, f"rtpmap:{number} ").partition("/")
    codec = _CODECS.get(name.upper())
    if codec is None or not clock.isdecimal() or not int(clock):
        return None
    parameters = dict(_parameters(_attribute(lines, f"fmtp:{number} ")))
    if _is_reordered(parameters):
        return None
    return Described(
        codec=codec,
        payload_type=int(number),
        clock_hz=int(clock),
        control=_attribute(lines, "control:"),
        session_control=_attribute(session, "control:"),
        parameter_sets=_parameter_sets(codec, parameters),
        pictures_per_s=_rate(_attribute(lines, "framerate:")),
    )


def _attribute(lines: list[str], name: str) -> str:
    begins = f"a={name}"
    return next((line[len(begins) :].strip() for line in lines if line.startswith(begins)), "")


def _parameters(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(";"):
        key, _, value = part.strip().partition("=")
        yield key.lower(), value


def _is_reordered(parameters: Mapping[str, str]) -> bool:
    """Whether units are sent in another order than they are decoded in."""
    interleaved = parameters.get("packetization-mode") == "2"
    return interleaved or parameters.get("sprop-max-don-diff", "0") not in ("", "0")


def _parameter_sets(codec: str, parameters: Mapping[str, str]) -> bytes:
    coded = [
        each for key in _SETS[codec] for each in parameters.get(key, "").split(",") if each.strip()
    ]
    try:
        return b"".join(_START + b64decode(each.strip(), validate=True) for each in coded)
    except (binascii.Error, ValueError):
        return b""


def _rate(text: str) -> float | None:
    try:
        rate = float(text)
    except ValueError:
        return None
    return rate if 0 < rate <= 240 else None
