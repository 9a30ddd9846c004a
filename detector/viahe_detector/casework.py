"""From a suspicion to a parcel: evidence is gathered, and never lost on the way.

Runs on one thread of its own, behind the looks. A suspicion is on disk (noted) before this
returns to whoever told of it.
"""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from viahe_detector.answering import Answering
from viahe_detector.camera import CameraWatch
from viahe_detector.config import WatchSettings
from viahe_detector.cut import Cut, joined
from viahe_detector.errors import DiskFull, EvidenceError, OutboxError
from viahe_detector.evidence import EvidenceFile, EvidenceIdentity, gather
from viahe_detector.manifest import Signer
from viahe_detector.masking import masks_of
from viahe_detector.outbox import Outbox
from viahe_detector.tally import Tally
from viahe_detector.timing import iso
from viahe_rules.domain import Ask, Outcome, Prepare, Release, Suppressed, Suspicion
from viahe_rules.moments import begins
from viahe_rules.plan import Zone
from viahe_rules.recorded import from_json, suspicion_from_json, suspicion_to_json, to_json

log = logging.getLogger(__name__)

RETRY_S = 5.0
"""Seconds until evidence is tried again where the disk had no room."""

PATIENCE_S = 10.0
"""Seconds past its due time that evidence waits for pictures that have not come."""


@dataclass(order=True, slots=True)
class Task:
    """Evidence to gather for a camera, not before `due` (monotonic seconds)."""

    due: float
    order: int
    camera: CameraWatch = field(compare=False)
    suspicion: Suspicion = field(compare=False)
    noted: Mapping[str, Any] = field(compare=False, default_factory=dict)
    patience: float = field(compare=False, default=0.0)


class Casework:
    """Passes on what rules ask, and turns what they suspect into parcels."""

    def __init__(
        self,
        settings: WatchSettings,
        answering: Answering,
        outbox: Outbox,
        signer: Signer,
        identity: EvidenceIdentity,
    ) -> None:
        self._settings = settings
        self._answering = answering
        self._outbox = outbox
        self._signer = signer
        self._identity = identity
        self.tally = Tally()
        self._tasks: list[Task] = []
        self._order = itertools.count()
        self._wake = threading.Condition()
        self._busy = False

    def tell(self, camera: CameraWatch, outcome: Outcome) -> None:
        """Take what a camera's rules say. Asks and suspicions are worked on later."""
        self.tally.count(outcome)
        if isinstance(outcome, Ask):
            self._answering.ask(camera, outcome)
        elif isinstance(outcome, Prepare):
            self._answering.prepare(camera, outcome.ask)
        elif isinstance(outcome, Release):
            self._answering.drop(camera, outcome.key)
        elif isinstance(outcome, Suppressed):
            log.info("%s: covered by %s: %s", camera.id, outcome.because, outcome.suspicion.act)
        elif isinstance(outcome, Suspicion) and not self._outbox.holds(outcome.key):
            self._propose(camera, outcome)

    def recover(self, cameras: Mapping[str, CameraWatch]) -> None:
        """Take up suspicions that were noted before the last end, however it came."""
        for key, value in self._outbox.noted():
            suspicion = suspicion_from_json(value["suspicion"])
            camera = cameras.get(suspicion.camera)
            if camera is None:
                log.warning("%s: noted for camera %s, not watched now", key, suspicion.camera)
                continue
            self._add(Task(0.0, next(self._order), camera, suspicion, value))

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set and nothing that is due is left."""
        while True:
            task = self._next(stop)
            if task is None:
                return
            try:
                self.work(task)
            except Exception:  # the outermost loop: one case's fault may not end the others'
                # It stays noted, for the next start.
                log.exception("%s: evidence of %s failed", task.camera.id, task.suspicion.key)
            finally:
                self._busy = False

    def idle(self) -> bool:
        """Whether nothing waits or is being worked on."""
        with self._wake:
            return not self._tasks and not self._busy

    def settle(self, camera: CameraWatch, ended: bool) -> None:
        """Do what waits for a camera that is read faster than life, on the caller's thread.

        Evidence whose pictures are still to come stays, unless the stream has `ended`.
        """
        self._answering.settle(camera)
        with self._wake:
            mine = [task for task in self._tasks if task.camera is camera]
            ready = [task for task in mine if ended or not _must_wait(task, self._settings)]
            self._tasks = [task for task in self._tasks if task not in ready]
            heapq.heapify(self._tasks)
        for task in ready:
            self.work(replace(task, patience=0.0))

    def work(self, task: Task) -> None:
        """Do one task; where the disk has no room, put it back for later."""
        if time.monotonic() < task.patience and _must_wait(task, self._settings):
            self._add(replace(task, due=time.monotonic() + 0.5))
            return
        try:
            self._gather(task.camera, task.suspicion, task.noted)
        except (DiskFull, OutboxError) as error:
            log.error("%s: %s; trying again in %g s", task.camera.id, error, RETRY_S)
            self._add(replace(task, due=time.monotonic() + RETRY_S))

    def _propose(self, camera: CameraWatch, suspicion: Suspicion) -> None:
        noted = self._noted(camera, suspicion)
        try:
            self._outbox.note(suspicion.key, noted)
        except (DiskFull, OutboxError) as error:
            log.error("%s: %s; the suspicion is kept in memory", camera.id, error)
        log.info(
            "%s: suspicion of %s in zone %s, score %.2f",
            camera.id,
            suspicion.act,
            suspicion.zone,
            suspicion.score,
        )
        # Due at once: the pictures after the act may have come while it was looked back.
        now = time.monotonic()
        patience = now + self._settings.after_s + PATIENCE_S
        self._add(Task(now, next(self._order), camera, suspicion, noted, patience))

    def _add(self, task: Task) -> None:
        with self._wake:
            heapq.heappush(self._tasks, task)
            self._wake.notify()

    def _next(self, stop: threading.Event) -> Task | None:
        with self._wake:
            while True:
                now = time.monotonic()
                if self._tasks and (self._tasks[0].due <= now):
                    self._busy = True
                    return heapq.heappop(self._tasks)
                if stop.is_set():
                    return None
                self._wake.wait(min(0.5, self._tasks[0].due - now) if self._tasks else 0.5)

    def _noted(self, camera: CameraWatch, suspicion: Suspicion) -> dict[str, Any]:
        """Everything about a suspicion that would be lost with the process."""
        zone = next(zone for zone in camera.plan.zones if zone.id == suspicion.zone)
        began_at = camera.wall_time_of(suspicion.run)
        return {
            "suspicion": suspicion_to_json(suspicion),
            "start_at": iso(began_at + suspicion.start),
            "end_at": iso(began_at + suspicion.end),
            "clock": {
                "offset_s": camera.clock.clock_offset_s,
                "source": camera.clock.clock_source,
            },
            "zone": to_json(zone),
        }

    def _gather(self, camera: CameraWatch, suspicion: Suspicion, noted: Mapping[str, Any]) -> None:
        began = begins(suspicion.start, suspicion.place, suspicion.left_by)
        start = began - self._settings.before_s
        end = suspicion.end + self._settings.after_s
        cut = self._cut(camera, suspicion.run, start, end)
        zone = next((z for z in camera.plan.zones if z.id == suspicion.zone), None)
        files = self._files(camera, suspicion, zone or from_json(Zone, noted["zone"]), cut)
        manifest = next(file for file in files if file.kind == "manifest")
        payload = {name: value for name, value in noted.items() if name != "zone"}
        payload["detector"] = self._identity.detector
        payload["model"] = {
            "name": self._identity.model,
            "sha256": self._identity.model_sha256,
        }
        payload["files"] = [_announced(file) for file in files]
        self._outbox.ready(suspicion.key, payload, manifest.sha256)
        camera.ring.release(suspicion.key)

    def _cut(self, camera: CameraWatch, run: str, start: float, end: float) -> Cut:
        longest = self._settings.clip_max_s
        if end - start <= longest:
            return camera.ring.cut(run, start, end)
        first = camera.ring.cut(run, start, start + longest / 2)
        return joined(first, camera.ring.cut(run, end - longest / 2, end))

    def _files(
        self, camera: CameraWatch, suspicion: Suspicion, zone: Zone, cut: Cut
    ) -> tuple[EvidenceFile, ...]:
        looks = camera.looks_for(suspicion.key, cut.start, cut.end)
        arguments = (
            replace(
                self._identity,
                camera=camera.id,
                clock_offset_s=camera.clock.clock_offset_s,
                clock_source=camera.clock.clock_source,
            ),
            self._signer,
            self._outbox.last_manifest(),
            time.time(),
            masks_of(camera.plan.zones),
        )
        folder = self._outbox.room_for(suspicion.key)
        try:
            return gather(folder, suspicion, zone, cut, looks, *arguments)
        except EvidenceError as error:
            log.error("%s: no clip: %s; its whole window is declared a gap", camera.id, error)
            empty = Cut(cut.run, cut.start, cut.end, (), (), ((cut.start, cut.end),))
            return gather(folder, suspicion, zone, empty, looks, *arguments)


def _must_wait(task: Task, settings: WatchSettings) -> bool:
    """Whether the pictures after the act are still to come."""
    newest, suspicion = task.camera.ring.newest, task.suspicion
    if newest is None or newest.run != suspicion.run:
        return False
    return newest.t < suspicion.end + settings.after_s


def _announced(file: EvidenceFile) -> dict[str, Any]:
    return {
        "name": file.name,
        "kind": file.kind,
        "media_type": file.media_type,
        "sha256": file.sha256,
        "size": file.size,
    }
