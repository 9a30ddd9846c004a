"""What a machine may be expected to sustain, from what watching was measured to cost.

Milliseconds of one core, of cameras of 1080p at 25 pictures a second and 3 Mbit/s with a key
frame every two seconds, on two cores of an AMD EPYC with both in use; benchmarks.md in
docs/reference says more. A machine that is not like that one is measured with
`viahe-detector bench`.
"""

import os
from dataclasses import replace

from viahe_detector.config import Settings
from viahe_detector.fineness import SHAKING_PX, STEADY_PX
from viahe_detector.inference import computes_in_bfloat16
from viahe_detector.media import redacted

PACKETS_MS, SMALL_PACKETS_MS = 7.7, 2.5
"""For each second of a camera: its packets received, placed in time and kept."""
LOOK_MS, SMALL_LOOK_MS = 38.0, 9.0
"""For each look: a key frame decoded, compared and judged; and of a small stream of 640x360."""
ASKED_MS = {
    ("int8", False): 40.0,
    ("fp16", False): 62.0,
    ("int8", True): 26.0,
    ("fp16", True): 18.0,
}
"""For each look at which the network is asked, by whether the processor computes in bfloat16."""
ASKED_SHARE = 0.25
EVIDENCE_MS = 5.0
"""For each second of a camera, where one in four shows a street in action."""
USED = 0.9
"""The share of the cores that may be used before looks come late."""


def sustainable(settings: Settings, cores: int, in_bfloat16: bool = False) -> int:
    """How many such cameras these settings can be expected to sustain on so many cores.

    Cameras are taken to have a small stream in the share that those of the settings have.
    """
    with_small = sum(bool(camera.small_source) for camera in settings.cameras)
    share = with_small / max(1, len(settings.cameras))
    look_ms = SMALL_LOOK_MS * share + LOOK_MS * (1 - share)
    asked_ms = ASKED_SHARE * ASKED_MS[settings.network.precision, in_bfloat16]
    packets_ms = PACKETS_MS + SMALL_PACKETS_MS * share
    each_ms = packets_ms + EVIDENCE_MS + (look_ms + asked_ms) / settings.watch.look_every_s
    return int(USED * cores * 1000 / each_ms)


def with_fineness(settings: Settings) -> Settings:
    """The settings with a size to compare pictures in, where it is left to the machine."""
    if settings.watch.change_px:
        return settings
    expected = sustainable(settings, os.cpu_count() or 1, computes_in_bfloat16())
    has_room = 2 * len(settings.cameras) <= expected
    change_px = STEADY_PX if has_room else SHAKING_PX
    return replace(settings, watch=replace(settings.watch, change_px=change_px))


def described(settings: Settings) -> list[str]:
    """A line for each camera, as printed at the start: never with credentials."""
    cores = os.cpu_count() or 1
    watch = with_fineness(settings).watch
    expected = sustainable(settings, cores, computes_in_bfloat16())
    lines = [
        f"{len(settings.cameras)} cameras, {cores} cores, {settings.network.precision}, "
        f"a look every {watch.look_every_s:g} s at {watch.look_px} pixels, "
        f"compared at {watch.change_px}",
        f"about {expected} cameras of 1080p and 3 Mbit/s can be expected to be sustained; "
        "`viahe-detector bench` measures this machine",
    ]
    for camera in settings.cameras:
        lines.append(f"{camera.id}: {redacted(camera.source)}")
    return lines
