"""A zone's versions are listed with what changed, and an earlier one can be returned to."""

from dataclasses import replace

from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.house import NOON, TRIANGLE, House, a_zone, sign_in
from viahe_api import zones
from viahe_api.tables import Camera
from viahe_rules.domain import Act
from viahe_rules.plan import Plan, Rule, Surface, Window

EVENING = (Window(frozenset(range(7)), 18 * 60, 22 * 60),)


def redraw(house: House) -> None:
    """A second version: another place, another ground, other times and hours."""
    rule = Rule("dumping-1", Act.DUMPING, (("rubbish", 90.0), ("thing", 60.0)), hours=EVENING)
    changed = replace(
        a_zone(zone="zone-1"),
        polygon=(*TRIANGLE, (0.2, 0.8)),
        surface=Surface.WASTE_POINT,
        rules=(rule,),
    )
    with house.database.writing() as session:
        zones.save(session, house.viewer("an"), house.camera_id(), changed, now=NOON)


def address(house: House) -> str:
    return f"/cameras/{house.camera_id()}/zones/zone-1/versions"


def test_each_version_says_what_it_changed(client: TestClient, house: House) -> None:
    redraw(house)
    sign_in(client, "an")
    page = client.get(address(house)).text
    assert "Mặt bằng: Vỉa hè, nay là Điểm tập kết rác." in page
    assert "Vẽ lại: 3 đỉnh, nay là 4 đỉnh." in page
    assert "Đổ rác thải bừa bãi, rác: 30 giây, nay là 90 giây." in page
    assert "khung giờ: Mọi giờ, nay là chỉ 18:00-22:00." in page
    assert "Phiên bản đầu." in page


def test_a_version_says_which_class_got_hours_of_its_own(client: TestClient, house: House) -> None:
    own = replace(a_zone(zone="zone-1").rules[0], own_hours=(("rubbish", EVENING),))
    with house.database.writing() as session:
        for rules in ((own,), (replace(own, own_hours=(("rubbish", ()),)),), a_zone().rules):
            draft = replace(a_zone(zone="zone-1"), rules=rules)
            zones.save(session, house.viewer("an"), house.camera_id(), draft, now=NOON)
    sign_in(client, "an")
    page = client.get(address(house)).text
    own_said = "Đổ rác thải bừa bãi, rác, khung giờ: "
    assert f"{own_said}Theo khung giờ của hành vi, nay là chỉ 18:00-22:00." in page
    assert f"{own_said}chỉ 18:00-22:00, nay là Mọi giờ." in page
    assert f"{own_said}Mọi giờ, nay là Theo khung giờ của hành vi." in page


def test_an_earlier_version_is_laid_over_and_returned_to(client: TestClient, house: House) -> None:
    redraw(house)
    with house.database.writing() as session:
        session.get_one(Camera, house.camera_id()).still_at = NOON
    sign_in(client, "an")
    page = client.get(f"{address(house)}?version=1").text
    assert 'class="earlier" points="10.00,50.00 90.00,50.00 50.00,90.00"' in page
    saved = client.post(f"{address(house)}/1", data={"csrf": csrf_of(page)}).text
    assert "Đã lưu: Vỉa hè số 12, phiên bản 3." in saved
    (zone,) = plan(house).zones
    assert (zone.version, zone.polygon, zone.surface) == (3, TRIANGLE, Surface.PAVEMENT)
    assert zone.rules == (Rule("dumping-1", Act.DUMPING, (("rubbish", 30.0),)),)


def test_a_removed_zone_holds_no_longer_and_can_come_back(client: TestClient, house: House) -> None:
    sign_in(client, "an")
    csrf = csrf_of(client.get(address(house)).text)
    remove = address(house).removesuffix("versions") + "remove"
    assert "Khu vực này đã bỏ" in client.post(remove, data={"csrf": csrf}).text
    assert plan(house).zones == ()
    client.post(f"{address(house)}/1", data={"csrf": csrf})
    assert [zone.version for zone in plan(house).zones] == [3]


def test_only_administrators_of_the_ward_see_versions(client: TestClient, house: House) -> None:
    sign_in(client, "lan")
    assert client.get(address(house)).status_code == 403
    sign_in(client, "quan")
    assert client.get(address(house)).status_code == 404
    csrf = csrf_of(client.get("/permits/import").text)
    assert client.post(f"{address(house)}/1", data={"csrf": csrf}).status_code == 404


def csrf_of(page: str) -> str:
    return page.split('name="csrf" value="', 1)[1].split('"', 1)[0]


def plan(house: House) -> Plan:
    with house.database.reading() as session:
        camera = session.scalars(select(Camera).where(Camera.id == house.camera_id())).one()
        return zones.plan_of(session, camera)
