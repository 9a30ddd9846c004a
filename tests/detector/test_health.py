"""What one picture says of the camera that took it."""

import cv2
import numpy as np

from tests.detector.photograph import street_photograph
from viahe_detector.health import judge
from viahe_detector.pixels import Pixels
from viahe_rules.domain import Health


def noisy(picture: Pixels, seed: int = 1) -> Pixels:
    noise = np.random.default_rng(seed).normal(0, 2, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def blurred(picture: Pixels, sigma_px: float) -> Pixels:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma_px), np.uint8)


def test_a_street_by_day_is_ok() -> None:
    assert judge(street_photograph()) is Health.OK


def test_a_street_by_night_with_one_lamp_is_ok() -> None:
    night = (street_photograph() * 0.06).astype(np.uint8)
    cv2.circle(night, (400, 300), 120, (160, 180, 200), -1)
    assert judge(noisy(night)) is Health.OK


def test_a_street_without_any_light_is_dark() -> None:
    assert judge(noisy(np.full((270, 480, 3), 4, np.uint8))) is Health.DARK


def test_a_hand_before_the_lens_is_blocked() -> None:
    hand = np.full((270, 480, 3), (80, 90, 120), np.uint8)
    hand[:, :, 0] += np.linspace(0, 15, 480).astype(np.uint8)
    assert judge(noisy(hand)) is Health.BLOCKED


def test_a_lens_far_out_of_focus_is_defocused_and_a_soft_one_is_not() -> None:
    street = street_photograph()
    assert judge(blurred(street, 30)) is Health.DEFOCUSED
    assert judge(blurred(street, 3)) is Health.OK


def test_the_very_same_pixels_twice_are_a_frozen_camera() -> None:
    street = street_photograph()
    assert judge(street, street.copy()) is Health.FROZEN
    assert judge(noisy(street, 1), noisy(street, 2)) is Health.OK
    assert judge(street[:500], street) is Health.OK
