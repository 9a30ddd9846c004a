"""Things cut out along their edges, and put down in other pictures."""

from dataclasses import dataclass

import cv2
import numpy as np

from viahe_models.dataset import Truth
from viahe_models.graph import Picture

LEAST_PX = 32
"""A smaller thing has too few pixels to tell its edge, and is not cut out."""
LEAST_OF_BOX, MOST_OF_BOX = 0.35, 0.95
"""The share of its box a thing fills: what fills less, or all of it, was not told from the
ground."""
MOST_PX = 160
"""The longer side a thing is cut out at: none need be put down larger, and cv2.grabCut takes a
second for four times as many pixels."""
ROUNDS = 3
"""Of cv2.grabCut; more change no edge that can be seen."""


@dataclass(frozen=True, slots=True)
class Cutout:
    """A thing of a class slot, and how much of each pixel is its own, 0 to 1."""

    slot: int
    picture: Picture
    share: np.ndarray


def cut_out(picture: Picture, thing: Truth) -> Cutout | None:
    """The thing without the ground about it; None where it cannot be told from that."""
    height, width = picture.shape[:2]
    longer = max((thing.right - thing.left) * width, (thing.bottom - thing.top) * height)
    if longer > MOST_PX:
        size = round(width * MOST_PX / longer), round(height * MOST_PX / longer)
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
        width, height = size
    left, top = round(thing.left * width), round(thing.top * height)
    across, down = round(thing.right * width) - left, round(thing.bottom * height) - top
    if min(across, down) < LEAST_PX:
        return None
    # As much ground on every side as a third of the thing, by which the edge is told.
    x, y = max(0, left - across // 3), max(0, top - down // 3)
    about = picture[y : top + down + down // 3, x : left + across + across // 3]
    inside = (left - x, top - y, across, down)
    mask = np.zeros(about.shape[:2], np.uint8)
    cv2.setRNGSeed(0)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(about, mask, inside, *models, ROUNDS, cv2.GC_INIT_WITH_RECT)
    own = ((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)).astype(np.float32)
    own = own[top - y : top - y + down, left - x : left - x + across]
    if not LEAST_OF_BOX <= own.mean() <= MOST_OF_BOX:
        return None
    share = cv2.GaussianBlur(own, (0, 0), 1.0)
    return Cutout(thing.slot, picture[top : top + down, left : left + across].copy(), share)


def put_down(
    picture: Picture, thing: Cutout, middle: float, base: float, height_px: int
) -> tuple[Picture, Truth] | None:
    """The picture with the thing so high in it, standing on `base` about `middle` (both in
    fractions), in the light of the ground there; None where it would reach out of the picture."""
    tall, wide = thing.picture.shape[:2]
    size = (max(1, round(wide * height_px / tall)), height_px)
    height, width = picture.shape[:2]
    left, top = round(middle * width - size[0] / 2), round(base * height) - height_px
    if left < 0 or top < 0 or left + size[0] > width or top + height_px > height:
        return None
    small = cv2.resize(thing.picture, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    share = cv2.resize(thing.share, size, interpolation=cv2.INTER_AREA)[:, :, None]
    there = picture[top : top + height_px, left : left + size[0]].astype(np.float32)
    # A third of the way to the light of its new place: all of it makes a black bag grey.
    gain = np.clip((there.mean() + 20) / (small.mean() + 20), 0.5, 1.6) ** (1 / 3)
    mixed = picture.copy()
    mixed[top : top + height_px, left : left + size[0]] = (
        small * gain * share + there * (1 - share)
    ).clip(0, 255)
    put = Truth(
        thing.slot,
        left / width,
        top / height,
        (left + size[0]) / width,
        (top + height_px) / height,
    )
    return mixed, put
