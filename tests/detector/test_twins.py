"""Two streams of one camera on one clock, by when packets come and how large they are."""

import numpy as np
import pytest

from viahe_detector.media import Packet
from viahe_detector.twins import STEP_S, Twins

BEGAN = 1_795_000_000.0


def movement(seconds: float, seed: int = 1) -> np.ndarray:
    """How much moves, every hundredth of a second: people who come, walk and go."""
    chance = np.random.default_rng(seed)
    moves = np.zeros(round(seconds * 100))
    for _ in range(round(seconds / 4)):
        begins, lasts = chance.integers(0, len(moves)), chance.integers(30, 300)
        moves[begins : begins + lasts] += chance.uniform(0.5, 3.0)
    return moves


def packet(
    run: str, n: int, t: float, at: float, size: float, chance: np.random.Generator
) -> Packet:
    noisy = max(40, round(size * chance.uniform(0.85, 1.15)))
    return Packet(run, n, t, t, 0.04, n % 50 == 0, b"x" * noisy, n, n, at, at)


def shown(twins: Twins, moves: np.ndarray, late_s: float) -> None:
    """Both streams of the movement; what is watched says its pictures are `late_s` later."""
    chance = np.random.default_rng(7)
    for n in range(round(len(moves) / 4)):
        t = n / 25
        level = 1 + moves[min(len(moves) - 1, round(t * 100))]
        twins.kept(packet("main", n, t, BEGAN + t, 4000 * level, chance))
        if n % 2 == 0:  # the small stream has half the pictures
            at = BEGAN + t + late_s
            twins.watched(packet("sub", n // 2, t + 3.0, at, 700 * level, chance))


def test_before_anything_was_kept_nothing_can_be_placed() -> None:
    assert Twins().placed(BEGAN) is None


@pytest.mark.parametrize("late_s", [-0.6, -0.2, 0.0, 0.33, 0.9])
def test_streams_that_move_together_are_aligned_by_what_moves(late_s: float) -> None:
    twins = Twins()
    shown(twins, movement(150.0), late_s)
    assert twins.alignment.source == "content"
    assert twins.alignment.late_s == pytest.approx(late_s, abs=STEP_S)
    assert twins.alignment.residual_s is not None
    assert twins.alignment.residual_s <= 0.15
    assert twins.placed(BEGAN + 100.0 + late_s) == ("main", pytest.approx(100.0, abs=STEP_S))


def test_a_quiet_street_is_placed_by_arrival_and_says_so() -> None:
    twins = Twins()
    shown(twins, np.zeros(150 * 100), 0.4)
    assert twins.alignment.source == "arrival"
    assert twins.alignment.late_s == 0.0
    assert twins.placed(BEGAN + 100.0) == ("main", pytest.approx(100.0))


def test_streams_of_two_cameras_are_not_aligned_with_each_other() -> None:
    twins = Twins()
    one, other = movement(150.0, seed=1), movement(150.0, seed=2)
    chance = np.random.default_rng(3)
    for n in range(150 * 25):
        t = n / 25
        at = BEGAN + t
        twins.kept(packet("a", n, t, at, 4000 * (1 + one[round(t * 100)]), chance))
        twins.watched(packet("b", n, t, at, 700 * (1 + other[round(t * 100)]), chance))
    assert twins.alignment.source == "arrival"
