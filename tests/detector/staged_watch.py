"""A staged variant watched in line: real change, rules and looking back, a staged network."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from viahe_detector.change import LastingChange
from viahe_detector.lookback import look_back
from viahe_detector.matching import Matched, match
from viahe_detector.media import Picture, StreamFacts
from viahe_detector.pixels import Pixels
from viahe_detector.truth import plan_of
from viahe_detector.truth_file import load
from viahe_rules.domain import Ask, Detection, Observation, Suspicion
from viahe_rules.recorded import as_recorded
from viahe_rules.watching import Memory, see
from viahe_samples.render import picture_at
from viahe_samples.stage import Stage
from viahe_samples.truth import write_truth
from viahe_samples.variants import Variant

DENSE_S = 0.125
FACTS = StreamFacts("h264", 640, 360, 0, Fraction(1, 90000), b"", 8.0, None, b"")


class StagedSight:
    """Names who is staged, at the second of the picture that was handed out last."""

    def __init__(self, variant: Variant, stage: Stage) -> None:
        self.t = 0.0
        self._variant = variant
        self._stage = stage

    def picture(self, t: float) -> Pixels:
        self.t = t
        scene = self._variant.scene
        return self._variant.disturbance.disturb(picture_at(scene, self._stage, t), t)

    def detect(self, picture: Pixels, min_score: float | None = None) -> tuple[Detection, ...]:
        return self._variant.seen(self.t, DENSE_S)


def watched(
    variant: Variant, stage: Stage, folder: Path, every_s: float = 1.0
) -> tuple[Matched, list[Suspicion]]:
    """What becomes of a variant's events, looked at every so many seconds."""
    path = folder / f"{variant.scene.name}.json"
    write_truth((variant.scene,), path)
    (video,) = load(path).videos
    plan = plan_of(video)
    sight, change, memory = StagedSight(variant, stage), LastingChange(), Memory()
    told: list[Suspicion] = []
    for number in range(int(variant.scene.duration_s / every_s)):
        t = number * every_s
        picture, seen = sight.picture(t), variant.seen(t, every_s)
        changes = change.step(t, picture, seen)
        event = Observation(plan.camera, "run", t, seen, changes)
        memory, outcomes = see(plan, memory, as_recorded(event))
        for ask in [outcome for outcome in outcomes if isinstance(outcome, Ask)]:
            answer = look_back(ask, plan.camera, _pictures(sight, ask), sight)
            memory, more = see(plan, memory, as_recorded(answer))
            outcomes = (*outcomes, *more)
        told += [outcome for outcome in outcomes if isinstance(outcome, Suspicion)]
    return match(video, told, every_s), told


def _pictures(sight: StagedSight, ask: Ask) -> Iterator[Picture]:
    for number in range(int(max(0.0, ask.start) / DENSE_S), int(ask.end / DENSE_S) + 1):
        t = number * DENSE_S
        yield Picture(ask.run, t, t, sight.picture(t), FACTS)
