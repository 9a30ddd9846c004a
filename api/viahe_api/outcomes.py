"""What came of confirmed cases in a period, by the day of each action."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select

from viahe_api.counts import Outcomes
from viahe_api.figures import BasisFigures
from viahe_api.law import basis_name
from viahe_api.periods import Period
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import LegalBasis
from viahe_api.tallies import BY_OUTCOME
from viahe_api.vocabulary import Handling
from viahe_rules.domain import Act

_COUNTED: Mapping[Handling, tuple[str, str | None]] = MappingProxyType(
    {
        Handling.REMINDED: ("reminded", None),
        Handling.COMMITTED: ("committed", None),
        Handling.RECORDED: ("drawn_up", None),
        Handling.SANCTIONED: ("sanctioned", "fined_dong"),
        Handling.COMPLIED: ("complied", "paid_dong"),
    }
)
"""Steps that are outcomes: the fields of Outcomes that count them and add up their amounts."""


def outcomes_by_act(reading: SummaryReading, period: Period) -> dict[Act, Outcomes]:
    """Each case once for each kind of outcome, by its newest step of that kind that stands: what
    was entered wrongly was entered again."""
    return _outcomes_by("act", reading, period)


def outcomes_by_ward(reading: SummaryReading, period: Period) -> dict[int, Outcomes]:
    """The same under the ids of the cases' wards."""
    return _outcomes_by("ward_id", reading, period)


def sanctions_by_basis(reading: SummaryReading, period: Period) -> tuple[BasisFigures, ...]:
    """The decisions to sanction of `outcomes_by_act`, by the provision each rests on: within an
    act the one that most rest on first."""
    parts = reading.parts(period, BY_OUTCOME, "act", "step", "basis_id", "cases", "amount")
    key = (parts.c.act, parts.c.basis_id)
    counted = select(*key, func.sum(parts.c.cases), func.sum(parts.c.amount))
    counted = counted.where(parts.c.step == Handling.SANCTIONED).group_by(*key)
    names = dict(reading.session.execute(select(LegalBasis.id, basis_name())).all())
    together: defaultdict[tuple[Act, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for act, basis_id, count, amount in reading.session.execute(counted):
        sanctioned, fined = together[act, names.get(basis_id, "")]
        together[act, names.get(basis_id, "")] = sanctioned + int(count), fined + int(amount)
    found = [BasisFigures(*named, *numbers) for named, numbers in together.items()]
    found.sort(key=lambda row: (-row.sanctioned, not row.basis, row.basis))
    return tuple(sorted(found, key=lambda row: list(Act).index(row.act)))


def _outcomes_by(name: str, reading: SummaryReading, period: Period) -> dict[Any, Outcomes]:
    parts = reading.parts(period, BY_OUTCOME, name, "step", "cases", "amount")
    key = (parts.c[name], parts.c.step)
    statement = select(*key, func.sum(parts.c.cases), func.sum(parts.c.amount)).group_by(*key)
    found: defaultdict[Any, Outcomes] = defaultdict(Outcomes)
    for of, step, count, amount in reading.session.execute(statement):
        counts, adds_up = _COUNTED[step]
        amounts = {adds_up: int(amount)} if adds_up else {}
        found[of] = replace(found[of], **{counts: int(count)}, **amounts)
    return dict(found)
