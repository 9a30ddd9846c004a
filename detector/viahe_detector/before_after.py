"""One patch of the street before and after: has a thing come, has one gone, or only light?"""

from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from viahe_detector.planes import Planes, Where

RING_PX = 6
"""How far around a patch the street it lies on is looked at."""
SAME_TEXTURE, CHANCE, SURELY_SAME = 0.55, 2.5, 0.9
"""Correlation of fine texture from which the ground is the same ground in another light; what few
pixels agree by chance, as a share of their root; and what is enough for any number of them."""
TEXTURED = 2.0
"""Luma deviation of fine texture below which a ground has none that could be compared."""
WIDELY = 0.5
"""The share of a patch that must have such texture: one edge that goes on beside a small thing says
nothing of the rest."""
EDGE_PX, FADING_PX, LEAST_BEYOND = 2, 5, 20
FADING = 0.35
"""The share of the difference just inside its outline that is left two to five pixels outside,
from which a patch is light: a thing ends where it ends, by the picture's own blur."""
OWN_EDGES = 0.8
"""The correlation of the edges along a patch's outline from which they are the street's own: what
was left has its own, whatever lies under it (0.26 in the middle, 0.66 at most, over the looks at
the things left in real clips), and of light and of ghosts half have more than this."""
NO_OUTLINE = 2.0
"""Outline below which neither picture shows a thing's edge."""
LEAST_THROUGH, CRISP = 24, 8.0
"""Pixels, and luma deviation among them, by which a thing is known through what is before it."""
DECIDED = 0.55
"""The share of what both pictures show of a thing that one of them must show to decide."""
CLEAR = 60.0
"""Outline and standing off together, in greys, from which a thing is as clear as can be."""


class Verdict(Enum):
    """What became of a patch."""

    LEFT = "left"
    REMOVED = "removed"
    LIGHT = "light"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Compared:
    """`score` in 0..1 tells how clearly one picture shows a thing there and the other none."""

    verdict: Verdict
    score: float


def compare(before: Planes, now: Planes, patch: Where, open_ground: Where) -> Compared:
    """What became of `patch` between two pictures of one crop.

    `open_ground` are the pixels around it that are neither covered nor changed. A thing shows
    by an edge along the patch's outline and by standing off from the ground around it; which of
    the two pictures shows it more decides, and where neither does it is unclear. Texture that goes
    on under another brightness is light, and so is what ends at edges that were there before. On
    even ground light cannot be told from a thing by texture.
    """
    if _texture_goes_on(before[0], now[0], patch) or _fades_out(before, now, patch, open_ground):
        return Compared(Verdict.LIGHT, 0.0)
    if _edges_go_on(before[0], now[0], patch):
        return Compared(Verdict.LIGHT, 0.0)
    outline_before, outline_now = _outline(before, patch), _outline(now, patch)
    ring = around(patch, RING_PX) & open_ground
    off_before, off_now = _stands_off(before, patch, ring), _stands_off(now, patch, ring)
    shown_before, shown_now = outline_before + off_before, outline_now + off_now
    if max(outline_before, outline_now) < NO_OUTLINE:
        return Compared(Verdict.LIGHT, 0.0)
    share = shown_now / max(1e-6, shown_before + shown_now)
    strength = min(1.0, max(shown_before, shown_now) / CLEAR)
    if 1 - DECIDED < share < DECIDED:
        return Compared(Verdict.UNCLEAR, 0.0)
    verdict = Verdict.LEFT if share >= 0.5 else Verdict.REMOVED
    return Compared(verdict, strength * (0.4 + 0.6 * abs(2 * share - 1)))


def _fades_out(before: Planes, now: Planes, patch: Where, open_ground: Where) -> bool:
    """Whether the difference goes on beyond the patch's outline, growing weaker, as light does."""
    beyond = around(patch, FADING_PX) & ~around(patch, EDGE_PX) & open_ground
    rim = patch & ~_shrunk(_shrunk(patch))
    if np.count_nonzero(beyond) < LEAST_BEYOND:
        return False
    apart = np.abs(now[0] - before[0])
    return bool(np.median(apart[beyond]) >= FADING * np.median(apart[rim]))


def is_shade(before: Planes, now: Planes, patch: Where) -> bool:
    """Whether the patch is evenly darker and of the same colour: a shadow, or as dark a thing."""
    old, new = before[:, patch], now[:, patch]
    ratio = new[0] / np.maximum(old[0], 1.0)
    if not 0.25 < ratio.mean() < 0.95 or ratio.std() > 0.2 * ratio.mean():
        return False
    return bool(np.abs(new[1:] - old[1:]).mean(1).max() < 4.0)


def shows_through(thing: Planes, now: Planes, part: Where) -> bool:
    """Whether `part` of a patch shows the thing's own texture although something is before it.

    False too where so small a part, or so even a thing, could not tell.
    """
    if np.count_nonzero(part) < LEAST_THROUGH:
        return False
    known, seen = thing[0][part], now[0][part]
    if known.std() < CRISP or seen.std() < 1e-3:
        return False
    return bool(np.corrcoef(known, seen)[0, 1] > SURELY_SAME)


def around(patch: Where, reach_px: int) -> Where:
    """The pixels outside a patch that are no farther from it than `reach_px`."""
    kernel = np.ones((2 * reach_px + 1, 2 * reach_px + 1), np.uint8)
    return np.asarray(cv2.dilate(patch.view(np.uint8), kernel), np.bool_) & ~patch


def _texture_goes_on(before: NDArray[np.float32], now: NDArray[np.float32], patch: Where) -> bool:
    core = _shrunk(patch)
    if np.count_nonzero(core) < 20:
        return False
    old, new = _fine(before, core), _fine(now, core)
    if np.mean(_roughness(old, core)[core] >= TEXTURED) < WIDELY or new[core].std() < 1e-3:
        return False
    chance = CHANCE / np.sqrt(np.count_nonzero(core))
    same = min(SURELY_SAME, SAME_TEXTURE + chance)
    return bool(np.corrcoef(old[core], new[core])[0, 1] > same)


def _edges_go_on(before: NDArray[np.float32], now: NDArray[np.float32], patch: Where) -> bool:
    """Whether the edges along the outline run, and how strongly, as they did before."""
    rim = _rim(patch)
    old, new = (np.stack(_slopes(luma))[:, rim].ravel() for luma in (before, now))
    strength = float(np.sqrt((old @ old) * (new @ new)))
    return strength > 0 and float(old @ new) > OWN_EDGES * strength


def _roughness(fine: NDArray[np.float32], patch: Where) -> NDArray[np.float32]:
    """Deviation of fine texture about each pixel, from pixels of the patch alone."""
    weight = patch.astype(np.float32)
    square = cv2.blur(fine * fine * weight, (5, 5)) / np.maximum(cv2.blur(weight, (5, 5)), 1e-3)
    return np.asarray(np.sqrt(np.maximum(square, 0)), np.float32)


def _fine(luma: NDArray[np.float32], patch: Where) -> NDArray[np.float32]:
    """Luma less its local mean, which is taken inside the patch alone: its rim is no texture."""
    weight = patch.astype(np.float32)
    mean = cv2.blur(luma * weight, (9, 9)) / np.maximum(cv2.blur(weight, (9, 9)), 1e-3)
    return np.asarray(luma - mean, np.float32)


def _outline(picture: Planes, patch: Where) -> float:
    """Mean step of brightness across the patch's outline, 0..255 (colour counts double)."""
    rim = _rim(patch)
    steps = [_steps(plane)[rim].mean() for plane in picture]
    return float(steps[0] + 2 * max(steps[1], steps[2]))


def _rim(patch: Where) -> Where:
    """The pixels along its outline, two outside and one inside."""
    return np.asarray(around(patch, 2) | (patch & ~_shrunk(patch)))


def _steps(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.magnitude(*_slopes(plane)), np.float32)


def _slopes(plane: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How brightness rises at each pixel, to the right and down."""
    across = cv2.Sobel(plane, cv2.CV_32F, 1, 0, scale=0.25)
    down = cv2.Sobel(plane, cv2.CV_32F, 0, 1, scale=0.25)
    return np.asarray(across, np.float32), np.asarray(down, np.float32)


def _stands_off(picture: Planes, patch: Where, ring: Where) -> float:
    """How far the patch's mean colour is from that of the ground around it, 0..255."""
    if not ring.any():
        return 0.0
    luma, *chroma = (abs(float(plane[patch].mean() - plane[ring].mean())) for plane in picture)
    return luma + 2 * max(chroma)


def _shrunk(patch: Where) -> Where:
    eroded = cv2.erode(patch.view(np.uint8), np.ones((3, 3), np.uint8), borderValue=0)
    return np.asarray(eroded, np.bool_)
