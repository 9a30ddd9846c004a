"""One camera being watched: packets into the ring, looks into observations, these into outcomes.

Packets arrive on the capture's thread and are never held up: the newest packet due for a look
replaces one still waiting, and the replaced one is counted. Looks happen on the thread that
calls `look`. The rules see one event at a time, in the order the recording keeps.
"""

import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from viahe_detector.cadence import Cadence
from viahe_detector.change import LastingChange
from viahe_detector.config import WatchSettings
from viahe_detector.errors import Undecodable
from viahe_detector.eyes import Eyes
from viahe_detector.health import judge
from viahe_detector.media import KeyDecoder, Packet, Picture, StreamFacts, decode_span
from viahe_detector.pixels import Pixels
from viahe_detector.recording import Recording
from viahe_detector.ring import Ring
from viahe_detector.seen import SeenHours
from viahe_rules.domain import Answer, Event, Health, Keep, Observation, Outcome, Plan, Release
from viahe_rules.recorded import from_json, to_json
from viahe_rules.watching import Memory, restored, see


class TimeSource(Protocol):
    """What knows how a camera's clock compares with this computer's."""

    @property
    def clock_offset_s(self) -> float | None:
        """Seconds to add to the camera's clock; None where it tells no time."""
        ...

    @property
    def clock_source(self) -> str:
        """Where wall times come from."""
        ...


class NoClock:
    """The time source of a camera nothing is yet known of."""

    clock_offset_s: float | None = None
    clock_source = "arrival"


Tell = Callable[["CameraWatch", Outcome], None]


@dataclass(frozen=True, slots=True)
class Counts:
    """What a camera has done since the detector started."""

    packets: int = 0
    looks: int = 0
    looks_dropped: int = 0
    undecodable: int = 0


class CameraWatch:
    """Watches one camera under a plan that may change while it watches."""

    def __init__(
        self,
        plan: Plan,
        settings: WatchSettings,
        eyes: Eyes,
        tell: Tell,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """`tell` is called with every outcome, `wake` from the capture's thread at a due look."""
        self.id = plan.camera
        self.ring = Ring(settings.ring_s, int(settings.ring_mib * 2**20))
        self.seen = SeenHours()
        self.health = Health.OK
        self.counts = Counts()
        self.picture: Picture | None = None
        self.clock: TimeSource = NoClock()
        self._plan = plan
        self._eyes = eyes
        self._tell = tell
        self._wake = wake
        self._cadence = Cadence(settings.look_every_s)
        self._change = LastingChange()
        self._began_at: float | None = None
        self._run_began_at: dict[str, float] = {}
        self._memory = Memory()
        self._looks: deque[Observation] = deque(maxlen=round(settings.ring_s * 2) + 64)
        self._dense: dict[str, Answer] = {}
        self._waiting: Packet | None = None
        self._decoder: tuple[str, KeyDecoder] | None = None
        self._rules_lock = threading.Lock()
        self._waiting_lock = threading.Lock()
        record = Path(settings.record) / f"{plan.camera}.jsonl"
        self._recording = Recording(record) if settings.record else None

    def on_run(self, run: str, facts: StreamFacts) -> None:
        """A run begins; on the capture's thread."""
        self.ring.on_run(run, facts)

    def on_packet(self, packet: Packet) -> None:
        """Keep a packet and note a look that is due; on the capture's thread, never blocking."""
        self.ring.on_packet(packet)
        self.seen.add(packet)
        self.counts = replace(self.counts, packets=self.counts.packets + 1)
        if not self._cadence.wants(packet):
            return
        with self._waiting_lock:
            dropped = self._waiting is not None
            self._waiting = packet
        if dropped:
            self.counts = replace(self.counts, looks_dropped=self.counts.looks_dropped + 1)
        self._wake()

    @property
    def waiting_since(self) -> float | None:
        """When the packet that waits for a look arrived (UTC seconds), None without one."""
        packet = self._waiting
        return None if packet is None else packet.arrived_at

    @property
    def plan(self) -> Plan:
        """The zones, permits and quiet hours in force."""
        return self._plan

    def replan(self, plan: Plan) -> None:
        """Go on under another plan; stays under rules that are still there go on too."""
        with self._rules_lock:
            self._plan = plan

    def wall_time_of(self, run: str) -> float:
        """UTC seconds at media second 0 of a run; raises KeyError if it was never looked at."""
        return self._run_began_at[run]

    def look(self) -> None:
        """Look at the packet that waits, if there is one, and judge what it shows."""
        with self._waiting_lock:
            packet, self._waiting = self._waiting, None
        if packet is None:
            return
        picture = self._decoded(packet)
        if picture is None:
            self.counts = replace(self.counts, undecodable=self.counts.undecodable + 1)
            return
        self._judge(self._observed(picture))
        self.counts = replace(self.counts, looks=self.counts.looks + 1)

    def hear(self, answer: Answer) -> None:
        """Take the answer to what a rule asked."""
        self._dense[answer.key] = answer
        self._judge(answer)

    def looks_for(self, key: str, start: float, end: float) -> tuple[Observation, ...]:
        """What was seen in `start..end` (media seconds), looked-back looks of `key` included."""
        dense = self._dense.pop(key, None)
        looks = [*self._looks, *(dense.looks if dense else ())]
        return tuple(
            sorted((look for look in looks if start <= look.t <= end), key=lambda look: look.t)
        )

    def remember(self, folder: Path) -> None:
        """Write down what the rules and the background know, for `recall` after a restart."""
        folder.mkdir(parents=True, exist_ok=True)
        with self._rules_lock:
            memory = {"began_at": self._began_at, "rules": to_json(self._memory)}
        half = folder / f".{self.id}.json.half"
        half.write_text(json.dumps(memory, separators=(",", ":")), encoding="utf-8")
        half.replace(folder / f"{self.id}.json")
        self._change.save(folder / f"{self.id}.npz")

    def recall(self, folder: Path) -> None:
        """Go on from what was remembered. Raises ValueError or OSError if it cannot be read."""
        path = folder / f"{self.id}.json"
        if path.exists():
            kept = json.loads(path.read_text(encoding="utf-8"))
            self._memory = restored(from_json(Memory, kept["rules"]))
            self._began_at = kept["began_at"]
            self._change.load(folder / f"{self.id}.npz")

    def close(self) -> None:
        """End the recording."""
        if self._recording is not None:
            self._recording.close()

    def _decoded(self, packet: Packet) -> Picture | None:
        facts = self.ring.facts(packet.run)
        if facts is None:
            return None
        if packet.keyframe:
            if self._decoder is None or self._decoder[0] != packet.run:
                self._decoder = (packet.run, KeyDecoder(facts))
            return self._decoder[1].picture(packet)
        cut = self.ring.cut(packet.run, packet.t, packet.t)
        for segment in cut.segments:
            if segment.run == packet.run:
                return _last_of(segment.facts, segment.packets, packet.t)
        return None

    def _observed(self, picture: Picture) -> Observation:
        before = self.picture
        self.picture = picture
        self._run_began_at[picture.run] = picture.at - picture.t
        self.health = judge(picture.bgr, _pixels(before))
        if self.health is not Health.OK:
            return Observation(self.id, picture.run, picture.t, health=self.health, at=picture.at)
        detections = self._eyes.see(picture.bgr)
        # The background outlives runs, so its seconds count from when watching began.
        if self._began_at is None:
            self._began_at = picture.at
        watched = picture.at - self._began_at
        changes = self._change.step(watched, picture.bgr, detections)
        in_media_time = tuple(
            replace(change, since=change.since - watched + picture.t) for change in changes
        )
        named = self._eyes.name(picture.bgr, picture.t, in_media_time)
        return Observation(
            self.id,
            picture.run,
            picture.t,
            detections=(*detections, *named),
            changes=in_media_time,
            at=picture.at,
        )

    def _judge(self, event: Event) -> None:
        with self._rules_lock:
            if self._recording is not None:
                self._recording.add(event)
            if isinstance(event, Observation):
                self._looks.append(event)
            self._memory, outcomes = see(self._plan, self._memory, event)
        for outcome in outcomes:
            if isinstance(outcome, Keep):
                cut = self.ring.cut(outcome.run, outcome.start, outcome.end)
                self.ring.keep(outcome.key, cut)
            elif isinstance(outcome, Release):
                self.ring.release(outcome.key)
            self._tell(self, outcome)


def _pixels(picture: Picture | None) -> Pixels | None:
    return None if picture is None else picture.bgr


def _last_of(facts: StreamFacts, packets: Any, t: float) -> Picture | None:
    try:
        return next(decode_span(facts, packets, times=[t]), None)
    except Undecodable:
        return None
