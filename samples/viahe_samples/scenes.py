"""The seven scenes: three acts to be reported, four that must not be."""

from viahe_rules.domain import Act, Box, LeftByKind
from viahe_rules.plan import Surface

from . import reported
from .actors import Actor
from .figures import BLUE, BUS, COAT, FLEECE, SACK, Figure
from .ground import NEAR_KERB, PAVEMENT, strip
from .scene import Light, Scene, StagedZone
from .ways import Pace, Way

PAVEMENT_STRIP = strip(1.08, PAVEMENT + 0.01, 0.08, 0.92)
ROADWAY_STRIP = strip(NEAR_KERB - 0.005, 0.42, 0.08, 0.92)
PAVEMENT_DUMPING = StagedZone(
    "pavement-dumping", "Vỉa hè: đổ rác", PAVEMENT_STRIP, Surface.PAVEMENT, Act.DUMPING
)
PAVEMENT_ENCROACHMENT = StagedZone(
    "pavement-encroachment", "Vỉa hè: lấn chiếm", PAVEMENT_STRIP, Surface.PAVEMENT, Act.ENCROACHMENT
)
ROADWAY_ENCROACHMENT = StagedZone(
    "roadway-encroachment", "Lòng đường: dừng đỗ", ROADWAY_STRIP, Surface.ROADWAY, Act.ENCROACHMENT
)
ZONES = (PAVEMENT_DUMPING, PAVEMENT_ENCROACHMENT, ROADWAY_ENCROACHMENT)

OUT_LEFT, OUT_RIGHT = -0.09, 1.09
BUS_OUT_LEFT, BUS_OUT_RIGHT = -0.25, 1.22
HAND_HEIGHT_M = 0.20
"""How far above the ground a sack hangs that is carried by its neck."""


def all_scenes() -> tuple[Scene, ...]:
    """Every scene, positives first. Names are unique and fit file names and URL paths."""
    return (
        bag_left(),
        bus_stays(),
        group_stays(),
        walkers_pass(),
        bag_taken_again(),
        bus_stops_briefly(),
        light_changes(),
    )


def bag_left() -> Scene:
    """A man puts a sack down on the pavement, and walks on without it."""
    bend_s, duration_s = 0.7, 36.0
    arrives = Way.starting(6.4, OUT_LEFT, 0.90).go(0.42)
    man = Actor(COAT, arrives.stoop(bend_s, 0.86).stoop(bend_s, 1.0).go(OUT_RIGHT).marks)
    sack = Actor(SACK, _carried(arrives).lift(bend_s, 0.0).stay_until(duration_s).marks)
    start_s = arrives.end_s + bend_s
    left_s = clear_of(man, sack.box_at(start_s), start_s)
    leaver = (LeftByKind.PERSON, man)
    event = reported.bag(sack, PAVEMENT_DUMPING, start_s, duration_s, leaver, (left_s, left_s))
    title = "a man leaves a rubbish sack on the pavement and walks on"
    return Scene("bag-left", title, (man, sack), ZONES, (event,), duration_s, seed=11)


def bus_stays() -> Scene:
    """A minibus stops in the roadway and stands there for longer than it may."""
    bus = _bus_stopping(16.0)
    event = reported.bus(bus, ROADWAY_ENCROACHMENT)
    title = "a minibus stands in the roadway"
    return Scene("bus-stays", title, (bus,), ZONES, (event,), 39.0, seed=12)


def group_stays() -> Scene:
    """Three men meet on the pavement and stay together on it."""
    start_s, end_s = 12.0, 28.0
    men = (
        _visitor(FLEECE, OUT_LEFT, 0.435, 0.87, start_s, end_s, OUT_LEFT),
        _visitor(COAT, OUT_LEFT, 0.50, 0.93, start_s, end_s, OUT_RIGHT),
        _visitor(BLUE, OUT_RIGHT, 0.565, 0.89, start_s, end_s, OUT_RIGHT),
    )
    event = reported.group(men, PAVEMENT_ENCROACHMENT, start_s, end_s)
    title = "three men stay together on the pavement"
    return Scene("group-stays", title, men, ZONES, (event,), 40.0, seed=13)


def walkers_pass() -> Scene:
    """Men walk through, alone and two together, either way."""
    walkers = (
        _passing(FLEECE, 6.5, OUT_LEFT, OUT_RIGHT, 0.95),
        _passing(COAT, 8.0, OUT_RIGHT, OUT_LEFT, 0.85),
        _passing(BLUE, 14.5, OUT_LEFT, OUT_RIGHT, 0.88),
        _passing(COAT, 15.2, OUT_LEFT, OUT_RIGHT, 0.93),
    )
    title = "men walk through"
    return Scene("walkers-pass", title, walkers, ZONES, (), 32.0, seed=14)


def bag_taken_again() -> Scene:
    """A man puts a sack down, rests beside it for three seconds, and takes it along."""
    bend_s, rest_s = 0.7, 3.0
    arrives = Way.starting(6.4, OUT_LEFT, 0.90).go(0.5)
    beside = arrives.stoop(bend_s, 0.86).stoop(bend_s, 1.0).stay(rest_s - 2 * bend_s)
    taken = beside.stoop(bend_s, 0.86).stoop(bend_s, 1.0)
    sack = _carried(arrives).lift(bend_s, 0.0).stay(rest_s).lift(bend_s, HAND_HEIGHT_M)
    actors = (
        Actor(COAT, taken.go(OUT_RIGHT).marks),
        Actor(SACK, sack.stay_until(taken.end_s).go(OUT_RIGHT).marks),
    )
    title = "a man puts a sack down and takes it along again"
    return Scene("bag-taken-again", title, actors, ZONES, (), 30.0, seed=15)


def bus_stops_briefly() -> Scene:
    """A minibus stops for three seconds and drives on."""
    title = "a minibus stops briefly"
    return Scene("bus-stops-briefly", title, (_bus_stopping(3.0),), ZONES, (), 30.0, seed=16)


def light_changes() -> Scene:
    """The exposure drifts and a cloud's shadow crosses, while men walk through."""
    walkers = (
        _passing(FLEECE, 7.0, OUT_LEFT, OUT_RIGHT, 0.93),
        _passing(COAT, 13.0, OUT_RIGHT, OUT_LEFT, 0.87),
        _passing(BLUE, 19.0, OUT_LEFT, OUT_RIGHT, 0.96),
    )
    title = "the light changes while men walk through"
    return Scene("light-changes", title, walkers, ZONES, (), 36.0, seed=17, light=Light.CHANGING)


def _carried(way: Way) -> Way:
    """The way of a sack in the hand of whoever goes `way`."""
    first, last = way.marks[0], way.marks[-1]
    beside, nearer = -0.012, 0.004  # the hand hangs left of the man's middle, before his legs
    start = Way.starting(first.t, first.x + beside, first.lane + nearer, HAND_HEIGHT_M)
    return start.go_until(last.t, last.x + beside)


def _passing(figure: Figure, t: float, came_from: float, to: float, lane: float) -> Actor:
    return Actor(figure, Way.starting(t, came_from, lane).go(to).marks)


def _visitor(
    figure: Figure,
    came_from: float,
    x: float,
    lane: float,
    start_s: float,
    end_s: float,
    goes_to: float,
) -> Actor:
    there = Way.arriving(start_s, came_from, x, lane).stay_until(end_s)
    return Actor(figure, there.go(goes_to).marks)


def _bus_stopping(rest_s: float) -> Actor:
    drives_in = Way.starting(6.4, BUS_OUT_RIGHT, 0.64).go(0.48, 6.0, Pace.BRAKING)
    return Actor(BUS, drives_in.stay(rest_s).go(BUS_OUT_LEFT, 4.0, Pace.STARTING).marks)


def clear_of(owner: Actor, thing: Box, after_s: float) -> float:
    """The first second, to a tenth, in which `owner` stands half its width away from `thing`."""
    t = after_s
    while True:
        box = owner.box_at(t)
        if max(box.left - thing.right, thing.left - box.right) >= box.width / 2:
            return round(t, 1)
        t += 0.1
