"""A zone is tried among the camera's other zones, as live watching judges it."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from starlette.testclient import TestClient

from tests.api.house import NOON, House, sign_in
from tests.api.test_backtest import CARS, HOUR, RULE, WHOLE, looks, write
from viahe_api import backtest, cases, zones
from viahe_api.backtest import Comparison
from viahe_api.backtest_worker import judge
from viahe_api.tables import Camera
from viahe_api.vocabulary import Verdict
from viahe_api.zones import ZoneDraft
from viahe_rules.domain import Act, Box, Change, ChangeKind, Observation, Polygon
from viahe_rules.plan import Rule, Surface, Window

BAG = Box(0.2, 0.55, 0.25, 0.62)
LEFT: Polygon = ((0.1, 0.4), (0.5, 0.4), (0.5, 0.9), (0.1, 0.9))
DUMPING = Rule("dumping-1", Act.DUMPING, (("thing", 30.0),))
MORNING = Window(frozenset(range(7)), 5 * 60, 6 * 60)
"""The hours in which nothing may be set out, none of them when the bag comes, at eleven."""
AT_ELEVEN = Window(frozenset(range(7)), 10 * 60, 12 * 60)

PAVEMENT = ZoneDraft("zone-1", "Vỉa hè", WHOLE, Surface.PAVEMENT, (DUMPING,))
WASTE_POINT = ZoneDraft(
    "zone-2", "Điểm tập kết", LEFT, Surface.WASTE_POINT, (replace(DUMPING, hours=(MORNING,)),)
)
ROADWAY = ZoneDraft("zone-1", "Lòng đường", WHOLE, Surface.ROADWAY, (RULE,))
GARDEN = ZoneDraft("zone-2", "Vườn", LEFT, Surface.ROADWAY, (RULE,))
OVER_THE_LEFT_CAR: Polygon = ((0.15, 0.4), (0.35, 0.4), (0.35, 0.65), (0.15, 0.65))


def hold(house: House, *drafts: ZoneDraft) -> None:
    with house.database.writing() as session:
        camera = session.get_one(Camera, house.camera_id())
        for draft in drafts:
            zones.add_version(session, camera, draft, now=NOON)


def bag_that_is_left() -> list[Observation]:
    """A look every 5 s; a bag lies there from the 60th second on."""
    left = Change(BAG, 60.0, ChangeKind.LEFT, 0.9)
    return [
        Observation(
            "cam-1",
            "run-1",
            float(t),
            changes=(left,) if t >= 60 else (),
            at=HOUR.timestamp() + t,
        )
        for t in range(0, 600, 5)
    ]


def send(house: House, client: TestClient, folder: Path, events: list[Observation]) -> None:
    answer = client.post(
        "/api/v1/observations",
        params={"camera": "cam-1", "hour": "2026-11-22T04:00:00Z"},
        content=write(folder / "hour.gz", events).read_bytes(),
        headers={"Authorization": f"Bearer {house.token()}"},
    )
    assert answer.status_code == 201


def tried(house: House, draft: ZoneDraft) -> Comparison:
    with house.database.reading() as session:
        prepared = backtest.prepare(
            session, house.store, house.viewer("an"), house.camera_id(), draft, now=house.now
        )
    return backtest.compare(prepared, judge(replace(prepared.trial, seconds=60.0)))


def confirmed_live(house: House) -> list[str]:
    """Whatever the camera's zones raised of what was seen, reported and confirmed; their codes."""
    with house.database.reading() as session:
        prepared = backtest.prepare(
            session, house.store, house.viewer("an"), house.camera_id(), PAVEMENT, now=house.now
        )
    codes = []
    for raised in judge(replace(prepared.trial, seconds=60.0)).before:
        begun = datetime.fromtimestamp(raised.at, UTC)
        code = house.report(raised.suspicion, start_at=begun)
        with house.database.writing() as session:
            lan = house.viewer("lan")
            cases.decide(session, lan, code, Verdict.CONFIRM, form_id=code, now=house.now)
        codes.append(code)
    return codes


def test_what_another_zones_waste_point_excuses_is_not_said_to_be_raised(
    house: House, client: TestClient, tmp_path: Path
) -> None:
    send(house, client, tmp_path, bag_that_is_left())
    hold(house, PAVEMENT)
    sooner = replace(PAVEMENT, rules=(replace(DUMPING, dwell=(("thing", 20.0),)),))
    new = replace(sooner, zone=None)
    assert [one.label for one in tried(house, new).gained] == ["thing"]
    hold(house, WASTE_POINT)
    assert tried(house, new).gained == ()


def test_what_another_zones_mask_hides_is_not_said_to_be_raised(
    house: House, client: TestClient, tmp_path: Path
) -> None:
    send(house, client, tmp_path, looks({60.0: CARS["left"], 600.0: CARS["right"]}))
    new = replace(ROADWAY, zone=None)
    hold(house, GARDEN)
    assert [one.place for one in tried(house, new).gained] == [CARS["left"], CARS["right"]]
    hold(house, replace(GARDEN, masks=(OVER_THE_LEFT_CAR,)))
    assert [one.place for one in tried(house, new).gained] == [CARS["right"]]


def test_hours_of_a_waste_point_that_raise_something_in_another_zone_say_so(
    house: House, client: TestClient, tmp_path: Path
) -> None:
    send(house, client, tmp_path, bag_that_is_left())
    hold(house, PAVEMENT, WASTE_POINT)
    assert tried(house, WASTE_POINT).gained == ()
    stricter = replace(WASTE_POINT, rules=(replace(DUMPING, hours=(AT_ELEVEN,)),))
    gained = tried(house, stricter).gained
    assert sorted(one.elsewhere for one in gained) == ["", "Vỉa hè"]


def test_a_mask_that_loses_a_case_of_another_zone_says_so_and_holds_it_against_the_drawing(
    house: House, client: TestClient, tmp_path: Path
) -> None:
    send(house, client, tmp_path, looks({60.0: CARS["left"], 600.0: CARS["right"]}))
    hold(house, ROADWAY)
    left, _ = confirmed_live(house)
    hold(house, GARDEN)
    assert tried(house, GARDEN).lost == ()
    masked = tried(house, replace(GARDEN, masks=(OVER_THE_LEFT_CAR,)))
    assert [(one.code, one.elsewhere) for one in masked.lost] == [(left, "Lòng đường")]
    assert masked.lost_sufficient == 1
    assert masked.kept == (), "what stays as it is in another zone is not the drawing's"


def test_the_page_names_the_other_zone(house: House, client: TestClient, tmp_path: Path) -> None:
    send(house, client, tmp_path, bag_that_is_left())
    hold(house, PAVEMENT, WASTE_POINT)
    sign_in(client, "an")
    page = f"/cameras/{house.camera_id()}/zones/zone-2"
    typed = {
        "csrf": client.get(page).text.split('name="csrf" value="', 1)[1].split('"', 1)[0],
        "name": "Điểm tập kết",
        "surface": "pavement",
        "own-thing": "30",
        "x": ["10", "50", "50", "10"],
        "y": ["40", "40", "90", "90"],
    }
    told = client.post(f"{page}/trial", data=typed).text
    assert "vùng khác: Vỉa hè" in told
