"""Who and what can be staged: the photograph each is cut from, and its real size."""

from dataclasses import dataclass

from .outlines import MAN_IN_COAT, MAN_IN_FLEECE, MINIBUS, Outline


@dataclass(frozen=True, slots=True)
class Figure:
    """Something upright that stands on the ground by the middle of its lower edge.

    `outline` is traced in the photograph; without one the figure is drawn, `drawn_aspect`
    wide for its height. `turn` is degrees of hue (0..360) the clothes' colours are turned by,
    and `brightness` what they are multiplied with, which makes two persons of one.
    """

    name: str
    label: str
    height_m: float
    outline: Outline = ()
    drawn_aspect: float = 1.0
    walks: bool = False
    turn: float = 0.0
    brightness: float = 1.0

    @property
    def crop(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of the outline in the photograph's pixels."""
        xs, ys = [x for x, _ in self.outline], [y for _, y in self.outline]
        return min(xs), min(ys), max(xs) + 1, max(ys) + 1

    @property
    def aspect(self) -> float:
        """Width for height, both in pixels."""
        if not self.outline:
            return self.drawn_aspect
        left, top, right, bottom = self.crop
        return (right - left) / (bottom - top)


FLEECE = Figure("man in fleece", "person", 1.78, MAN_IN_FLEECE, walks=True)
COAT = Figure("man in coat", "person", 1.72, MAN_IN_COAT, walks=True)
BLUE = Figure("man in blue", "person", 1.70, MAN_IN_FLEECE, walks=True, turn=190.0, brightness=0.7)
BUS = Figure("minibus", "bus", 3.1, MINIBUS)
SACK = Figure("sack", "rubbish", 0.46, drawn_aspect=1.1)

CAST = (FLEECE, COAT, BLUE, BUS, SACK)
