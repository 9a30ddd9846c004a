"""The table a person sees while the detector runs: a line for each camera, and what it amounts to.

Cameras that need somebody come first; where not all of them fit, the others are counted. In a
narrow terminal the less important columns are left out.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

LOG_LINES = 6
"""Lines of the log under the table; fewer where the terminal is low."""
LEAST_ROWS = 3
BOLD, FAINT, RED, YELLOW, GREEN, PLAIN = (
    f"\x1b[{code}m" for code in ("1", "2", "31", "33", "32", "0")
)
TONES = {"online": GREEN, "degraded": YELLOW, "offline": RED}
GRAVITY = ("offline", "degraded", "online")


@dataclass(frozen=True, slots=True)
class Row:
    """One camera. Seconds are None where there is nothing to measure yet.

    `detail` says more than `condition`, if it is anything else.
    """

    camera: str
    state: str
    condition: str
    detail: str
    looks: int
    gap_s: float | None
    waiting_s: float | None
    lag_s: float | None
    suspicions: int
    ring_s: float
    dropped: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Of the whole detector; `cores` were used since the totals before."""

    running_s: float
    cores: float
    looks_per_s: float
    outbox: int


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in characters; of what there is no room for, the highest `rank` goes first."""

    name: str
    width: int
    rank: int
    shown: Callable[[Row], str]


COLUMNS = (
    Column("camera", 24, 0, lambda row: row.camera),
    Column("state", 10, 1, lambda row: row.condition.replace("_", " ")),
    Column("looks", 8, 5, lambda row: f"{row.looks:,}"),
    Column("gap s", 6, 2, lambda row: _seconds(row.gap_s)),
    Column("wait s", 6, 7, lambda row: _seconds(row.waiting_s)),
    Column("lag s", 6, 3, lambda row: _seconds(row.lag_s)),
    Column("susp.", 6, 4, lambda row: str(row.suspicions)),
    Column("ring s", 6, 8, lambda row: f"{row.ring_s:.0f}"),
    Column("dropped", 8, 6, lambda row: f"{row.dropped:,}"),
)
TEXTUAL = frozenset({"camera", "state"})
INDENT = "  "


def drawn(
    rows: Sequence[Row], totals: Totals, log: Sequence[str], size: tuple[int, int]
) -> list[str]:
    """The lines of the screen for a terminal of `size` (columns, lines), none of them wider."""
    width, height = size
    columns = _columns(rows, width)
    head = [_headline(rows, totals, width), _paint(FAINT, _heading(columns, width))]
    log = log[-min(LOG_LINES, max(0, height - len(head) - LEAST_ROWS - 2)) :] if height > 7 else ()
    tail = ["", *(_paint(FAINT, _cut(line, width)) for line in log)] if log else []
    room = max(1, height - len(head) - len(tail))
    return [*head, *_body(rows, columns, width, room), *tail][:height]


def _columns(rows: Sequence[Row], width: int) -> tuple[Column, ...]:
    """The columns there is room for, the least important left out first."""
    longest = max((len(row.camera) for row in rows), default=0)
    names = COLUMNS[0]
    most = min(names.width, max(len(names.name), longest), max(8, width - 11), width)
    names = replace(names, width=most)
    chosen = [names, *COLUMNS[1:]]
    while len(chosen) > 1 and sum(column.width + 1 for column in chosen) - 1 > width:
        chosen.remove(max(chosen, key=lambda column: column.rank))
    return tuple(chosen)


def _body(rows: Sequence[Row], columns: Sequence[Column], width: int, room: int) -> Iterator[str]:
    """As many cameras as there is room for, the gravest first, and how many more there are."""
    left = sorted(rows, key=_gravity)
    while left and (len(left) <= room or room > 1):
        lines = list(_lines(left[0], columns, width))
        if len(left) > 1 and len(lines) >= room:
            lines = lines[:1]
        yield from lines
        room -= len(lines)
        left = left[1:]
    if left:
        yield _paint(FAINT, _cut(_rest(left), width))


def _headline(rows: Sequence[Row], totals: Totals, width: int) -> str:
    counts = [(state, sum(row.state == state for row in rows)) for state in reversed(GRAVITY)]
    said = [f"{count} {state}" for state, count in counts if count]
    parts = [
        "Viahe " + _clock(totals.running_s),
        ", ".join(said),
        f"{totals.cores:.2f} cores",
        f"{totals.looks_per_s:.1f} looks/s",
        f"{sum(row.suspicions for row in rows)} suspicions",
        f"{totals.outbox} to send",
        f"{sum(row.dropped for row in rows):,} dropped",
    ]
    text = parts[0]
    for part in parts[1:]:
        if len(text) + 3 + len(part) > width:
            break
        text += " · " + part
    return _paint(BOLD, _cut(text, width))


def _heading(columns: Sequence[Column], width: int) -> str:
    return _cut(" ".join(_aligned(column, column.name) for column in columns), width)


def _lines(row: Row, columns: Sequence[Column], width: int) -> Iterator[str]:
    """A camera's line, with what is the matter at its end or, if that is too long, below it."""
    cells = []
    for column in columns:
        cell = _aligned(column, column.shown(row))
        cells.append(_paint(TONES[row.state], cell) if column.name == "state" else cell)
    used = sum(column.width + 1 for column in columns)
    said = "" if row.detail == row.condition else row.detail
    fits = len(said) <= width - used
    yield " ".join([*cells, _paint(FAINT, said)] if said and fits else cells)
    if not fits:
        yield _paint(FAINT, _cut(INDENT + said, width))


def _aligned(column: Column, text: str) -> str:
    text = _cut(text, column.width)
    return text.ljust(column.width) if column.name in TEXTUAL else text.rjust(column.width)


def _rest(rows: Sequence[Row]) -> str:
    worse = sum(row.state != "online" for row in rows)
    return f"and {len(rows)} more" + (f", {worse} of them not well" if worse else ", all well")


def _gravity(row: Row) -> tuple[int, bool, str]:
    return GRAVITY.index(row.state), row.suspicions == 0, row.camera


def _seconds(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds:.1f}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: max(0, width - 1)] + "…"


def _paint(tone: str, text: str) -> str:
    return f"{tone}{text}{PLAIN}" if text else text
