"""A rule is added by one file: the one in docs/design is, to a copy of the rules."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import viahe_rules
from tests.rules.stories import encroachment_rule, look, plan, watched
from viahe_rules.watching import JUDGEMENTS

DESIGN = Path(__file__).parents[2] / "docs" / "design" / "README.md"
STORY = """
from viahe_rules.domain import *
from viahe_rules.plan import *
from viahe_rules.watching import Memory, see

everywhere = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
rules = (
    Rule("no-buses", Act.ENCROACHMENT, (), judged_by="bus_lane"),
    Rule("stays", Act.ENCROACHMENT, (("bus", 60.0),)),
)
plan = Plan("cam-1", (Zone("lane", 1, "Lane", everywhere, Surface.ROADWAY, rules),))
bus = Detection("bus", 0.8, Box(0.1, 0.4, 0.5, 0.9))
memory, outcomes = see(plan, Memory(), Observation("cam-1", "r1", 0.0, (bus,)))
print([(told.rule, told.label, told.reasons[0].code) for told in outcomes])
"""


def test_the_documented_rule_is_one_file_and_no_other_change(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", DESIGN.read_text(encoding="utf-8"), re.DOTALL)
    rules = tmp_path / "viahe_rules"
    shutil.copytree(Path(viahe_rules.__file__).parent, rules)
    (rules / "bus_lane.py").write_text(code, encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-c", STORY],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "[('no-buses', 'bus', 'bus_seen')]\n"


def test_each_act_has_a_judgement_of_its_own() -> None:
    assert set(JUDGEMENTS) == {"dumping", "encroachment"}


def test_a_rule_that_nobody_can_judge_is_refused_by_name() -> None:
    ground = plan(encroachment_rule(judged_by="bus_lane"))
    with pytest.raises(ValueError, match="'bus_lane'; there are dumping, encroachment"):
        watched(ground, [look(0.0)])
