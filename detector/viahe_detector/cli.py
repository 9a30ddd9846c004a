"""`viahe-detector`: watch cameras, check a configuration, replay a recording, verify evidence."""

import argparse
import json
import logging
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from viahe_detector import config
from viahe_detector.errors import ConfigError, ViaheError
from viahe_detector.recording import recorded
from viahe_rules.domain import Suspicion
from viahe_rules.plan import Plan
from viahe_rules.recorded import suspicion_to_json
from viahe_rules.watching import Memory, see


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 if all is well, 1 if something is wrong with what was asked for."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.DEBUG if options.verbose else logging.INFO,
        format="%(asctime)s %(levelname).1s %(message)s",
        datefmt="%H:%M:%S",
    )
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    try:
        return int(options.command(options))
    except ViaheError as error:
        print(f"viahe-detector: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="viahe-detector", description=__doc__)
    parser.add_argument("-v", "--verbose", action="store_true", help="log every step")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="watch the cameras of a configuration")
    run.add_argument("--config", type=Path, required=True)
    run.add_argument(
        "--plain", action="store_true", help="write the log instead of a table, at a terminal too"
    )
    run.set_defaults(command=_run)

    check = commands.add_parser("check", help="say whether a configuration can be used")
    check.add_argument("--config", type=Path, required=True)
    check.set_defaults(command=_check)

    replay = commands.add_parser("replay", help="judge a recording again, without video")
    replay.add_argument("--config", type=Path, required=True)
    replay.add_argument("recording", type=Path, help="a .jsonl file of watch.record")
    replay.set_defaults(command=_replay)

    score = commands.add_parser("score", help="measure footage against what truly happens in it")
    score.add_argument("--truth", type=Path, required=True, help="what happens, as YAML")
    score.add_argument("--footage", type=Path, help="folder of the videos; the truth's own if not")
    score.add_argument("--look-every", type=float, default=1.0, metavar="SECONDS")
    score.add_argument("--json", action="store_true", help="one JSON object as the last line")
    score.add_argument("--stills", type=Path, help="folder for a marked picture of each result")
    records = score.add_mutually_exclusive_group()
    records.add_argument("--record", type=Path, help="folder to record observations in")
    records.add_argument("--from-record", type=Path, help="folder to judge recordings of again")
    score.add_argument("--skip-missing", action="store_true", help="leave absent videos out")
    score.set_defaults(command=_score)

    bench = commands.add_parser("bench", help="measure how many cameras this machine watches")
    bench.add_argument("--cameras", type=int, default=64, metavar="N")
    bench.add_argument("--seconds", type=float, default=60.0, metavar="S")
    bench.add_argument("--look-every", type=float, default=2.0, metavar="SECONDS")
    bench.add_argument("--street", default="street", help="street network, by name or card")
    bench.add_argument("--precision", choices=("int8", "fp16"), default="fp16")
    bench.add_argument("--footage", type=Path, nargs="+", default=[], metavar="FILE")
    staged = bench.add_argument_group("footage that is staged")
    staged.add_argument("--codec", choices=("h264", "h265"), default="h264")
    staged.add_argument("--group", type=float, default=2.0, metavar="SECONDS", help="key frames")
    staged.add_argument("--b-frames", type=int, default=0, metavar="N", help="in a row")
    staged.add_argument(
        "--small-streams", action="store_true", help="cameras have a small stream to be looked at"
    )
    bench.add_argument("--cache", type=Path, help="folder for footage that is staged")
    bench.add_argument("--against", action="store_true", help="and what other ways would hold")
    bench.add_argument("--yolo", type=Path, help="weights for Ultralytics' loop")
    bench.add_argument("--file", type=Path, help="one file, as fast as it can be read, instead")
    bench.add_argument("--json", action="store_true", help="one JSON object as the last line")
    bench.set_defaults(command=_bench)

    verify = commands.add_parser("verify", help="check a folder of evidence, offline")
    verify.add_argument("folder", type=Path)
    verify.add_argument("--public-key", help="64 hexadecimal digits the detector is known by")
    verify.add_argument("--previous", type=Path, help="the manifest before this one")
    verify.set_defaults(command=_verify)

    reference = commands.add_parser("reference", help="print the configuration's reference page")
    reference.set_defaults(command=_reference)
    return parser


def _reference(_: argparse.Namespace) -> int:
    from viahe_detector.reference import page

    print(page(), end="")
    return 0


def _run(options: argparse.Namespace) -> int:
    from viahe_detector.logs import written

    settings = config.load(options.config, os.environ)
    cameras = [camera.id for camera in settings.cameras]
    with written(sys.stderr, settings.log_format, cameras, options.verbose):
        _watch(settings, options.plain)
    return 0


def _watch(settings: config.Settings, plain: bool) -> None:
    from viahe_detector.app import Detector  # OpenVINO and FFmpeg load here
    from viahe_detector.capacity import described
    from viahe_detector.terminal import is_possible, watching

    for line in described(settings):
        logging.getLogger(__name__).info(line)
    detector = Detector(settings, os.environ)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: detector.request_stop())
    live = not plain and settings.log_format != "json" and is_possible(sys.stdout)
    with watching(detector, sys.stdout) if live else nullcontext():
        detector.run()


def _check(options: argparse.Namespace) -> int:
    settings = config.load(options.config, os.environ)
    zones = sum(len(camera.zones) for camera in settings.cameras)
    print(f"{options.config}: {len(settings.cameras)} cameras, {zones} zones, nothing wrong")
    return 0


def _replay(options: argparse.Namespace) -> int:
    settings = config.load(options.config, os.environ)
    plans = {camera.id: config.plan_of(camera) for camera in settings.cameras}
    for suspicion in replayed(options.recording, plans):
        print(json.dumps(suspicion_to_json(suspicion), ensure_ascii=False))
    return 0


def replayed(recording: Path, plans: dict[str, Plan]) -> tuple[Suspicion, ...]:
    """The suspicions a recording gives under these plans. Raises ConfigError naming the line."""
    memories: dict[str, Memory] = {}
    found: list[Suspicion] = []
    for number, event in recorded(recording):
        if event.camera not in plans:
            raise ConfigError(f"{recording}, line {number}: camera {event.camera!r} has no plan")
        memory = memories.get(event.camera, Memory())
        memories[event.camera], outcomes = see(plans[event.camera], memory, event)
        found += [outcome for outcome in outcomes if isinstance(outcome, Suspicion)]
    return tuple(found)


def _score(options: argparse.Namespace) -> int:
    from viahe_detector.score import Request, report

    request = Request(
        truth=options.truth,
        footage=options.footage or options.truth.parent,
        look_every_s=options.look_every,
        record=options.record,
        from_record=options.from_record,
        stills=options.stills,
        skip_missing=options.skip_missing,
    )
    for line in report(request, with_json=options.json):
        print(line, flush=True)
    return 0


def _bench(options: argparse.Namespace) -> int:
    from viahe_detector.bench import Request, report, report_file
    from viahe_detector.load import Coded

    request = Request(
        cameras=options.cameras,
        seconds=options.seconds,
        look_every_s=options.look_every,
        street=options.street,
        precision=options.precision,
        footage=tuple(options.footage),
        coded=Coded(options.codec, options.group, options.b_frames),
        small_streams=options.small_streams,
        against=options.against,
        yolo=options.yolo,
    )
    if options.cache is not None:
        request = replace(request, cache=options.cache)
    if options.file is not None:
        for line in report_file(options.file, request, options.json):
            print(line, flush=True)
        return 0
    ok = True
    for line, ok in report(request, options.json):  # noqa: B007 - the last one counts
        print(line, flush=True)
    return 0 if ok else 1


def _verify(options: argparse.Namespace) -> int:
    from viahe_detector.manifest import verify

    previous = options.previous.read_bytes() if options.previous else None
    findings = verify(options.folder, options.public_key, previous)
    for finding in findings:
        print(f"{finding.name}: {finding.detail}")
    if not findings:
        print(f"{options.folder}: every hash, the signature and the manifest agree")
    return 1 if findings else 0
