"""The photographs actors are cut from: found in an installed distribution, never shipped here."""

from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray


class MissingPhotograph(RuntimeError):
    """A photograph the scenes are made from is not installed."""


def photograph(name: str) -> NDArray[np.uint8]:
    """The BGR picture `name` of the Ultralytics distribution.

    The distribution is located without being imported: importing it needs Torch, and the
    scenes need only its pictures. Raises `MissingPhotograph`.
    """
    spec = find_spec("ultralytics")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        picture = cv2.imread(str(Path(folder, "assets", name)))
        if picture is not None:
            return np.asarray(picture, np.uint8)
    raise MissingPhotograph(
        f"{name} is not installed: the sample scenes are made from the photographs in the "
        "Ultralytics wheel; install it with "
        "`pip install --no-deps ultralytics-opencv-headless`"
    )
