"""`python -m viahe_samples.footage FOLDER`: footage as a street camera codes it, for load.

Prints a JSON line for each file: `file`, whether something `happens` in it, and its `zones`.
Full HD at 25 pictures a second, H.264 High with CABAC and loop filter at about 3 Mbit/s, a key
frame every two seconds. Made once: what is in the folder is not made again.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

from viahe_rules.domain import GROUP, THING, Act, Rule, Zone
from viahe_rules.recorded import to_json

from .render import render
from .scene import Scene
from .scenes import ZONES, bag_left, bus_stays, group_stays, walkers_pass
from .stage import Stage, set_stage

SIZE = (1920, 1080)
FPS = Fraction(25)
QUIET_S = 30.0
AS_A_CAMERA: Mapping[str, str] = MappingProxyType(
    {
        "preset": "veryfast",
        "profile": "high",
        "b": "3000000",
        "maxrate": "4000000",
        "bufsize": "4000000",
    }
)


def quiet_street() -> Scene:
    """Nothing but daylight and the sensor's noise."""
    return Scene("quiet-street", "nothing happens", (), ZONES, (), QUIET_S, seed=21)


def all_footage() -> tuple[Scene, ...]:
    """The quiet street first, then the streets in action."""
    return (quiet_street(), bag_left(), group_stays(), walkers_pass(), bus_stays())


def make(folder: Path) -> tuple[Path, ...]:
    """The footage in `folder`, made where it is missing. Raises `MissingPhotograph`."""
    folder.mkdir(parents=True, exist_ok=True)
    stage: Stage | None = None
    made = []
    for scene in all_footage():
        path = folder / f"{scene.name}.mp4"
        made.append(path)
        if path.exists():
            continue
        stage = stage or set_stage(SIZE)
        half = folder / f".{scene.name}.half.mp4"
        render(replace(scene, size=SIZE, fps=FPS), half, stage, AS_A_CAMERA)
        half.replace(path)
    return tuple(made)


def rule_zones(scene: Scene) -> tuple[Zone, ...]:
    """The scene's ground as rules know it."""
    dwell_s = dict(scene.dwell_s)
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
    (folder,) = arguments
    for scene, path in zip(all_footage(), make(Path(folder)), strict=True):
        told = {
            "file": str(path),
            "happens": bool(scene.actors),
            "zones": to_json(rule_zones(scene)),
        }
        print(json.dumps(told, ensure_ascii=False), flush=True)  # noqa: T201 - the answer
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
