"""One camera being watched: packets into the ring, looks into observations, these into outcomes.

Packets arrive on the threads that capture and are never held up. Looks happen on the threads
that call `look`, one at a time. The rules see one event at a time, in the order the recording
keeps. A camera may send a small stream beside the one that is kept: then that one is looked at,
and what is seen is placed in the media time of the kept one.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from viahe_detector.config import WatchSettings
from viahe_detector.errors import Undecodable
from viahe_detector.eyes import Eyes
from viahe_detector.lags import Lags
from viahe_detector.looking import Looking
from viahe_detector.masking import masked, masks_of
from viahe_detector.media import Packet, Picture, StreamFacts, decode_key
from viahe_detector.next_look import NextLook
from viahe_detector.recording import Recording, Spool
from viahe_detector.ring import Ring
from viahe_detector.seen import SeenHours
from viahe_detector.small_stream import SmallStream
from viahe_detector.stages import Stages
from viahe_rules.domain import Answer, Event, Health, Keep, Observation, Outcome, Release
from viahe_rules.plan import Plan
from viahe_rules.recorded import as_recorded, from_json, to_json
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


CADENCE_LOOKS = 8
"""Looks over which the cadence that is kept is measured."""

KEPT_LOOKS = 600
"""The last looks, for evidence: ten minutes of one a second, however far the ring reaches back."""

Tell = Callable[["CameraWatch", Outcome], None]


@dataclass(frozen=True, slots=True)
class Counts:
    """What a camera has done since the detector started."""

    packets: int = 0
    looks: int = 0
    looks_dropped: int = 0
    undecodable: int = 0
    asked: int = 0
    """Looks the network was asked about; in the others nothing had changed."""


class CameraWatch:
    """Watches one camera under a plan that may change while it watches."""

    def __init__(
        self,
        plan: Plan,
        settings: WatchSettings,
        eyes: Eyes,
        tell: Tell,
        wake: Callable[[], None] = lambda: None,
        stages: Stages | None = None,
        ring: Ring | None = None,
        small_ring: Ring | None = None,
    ) -> None:
        """`tell` is called with every outcome, `wake` from the capture's thread at a due look.

        With a `small_ring`, `small` may be fed as well; it is looked at for as long as it comes.
        """
        self.id = plan.camera
        self.ring = ring or Ring(settings.ring_s, int(settings.ring_mib * 2**20))
        self.small = None if small_ring is None else SmallStream(self._offer, small_ring)
        self.seen = SeenHours()
        self.health = Health.OK
        self.newest_look: Observation | None = None
        """What the last look showed, its figures included; None before there was one."""
        self.lags = Lags()
        self.clock: TimeSource = NoClock()
        self._packets = 0  # the capture's thread alone writes this
        self._looked = self._undecodable = self._asked = 0
        self._looked_at: deque[float] = deque(maxlen=CADENCE_LOOKS)
        self._delays: deque[float] = deque(maxlen=CADENCE_LOOKS)
        self._plan = plan
        self._tell = tell
        self._wake = wake
        self._next = NextLook(settings.look_every_s)
        self._stages = stages or Stages()
        self._looking = Looking(plan.camera, settings, eyes, self._ring_of, self._stages)
        self._looking.watch_ground(plan.zones)
        self._run_began_at: dict[str, float] = {}
        self._memory = Memory()
        self._looks: deque[Observation] = deque(maxlen=KEPT_LOOKS)
        self._dense: dict[str, Answer] = {}
        self._newest_key: Packet | None = None
        self._in_action = False
        self._rules_lock = threading.Lock()
        record = Path(settings.record) / f"{plan.camera}.jsonl"
        self._recording = Recording(record) if settings.record else None
        self.spool: Spool | None = None
        """Where what is seen waits to be sent to the API; none without one."""

    def on_run(self, run: str, facts: StreamFacts) -> None:
        """A run begins; on the capture's thread."""
        self.ring.on_run(run, facts)

    def on_packet(self, packet: Packet) -> None:
        """Keep a packet and note a look that is due; on the capture's thread, never blocking."""
        self.ring.on_packet(packet)
        self.seen.add(packet)
        self._packets += 1
        if packet.keyframe:
            self._newest_key = packet
        if self.small is not None:
            self.small.twins.kept(packet)
        if self.small is None or not self.small.comes(packet.arrived_at):
            self._offer(packet)

    @property
    def counts(self) -> Counts:
        """What this camera has done so far."""
        return Counts(
            self._packets, self._looked, self._next.dropped, self._undecodable, self._asked
        )

    @property
    def look_gap_s(self) -> float | None:
        """Mean seconds between the pictures of the last looks; None before there were two."""
        times = tuple(self._looked_at)
        return (times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else None

    @property
    def look_delays_s(self) -> tuple[float, ...]:
        """Seconds from a picture's arrival until it was judged, for the last looks."""
        return tuple(self._delays)

    @property
    def waiting_since(self) -> float | None:
        """Since when a look has been due (monotonic seconds), None if none is."""
        return self._next.since

    @property
    def would_use_a_look(self) -> bool:
        """Whether one more look, that is not due, would show something in action."""
        return self._next.has_more

    @property
    def plan(self) -> Plan:
        """The zones, permits and quiet hours in force."""
        return self._plan

    def replan(self, plan: Plan) -> None:
        """Go on under another plan; stays under rules that are still there go on too."""
        with self._rules_lock:
            self._plan = plan
        self._looking.watch_ground(plan.zones)

    def wall_time_of(self, run: str) -> float:
        """UTC seconds at media second 0 of a run; raises KeyError if it was never looked at."""
        return self._run_began_at[run]

    def look(self, only_due: bool = False) -> None:
        """Look at the packet that waits, if there is one, and judge what it shows.

        With `only_due` no more looks are taken than are due, whatever is in action.
        """
        packet = self._next.take_due() if only_due else self._next.take()
        if packet is None:
            return
        look = self._looking.look(packet, self._pending(), self.clock.clock_offset_s)
        if look is None:
            self._undecodable += 1
            return
        observation, picture = look.observation, look.picture
        if self.small is not None and self.small.keeps(packet.run):
            placed = self.small.placed(observation)
            if placed is None:  # nothing is kept of what it shows
                return
            observation = placed
        self._run_began_at[observation.run] = picture.at - observation.t
        self.health = observation.health
        self.newest_look = observation
        with self._stages.of("rules"):
            self._judge(observation)
        self._in_action = self._pending()
        self._looked += 1
        self._asked += look.asked
        self._looked_at.append(picture.at)
        delay_s = time.time() - packet.arrived_at
        self._delays.append(delay_s)
        self.lags.add(delay_s)

    def still(self) -> Picture | None:
        """The newest key frame that is kept, as large as it was sent and masked; None without."""
        packet = self._newest_key
        facts = None if packet is None else self.ring.facts(packet.run)
        if packet is None or facts is None:
            return None
        try:
            picture = decode_key(facts, packet)
        except Undecodable:
            return None
        return replace(picture, bgr=masked(picture.bgr, masks_of(self._plan.zones)))

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

    def stood_still(self, run: str, start: float, end: float) -> bool:
        """Whether all looks of `start..end` (media seconds of `run`) found it aimed alike."""
        looks = [each for each in tuple(self._looks) if each.run == run and start <= each.t <= end]
        return len({look.swung for look in looks}) <= 1

    def remember(self, folder: Path, background: bool = True) -> None:
        """Write down what the rules and the background know, for `recall` after a restart.

        Not while `look` is at work. The background is larger than all else, and may be left as
        it was written before.
        """
        folder.mkdir(parents=True, exist_ok=True)
        with self._rules_lock:
            memory = {"began_at": self._looking.began_at, "rules": to_json(self._memory)}
        half = folder / f".{self.id}.json.half"
        half.write_text(json.dumps(memory, separators=(",", ":")), encoding="utf-8")
        half.replace(folder / f"{self.id}.json")
        if background:
            self._looking.save(folder / f"{self.id}.npz")

    def recall(self, folder: Path) -> None:
        """Go on from what was remembered. Raises ValueError or OSError if it cannot be read."""
        path = folder / f"{self.id}.json"
        if path.exists():
            kept = json.loads(path.read_text(encoding="utf-8"))
            self._memory = restored(from_json(Memory, kept["rules"]))
            self._looking.load(folder / f"{self.id}.npz", kept["began_at"])

    def close(self) -> None:
        """End the recording."""
        if self._recording is not None:
            self._recording.close()
        if self.spool is not None:
            self.spool.close()

    def _ring_of(self, run: str) -> Ring:
        return self.small.ring if self.small is not None and self.small.keeps(run) else self.ring

    def _offer(self, packet: Packet) -> None:
        if self._next.offer(packet, self._in_action):
            self._wake()

    def _pending(self) -> bool:
        """Whether the rules are watching something whose outcome a look may still change."""
        with self._rules_lock:
            stays = [stay for rule in self._memory.rules for stay in rule.stays]
        return any(
            stay.clear_since is not None or not (stay.there_from_start or stay.settled)
            for stay in stays
        )

    def _judge(self, event: Event) -> None:
        event = as_recorded(event)
        with self._rules_lock:
            if self._recording is not None:
                self._recording.add(event)
            if self.spool is not None:
                self.spool.add(event)
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
