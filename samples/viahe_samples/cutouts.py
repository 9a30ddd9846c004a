"""Figures cut out of photographs, as pictures with a soft edge.

A cutout is a BGRA picture, colours multiplied by alpha, as tall and wide as the figure.
"""

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from .figures import Figure
from .outlines import (
    BEFORE_THE_MINIBUS,
    FRONT_WHEEL,
    REAR_WHEEL,
    UNDER_THE_MINIBUS,
    Outline,
)
from .photographs import photograph
from .sack import draw_sack

Picture = NDArray[np.uint8]

DOUBT_PX = 7
"""Width of the band along a traced outline in which GrabCut decides."""

HEAD = 0.135
"""How much of a standing person's height keeps its colour when the clothes change theirs."""


def cut_out(figure: Figure) -> Picture:
    """The figure's cutout at the photograph's own scale. Raises `MissingPhotograph`."""
    if not figure.outline:
        return draw_sack()
    picture = photograph("bus.jpg")
    if figure.walks:
        mask = _refined(picture, _filled([figure.outline], picture))
    else:
        mask = _filled([figure.outline], picture)
        picture = _uncovered_minibus(picture, mask)
        mask = _with_shadow_beneath(picture, mask)
    left, top, right, bottom = figure.crop
    return _soft(_recoloured(picture[top:bottom, left:right], figure), mask[top:bottom, left:right])


def _filled(outlines: Iterable[Outline], picture: Picture) -> Picture:
    mask = np.zeros(picture.shape[:2], np.uint8)
    for outline in outlines:
        cv2.fillPoly(mask, [np.asarray(outline, np.int32)], 255)
    return mask


def _refined(picture: Picture, mask: Picture) -> Picture:
    """`mask` with its edge moved to where the colours part; the inside and outside stand."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (DOUBT_PX, DOUBT_PX))
    inside, outside = cv2.erode(mask, kernel), cv2.dilate(mask, kernel)
    labels = np.where(mask > 0, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[inside > 0] = cv2.GC_FGD
    labels[outside == 0] = cv2.GC_BGD
    left, top, width, height = cv2.boundingRect(outside)
    around = np.s_[top : top + height, left : left + width]
    cv2.setRNGSeed(1)
    part = np.ascontiguousarray(labels[around])
    model, other = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(picture[around], part, (0, 0, 0, 0), model, other, 2, cv2.GC_INIT_WITH_MASK)
    refined = np.zeros_like(mask)
    refined[around] = np.where((part == cv2.GC_FGD) | (part == cv2.GC_PR_FGD), 255, 0)
    return np.asarray(cv2.medianBlur(refined, 5), np.uint8)


def _uncovered_minibus(picture: Picture, mask: Picture) -> Picture:
    """The photograph with whoever stands before the minibus painted over, and its wheels whole."""
    covered = cv2.dilate(_filled(BEFORE_THE_MINIBUS, picture), np.ones((9, 9), np.uint8)) > 0
    known = (cv2.erode(mask, np.ones((5, 5), np.uint8)) > 0) & ~covered
    smooth = _averaged_where(picture, known)
    columns = np.arange(picture.shape[1])
    whole = picture.copy()
    for y in np.flatnonzero(known.any(axis=1)):
        seen = np.flatnonzero(known[y])
        gap = np.flatnonzero((mask[y] > 0) & covered[y])
        for channel in range(3):
            whole[y, gap, channel] = np.interp(columns[gap], seen, smooth[y, seen, channel])
    _draw_wheels(whole, picture)
    return whole


def _averaged_where(picture: Picture, known: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Each pixel as the mean of the known ones around it, lest single pixels draw streaks."""
    weight = known.astype(np.float32)
    total = cv2.blur(picture * weight[..., None], (9, 15))
    return np.asarray(total / np.maximum(cv2.blur(weight, (9, 15)), 1e-3)[..., None], np.float32)


def _with_shadow_beneath(picture: Picture, mask: Picture) -> Picture:
    """Blackens the ground beneath the minibus in `picture`, and adds it to the mask."""
    beneath = cv2.GaussianBlur(_filled([UNDER_THE_MINIBUS], picture), (0, 0), 4)
    picture[mask == 0] = (22, 22, 22)
    return np.asarray(cv2.max(mask, (beneath * 0.85).astype(np.uint8)), np.uint8)


def _draw_wheels(whole: Picture, picture: Picture) -> None:
    x, y, *_ = REAR_WHEEL
    rim = picture[y - 35 : y + 33, x - 22 : x + 26]
    for centre_x, centre_y, half_width, half_height in (REAR_WHEEL, FRONT_WHEEL):
        centre = (centre_x, centre_y)
        cv2.ellipse(whole, centre, (half_width, half_height), 0, 0, 360, (26, 24, 24), -1)
        width, height = round(half_width * 1.25), round(half_height * 1.08)
        patch = np.asarray(cv2.resize(rim, (width, height)), np.uint8)
        disc = np.zeros((height, width), np.uint8)
        cv2.ellipse(disc, (width // 2, height // 2), (width // 2, height // 2), 0, 0, 360, 1, -1)
        left, top = centre_x - width // 2, centre_y - height // 2
        target = whole[top : top + height, left : left + width]
        target[disc > 0] = patch[disc > 0]


def _recoloured(picture: Picture, figure: Figure) -> Picture:
    if figure.turn == 0.0 and figure.brightness == 1.0:
        return picture
    hsv = cv2.cvtColor(picture, cv2.COLOR_BGR2HSV).astype(np.float32)
    clothes = hsv[round(len(hsv) * HEAD) :]
    clothes[..., 0] = (clothes[..., 0] + figure.turn / 2) % 180
    clothes[..., 2] *= figure.brightness
    return np.asarray(cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2BGR), np.uint8)


def _soft(picture: Picture, mask: Picture) -> Picture:
    """Picture and mask as one BGRA; the edge is drawn in so that no old background shows."""
    drawn_in = cv2.erode(mask, np.ones((3, 3), np.uint8), borderType=cv2.BORDER_REPLICATE)
    alpha = cv2.GaussianBlur(drawn_in, (5, 5), 0).astype(np.float32) / 255
    colours = picture * alpha[..., None]
    return np.dstack([colours, alpha * 255]).astype(np.uint8)
