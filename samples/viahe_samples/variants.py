"""Variants of the staged scenes, seeded, with exact truth: for regressions, not for figures.

They are synthetic: the same few cutouts on one drawn street, disturbed as cameras are. What is
right on them may be wrong on a street; what is wrong on them is wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from viahe_rules.domain import Box, Detection
from viahe_rules.geometry import clipped

from .figures import SACK
from .scene import Scene
from .stories import STORIES
from .troubles import TROUBLES, Trouble

SIZE = (640, 360)
SHARES = 3
"""Into how many parts the whole set falls; each has every story and every trouble in it."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A scene as a troubled camera shows it; `found` is the share of looks in which the network
    finds each person and vehicle."""

    scene: Scene
    story: str
    trouble: Trouble
    found: float

    def seen(self, t: float, every: float = 1.0) -> tuple[Detection, ...]:
        """What a network would name at second `t`, which misses some and is a little off."""
        return tuple(self._seen(t, every))

    def looks(self, every_s: float) -> Iterator[tuple[str, float, float]]:
        """The run, its media second and the scene's second of every look that is not dropped.

        A camera that is lost for some seconds comes back as another run.
        """
        chance = Random(f"{self.scene.seed} looks")
        lost = self.trouble.lost_s
        for number in range(int(self.scene.duration_s / every_s)):
            t = number * every_s
            dropped = number > 0 and chance.random() < self.trouble.dropped
            if dropped or (lost is not None and lost[0] <= t < lost[1]):
                continue
            if lost is None or t < lost[0]:
                yield "run-1", t, t
            else:
                yield "run-2", t - lost[1], t

    def began(self, run: str) -> float:
        """The scene's second at which a run's clock is zero."""
        lost = self.trouble.lost_s
        return 0.0 if run == "run-1" or lost is None else lost[1]

    def _seen(self, t: float, every: float) -> Iterator[Detection]:
        aspect = self.scene.size[0] / self.scene.size[1]
        for number, actor in enumerate(self.scene.actors):
            placement = actor.at(t)
            if placement is None or placement.figure.name == SACK.name:
                continue
            chance = Random(f"{self.scene.seed} {number} {round(t / every)}")
            box = self.trouble.disturbance.moved(placement.box, t, aspect)
            box = clipped(_a_little_off(box, chance))
            if box.area > 0 and chance.random() < self.found:
                yield Detection(placement.figure.label, 0.7, box)


def variants(seed: int, share: int | None = None) -> tuple[Variant, ...]:
    """Every story under every trouble, placed and timed by `seed`; names are unique.

    `share` in 0..2 is a third of them; the same variant is the same in its share and in the
    whole.
    """
    made = []
    for row, (trouble, troubled) in enumerate(TROUBLES):
        for column, story in enumerate(STORIES):
            if share is not None and (row + column) % SHARES != share:
                continue
            chance = Random(f"{seed} {trouble} {story.__name__}")
            scene = story(chance)
            name = f"{scene.name}-{trouble}-{seed}"
            told = replace(scene, name=name, seed=chance.randrange(10**6), size=SIZE)
            found = chance.choice((0.75, 0.9, 1.0))
            made.append(Variant(told, scene.name, troubled(told.seed), found))
    return tuple(made)


def _a_little_off(box: Box, chance: Random) -> Box:
    across, down = 0.04 * box.width, 0.03 * box.height
    return Box(
        box.left + chance.uniform(-across, across),
        box.top + chance.uniform(-down, down),
        box.right + chance.uniform(-across, across),
        box.bottom + chance.uniform(-down, down),
    )
