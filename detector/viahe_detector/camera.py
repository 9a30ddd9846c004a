"""One camera being watched: packets into the ring, looks into observations, these into outcomes.

Packets arrive on the capture's thread and are never held up: the newest packet due for a look
replaces one still waiting, and the replaced one is counted. Looks happen on the threads that
call `look`, one at a time. The rules see one event at a time, in the order the recording keeps.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from viahe_detector.cadence import Cadence
from viahe_detector.config import WatchSettings
from viahe_detector.errors import Undecodable
from viahe_detector.eyes import Eyes
from viahe_detector.looking import Looking
from viahe_detector.media import Packet, Picture, StreamFacts, decode_key
from viahe_detector.recording import Recording, Spool
from viahe_detector.ring import Ring
from viahe_detector.seen import SeenHours
from viahe_detector.stages import Stages
from viahe_rules.domain import Answer, Event, Health, Keep, Observation, Outcome, Plan, Release
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
    ) -> None:
        """`tell` is called with every outcome, `wake` from the capture's thread at a due look."""
        self.id = plan.camera
        self.ring = Ring(settings.ring_s, int(settings.ring_mib * 2**20))
        self.seen = SeenHours()
        self.health = Health.OK
        self.clock: TimeSource = NoClock()
        self._packets = self._dropped = 0  # the capture's thread alone writes these
        self._looked = self._undecodable = self._asked = 0
        self._looked_at: deque[float] = deque(maxlen=CADENCE_LOOKS)
        self._delays: deque[float] = deque(maxlen=CADENCE_LOOKS)
        self._plan = plan
        self._tell = tell
        self._wake = wake
        self._cadence = Cadence(settings.look_every_s)
        self._stages = stages or Stages()
        self._looking = Looking(plan.camera, settings, eyes, self.ring, self._stages)
        self._run_began_at: dict[str, float] = {}
        self._memory = Memory()
        self._looks: deque[Observation] = deque(maxlen=round(settings.ring_s * 2) + 64)
        self._dense: dict[str, Answer] = {}
        self._waiting: Packet | None = None
        self._waiting_since: float | None = None
        self._newest_key: Packet | None = None
        self._rules_lock = threading.Lock()
        self._waiting_lock = threading.Lock()
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
        if not self._cadence.wants(packet):
            return
        with self._waiting_lock:
            dropped = self._waiting is not None
            self._waiting = packet
            if not dropped:
                self._waiting_since = time.monotonic()
        self._dropped += dropped
        self._wake()

    @property
    def counts(self) -> Counts:
        """What this camera has done so far."""
        return Counts(self._packets, self._looked, self._dropped, self._undecodable, self._asked)

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
        """Since when a look has been due (monotonic seconds), None if none is.

        A packet that replaces a waiting one does not make the wait shorter.
        """
        with self._waiting_lock:
            return None if self._waiting is None else self._waiting_since

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
        look = self._looking.look(packet, self._pending())
        if look is None:
            self._undecodable += 1
            return
        if packet.keyframe:
            self._newest_key = packet
        observation, picture = look.observation, look.picture
        self._run_began_at[picture.run] = picture.at - picture.t
        self.health = observation.health
        with self._stages.of("rules"):
            self._judge(observation)
        self._looked += 1
        self._asked += look.asked
        self._looked_at.append(picture.at)
        self._delays.append(time.time() - packet.arrived_at)

    def still(self) -> Picture | None:
        """The newest key frame that was looked at, as large as it was sent; None without one."""
        packet = self._newest_key
        facts = None if packet is None else self.ring.facts(packet.run)
        if packet is None or facts is None:
            return None
        try:
            return decode_key(facts, packet)
        except Undecodable:
            return None

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
