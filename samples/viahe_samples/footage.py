"""`python -m viahe_samples.footage FOLDER`: footage as a street camera codes it, for load.

Prints a JSON line for each file: `file`, whether something `happens` in it, and its `zones`;
and with `--small` its `small` stream, the same street in a ninth of the size.
Full HD at 25 pictures a second, H.264 High with CABAC and loop filter (or H.265) at about
3 Mbit/s, a key frame every two seconds and no B-frames unless told otherwise. Made once: what is
in the folder is not made again.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import zip_longest
from pathlib import Path
from types import MappingProxyType

from viahe_rules.domain import GROUP, THING, Act
from viahe_rules.plan import Rule, Zone
from viahe_rules.recorded import to_json

from .render import Coding, render
from .scene import Scene
from .scenes import ZONES, bag_left, bus_stays, group_stays, walkers_pass
from .stage import Stage, set_stage

SIZE = (1920, 1080)
FPS = Fraction(25)
SMALL_SIZE, SMALL_FPS = (640, 360), Fraction(15)
QUIET_S = 30.0
GROUPS_BEFORE = 4
"""A camera has coded for days: where footage begins again, its key frames are as fine as ever."""
LEFT_FOR_S = 18.0
"""How long something has to lie: half of what a scene lasts. A ward has it lie for a minute."""
AS_A_CAMERA: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "h264": {
            "preset": "veryfast",
            "profile": "high",
            "b": "3000000",
            "maxrate": "4000000",
            "bufsize": "4000000",
        },
        "h265": {"preset": "ultrafast", "b": "3000000"},
    }
)


def quiet_street() -> Scene:
    """Nothing but daylight and the sensor's noise."""
    return Scene("quiet-street", "nothing happens", (), ZONES, (), QUIET_S, seed=21)


def all_footage() -> tuple[Scene, ...]:
    """The quiet street first, then the streets in action."""
    return (quiet_street(), bag_left(), group_stays(), walkers_pass(), bus_stays())


def small(coding: Coding) -> Coding:
    """How a camera codes its small stream beside one that is coded so."""
    rates = {key: str(int(value) // 7) for key, value in coding.settings.items() if value.isdigit()}
    return replace(coding, settings={**coding.settings, **rates})


def make(
    folder: Path, coding: Coding, size: tuple[int, int] = SIZE, fps: Fraction = FPS
) -> tuple[Path, ...]:
    """The footage in `folder`, made where it is missing. Raises `MissingPhotograph`."""
    suffix = "" if size == SIZE else f"-{size[0]}x{size[1]}"
    kind = f"{coding.codec}-{coding.group_s:g}s-{coding.b_frames}b-{coding.groups_before}before"
    folder = folder / f"{kind}{suffix}"
    folder.mkdir(parents=True, exist_ok=True)
    stage: Stage | None = None
    made = []
    for scene in all_footage():
        path = folder / f"{scene.name}.mp4"
        made.append(path)
        if path.exists():
            continue
        stage = stage or set_stage(size)
        half = folder / f".{scene.name}.half.mp4"
        render(replace(scene, size=size, fps=fps), half, stage, coding)
        half.replace(path)
    return tuple(made)


def rule_zones(scene: Scene) -> tuple[Zone, ...]:
    """The scene's ground as rules know it."""
    dwell_s = {**dict(scene.dwell_s), Act.DUMPING: LEFT_FOR_S}
    return tuple(
        Zone(
            zone.id,
            1,
            zone.name,
            zone.polygon,
            zone.surface,
            (_rule(zone.act, dwell_s[zone.act]),),
        )
        for zone in scene.zones
    )


def _rule(act: Act, seconds: float) -> Rule:
    labels = (THING,) if act is Act.DUMPING else ("car", "truck", "bus", GROUP)
    return Rule(act.value, act, tuple((label, seconds) for label in labels), grace=6.0, gone=3.0)


def main(arguments: Sequence[str]) -> int:
    """Make the footage in the folder named and print its files, one a line."""
    parser = argparse.ArgumentParser(prog="python -m viahe_samples.footage")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--codec", choices=sorted(AS_A_CAMERA), default="h264")
    parser.add_argument("--group", type=float, default=2.0, help="seconds between key frames")
    parser.add_argument("--b-frames", type=int, default=0)
    parser.add_argument("--small", action="store_true", help="a small stream beside each")
    told = parser.parse_args(arguments)
    settings = AS_A_CAMERA[told.codec]
    coding = Coding(told.codec, settings, told.group, told.b_frames, GROUPS_BEFORE)
    large = make(told.folder, coding)
    beside = make(told.folder, small(coding), SMALL_SIZE, SMALL_FPS) if told.small else ()
    for scene, path, smaller in zip_longest(all_footage(), large, beside):
        footage = {
            "file": str(path),
            "small": str(smaller) if smaller else None,
            "happens": bool(scene.actors),
            "zones": to_json(rule_zones(scene)),
        }
        print(json.dumps(footage, ensure_ascii=False), flush=True)  # noqa: T201 - the answer
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
