"""A camera's small stream, looked at in the place of the large one that is kept.

While it does not come, the large one is looked at, as if there were no other. So it is where
something is looked back at and it is not known how both lie to each other; what is decoded then
is made to tell.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from viahe_detector.cut import Cut, cut_of
from viahe_detector.masking import masked
from viahe_detector.media import Packet, Picture, StreamFacts, decode_span
from viahe_detector.ring import Ring
from viahe_detector.twin_pictures import WIDTH, TwinPictures
from viahe_detector.twins import Alignment, Twins
from viahe_rules.domain import Observation, Polygon

AWAY_S = 5.0
"""Seconds without a packet after which the large stream is looked at: two looks, or three."""
CLOSE_S = 0.2
"""The residual up to which both streams are known well enough to date things by either."""


class SmallStream:
    """The sink of the small stream; `offer` is given each packet, to be looked at or not."""

    def __init__(self, offer: Callable[[Packet], None], ring: Ring) -> None:
        self.ring = ring
        self.twins = Twins()
        self._pictures = TwinPictures()
        self._offer = offer
        self._newest: Packet | None = None

    @property
    def alignment(self) -> Alignment:
        """How it lies to the stream that is kept."""
        return self.twins.alignment

    @property
    def is_close(self) -> bool:
        """Whether it is known closely how it lies to the stream that is kept."""
        residual_s = self.alignment.residual_s
        return residual_s is not None and residual_s <= CLOSE_S

    def on_run(self, run: str, facts: StreamFacts) -> None:
        """A run of the small stream begins; on the thread that captures it."""
        self.ring.on_run(run, facts)

    def on_packet(self, packet: Packet) -> None:
        """Its next packet, in decode order."""
        self.ring.on_packet(packet)
        self.twins.watched(packet)
        self._newest = packet
        self._offer(packet)

    def comes(self, at: float) -> bool:
        """Whether a packet has come within the last seconds before `at` (UTC seconds)."""
        newest = self._newest
        return newest is not None and at - newest.arrived_at <= AWAY_S

    def keeps(self, run: str) -> bool:
        """Whether a run is one of this stream."""
        return self.ring.facts(run) is not None

    def cut(self, run: str, start: float, end: float) -> Cut | None:
        """What it shows of `start..end` (media seconds of `run` of the kept stream), in these.

        It ends with the newest picture. None where one is missing, or where it is not known
        closely how the streams lie to each other.
        """
        newest = self._newest
        if newest is None or not self.is_close:
            return None
        there = self.twins.placed(newest.at)
        if there is None or there[0] != run:
            return None
        later = there[1] - newest.t
        end = min(end, there[1])
        own = self.ring.cut(newest.run, start - later, end - later)
        segments = [replace(each, shift_s=each.shift_s + later) for each in own.segments]
        return None if own.gaps else cut_of(run, start, end, segments)

    def passing(self, kept: Iterable[Picture]) -> Iterable[Picture]:
        """The kept stream's pictures as they are, noted on their way while they are to tell more.

        On the thread that looks back, as `learn` is.
        """
        return kept if self.is_close else self._pictures.passing(kept)

    def learn(self, masks: tuple[Polygon, ...]) -> None:
        """Find how it lies to the kept stream by what passed, unless that is known or untold.

        Decodes up to fifteen seconds of it, without the masks. Raises SourceError.
        """
        if self.is_close:
            self._pictures.forget()
            return
        late_s = self._pictures.lateness(partial(self._shown, masks))
        if late_s is not None:
            self.twins.take(late_s)

    def _shown(
        self, masks: tuple[Polygon, ...], start_at: float, end_at: float
    ) -> Iterator[Picture]:
        """What there is of it between two UTC seconds of its newest run's clock."""
        newest = self._newest
        if newest is None:
            return
        began_at = newest.at - newest.t
        cut = self.ring.cut(newest.run, start_at - began_at, end_at - began_at)
        for each in cut.segments:
            if each.run == newest.run:
                for picture in decode_span(each.facts, each.packets, width=2 * WIDTH):
                    yield replace(picture, bgr=masked(picture.bgr, masks))

    def placed(self, observation: Observation) -> Observation | None:
        """What was seen, in media time of the kept stream; None while that does not come."""
        there = None if observation.at is None else self.twins.placed(observation.at)
        if there is None:
            return None
        run, t = there
        later = t - observation.t
        changes = tuple(
            replace(change, since=change.since + later) for change in observation.changes
        )
        return replace(observation, run=run, t=t, changes=changes)
