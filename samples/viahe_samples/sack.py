"""A drawn rubbish sack: dark plastic, tied at the top, with creases and highlights."""

import cv2
import numpy as np
from numpy.typing import NDArray

HEIGHT, WIDTH = 200, 220
PLASTIC_BGR = (46.0, 38.0, 34.0)


def draw_sack() -> NDArray[np.uint8]:
    """The sack as a BGRA picture of 200 by 220, colours multiplied by alpha."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    u, v = (x - WIDTH / 2) / (WIDTH / 2), (y - HEIGHT * 0.62) / (HEIGHT * 0.38)
    creases = _creases()
    body = 1 - (np.abs(u) ** 2.4 + np.abs(v) ** 2.2) ** (1 / 2.3) + 0.05 * creases
    rise = np.abs(y / HEIGHT - 0.14)
    neck = 1 - np.abs(u + 0.06 * creases * rise) / (0.09 + 1.1 * rise**1.25)
    neck[y > HEIGHT * 0.5] = -1
    shape = np.maximum(body, neck * 0.35)
    alpha = np.clip(shape * 40 + 0.5, 0, 1)
    relief = np.sqrt(np.clip(shape, 0, 1)) + 0.10 * creases
    light = _lit(cv2.GaussianBlur(relief, (0, 0), 2.0))
    colours = np.clip(np.asarray(PLASTIC_BGR) * light[0][..., None] + light[1][..., None], 0, 255)
    return np.dstack([colours * alpha[..., None], alpha * 255]).astype(np.uint8)


def _creases() -> NDArray[np.float32]:
    """Folds that run down from the knot, about -1..1."""
    chance = np.random.default_rng(7)
    noise = chance.normal(size=(HEIGHT, WIDTH)).astype(np.float32)
    folds = cv2.GaussianBlur(noise, (0, 0), sigmaX=5, sigmaY=16)
    fine = cv2.GaussianBlur(noise[::-1], (0, 0), sigmaX=3, sigmaY=5)
    mixed = folds / folds.std() + 0.5 * fine / fine.std()
    return np.asarray(mixed / 2.2, np.float32)


def _lit(relief: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How bright the plastic is (a factor) and how much it shines (grey levels)."""
    dx, dy = cv2.Sobel(relief, cv2.CV_32F, 1, 0), cv2.Sobel(relief, cv2.CV_32F, 0, 1)
    normal = np.dstack([-dx * 2.2, -dy * 2.2, np.full_like(relief, 0.35)])
    normal /= np.linalg.norm(normal, axis=2, keepdims=True)
    facing = np.clip(normal @ np.array([-0.45, -0.7, 0.55], np.float32), 0, 1)
    shine = np.clip(normal @ np.array([-0.3, -0.5, 0.81], np.float32), 0, 1) ** 18
    return 0.55 + 0.9 * facing, 120 * shine
