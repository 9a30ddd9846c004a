"""From a packet that is due for a look to what the look shows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from viahe_detector.change import LastingChange
from viahe_detector.config import WatchSettings
from viahe_detector.errors import Undecodable
from viahe_detector.eyes import Eyes, is_fresh
from viahe_detector.health import is_frozen, judge
from viahe_detector.media import (
    KeyDecoder,
    Packet,
    Picture,
    RunningDecoder,
    StreamFacts,
    decode_span,
)
from viahe_detector.ring import Ring
from viahe_detector.stages import Stages
from viahe_detector.stillness import Stillness
from viahe_rules.domain import Change, Detection, Health, Observation


@dataclass(frozen=True, slots=True)
class Look:
    """What one look shows; `asked` tells whether the network was asked about it."""

    observation: Observation
    picture: Picture
    asked: bool


class Looking:
    """Looks at one camera's pictures, each after the one before it.

    Pictures are looked at in a small size; what a change is named by is decoded again in full.
    Not safe for several threads at a time.
    """

    def __init__(
        self, camera: str, settings: WatchSettings, eyes: Eyes, ring: Ring, stages: Stages
    ) -> None:
        self.began_at: float | None = None
        self._camera = camera
        self._longer_px = settings.look_px
        self._eyes = eyes
        self._ring = ring
        self._stages = stages
        self._change = LastingChange()
        self._stillness = Stillness(settings.carry_s)
        self._keys: tuple[str, KeyDecoder] | None = None
        self._between: tuple[str, RunningDecoder] | None = None
        self._before: Picture | None = None

    def look(self, packet: Packet, pending: bool) -> Look | None:
        """What the picture of `packet` shows; None if it cannot be decoded.

        Where something is `pending` the network is asked even if the picture has not changed.
        """
        with self._stages.of("decode"):
            picture = self._decoded(packet)
        if picture is None:
            return None
        before, self._before = self._before, picture
        with self._stages.of("stillness"):
            carried = None if pending else self._stillness.carried(picture.at, picture.bgr)
        with self._stages.of("health"):
            health = _health(picture, before, carried is not None)
        if health is not Health.OK:
            observation = Observation(
                self._camera, picture.run, picture.t, health=health, at=picture.at
            )
            return Look(observation, picture, asked=False)
        detections = self._asked(picture) if carried is None else carried
        observation = self._observed(packet, picture, detections, carried is not None)
        return Look(observation, picture, asked=carried is None)

    def save(self, path: Path) -> None:
        """Write the background down, whole or not at all. Raises OSError."""
        self._change.save(path)

    def load(self, path: Path, began_at: float | None) -> None:
        """Go on from what was saved. Raises ValueError or OSError if it cannot be read."""
        self.began_at = began_at
        if path.exists():
            self._change.load(path)

    def _asked(self, picture: Picture) -> tuple[Detection, ...]:
        with self._stages.of("network"):
            detections = self._eyes.see(picture.bgr)
        with self._stages.of("stillness"):
            self._stillness.answered(picture.at, picture.bgr, detections)
        return detections

    def _observed(
        self,
        packet: Packet,
        picture: Picture,
        detections: tuple[Detection, ...],
        is_still: bool,
    ) -> Observation:
        # The background outlives runs, so its seconds count from when watching began.
        if self.began_at is None:
            self.began_at = picture.at
        watched = picture.at - self.began_at
        changes: tuple[Change, ...] = ()
        if not (is_still and self._change.is_calm):
            with self._stages.of("change"):
                changes = self._change.step(watched, picture.bgr, detections)
        in_media_time = tuple(
            replace(change, since=change.since - watched + picture.t) for change in changes
        )
        return Observation(
            self._camera,
            picture.run,
            picture.t,
            detections=(*detections, *self._named(packet, picture.t, in_media_time)),
            changes=in_media_time,
            at=picture.at,
        )

    def _named(
        self, packet: Packet, t: float, changes: tuple[Change, ...]
    ) -> tuple[Detection, ...]:
        """What the rubbish network names, for which the picture is needed as it was sent."""
        if self._eyes.rubbish is None or not any(is_fresh(change, t) for change in changes):
            return ()
        with self._stages.of("decode"):
            whole = picture_of(self._ring, packet)
        if whole is None:
            return ()
        with self._stages.of("network"):
            return self._eyes.name(whole.bgr, t, changes)

    def _decoded(self, packet: Packet) -> Picture | None:
        facts = self._ring.facts(packet.run)
        if facts is None:
            return None
        width = _width(facts, self._longer_px)
        if packet.keyframe:
            if self._keys is None or self._keys[0] != packet.run:
                self._keys = packet.run, KeyDecoder(facts, width, rough=True)
            return self._keys[1].picture(packet)
        if self._between is None or self._between[0] != packet.run:
            self._between = packet.run, RunningDecoder(facts, width)
        return self._between[1].picture(_group_of(self._ring, packet))


def _health(picture: Picture, before: Picture | None, is_still: bool) -> Health:
    """What a picture says of its camera; one that is still shows what was fit to be judged by."""
    earlier = None if before is None else before.bgr
    if is_still:
        return Health.FROZEN if is_frozen(picture.bgr, earlier) else Health.OK
    return judge(picture.bgr, earlier)


def picture_of(ring: Ring, packet: Packet, width: int | None = None) -> Picture | None:
    """The picture of a packet whose group the ring still has; None if it cannot be had.

    `width` is that of the upright picture; without it the picture is as large as it was sent.
    """
    facts = ring.facts(packet.run)
    group = _group_of(ring, packet)
    if facts is None or not group:
        return None
    try:
        return next(decode_span(facts, group, times=[packet.t], width=width), None)
    except Undecodable:
        return None


def _group_of(ring: Ring, packet: Packet) -> Sequence[Packet]:
    """The packets from the key frame before up to this one; none if the ring has lost them."""
    for segment in ring.cut(packet.run, packet.t, packet.t).segments:
        if segment.run == packet.run:
            return [each for each in segment.packets if each.index <= packet.index]
    return ()


def _width(facts: StreamFacts, longer_px: int) -> int:
    """The width at which the longer side of the upright picture is `longer_px`."""
    width, height = facts.shown_size
    return max(1, round(width * min(1.0, longer_px / max(width, height))))
