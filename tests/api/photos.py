"""Photos as telephones write them: a picture, and around it where and with what it was taken."""

import struct
import zlib

import cv2
import numpy as np
import numpy.typing as npt

PLACE = b"GPS of the place"
MAKER = b"Telephone Co"


def a_photo(extension: str = "jpg", *, width: int = 64, height: int = 48, seed: int = 1) -> bytes:
    """A picture of that kind with nothing around it."""
    noise = np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)
    done, coded = cv2.imencode(f".{extension}", noise)
    assert done
    return coded.tobytes()


def from_a_telephone(extension: str = "jpg", *, orientation: int = 6, seed: int = 1) -> bytes:
    """The same with an Exif table that names maker and place, as its container holds it."""
    photo, exif = a_photo(extension, seed=seed), _exif(orientation)
    if extension == "jpg":
        segment = b"Exif\0\0" + exif
        head = b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment
        comment = b"\xff\xfe" + struct.pack(">H", len(PLACE) + 2) + PLACE
        return photo[:2] + head + comment + photo[2:] + PLACE
    if extension == "png":
        at = 8 + 25  # after the signature and IHDR
        return photo[:at] + _png_chunk(b"eXIf", exif) + _png_chunk(b"tEXt", PLACE) + photo[at:]
    return _webp(photo, exif)


def picture_of(photo: bytes) -> npt.NDArray[np.uint8]:
    """The pixels, not turned."""
    flags = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    decoded = cv2.imdecode(np.frombuffer(photo, np.uint8), flags)
    assert decoded is not None
    return np.asarray(decoded, np.uint8)


def turned_to_be_seen(photo: bytes) -> tuple[int, int]:
    """Height and width as a viewer that minds the orientation shows them."""
    decoded = cv2.imdecode(np.frombuffer(photo, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    return decoded.shape[0], decoded.shape[1]


def _exif(orientation: int) -> bytes:
    """Orientation, maker, and a pointer to a table of the place."""
    entries = (
        struct.pack("<HHI4s", 0x010F, 2, len(MAKER), struct.pack("<I", 100))
        + struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
        + struct.pack("<HHII", 0x8825, 4, 1, 120)
    )
    table = b"II*\0" + struct.pack("<IH", 8, 3) + entries + struct.pack("<I", 0)
    return table.ljust(100, b"\0") + MAKER.ljust(20, b"\0") + PLACE


def _png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _webp(photo: bytes, exif: bytes) -> bytes:
    """The picture's chunk in an extended file, with Exif and XMP after it."""
    height, width = picture_of(photo).shape[:2]
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunks = (
        _riff(b"VP8X", bytes([0x0C, 0, 0, 0]) + sizes)
        + photo[12:]
        + _riff(b"EXIF", exif)
        + _riff(b"XMP ", PLACE)
    )
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def _riff(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
