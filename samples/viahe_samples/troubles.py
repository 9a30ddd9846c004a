"""What goes wrong with a camera in the staged variants: weather, light, mounting, line, coder."""

from collections.abc import Callable
from dataclasses import dataclass, field

from .disturbances import Disturbance

HOURS = ((0.0, 1.0), (12.0, 0.72), (26.0, 1.2), (40.0, 0.6), (52.0, 0.5))
"""An afternoon in less than a minute: clouds come and go, and then the light does."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """`dropped` is the share of looks that never come, `lost_s` from when until when the camera
    is away, and `kbit_per_s` what its coder may spend, None for all it wants."""

    disturbance: Disturbance = field(default_factory=Disturbance)
    dropped: float = 0.0
    lost_s: tuple[float, float] | None = None
    kbit_per_s: int | None = None


TROUBLES: tuple[tuple[str, Callable[[int], Trouble]], ...] = (
    ("calm", lambda seed: Trouble(Disturbance(seed, grain=2))),
    ("grain", lambda seed: Trouble(Disturbance(seed, grain=7))),
    ("shaking", lambda seed: Trouble(Disturbance(seed, grain=2, shake=0.02))),
    ("night", lambda seed: Trouble(Disturbance(seed, grain=4, dims=((0.0, 0.4),)))),
    (
        "night-gain",
        lambda seed: Trouble(Disturbance(seed, grain=12, dims=((0.0, 0.6),), colour=0.0)),
    ),
    (
        "jumps",
        lambda seed: Trouble(Disturbance(seed, grain=2, dims=((0.0, 1.0), (7, 0.7), (26, 1.25)))),
    ),
    ("drift", lambda seed: Trouble(Disturbance(seed, grain=2, drift=HOURS))),
    ("rain", lambda seed: Trouble(Disturbance(seed, grain=3, rain=250))),
    ("headlights", lambda seed: Trouble(Disturbance(seed, 0, 3, 0, ((0.0, 0.5),), (8, 17, 25)))),
    ("drops", lambda seed: Trouble(Disturbance(seed, grain=2), dropped=0.5)),
    ("reconnect", lambda seed: Trouble(Disturbance(seed, grain=2), lost_s=(18.0, 22.0))),
    ("coarse-coder", lambda seed: Trouble(Disturbance(seed, grain=2), kbit_per_s=150)),
)
"""Each by its name and what makes it of a seed."""
