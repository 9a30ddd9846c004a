"""What the review API gives this detector: plans, addresses and tests, and the last good copy.

The document holds passwords. Its copy is readable by its own user alone, no message repeats an
address, and the records do not show theirs.
"""

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from viahe_rules.plan import Plan
from viahe_rules.recorded import Malformed, plan_from_json

OWNER_ALONE = 0o600

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a camera's streams are had, passwords included; both may be the same."""

    watch: str = field(repr=False)
    record: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AskedTest:
    """A connection test that somebody waits for; numbers only grow."""

    id: int
    camera: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """The configuration document as records; `addresses` is by camera."""

    plans: tuple[Plan, ...] = ()
    addresses: Mapping[str, Addresses] = field(default_factory=dict)
    tests: tuple[AskedTest, ...] = ()


def assignment_from(document: Any) -> Assignment:
    """Raises Malformed; what is wrong with an address is said without it."""
    if not isinstance(document, Mapping):
        raise Malformed("the configuration is no object")
    return Assignment(
        tuple(plan_from_json(plan) for plan in _listed(document, "plans")),
        dict(_addresses(one) for one in _listed(document, "sources", [])),
        tuple(_test(one) for one in _listed(document, "tests", [])),
    )


def keep(path: Path, document: Any) -> None:
    """Write the document down, whole or not at all, for its own user alone. Raises OSError."""
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)  # one that was left behind may be open to others
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ALONE)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False)
    half.replace(path)


def last_good(path: Path) -> Assignment:
    """What was kept of the last time the API was there, without tests: nobody waits for those.

    Nothing if it never was; nothing and a line in the log where it cannot be read.
    """
    try:
        return _kept(path)
    except FileNotFoundError:
        return Assignment()
    except (OSError, ValueError, KeyError) as error:
        log.warning("%s: cannot be read: %s", path, error)
        return Assignment()


def _kept(path: Path) -> Assignment:
    kept = assignment_from(json.loads(path.read_text(encoding="utf-8")))
    return Assignment(kept.plans, kept.addresses)


def _listed(document: Mapping[str, Any], key: str, otherwise: Any = None) -> list[Any]:
    found = document.get(key, otherwise)
    if not isinstance(found, list):
        raise Malformed(f"{key}: expected a list")
    return found


def _addresses(one: Any) -> tuple[str, Addresses]:
    match one:
        case {"camera": str(camera), "watch": str(watch), "record": str(record)}:
            return camera, Addresses(watch, record)
    raise Malformed("sources: each has a camera and the addresses to watch and to record")


def _test(one: Any) -> AskedTest:
    match one:
        case {"id": int(number), "camera": str(camera)}:
            return AskedTest(number, camera)
    raise Malformed("tests: each has an id and a camera")
