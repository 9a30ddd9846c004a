"""What looks at a picture: the street network at every look, the rubbish network at changes."""

from collections.abc import Iterable
from dataclasses import dataclass

from viahe_detector.config import NetworkSettings
from viahe_detector.inference import Network
from viahe_detector.pixels import Pixels
from viahe_detector.shades import shaded
from viahe_rules.domain import Box, Change, ChangeKind, Detection
from viahe_rules.geometry import covered

FRESH_S = 10.0
"""Seconds after a change was first seen in which the rubbish network is asked about it."""

LEAST_SHARED = 0.4
"""The share of what was named, or of what has changed, that the other covers."""

FAINT = 0.12
"""The score from which the street network's answer is kept until other looks bear it out; below it
there is a name for every shadow."""

MOST_CROPS = 2
"""Changes asked about in one look; a gust that moves everything must not hold up the rest."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """The networks of this detector, shared by all its cameras."""

    street: Network
    rubbish: Network | None

    @property
    def least_score(self) -> float:
        """From where on what the street network names is sure enough by itself."""
        return self.street.record.threshold

    def see(self, picture: Pixels) -> tuple[Detection, ...]:
        """What the street network names in a whole picture, faintly too, and what vehicles look
        like."""
        return shaded(picture, self.street.detect(picture, FAINT))

    def name(self, picture: Pixels, t: float, changes: Iterable[Change]) -> tuple[Detection, ...]:
        """What the rubbish network names where something has newly come to lie."""
        if self.rubbish is None:
            return ()
        fresh = [change for change in changes if is_fresh(change, t)]
        newest = sorted(fresh, key=lambda change: -change.since)[:MOST_CROPS]
        return tuple(
            found
            for change in newest
            for found in self.rubbish.detect_crop(picture, change.box)
            if found.label != "bin"  # a bin belongs to the street; what lies in it is no act
            and _is_of(found.box, change.box)
        )


def _is_of(found: Box, change: Box) -> bool:
    """Whether what was named is what has changed, and not what else the crop shows."""
    return max(covered(found, change), covered(change, found)) >= LEAST_SHARED


def is_fresh(change: Change, t: float) -> bool:
    """Whether the rubbish network is still asked about a change at media second `t`."""
    return change.kind is ChangeKind.LEFT and t - change.since <= FRESH_S


def open_eyes(settings: NetworkSettings, lanes: int) -> Eyes:
    """The networks the settings name, verified, for `lanes` askers at once. Raises ModelError."""
    street = Network.open(
        settings.street, precision=settings.precision, lanes=lanes, threads=settings.threads
    )
    if not settings.rubbish:
        return Eyes(street, None)
    rubbish = Network.open(settings.rubbish, precision=settings.precision, threads=settings.threads)
    return Eyes(street, rubbish)
