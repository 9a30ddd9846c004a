"""The detector put together: every part is made here and handed to those that use it.

Threads: those that feed cameras (see `feeding`), one for each core that look at cameras in turn,
one that looks back, one that gathers evidence, one that reports. None waits for another but
through the disk.
"""

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

import httpx2

from viahe_detector import metrics
from viahe_detector.answering import Answering
from viahe_detector.assigned import Assigned
from viahe_detector.assignment import Assignment
from viahe_detector.camera import CameraWatch
from viahe_detector.capacity import with_fineness
from viahe_detector.capture import Sink, Source, StreamOpener
from viahe_detector.casework import Casework
from viahe_detector.condition import Condition
from viahe_detector.config import TOLD_SMALL, CameraSettings, Settings, check_plan, plan_of
from viahe_detector.errors import ConfigError, SourceError
from viahe_detector.evidence import EvidenceIdentity
from viahe_detector.eyes import Eyes, open_eyes
from viahe_detector.feeding import Apart, Feed, Feeding, Here, processes_for
from viahe_detector.freed_memory import keep_freed_memory
from viahe_detector.in_line import InLine
from viahe_detector.manifest import Signer
from viahe_detector.media import Timeouts, is_live, open_stream
from viahe_detector.outbox import Outbox
from viahe_detector.pixels import work_on_the_callers_thread
from viahe_detector.recording import Spool
from viahe_detector.remembering import Remembering
from viahe_detector.report import Reporter, ReviewApi
from viahe_detector.rings import Rings
from viahe_detector.stages import Stages
from viahe_detector.threads import Threads
from viahe_detector.turns import Turns
from viahe_rules.plan import Plan

log = logging.getLogger(__name__)

STOPPING_S = 30.0
"""Seconds the threads have to end together: a camera that is being opened blocks its own."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A camera with what feeds it."""

    settings: CameraSettings
    camera: CameraWatch
    feed: Feed
    small: Feed | None = None
    """What feeds the stream that is looked at, where it is not the one that is kept."""


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
        settings = with_fineness(settings)
        self._settings = settings
        self._data = Path(settings.data)
        self._stop = threading.Event()
        self._closing = contextlib.ExitStack()
        self._errors: dict[str, str] = {}
        self.outbox = Outbox(self._data / "outbox")
        self._lookers = settings.watch.looking_threads or os.cpu_count() or 1
        live = any(_is_live(camera) for camera in settings.cameras)
        # One more than look, for looking back.
        eyes = open_eyes(settings.network, lanes=self._lookers + 1 if live else 1)
        self.stages = Stages()
        signer = Signer.load_or_create(self._data / "signing.pem")
        self._answering = Answering(eyes.street, settings.watch.lookback_per_s)
        self.casework = Casework(
            settings.watch, self._answering, self.outbox, signer, _identity(eyes)
        )
        self._rings = Rings(settings.watch)
        self._assigned = Assigned(settings.cameras, opener)
        self.watched = tuple(self._watched(camera, eyes) for camera in settings.cameras)
        apart = opener is open_stream  # no other opener reaches another process
        self.feeding = tuple(_feeding(self.watched, self._assigned.opener, apart))
        self._turns = Turns(
            [w.camera for w in self.watched if _is_live(w.settings)],
            lambda: self._answering.idle() and self.casework.idle(),
        )
        self._remembering = Remembering(self._data / "remembered")
        cameras = [watched.camera for watched in self.watched]
        self.condition = Condition(settings, cameras, self._errors, self.stages)
        self._by_id = {watched.camera.id: watched.camera for watched in self.watched}
        self.reporter = self._reporter(environment, client)
        self._threads = Threads(self._stop)

    def run(self) -> None:
        """Watch until `stop` is called, or until every source that can end has ended."""
        self.start()
        try:
            while not self._stop.is_set() and self._threads.any_alive("capture"):
                self._stop.wait(0.2)
            while not self._stop.is_set() and not self._nothing_left():
                self._stop.wait(0.2)
        finally:
            self.stop()

    def start(self) -> None:
        """Start every thread."""
        work_on_the_callers_thread()
        keep_freed_memory()
        # Only cameras go on where they were: a file is seen anew each time.
        self._remembering.recall(
            watched.camera for watched in self.watched if is_live(watched.settings.source)
        )
        self.casework.recover(self._by_id)
        for feeding in self.feeding:
            feeding.start(self._threads, self._stop)
        for number in range(self._lookers if self._turns.cameras else 0):
            self._threads.start(f"looks {number + 1}", self._look_in_turn)
        if self._settings.metrics is not None:
            cameras = [watched.camera for watched in self.watched]
            told = partial(self._exposed, cameras)
            port = self._closing.enter_context(metrics.serving(self._settings.metrics, told))
            log.info("metrics at http://%s:%d/metrics", self._settings.metrics.address, port)
        self._threads.start("rings", partial(self._rings.run, self._stop))
        self._threads.start("lookback", partial(self._answering.run, self._stop))
        self._threads.start("casework", partial(self.casework.run, self._stop))
        if self.reporter is not None:
            self._threads.start("connection tests", partial(self._assigned.run, self._stop))
            self._threads.start("reporter", partial(self.reporter.run, self._stop, time.monotonic))

    def request_stop(self) -> None:
        """Ask `run` to end; may be called from a signal handler."""
        self._stop.set()

    def stop(self) -> None:
        """End every thread, finish the evidence in hand, and write down what is remembered."""
        self._stop.set()
        for feeding in self.feeding:
            feeding.close()
        self._threads.join(STOPPING_S)
        self._rings.close()
        cameras = [watched.camera for watched in self.watched]
        self._remembering.all(cameras)
        for camera in cameras:
            camera.close()
        self._closing.close()

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

    def _exposed(self, cameras: Sequence[CameraWatch]) -> str:
        return metrics.exposition(
            cameras,
            self.stages,
            self.outbox.count(),
            self.casework.tally,
            sum(feeding.cpu_s for feeding in self.feeding),
        )

    def _assign(self, assignment: Assignment) -> None:
        self._assigned.take(assignment)
        for feeding in self.feeding:
            feeding.tell(assignment.addresses)

    def _watched(self, settings: CameraSettings, eyes: Eyes) -> Watched:
        watch = self._settings.watch
        camera = CameraWatch(
            plan_of(settings),
            watch,
            eyes,
            self.casework.tell,
            self._wake,
            self.stages,
            self._rings.of(settings.id),
            self._rings.of_small() if settings.small_source else None,
        )
        source = Source(
            settings.id,
            settings.source,
            realtime=settings.realtime,
            timeouts=Timeouts(packet_s=watch.stall_s),
        )
        sink: Sink = camera
        over: Callable[[], None] = _nothing
        if not _is_live(settings):
            sink = InLine(camera, self.casework)
            over = partial(self.casework.settle, camera, ended=True)
        camera.clock = feed = Feed(source, sink, partial(self._failed, camera.id), over)
        if self._settings.api is not None and _is_live(settings):
            camera.spool = Spool(self._data / "observations" / settings.id)
        small: Feed | None = None
        if camera.small is not None:
            its_own = replace(
                source, camera=settings.id + TOLD_SMALL, address=settings.small_source
            )
            small = Feed(its_own, camera.small, _not_the_cameras)
        return Watched(settings, camera, feed, small)

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
        if client is None:
            client = httpx2.Client(base_url=api.address, timeout=api.timeout_s)
            self._closing.callback(client.close)
        review = ReviewApi(client, token)
        self._assigned.answer_to(review)
        reporter = Reporter(
            review,
            self.outbox,
            self._data / "configuration.json",
            self.replan,
            self.condition.health,
            self.condition.stills,
            (api.configuration_every_s, api.health_every_s),
            self._data / "observations",
            self._assign,
        )
        last_good = reporter.last_good()
        self._assign(last_good)
        self.replan(last_good.plans)
        return reporter

    def _failed(self, camera: str, error: SourceError) -> None:
        self._errors[camera] = str(error)

    def _wake(self) -> None:
        """A look is due; called from the captures' threads, which start after all is made."""
        self._turns.due()

    def _look_in_turn(self) -> None:
        """Look at whichever live camera has waited longest, several threads side by side."""
        while not self._stop.is_set():
            camera = self._turns.take(wait_s=0.2)
            if camera is None:
                continue
            try:
                camera.look()
                with self.stages.of("remembering"):
                    self._remembering.if_due(camera)
            except Exception:
                # The outermost loop of a look: one that fails must not end all that follow.
                log.exception("%s: a look failed; the camera goes on", camera.id)
            finally:
                self._turns.back(camera)

    def _nothing_left(self) -> bool:
        waiting = any(watched.camera.waiting_since is not None for watched in self.watched)
        reported = self.reporter is None or self.outbox.count() == 0
        return not waiting and self._answering.idle() and self.casework.idle() and reported


def _feeding(
    watched: Sequence[Watched], opener: StreamOpener, may_be_apart: bool
) -> Iterator[Feeding]:
    """Many streams of cameras are captured by processes of their own, where they may be."""
    live = [
        feed
        for each in watched
        if _is_live(each.settings)
        for feed in (each.feed, each.small)
        if feed is not None
    ]
    processes = processes_for(len(live)) if may_be_apart else 0
    files = [each.feed for each in watched if not _is_live(each.settings)]
    here = files if processes else [*files, *live]
    if here:
        yield Here(here, opener)
    if processes:
        yield Apart(live, processes)


def _not_the_cameras(_: SourceError) -> None:
    """A small stream that fails is in the log, and the large one is looked at in its place."""


def _nothing() -> None:
    """A camera that is over has nothing that waited for it."""


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
