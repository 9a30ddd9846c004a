"""Variants of the staged scenes, seeded, with exact truth: for regressions, not for figures.

They are synthetic: the same few cutouts on one drawn street, disturbed as cameras are. What is
right on them may be wrong on a street; what is wrong on them is wrong.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from viahe_rules.domain import Act, Box, Detection, LeftByKind
from viahe_rules.geometry import clipped

from .actors import Actor
from .disturbances import Disturbance
from .figures import BLUE, BUS, COAT, FLEECE, SACK, Figure
from .scene import Scene, StagedEvent
from .scenes import (
    BUS_OUT_LEFT,
    BUS_OUT_RIGHT,
    HAND_HEIGHT_M,
    OUT_LEFT,
    OUT_RIGHT,
    PAVEMENT_DUMPING,
    ROADWAY_ENCROACHMENT,
    ZONES,
    clear_of,
)
from .ways import Pace, Way

SIZE = (640, 360)
DURATION_S = 52.0
STATION_S = 40.0
"""Seconds a bystander stands: longer than anything may lie here."""

DISTURBANCES: tuple[tuple[str, Callable[[int], Disturbance]], ...] = (
    ("calm", lambda seed: Disturbance(seed, grain=2)),
    ("grain", lambda seed: Disturbance(seed, grain=7)),
    ("shaking", lambda seed: Disturbance(seed, grain=2, shake=0.02)),
    ("night", lambda seed: Disturbance(seed, grain=4, dims=((0.0, 0.4),))),
    ("jumps", lambda seed: Disturbance(seed, grain=2, dims=((0.0, 1.0), (7, 0.7), (26, 1.25)))),
    ("rain", lambda seed: Disturbance(seed, grain=3, rain=250)),
    ("headlights", lambda seed: Disturbance(seed, 0, 3, 0, ((0.0, 0.5),), (8, 17, 25))),
)


@dataclass(frozen=True, slots=True)
class Variant:
    """A scene as a troubled camera shows it; `found` is the share of looks in which the network
    finds each person and vehicle."""

    scene: Scene
    disturbance: Disturbance
    found: float

    def seen(self, t: float, every: float = 1.0) -> tuple[Detection, ...]:
        """What a network would name at second `t`, which misses some and is a little off."""
        return tuple(self._seen(t, every))

    def _seen(self, t: float, every: float) -> Iterator[Detection]:
        aspect = self.scene.size[0] / self.scene.size[1]
        for number, actor in enumerate(self.scene.actors):
            placement = actor.at(t)
            if placement is None or placement.figure.name == SACK.name:
                continue
            chance = Random(f"{self.scene.seed} {number} {round(t / every)}")
            box = self.disturbance.moved(placement.box, t, aspect)
            box = clipped(_a_little_off(box, chance))
            if box.area > 0 and chance.random() < self.found:
                yield Detection(placement.figure.label, 0.7, box)


def variants(seed: int) -> tuple[Variant, ...]:
    """Every story under every disturbance, placed and timed by `seed`; names are unique."""
    chance = Random(seed)
    made = []
    for trouble, disturbed in DISTURBANCES:
        for story in STORIES:
            scene = story(chance)
            name = f"{scene.name}-{trouble}-{seed}"
            scene = replace(scene, name=name, seed=chance.randrange(10**6), size=SIZE)
            found = chance.choice((0.75, 0.9, 1.0))
            made.append(Variant(scene, disturbed(scene.seed), found))
    return tuple(made)


def bag_left(chance: Random) -> Scene:
    """Somebody leaves a sack of some size somewhere on the pavement, others walk by."""
    start_s, height_m = chance.uniform(4.0, 9.0), chance.uniform(0.32, 0.6)
    x, lane, bend_s = chance.uniform(0.25, 0.7), chance.uniform(0.8, 0.98), 0.7
    arrives = Way.starting(start_s, OUT_LEFT, lane).go(x)
    figure = chance.choice((FLEECE, COAT, BLUE))
    man = Actor(figure, arrives.stoop(bend_s, 0.86).stoop(bend_s, 1.0).go(OUT_RIGHT).marks)
    thing = replace(SACK, height_m=height_m)
    sack = Actor(thing, _in_hand(arrives).lift(bend_s, 0.0).stay_until(DURATION_S).marks)
    lies_s = arrives.end_s + bend_s
    left_s = clear_of(man, sack.box_at(lies_s), lies_s)
    event = StagedEvent(
        act=Act.DUMPING,
        object="bag",
        zone=PAVEMENT_DUMPING.id,
        region=sack.box_at(lies_s),
        start_s=lies_s,
        end_s=DURATION_S,
        end_open=True,
        owner_left_s=left_s,
        left_by=LeftByKind.PERSON,
        leaver=man.box_at(left_s),
        leaver_at_s=left_s,
    )
    passers = (_passer(chance, lies_s + 3), _passer(chance, lies_s + 6))
    return _scene("bag-left", (man, sack, *passers), (event,))


def bag_minded(chance: Random) -> Scene:
    """Somebody stands by their own sack for a good while and takes it along."""
    lane, x = chance.uniform(0.8, 0.98), chance.uniform(0.3, 0.6)
    arrives = Way.starting(5.0, OUT_LEFT, lane).go(x)
    rest_s = chance.uniform(16, 24)
    sack = _in_hand(arrives).lift(0.7, 0.0).stay(rest_s).lift(0.7, HAND_HEIGHT_M)
    beside = arrives.stoop(0.7, 0.86).stoop(0.7, 1.0).stay(rest_s - 0.7).stay(0.7)
    actors = (
        Actor(COAT, beside.go(OUT_RIGHT).marks),
        Actor(SACK, sack.stay_until(beside.end_s).go(OUT_RIGHT).marks),
    )
    return _scene("bag-minded", actors, ())


def bystander(chance: Random) -> Scene:
    """One person stands for longer than anything may lie, and goes."""
    there = Way.arriving(9.0, OUT_LEFT, chance.uniform(0.3, 0.7), chance.uniform(0.8, 0.97))
    stands = there.stay(STATION_S - 4).go(OUT_RIGHT, 2.0)
    return _scene("bystander", (Actor(FLEECE, stands.marks), _passer(chance, 20.0)), ())


def drives_away(chance: Random) -> Scene:
    """A minibus that stood there from the beginning drives off."""
    x, off_s = chance.uniform(0.4, 0.6), chance.uniform(12, 20)
    way = Way.starting(0.0, x, 0.64).stay(off_s).go(BUS_OUT_LEFT, 4.0, Pace.STARTING)
    return _scene("drives-away", (Actor(BUS, way.marks), _passer(chance, 22.0)), ())


def bus_stays(chance: Random) -> Scene:
    """A minibus stops in the roadway for longer than it may."""
    comes = Way.starting(5.0, BUS_OUT_RIGHT, 0.64).go(chance.uniform(0.42, 0.55), 6.0, Pace.BRAKING)
    bus = Actor(BUS, comes.stay(24.0).go(BUS_OUT_LEFT, 4.0, Pace.STARTING).marks)
    start_s, end_s = bus.marks[1].t, bus.marks[2].t
    event = StagedEvent(
        act=Act.ENCROACHMENT,
        object="bus",
        zone=ROADWAY_ENCROACHMENT.id,
        region=bus.box_at(start_s),
        start_s=start_s,
        end_s=end_s,
    )
    return _scene("bus-stays", (bus, _passer(chance, 9.0)), (event,))


def crowd(chance: Random) -> Scene:
    """Many walk through, either way."""
    walkers = tuple(_passer(chance, 4.0 + 3.2 * number) for number in range(9))
    return _scene("crowd", walkers, ())


STORIES = (bag_left, bag_minded, bystander, drives_away, bus_stays, crowd)


def _scene(name: str, actors: tuple[Actor, ...], events: tuple[StagedEvent, ...]) -> Scene:
    return Scene(name, f"{name}, varied", actors, ZONES, events, DURATION_S, seed=0, quiet_s=0.0)


def _passer(chance: Random, t: float) -> Actor:
    figure: Figure = chance.choice((FLEECE, COAT, BLUE))
    ends = (OUT_LEFT, OUT_RIGHT) if chance.random() < 0.5 else (OUT_RIGHT, OUT_LEFT)
    way = Way.starting(t, ends[0], chance.uniform(0.79, 0.98)).go(ends[1])
    return Actor(figure, way.marks)


def _in_hand(way: Way) -> Way:
    first, last = way.marks[0], way.marks[-1]
    beside, nearer = -0.012, 0.004
    start = Way.starting(first.t, first.x + beside, first.lane + nearer, HAND_HEIGHT_M)
    return start.go_until(last.t, last.x + beside)


def _a_little_off(box: Box, chance: Random) -> Box:
    across, down = 0.04 * box.width, 0.03 * box.height
    return Box(
        box.left + chance.uniform(-across, across),
        box.top + chance.uniform(-down, down),
        box.right + chance.uniform(-across, across),
        box.bottom + chance.uniform(-down, down),
    )
