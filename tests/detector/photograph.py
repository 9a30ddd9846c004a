"""A photograph of a street with people and a bus, which the test dependencies bring along."""

from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np

from viahe_detector.pixels import Pixels


def street_photograph() -> Pixels:
    """810 × 1080 pixels; found without importing the package it lies in."""
    spec = find_spec("ultralytics")
    assert spec is not None, "the test extra installs it"
    assert spec.origin is not None
    picture = cv2.imread(str(Path(spec.origin).parent / "assets" / "bus.jpg"))
    assert picture is not None
    return np.asarray(picture, np.uint8)
