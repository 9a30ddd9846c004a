"""The detector put together: every part is made here and handed to those that use it.

Threads: one for each camera's capture, one that looks at cameras in turn, one that looks back
and gathers evidence, one that reports. None waits for another but through the disk.
"""

import logging
import os
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import httpx2

from viahe_detector.camera import CameraWatch
from viahe_detector.capture import Capture, Source, StreamOpener
from viahe_detector.casework import Casework
from viahe_detector.config import CameraSettings, Settings, check_plan, plan_of
from viahe_detector.errors import ConfigError, SourceError
from viahe_detector.evidence import EvidenceIdentity
from viahe_detector.eyes import Eyes, open_eyes
from viahe_detector.manifest import Signer
from viahe_detector.media import (
    Packet,
    StreamFacts,
    Timeouts,
    is_live,
    jpeg,
    open_stream,
    redacted,
)
from viahe_detector.outbox import Outbox
from viahe_detector.report import Reporter, ReviewApi
from viahe_detector.timing import iso
from viahe_rules.domain import Health, Plan

log = logging.getLogger(__name__)

REMEMBER_EVERY_S = 10.0


@dataclass(frozen=True, slots=True)
class Watched:
    """A camera with what feeds it."""

    settings: CameraSettings
    camera: CameraWatch
    capture: Capture


class Settling(Protocol):
    """Who does what a camera's rules asked for: casework, or scoring."""

    def settle(self, camera: CameraWatch, ended: bool) -> None:
        """Do what waits for this camera, on the caller's thread."""


class InLine:
    """A sink that looks and looks back at once: a file read faster than life drops nothing."""

    def __init__(self, camera: CameraWatch, casework: Settling) -> None:
        self._camera = camera
        self._casework = casework

    def on_run(self, run: str, facts: StreamFacts) -> None:
        self._camera.on_run(run, facts)

    def on_packet(self, packet: Packet) -> None:
        self._camera.on_packet(packet)
        self._camera.look()
        self._casework.settle(self._camera, ended=False)


class Detector:
    """All cameras of one detector, from opening them to their last suspicion."""

    def __init__(
        self,
        settings: Settings,
        environment: Mapping[str, str],
        opener: StreamOpener = open_stream,
        client: httpx2.Client | None = None,
    ) -> None:
        """Raises ConfigError, ModelError or OutboxError; nothing runs yet.

        `client` replaces the HTTP client made from the settings' address.
        """
        self._settings = settings
        self._data = Path(settings.data)
        self._stop = threading.Event()
        self._due = threading.Event()
        self._errors: dict[str, str] = {}
        self._session = uuid.uuid4().hex
        self.outbox = Outbox(self._data / "outbox")
        eyes = open_eyes(settings.network, lanes=1)
        signer = Signer.load_or_create(self._data / "signing.pem")
        self.casework = Casework(settings.watch, eyes, self.outbox, signer, _identity(eyes))
        self.watched = tuple(self._watched(camera, eyes, opener) for camera in settings.cameras)
        self._by_id = {watched.camera.id: watched.camera for watched in self.watched}
        self.reporter = self._reporter(environment, client)
        self._threads: list[threading.Thread] = []

    def run(self) -> None:
        """Watch until `stop` is called, or until every source that can end has ended."""
        self.start()
        captures = [thread for thread in self._threads if thread.name.startswith("capture")]
        try:
            while not self._stop.is_set() and any(thread.is_alive() for thread in captures):
                self._stop.wait(0.2)
            while not self._stop.is_set() and not self._nothing_left():
                self._stop.wait(0.2)
        finally:
            self.stop()

    def start(self) -> None:
        """Start every thread."""
        self._recall()
        self.casework.recover(self._by_id)
        for watched in self.watched:
            self._thread(f"capture {watched.camera.id}", partial(self._capture, watched))
        self._thread("looks", self._look_in_turn)
        self._thread("casework", partial(self.casework.run, self._stop))
        if self.reporter is not None:
            self._thread("reporter", partial(self.reporter.run, self._stop, time.monotonic))

    def request_stop(self) -> None:
        """Ask `run` to end; may be called from a signal handler."""
        self._stop.set()

    def stop(self) -> None:
        """End every thread, finish the evidence in hand, and write down what is remembered."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=30)
        self._threads.clear()
        for watched in self.watched:
            watched.camera.remember(self._data / "remembered")
            watched.camera.close()

    def replan(self, plans: Sequence[Plan]) -> None:
        """Take over zones and permits for the cameras that are watched here."""
        for plan in plans:
            camera = self._by_id.get(plan.camera)
            if camera is None or camera.plan == plan:
                continue
            try:
                check_plan(plan)
            except ConfigError as error:
                log.error("%s; the camera goes on with the zones it has", error)
                continue
            camera.replan(plan)
            log.info("%s: %d zones in force", plan.camera, len(plan.zones))

    def health(self) -> dict[str, Any]:
        """How the cameras are, as the contract has it."""
        return {
            "session": self._session,
            "cameras": [self._health_of(watched.camera) for watched in self.watched],
        }

    def stills(self) -> dict[str, bytes]:
        """The newest picture of each camera that has shown one, as JPEG."""
        newest = {w.camera.id: w.camera.picture for w in self.watched}
        return {camera: jpeg(picture) for camera, picture in newest.items() if picture}

    def _watched(self, settings: CameraSettings, eyes: Eyes, opener: StreamOpener) -> Watched:
        watch = self._settings.watch
        camera = CameraWatch(plan_of(settings), watch, eyes, self.casework.tell, wake=self._due.set)
        source = Source(
            settings.id,
            settings.source,
            realtime=settings.realtime,
            timeouts=Timeouts(packet_s=watch.stall_s),
        )
        sink = camera if _is_live(settings) else InLine(camera, self.casework)
        capture = Capture(source, sink, opener)
        camera.clock = capture
        return Watched(settings, camera, capture)

    def _reporter(
        self, environment: Mapping[str, str], client: httpx2.Client | None
    ) -> Reporter | None:
        api = self._settings.api
        if api is None:
            return None
        token = environment.get(api.token_variable)
        if not token:
            raise ConfigError(
                f"api: the environment has no variable {api.token_variable}; "
                "put the device's token there"
            )
        client = client or httpx2.Client(base_url=api.address, timeout=api.timeout_s)
        reporter = Reporter(
            ReviewApi(client, token),
            self.outbox,
            self._data / "configuration.json",
            self.replan,
            self.health,
            self.stills,
            (api.configuration_every_s, api.health_every_s),
        )
        self.replan(reporter.last_good_plans())
        return reporter

    def _thread(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _capture(self, watched: Watched) -> None:
        camera = watched.camera

        def failed(error: SourceError) -> None:
            self._errors[camera.id] = str(error)

        watched.capture.run(self._stop, failed)
        if not _is_live(watched.settings):
            self.casework.settle(camera, ended=True)

    def _look_in_turn(self) -> None:
        """Look at whichever live camera has waited longest; one thread serves them all."""
        cameras = [w.camera for w in self.watched if _is_live(w.settings)]
        remembered = time.monotonic()
        while not self._stop.is_set():
            waiting = [(c.waiting_since, c.id, c) for c in cameras]
            due = [(since, name, c) for since, name, c in waiting if since is not None]
            if due:
                min(due)[2].look()
            else:
                self._due.wait(0.2)
                self._due.clear()
            if time.monotonic() - remembered >= REMEMBER_EVERY_S:
                remembered = time.monotonic()
                for camera in cameras:
                    camera.remember(self._data / "remembered")

    def _nothing_left(self) -> bool:
        waiting = any(watched.camera.waiting_since is not None for watched in self.watched)
        reported = self.reporter is None or self.outbox.count() == 0
        return not waiting and self.casework.idle() and reported

    def _recall(self) -> None:
        """Only cameras go on where they were: a file is seen anew each time."""
        for watched in self.watched:
            if not is_live(watched.settings.source):
                continue
            try:
                watched.camera.recall(self._data / "remembered")
            except (OSError, ValueError, KeyError) as error:
                log.warning("%s: starts without memory: %s", watched.camera.id, error)

    def _health_of(self, camera: CameraWatch) -> dict[str, Any]:
        newest = camera.ring.newest
        silent_s = time.time() - newest.arrived_at if newest else None
        state, detail = "online", ""
        if silent_s is None or silent_s > self._settings.watch.stall_s:
            state = "offline"
            detail = self._errors.get(camera.id, "no packets yet")
        elif camera.health is not Health.OK:
            state, detail = "degraded", camera.health.value
        hours = [{"hour": iso(hour), "seen_s": round(s, 1)} for hour, s in camera.seen.hours()]
        return {
            "camera": camera.id,
            "state": state,
            "detail": detail,
            "clock_offset_s": camera.clock.clock_offset_s,
            "hours": hours,
        }


def _is_live(settings: CameraSettings) -> bool:
    return settings.realtime or is_live(settings.source)


def _identity(eyes: Eyes) -> EvidenceIdentity:
    return EvidenceIdentity(
        camera="",
        detector=version("viahe"),
        model=eyes.street.record.name,
        model_sha256=eyes.street.record.sha256,
        clock_offset_s=None,
        clock_source="arrival",
    )


def described(settings: Settings) -> list[str]:
    """A line for each camera, as printed at the start: never with credentials."""
    cores = os.cpu_count() or 1
    lines = [f"{len(settings.cameras)} cameras, {cores} cores, {settings.network.precision}"]
    for camera in settings.cameras:
        lines.append(f"{camera.id}: {redacted(camera.source)}")
    return lines
