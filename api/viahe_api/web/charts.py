"""Charts as geometry: the templates draw it, and the rows stand under it as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from viahe_api.language import Language
from viahe_api.trend import TrendPoint
from viahe_api.web.period_words import period_name

WIDTH, HEIGHT = 720.0, 200.0
"""Of the bars' room, in the drawing's own units; 0 is its top."""
SHADES = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """`hatched` says that its cameras saw too little to compare, `running` that its period had not
    ended."""

    x: float
    y: float
    width: float
    height: float
    name: str
    value: str
    coverage: str
    coverage_height: float
    hatched: bool
    running: bool
    seen: str
    lost: str

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of the week; `shade` from 0, none, to SHADES, the most."""

    count: int
    shade: int
    hour: int


def bars(points: Sequence[TrendPoint], language: Language) -> tuple[Bar, ...]:
    """Cases with sufficient grounds, from zero up; the highest fills the room."""
    most = max((point.counts.sufficient for point in points), default=0) or 1
    step = WIDTH / max(1, len(points))
    return tuple(_bar(place, point, most, step, language) for place, point in enumerate(points))


def heat(counts: dict[int, int]) -> tuple[tuple[Cell, ...], ...]:
    """24 hours of 7 days each, from counts by hour of the week."""
    most = max(counts.values(), default=0)
    return tuple(
        tuple(
            Cell(
                counts.get(day * 24 + hour, 0),
                _shade(counts.get(day * 24 + hour, 0), most),
                day * 24 + hour,
            )
            for day in range(7)
        )
        for hour in range(24)
    )


def lengths(counts: Sequence[int]) -> tuple[float, ...]:
    """Of bars that lie, from zero on; the longest is 100."""
    most = max(counts, default=0) or 1
    return tuple(round(100 * count / most, 1) for count in counts)


def _bar(place: int, point: TrendPoint, most: int, step: float, language: Language) -> Bar:
    count, coverage = point.counts.sufficient, point.hours.coverage
    height = HEIGHT * count / most
    share = "–" if coverage is None else f"{language.number(coverage * 100)} %"
    return Bar(
        x=round(place * step + step * 0.15, 1),
        y=round(HEIGHT - height, 1),
        width=round(step * 0.7, 1),
        height=round(height, 1),
        name=period_name(point.period, language),
        value=language.number(count),
        coverage=share,
        coverage_height=round(min(1.0, coverage or 0.0) * 24, 1),
        hatched=not point.comparable,
        running=point.running,
        seen=language.number(point.hours.seen, 1),
        lost=language.number(point.hours.lost, 1),
    )


def _shade(count: int, most: int) -> int:
    return -(-count * SHADES // most) if most else 0
