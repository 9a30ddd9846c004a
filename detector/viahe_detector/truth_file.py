"""The truth file of scoring: read and checked before any video is watched.

One YAML file (JSON is YAML too) in the format of `docs/reference/scoring.md`.
"""

import logging
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from viahe_detector.errors import TruthError
from viahe_detector.truth import Dwell, Event, Ground, Truth, Video
from viahe_rules.domain import Act
from viahe_rules.geometry import polygon_faults
from viahe_rules.recorded import Malformed, from_json, nearest

log = logging.getLogger(__name__)

VERSION = 1
_PARTS: Mapping[type, Mapping[str, type]] = {
    Truth: {"videos": Video},
    Video: {"dwell_s": Dwell, "zones": Ground, "events": Event},
}


def load(path: Path) -> Truth:
    """The truth in the file at `path`.

    Raises TruthError: one line with the file, the video and the key. A key that is nearly a
    known one is refused with that name; any other the format does not have is passed over with
    a warning, since people note more about a video than scoring needs.
    """
    try:
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _read(value)
    except OSError as error:
        raise TruthError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise TruthError(f"{path}: is not UTF-8 text; save it as UTF-8") from None
    except yaml.YAMLError as error:
        raise TruthError(f"{path}: is not YAML: {' '.join(str(error).split())}") from None
    except Malformed as error:
        raise TruthError(f"{path}: {error}") from None


def _read(value: Any) -> Truth:
    truth = from_json(Truth, _needed(Truth, value, "truth"), "truth")
    if truth.version != VERSION:
        raise Malformed(f"truth.version: this program reads version {VERSION}")
    files = [video.file for video in truth.videos]
    for number, video in enumerate(truth.videos):
        where = f"truth.videos[{number}] ({video.file})"
        if video.file in files[:number]:
            raise Malformed(f"{where}.file: is listed twice")
        _check_video(video, where)
    return truth


def _needed(kind: type, value: Any, where: str) -> Any:
    """`value` without the keys that are nothing like one of `kind`."""
    if not isinstance(value, Mapping):
        return value
    names = {field.name: None for field in fields(kind)}
    kept = {}
    for key, item in value.items():
        if key not in names and not nearest(str(key), names):
            log.warning("%s: key %r says nothing to scoring and is passed over", where, key)
            continue
        part = _PARTS.get(kind, {}).get(key)
        kept[key] = item if part is None else _needed_parts(part, item, f"{where}.{key}")
    return kept


def _needed_parts(kind: type, value: Any, where: str) -> Any:
    if isinstance(value, list):
        return [_needed(kind, item, f"{where}[{i}]") for i, item in enumerate(value)]
    return _needed(kind, value, where)


def _check_video(video: Video, where: str) -> None:
    path = PurePosixPath(video.file)
    if not video.file or path.is_absolute() or ".." in path.parts:
        raise Malformed(f"{where}.file: has to be a path inside the folder of footage")
    if min(video.size) <= 0:
        raise Malformed(f"{where}.size: width and height are more than 0 pixels")
    for act in Act:
        if (dwell := video.dwell(act)) is not None and dwell <= 0:
            raise Malformed(f"{where}.dwell_s.{act.value}: has to be more than 0, not {dwell:g}")
    for i, zone in enumerate(video.zones):
        _check_watched(video, zone.act, f"{where}.zones[{i}]")
        if faults := polygon_faults(video.outline(zone)):
            raise Malformed(f"{where}.zones[{i}].polygon: has {'; '.join(faults)}")
    for i, event in enumerate(video.events):
        _check_watched(video, event.act, f"{where}.events[{i}]")
        if video.fractions(event.region).area <= 0:
            raise Malformed(f"{where}.events[{i}].region: has no area")


def _check_watched(video: Video, act: Act, where: str) -> None:
    if video.dwell(act) is None:
        raise Malformed(f"{where}.act: dwell_s has no seconds for {act.value}")
