"""A staged variant watched in line: real change, rules and looking back, a staged network."""

from collections.abc import Iterator
from dataclasses import replace
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
from viahe_samples.recoded import recoded
from viahe_samples.render import picture_at
from viahe_samples.stage import Stage
from viahe_samples.truth import write_truth
from viahe_samples.variants import Variant

DENSE_HZ = 8
DENSE_S = 1 / DENSE_HZ
FACTS = StreamFacts("h264", 640, 360, 0, Fraction(1, 90000), b"", 8.0, None, b"")
NOON = 1_764_565_200.0


class StagedSight:
    """Names who is staged, at the second of the picture that was handed out last."""

    def __init__(self, variant: Variant, stage: Stage) -> None:
        self.t = 0.0
        self._variant = variant
        self._stage = stage
        self._coded: list[Pixels] = []
        if (rate := variant.trouble.kbit_per_s) is not None:
            seconds = (n * DENSE_S for n in range(int(variant.scene.duration_s * DENSE_HZ)))
            drawn = (self._drawn(t) for t in seconds)
            self._coded = list(recoded(drawn, variant.scene.size, DENSE_HZ, rate))

    def picture(self, t: float) -> Pixels:
        """The picture at the scene's second `t`."""
        self.t = t
        if not self._coded:
            return self._drawn(t)
        return self._coded[min(len(self._coded) - 1, max(0, round(t * DENSE_HZ)))]

    def detect(self, picture: Pixels, min_score: float | None = None) -> tuple[Detection, ...]:
        return self._variant.seen(self.t, DENSE_S)

    def _drawn(self, t: float) -> Pixels:
        scene = self._variant.scene
        return self._variant.trouble.disturbance.disturb(picture_at(scene, self._stage, t), t)


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
    for run, run_t, t in variant.looks(every_s):
        picture, seen = sight.picture(t), variant.seen(t, every_s)
        changes = tuple(
            replace(each, since=each.since - t + run_t) for each in change.step(t, picture, seen)
        )
        event = Observation(plan.camera, run, run_t, seen, changes, at=NOON + t)
        memory, outcomes = see(plan, memory, as_recorded(event))
        for ask in [outcome for outcome in outcomes if isinstance(outcome, Ask)]:
            answer = look_back(ask, plan.camera, _pictures(variant, sight, ask), sight)
            memory, more = see(plan, memory, as_recorded(answer))
            outcomes = (*outcomes, *more)
        told += [_in_scene(variant, o) for o in outcomes if isinstance(o, Suspicion)]
    return match(video, told, every_s), told


def _in_scene(variant: Variant, told: Suspicion) -> Suspicion:
    """The suspicion in the scene's seconds, whichever run it was raised in."""
    began = variant.began(told.run)
    return replace(told, start=told.start + began, end=told.end + began)


def _pictures(variant: Variant, sight: StagedSight, ask: Ask) -> Iterator[Picture]:
    """What the ring holds of the time asked for: nothing of what the camera was away for."""
    began, lost = variant.began(ask.run), variant.trouble.lost_s or (-1.0, -1.0)
    first, last = ask.start + began, ask.end + began
    for number in range(int(max(0.0, first) * DENSE_HZ), int(last * DENSE_HZ) + 1):
        t = number * DENSE_S
        if not lost[0] <= t < lost[1]:
            yield Picture(ask.run, t - began, t - began, sight.picture(t), FACTS)
