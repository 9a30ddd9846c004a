"""The truth of scenes as a file, in the format `viahe-detector score --truth` reads."""

import json
from pathlib import Path

from viahe_rules.domain import Box

from .scene import Scene, StagedEvent

Json = dict[str, object]


def truth_of(scenes: tuple[Scene, ...]) -> Json:
    """Every scene's zones and events, boxes and polygons in pixels, times in media seconds."""
    return {"version": 1, "videos": [_video(scene) for scene in scenes]}


def write_truth(scenes: tuple[Scene, ...], path: Path) -> None:
    """Write `truth_of(scenes)` as JSON, which is YAML too."""
    path.write_text(json.dumps(truth_of(scenes), indent=1, ensure_ascii=False), encoding="utf-8")


def _video(scene: Scene) -> Json:
    width, height = scene.size
    return {
        "file": f"{scene.name}.mp4",
        "size": [width, height],
        "fps": float(scene.fps),
        "duration_s": scene.duration_s,
        "camera": "fixed",
        "scene": scene.title,
        "source": "viahe_samples, from photographs in the ultralytics distribution",
        "licence": "AGPL-3.0-or-later",
        "zones": [
            {
                "name": zone.name,
                "act": zone.act.value,
                "polygon": [[round(x * width, 1), round(y * height, 1)] for x, y in zone.polygon],
            }
            for zone in scene.zones
        ],
        "dwell_s": {act.value: seconds for act, seconds in scene.dwell_s},
        "events": [_event(event, scene.size) for event in scene.events],
    }


def _event(event: StagedEvent, size: tuple[int, int]) -> Json:
    entry: Json = {
        "act": event.act.value,
        "object": event.object,
        "start_s": _seconds(event.start_s),
        "owner_left_s": _seconds(event.owner_left_s),
        "end_s": _seconds(event.end_s),
        "end_open": event.end_open,
        "region": _pixels(event.region, size),
        "region_at_s": _seconds(event.start_s),
        "left_by": event.left_by.value if event.left_by else None,
    }
    if event.leaver is not None:
        entry |= {"leaver": _pixels(event.leaver, size), "leaver_at_s": _seconds(event.leaver_at_s)}
    return {key: value for key, value in entry.items() if value is not None}


def _seconds(t: float | None) -> float | None:
    return None if t is None else round(t, 3)


def _pixels(box: Box, size: tuple[int, int]) -> list[int]:
    width, height = size
    return [
        round(box.left * width),
        round(box.top * height),
        round(box.right * width),
        round(box.bottom * height),
    ]
