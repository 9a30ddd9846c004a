"""A staged scene as a file and as settings, rendered once for all tests that watch it."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from viahe_detector.config import (
    ApiSettings,
    CameraSettings,
    NetworkSettings,
    Settings,
    WatchSettings,
)
from viahe_rules.domain import GROUP, THING, Act
from viahe_rules.plan import Rule, Zone
from viahe_samples.photographs import MissingPhotograph
from viahe_samples.render import render
from viahe_samples.scene import Scene
from viahe_samples.scenes import all_scenes

TOKEN = "VIAHE_DEVICE_TOKEN"


def scene(name: str) -> Scene:
    return next(scene for scene in all_scenes() if scene.name == name)


@cache
def rendered(name: str) -> Path:
    """The scene's file; skips, aloud, where the photographs are absent."""
    path = Path(mkdtemp(prefix="viahe-scenes-")) / f"{name}.mp4"
    try:
        render(scene(name), path)
    except MissingPhotograph as missing:
        pytest.skip(str(missing))
    return path


def zones(staged: Scene) -> tuple[Zone, ...]:
    dwell = dict(staged.dwell_s)
    return tuple(
        Zone(zone.id, 1, zone.name, zone.polygon, zone.surface, (_rule(zone.act, dwell[zone.act]),))
        for zone in staged.zones
    )


def settings(folder: Path, name: str, api: ApiSettings | None = None) -> Settings:
    """Watching the scene's file as fast as it can be read."""
    camera = CameraSettings(
        id=name, source=str(rendered(name)), realtime=False, zones=zones(scene(name))
    )
    return Settings(
        data=str(folder / "detector"),
        cameras=(camera,),
        watch=WatchSettings(record=str(folder / "observations")),
        network=NetworkSettings(rubbish=""),
        api=api,
    )


def _rule(act: Act, seconds: float) -> Rule:
    labels = (THING,) if act is Act.DUMPING else ("car", "truck", "bus", GROUP)
    return Rule(act.value, act, tuple((label, seconds) for label in labels), grace=6.0, gone=3.0)
