"""Whether a camera is still aimed at the ground its zones were drawn on, and if not, how far off.

Now and then a look is laid on the street's own picture, as it was remembered when the zones
were drawn. Only what lasts counts: a camera that shakes or is bumped comes back. A street looks
otherwise by night and in rain, so several of its pictures are remembered, each with where it
lies on the first; and where no corner is found again, the directions of the edges, which light
changes least, tell a street in another light from another street.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from zipfile import BadZipFile

import cv2
import numpy as np
from numpy.typing import NDArray

from viahe_detector.alignment import STILL, Luma, Matrix, Where
from viahe_detector.pixels import Pixels
from viahe_detector.planes import resized, shrunk
from viahe_detector.shifts import median, numbers, reach, seen_from, shift_of, shift_read
from viahe_detector.views import View
from viahe_rules.domain import Shift

LONGER_SIDE_PX = 320
EVERY_S = 8.0
"""Seconds between the looks that are compared."""
CHECKS = 5
"""Comparisons that have to agree: what is told has lasted for more than half a minute."""
LONG_UNFOUND = 40
"""Comparisons in a row that find no street after which it is gone, whatever stands there."""
LONG_UNFOUND = 40
"""Comparisons in a row without the street after which it is gone, whatever stands there."""
AGREEING, AGREEING_SHARE = 0.01, 0.5
"""How far comparisons may lie apart to agree, in widths of the picture, or of their reach."""
LEAST_TOLD = 0.005
"""The reach of a shift from which on it is told, in widths; less is lost in the noise."""
COMING_BACK = 0.8
"""The share of the tolerance a camera has to come back within to be no longer moved."""
SAME_STREET, OTHER_STREET = 0.25, 0.15
"""Likeness of edges from which on two pictures show one street, and below which they do not.

Real streets by day and darkened with noise: 0.31 and more; two streets: 0.08 and less.
"""
SAME_LIGHT = 0.5
"""Likeness below which the street is remembered in this light too."""
MOST_VIEWS = 5

Street = tuple[Luma, Where]
"""The street's picture, brightness 0..255, and which of its pixels are known."""


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison: where the look `lies` on the first view, if that could be said.

    If not, it shows `another_street`, or something large stands before this one.
    """

    lies: Matrix | None = None
    another_street: bool = False


class Aim:
    """Of one camera, in order of time on a clock that goes on over runs.

    Bounded: five small pictures. `look` costs a few milliseconds every eight seconds.
    """

    def __init__(self, tolerance: float) -> None:
        """`tolerance` is the reach of a shift, in widths, beyond which zones no longer fit."""
        self._tolerance = tolerance
        self.begin("")

    def begin(self, ground: str) -> None:
        """Remember nothing; `ground` names what is drawn on the picture that is to come."""
        self.ground = ground
        self.shift: Shift | None = None
        """The lasting shift, where there is one worth telling."""
        self.has_moved = False
        self._views: list[View] = []
        self._checks: deque[Check] = deque(maxlen=CHECKS)
        self._lies = self._lately = STILL
        self._rest, self._is_rested = Shift(), False
        self._unfound = 0
        self._next_at = 0.0

    def look(self, at: float, picture: Pixels, street: Callable[[], Street]) -> None:
        """Compare a picture that is fit to be seen, if it is time to.

        `street` is asked for the street's own picture as long as nothing is remembered; an empty
        one says that it is not there yet.
        """
        if 0 < self._next_at - at <= EVERY_S:
            return
        self._next_at = at + EVERY_S
        now = small_luma(picture)
        if self._views and self._views[0].luma.shape != now.shape:
            self.begin(self.ground)
        if not self._views:
            self._remember_first(street(), now)
        if self._views:
            check = self._compared(now)
            self._unfound = self._unfound + 1 if check.lies is None else 0
            self._checks.append(check)
            self._judge(now)

    def save(self, path: Path) -> None:
        """Write down what is remembered, whole or not at all. Raises OSError."""
        if not self._views:
            path.unlink(missing_ok=True)
            return
        half = path.with_name(f".{path.name}.half")
        with half.open("wb") as stream:
            np.savez_compressed(
                stream,
                allow_pickle=False,
                ground=np.array(self.ground),
                luma=np.stack([view.luma for view in self._views]),
                onto=np.stack([view.onto for view in self._views]),
                lies=self._lies,
                rest=numbers(self._rest if self._is_rested else None),
                shift=numbers(self.shift),
                has_moved=np.array(self.has_moved),
            )
        half.replace(path)

    def load(self, path: Path) -> None:
        """Go on from what was saved. Raises OSError, or ValueError naming the file."""
        try:
            with path.open("rb") as stream, np.load(stream, allow_pickle=False) as saved:
                kept = dict(saved)
            views = zip(kept["luma"], kept["onto"], strict=True)
            self.begin(str(kept["ground"]))
            self._views = [View(*view) for view in views]
            self._lies = self._lately = kept["lies"]
            rest, self.shift = shift_read(kept["rest"]), shift_read(kept["shift"])
            self._rest, self._is_rested = rest or Shift(), rest is not None
            self.has_moved = bool(kept["has_moved"])
        except (KeyError, ValueError, TypeError, BadZipFile) as wrong:
            self.begin("")
            raise ValueError(f"{path} holds no remembered street ({wrong}); remove it") from wrong

    def _remember_first(self, street: Street, now: Luma) -> None:
        """Take the street's picture, with what always stands before it."""
        luma, known = street
        if luma.size:
            luma, known = shrunk(luma, *now.shape), resized(known, *now.shape)
            self._views = [View(_bytes(np.where(known, luma, now)), STILL)]

    def _compared(self, now: Luma) -> Check:
        """A look laid on the views, the one that was met last first."""
        for view in self._views:
            if (lies := view.lay(now, (self._lately, self._lies))) is not None:
                self._met(view)
                self._lately = lies
                return Check(lies)
        # No corner was found again: in another light the edges still run where they ran.
        found = ((*view.lay_edges(now, self._lies), view) for view in self._views)
        alike, lies, best = max(found, key=itemgetter(0))
        if alike >= SAME_STREET:
            self._met(best)
            return Check(lies)
        return Check(another_street=alike < OTHER_STREET)

    def _met(self, view: View) -> None:
        self._views.remove(view)
        self._views.insert(0, view)

    def _judge(self, now: Luma) -> None:
        """What the last comparisons say together; nothing new as long as they do not agree."""
        if len(self._checks) < CHECKS:
            return
        aspect = now.shape[1] / now.shape[0]
        found = [check.lies for check in self._checks if check.lies is not None]
        shifts = [seen_from(self._rest, shift_of(lies, now.shape)) for lies in found]
        lasting = _agreed(shifts, aspect)
        if lasting is not None and len(found) >= CHECKS - 1:
            if not self._is_rested:  # a camera that shakes was remembered mid-swing
                self._rest, self._is_rested, lasting = lasting, True, Shift()
            self._tell(lasting, aspect)
            self._remember_light(now)
        elif self._unfound >= LONG_UNFOUND or self._is_elsewhere(lasting, found, aspect):
            self.shift, self.has_moved = lasting, True

    def _is_elsewhere(self, lasting: Shift | None, found: list[Matrix], aspect: float) -> bool:
        """Whether no comparison shows the street where it was, though it is not hidden either."""
        gone = sum(check.another_street for check in self._checks)
        far = lasting is not None and reach(lasting, aspect) > self._tolerance
        return gone + len(found) == CHECKS and (far or not found)

    def _tell(self, shift: Shift, aspect: float) -> None:
        far = reach(shift, aspect)
        self.shift = shift if far >= LEAST_TOLD else None
        least = self._tolerance * (COMING_BACK if self.has_moved else 1.0)
        self.has_moved = far > least

    def _remember_light(self, now: Luma) -> None:
        """Add the street as it is now, where it looks otherwise than when it was met last."""
        lies = self._checks[-1].lies
        if lies is None:
            return
        self._lies = lies
        if self._views[0].is_like(now, lies) < SAME_LIGHT:
            self._views.insert(0, View(_bytes(now), lies))
            del self._views[MOST_VIEWS:]


def _agreed(shifts: list[Shift], aspect: float) -> Shift | None:
    """The shift all but one of several agree on, and all of a few; None if they do not."""
    if not shifts:
        return None
    middle = median(shifts)
    apart = max(AGREEING, AGREEING_SHARE * reach(middle, aspect))
    near = [each for each in shifts if reach(seen_from(middle, each), aspect) <= apart]
    return middle if len(near) >= min(len(shifts), CHECKS - 1) else None


def _bytes(luma: Luma) -> NDArray[np.uint8]:
    return np.clip(luma, 0, 255).astype(np.uint8)


def small_luma(picture: Pixels) -> Luma:
    """The picture as it is compared."""
    height, width = picture.shape[:2]
    scale = min(1.0, LONGER_SIDE_PX / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.float32)
