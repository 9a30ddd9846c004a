"""A real detector under a load of live cameras, and what it did."""

import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from viahe_detector.app import Detector
from viahe_detector.config import (
    ApiSettings,
    CameraSettings,
    NetworkSettings,
    Settings,
    WatchSettings,
)
from viahe_detector.errors import BenchError
from viahe_detector.footprint import Footprint, footprint
from viahe_detector.load import Footage, Sent, Serving, receiving, serving
from viahe_detector.recording import recorded
from viahe_rules.domain import Ask, Event, Observation, Suspicion
from viahe_rules.plan import Plan
from viahe_rules.watching import Memory, see

TOKEN = "VIAHE_BENCH_TOKEN"  # noqa: S105 - the name of a variable
OPENING_S = 120.0
"""Seconds within which every camera has to have been looked at."""
IN_TIME = 1.1
"""A look is in time up to this many intervals after the one before."""

FOOTPRINTS = 60
THREADS = {
    "capture": "demux",
    "lookback": "lookback",
    "casework": "evidence",
    "reporter": "report",
    "looks": "looks",
}


@dataclass(frozen=True, slots=True)
class Sustained:
    """What was measured in `seconds` of watching.

    Lost packets are counted from the first the cameras sent to the last. `gaps_s` are between
    the pictures of looks that follow each other, `longest_gap_s` the longest of each camera, and
    `delays_s` from the arrival of a picture to its judgement, for the last looks. `lags_s`
    are from the look at which a rule was satisfied to the last byte's acknowledgement. CPU is
    that of this process; the cameras' (`served_cpu_s` in `served_s`) is apart, and
    `served_late_s` is how late they sent a picture at the most. `footprints` were taken evenly over
    the time that was measured. `stages` are CPU seconds.
    """

    cameras: int
    in_action: int
    seconds: float
    packets: int
    packets_lost: int
    looks: int
    looks_lost: int
    looks_asked: int
    gaps_s: tuple[float, ...]
    longest_gap_s: tuple[float, ...]
    delays_s: tuple[float, ...]
    cpu_s: float
    served_s: float
    served_cpu_s: float
    served_late_s: float
    lags_s: tuple[float, ...]
    unreported: int
    footprints: tuple[Footprint, ...]
    stages: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Moment:
    """What had been done and used at one moment; CPU seconds by stage and of the process."""

    at: float
    packets: int
    looks: int
    dropped: int
    asked: int
    cpu_s: float
    stages: Mapping[str, float]


def sustain(
    shown: Sequence[Footage],
    seconds: float,
    folder: Path,
    watch: WatchSettings,
    network: NetworkSettings,
    settling_s: float = 8.0,
    afterwards_s: float = 20.0,
) -> Sustained:
    """Watch a live camera for each of `shown` with a real detector that reports what it suspects.

    The `seconds` that are measured begin `settling_s` after every camera was looked at for the
    first time. `afterwards_s` the cameras go on, so that what was suspected at the end can be
    reported.
    Its outbox, memory and recordings are left in `folder`. Raises BenchError if cameras cannot
    be watched at all.
    """
    with _only_errors_logged(), receiving() as receiver, serving(shown) as cameras:
        settings = _settings(shown, cameras, receiver.address, folder, watch, network)
        detector = Detector(settings, {TOKEN: "bench"})
        detector.start()
        began = time.monotonic()
        try:
            _wait_for_all(detector)
            time.sleep(settling_s)
            before = _moment(detector)
            footprints = tuple(_footprints(detector, seconds))
            after = _moment(detector)
            delays_s = [s for w in detector.watched for s in w.camera.look_delays_s]
            time.sleep(afterwards_s)
            sent, served_s = cameras.end(), time.monotonic() - began
            received = _everything_received(detector)
        finally:
            detector.stop()
        acknowledged = receiver.acknowledged()
    plans = {camera.id: Plan(camera.id, camera.zones) for camera in settings.cameras}
    seen = {
        camera: tuple(_events(Path(settings.watch.record) / f"{camera}.jsonl")) for camera in plans
    }
    window = before.at, after.at
    gaps = {camera: _gaps(events, window) for camera, events in seen.items()}
    raised = dict(_raised(plans, seen, window))
    return Sustained(
        cameras=len(shown),
        in_action=sum(each.happens for each in shown),
        seconds=after.at - before.at,
        packets=after.packets - before.packets,
        packets_lost=_lost(sent, received),
        looks=after.looks - before.looks,
        looks_lost=after.dropped - before.dropped,
        looks_asked=after.asked - before.asked,
        gaps_s=tuple(gap for each in gaps.values() for gap in each),
        longest_gap_s=tuple(max(each) for each in gaps.values()),
        delays_s=tuple(delays_s),
        cpu_s=after.cpu_s - before.cpu_s,
        served_s=served_s,
        served_cpu_s=sent.cpu_s,
        served_late_s=sent.latest_s,
        lags_s=tuple(
            sorted(acknowledged[key] - at for key, at in raised.items() if key in acknowledged)
        ),
        unreported=sum(key not in acknowledged for key in raised),
        footprints=footprints,
        stages={
            stage: used - before.stages.get(stage, 0.0) for stage, used in after.stages.items()
        },
    )


@contextmanager
def _only_errors_logged() -> Iterator[None]:
    """In the end all cameras hang up at once, which is nothing to be told."""
    logger = logging.getLogger("viahe_detector")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def _settings(
    shown: Sequence[Footage],
    served: Serving,
    address: str,
    folder: Path,
    watch: WatchSettings,
    network: NetworkSettings,
) -> Settings:
    cameras = tuple(
        CameraSettings(id=f"cam-{n:03}", source=url, small_source=small, zones=each.zones)
        for n, (each, url, small) in enumerate(
            zip(shown, served.urls, served.small_urls, strict=True)
        )
    )
    return Settings(
        data=str(folder / "data"),
        cameras=cameras,
        watch=watch,
        network=network,
        api=ApiSettings(address=address, token_variable=TOKEN),
    )


def _wait_for_all(detector: Detector) -> None:
    """Until every camera was looked at. Raises BenchError."""
    deadline = time.monotonic() + OPENING_S
    while late := [w.camera.id for w in detector.watched if not w.camera.counts.looks]:
        if time.monotonic() > deadline:
            raise BenchError(
                f"{len(late)} of {len(detector.watched)} cameras were not looked at within "
                f"{OPENING_S:g} s, {late[0]} among them; try fewer with --cameras"
            )
        time.sleep(0.2)


def _footprints(detector: Detector, seconds: float) -> Iterator[Footprint]:
    """What it takes, evenly over so many seconds from now; ends when they have passed."""
    began = time.monotonic()
    for number in range(1, FOOTPRINTS + 1):
        time.sleep(max(0.0, began + number * seconds / FOOTPRINTS - time.monotonic()))
        yield footprint([n for feeding in detector.feeding for n in feeding.processes])


def _moment(detector: Detector) -> _Moment:
    counts = [watched.camera.counts for watched in detector.watched]
    stages = dict(detector.stages.seconds())
    threads = _threads()
    looking = sum(stages.values()) - stages.pop("stills", 0.0)
    stages |= {name: threads[prefix] for prefix, name in THREADS.items() if prefix != "looks"}
    stages["turns"] = max(0.0, threads["looks"] - looking)
    apart_s = sum(feeding.cpu_s for feeding in detector.feeding)
    stages["receiving"] = apart_s
    return _Moment(
        at=time.time(),
        packets=sum(each.packets for each in counts),
        looks=sum(each.looks for each in counts),
        dropped=sum(each.looks_dropped + each.undecodable for each in counts),
        asked=sum(each.asked for each in counts),
        cpu_s=time.process_time() + apart_s,
        stages=stages,
    )


def _threads() -> dict[str, float]:
    """CPU seconds of the detector's threads, by the first word of their name."""
    used = dict.fromkeys(THREADS, 0.0)
    for thread in threading.enumerate():
        kind = thread.name.split(" ")[0]
        if kind in used and thread.ident is not None:
            used[kind] += time.clock_gettime(time.pthread_getcpuclockid(thread.ident))
    return used


def _everything_received(detector: Detector) -> tuple[int, ...]:
    """Packets by camera, once no more come."""
    before: tuple[int, ...] = ()
    while True:
        now = tuple(watched.camera.counts.packets for watched in detector.watched)
        if now == before:
            return now
        before = now
        time.sleep(1.0)


def _lost(sent: Sent, received: Sequence[int]) -> int:
    return sum(max(0, s - r) for s, r in zip(sent.pictures, received, strict=True))


def _events(recording: Path) -> Iterator[Event]:
    if recording.exists():
        yield from (event for _, event in recorded(recording))


def _gaps(events: Sequence[Event], window: tuple[float, float]) -> tuple[float, ...]:
    """Seconds between looks that follow each other; from the window's ends if there are none."""
    times = [e.at for e in events if isinstance(e, Observation) and e.at is not None]
    inside = [t for t in times if window[0] <= t <= window[1]]
    if len(inside) < 2:
        return (window[1] - window[0],)
    return tuple(b - a for a, b in pairwise(inside))


def _raised(
    plans: Mapping[str, Plan],
    seen: Mapping[str, Sequence[Event]],
    window: tuple[float, float],
) -> Iterator[tuple[str, float]]:
    """When the rule was satisfied for each suspicion of the window, by key: at the look that
    made it ask who left the thing, or, if it asks nothing, at the one that raised it. Where it
    asked before and learnt that somebody was still near, it was not satisfied yet."""
    for camera, events in seen.items():
        memory, at = Memory(), 0.0
        satisfied: dict[str, float] = {}
        for event in events:
            if isinstance(event, Observation) and event.at is not None:
                at = event.at
            memory, outcomes = see(plans[camera], memory, event)
            for outcome in outcomes:
                if isinstance(outcome, Ask):
                    satisfied[outcome.key] = at
                elif isinstance(outcome, Suspicion):
                    moment = satisfied.setdefault(outcome.key, at)
                    if window[0] <= moment <= window[1]:
                        yield outcome.key, moment
