"""A video screened as its camera would be watched, and a recording of that judged again.

The same parts as live watching, in line: every look that is due is looked at, every look back
is answered before the next look. Nothing goes to an outbox and no evidence is gathered.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from viahe_detector.answering import Answering
from viahe_detector.camera import CameraWatch
from viahe_detector.capture import Capture, Source
from viahe_detector.config import WatchSettings
from viahe_detector.errors import Ended
from viahe_detector.eyes import Eyes
from viahe_detector.in_line import InLine
from viahe_detector.pace import often_enough
from viahe_rules.domain import Answer, Ask, Event, Observation, Outcome, Suspicion
from viahe_rules.geometry import iou
from viahe_rules.plan import Plan
from viahe_rules.watching import Memory, see

SAME_PLACE = 0.5
"""How much the place of a recorded look back must overlap the asked one to answer for it."""


@dataclass(frozen=True, slots=True)
class Screened:
    """What watching a video to its end gave; `seconds` is when its last picture or look ends."""

    suspicions: tuple[Suspicion, ...]
    seconds: float
    looks: int


class Collected:
    """Answers what a camera's rules ask and keeps what they suspect."""

    def __init__(self, eyes: Eyes, lookback_per_s: float) -> None:
        self.suspicions: list[Suspicion] = []
        self._answering = Answering(eyes.street, lookback_per_s)

    def tell(self, camera: CameraWatch, outcome: Outcome) -> None:
        """Take what a camera's rules say."""
        if isinstance(outcome, Ask):
            self._answering.ask(camera, outcome)
        elif isinstance(outcome, Suspicion):
            self.suspicions.append(outcome)
            camera.ring.release(outcome.key)

    def settle(self, camera: CameraWatch, ended: bool) -> None:
        """Look back at everything that was asked."""
        while self._answering.settle(camera):
            pass  # an answer may make the rules ask anew


def screen(path: Path, plan: Plan, settings: WatchSettings, eyes: Eyes) -> Screened:
    """Watch the video at `path` under `plan`, as fast as it can be read.

    It is looked at every `settings.look_every_s`, or oftener where `plan` has a dwell so short
    that it could not be told by looks so far apart. With `settings.record` what the rules were
    given is recorded there, in the place of an earlier recording. Raises SourceError if the video
    cannot be read to its end.
    """
    if settings.record:
        (Path(settings.record) / f"{plan.camera}.jsonl").unlink(missing_ok=True)
    collected = Collected(eyes, settings.lookback_per_s)
    settings = replace(settings, look_every_s=often_enough(plan.zones, settings.look_every_s))
    camera = CameraWatch(plan, settings, eyes, collected.tell)
    try:
        Capture(Source(plan.camera, str(path)), InLine(camera, collected)).run_once()
    except Ended:
        pass
    finally:
        camera.close()
    newest = camera.ring.newest
    seconds = newest.t + newest.duration_s if newest else 0.0
    return Screened(tuple(collected.suspicions), seconds, camera.counts.looks)


def judge_again(plan: Plan, events: Iterable[Event]) -> Screened:
    """What the rules as they are now make of recorded looks.

    What they ask is answered as it was then; rules that ask about something else are answered
    from a recorded look back at the same place, or else by nothing.
    """
    events = tuple(events)
    looks = [event for event in events if isinstance(event, Observation)]
    answers = [event for event in events if isinstance(event, Answer)]
    memory, suspicions = Memory(), list[Suspicion]()
    for look in looks:
        memory, outcomes = see(plan, memory, look)
        for ask in (outcome for outcome in outcomes if isinstance(outcome, Ask)):
            memory, answered = see(plan, memory, _answer(ask, plan.camera, answers))
            outcomes = (*outcomes, *answered)
        suspicions += (outcome for outcome in outcomes if isinstance(outcome, Suspicion))
    return Screened(tuple(suspicions), looks[-1].t if looks else 0.0, len(looks))


def _answer(ask: Ask, camera: str, answers: Sequence[Answer]) -> Answer:
    for recorded in answers:
        if recorded.key == ask.key:
            return recorded
    for recorded in answers:
        if recorded.run == ask.run and _is_about(recorded, ask):
            return replace(recorded, key=ask.key)
    # Looks alone date nothing and name nobody; they are no proof that nothing changed either.
    return Answer(ask.key, camera, ask.run)


def _is_about(recorded: Answer, ask: Ask) -> bool:
    """Whether a recorded look back shows the asked place throughout the asked beginning."""
    places = [change.box for look in recorded.looks for change in look.changes]
    if not places or iou(places[0], ask.place) < SAME_PLACE:
        return False
    middle = (ask.start + ask.end) / 2
    return recorded.looks[0].t <= middle <= recorded.looks[-1].t
