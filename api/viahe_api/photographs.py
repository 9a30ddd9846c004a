"""Photos people bring: told apart by their bytes, and made fit to be shown.

What is shown has the original's picture bit for bit, and of what a telephone writes around it
only what the picture needs to look right: no place, no time, no maker, no thumbnail. Nothing is
decoded, so a picture that unpacks to gigabytes costs nothing here.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from viahe_api.errors import FormFault

LARGEST_PHOTO = 10 << 20
MOST_PIXELS = 100_000_000
UPRIGHT = 1
_ORIENTATION = 0x0112

_JPEG_KEPT = frozenset(range(0xC0, 0xD0)) - {0xC8} | {0xDA, 0xDB, 0xDD}
"""Tables, frames and scans."""
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PNG_KEPT = frozenset(
    {
        *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP"),
        *(b"sBIT", b"bKGD", b"pHYs", b"cICP"),
    }
)
_WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"})
_WEBP_HAS_EXIF, _WEBP_HAS_XMP = 0x08, 0x04


@dataclass(frozen=True, slots=True)
class Photograph:
    """`shown` is what pages show, `original` what came. `extension` has no dot."""

    media_type: str
    extension: str
    original: bytes
    shown: bytes


class _Broken(Exception):
    """The bytes end early or contradict themselves."""


def read_photograph(content: bytes) -> Photograph:
    """A JPEG, PNG or WebP picture by its bytes, whatever it was called.

    Raises FormFault: `photo_too_large`, `not_a_photo` for anything else, `photo_damaged` for
    one that ends early, `photo_too_wide` beyond 100 million pixels.
    """
    if len(content) > LARGEST_PHOTO:
        raise FormFault("photo_too_large", f"a photo has at most {LARGEST_PHOTO} bytes")
    for (begin, offset), (media_type, extension, strip) in _KINDS.items():
        if content.startswith(begin, offset):
            try:
                shown = strip(content)
            except (_Broken, IndexError):
                raise FormFault("photo_damaged", f"this {extension} is not whole") from None
            return Photograph(media_type, extension, content, shown)
    raise FormFault("not_a_photo", "a photo is a JPEG, PNG or WebP file")


def jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, as the picture is stored; None where the bytes do not say."""
    try:
        for marker, segment in _jpeg_segments(content):
            if marker in _JPEG_FRAMES:
                width, height = _big(segment[7:9]), _big(segment[5:7])
                return (width, height) if width and height else None
    except (_Broken, IndexError):
        pass
    return None


def _jpeg(content: bytes) -> bytes:
    kept = [content[:2]]
    framed, upright = False, UPRIGHT
    for marker, segment in _jpeg_segments(content):
        if marker in _JPEG_FRAMES:
            framed = True
            _check_size(_big(segment[7:9]), _big(segment[5:7]))
        if marker == 0xE1 and segment[4:10] == b"Exif\0\0":
            upright = _orientation(segment[10:])
        elif marker in _JPEG_KEPT or _jpeg_needs(marker, segment):
            kept.append(segment)
    if not framed:
        raise _Broken
    if upright != UPRIGHT:
        said = b"Exif\0\0" + _tiff_saying(upright)
        kept.insert(1, b"\xff\xe1" + (len(said) + 2).to_bytes(2, "big") + said)
    return b"".join(kept) + b"\xff\xd9"


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Markers with their segments, a scan's coded bytes along with it, up to the end."""
    at = 2
    while True:
        if content[at] != 0xFF:
            raise _Broken
        while content[at + 1] == 0xFF:  # fill bytes
            at += 1
        marker = content[at + 1]
        if marker == 0xD9:
            return
        end = at + 2 + _big(content[at + 2 : at + 4])
        if end > len(content) or end < at + 4:
            raise _Broken
        if marker == 0xDA:
            end = _end_of_scan(content, end)
        yield marker, content[at:end]
        at = end


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next marker stands that is neither a coded 0xFF nor a restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise _Broken
        if content[at + 1] != 0 and not 0xD0 <= content[at + 1] <= 0xD7:
            return at
        at += 2


def _jpeg_needs(marker: int, segment: bytes) -> bool:
    """JFIF's, Adobe's and the colour profile's segments change how the picture looks."""
    names = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
    return marker in names and segment.startswith(names[marker], 4)


def _png(content: bytes) -> bytes:
    kept, at, pictured, name = [content[:8]], 8, False, b""
    while name != b"IEND":
        length, name = _big(content[at : at + 4]), content[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(content) or zlib.crc32(content[at + 4 : end - 4]) != _big(
            content[end - 4 : end]
        ):
            raise _Broken
        if name == b"IHDR":
            _check_size(_big(content[at + 8 : at + 12]), _big(content[at + 12 : at + 16]))
        pictured = pictured or name == b"IDAT"
        if name in _PNG_KEPT:
            kept.append(content[at:end])
        at = end
    if not pictured or kept[1][4:8] != b"IHDR":
        raise _Broken
    return b"".join(kept)


def _webp(content: bytes) -> bytes:
    kept: list[tuple[bytes, bytes]] = []
    upright = UPRIGHT
    for name, body in _webp_chunks(content):
        if name == b"EXIF":
            upright = _orientation(body.removeprefix(b"Exif\0\0"))
        elif name in _WEBP_KEPT:
            kept.append((name, body))
    if not any(name in {b"VP8 ", b"VP8L"} for name, _ in kept):
        raise _Broken
    _check_size(*_webp_size(*kept[0]))
    if upright != UPRIGHT:
        kept.append((b"EXIF", _tiff_saying(upright)))
    flag = 0 if upright == UPRIGHT else _WEBP_HAS_EXIF
    whole = b"".join(_webp_chunk(name, body, flag) for name, body in kept)
    return b"RIFF" + (len(whole) + 4).to_bytes(4, "little") + b"WEBP" + whole


def _webp_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    end = 8 + int.from_bytes(content[4:8], "little")
    if end > len(content):
        raise _Broken
    at = 12
    while at + 8 <= end:
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        if at + 8 + length > end:
            raise _Broken
        yield content[at : at + 4], content[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _webp_chunk(name: bytes, body: bytes, flag: int) -> bytes:
    if name == b"VP8X":
        body = bytes([body[0] & ~(_WEBP_HAS_EXIF | _WEBP_HAS_XMP) | flag]) + body[1:]
    return name + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)


def _webp_size(name: bytes, body: bytes) -> tuple[int, int]:
    """Width and height as the first chunk says them."""
    if name == b"VP8X":
        return (
            int.from_bytes(body[4:7], "little") + 1,
            int.from_bytes(body[7:10], "little") + 1,
        )
    if name == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        sizes = int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")
        return sizes[0] & 0x3FFF, sizes[1] & 0x3FFF
    if name == b"VP8L" and body[:1] == b"\x2f":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise _Broken


def _check_size(width: int, height: int) -> None:
    if not width or not height:
        raise _Broken
    if width * height > MOST_PIXELS:
        raise FormFault("photo_too_wide", f"a photo has at most {MOST_PIXELS} pixels")


def _orientation(tiff: bytes) -> int:
    """How the picture is to be turned, 1 to 8; upright where that reads oddly."""
    if tiff[:2] not in (b"II", b"MM"):
        return UPRIGHT
    order: Literal["little", "big"] = "little" if tiff[:2] == b"II" else "big"

    def number(at: int, length: int) -> int:
        return int.from_bytes(tiff[at : at + length], order)

    table = number(4, 4)
    for entry in range(min(number(table, 2), 64)):
        at = table + 2 + entry * 12
        if number(at, 2) == _ORIENTATION:
            turned = number(at + 8, 2)
            return turned if 1 <= turned <= 8 else UPRIGHT
    return UPRIGHT


def _tiff_saying(orientation: int) -> bytes:
    """The smallest Exif table that says how a picture is turned, and nothing else."""
    entry = _ORIENTATION.to_bytes(2, "big") + b"\0\3\0\0\0\1" + orientation.to_bytes(2, "big")
    return b"MM\0*\0\0\0\x08\0\1" + entry + b"\0\0" + b"\0\0\0\0"


def _big(number: bytes) -> int:
    return int.from_bytes(number, "big")


_KINDS: Mapping[tuple[bytes, int], tuple[str, str, Callable[[bytes], bytes]]] = MappingProxyType(
    {
        (b"\xff\xd8\xff", 0): ("image/jpeg", "jpg", _jpeg),
        (b"\x89PNG\r\n\x1a\n", 0): ("image/png", "png", _png),
        (b"WEBP", 8): ("image/webp", "webp", _webp),
    }
)
"""By the bytes that stand at an offset: type, extension, and what takes the rest away."""
