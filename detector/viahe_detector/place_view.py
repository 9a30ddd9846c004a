"""How one place looks in the pictures of a look back: cut out, found again where the camera swings,
and compared with how it looks without the thing and with it."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from viahe_detector.pixels import Pixels
from viahe_rules.domain import Box, Point
from viahe_rules.geometry import clipped, grown, moved

PLACE_PX = 64
"""The side a place and the ground around it are compared at."""
SURROUNDINGS = 2.0
MOST_SWUNG = 0.06
"""How far a camera's shaking may carry a place before its looks have to be cut out anew, in
picture widths."""
SEARCHED_PX, FOUND_AGAIN = 16, 0.5
"""How far, in pixels of the square, a place is sought by its ground; and the correlation from which
it is that ground."""
REFERENCES = 3
"""Pictures whose median is how the place looks without or with the thing."""
LEAST_DIFFERENCE = 12.0
"""Brightness or colour by which a pixel tells the two apart, 0..255."""
LEAST_TELLING = 0.08
"""The share of the place that must tell the two apart for anything to be said."""

Patch = NDArray[np.float32]


def _place_mask() -> NDArray[np.bool_]:
    """Where in the square of `around` the place itself lies."""
    mask = np.zeros((PLACE_PX, PLACE_PX), np.bool_)
    edge = round(PLACE_PX * (1 - 1 / SURROUNDINGS) / 2)
    mask[edge : PLACE_PX - edge, edge : PLACE_PX - edge] = True
    return mask


PLACE_MASK = _place_mask()


@dataclass(frozen=True, slots=True)
class View:
    """The pixels kept of one picture, and the area of the picture that they show."""

    wide: Pixels
    area: Box


def view_of(place: Box, picture: Pixels, way: Point) -> View:
    """What is kept of a picture in which the place lies so far from where it is known to lie."""
    there = moved(grown(place, SURROUNDINGS), *way)
    area = clipped(_widened(there, MOST_SWUNG))
    if area.area <= 0:
        area = clipped(_widened(grown(place, SURROUNDINGS), MOST_SWUNG))
    return View(_as_kept(_cropped(picture, area), area, place), area)


def found_again(shown: Patch, place: Box, view: View) -> Box | None:
    """Where the place lies by the ground around it, as `shown`; the picture as a whole tells that
    of a place but roughly, where near ground swings farther than far ground. None where other
    ground is there."""
    wider = around(place, view, SEARCHED_PX)[..., 0]
    ground = np.where(PLACE_MASK, 0, 1).astype(np.uint8)
    alike = cv2.matchTemplate(wider, shown[..., 0], cv2.TM_CCOEFF_NORMED, mask=ground)
    alike = np.where(np.isfinite(alike), alike, -1.0)
    down, across = divmod(int(alike.argmax()), alike.shape[1])
    if alike[down, across] < FOUND_AGAIN:
        return None
    pixel = SURROUNDINGS / PLACE_PX
    return moved(
        place,
        (across - SEARCHED_PX) * pixel * place.width,
        (down - SEARCHED_PX) * pixel * place.height,
    )


def around(place: Box, view: View, more_px: int = 0) -> Patch:
    """The place and its ground as luma and chroma, in a square of `PLACE_PX`, and so much more on
    every side; what lies outside of what was kept is drawn out from its edge."""
    area, wide = view.area, view.wide
    height, width = wide.shape[:2]
    side = PLACE_PX + 2 * more_px
    share = SURROUNDINGS / PLACE_PX
    across, down = max(area.width, 1e-6) / width, max(area.height, 1e-6) / height
    x, y = place.centre
    x_step, y_step = share * place.width / across, share * place.height / down
    x_first = (x - area.left) / across - x_step * side / 2 + (x_step - 1) / 2
    y_first = (y - area.top) / down - y_step * side / 2 + (y_step - 1) / 2
    from_square = np.array([[x_step, 0.0, x_first], [0.0, y_step, y_first]])
    square = cv2.warpAffine(
        wide,
        from_square,
        (side, side),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    colours = cv2.cvtColor(cv2.GaussianBlur(square, (3, 3), 0), cv2.COLOR_BGR2YCrCb)
    return np.asarray(colours, np.float32)


def _in_picture(place: Box) -> NDArray[np.bool_]:
    """Where the square of `around` shows the picture, and not what was drawn out beyond it."""
    area = grown(place, SURROUNDINGS)
    middles = (np.arange(PLACE_PX) + 0.5) / PLACE_PX
    across, down = area.left + middles * area.width, area.top + middles * area.height
    rows, columns = (down > 0) & (down < 1), (across > 0) & (across < 1)
    return np.asarray(rows[:, None] & columns[None, :])


def presence(
    place: Box, looks: Sequence[Patch], opened: Sequence[bool]
) -> tuple[float, ...] | None:
    """For each look the share of the place that is as with the thing; None if nothing changed."""
    seen = [look for look, is_open in zip(looks, opened, strict=True) if is_open]
    if len(seen) < 2:
        return None
    few = min(REFERENCES, len(seen) // 2)
    after = np.median(seen[-few:], axis=0)
    ground = ~PLACE_MASK & _in_picture(place)
    before = _in_light_of(after, np.median(seen[:few], axis=0), ground)
    difference = _difference(before, after)
    telling = PLACE_MASK & (difference >= LEAST_DIFFERENCE)
    if np.count_nonzero(telling) < LEAST_TELLING * np.count_nonzero(~ground):
        return None
    limit = difference[telling] / 2
    return tuple(
        float((_difference(_in_light_of(after, look, ground), after)[telling] < limit).mean())
        for look in looks
    )


def _in_light_of(reference: Patch, patch: Patch, ground: NDArray[np.bool_]) -> Patch:
    """`patch` as bright as `reference`, going by the ground around the place."""
    if not ground.any():
        return patch
    gain = np.median(reference[..., 0][ground] / np.maximum(patch[..., 0][ground], 1.0))
    lit = patch.copy()
    lit[..., 0] *= min(max(float(gain), 0.5), 2.0)
    return lit


def _cropped(bgr: Pixels, area: Box) -> Pixels:
    """The pixels of an area, one at least."""
    height, width = bgr.shape[:2]
    top, left = min(int(area.top * height), height - 1), min(int(area.left * width), width - 1)
    bottom, right = max(top + 1, round(area.bottom * height)), round(area.right * width)
    return bgr[top:bottom, left : max(left + 1, right)]


def _as_kept(crop: Pixels, area: Box, place: Box) -> Pixels:
    """The crop of an area, no finer than the place and its ground will be compared at."""
    height, width = crop.shape[:2]
    share = max(place.width / max(area.width, 1e-6), place.height / max(area.height, 1e-6))
    scale = PLACE_PX / max(1.0, share * max(height, width))
    if scale >= 1:
        return crop.copy()
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), np.uint8)


def _widened(box: Box, by: float) -> Box:
    return Box(box.left - by, box.top - by, box.right + by, box.bottom + by)


def _difference(a: Patch, b: Patch) -> NDArray[np.float32]:
    apart = np.abs(a - b)
    return np.asarray(np.maximum(apart[..., 0], 2 * apart[..., 1:].max(-1)), np.float32)
