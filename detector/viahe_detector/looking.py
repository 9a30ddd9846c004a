"""From a packet that is due for a look to what the look shows."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from viahe_detector.aim import Aim
from viahe_detector.change import LastingChange
from viahe_detector.config import WatchSettings
from viahe_detector.errors import Undecodable
from viahe_detector.eyes import Eyes, is_fresh
from viahe_detector.fineness import STEADY_PX
from viahe_detector.health import is_frozen, judge
from viahe_detector.masking import masked, masks_of
from viahe_detector.media import (
    KeyDecoder,
    Packet,
    Picture,
    RunningDecoder,
    StreamFacts,
    decode_span,
)
from viahe_detector.pace import apart_s
from viahe_detector.ring import Ring
from viahe_detector.stages import Stages
from viahe_detector.standing_vehicles import StandingVehicles
from viahe_detector.stillness import Stillness
from viahe_detector.told_time import ToldTime
from viahe_rules.domain import Change, ClockOff, Detection, Health, Observation, Polygon
from viahe_rules.plan import Zone


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
        self,
        camera: str,
        settings: WatchSettings,
        eyes: Eyes,
        ring_of: Callable[[str], Ring],
        stages: Stages,
    ) -> None:
        """`ring_of` gives the ring that keeps a run."""
        self.began_at: float | None = None
        self._camera = camera
        self._longer_px = settings.look_px
        self._eyes = eyes
        self._ring_of = ring_of
        self._stages = stages
        self._change = LastingChange(settings.change_px or STEADY_PX)
        self._stillness = Stillness(settings.carry_s)
        self._aim = Aim(settings.moved_share)
        self._ground = ""
        self._masks: tuple[Polygon, ...] = ()
        self._told_time = ToldTime(settings.clock_off_s)
        self._keys: tuple[str, KeyDecoder] | None = None
        self._between: tuple[str, RunningDecoder] | None = None
        self._before: Picture | None = None
        self._standing = StandingVehicles(eyes.least_score)

    def watch_ground(self, zones: Sequence[Zone]) -> None:
        """Take the picture from now on as the one these zones were drawn on, if they are new.

        Nothing is seen of what their masks cover. May be called while another thread looks; it
        holds from the next look on.
        """
        self._ground = ground_name(zones)
        self._masks = masks_of(zones)
        self._change.apart_s = apart_s(zones)

    def look(
        self, packet: Packet, pending: bool, clock_offset_s: float | None = None
    ) -> Look | None:
        """What the picture of `packet` shows; None if it cannot be decoded.

        Where something is `pending` the network is asked even if the picture has not changed.
        `clock_offset_s` are the seconds to add to the clock the camera tells, if it tells one.
        """
        with self._stages.of("decode"):
            picture = self._decoded(packet)
        if picture is None:
            return None
        picture = replace(picture, bgr=masked(picture.bgr, self._masks))
        before, self._before = self._before, picture
        with self._stages.of("stillness"):
            carried = None if pending else self._stillness.carried(picture.at, picture.bgr)
        with self._stages.of("health"):
            health = _health(picture, before, carried is not None)
            if health is Health.OK:
                health = self._aimed(picture)
            clock = self._told_time.judge(picture.at, clock_offset_s)
        if not health.is_fit:
            unfit = Observation(self._camera, picture.run, picture.t, at=picture.at)
            return Look(self._with_figures(unfit, health, clock), picture, asked=False)
        detections = self._asked(picture) if carried is None else carried
        observation = self._observed(packet, picture, detections, carried is not None)
        return Look(self._with_figures(observation, health, clock), picture, carried is None)

    def save(self, path: Path) -> None:
        """Write down the background and what the street looks like. Raises OSError."""
        self._change.save(path)
        self._aim.save(_beside(path))

    def load(self, path: Path, began_at: float | None) -> None:
        """Go on from what was saved. Raises ValueError or OSError if it cannot be read."""
        self.began_at = began_at
        if path.exists():
            self._change.load(path)
        if _beside(path).exists():
            self._aim.load(_beside(path))

    def _aimed(self, picture: Picture) -> Health:
        """Whether the camera shows the ground its zones were drawn on."""
        if self._aim.ground != self._ground:
            self._aim.begin(self._ground)
        self._aim.look(picture.at, picture.bgr, lambda: self._change.street)
        return Health.MOVED if self._aim.has_moved else Health.OK

    def _with_figures(
        self, observation: Observation, health: Health, clock: ClockOff | None
    ) -> Observation:
        if health is Health.OK and clock is not None:
            health = Health.CLOCK_OFF
        return replace(observation, health=health, shift=self._aim.shift, clock=clock)

    def _asked(self, picture: Picture) -> tuple[Detection, ...]:
        with self._stages.of("network"):
            named = self._eyes.see(picture.bgr)
        with self._stages.of("standing"):
            detections = self._standing.look(picture.at, picture.bgr, named)
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
                # What is taken for a vehicle now and then must not hide what changes there.
                sure = tuple(d for d in detections if d.score >= self._eyes.least_score)
                changes = self._change.step(watched, picture.bgr, sure)
        in_media_time = tuple(
            replace(change, since=change.since - watched + picture.t) for change in changes
        )
        return Observation(
            self._camera,
            picture.run,
            picture.t,
            detections=(
                *(_in_media_time(found, picture) for found in detections),
                *self._named(packet, picture.t, in_media_time),
            ),
            changes=in_media_time,
            at=picture.at,
            swung=self._change.swung,
        )

    def _named(
        self, packet: Packet, t: float, changes: tuple[Change, ...]
    ) -> tuple[Detection, ...]:
        """What the rubbish network names, for which the picture is needed as it was sent."""
        if self._eyes.rubbish is None or not any(is_fresh(change, t) for change in changes):
            return ()
        with self._stages.of("decode"):
            whole = picture_of(self._ring_of(packet.run), packet)
        if whole is None:
            return ()
        whole = replace(whole, bgr=masked(whole.bgr, self._masks))
        with self._stages.of("network"):
            return self._eyes.name(whole.bgr, t, changes)

    def _decoded(self, packet: Packet) -> Picture | None:
        ring = self._ring_of(packet.run)
        facts = ring.facts(packet.run)
        if facts is None:
            return None
        width = _width(facts, self._longer_px)
        if packet.keyframe:
            if self._keys is None or self._keys[0] != packet.run:
                self._keys = packet.run, KeyDecoder(facts, width, rough=True)
            return self._keys[1].picture(packet)
        if self._between is None or self._between[0] != packet.run:
            self._between = packet.run, RunningDecoder(facts, width)
        return self._between[1].picture(_group_of(ring, packet))


def ground_name(zones: Sequence[Zone]) -> str:
    """The same for the same polygons, whatever else their zones say; empty without any."""
    polygons = sorted(zone.polygon for zone in zones)
    return hashlib.sha256(repr(polygons).encode()).hexdigest() if polygons else ""


def _in_media_time(found: Detection, picture: Picture) -> Detection:
    if found.since is None:
        return found
    return replace(found, since=found.since - picture.at + picture.t)


def _beside(background: Path) -> Path:
    return background.with_suffix(".street.npz")


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
