"""Who moved where, within one look back of some seconds; nothing here outlives it.

Detections are linked by overlap from look to look, and tracks that break off are stitched to
the ones that go on where they would have been. Neither the order of detections within a look
nor any number given to them matters.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import TypeAlias

from viahe_rules.domain import CLOSED, PERSON, VEHICLES, Box, Detection, Observation
from viahe_rules.geometry import iou, moved

Path: TypeAlias = tuple[tuple[float, Box], ...]
"""Media seconds and box, in order."""

LINKED_IOU = 0.25
"""At eight looks a second even a running person overlaps its last box by more."""
LOST_S = 0.6
"""A track not seen for longer than this ends; stitching may still carry it on."""
STITCHED_S = 2.5
"""The longest gap that is stitched."""
STITCHED_REACH = 0.6
"""How far from where it would have been a track may go on, in its own widths and heights."""
OVERLAPPING_S = 0.5
"""How long two pieces of one track may run side by side, the network seeing double."""
TWICE_IOU = 0.55
"""Two boxes of one look that overlap by more are one mover seen twice."""
LEAST_LOOKS = 3
"""Tracks of fewer looks are mistakes of the network."""


@dataclass(frozen=True, slots=True)
class Track:
    """One person or vehicle through the looks."""

    label: str
    path: Path

    @property
    def start(self) -> float:
        return self.path[0][0]

    @property
    def end(self) -> float:
        return self.path[-1][0]

    @property
    def size(self) -> tuple[float, float]:
        """Median width and height."""
        return (
            median(box.width for _, box in self.path),
            median(box.height for _, box in self.path),
        )

    def at(self, t: float, within: float) -> Box | None:
        """The box seen nearest to `t`, None if it was not seen `within` that many seconds."""
        nearest_t, box = min(self.path, key=lambda step: (abs(step[0] - t), step[0]))
        return box if abs(nearest_t - t) <= within else None


@dataclass(slots=True)
class _Growing:
    family: str
    labels: list[str] = field(default_factory=list)
    path: list[tuple[float, Box]] = field(default_factory=list)


def tracks(looks: Sequence[Observation]) -> tuple[Track, ...]:
    """The persons and vehicles of the looks, in order of their first look."""
    growing: list[_Growing] = []
    for look in looks:
        _link(growing, look.t, _movers(look.detections))
    pieces = sorted(
        (Track(_most_frequent(piece.labels), tuple(piece.path)) for piece in growing),
        key=_track_order,
    )
    return tuple(
        track for track in _stitched(pieces) if len(track.path) >= min(LEAST_LOOKS, len(looks))
    )


def family(label: str) -> str:
    """Names the network gives one mover in turns."""
    if label in CLOSED:
        return "car"
    return "motorcycle" if label in ("bicycle", "motorcycle") else label


def _movers(detections: Iterable[Detection]) -> tuple[Detection, ...]:
    """Persons and vehicles, each once, in an order that does not depend on the given one."""
    kept: list[Detection] = []
    for found in sorted(detections, key=_order):
        twice = any(
            family(found.label) == family(other.label) and iou(found.box, other.box) >= TWICE_IOU
            for other in kept
        )
        if not twice and (found.label == PERSON or found.label in VEHICLES):
            kept.append(found)
    return tuple(kept)


def _link(growing: list[_Growing], t: float, seen: Sequence[Detection]) -> None:
    alive = [piece for piece in growing if t - piece.path[-1][0] <= LOST_S]
    pairs = sorted(
        (
            (-overlap, i, j)
            for i, piece in enumerate(alive)
            for j, found in enumerate(seen)
            if piece.family == family(found.label)
            and (overlap := iou(_expected(piece.path, t), found.box)) >= LINKED_IOU
        ),
    )
    linked: dict[int, int] = {}
    for _, i, j in pairs:
        if j not in linked and i not in linked.values():
            linked[j] = i
    for j, found in enumerate(seen):
        if j in linked:
            piece = alive[linked[j]]
        else:
            piece = _Growing(family(found.label))
            growing.append(piece)
        piece.labels.append(found.label)
        piece.path.append((t, found.box))


def _expected(path: Sequence[tuple[float, Box]], t: float) -> Box:
    """The last box moved on at the speed of about the last half second."""
    last_t, last = path[-1]
    earlier = [step for step in path if last_t - step[0] <= 0.6]
    first_t, first = earlier[0]
    if last_t - first_t < 0.2:
        return last
    ahead = (t - last_t) / (last_t - first_t)
    across = (last.foot[0] - first.foot[0]) * ahead
    down = (last.foot[1] - first.foot[1]) * ahead
    return moved(last, across, down)


def _stitched(pieces: Sequence[Track]) -> list[Track]:
    """The pieces joined, the nearest ends first, each end once."""
    joints = sorted(
        (reach, i, j)
        for i, first in enumerate(pieces)
        for j, second in enumerate(pieces)
        if (reach := _reach(first, second)) is not None
    )
    follower: dict[int, int] = {}
    for _, i, j in joints:
        if i not in follower and j not in follower.values():
            follower[i] = j
    beginnings = sorted(set(range(len(pieces))) - set(follower.values()))
    joined = [_joined(pieces, follower, beginning) for beginning in beginnings]
    return sorted(joined, key=_track_order)


def _joined(pieces: Sequence[Track], follower: dict[int, int], beginning: int) -> Track:
    chain = [beginning]
    while chain[-1] in follower:
        chain.append(follower[chain[-1]])
    labels = [pieces[i].label for i in chain for _ in pieces[i].path]
    path = [
        step
        for i, sequel in zip(chain, [*chain[1:], None], strict=True)
        for step in pieces[i].path
        if sequel is None or step[0] < pieces[sequel].start
    ]
    return Track(_most_frequent(labels), tuple(path))


def _reach(first: Track, second: Track) -> float | None:
    """How far the second begins from where the first would be by then; None if no sequel."""
    gap = second.start - first.end
    follows = first.start < second.start and first.end < second.end
    if not (follows and -OVERLAPPING_S <= gap <= STITCHED_S):
        return None
    if family(first.label) != family(second.label):
        return None
    width, height = first.size
    last, begun = first.path[-1][1], second.path[0][1]
    going = _expected(first.path, second.start)
    reach = min(
        max(
            abs(box.foot[0] - begun.foot[0]) / max(width, 1e-6),
            abs(box.foot[1] - begun.foot[1]) / max(height, 1e-6),
        )
        for box in (last, going)
    )
    return reach if reach <= STITCHED_REACH else None


def _most_frequent(labels: Sequence[str]) -> str:
    return min(set(labels), key=lambda label: (-labels.count(label), label))


def _order(found: Detection) -> tuple[float | str, ...]:
    box = found.box
    return (-found.score, found.label, box.left, box.top, box.right, box.bottom)


def _track_order(track: Track) -> tuple[float | str, ...]:
    t, box = track.path[0]
    return (t, track.label, box.left, box.top, box.right, box.bottom)
