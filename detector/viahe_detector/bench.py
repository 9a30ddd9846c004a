"""`viahe-detector bench`: how many live cameras this machine watches, measured, not promised."""

import json
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from viahe_detector.alternatives import everything_decoded, key_frames_alone, tracking_loop
from viahe_detector.app import Detector
from viahe_detector.config import CameraSettings, NetworkSettings, Settings, WatchSettings
from viahe_detector.errors import BenchError
from viahe_detector.footprint import growth_mib_an_hour
from viahe_detector.inference import is_shipped
from viahe_detector.load import AS_USUAL, Coded, Footage, given, spread, staged
from viahe_detector.sustained import IN_TIME, Sustained, sustain

ALTERNATIVE_S = 10.0
"""Seconds for which each other way of watching is measured."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to measure; without `footage` streets are staged in `cache`, once.

    `yolo` are weights for Ultralytics' loop, of which `against` needs some of its own kind.
    See `sustain` for what happens before and after the `seconds` that are measured.
    """

    cameras: int = 64
    seconds: float = 60.0
    look_every_s: float = 2.0
    street: str = "street"
    precision: str = "fp16"
    footage: tuple[Path, ...] = ()
    coded: Coded = AS_USUAL
    small_streams: bool = False
    cache: Path = Path(tempfile.gettempdir()) / "viahe-footage"
    against: bool = False
    yolo: Path | None = None
    settling_s: float = 25.0
    afterwards_s: float = 20.0


def report(request: Request, with_json: bool = False) -> Iterator[tuple[str, bool]]:
    """The measurement line by line, each with whether all was well until then.

    With `with_json` the last line is one JSON object. Raises BenchError.
    """
    if request.cameras < 1 or request.seconds <= 0:
        raise BenchError("--cameras and --seconds have to be more than 0")
    footage = given(request.footage) if request.footage else _staged(request)
    with tempfile.TemporaryDirectory(prefix="viahe-bench-") as folder:
        watch, network = _settings(request, Path(folder))
        shown = spread(footage, request.cameras)
        sustained = sustain(
            shown,
            request.seconds,
            Path(folder),
            watch,
            network,
            request.settling_s,
            request.afterwards_s,
        )
    ok = is_ok(sustained, request.look_every_s)
    against = _against(request, footage) if request.against else {}
    figures = as_json(sustained, request, against)
    for line in _lines(figures, sustained):
        yield line, ok
    if with_json:
        yield json.dumps(figures, ensure_ascii=False), ok


def report_file(file: Path, request: Request, with_json: bool = False) -> Iterator[str]:
    """One file analysed as fast as it can be read. Raises BenchError."""
    (footage,) = given([file])
    with tempfile.TemporaryDirectory(prefix="viahe-bench-") as folder:
        watch, network = _settings(request, Path(folder))
        camera = CameraSettings(
            id="file", source=str(file.absolute()), realtime=False, zones=footage.zones
        )
        detector = Detector(Settings(folder, (camera,), watch, network), {})
        began = time.monotonic()
        detector.run()
        took = time.monotonic() - began
        newest = detector.watched[0].camera.ring.newest
        counts = detector.watched[0].camera.counts
    seconds = newest.t + newest.duration_s if newest else 0.0
    figures = {
        "seconds": round(seconds, 2),
        "took_s": round(took, 2),
        "times_real_time": round(seconds / took, 1),
        "looks": counts.looks,
        "looks_asked": counts.asked,
        "precision": request.precision,
    }
    yield (
        f"{file}: {seconds:.1f} s in {took:.2f} s, {figures['times_real_time']} times real time, "
        f"{counts.looks} looks, the network asked at {counts.asked}"
    )
    if with_json:
        yield json.dumps(figures, ensure_ascii=False)


def _staged(request: Request) -> tuple[Footage, ...]:
    return staged(request.cache, request.coded, request.small_streams)


def is_ok(sustained: Sustained, look_every_s: float) -> bool:
    """Whether no packet was lost and every camera was looked at in time."""
    in_time = max(sustained.longest_gap_s) <= IN_TIME * look_every_s
    return sustained.packets_lost == 0 and in_time


def as_json(
    sustained: Sustained, request: Request, against: Mapping[str, float | str]
) -> dict[str, Any]:
    """The figures by name. `stages` are CPU ms for each second of watching; `against` is how
    many cameras each other way holds in real time, or why it was left out. `threads` and `files`
    are those that were open at the beginning and at the end."""
    return {
        "cameras": sustained.cameras,
        "in_action": sustained.in_action,
        "seconds": round(sustained.seconds, 1),
        "precision": request.precision,
        "codec": "as given" if request.footage else request.coded.codec,
        "key_frames_every_s": None if request.footage else request.coded.group_s,
        "b_frames": None if request.footage else request.coded.b_frames,
        "small_streams": request.small_streams,
        "packets": sustained.packets,
        "packets_lost": sustained.packets_lost,
        "looks": sustained.looks,
        "looks_lost": sustained.looks_lost,
        "looks_asked": sustained.looks_asked,
        "look_gap_p99_s": percentile(sustained.gaps_s, 99),
        "look_gap_longest_s": round(max(sustained.longest_gap_s), 2),
        "look_delay_p99_s": percentile(sustained.delays_s, 99),
        "cores": round(sustained.cpu_s / sustained.seconds, 3),
        "served_late_s": sustained.served_late_s,
        "served_cores": round(sustained.served_cpu_s / sustained.served_s, 3),
        "suspicions": len(sustained.lags_s) + sustained.unreported,
        "unreported": sustained.unreported,
        "lag_p50_s": percentile(sustained.lags_s, 50),
        "lag_p95_s": percentile(sustained.lags_s, 95),
        "rss_mib": round(sustained.footprints[-1].rss_mib, 1),
        "rss_most_mib": round(max(each.rss_mib for each in sustained.footprints), 1),
        "rss_growth_mib_an_hour": _rounded(growth_mib_an_hour(sustained.footprints)),
        "threads": [sustained.footprints[n].threads for n in (0, -1)],
        "files": [sustained.footprints[n].files for n in (0, -1)],
        "stages": {
            stage: round(1000 * used / sustained.seconds, 1)
            for stage, used in sorted(sustained.stages.items())
        },
        "against": dict(against),
        "ok": is_ok(sustained, request.look_every_s),
    }


def percentile(figures: Sequence[float], percent: int) -> float | None:
    """The smallest figure that `percent` of all do not exceed; None of none."""
    if not figures:
        return None
    ordered = sorted(figures)
    return round(ordered[max(0, -(-len(ordered) * percent // 100) - 1)], 2)


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 1)


def _settings(request: Request, folder: Path) -> tuple[WatchSettings, NetworkSettings]:
    watch = WatchSettings(
        look_every_s=request.look_every_s, ring_s=60.0, record=str(folder / "observations")
    )
    network = NetworkSettings(street=request.street, precision=request.precision)
    return watch, network if is_shipped(network.rubbish) else replace(network, rubbish="")


def _against(request: Request, footage: Sequence[Footage]) -> dict[str, float | str]:
    files = [each.file for each in footage]
    floor = key_frames_alone(files, ALTERNATIVE_S)
    everything = everything_decoded(files, ALTERNATIVE_S, request.street, request.precision)
    return {
        "key_frames_decoded_alone": round(floor, 1),
        "everything_decoded_5_pictures_a_second": round(everything, 2),
        "ultralytics_track": tracking_loop(files[-1], ALTERNATIVE_S, request.yolo),
    }


def _lines(figures: Mapping[str, Any], sustained: Sustained) -> Iterator[str]:
    cores = os.cpu_count() or 1
    yield f"{figures['cameras']} cameras, {figures['in_action']} in action, {cores} cores"
    for name, value in figures.items():
        if name not in ("cameras", "in_action", "stages", "against"):
            yield f"  {name:<20} {value}"
    yield "  CPU ms, for each second of watching and for each look"
    looks_a_second = max(1, sustained.looks) / sustained.seconds
    for stage, milliseconds in figures["stages"].items():
        yield f"    {stage:<18} {milliseconds:8.1f} {milliseconds / looks_a_second:8.2f}"
    if figures["against"]:
        yield "  cameras held in real time in other ways"
        for name, held in figures["against"].items():
            yield f"    {name:<40} {held}"
