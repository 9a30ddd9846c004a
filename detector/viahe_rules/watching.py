"""The one function that turns what was seen into what is suspected.

Live watching, replay, back-test, scoring and tests all call `see`. It is a fold: the same
events in the same order give the same outcomes, and its memory is a record that can be kept
over a restart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

import viahe_rules
from viahe_rules.domain import Answer, Event, Observation, Outcome
from viahe_rules.ground import Ground, Judgement
from viahe_rules.masking import unmasked
from viahe_rules.plan import Plan, Rule, Zone
from viahe_rules.stays import Stay, shifted, swung


def _judgements() -> Mapping[str, Judgement]:
    """The `RULE` of every module of this package that has one, by the module's name."""
    others = (each.name for each in iter_modules(viahe_rules.__path__) if each.name != "watching")
    modules = {name: import_module(f"viahe_rules.{name}") for name in others}
    return MappingProxyType(
        {name: module.RULE for name, module in modules.items() if hasattr(module, "RULE")}
    )


JUDGEMENTS = _judgements()


@dataclass(frozen=True, slots=True)
class RuleMemory:
    """What one rule in one zone remembers."""

    zone: str
    rule: str
    stays: tuple[Stay, ...] = ()


@dataclass(frozen=True, slots=True)
class Memory:
    """What watching one camera remembers between looks, in media time of `look.run`.

    `began` is when watching began; `earlier_run` and `shift` turn answers about the run before
    a reconnection into the time of this one.
    """

    look: Observation | None = None
    began: float = 0.0
    rules: tuple[RuleMemory, ...] = ()
    earlier_run: str = ""
    shift: float = 0.0


def see(plan: Plan, memory: Memory, event: Event) -> tuple[Memory, tuple[Outcome, ...]]:
    """What is remembered after an event, and what follows from it.

    Looks that are not after the last one, or that show a camera not fit to be judged by,
    change nothing. Raises ValueError if the event is of another camera, or a rule of the plan
    wants a judgement that is not there.
    """
    if event.camera != plan.camera:
        raise ValueError(f"an event of camera {event.camera} for the plan of {plan.camera}")
    event = unmasked(plan, event)
    if isinstance(event, Answer):
        return _heard(plan, memory, event)
    if not event.health.is_fit:
        return memory, ()
    memory = _joined(memory, event)
    if memory.look is not None and event.t <= memory.look.t:
        return memory, ()
    return _looked(plan, memory, event)


def restored(memory: Memory) -> Memory:
    """A kept memory ready to go on with: what was asked before a restart is asked again, and what
    was kept or prepared for a stay went with the process."""

    def anew(stay: Stay) -> Stay:
        return replace(stay, asked_at=None, kept=False, prepared=False)

    rules = tuple(
        replace(rule, stays=tuple(anew(stay) for stay in rule.stays)) for rule in memory.rules
    )
    return replace(memory, rules=rules)


def judgement_of(rule: Rule) -> Judgement:
    """What tells a rule's act from what was seen. Raises ValueError for one that is not there."""
    name = rule.judged_by or rule.act.value
    if name not in JUDGEMENTS:
        known = ", ".join(JUDGEMENTS)
        raise ValueError(f"rule {rule.id} is to be judged by {name!r}; there are {known}")
    return JUDGEMENTS[name]


def _joined(memory: Memory, look: Observation) -> Memory:
    """The memory in the media time of the look's run; without wall times it begins anew."""
    last = memory.look
    if last is None:
        return Memory(began=look.t)
    if last.run == look.run:
        return memory
    if last.at is None or look.at is None:
        return Memory(began=look.t)
    shift = (look.t - look.at) - (last.t - last.at)
    return Memory(
        look=replace(last, run=look.run, t=min(last.t + shift, look.t - 1e-3)),
        began=memory.began + shift,
        rules=tuple(
            replace(rule, stays=tuple(shifted(stay, shift) for stay in rule.stays))
            for rule in memory.rules
        ),
        earlier_run=last.run,
        shift=shift,
    )


def _looked(plan: Plan, memory: Memory, look: Observation) -> tuple[Memory, tuple[Outcome, ...]]:
    before = look.swung if memory.look is None else memory.look.swung
    across, down = look.swung[0] - before[0], look.swung[1] - before[1]
    remembered = {
        (rule.zone, rule.rule): tuple(swung(stay, across, down) for stay in rule.stays)
        for rule in memory.rules
    }
    rules: list[RuleMemory] = []
    outcomes: list[Outcome] = []
    for zone, rule in _rules(plan):
        ground = Ground(plan, zone, rule, look, memory.began)
        stays = remembered.get((zone.id, rule.id), ())
        stays, said = judgement_of(rule).judge(ground, stays)
        rules.append(RuleMemory(zone.id, rule.id, stays))
        outcomes += said
    return replace(memory, look=look, rules=tuple(rules)), tuple(outcomes)


def _heard(plan: Plan, memory: Memory, answer: Answer) -> tuple[Memory, tuple[Outcome, ...]]:
    """An answer to a stay that still stands makes a suspicion; otherwise it is too late."""
    look = memory.look
    if look is None:
        return memory, ()
    shift = memory.shift if answer.run == memory.earlier_run != look.run else 0.0
    outcomes: list[Outcome] = []
    rules = []
    zones = {(zone.id, rule.id): (zone, rule) for zone, rule in _rules(plan)}
    for kept in memory.rules:
        stays = list(kept.stays)
        for i, stay in enumerate(stays):
            asked = stay.key == answer.key and stay.asked and not stay.settled
            if not asked or (kept.zone, kept.rule) not in zones:
                continue
            zone, rule = zones[kept.zone, kept.rule]
            ground = Ground(plan, zone, rule, look, memory.began)
            stays[i], said = judgement_of(rule).answered(ground, stay, answer, shift)
            outcomes += said
        rules.append(replace(kept, stays=tuple(stays)))
    return replace(memory, rules=tuple(rules)), tuple(outcomes)


def _rules(plan: Plan) -> list[tuple[Zone, Rule]]:
    return [(zone, rule) for zone in plan.zones for rule in zone.rules]
