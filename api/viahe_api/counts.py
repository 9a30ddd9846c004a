"""The counts themselves, and what follows from them by arithmetic alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from types import MappingProxyType

CONFIDENCE_Z = 1.959963984540054
"""Of a normal distribution, 95 % lies within so many deviations."""
LEAST_HOURS_OF_A_RATE = 24
"""Camera hours from which on a rate is told: one camera's whole day. Fewer leave out hours of the
day, and acts keep to theirs; of a minute a single case would be told as tens of thousands."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Cases of a period by what became of them.

    `recorded` is the sum of the five that follow it. Cases whose evidence lost its integrity
    are in none of those.
    """

    recorded: int = 0
    sufficient: int = 0
    insufficient: int = 0
    not_violation: int = 0
    duplicate: int = 0
    in_verification: int = 0
    integrity_errors: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.recorded + other.recorded,
            self.sufficient + other.sufficient,
            self.insufficient + other.insufficient,
            self.not_violation + other.not_violation,
            self.duplicate + other.duplicate,
            self.in_verification + other.in_verification,
            self.integrity_errors + other.integrity_errors,
        )

    @property
    def precision(self) -> "Share":
        """Of what people reviewed, the share with sufficient grounds. Duplicates repeat a case
        that is counted, and are left out."""
        reviewed = self.sufficient + self.insufficient + self.not_violation
        return Share(self.sufficient, reviewed)


@dataclass(frozen=True, slots=True)
class Share:
    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval of the share; None of nothing."""
        if not self.whole:
            return None
        n, p, z2 = self.whole, self.part / self.whole, CONFIDENCE_Z**2
        middle = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = CONFIDENCE_Z * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
        return min(p, max(0.0, middle - half)), max(p, min(1.0, middle + half))


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours cameras were meant to see, really saw, and lost."""

    expected: float = 0.0
    seen: float = 0.0
    lost: float = 0.0

    def __add__(self, other: "Hours") -> "Hours":
        return Hours(self.expected + other.expected, self.seen + other.seen, self.lost + other.lost)

    @property
    def coverage(self) -> float | None:
        """The share that was seen of what was expected."""
        return self.seen / self.expected if self.expected else None


def per_thousand_hours(sufficient: int, hours: Hours) -> float | None:
    """Cases with sufficient grounds that cameras raised, for every 1,000 hours they saw; None,
    shown as "–", where those were too few to tell."""
    # As hours are told, to a tenth: beside 24,0 hours stands a rate, however they were added up.
    enough = round(hours.seen, 1) >= LEAST_HOURS_OF_A_RATE
    return sufficient / hours.seen * 1000 if enough else None


def hours_together(hours: Iterable[Hours]) -> Hours:
    """Column by column, as a city's page asks it again and again."""
    rows = [(one.expected, one.seen, one.lost) for one in hours]
    return Hours(*map(sum, zip(*rows, strict=True)))


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What came of cases after they were confirmed, by the day of the action."""

    reminded: int = 0
    committed: int = 0
    drawn_up: int = 0
    sanctioned: int = 0
    complied: int = 0
    fined_dong: int = 0
    paid_dong: int = 0


OUTCOME_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "reminded": "reminded",
        "committed": "committed",
        "record_drawn_up": "drawn_up",
        "sanctioned": "sanctioned",
        "complied": "complied",
        "fined_dong": "fined_dong",
        "paid_dong": "paid_dong",
    }
)
"""Outcomes as forms call them, and as `Outcomes` does."""


def change(now: int, before: int) -> float | None:
    """By what share a count grew; None, shown as "–", where there was nothing before."""
    return (now - before) / before if before else None
