"""What a rule is given to judge one look by, and the words it answers with."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from viahe_rules.domain import (
    PERSON,
    ROW,
    VEHICLES,
    Act,
    Answer,
    Box,
    Detection,
    LeftBy,
    Observation,
    Outcome,
    Reason,
    Suspicion,
)
from viahe_rules.excuses import Checked, checked
from viahe_rules.plan import Plan, Rule, Window, Zone
from viahe_rules.schedule import holds
from viahe_rules.stays import Sighting, Stay, begin, hides

SETTLING = 5.0
"""Seconds after watching begins in which whatever is first seen is taken to have been there;
not so what came to a place that was seen without it."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One look at one zone under one rule."""

    plan: Plan
    zone: Zone
    rule: Rule
    look: Observation
    began: float

    @property
    def identity(self) -> str:
        """What a stay's key follows from, besides what was seen."""
        look = self.look
        return f"{look.camera}|{look.run}|{self.zone.id}|{self.rule.id}"

    @property
    def persons(self) -> tuple[Box, ...]:
        return tuple(d.box for d in self.look.detections if d.label == PERSON)

    @property
    def hiding(self) -> tuple[Box, ...]:
        """Boxes of whatever may stand before a place; a vehicle known but faintly does not."""
        return tuple(d.box for d in self.look.detections if hides(d))

    def detections(self, labels: Iterable[str]) -> tuple[Detection, ...]:
        """What this look shows of these classes, surely enough for the rule."""
        wanted = frozenset(labels)
        return tuple(
            d for d in self.look.detections if d.label in wanted and d.score >= self.rule.min_score
        )

    def dwell(self, label: str) -> float | None:
        """Seconds a class has to stay; None if the rule does not speak of it."""
        return dict(self.rule.dwell).get(label)

    def in_hours(self, stay: Stay) -> bool:
        """Whether the rule holds now for what stays, for a row if for any kind that it is made of.

        Without wall time it holds: nothing is missed unsaid.
        """
        at = self.look.at
        return at is None or any(holds(hours, self.plan, at) for hours in self._hours(stay))

    def begun(self, sighting: Sighting) -> Stay:
        """The stay a sighting begins."""
        there_from_start = not sighting.came and self._is_from_start(sighting.since)
        return begin(self.identity, sighting, self.look.t, there_from_start)

    def dated(self, stay: Stay) -> Stay:
        """The stay, known to have been there from the start if it is now known to be so old."""
        if stay.label in VEHICLES and not stay.came and self._is_from_start(stay.start):
            return replace(stay, there_from_start=True)
        return stay

    def _is_from_start(self, since: float) -> bool:
        return since - self.began < SETTLING

    def excused(self, stay: Stay) -> str | None:
        """The permit, the quiet hour or the waste point that covers a stay now, if any does."""
        return self._checked(stay).because

    def _hours(self, stay: Stay) -> tuple[tuple[Window, ...], ...]:
        kinds = stay.kinds if stay.label == ROW else (stay.label,)
        return tuple(self.rule.hours_of(kind) for kind in kinds)

    def _by_its_hours(self, stay: Stay) -> tuple[Reason, ...]:
        """That it was in the rule's hours, and whose if they are of its own class."""
        if self.look.at is None or not all(self._hours(stay)):
            return ()
        is_own = set(self._hours(stay)) != {self.rule.hours}
        return (Reason("in_hours", name=stay.label if is_own else None),)

    def _checked(self, stay: Stay) -> Checked:
        return checked(self.plan, self.rule.act, stay, self.look.t, self.look.at)

    def suspicion(
        self,
        stay: Stay,
        *,
        end: float,
        score: float,
        reasons: tuple[Reason, ...],
        required: float,
        start: float | None = None,
        left_by: LeftBy | None = None,
    ) -> Suspicion:
        """The suspicion a stay has become; `required` are the seconds it had to stay.

        `reasons` tell what was seen, and are followed by where it was and what was checked.
        """
        banned = self.zone.vending_banned and self.rule.act is Act.ENCROACHMENT
        reasons = (
            *reasons,
            Reason("required", value=required),
            Reason("seen_share", value=round(stay.presence, 3)),
            *_by_its_place(stay),
            Reason("surface", name=self.zone.surface.value),
            *((Reason("vending_banned"),) if banned else ()),
            *self._by_its_hours(stay),
            *self._checked(stay).links,
        )
        return Suspicion(
            key=stay.key,
            act=self.rule.act,
            camera=self.plan.camera,
            run=self.look.run,
            zone=self.zone.id,
            zone_version=self.zone.version,
            rule=self.rule.id,
            label=stay.label,
            place=stay.box,
            start=stay.start if start is None else start,
            end=end,
            score=round(min(1.0, max(0.0, score)), 3),
            left_by=left_by,
            reasons=reasons,
            thresholds=(
                *((f"dwell {label}", seconds) for label, seconds in self.rule.dwell),
                ("grace", self.rule.grace),
                ("gone", self.rule.gone),
                ("min_score", self.rule.min_score),
            ),
        )


Judged: TypeAlias = tuple[tuple[Stay, ...], tuple[Outcome, ...]]
Answered: TypeAlias = tuple[Stay, tuple[Outcome, ...]]


class Judgement(Protocol):
    """One kind of rule: all that telling an act from what was seen takes."""

    def judge(self, ground: Ground, stays: tuple[Stay, ...]) -> Judged:
        """The rule's stays after one look, and what follows from it."""

    def answered(self, ground: Ground, stay: Stay, answer: Answer, shift: float) -> Answered:
        """What a stay whose look-back was answered has become; `shift` seconds turn the
        answer's media time into that of `ground.look`."""


def _by_its_place(stay: Stay) -> tuple[Reason, ...]:
    """In what share of the looks that saw it no network named it."""
    if not stay.unnamed:
        return ()
    return (Reason("known_by_place", value=round(stay.unnamed / stay.looks, 3)),)
