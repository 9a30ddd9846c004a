"""The pixels of an upright picture, as the parts that look at them take them."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
"""Height × width × 3 bytes: blue, green, red."""
