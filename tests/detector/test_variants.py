"""Seeded variants of the staged scenes, synthetic all of them, against floors that only rise.

A third of the set is watched here; `python -m tests.detector.staged_figures` watches the whole,
and compares it with its floors in the same file.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.detector.staged_figures import worse_than
from viahe_samples.photographs import MissingPhotograph
from viahe_samples.stage import set_stage
from viahe_samples.variants import SIZE

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(1200)
def test_a_third_of_the_variants_scores_no_worse_than_before() -> None:
    """After an improvement, write down what is reached now. A minute and a half of processor."""
    try:
        set_stage(SIZE)
    except MissingPhotograph as missing:
        pytest.skip(str(missing))
    program = [sys.executable, "-m", "tests.detector.staged_figures", "--share", "0"]
    ended = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_a_figure_that_has_fallen_is_named() -> None:
    floors = {"events": 4, "found": 3, "false": 1, "leavers_named": 2, "leavers_right": 2}
    assert worse_than(floors, floors) == []
    assert worse_than(floors, floors | {"found": 2, "false": 2}) == [
        "found: 2, was 3",
        "false: 2, was 1",
    ]
    wrong = worse_than(floors, floors | {"leavers_named": 3})
    assert wrong == ["leavers wrong: 1, was 0"]
