"""Real clips made worse: `python -m tests.detector.disturbed_clips --footage DIR --into FOLDER`.

Writes a copy of every clip of `DIR/truth.yaml` under each disturbance, and their truth beside
them, for `viahe-detector score --truth FOLDER/truth.yaml --look-every 1`. The clips stay the same
few: how much a detector loses by a disturbance shows here, how right it is on other streets does
not. Takes some minutes and about a gigabyte of memory.
"""

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import yaml

from viahe_detector.pixels import Pixels

Clip = dict[str, Any]
"""A video as the truth file has it."""
Disturbance = Callable[[Pixels, float, Clip], Pixels]
"""One picture made worse, at a second of the clip."""

SEED = 1
SHORT_S, HELD_S = 15.0, 12.0
"""A clip no longer than this is also played backwards, and held for so long at its end."""
SMALL = 0.6
JUMPS = (1.0, 0.65, 1.0, 1.4, 1.0, 0.8)
JUMP_EVERY_S, LAMPS_EVERY_S, HEADLIGHTS_EVERY_S, PASSING_S = 9.0, 12.0, 7.0, 2.5
COARSE_CRF, USUAL_CRF = 38, 26


def _mirrored(picture: Pixels, _t: float, _clip: Clip) -> Pixels:
    return np.ascontiguousarray(picture[:, ::-1])


def _small(picture: Pixels, _t: float, _clip: Clip) -> Pixels:
    return np.asarray(
        cv2.resize(picture, None, fx=SMALL, fy=SMALL, interpolation=cv2.INTER_AREA), np.uint8
    )


def _grain(picture: Pixels, t: float, _clip: Clip) -> Pixels:
    return _noisy(picture.astype(np.float32), t, 9.0)


def _dark(picture: Pixels, t: float, _clip: Clip) -> Pixels:
    return _noisy(picture * np.float32(0.35), t, 5.0)


def _jumps(picture: Pixels, t: float, clip: Clip) -> Pixels:
    every_s = min(JUMP_EVERY_S, float(clip["duration_s"]) / 4)
    return _clipped(picture * np.float32(JUMPS[int(t / every_s) % len(JUMPS)]))


def _rain(picture: Pixels, t: float, _clip: Clip) -> Pixels:
    chance = _chance(t)
    height, width = picture.shape[:2]
    streaks = np.zeros((height, width), np.uint8)
    for _ in range(350):
        x, y = int(chance.integers(width)), int(chance.integers(height))
        length = int(chance.integers(height // 30, height // 12))
        cv2.line(streaks, (x, y), (x - length // 6, y + length), int(chance.integers(40, 90)), 1)
    return _clipped(picture.astype(np.float32) + streaks[..., None])


def _shaking(picture: Pixels, t: float, _clip: Clip) -> Pixels:
    height, width = picture.shape[:2]
    across = 0.008 * width * (0.6 * math.sin(1.9 * t) + 0.4 * math.sin(4.7 * t + 1))
    down = 0.008 * width * (0.6 * math.sin(2.3 * t + 2) + 0.4 * math.sin(5.9 * t))
    turned = cv2.getRotationMatrix2D((width / 2, height / 2), 0.3 * math.sin(1.1 * t), 1.016)
    turned[:, 2] += across, down
    moved = cv2.warpAffine(picture, turned, (width, height), borderMode=cv2.BORDER_REFLECT)
    return np.asarray(moved, np.uint8)


def _headlights(picture: Pixels, t: float, _clip: Clip) -> Pixels:
    passing = t % HEADLIGHTS_EVERY_S / PASSING_S
    if passing > 1:
        return picture
    height, width = picture.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    at = width * (1.6 * passing - 0.3)
    cone = ((columns - at) / (0.18 * width)) ** 2 + ((rows - 0.6 * height) / (0.25 * height)) ** 2
    glow = np.float32(90) * np.exp(-cone)[..., None]
    return _clipped(picture * (1 + glow / 110) + 0.25 * glow)


def _lamps(picture: Pixels, t: float, clip: Clip) -> Pixels:
    """Other lamps, which light the picture's right side, by turns."""
    every_s = min(LAMPS_EVERY_S, float(clip["duration_s"]) / 3)
    if int(t / every_s) % 2 == 0:
        return picture
    return _clipped(picture * np.linspace(0.45, 1.15, picture.shape[1])[None, :, None])


def _as_it_is(picture: Pixels, _t: float, _clip: Clip) -> Pixels:
    return picture


ANYWHERE: dict[str, Disturbance] = {
    "mirrored": _mirrored,
    "small": _small,
    "grain": _grain,
    "dark": _dark,
    "jumps": _jumps,
    "rain": _rain,
    "coarse": _as_it_is,
}
FIXED_ONLY: dict[str, Disturbance] = {
    "shaking": _shaking,
    "headlights": _headlights,
    "lamps": _lamps,
}


def _noisy(picture: Any, t: float, deviation: float) -> Pixels:
    return _clipped(picture + _chance(t).normal(0, deviation, picture.shape))


def _clipped(picture: Any) -> Pixels:
    return np.asarray(np.clip(picture, 0, 255), np.uint8)


def _chance(t: float) -> np.random.Generator:
    return np.random.default_rng((SEED, round(1000 * t)))


def _pictures(path: Path) -> Iterator[Pixels]:
    """Every picture, upright."""
    with av.open(str(path)) as container:
        for frame in container.decode(container.streams.video[0]):
            turns = int(frame.rotation or 0) // 90
            yield np.ascontiguousarray(np.rot90(frame.to_ndarray(format="bgr24"), turns))


def coded(path: Path, pictures: Iterator[Pixels], fps: float, crf: int) -> int:
    """The pictures coded with B-frames and a key frame a second; how many there were."""
    written = 0
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(fps).limit_denominator(1000))
        options: dict[str, object] = {
            "crf": str(crf),
            "preset": "veryfast",
            "g": str(round(fps)),
            "bf": "2",
        }
        stream.options, stream.pix_fmt = options, "yuv420p"
        for picture in pictures:
            even = np.ascontiguousarray(picture[: picture.shape[0] & ~1, : picture.shape[1] & ~1])
            if written == 0:
                stream.height, stream.width = even.shape[:2]
            container.mux(stream.encode(av.VideoFrame.from_ndarray(even, format="bgr24")))
            written += 1
        container.mux(stream.encode())
    return written


def _truth_of(clip: Clip, file: str, pictures: int, **changes: object) -> Clip:
    told = {key: clip[key] for key in ("size", "fps", "dwell_s", "events")}
    return told | {"file": file, "duration_s": pictures / float(clip["fps"])} | changes


def _placed(clip: Clip, word: str) -> dict[str, object]:
    """Size and events where the disturbance moves them."""
    width, height = clip["size"]
    elsewhere = ("leaver", "leaver_at_s")
    events = [{key: e[key] for key in e if key not in elsewhere} for e in clip["events"]]
    if word == "mirrored":

        def mirrored(left: float, top: float, right: float, bottom: float) -> list[float]:
            return [width - right, top, width - left, bottom]

        return {"events": [e | {"region": mirrored(*e["region"])} for e in events]}
    if word == "small":
        smaller = [e | {"region": [SMALL * x for x in e["region"]]} for e in events]
        size = [round(SMALL * width) & ~1, round(SMALL * height) & ~1]
        return {"events": smaller, "size": size}
    return {}


def disturbed(clip: Clip, footage: Path, into: Path) -> Iterator[Clip]:
    """Writes every copy of a clip, and gives the truth of each."""
    path, fps, name = footage / clip["file"], float(clip["fps"]), Path(clip["file"]).stem
    kinds = ANYWHERE | (FIXED_ONLY if clip.get("camera") == "fixed" else {})
    for word, disturb in kinds.items():
        file = f"{name}-{word}.mp4"
        crf = COARSE_CRF if word == "coarse" else USUAL_CRF
        made = (disturb(picture, n / fps, clip) for n, picture in enumerate(_pictures(path)))
        yield _truth_of(clip, file, coded(into / file, made, fps, crf), **_placed(clip, word))
    if clip["duration_s"] > SHORT_S:
        return
    pictures = list(_pictures(path))
    last = pictures[-round(fps) :]
    to_and_fro = (last[::-1] + last) * round(HELD_S / 2)
    file = f"{name}-held.mp4"
    dwell = {"dumping": 5, "encroachment": 30}
    written = coded(into / file, iter(pictures + to_and_fro), fps, USUAL_CRF)
    yield _truth_of(clip, file, written, dwell_s=dwell)
    file = f"{name}-backwards.mp4"
    written = coded(into / file, reversed(pictures), fps, USUAL_CRF)
    yield _truth_of(clip, file, written, events=[])


def main(arguments: Sequence[str]) -> int:
    """Write all copies of all clips."""
    parser = argparse.ArgumentParser(prog="python -m tests.detector.disturbed_clips")
    parser.add_argument("--footage", type=Path, required=True)
    parser.add_argument("--into", type=Path, required=True)
    told = parser.parse_args(arguments)
    told.into.mkdir(parents=True, exist_ok=True)
    clips = yaml.safe_load((told.footage / "truth.yaml").read_text(encoding="utf-8"))["videos"]
    videos: list[Clip] = []
    for clip in clips:
        for each in disturbed(clip, told.footage, told.into):
            videos.append(each)
            sys.stdout.write(f"{each['file']}\n")
            sys.stdout.flush()
    truth = json.dumps({"version": 1, "videos": videos}, ensure_ascii=False, indent=1)
    (told.into / "truth.yaml").write_text(truth, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
