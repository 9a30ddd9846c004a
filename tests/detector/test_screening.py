"""How often a video is looked at: no dwell is to fall between two looks."""

import pytest

from viahe_detector.pace import often_enough
from viahe_detector.truth import WHOLE_PICTURE
from viahe_rules.domain import THING, Act
from viahe_rules.plan import Plan, Rule, Surface, Zone


def plan(*dwells: float) -> Plan:
    rule = Rule("dumping", Act.DUMPING, tuple((THING, dwell) for dwell in dwells))
    return Plan("gate", (Zone("1", 1, "gate", WHOLE_PICTURE, Surface.PAVEMENT, (rule,)),))


@pytest.mark.parametrize(("dwell", "looked"), [(60.0, 2.0), (5.0, 1.25), (1.0, 0.25)])
def test_a_short_dwell_is_looked_at_oftener(dwell: float, looked: float) -> None:
    assert often_enough(plan(90.0, dwell).zones, 2.0) == looked


def test_without_a_rule_it_is_looked_at_as_often_as_asked() -> None:
    assert often_enough((), 2.0) == 2.0
