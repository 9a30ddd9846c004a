"""The staged variants as a benchmark: `python -m tests.detector.staged_figures [--share N]`.

Prints what was missed and what was false, a line each, then figures by story and by trouble, and
as the last line one JSON object: what the floors are written of. The exit status is 1 where a
figure has fallen below its floor. The whole set takes some minutes, a third of it a third. All of
it is synthetic: a regression shows here, how good the detector is on a street does not.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2

from tests.detector.staged_watch import watched
from viahe_rules.domain import LeftByKind
from viahe_samples.stage import Stage, set_stage
from viahe_samples.variants import SHARES, SIZE, Variant, variants

SEED = 1
FLOORS: Mapping[str, Mapping[str, int]] = json.loads(
    Path(__file__).with_name("variant_floors.json").read_text(encoding="utf-8")
)


@dataclass(frozen=True, slots=True)
class Became:
    """What became of one variant; `missed` and `false` are seconds of the scene."""

    name: str
    story: str
    trouble: str
    events: int
    found: int
    missed: tuple[float, ...]
    false: tuple[float, ...]
    named: int
    right: int
    longest_delay_s: float


def figures_of(became: Iterable[Became]) -> dict[str, int]:
    """The sums the floors are written of."""
    all_of_them = tuple(became)
    return {
        "events": sum(each.events for each in all_of_them),
        "found": sum(each.found for each in all_of_them),
        "false": sum(len(each.false) for each in all_of_them),
        "leavers_named": sum(each.named for each in all_of_them),
        "leavers_right": sum(each.right for each in all_of_them),
    }


def worse_than(floors: Mapping[str, int], figures: Mapping[str, int]) -> list[str]:
    """Each figure that has fallen, and what it was."""
    fallen = []
    for word in ("found", "leavers_right"):
        if figures[word] < floors[word]:
            fallen.append(f"{word}: {figures[word]}, was {floors[word]}")
    if figures["false"] > floors["false"]:
        fallen.append(f"false: {figures['false']}, was {floors['false']}")
    wrong, was = (each["leavers_named"] - each["leavers_right"] for each in (figures, floors))
    if wrong > was:
        fallen.append(f"leavers wrong: {wrong}, was {was}")
    return fallen


def watch_all(chosen: Sequence[Variant], processes: int = 2) -> tuple[Became, ...]:
    """Every variant watched, some at a time. Raises `MissingPhotograph`."""
    _stage()
    with TemporaryDirectory(prefix="viahe-staged-") as folder:
        pool = ProcessPoolExecutor(
            processes, get_context("spawn"), initializer=cv2.setNumThreads, initargs=(1,)
        )
        with pool:
            names = [variant.scene.name for variant in chosen]
            return tuple(pool.map(partial(_became, Path(folder)), names, chunksize=2))


def _became(folder: Path, name: str) -> Became:
    variant = _by_name()[name]
    matched, _ = watched(variant, _stage(), folder)
    named = right = 0
    for each in matched.found:
        told = each.suspicion.left_by
        if told is not None and told.kind is not LeftByKind.UNKNOWN:
            named += 1
            right += each.event.left_by is not None and told.kind is each.event.left_by.kind
    return Became(
        name,
        variant.story,
        name.removeprefix(f"{variant.story}-").removesuffix(f"-{SEED}"),
        len(variant.scene.events),
        len(matched.found),
        tuple(round(event.start_s, 1) for event in matched.missed),
        tuple(round(told.start, 1) for told in matched.false),
        named,
        right,
        max((each.delay_s for each in matched.found), default=0.0),
    )


@cache
def _stage() -> Stage:
    return set_stage(SIZE)


@cache
def _by_name() -> dict[str, Variant]:
    return {variant.scene.name: variant for variant in variants(SEED)}


def main(arguments: Sequence[str]) -> int:
    """Watch the set, or a share of it, and print what became of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.detector.staged_figures")
    parser.add_argument("--share", type=int, choices=range(SHARES))
    parser.add_argument("--processes", type=int, default=2)
    told = parser.parse_args(arguments)
    became = watch_all(variants(SEED, told.share), told.processes)
    for each in became:
        for t in each.missed:
            sys.stdout.write(f"{each.name}: missed what began at {t:g} s\n")
        for t in each.false:
            sys.stdout.write(f"{each.name}: false, began at {t:g} s\n")
    for key in ("story", "trouble"):
        rows: dict[str, list[Became]] = defaultdict(list)
        for each in became:
            rows[getattr(each, key)].append(each)
        for name, row in rows.items():
            sums = figures_of(row)
            line = ", ".join(f"{value} {word}" for word, value in sums.items())
            sys.stdout.write(f"{key} {name}: {line}\n")
    floors = FLOORS.get("whole" if told.share is None else f"share {told.share}")
    fallen = worse_than(floors, figures_of(became)) if floors else []
    for line in fallen:
        sys.stdout.write(f"below its floor: {line}\n")
    sys.stdout.write(json.dumps(figures_of(became)) + "\n")
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
