"""A camera that shakes: how each picture has to be moved to lie on the street's own picture.

Corners of the street's picture are followed into the new one (Lucas and Kanade's tracking), and
enough of them have to agree on one shift, turn and zoom. Where the picture swung too far for that,
features that look alike (ORB) say where to begin. A camera that stands still costs the following
of its corners and no more: its pictures are left as they are, to the last bit.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from viahe_detector.middle import middle
from viahe_rules.domain import Box, Point

MOST_CORNERS = 120
MOST_FEATURES = 600
LEAST_CORNERS = 10
"""Fewer say nothing of the picture as a whole."""
AGREEING_SHARE = 0.2
"""The share of the corners in view that have to agree on one movement: where near things and far
ones move differently the largest part does, and so many do not agree by chance."""
AGREEING_PX = 1.2
STILL_PX = 0.4
"""A median movement below this is the tracking's own error."""
MOST_TURN_DEG, MOST_ZOOM = 20.0, 1.25
"""A camera that moves farther has been moved, and does not shake."""

Luma = NDArray[np.float32]
Where = NDArray[np.bool_]
Matrix = NDArray[np.float64]
Points = NDArray[np.float32]
"""Rows of x and y, in pixels."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where the pixels of a picture belong in the reference: an affine map of pixels, 2 × 3."""

    onto: Matrix
    size: tuple[int, int]
    """Width and height of both pictures, in pixels."""

    @property
    def is_still(self) -> bool:
        """Whether the picture already lies where it belongs."""
        return bool((self.onto == STILL).all())

    def moves_px(self) -> float:
        """How far the picture's quarter points are moved, at most."""
        width, height = self.size
        points = [(width * x, height * y) for x in (0.25, 0.75) for y in (0.25, 0.75)]
        return max(float(np.hypot(*np.subtract(_applied(self.onto, p), p))) for p in points)

    def then(self, other: "Alignment") -> "Alignment":
        """Onto the reference of `other`, whose picture is the reference of this one."""
        whole = np.vstack([self.onto, [0.0, 0.0, 1.0]])
        return Alignment(other.onto @ whole, self.size)

    def moved(self, planes: NDArray[np.float32]) -> NDArray[np.float32]:
        """The picture (planes, height, width) on the reference; its edge is drawn out."""
        if self.is_still:
            return planes
        return np.stack(
            [
                cv2.warpAffine(
                    plane,
                    self.onto,
                    self.size,
                    flags=cv2.INTER_LINEAR,
                    borderMode=cv2.BORDER_REPLICATE,
                )
                for plane in planes
            ]
        )

    def seen(self, figures: NDArray[Any]) -> NDArray[Any]:
        """Figures of the reference's pixels, one plane or several, where the picture shows them.

        Grey values go over smoothly, marks, counts and times do not; 0 where the reference ends.
        """
        if figures.ndim == 3:
            return np.stack([self.seen(plane) for plane in figures])
        whole = figures.view(np.uint8) if figures.dtype == np.bool_ else figures
        smoothly = figures.dtype == np.float32
        flags = cv2.WARP_INVERSE_MAP | (cv2.INTER_LINEAR if smoothly else cv2.INTER_NEAREST)
        border = cv2.BORDER_REPLICATE if smoothly else cv2.BORDER_CONSTANT
        seen = cv2.warpAffine(whole, self.onto, self.size, flags=flags, borderMode=border)
        return np.asarray(seen).astype(figures.dtype, copy=False)

    def covered(self, margin_px: int = 2) -> Where:
        """The pixels of the reference the picture shows, but for a margin along its edge."""
        width, height = self.size
        shown = np.zeros((height, width), np.uint8)
        shown[margin_px : height - margin_px, margin_px : width - margin_px] = 1
        return np.asarray(cv2.warpAffine(shown, self.onto, self.size, flags=cv2.INTER_NEAREST) > 0)

    def to_reference(self, box: Box) -> Box:
        """A box of the picture, in fractions of it, on the reference."""
        return box if self.is_still else self._mapped(box, self.onto)

    def to_picture(self, box: Box) -> Box:
        """A box of the reference on the picture, no farther than its edges."""
        if self.is_still:
            return box
        there = self._mapped(box, _inverse(self.onto))
        left, top = min(max(there.left, 0.0), 1.0), min(max(there.top, 0.0), 1.0)
        return Box(left, top, max(left, min(there.right, 1.0)), max(top, min(there.bottom, 1.0)))

    def to_picture_point(self, point: Point) -> Point:
        """A point of the reference, in fractions, on the picture, which may end before it."""
        if self.is_still:
            return point
        width, height = self.size
        back = _inverse(self.onto)
        x, y = _applied(back, (point[0] * width, point[1] * height))
        return x / width, y / height

    def _mapped(self, box: Box, matrix: Matrix) -> Box:
        """The upright box whose centre and sides are the mapped ones."""
        width, height = self.size
        x, y = _applied(matrix, (box.centre[0] * width, box.centre[1] * height))
        zoom = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
        across, down = box.width * zoom / 2, box.height * zoom / 2
        return Box(x / width - across, y / height - down, x / width + across, y / height + down)


STILL: Matrix = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
STILL.setflags(write=False)


def still(size: tuple[int, int]) -> Alignment:
    """The alignment of a picture that has not moved."""
    return Alignment(STILL, size)


def align(
    reference: Luma, now: Luma, known: Where, free: Where, last: Alignment | None = None
) -> Alignment | None:
    """How `now` lies on `reference`, searched for near where the `last` look lay."""
    height, width = reference.shape
    sought_for = corners(reference, known, MOST_CORNERS)
    before, after, seen = followed(reference, now, sought_for, free, last)
    least = max(LEAST_CORNERS, AGREEING_SHARE * seen)
    if len(before) < least:
        return None
    if moved_px(before, after) < STILL_PX:
        return still((width, height))
    found = _agreed(before, after, (width, height), AGREEING_PX, least)
    if found is None:
        return None
    return still((width, height)) if found.moves_px() < STILL_PX else found


def corners(reference: Luma, known: Where, most: int) -> Points:
    """Up to so many corners (x, y) of the reference, the clearest first."""
    clearest = cv2.goodFeaturesToTrack(
        _byte(reference), most, 0.01, 9, mask=_inner(known), blockSize=5
    )
    found = np.zeros((0, 2)) if clearest is None else clearest.reshape(-1, 2)
    return np.asarray(found, np.float32)


def moved_px(before: Points, after: Points) -> float:
    return float(np.median(np.linalg.norm(after - before, axis=1)))


def sought(reference: Luma, known: Where, now: Luma, free: Where) -> Alignment | None:
    """Roughly how `now` lies on `reference`, wherever that is, by features that look alike."""
    features = cv2.ORB.create(MOST_FEATURES, scaleFactor=1.3, nlevels=4, fastThreshold=8)
    there, there_like = features.detectAndCompute(_byte(reference), known.view(np.uint8))
    here, here_like = features.detectAndCompute(_byte(now), free.view(np.uint8))
    if len(there) == 0 or len(here) == 0:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(there_like, here_like)
    if len(pairs) < LEAST_CORNERS:
        return None
    before = np.array([there[pair.queryIdx].pt for pair in pairs], np.float32)
    after = np.array([here[pair.trainIdx].pt for pair in pairs], np.float32)
    height, width = reference.shape
    least = max(LEAST_CORNERS, 0.1 * len(pairs))
    return _agreed(before, after, (width, height), 2 * AGREEING_PX, least)


def _agreed(
    before: Points, after: Points, size: tuple[int, int], within_px: float, least: float
) -> Alignment | None:
    """The movement at least so many points agree on; None without one a shaking camera makes."""
    matrix, agreeing = cv2.estimateAffinePartial2D(
        after, before, method=cv2.RANSAC, ransacReprojThreshold=within_px, maxIters=1000
    )
    if np.size(matrix) != np.size(STILL) or np.count_nonzero(agreeing) < least:
        return None  # OpenCV gives no matrix where nothing agrees, whatever its stubs say
    onto = np.asarray(matrix, np.float64)
    return Alignment(onto, size) if _is_shaking(onto) else None


def followed(
    reference: Luma,
    now: Luma,
    wanted: Points,
    free: Where,
    last: Alignment | None,
) -> tuple[Points, Points, int]:
    """The wanted corners found again, where they are now, and how many there were to find."""
    guess = wanted.copy()
    if last is not None and not last.is_still:
        back = _inverse(last.onto)
        guess = (wanted @ back[:, :2].T + back[:, 2]).astype(np.float32)
    visible = _at(free, guess)
    wanted, guess = wanted[visible], guess[visible]
    if len(wanted) == 0:
        return wanted, guess, 0
    gain = float(middle(now)) / max(float(middle(reference)), 1.0)
    found, status, _ = cv2.calcOpticalFlowPyrLK(
        _byte(reference * min(max(gain, 0.25), 4.0)),
        _byte(now),
        wanted,
        guess,
        winSize=(15, 15),
        maxLevel=3,
        flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
    )
    now_at = np.asarray(found, np.float32)
    kept = (status.reshape(-1) > 0) & _at(free, now_at)
    return wanted[kept], now_at[kept], len(wanted)


def _at(free: Where, points: Points) -> Where:
    """Which points (x, y) lie on free pixels; outside the picture nothing is free."""
    height, width = free.shape
    x, y = np.rint(points[:, 0]).astype(np.int64), np.rint(points[:, 1]).astype(np.int64)
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    return np.asarray(inside & free[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)])


def _is_shaking(matrix: Matrix) -> bool:
    zoom = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    turn = abs(float(np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0]))))
    return 1 / MOST_ZOOM <= zoom <= MOST_ZOOM and turn <= MOST_TURN_DEG


def _inner(fixed: Where) -> NDArray[np.uint8]:
    """Where corners may lie: at an edge of what is known there is always one that means nothing."""
    shrunk = cv2.erode(fixed.view(np.uint8), np.ones((7, 7), np.uint8), borderValue=1)
    return np.asarray(shrunk, np.uint8)


def _byte(luma: Luma) -> NDArray[np.uint8]:
    return np.clip(luma, 0, 255).astype(np.uint8)


def _applied(matrix: Matrix, point: Point) -> Point:
    x, y = matrix[:, :2] @ np.asarray(point) + matrix[:, 2]
    return float(x), float(y)


def _inverse(matrix: Matrix) -> Matrix:
    return np.asarray(cv2.invertAffineTransform(matrix), np.float64)
