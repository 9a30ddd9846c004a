"""What excuses a thing where it is: quiet hours, a permit, a waste point in its hours.

An excuse has to be shown to hold: without wall time there is none.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from viahe_rules.domain import Act, Reason
from viahe_rules.geometry import inside, stands_in
from viahe_rules.plan import Permit, Plan, Surface, Zone
from viahe_rules.schedule import holds, within
from viahe_rules.stays import Stay

MOST_PERMITS_NAMED = 3
"""Permits for the very ground that are named as not covering it."""


@dataclass(frozen=True, slots=True)
class Checked:
    """`because` is what excuses a stay, None if nothing does; `links` say what was checked."""

    because: str | None
    links: tuple[Reason, ...]


def checked(plan: Plan, act: Act, stay: Stay, t: float, at: float | None) -> Checked:
    """Everything that may excuse a stay at media second `t`, UTC second `at`."""
    if at is None:
        return Checked(None, (Reason("time_unknown"),))
    if within(plan.quiet, at, plan.utc_offset_minutes, plan.holidays):
        return _excused("quiet")
    put_there_at = at - (t - stay.start)
    for zone in plan.zones:
        if act is Act.DUMPING and _set_out(plan, zone, stay, put_there_at):
            return _excused(f"waste_point:{zone.id}")
    amiss = []
    for permit in plan.permits:
        faults = tuple(_faults(plan, permit, act, stay, at))
        if not faults:
            return _excused(f"permit:{permit.id}")
        if "permit_elsewhere" not in faults:
            amiss.append(Reason(faults[0], name=permit.id))
    quiet = (Reason("not_quiet"),) if plan.quiet else ()
    return Checked(None, (*amiss[:MOST_PERMITS_NAMED], Reason("no_permit"), *quiet))


def _excused(because: str) -> Checked:
    return Checked(because, (Reason("excused", name=because),))


def _set_out(plan: Plan, zone: Zone, stay: Stay, put_there_at: float) -> bool:
    """Whether it lies at a waste point and was put there in its hours: what was rightly set out
    does not become dumped when they are over."""
    if zone.surface is not Surface.WASTE_POINT or not stands_in(stay.box, zone.polygon):
        return False
    return not any(
        rule.act is Act.DUMPING and holds(rule.hours_of(stay.label), plan, put_there_at)
        for rule in zone.rules
    )


def _faults(plan: Plan, permit: Permit, act: Act, stay: Stay, at: float) -> Iterator[str]:
    """Why a permit does not cover a stay, what matters most first; empty if it does."""
    if act not in permit.acts or not inside(stay.box.foot, permit.polygon):
        yield "permit_elsewhere"
    if permit.things and not stay.kinds <= permit.things:
        yield "permit_other_things"
    if at < permit.valid_from:
        yield "permit_not_yet"
    if at >= permit.valid_until:
        yield "permit_expired"
    if not holds(permit.hours, plan, at):
        yield "permit_out_of_hours"
