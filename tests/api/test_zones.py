"""Zones are drawn, checked, versioned, and become the plan a detector follows."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.api.house import TRIANGLE, House, a_zone
from viahe_api import cameras, queries, seeding, zones
from viahe_api.crossings import crossing_edges
from viahe_api.errors import NotFound, RoleNeeded, ZoneFault
from viahe_api.records import ZoneView
from viahe_api.tables import Camera, ZoneVersion
from viahe_api.vocabulary import CAMERA_READERS
from viahe_api.zones import ZoneDraft
from viahe_rules.domain import Act
from viahe_rules.geometry import EDGES_CROSS, FEWER_THAN_THREE_POINTS, OUTSIDE_THE_PICTURE
from viahe_rules.plan import Permit, Plan, Rule, Window
from viahe_rules.recorded import plan_from_json

BOW_TIE = ((0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9))


def save(house: House, draft: ZoneDraft, login: str = "an") -> ZoneView:
    with house.database.writing() as session:
        return zones.save(session, house.viewer(login), house.camera_id(), draft, now=house.now)


def shown(house: House) -> tuple[ZoneView, ...]:
    with house.database.reading() as session:
        return queries.camera(session, house.viewer("lan"), house.camera_id(), now=house.now).zones


def plan(house: House) -> Plan:
    (only,) = house.configuration()["plans"]
    return plan_from_json(only)


def version(house: House) -> str:
    return str(house.configuration()["version"])


def test_a_saved_zone_is_the_next_version_and_the_old_one_stays_on_file(house: House) -> None:
    saved = save(house, replace(a_zone("Vỉa hè mới"), zone="zone-1"))
    assert (saved.zone, saved.version, saved.made_by) == ("zone-1", 2, "Phạm An")
    assert [(zone.name, zone.version) for zone in shown(house)] == [("Vỉa hè mới", 2)]
    with house.database.reading() as session:
        on_file = select(func.count()).where(ZoneVersion.camera_id == house.camera_id())
        assert session.scalar(on_file) == 2


def test_a_new_zone_gets_the_next_free_name_and_its_rules_get_theirs(house: House) -> None:
    rules = (
        Rule("", Act.DUMPING, (("rubbish", 30.0), ("suitcase", 60.0))),
        Rule(
            "", Act.ENCROACHMENT, (("car", 300.0),), hours=(Window(frozenset({0, 6}), 360, 1320),)
        ),
    )
    saved = save(house, replace(a_zone("Lòng đường"), rules=rules))
    assert saved.zone == "zone-2"
    assert [rule.id for rule in saved.rules] == ["dumping-1", "encroachment-2"]
    assert saved.rules[1].hours == rules[1].hours


def test_a_removed_zone_holds_no_longer_and_its_name_is_not_given_again(house: House) -> None:
    with house.database.writing() as session:
        zones.remove(session, house.viewer("an"), house.camera_id(), "zone-1", now=house.now)
    assert shown(house) == ()
    assert plan(house).zones == ()
    assert save(house, a_zone("Khác")).zone == "zone-2"
    with pytest.raises(NotFound), house.database.writing() as session:
        zones.remove(session, house.viewer("an"), house.camera_id(), "zone-1", now=house.now)


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"polygon": TRIANGLE[:2]}, ((FEWER_THAN_THREE_POINTS, ()),)),
        ({"polygon": BOW_TIE}, ((EDGES_CROSS, (2, 3, 4, 1)),)),
        ({"polygon": ((0.1, 0.1), (1.2, 0.1), (0.5, 0.9))}, ((OUTSIDE_THE_PICTURE, ()),)),
        ({"name": " ", "rules": ()}, ((zones.NO_NAME, ()), (zones.NO_RULE, ()))),
        ({"rules": (Rule("a", Act.DUMPING, ()),)}, ((zones.RULE_WITHOUT_CLASS, ()),)),
        (
            {"rules": (Rule("a", Act.DUMPING, (("rubbish", 0.0),)),)},
            ((zones.DWELL_NOT_POSITIVE, ()),),
        ),
        (
            {"rules": (Rule("a", Act.DUMPING, (("rubbish", float("nan")),)),)},
            ((zones.DWELL_NOT_POSITIVE, ()),),
        ),
        (
            {"rules": (Rule("a", Act.DUMPING, (("rubbish", 1.0),)),) * 2},
            ((zones.SAME_RULE_TWICE, ()),),
        ),
    ],
)
def test_a_zone_that_cannot_hold_is_refused_with_all_that_is_wrong(
    house: House, change: dict[str, object], faults: tuple[tuple[str, tuple[int, ...]], ...]
) -> None:
    with pytest.raises(ZoneFault) as refused:
        save(house, replace(a_zone(), **change))  # type: ignore[arg-type]
    assert refused.value.faults == faults
    assert [zone.version for zone in shown(house)] == [1]


def test_edges_that_only_share_a_corner_do_not_cross(house: House) -> None:
    assert crossing_edges(TRIANGLE) == ()
    assert crossing_edges(((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))) == ()


def test_only_administrators_draw(house: House) -> None:
    for login in ("lan", "duc", "thu"):
        with pytest.raises(RoleNeeded):
            save(house, a_zone(), login)


def test_the_plan_holds_zones_and_permits_in_the_rules_own_words(house: House) -> None:
    permit = Permit("GP-12", "tang lễ", TRIANGLE, 1.0, 2.0, frozenset({Act.ENCROACHMENT}))
    with house.database.writing() as session:
        camera = cameras.find_camera(
            session, house.viewer("an"), house.camera_id(), *CAMERA_READERS
        )
        seeding.add_permit(session, camera, permit, "Gia đình ông Bình", now=house.now)
    served = plan(house)
    assert (served.camera, served.permits) == ("cam-1", (permit,))
    (zone,) = served.zones
    assert (zone.id, zone.version, zone.polygon) == ("zone-1", 1, TRIANGLE)


def test_the_plan_knows_the_public_holidays_of_the_law_and_tet_among_them(house: House) -> None:
    holidays = plan(house).holidays
    assert {"2027-02-06", "2027-04-30", "2027-09-02"} <= holidays
    assert "2027-02-15" not in holidays


def test_a_street_in_which_nothing_may_be_sold_is_so_in_the_plan(house: House) -> None:
    assert [zone.vending_banned for zone in plan(house).zones] == [False]
    save(house, replace(a_zone(), zone="zone-1", vending_banned=True))
    assert [zone.vending_banned for zone in plan(house).zones] == [True]


def test_the_configuration_changes_its_version_only_with_its_content(house: House) -> None:
    before = version(house)
    assert version(house) == before
    save(house, replace(a_zone("Vỉa hè mới"), zone="zone-1"))
    after = version(house)
    assert after != before


def test_a_disabled_camera_has_no_plan(house: House) -> None:
    with house.database.writing() as session:
        session.get_one(Camera, house.camera_id()).disabled_at = house.now - timedelta(days=1)
    assert house.configuration()["plans"] == []
