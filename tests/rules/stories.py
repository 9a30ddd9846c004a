"""Builders of stories: what a camera saw, spliced from short plain pieces."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from viahe_rules.domain import (
    Act,
    Answer,
    Ask,
    Box,
    Change,
    ChangeKind,
    Detection,
    Event,
    Observation,
    Outcome,
    Suspicion,
)
from viahe_rules.plan import Permit, Plan, Rule, Surface, Window, Zone
from viahe_rules.watching import Memory, see

CAMERA = "cam-1"
EVERYWHERE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
BAG = Box(0.50, 0.70, 0.54, 0.76)
LEAVER = Box(0.47, 0.45, 0.55, 0.77)
FAR = Box(0.80, 0.45, 0.88, 0.77)
CAR = Box(0.20, 0.50, 0.45, 0.75)
MONDAY_NOON = 1_764_565_200.0
"""1 December 2025, 12:00 in Ha Noi, in UTC seconds."""
EVERY_DAY = frozenset(range(7))


def dumping_rule(dwell: float = 6.0, **more: object) -> Rule:
    return replace(Rule("left", Act.DUMPING, (("thing", dwell),)), **more)  # type: ignore[arg-type]


def encroachment_rule(dwell: float = 8.0, **more: object) -> Rule:
    classes = (("car", dwell), ("bus", dwell), ("truck", dwell), ("group", dwell))
    return replace(Rule("stays", Act.ENCROACHMENT, classes), **more)  # type: ignore[arg-type]


def plan(*rules: Rule, permits: Sequence[Permit] = (), quiet: Sequence[Window] = ()) -> Plan:
    zone = Zone("kerb", 3, "Kerb", EVERYWHERE, Surface.PAVEMENT, rules)
    return Plan(CAMERA, (zone,), tuple(permits), tuple(quiet))


def look(
    t: float,
    *,
    persons: Iterable[Box] = (),
    things: Iterable[tuple[Box, float]] = (),
    seen: Iterable[tuple[str, Box]] = (),
    run: str = "r1",
    at: float | None = None,
) -> Observation:
    """A look at `t`; `things` are lasting changes as (box, since)."""
    named = [("person", box) for box in persons] + list(seen)
    return Observation(
        CAMERA,
        run,
        t,
        detections=tuple(Detection(label, 0.8, box) for label, box in named),
        changes=tuple(Change(box, since, ChangeKind.LEFT, 0.9) for box, since in things),
        at=at,
    )


def answered(ask: Ask, looks: Sequence[Observation] = ()) -> Answer:
    return Answer(ask.key, CAMERA, ask.run, tuple(looks))


def watched(
    ground: Plan,
    events: Iterable[Event],
    memory: Memory | None = None,
    answers: bool = True,
) -> tuple[Memory, list[Outcome]]:
    """Everything that follows from the events; asks are answered with nothing at once."""
    memory = memory or Memory()
    outcomes: list[Outcome] = []
    for event in events:
        memory, said = see(ground, memory, event)
        outcomes += said
        for ask in [o for o in said if isinstance(o, Ask) and answers]:
            memory, more = see(ground, memory, answered(ask))
            outcomes += more
    return memory, outcomes


def suspicions(outcomes: Iterable[Outcome]) -> list[Suspicion]:
    return [outcome for outcome in outcomes if isinstance(outcome, Suspicion)]


def seconds(start: float, end: float, step: float = 1.0) -> list[float]:
    """`start`, `start + step`, … up to and without `end`."""
    count = round((end - start) / step)
    return [start + i * step for i in range(count)]
