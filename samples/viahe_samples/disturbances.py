"""What a camera and the weather do to a picture: shaking, grain, rain, jumps of light, headlights.

All of it is drawn, and seeded: the same second of the same disturbance is the same picture.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from viahe_rules.domain import Box

Picture = NDArray[np.uint8]

SWAYS_HZ = (0.31, 0.73, 1.9)
STREAK = (1, 9)
"""Width and height of a rain drop's trace, in pixels."""
BEAM = 0.11
"""Radius of the pool of light before a headlight, in widths of the picture."""


@dataclass(frozen=True, slots=True)
class Disturbance:
    """`shake` is the widest swing, a share of the picture's width; `grain` is in greys.

    `dims` are (second, factor): from then on the exposure is that of daylight times the factor.
    `rain` is drops in one picture. `headlight_s` are seconds at which a beam sets out across the
    roadway, taking four seconds. `drift` are (second, factor) too, between which the light goes
    slowly; `colour` is how much is left of it, 0 for a camera that sees by infrared.
    """

    seed: int = 0
    shake: float = 0.0
    grain: float = 0.0
    rain: int = 0
    dims: tuple[tuple[float, float], ...] = ()
    headlight_s: tuple[float, ...] = ()
    drift: tuple[tuple[float, float], ...] = ((0.0, 1.0),)
    colour: float = 1.0

    def shift(self, t: float) -> tuple[float, float]:
        """How far the picture has swung at second `t`, right and down, in widths."""
        phases = np.random.default_rng(self.seed).uniform(0, 2 * np.pi, (2, len(SWAYS_HZ)))
        angles = 2 * np.pi * t * np.asarray(SWAYS_HZ) + phases
        across, down = (np.sin(angles).mean(axis=1) - np.sin(phases).mean(axis=1)) * self.shake
        return float(across), float(down)

    def moved(self, box: Box, t: float, aspect: float) -> Box:
        """Where a box of the undisturbed picture is seen; `aspect` is width over height."""
        across, down = self.shift(t)
        down *= aspect
        return Box(box.left + across, box.top + down, box.right + across, box.bottom + down)

    def disturb(self, picture: Picture, t: float) -> Picture:
        """`picture` as this camera shows it at second `t`."""
        chance = np.random.default_rng((self.seed, round(t * 1000)))
        shown = self._lit(picture, t)
        if self.rain:
            _draw_rain(shown, chance, self.rain)
        if self.shake:
            height, width = shown.shape[:2]
            across, down = (each * width for each in self.shift(t))
            there = np.array([[1.0, 0.0, across], [0.0, 1.0, down]])
            swung = cv2.warpAffine(shown, there, (width, height), borderMode=cv2.BORDER_REFLECT)
            shown = np.asarray(swung, np.float32)
        if self.grain:
            noise = chance.normal(0, self.grain, shown.shape[:2]).astype(np.float32)
            shown = np.asarray(cv2.add(shown, cv2.merge((noise, noise, noise))), np.float32)
        return np.clip(shown, 0, 255).astype(np.uint8)

    def _lit(self, picture: Picture, t: float) -> NDArray[np.float32]:
        factor = next((factor for since, factor in reversed(self.dims) if t >= since), 1.0)
        factor *= float(np.interp(t, *np.transpose(self.drift)))
        shown = picture.astype(np.float32) * np.float32(factor)
        if self.colour < 1:
            grey = cv2.cvtColor(shown, cv2.COLOR_BGR2GRAY)[..., None]
            shown = grey + np.float32(self.colour) * (shown - grey)
        height, width = picture.shape[:2]
        for start in self.headlight_s:
            part = (t - start) / 4.0
            if 0 <= part <= 1:
                centre = (int((1.1 - 1.2 * part) * width), int(0.55 * height))
                glow = np.zeros((height, width), np.float32)
                cv2.circle(glow, centre, int(BEAM * width / 2), 1.0, -1)
                soft = cv2.GaussianBlur(glow, (0, 0), BEAM * width / 4)
                shown += 130 * np.asarray(soft, np.float32)[..., None]
        return np.asarray(shown, np.float32)


def _draw_rain(picture: NDArray[np.float32], chance: np.random.Generator, drops: int) -> None:
    height, width = picture.shape[:2]
    for x, y in zip(
        chance.integers(0, width - STREAK[0], drops),
        chance.integers(0, height - STREAK[1], drops),
        strict=True,
    ):
        picture[y : y + STREAK[1], x : x + STREAK[0]] += 45
