"""What came of confirmed cases in a period, by the day of each action."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

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

_Key = TypeVar("_Key")

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
    return outcomes_and_bases(reading, period)[0]


def outcomes_and_bases(
    reading: SummaryReading, period: Period
) -> tuple[dict[Act, Outcomes], tuple[BasisFigures, ...]]:
    """The outcomes of each act, and its decisions to sanction by the provision each rests on,
    within an act the one that most rest on first."""
    names = dict(reading.session.execute(select(LegalBasis.id, basis_name())).all())
    outcomes: defaultdict[Act, Counter[str]] = defaultdict(Counter)
    resting: defaultdict[tuple[Act, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for act, step, basis_id, count, amount in _counted(reading, period, "act", "step", "basis_id"):
        outcomes[act].update(_fields(step, count, amount))
        if step is Handling.SANCTIONED:
            sanctioned, fined = resting[act, names.get(basis_id, "")]
            resting[act, names.get(basis_id, "")] = sanctioned + count, fined + amount
    bases = [BasisFigures(*named, *numbers) for named, numbers in resting.items()]
    bases.sort(key=lambda row: (-row.sanctioned, not row.basis, row.basis))
    return _outcomes(outcomes), tuple(sorted(bases, key=lambda row: list(Act).index(row.act)))


def outcomes_by_ward(reading: SummaryReading, period: Period) -> dict[int, Outcomes]:
    """The outcomes of all acts under the ids of the cases' wards."""
    found: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for ward_id, step, count, amount in _counted(reading, period, "ward_id", "step"):
        found[ward_id].update(_fields(step, count, amount))
    return _outcomes(found)


def _counted(reading: SummaryReading, period: Period, *keys: str) -> Iterator[tuple[Any, ...]]:
    """The keys, how many cases, and the amounts together."""
    parts = reading.parts(period, BY_OUTCOME, *keys, "cases", "amount")
    columns = [parts.c[name] for name in keys]
    counted = select(*columns, func.sum(parts.c.cases), func.sum(parts.c.amount))
    for *key, count, amount in reading.session.execute(counted.group_by(*columns)):
        if count:
            yield *key, int(count), int(amount)


def _fields(step: Handling, count: int, amount: int) -> dict[str, int]:
    counts, adds_up = _COUNTED[step]
    return {counts: count, adds_up: amount} if adds_up else {counts: count}


def _outcomes(fields: Mapping[_Key, Counter[str]]) -> dict[_Key, Outcomes]:
    return {key: Outcomes(**counted) for key, counted in fields.items()}
