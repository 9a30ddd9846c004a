"""Short stories on the staged street, placed and timed by chance, with exact truth."""

from collections.abc import Callable
from random import Random

from viahe_rules.domain import Act, LeftByKind
from viahe_rules.plan import Surface

from . import reported
from .actors import Actor
from .figures import BLUE, BUS, COAT, FLEECE, SACK, Figure
from .ground import FAR_KERB, FRONTS, strip
from .scene import Scene, StagedEvent, StagedZone
from .scenes import (
    BUS_OUT_LEFT,
    BUS_OUT_RIGHT,
    HAND_HEIGHT_M,
    OUT_LEFT,
    OUT_RIGHT,
    PAVEMENT_DUMPING,
    PAVEMENT_ENCROACHMENT,
    ROADWAY_ENCROACHMENT,
    ZONES,
    clear_of,
)
from .ways import Pace, Way

DURATION_S = 52.0
STATION_S = 40.0
"""Seconds a bystander stands: longer than anything may lie here."""
STOOP_S = 0.7
"""Seconds in which somebody bends down, or lets go of a sack."""

ACROSS = StagedZone(
    "across-dumping",
    "Vỉa hè đối diện: đổ rác",
    strip(FAR_KERB + 0.002, FRONTS + 0.012, 0.05, 0.95),
    Surface.PAVEMENT,
    Act.DUMPING,
)
"""The pavement on the other side, where a sack of half a metre is ten pixels high."""

MEN = (FLEECE, COAT, BLUE)
Story = Callable[[Random], Scene]


def bag_left(chance: Random) -> Scene:
    """Somebody leaves a sack of some size somewhere on the pavement, others walk by."""
    start_s, height_m = chance.uniform(4.0, 9.0), chance.uniform(0.32, 0.6)
    x, lane = chance.uniform(0.25, 0.7), chance.uniform(0.8, 0.98)
    actors, event = _leaving(chance, start_s, x, lane, height_m, PAVEMENT_DUMPING)
    passers = (_passer(chance, event.start_s + 3), _passer(chance, event.start_s + 6))
    return _scene("bag-left", (*actors, *passers), (event,))


def bag_across(chance: Random) -> Scene:
    """Somebody leaves a sack of eight to fourteen pixels on the pavement across the street."""
    start_s, height_m = chance.uniform(4.0, 9.0), chance.uniform(0.38, 0.62)
    x, lane = chance.uniform(0.25, 0.6), chance.uniform(0.335, 0.35)
    actors, event = _leaving(chance, start_s, x, lane, height_m, ACROSS)
    return _scene("bag-across", (*actors, _passer(chance, event.start_s + 4)), (event,), ACROSS)


def bag_hidden(chance: Random) -> Scene:
    """Two people stop before a sack that was just left, for less than they may, and go again."""
    start_s, x = chance.uniform(3.0, 5.0), chance.uniform(0.35, 0.6)
    actors, event = _leaving(chance, start_s, x, 0.80, 0.42, PAVEMENT_DUMPING)
    from_s, until_s = event.start_s + 6, event.start_s + 12
    before = tuple(
        Actor(figure, _visit(side, x + aside, 0.87, from_s, until_s).marks)
        for figure, side, aside in ((FLEECE, OUT_LEFT, -0.012), (BLUE, OUT_RIGHT, 0.012))
    )
    return _scene("bag-hidden", (*actors, *before), (event,))


def bag_in_crowd(chance: Random) -> Scene:
    """Somebody leaves a sack while others keep walking by, either way."""
    start_s, x = chance.uniform(5.0, 8.0), chance.uniform(0.3, 0.65)
    actors, event = _leaving(chance, start_s, x, chance.uniform(0.84, 0.9), 0.5, PAVEMENT_DUMPING)
    walkers = tuple(_passer(chance, 2.0 + 4.1 * number) for number in range(8))
    return _scene("bag-in-crowd", (*actors, *walkers), (event,))


def bag_from_bus(chance: Random) -> Scene:
    """A minibus stops at the kerb, a sack comes out on the pavement, and it drives on."""
    x = chance.uniform(0.42, 0.52)
    comes = Way.starting(4.0, BUS_OUT_RIGHT, 0.68).go(x, 6.0, Pace.BRAKING)
    bus = Actor(BUS, comes.stay(5.0).go(BUS_OUT_LEFT, 4.0, Pace.STARTING).marks)
    falls = Way.starting(comes.end_s + 1.5, x, 0.76, 0.9).lift(STOOP_S, 0.0)
    sack = Actor(SACK, falls.stay_until(DURATION_S).marks)
    lies_s = falls.end_s
    left_s = clear_of(bus, sack.box_at(lies_s), lies_s)
    leaver = (LeftByKind.VEHICLE, bus)
    event = reported.bag(sack, PAVEMENT_DUMPING, lies_s, DURATION_S, leaver, (left_s, lies_s))
    return _scene("bag-from-bus", (bus, sack, _passer(chance, 24.0)), (event,))


def bag_minded(chance: Random) -> Scene:
    """Somebody stands by their own sack for a good while and takes it along."""
    lane, x = chance.uniform(0.8, 0.98), chance.uniform(0.3, 0.6)
    arrives = Way.starting(5.0, OUT_LEFT, lane).go(x)
    rest_s = chance.uniform(16, 24)
    sack = _in_hand(arrives).lift(STOOP_S, 0.0).stay(rest_s).lift(STOOP_S, HAND_HEIGHT_M)
    beside = arrives.stoop(STOOP_S, 0.86).stoop(STOOP_S, 1.0).stay(rest_s - STOOP_S).stay(STOOP_S)
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
    event = reported.bus(bus, ROADWAY_ENCROACHMENT)
    return _scene("bus-stays", (bus, _passer(chance, 9.0)), (event,))


def group_stays(chance: Random) -> Scene:
    """Three men meet on the pavement and stay together; one of them leaves earlier."""
    start_s, end_s, x = 11.0, chance.uniform(34.0, 40.0), chance.uniform(0.4, 0.55)
    leaves_s = start_s + chance.uniform(9.0, 15.0)
    men = tuple(
        Actor(figure, _visit(side, x + aside, lane, start_s, until_s).marks)
        for figure, side, aside, lane, until_s in (
            (FLEECE, OUT_LEFT, -0.065, 0.87, end_s),
            (COAT, OUT_LEFT, 0.0, 0.93, end_s),
            (BLUE, OUT_RIGHT, 0.065, 0.89, leaves_s),
        )
    )
    event = reported.group(men, PAVEMENT_ENCROACHMENT, start_s, end_s)
    return _scene("group-stays", men, (event,))


def group_greets(chance: Random) -> Scene:
    """Two men meet, stand together for a few seconds, and go on."""
    x = chance.uniform(0.4, 0.6)
    until_s = 12.0 + chance.uniform(3.0, 5.0)
    men = (
        Actor(FLEECE, _visit(OUT_LEFT, x - 0.04, 0.88, 12.0, until_s, OUT_RIGHT).marks),
        Actor(BLUE, _visit(OUT_RIGHT, x + 0.04, 0.9, 12.0, until_s, OUT_LEFT).marks),
    )
    return _scene("group-greets", men, ())


def crowd(chance: Random) -> Scene:
    """Many walk through, either way."""
    walkers = tuple(_passer(chance, 4.0 + 3.2 * number) for number in range(9))
    return _scene("crowd", walkers, ())


STORIES: tuple[Story, ...] = (
    bag_left,
    bag_across,
    bag_hidden,
    bag_in_crowd,
    bag_from_bus,
    bag_minded,
    bystander,
    drives_away,
    bus_stays,
    group_stays,
    group_greets,
    crowd,
)


def _leaving(
    chance: Random, start_s: float, x: float, lane: float, height_m: float, zone: StagedZone
) -> tuple[tuple[Actor, Actor], StagedEvent]:
    """Somebody who puts a sack down at a place and walks on, the sack, and what must be told."""
    arrives = Way.starting(start_s, OUT_LEFT, lane).go(x)
    goes = arrives.stoop(STOOP_S, 0.86).stoop(STOOP_S, 1.0).go(OUT_RIGHT)
    man = Actor(chance.choice(MEN), goes.marks)
    thing = _sack(height_m)
    sack = Actor(thing, _in_hand(arrives).lift(STOOP_S, 0.0).stay_until(DURATION_S).marks)
    lies_s = arrives.end_s + STOOP_S
    left_s = clear_of(man, sack.box_at(lies_s), lies_s)
    leaver = (LeftByKind.PERSON, man)
    event = reported.bag(sack, zone, lies_s, DURATION_S, leaver, (left_s, left_s))
    return (man, sack), event


def _scene(
    name: str,
    actors: tuple[Actor, ...],
    events: tuple[StagedEvent, ...],
    *more_zones: StagedZone,
) -> Scene:
    zones = (*ZONES, *more_zones)
    return Scene(name, f"{name}, varied", actors, zones, events, DURATION_S, seed=0, quiet_s=0.0)


def _sack(height_m: float) -> Figure:
    return Figure(SACK.name, SACK.label, height_m, drawn_aspect=SACK.drawn_aspect)


def _visit(
    came_from: float, x: float, lane: float, from_s: float, until_s: float, to: float | None = None
) -> Way:
    there = Way.arriving(from_s, came_from, x, lane).stay_until(until_s)
    return there.go(came_from if to is None else to)


def _passer(chance: Random, t: float) -> Actor:
    figure: Figure = chance.choice(MEN)
    ends = (OUT_LEFT, OUT_RIGHT) if chance.random() < 0.5 else (OUT_RIGHT, OUT_LEFT)
    way = Way.starting(t, ends[0], chance.uniform(0.79, 0.98)).go(ends[1])
    return Actor(figure, way.marks)


def _in_hand(way: Way) -> Way:
    first, last = way.marks[0], way.marks[-1]
    beside, nearer = -0.012, 0.004
    start = Way.starting(first.t, first.x + beside, first.lane + nearer, HAND_HEIGHT_M)
    return start.go_until(last.t, last.x + beside)
