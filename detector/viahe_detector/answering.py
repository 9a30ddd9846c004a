"""What rules ask about the past, answered from the rings on a thread of its own, in order.

What they are going to ask is looked at while nothing is asked: when they do, little is left.
"""

import logging
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from viahe_detector.camera import CameraWatch
from viahe_detector.cut import Cut
from viahe_detector.errors import SourceError
from viahe_detector.lookback import LookingBack, Sight, shows, width_for
from viahe_detector.masking import masked, masks_of
from viahe_detector.media import Picture, decode_span
from viahe_rules.domain import Answer, Ask, Box, Polygon

log = logging.getLogger(__name__)


class Answering:
    """Looks back at what cameras' rules ask, one ask after the other: the ring forgets."""

    def __init__(self, network: Sight, per_second: float) -> None:
        """Decodes `per_second` pictures for each second that is looked back at."""
        self._looking_back = LookingBack(network)
        self._per_second = per_second
        self._asked: deque[tuple[CameraWatch, Ask]] = deque()
        self._foreseen: dict[tuple[str, str], tuple[CameraWatch, Ask]] = {}
        self._wake = threading.Condition()
        self._busy = False

    def ask(self, camera: CameraWatch, ask: Ask) -> None:
        """Take what a camera's rule asks, to be answered later."""
        with self._wake:
            self._foreseen.pop((camera.id, ask.key), None)
            self._asked.append((camera, ask))
            self._wake.notify()

    def prepare(self, camera: CameraWatch, ask: Ask) -> None:
        """Take what a camera's rule is going to ask, to be looked at while nothing is asked."""
        with self._wake:
            self._foreseen[camera.id, ask.key] = (camera, ask)
            self._wake.notify()

    def drop(self, camera: CameraWatch, key: str) -> None:
        """Nobody is going to ask about this stay any more."""
        with self._wake:
            self._foreseen.pop((camera.id, key), None)

    def run(self, stop: threading.Event) -> None:
        """Answer until `stop` is set; what is still asked then is asked again after the start."""
        while not stop.is_set():
            asked = self._next()
            if asked is None:
                self._look_ahead()
                continue
            camera, ask = asked
            try:
                camera.hear(self.answer(camera, ask))
            except Exception:  # the outermost loop: one camera's fault may not end the others'
                log.exception("%s: looking back failed", camera.id)
                camera.hear(Answer(ask.key, camera.id, ask.run))
            finally:
                self._busy = False

    def settle(self, camera: CameraWatch) -> bool:
        """Answer all that this camera asked, on the caller's thread; whether there was any."""
        with self._wake:
            mine = [ask for asking, ask in self._asked if asking is camera]
            self._asked = deque(each for each in self._asked if each[0] is not camera)
            # On one thread there is no time in between: it would be the same work in two parts.
            self._foreseen = {
                key: each for key, each in self._foreseen.items() if each[0] is not camera
            }
        for ask in mine:
            camera.hear(self.answer(camera, ask))
        return bool(mine)

    def idle(self) -> bool:
        """Whether nothing is asked or being looked back at."""
        with self._wake:
            return not self._asked and not self._foreseen and not self._busy

    def answer(self, camera: CameraWatch, ask: Ask) -> Answer:
        """What looking back shows; empty where the ring has forgotten it."""
        try:
            answer = self._looking_back.answer(ask, camera.id, partial(self._shown, camera, ask))
        except SourceError as error:
            log.warning("%s: looking back failed: %s", camera.id, error)
            return Answer(ask.key, camera.id, ask.run)
        _learn(camera)
        return answer

    def _look_ahead(self) -> None:
        """Look at what will be asked next, until something is asked."""
        with self._wake:
            if not self._foreseen:
                return
            foreseen = next(iter(self._foreseen))
            camera, ask = self._foreseen.pop(foreseen)
            self._busy = True
        try:
            self._looking_back.prepare(ask, camera.id, partial(self._shown_meanwhile, camera, ask))
            _learn(camera)
        except SourceError as error:
            log.info("%s: nothing to look at beforehand: %s", camera.id, error)
        finally:
            self._busy = False
        with self._wake:
            if self._asked and all(each.key != ask.key for _, each in self._asked):
                self._foreseen[foreseen] = (camera, ask)

    def _shown(self, camera: CameraWatch, ask: Ask, start: float, end: float) -> Iterable[Picture]:
        masks, small = masks_of(camera.plan.zones), _small_cut(camera, ask, start, end)
        cut = small or camera.ring.cut(ask.run, start, end)
        pictures = _pictures(cut, self._per_second, ask.place, masks)
        return pictures if small or camera.small is None else camera.small.passing(pictures)

    def _shown_meanwhile(
        self, camera: CameraWatch, ask: Ask, start: float, end: float
    ) -> Iterator[Picture]:
        for picture in self._shown(camera, ask, start, end):
            if self._asked:
                return
            yield picture

    def _next(self) -> tuple[CameraWatch, Ask] | None:
        with self._wake:
            if not self._asked and not self._foreseen:
                self._wake.wait(0.5)
            if not self._asked:
                return None
            self._busy = True
            return self._asked.popleft()


def _small_cut(camera: CameraWatch, ask: Ask, start: float, end: float) -> Cut | None:
    """The small stream's, a tenth of the work, where that shows the place well.

    Where the camera shakes, the place has to be found again in every picture, for which the
    large one is barely good enough.
    """
    if camera.small is None or not camera.stood_still(ask.run, ask.start, ask.end):
        return None
    cut = camera.small.cut(ask.run, start, end)
    if cut and all(shows(ask.place, each.facts.shown_size[0]) for each in cut.segments):
        return cut
    return None


def _learn(camera: CameraWatch) -> None:
    """Where the large stream had to be decoded, so that the small one will do the next time."""
    if camera.small is None:
        return
    try:
        camera.small.learn(masks_of(camera.plan.zones))
    except SourceError as error:
        log.info("%s: its small stream tells nothing: %s", camera.id, error)


def _pictures(
    cut: Cut, per_second: float, place: Box, masks: tuple[Polygon, ...]
) -> Iterator[Picture]:
    """The pictures of a cut, in media seconds of the run it was asked in."""
    for segment in cut.segments:
        width = width_for(place, segment.facts.shown_size[0])
        for picture in decode_span(segment.facts, segment.packets, fps=per_second, width=width):
            t = picture.t + segment.shift_s
            if cut.start <= t <= cut.end:
                yield replace(picture, run=cut.run, t=t, bgr=masked(picture.bgr, masks))
