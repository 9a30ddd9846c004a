"""`viahe-demo`: cameras, detector and review API on this machine, from packets to a case.

The scenes are rendered, served over RTSP on the loopback, watched by a real detector, and
reported to a real API; nothing between the file and the browser is faked.
"""

import argparse
import json
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from viahe_detector.manifest import Signer, verify
from viahe_detector.media import redacted

from .comparison import Comparison, compare
from .installation import HOST, free_port, start_api, start_detector, wait_for_api
from .photographs import MissingPhotograph
from .programs import CannotStart, Programs
from .render import render_all
from .rtsp import CameraServer
from .scene import Scene
from .scenes import all_scenes
from .staged_ward import Received, StagedWard

MARK = ".viahe-demo"
LATEST_S = 420.0
"""Seconds after which `--once` gives up waiting for what is still on its way."""

AFTER_SCENES_S = 12.0
"""Seconds after the last scene in which its evidence is gathered and sent."""

OWN_CAMERA = "camera"


@dataclass(slots=True)
class Progress:
    """What is printed while it runs: each step with the seconds since the start."""

    began: float = field(default_factory=time.monotonic)
    first_suspicion_s: float | None = None
    known: set[str] = field(default_factory=set)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def say(self, text: str) -> None:
        print(f"[{self.seconds:5.1f} s] {text}", flush=True)

    def received(self, cases: Sequence[Received]) -> None:
        for case in cases:
            if case.code in self.known:
                continue
            self.known.add(case.code)
            if self.first_suspicion_s is None:
                self.first_suspicion_s = self.seconds
            self.say(f"{case.code}  {case.act.value:<12} {case.camera}  score {case.score:.2f}")


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when all went as staged, 1 when not, 2 for a wrong command."""
    asked = _parser().parse_args(arguments)
    if asked.once and asked.source:
        print("viahe-demo: --once checks the staged scenes; leave --source out", file=sys.stderr)
        return 2
    # Ended as a service is, or started where Ctrl+C is not heard, it takes its programs down too.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    try:
        return _demonstrate(asked)
    except (MissingPhotograph, CannotStart) as error:
        print(f"viahe-demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped")
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="viahe-demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="check the scenes and end")
    parser.add_argument("--source", help="a camera's RTSP address, or a file, instead of scenes")
    parser.add_argument("--data", type=Path, default=Path("demo"), help="folder, made anew")
    parser.add_argument("--port", type=int, default=8000, help="of the pages, if it is free")
    return parser


def _demonstrate(asked: argparse.Namespace) -> int:
    progress = Progress()
    data = _fresh(asked.data)
    ward = StagedWard(data / "api")
    try:
        with CameraServer() as cameras, Programs() as programs:
            address = f"http://{HOST}:{free_port(asked.port)}"
            start_api(programs, data, address)
            if asked.source:
                return _own_camera(asked.source, progress, data, ward, cameras, programs, address)
            scenes = all_scenes()
            sources = _stage(scenes, progress, data, ward, cameras)
            start_detector(programs, data, ward.token, address, sources)
            progress.say(f"{len(scenes)} cameras are watched")
            if asked.once:
                return _check(scenes, progress, data, ward, programs)
            wait_for_api(programs, address)
            _announce(ward, address)
            _watch(progress, ward, programs)
    finally:
        ward.close()
    return 0


def _stage(
    scenes: Sequence[Scene],
    progress: Progress,
    data: Path,
    ward: StagedWard,
    cameras: CameraServer,
) -> dict[str, str]:
    """Render the scenes and serve them; the address of each camera by its name."""
    progress.say(f"rendering {len(scenes)} scenes")
    files = render_all(tuple(scenes), data, processes=2)
    for number, scene in enumerate(scenes, start=1):
        ward.add_scene(scene, number)
    return {
        scene.name: cameras.serve(scene.name, file, live=True, hold_s=scene.still_end_s)
        for scene, file in zip(scenes, files, strict=True)
    }


def _check(
    scenes: Sequence[Scene],
    progress: Progress,
    data: Path,
    ward: StagedWard,
    programs: Programs,
) -> int:
    """Wait until every scene is over and everything has arrived; compare and say."""
    over = time.monotonic() + max(scene.duration_s for scene in scenes) + AFTER_SCENES_S
    latest = time.monotonic() + LATEST_S
    for _ in _every_second(programs, progress):
        progress.received(ward.received())
        waiting = any((data / "detector" / "outbox").glob("*/*.json"))
        if (time.monotonic() >= over and not waiting) or time.monotonic() >= latest:
            break
    received = ward.received()
    result = compare(scenes, received)
    verified = _verified(received, data)
    _explain(result, progress)
    told = {
        "expected": result.expected,
        "found": len(received),
        "matched": len(result.matched),
        "false": len(result.false),
        "clips_verified": verified,
        "seconds": round(progress.seconds, 1),
    }
    print(json.dumps(told), flush=True)
    right = result.expected == len(result.matched) == len(received) == verified
    return 0 if right and not result.false else 1


def _explain(result: Comparison, progress: Progress) -> None:
    for missed in result.missed:
        progress.say(f"missed  {missed}")
    for case in result.false:
        progress.say(f"false   {case.code} {case.act.value} {case.camera} at {case.start:.1f} s")
    if progress.first_suspicion_s is not None:
        progress.say(f"first suspicion after {progress.first_suspicion_s:.1f} s")


def _verified(received: Sequence[Received], data: Path) -> int:
    """How many cases' evidence holds: every hash, the signature, and a clip among the files."""
    public_key = Signer.load_or_create(data / "detector" / "signing.pem").public_key
    return sum(
        (case.folder / "clip.mp4").exists() and not verify(case.folder, public_key)
        for case in received
    )


def _own_camera(
    source: str,
    progress: Progress,
    data: Path,
    ward: StagedWard,
    cameras: CameraServer,
    programs: Programs,
    address: str,
) -> int:
    """Watch somebody's own camera, or a file as though it were one, until interrupted."""
    camera = ward.add_camera(OWN_CAMERA)
    if "://" not in source:
        file = Path(source).resolve()
        if not file.exists():
            print(f"viahe-demo: there is no file {source}", file=sys.stderr)
            return 2
        source = _served(cameras, file)
    start_detector(programs, data, ward.token, address, {OWN_CAMERA: source})
    progress.say(f"watching {redacted(source)}")
    wait_for_api(programs, address)
    _announce(ward, address)
    print(f"  Draw a zone (as quantri): {address}/cameras/{camera}\n", flush=True)
    _watch(progress, ward, programs)
    return 0


def _served(cameras: CameraServer, file: Path) -> str:
    """A file as a camera that repeats it; one RTSP cannot carry is read as it is, once."""
    try:
        return cameras.serve(OWN_CAMERA, file, loop=True, live=True)
    except ValueError:
        return str(file)


def _watch(progress: Progress, ward: StagedWard, programs: Programs) -> None:
    for _ in _every_second(programs, progress):
        progress.received(ward.received())


def _every_second(programs: Programs, progress: Progress) -> Iterator[None]:
    while True:
        for name in programs.keep_running():
            progress.say(f"{name} had ended and was started again")
        yield
        time.sleep(1.0)


def _announce(ward: StagedWard, address: str) -> None:
    print(f"\n  Viahe is at {address}/  (Ctrl+C ends the demo)\n")
    for person in ward.people:
        # Staged people of a staged ward, made for this run: whoever runs it signs in as them.
        print(f"  {person.role:<14} {person.login:<10} {person.password}")
    print(flush=True)


def _fresh(data: Path) -> Path:
    """The demo's folder, emptied; a folder that is not a demo's is left alone."""
    data = data.resolve()
    if data.exists() and any(data.iterdir()):
        if not (data / MARK).exists():
            raise SystemExit(f"viahe-demo: {data} is not empty and not a demo's; name another")
        shutil.rmtree(data)
    data.mkdir(parents=True, exist_ok=True)
    (data / MARK).touch()
    return data
