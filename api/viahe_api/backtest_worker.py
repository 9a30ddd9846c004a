"""The program that judges recorded looks again, apart from the server's own process.

`python -m viahe_api.backtest_worker` reads a Trial as JSON and writes a line of Findings as JSON
for each stretch, as soon as it is judged. The rules are those of live watching; nothing but files
is read and nothing is written.
"""

import dataclasses
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from viahe_api.observations import lines_of
from viahe_rules.domain import Answer, Ask, Event, Observation, Outcome, Suspicion
from viahe_rules.plan import Plan
from viahe_rules.recorded import Malformed, from_json, from_line, to_json
from viahe_rules.watching import Memory, see


@dataclasses.dataclass(frozen=True, slots=True)
class Trial:
    """What to judge: `stretches` are lists of files, each judged on its own, one after another."""

    before: Plan
    after: Plan
    stretches: tuple[tuple[str, ...], ...]
    seconds: float


@dataclasses.dataclass(frozen=True, slots=True)
class Raised:
    """A suspicion with the moment its act began, in UTC seconds."""

    at: float
    suspicion: Suspicion


@dataclasses.dataclass(frozen=True, slots=True)
class Findings:
    """What both plans raise, and the first how many stretches were judged in time."""

    before: tuple[Raised, ...]
    after: tuple[Raised, ...]
    judged: int


class _Watching:
    """One plan over one stretch of looks. What a rule asks to look back at is answered by what
    was recorded, and by nothing where nothing was."""

    def __init__(self, plan: Plan, answers: dict[str, Answer]) -> None:
        self._plan, self._answers = plan, answers
        self._memory = Memory()
        self.raised: list[Raised] = []

    def look(self, look: Observation) -> None:
        waiting = [self._see(look)]
        while waiting:
            for outcome in waiting.pop():
                if isinstance(outcome, Ask):
                    waiting.append(self._see(self._answer(outcome)))
                elif isinstance(outcome, Suspicion):
                    begun = (look.at or 0.0) - (look.t - outcome.start)
                    self.raised.append(Raised(begun, outcome))

    def _see(self, event: Event) -> Sequence[Outcome]:
        self._memory, said = see(self._plan, self._memory, event)
        return said

    def _answer(self, ask: Ask) -> Answer:
        return self._answers.get(ask.key) or Answer(ask.key, self._plan.camera, ask.run)


def judged(trial: Trial) -> Iterator[Findings]:
    """Both plans over each stretch in their order, until the time is over."""
    until = time.monotonic() + trial.seconds
    for files in trial.stretches:
        found = _stretch(trial, files, until)
        if found is None:
            return
        yield Findings(tuple(found[0]), tuple(found[1]), 1)


def together(parts: Iterable[Findings]) -> Findings:
    """What several stretches gave, as one."""
    before: list[Raised] = []
    after: list[Raised] = []
    count = 0
    for part in parts:
        before += part.before
        after += part.after
        count += part.judged
    return Findings(tuple(before), tuple(after), count)


def judge(trial: Trial) -> Findings:
    """All stretches that could be judged in time."""
    return together(judged(trial))


def _stretch(
    trial: Trial, files: Sequence[str], until: float
) -> tuple[list[Raised], list[Raised]] | None:
    events = []
    for file in files:
        if time.monotonic() > until:
            return None
        events += list(_events(Path(file)))
    answers = {event.key: event for event in events if isinstance(event, Answer)}
    plans = [_Watching(plan, answers) for plan in (trial.before, trial.after)]
    for number, event in enumerate(events):
        if number % 1000 == 0 and time.monotonic() > until:
            return None
        if isinstance(event, Observation):
            for watching in plans:
                watching.look(event)
    return plans[0].raised, plans[1].raised


def _events(path: Path) -> Iterator[Event]:
    """What a file holds; a line another version wrote is passed over."""
    for line in lines_of(path):
        try:
            yield from_line(line)
        except Malformed:
            continue


def main() -> None:
    os.nice(10)
    trial: Trial = from_json(Trial, json.load(sys.stdin))
    for found in judged(trial):
        sys.stdout.write(json.dumps(to_json(found)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
