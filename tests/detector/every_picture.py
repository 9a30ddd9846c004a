"""Looked at sparingly and at every picture: `python -m tests.detector.every_picture`.

Watches each of the project's scenes, or with `--footage DIR` each clip of `DIR/truth.yaml`, twice:
as a ward's camera is watched, and at every picture there is, each of which the networks are asked
about. Says what both suspected, by how much their beginnings differ, and what only one of them did.
Ends with 1 if anything differs by more than one look.

Every picture costs what watching sparingly saves: a minute of video takes about one of a core.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from viahe_detector.config import NetworkSettings, WatchSettings
from viahe_detector.eyes import Eyes, open_eyes
from viahe_detector.matching import LEAST_IOU
from viahe_detector.pace import often_enough
from viahe_detector.screening import screen
from viahe_detector.truth import Video, plan_of
from viahe_detector.truth_file import load
from viahe_rules.domain import Suspicion
from viahe_rules.geometry import iou
from viahe_samples.render import render
from viahe_samples.scenes import all_scenes
from viahe_samples.truth import write_truth

LOOK_EVERY_S = 2.0
EVERY_PICTURE_S = 1e-3


@dataclass(frozen=True)
class Pair:
    """One thing suspected either way."""

    sparing: Suspicion
    every: Suspicion

    @property
    def apart_s(self) -> float:
        """How much later it begins where it is looked at sparingly."""
        return self.sparing.start - self.every.start


@dataclass(frozen=True)
class Compared:
    """A clip watched both ways; `look_s` lies between two of the sparing looks."""

    file: str
    look_s: float
    same: tuple[Pair, ...]
    sparing_alone: tuple[Suspicion, ...] = ()
    every_alone: tuple[Suspicion, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether both suspect the same, with beginnings within one look."""
        near = all(abs(pair.apart_s) <= self.look_s for pair in self.same)
        return near and not self.sparing_alone and not self.every_alone

    def line(self) -> str:
        """For a person."""
        apart = ", ".join(f"{pair.apart_s:+.2f}" for pair in self.same)
        told = [f"{len(self.same)} the same" + (f" (begins {apart} s)" if apart else "")]
        told += [f"only sparingly: {_said(one)}" for one in self.sparing_alone]
        told += [f"only at every picture: {_said(one)}" for one in self.every_alone]
        return f"{self.file}, a look every {self.look_s:.2f} s: {'; '.join(told)}"


def _said(one: Suspicion) -> str:
    return f"{one.act} {one.label} at {one.start:.1f} s"


def compare(
    file: str, look_s: float, sparing: Sequence[Suspicion], every: Sequence[Suspicion]
) -> Compared:
    """Pairs each with the nearest in time of its act, zone and place, each once."""
    left, same = list(every), list[Pair]()
    alone = list[Suspicion]()
    for one in sparing:
        fitting = [other for other in left if _is_same(one, other)]
        if fitting:
            nearest = min(fitting, key=lambda other: abs(other.start - one.start))
            left.remove(nearest)
            same.append(Pair(one, nearest))
        else:
            alone.append(one)
    return Compared(file, look_s, tuple(same), tuple(alone), tuple(left))


def _is_same(one: Suspicion, other: Suspicion) -> bool:
    where = (one.act, one.zone) == (other.act, other.zone)
    return where and iou(one.place, other.place) >= LEAST_IOU


def watch_both_ways(video: Video, footage: Path, eyes: Eyes) -> Compared:
    """Raises SourceError for a clip that cannot be read to its end."""
    plan, path = plan_of(video), footage / video.file
    sparingly = WatchSettings(look_every_s=LOOK_EVERY_S)
    thoroughly = WatchSettings(look_every_s=EVERY_PICTURE_S, carry_s=0.0)
    sparing, every = (screen(path, plan, way, eyes) for way in (sparingly, thoroughly))
    look_s = often_enough(plan.zones, LOOK_EVERY_S)
    return compare(video.file, look_s, sparing.suspicions, every.suspicions)


def figure_line(compared: Sequence[Compared]) -> str:
    """Of all clips."""
    same = [pair for clip in compared for pair in clip.same]
    sparing = sum(len(clip.sparing_alone) for clip in compared)
    every = sum(len(clip.every_alone) for clip in compared)
    furthest = max((abs(pair.apart_s) for pair in same), default=0.0)
    agreeing = sum(clip.agrees for clip in compared)
    return (
        f"{agreeing} of {len(compared)} clips agree: {len(same)} suspicions the same, beginning at "
        f"most {furthest:.2f} s apart; {sparing} only sparingly, {every} only at every picture"
    )


def stage(folder: Path) -> None:
    """The project's scenes in `folder`, with their truth. Raises MissingPhotograph."""
    for scene in all_scenes():
        render(scene, folder / f"{scene.name}.mp4")
    write_truth(all_scenes(), folder / "truth.yaml")


def main(arguments: Sequence[str]) -> int:
    """Compare everything, a line as soon as each clip was watched, then the figure."""
    parser = argparse.ArgumentParser(prog="python -m tests.detector.every_picture")
    parser.add_argument("--footage", type=Path, help="the scenes are staged without it")
    told, compared = parser.parse_args(arguments), list[Compared]()
    eyes = open_eyes(NetworkSettings(), lanes=1)
    with tempfile.TemporaryDirectory(prefix="viahe-scenes-") as staged:
        footage = told.footage or Path(staged)
        if told.footage is None:
            stage(footage)
        for video in load(footage / "truth.yaml").videos:
            compared.append(watch_both_ways(video, footage, eyes))
            sys.stdout.write(f"{compared[-1].line()}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{figure_line(compared)}\n")
    return int(not all(clip.agrees for clip in compared))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
