"""Evidence as a detector makes it: a real H.264 clip whose every picture says its own number.

The street is drawn; a figure walks in, leaves a bag at second 4 and goes. The number of each
picture stands in the upper left corner as eight squares, white for one, lowest bit first.
"""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass

import av
import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]

WIDTH, HEIGHT, RATE, SECONDS = 640, 360, 12, 12
LEFT_AT, GONE_AT = 4.0, 8.0
SQUARE = 20
BAG = (0.46, 0.68, 0.54, 0.80)
ZONE = ((0.05, 0.55), (0.95, 0.50), (0.98, 0.92), (0.02, 0.95))
RUN_START = 500.0
"""Media second of the run at which the clip begins."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of a case, as it is announced and sent."""

    kind: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def make_evidence(*, h265: bool = False) -> dict[str, File]:
    """All files of a case, by name; an H.265 clip comes with its preview."""
    files = {
        "clip.mp4": File("clip", "video/mp4", make_clip("libx265" if h265 else "libx264")),
        **({"preview.mp4": File("preview", "video/mp4", make_clip())} if h265 else {}),
        "still_before.jpg": File("still_before", "image/jpeg", make_still(0.0)),
        "still_onset.jpg": File("still_onset", "image/jpeg", make_still(3.0)),
        "still_act.jpg": File("still_act", "image/jpeg", make_still(LEFT_AT)),
        "still_after.jpg": File("still_after", "image/jpeg", make_still(10.0)),
        "overlay.json": File("overlay", "application/json", _json(_overlay())),
    }
    files["manifest.json"] = File("manifest", "application/json", _json(_manifest(files)))
    return files


def make_clip(encoder: str = "libx264") -> bytes:
    """An MP4 with a key frame every two seconds, as a camera's own packets would make it."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream(encoder, rate=RATE)
        if encoder == "libx265":
            stream.options = {"x265-params": "log-level=none"}
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.gop_size = RATE * 2
        for number in range(RATE * SECONDS):
            picture = draw_picture(number)
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return buffer.getvalue()


def make_still(second: float) -> bytes:
    """The picture at a clip second, as JPEG."""
    done, encoded = cv2.imencode(".jpg", draw_picture(round(second * RATE)))
    assert done
    return encoded.tobytes()


def draw_picture(number: int) -> Picture:
    """Picture `number` of the clip, BGR."""
    second = number / RATE
    picture = np.full((HEIGHT, WIDTH, 3), (150, 140, 130), np.uint8)
    cv2.rectangle(picture, (0, 0), (WIDTH, 120), (120, 150, 175), -1)
    cv2.rectangle(picture, (60, 40), (180, 120), (90, 90, 120), -1)
    cv2.rectangle(picture, (300, 20), (420, 120), (110, 100, 90), -1)
    cv2.rectangle(picture, (0, 300), (WIDTH, HEIGHT), (90, 90, 90), -1)
    if second >= LEFT_AT:
        left, top, right, bottom = BAG
        corners = (int(left * WIDTH), int(top * HEIGHT)), (int(right * WIDTH), int(bottom * HEIGHT))
        cv2.rectangle(picture, *corners, (40, 40, 40), -1)
    left, top, right, bottom = (round(v) for v in _figure(second))
    cv2.rectangle(picture, (left, top), (right, bottom), (60, 80, 160), -1)
    _write_number(picture, number)
    return picture


def _figure(second: float) -> tuple[float, float, float, float]:
    """The walking figure in pixels: in from the left, on to the right."""
    across = 0.08 + second * 0.105
    return (across * WIDTH, 0.36 * HEIGHT, (across + 0.07) * WIDTH, 0.80 * HEIGHT)


def _write_number(picture: Picture, number: int) -> None:
    for bit in range(8):
        colour = 255 if number >> bit & 1 else 0
        left = bit * SQUARE
        picture[0:SQUARE, left : left + SQUARE] = colour


def _overlay() -> Mapping[str, object]:
    looks = []
    for half in range(16):
        second = half / 2
        left, top, right, bottom = _figure(second)
        box = [left / WIDTH, top / HEIGHT, right / WIDTH, bottom / HEIGHT]
        boxes = [{"role": "leaver", "label": "person", "score": 0.8, "box": box}]
        if second >= LEFT_AT:
            boxes.append({"role": "thing", "label": "rubbish", "score": 0.7, "box": list(BAG)})
        looks.append({"clip_s": second, "boxes": boxes})
    return {
        "zone": [list(point) for point in ZONE],
        "place": list(BAG),
        "frames": [number / RATE for number in range(RATE * SECONDS)],
        "looks": looks,
    }


def _manifest(files: Mapping[str, File]) -> Mapping[str, object]:
    end = RUN_START + SECONDS
    segment = {"clip_start_s": 0.0, "start": RUN_START, "end": end}
    return {
        "clip": {"codec": "h264", "width": WIDTH, "height": HEIGHT, "segments": [segment]},
        "covered": [[RUN_START, end]],
        "gaps": [],
        "files": {name: file.sha256 for name, file in files.items()},
    }


def _json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
