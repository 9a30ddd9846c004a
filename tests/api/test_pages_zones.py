"""The zone editor's form: to a draft and back without losing anything."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.api.house import House, sign_in
from viahe_api.language import read_languages
from viahe_api.records import ZoneView
from viahe_api.web.zone_form import WATCHED, draft_of, shown
from viahe_rules.domain import Act
from viahe_rules.plan import Holidays, Rule, Surface, Window

LANGUAGES = read_languages()
TENTHS = st.integers(0, 1000).map(lambda tenths: tenths / 1000)
SECONDS = st.integers(1, 36000).map(lambda tenths: tenths / 10)
EVERY_DAY = frozenset(range(7))
OWN_HOURS = (
    (),
    (Window(EVERY_DAY, 18 * 60, 22 * 60),),
    (Window(EVERY_DAY, 22 * 60, 5 * 60), Window(frozenset({5, 6}), 660, 780, Holidays.ALSO)),
    tuple(Window(EVERY_DAY, 60 * hour, 60 * hour + 30, Holidays.NEVER) for hour in range(4)),
)
"""The last are more than a form has windows for: it keeps them."""


@st.composite
def rules(draw: st.DrawFn) -> tuple[Rule, ...]:
    acts = draw(st.lists(st.sampled_from(list(Act)), min_size=1, max_size=2, unique=True))
    found = []
    for act in sorted(acts):
        labels = sorted(
            label for group in WATCHED.values() if group.act is act for label in group.labels
        )
        chosen = draw(st.lists(st.sampled_from(labels), min_size=1, unique=True))
        dwell = tuple(sorted((label, draw(SECONDS)) for label in chosen))
        hours = (Window(frozenset({4, 5}), 18 * 60, 22 * 60),)
        with_own = sorted(draw(st.sets(st.sampled_from(chosen))))
        own_hours = tuple((label, draw(st.sampled_from(OWN_HOURS))) for label in with_own)
        rule = Rule(f"{act}-1", act, dwell, hours=hours, grace=33.0, own_hours=own_hours)
        found.append(rule)
    return tuple(found)


@given(
    st.lists(st.tuples(TENTHS, TENTHS), min_size=3, max_size=8),
    rules(),
    st.sampled_from(["vi", "en"]),
)
def test_a_form_saved_as_it_was_shown_changes_nothing(
    polygon: list[tuple[float, float]], held: tuple[Rule, ...], language: str
) -> None:
    zone = a_zone_view(tuple(polygon), held)
    draft = draft_of(shown(LANGUAGES[language], zone), zone)
    for drawn, kept in zip(polygon, draft.polygon, strict=True):
        assert kept == pytest.approx(drawn)
    assert {rule.id: rule for rule in draft.rules} == {rule.id: rule for rule in held}


def test_a_saved_zone_is_a_new_version_and_holds(client: TestClient, house: House) -> None:
    sign_in(client, "an")
    answer = client.post(
        address(house), data=zone_form(client, house, dumped="45,5"), follow_redirects=False
    )
    assert answer.status_code == 303
    page = client.get(address(house)).text
    assert "phiên bản 2" in page
    assert 'value="45,5"' in page


def test_a_street_in_which_nothing_may_be_sold_is_ticked_and_stays_so(
    client: TestClient, house: House
) -> None:
    sign_in(client, "an")
    ticked = 'name="vending-banned" value="yes" checked'
    assert ticked not in client.get(address(house)).text
    client.post(address(house), data=zone_form(client, house) | {"vending-banned": "yes"})
    assert ticked in client.get(address(house)).text
    versions = client.get(f"{address(house)}/versions").text
    assert "Thuộc tuyến phố cấm bán hàng." in versions


def test_a_waste_point_may_have_several_hours_in_which_waste_is_put_out(
    client: TestClient, house: House
) -> None:
    sign_in(client, "an")
    every_day = [str(day) for day in range(7)]
    hours: dict[str, str | list[str]] = {
        "surface": "waste_point",
        "dumping-mode": "except",
        "dumping-1-begins": "05:00",
        "dumping-1-ends": "06:00",
        "dumping-1-days": every_day,
        "dumping-2-begins": "18:00",
        "dumping-2-ends": "20:00",
        "dumping-2-days": every_day,
    }
    client.post(address(house), data=zone_form(client, house) | hours)
    (plan,) = house.configuration()["plans"]
    (rule,) = plan["zones"][0]["rules"]
    assert [(one["start_minute"], one["end_minute"]) for one in rule["hours"]] == [
        (0, 300),
        (360, 1080),
        (1200, 1440),
    ]
    page = client.get(address(house)).text
    for name, value in hours.items():
        if name.endswith(("begins", "ends")):
            assert f'name="{name}" value="{value}"' in page
    assert 'name="dumping-3-begins" value=""' in page, "a third can be typed"
    wrong = zone_form(client, house) | hours | {"dumping-2-ends": "25:00"}
    refused = client.post(address(house), data=wrong)
    assert refused.status_code == 400
    assert 'name="dumping-2-ends" value="25:00"' in refused.text


def test_a_class_has_hours_of_its_own_and_the_others_those_of_their_act(
    client: TestClient, house: House
) -> None:
    sign_in(client, "an")
    typed = own_hours("motorcycle", "except", "18:00", "22:00")
    client.post(address(house), data=zone_form(client, house, vehicles="300") | typed)
    (plan,) = house.configuration()["plans"]
    of_vehicles = next(rule for rule in plan["zones"][0]["rules"] if rule["act"] == "encroachment")
    assert of_vehicles["hours"] == []
    ((label, windows),) = of_vehicles["own_hours"]
    assert label == "motorcycle"
    assert [(one["start_minute"], one["end_minute"]) for one in windows] == [
        (0, 1080),
        (1320, 1440),
    ]
    page = client.get(address(house)).text
    assert '<option value="except" selected>' in hours_of(page, "motorcycle")
    assert 'name="hours-motorcycle-1-begins" value="18:00"' in page
    assert '<option value="act" selected>' in hours_of(page, "car")
    client.post(address(house), data=zone_form(client, house, vehicles="300"))
    (plan,) = house.configuration()["plans"]
    assert {str(rule["own_hours"]) for rule in plan["zones"][0]["rules"]} == {"[]"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"hours-motorcycle-1-ends": "25:00"}, "Ghi giờ theo dạng 18:30"),
        ({"hours-motorcycle-1-days": []}, "Cần chọn ít nhất một ngày trong tuần."),
        ({"vehicles": ""}, "Cần ghi thời gian cho loại này"),
    ],
)
def test_hours_of_a_class_that_cannot_be_are_told_at_the_class_and_nothing_typed_is_lost(
    client: TestClient, house: House, changes: dict[str, str | list[str]], said: str
) -> None:
    sign_in(client, "an")
    typed = own_hours("motorcycle", "only", "18:00", "22:00")
    typed |= own_hours("dining table", "act", "05:00", "06:30") | changes
    answer = client.post(
        address(house), data=zone_form(client, house, vehicles="300", goods="120") | typed
    )
    assert answer.status_code == 400
    of_class = hours_of(answer.text, "motorcycle")
    assert f'id="hours-motorcycle-error">{said}' in of_class
    assert 'aria-describedby="hours-motorcycle-error"' in of_class
    assert of_class.startswith(" open>")
    assert f'<a href="#hours-motorcycle">Khung giờ, xe máy: {said}' in answer.text
    for name, value in typed.items():
        if name.endswith(("begins", "ends")):
            assert f'name="{name}" value="{value}"' in answer.text
    assert len(house.configuration()["plans"][0]["zones"][0]["rules"]) == 1, "nothing was kept"


def test_hours_of_an_act_that_cannot_be_are_told_at_the_act(
    client: TestClient, house: House
) -> None:
    sign_in(client, "an")
    wrong = {"dumping-mode": "only", "dumping-1-begins": "18h", "dumping-1-days": "0"}
    answer = client.post(address(house), data=zone_form(client, house) | wrong)
    assert answer.text.count("Ghi giờ theo dạng 18:30") == 2
    assert '<a href="#dumping">' in answer.text
    assert 'id="dumping-error"' in answer.text


def test_goods_on_sale_are_watched_for_apart_from_what_is_left(
    client: TestClient, house: House
) -> None:
    sign_in(client, "an")
    form = zone_form(client, house, goods="300", dumped="60") | {"own-goods-thing": "0"}
    client.post(address(house), data=form)
    page = client.get(address(house)).text
    assert 'name="own-goods-thing" value="0"' in page
    assert 'name="own-thing" value=""' in page


def test_crossing_edges_are_named_and_what_was_typed_stays(
    client: TestClient, house: House
) -> None:
    sign_in(client, "an")
    crossed = {"x": ["20", "60", "60", "20"], "y": ["60", "90", "60", "90"]}
    answer = client.post(address(house), data=zone_form(client, house, name="Mới") | crossed)
    assert answer.status_code == 400
    assert "Cạnh 1-2 cắt cạnh 3-4." in answer.text
    assert 'value="Mới"' in answer.text


def test_two_points_are_no_zone(client: TestClient, house: House) -> None:
    sign_in(client, "an")
    two = {"x": ["20", "60"], "y": ["60", "90"]}
    answer = client.post(address(house), data=zone_form(client, house) | two)
    assert "Khu vực cần ít nhất 3 đỉnh." in answer.text


def test_only_an_administrator_draws(client: TestClient, house: House) -> None:
    sign_in(client, "lan")
    assert client.get(address(house)).status_code == 403
    assert "Vẽ khu vực" not in client.get(f"/cameras/{house.camera_id()}").text


def a_zone_view(polygon: tuple[tuple[float, float], ...], held: tuple[Rule, ...]) -> ZoneView:
    made_at = datetime(2026, 11, 22, tzinfo=UTC)
    return ZoneView("zone-1", 3, "Vỉa hè", polygon, Surface.PAVEMENT, held, made_at, None)


def address(house: House) -> str:
    return f"/cameras/{house.camera_id()}/zones/zone-1"


def own_hours(label: str, mode: str, begins: str, ends: str) -> dict[str, str | list[str]]:
    """One window as typed for a class, on all days."""
    name = f"hours-{label.replace(' ', '-')}"
    return {
        f"{name}-mode": mode,
        f"{name}-1-begins": begins,
        f"{name}-1-ends": ends,
        f"{name}-1-days": [str(day) for day in range(7)],
    }


def hours_of(page: str, label: str) -> str:
    """The part of the page with a class's hours, from its opening tag on."""
    return page.split(f'<details class="hours" id="hours-{label}"', 1)[1].split("<details", 1)[0]


def zone_form(client: TestClient, house: House, **changes: str) -> dict[str, str | list[str]]:
    page = client.get(address(house)).text
    csrf = page.split('name="csrf" value="', 1)[1].split('"', 1)[0]
    usual: dict[str, str | list[str]] = {
        "csrf": csrf,
        "name": "Vỉa hè số 12",
        "surface": "pavement",
        "dumped": "30",
        "x": ["10", "90", "50", ""],
        "y": ["50", "50", "90", ""],
    }
    return usual | changes
