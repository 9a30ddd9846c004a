"""Whether a picture still shows what the network was last asked about, so that it need not be.

The network is asked again as soon as any place of the picture has changed since it was last
asked (not since the look before, so that slow change adds up), and at the latest after
`longest_s`. Before anything is carried on, the network has to have named the same things in the
same places several times running: what it is unsure of, it goes on being asked about.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from viahe_detector.pixels import Pixels
from viahe_rules.domain import Detection
from viahe_rules.geometry import iou

LONGER_SIDE_PX = 160
LEAST_DIFFERENCE = 5.0
"""Mean difference of a place of 3 × 3 pixels at this size, in any colour, 0..255.

A sensor's grain and the codec leave 1 to 3. A person as small as the network can name them
covers such a place and differs by more.
"""
AGREEING_ANSWERS = 3
"""Answers running that have to name the same things."""
SAME_PLACE = 0.7
SAME_SCORE = 0.1

Small = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the network last said: of which picture, when, and how often running it agreed."""

    t: float
    small: Small
    detections: tuple[Detection, ...]
    agreed: int


class Stillness:
    """Of one camera, in order of time; `t` is on one clock that goes on over runs."""

    def __init__(self, longest_s: float, answers: int = AGREEING_ANSWERS) -> None:
        """`longest_s` bounds how old an answer may grow, 0 carries nothing on; `answers` is how
        many running have to agree."""
        self._longest_s = longest_s
        self._answers = answers
        self._asked: Asked | None = None

    def carried(self, t: float, picture: Pixels) -> tuple[Detection, ...] | None:
        """What the network would say again of this picture; None if it has to be asked."""
        asked = self._asked
        if asked is None or asked.agreed < self._answers:
            return None
        if not 0 <= t - asked.t < self._longest_s:
            return None
        return asked.detections if _is_same(asked.small, small(picture)) else None

    def answered(self, t: float, picture: Pixels, detections: tuple[Detection, ...]) -> None:
        """Take what the network said of this picture."""
        now, before = small(picture), self._asked
        again = before is not None and _is_same(before.small, now)
        agrees = before is not None and again and agree(before.detections, detections)
        agreed = before.agreed + 1 if before is not None and agrees else 1
        self._asked = Asked(t, now, detections, agreed)


def small(picture: Pixels) -> Small:
    """The picture as it is compared."""
    height, width = picture.shape[:2]
    scale = min(1.0, LONGER_SIDE_PX / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    shrunk = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.asarray(cv2.blur(shrunk, (3, 3)), np.float32)


def agree(one: Sequence[Detection], other: Sequence[Detection]) -> bool:
    """Whether two answers name the same things in the same places."""
    left = list(other)
    for found in one:
        twin = next((each for each in left if _is_twin(found, each)), None)
        if twin is None:
            return False
        left.remove(twin)
    return not left


def _is_twin(one: Detection, other: Detection) -> bool:
    return (
        one.label == other.label
        and abs(one.score - other.score) <= SAME_SCORE
        and iou(one.box, other.box) >= SAME_PLACE
    )


def _is_same(before: Small, now: Small) -> bool:
    return before.shape == now.shape and float(cv2.absdiff(before, now).max()) < LEAST_DIFFERENCE
