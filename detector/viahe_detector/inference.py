"""The networks, adapted at the door: pictures in, detections in fractions of the picture out."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from queue import LifoQueue
from typing import Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from viahe_detector.errors import ModelError
from viahe_detector.pixels import Pixels
from viahe_models import registry
from viahe_models.errors import ModelsError
from viahe_rules.domain import Box, Detection
from viahe_rules.geometry import clipped, grown, iou

# OpenVINO's converter would load a telemetry client. Nothing here converts, and no detector
# holds a part that could call home: to this process the client is not installed.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
import openvino as ov  # noqa: E402

CROP = 3.0
"""A crop shows a thing with as much street on either side as it is wide: so it was trained."""
INTERCHANGEABLE = frozenset({"car", "truck", "bus"})
"""Classes the network gives one vehicle two of: a van is a car and a truck."""
SAME_VEHICLE_IOU = 0.7


USUAL_SHAPE = (1080, 1920)
"""Height and width of most cameras' pictures; what these need is compiled before the first."""

Size = tuple[int, int]
Lane = dict[Size, Any]
"""The inference request of one caller for each input size."""


class Network:
    """A verified network compiled for this machine's CPU.

    Any thread may ask it: as many pictures as it has lanes are looked at together, further
    callers wait their turn. Each lane is a copy of its own that works on its caller's thread:
    two copies side by side take in more than one that uses both cores.
    """

    def __init__(
        self, record: registry.Network, sizes: tuple[Size, ...], lanes: int, threads: int
    ) -> None:
        """Compiles the graph of `record`; a picture is seen in the one of `sizes` that suits it.

        `sizes` are height and width in pixels, `lanes` is how many callers run at once, and
        `threads` how many CPU threads each may use, 0 leaving that to the runtime. Raises
        ModelError if OpenVINO cannot read or compile the graph.
        """
        self.record = record
        self._sizes = sizes
        self._threads = threads
        self._lanes: LifoQueue[Lane] = LifoQueue()
        usual = best_size(USUAL_SHAPE, sizes)
        for _ in range(lanes):
            self._lanes.put({usual: _compiled(record, usual, threads)})
        # The runtime sets parts of itself up at the first answer, and two threads that ask for
        # their first at once wait for each other for ever. So the first is asked for here.
        self.detect(np.full((*usual, 3), registry.PAD, np.uint8))

    @classmethod
    def open(
        cls,
        which: str,
        *,
        precision: str = "fp16",
        size: tuple[int, int] | None = None,
        lanes: int = 1,
        threads: int = 1,
    ) -> Self:
        """The network `which` (a name of the registry, or the path of a card), hash-checked.

        Without `size` a picture is seen in the one its card names that suits its shape. Raises
        ModelError if the network is missing, damaged or unreadable.
        """
        try:
            record = registry.find(which, precision)
        except ModelsError as wrong:
            raise ModelError(str(wrong)) from wrong
        return cls(record, (size,) if size else record.sizes, lanes, threads)

    def detect(self, picture: Pixels, min_score: float | None = None) -> tuple[Detection, ...]:
        """What the network names in the picture, best first, with boxes clipped to it.

        `min_score` is the card's threshold if it is not given. One vehicle that has two names
        keeps the better one.
        """
        least = self.record.threshold if min_score is None else min_score
        size = best_size((picture.shape[0], picture.shape[1]), self._sizes)
        scale, canvas = _letterbox(picture, *size)
        with self._lane(size) as request:
            rows = np.array(request.infer({0: canvas[None]})[0][0], np.float32)
        height, width = picture.shape[0] * scale, picture.shape[1] * scale
        rows = rows[rows[:, 4] >= least]
        rows[:, [0, 2]] /= width
        rows[:, [1, 3]] /= height
        return one_name_each(_detections(rows, self.record.labels))

    def detect_crop(
        self, picture: Pixels, around: Box, min_score: float | None = None
    ) -> tuple[Detection, ...]:
        """What it names in a crop three times as large as `around`; boxes are of the picture."""
        height, width = picture.shape[:2]
        area = clipped(grown(around, CROP))
        left, top = int(area.left * width), int(area.top * height)
        right, bottom = round(area.right * width), round(area.bottom * height)
        if right - left < 2 or bottom - top < 2:
            return ()
        within = self.detect(picture[top:bottom, left:right], min_score)
        x_scale, y_scale = (right - left) / width, (bottom - top) / height
        return tuple(
            Detection(
                found.label,
                found.score,
                Box(
                    left / width + found.box.left * x_scale,
                    top / height + found.box.top * y_scale,
                    left / width + found.box.right * x_scale,
                    top / height + found.box.bottom * y_scale,
                ),
            )
            for found in within
        )

    @contextmanager
    def _lane(self, size: Size) -> Iterator[Any]:
        lane = self._lanes.get()
        try:
            if size not in lane:
                lane[size] = _compiled(self.record, size, self._threads)
            yield lane[size]
        finally:
            self._lanes.put(lane)


def computes_in_bfloat16() -> bool:
    """Whether this processor computes in bfloat16 (AMX, AVX512-BF16)."""
    return "BF16" in ov.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def is_shipped(name: str) -> bool:
    """Whether a network of this name comes with the program."""
    return name in registry.names()


def best_size(shape: tuple[int, int], sizes: Sequence[Size]) -> Size:
    """The size in which a picture of `shape` (height, width) is seen largest.

    Of several the one with the fewest pixels: the rest is border, which costs as much.
    """
    height, width = shape
    scales = {size: min(size[0] / height, size[1] / width) for size in sizes}
    largest = max(scales.values())
    fitting = [size for size in sizes if scales[size] >= 0.99 * largest]
    return min(fitting, key=lambda size: size[0] * size[1])


def _compiled(record: registry.Network, size: Size, threads: int) -> Any:
    """An inference request that works on the thread that asks."""
    try:
        core = ov.Core()
        graph = core.read_model(record.model)
        graph.reshape([1, *size, 3])
        settings = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": threads,
            # A copy would hold its caller to the first core, where it meets all other copies.
            "ENABLE_CPU_PINNING": False,
        }
        return core.compile_model(graph, "CPU", settings).create_infer_request()
    except RuntimeError as wrong:
        first_line = str(wrong).strip().splitlines()[-1]
        raise ModelError(
            f"{record.model} cannot be compiled for {size[0]}×{size[1]} pixels: {first_line}. "
            "Install again, or export the network again"
        ) from wrong


def _letterbox(picture: Pixels, height: int, width: int) -> tuple[float, NDArray[np.uint8]]:
    """The picture in the upper left of a grey canvas, and the scale it was given."""
    scale = min(height / picture.shape[0], width / picture.shape[1])
    size = (
        min(width, max(1, round(picture.shape[1] * scale))),
        min(height, max(1, round(picture.shape[0] * scale))),
    )
    if size == (picture.shape[1], picture.shape[0]) == (width, height):
        return scale, picture
    canvas = np.full((height, width, 3), registry.PAD, np.uint8)
    canvas[: size[1], : size[0]] = cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR)
    return scale, canvas


def _detections(rows: NDArray[np.float32], labels: tuple[str, ...]) -> tuple[Detection, ...]:
    """Rows of left, top, right, bottom, score, class; no class or no area is no detection."""
    found = []
    for left, top, right, bottom, score, label in rows.tolist():
        box = clipped(Box(left, top, right, bottom))
        if box.area > 0 and 0 <= int(label) < len(labels):
            found.append(Detection(labels[int(label)], min(1.0, score), box))
    return tuple(sorted(found, key=lambda detection: -detection.score))


def one_name_each(found: tuple[Detection, ...]) -> tuple[Detection, ...]:
    """The detections (best first) without second names for one car, truck or bus."""
    kept: list[Detection] = []
    for detection in found:
        twin = detection.label in INTERCHANGEABLE and any(
            other.label in INTERCHANGEABLE and iou(other.box, detection.box) >= SAME_VEHICLE_IOU
            for other in kept
        )
        if not twin:
            kept.append(detection)
    return tuple(kept)
