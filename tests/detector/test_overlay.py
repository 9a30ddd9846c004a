"""Which boxes are drawn over a clip, and as what."""

from viahe_detector.overlay import overlay
from viahe_rules.domain import Act, Box, Detection, Observation, Suspicion
from viahe_rules.plan import Surface, Zone

KERB = Zone("kerb", 1, "Kerb", ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)), Surface.PAVEMENT, ())
PLACE = Box(0.40, 0.50, 0.46, 0.62)
BESIDE = Box(0.10, 0.50, 0.16, 0.62)
FAINT, SURE = 0.15, 0.4


def drawn(*found: Detection) -> list[tuple[str, str]]:
    suspicion = Suspicion(
        key="s-1",
        act=Act.ENCROACHMENT,
        camera="cam-1",
        run="r-1",
        zone="kerb",
        zone_version=1,
        rule="stays",
        label="motorcycle",
        place=PLACE,
        start=1.0,
        end=9.0,
        score=0.7,
        thresholds=(("min_score", 0.35),),
    )
    look = Observation("cam-1", "r-1", 2.0, found)
    said = overlay(suspicion, KERB, [look], [2.0], lambda second: second)
    return [(box["role"], box["label"]) for box in said["looks"][0]["boxes"]]


def test_a_vehicle_fainter_than_its_rule_asks_for_is_not_drawn_elsewhere() -> None:
    assert drawn(Detection("car", FAINT, BESIDE)) == []
    assert drawn(Detection("car", SURE, BESIDE)) == [("other", "car")]


def test_it_is_drawn_where_the_act_is() -> None:
    assert drawn(Detection("motorcycle", FAINT, PLACE)) == [("thing", "motorcycle")]


def test_people_are_drawn_however_faint() -> None:
    assert drawn(Detection("person", FAINT, BESIDE)) == [("other", "person")]
