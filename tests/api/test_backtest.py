"""A changed zone is tried on what the camera saw, against what people decided."""

import gzip
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.api.house import NOON, TRIANGLE, House, a_suspicion, sign_in
from tests.waiting import until
from viahe_api import cases, seeding, zones
from viahe_api.backtest import Prepared
from viahe_api.backtest_worker import Findings, Trial, judge
from viahe_api.errors import NotFound, TrialBusy
from viahe_api.tables import Camera
from viahe_api.trials import Course, Trials
from viahe_api.vocabulary import RejectReason, Role, Verdict
from viahe_api.zones import ZoneDraft
from viahe_rules.domain import Act, Box, Detection, Observation, Suspicion
from viahe_rules.plan import Plan, Rule, Surface, Zone
from viahe_rules.recorded import to_line

HOUR = datetime(2026, 11, 22, 4, tzinfo=UTC)
CARS = {"left": Box(0.2, 0.45, 0.3, 0.6), "right": Box(0.7, 0.45, 0.8, 0.6)}
"""Where two cars stop in the zone, one after the other."""
WHOLE = ((0.1, 0.5), (0.9, 0.5), (0.9, 0.9), (0.1, 0.9))
RIGHT = {"x": ["50", "90", "90", "50"], "y": ["50", "50", "90", "90"]}
WIDER = {"x": ["5", "95", "95", "5"], "y": ["40", "40", "95", "95"]}
RULE = Rule("encroachment-1", Act.ENCROACHMENT, (("car", 120.0),))


def looks(stops: Mapping[float, Box], seconds: int = 1200) -> list[Observation]:
    """A look every 5 s; a car stands at each place for 5 minutes from its second on."""
    found = []
    for t in range(0, seconds, 5):
        boxes = [box for begins, box in stops.items() if begins <= t < begins + 300]
        seen = tuple(Detection("car", 0.9, box) for box in boxes)
        found.append(Observation("cam-1", "run-1", float(t), seen, at=HOUR.timestamp() + t))
    return found


def write(path: Path, events: list[Observation]) -> Path:
    lines = "".join(to_line(event) + "\n" for event in events)
    path.write_bytes(gzip.compress(lines.encode(), mtime=0))
    return path


def raised_live(plan: Plan, tmp_path: Path) -> list[Suspicion]:
    """What the same looks raised when they were seen."""
    file = write(tmp_path / "live.gz", looks({60.0: CARS["left"], 600.0: CARS["right"]}))
    found = judge(Trial(plan, plan, ((str(file),),), 60.0))
    assert found.before == found.after
    return [raised.suspicion for raised in found.before]


@pytest.fixture
def street(house: House, client: TestClient, tmp_path: Path) -> House:
    """Two cars stopped: the left one's case was confirmed, the right one's rejected."""
    draft = ZoneDraft("zone-1", "Lòng đường", WHOLE, Surface.ROADWAY, (RULE,))
    with house.database.writing() as session:
        zones.save(session, house.viewer("an"), house.camera_id(), draft, now=NOON)
    with house.database.reading() as session:
        plan = zones.plan_of(session, session.get_one(Camera, house.camera_id()))
    left, right = raised_live(plan, tmp_path)
    lines = looks({60.0: CARS["left"], 600.0: CARS["right"]})
    answer = client.post(
        "/api/v1/observations",
        params={"camera": "cam-1", "hour": "2026-11-22T04:00:00Z"},
        content=write(tmp_path / "hour.gz", lines).read_bytes(),
        headers={"Authorization": f"Bearer {house.token()}"},
    )
    assert answer.status_code == 201
    for suspicion, verdict, reason in (
        (left, Verdict.CONFIRM, None),
        (right, Verdict.REJECT, RejectReason.PASSERS_BY),
    ):
        begun = datetime.fromtimestamp(HOUR.timestamp() + suspicion.start, UTC)
        code = house.report(suspicion, start_at=begun)
        with house.database.writing() as session:
            lan = house.viewer("lan")
            cases.decide(session, lan, code, verdict, reason=reason, form_id=code, now=house.now)
    sign_in(client, "an")
    return house


def test_the_same_drawing_keeps_everything(street: House, client: TestClient) -> None:
    page = client.post(f"{address(street)}/trial", data=form(client, street)).text
    assert "Giữ 2, bớt 0 cảnh báo sai, thêm 0 chưa xem xét." in page
    assert "Có dữ liệu 1/168 giờ." in page
    assert 'name="accepted"' not in page


def test_what_a_drawing_loses_is_held_against_the_decisions(
    street: House, client: TestClient
) -> None:
    page = client.post(f"{address(street)}/trial", data=form(client, street) | RIGHT).text
    assert "Giữ 1, bớt 0 cảnh báo sai, thêm 0 chưa xem xét." in page
    assert "Mất 1 đủ căn cứ." in page
    assert "TH-2611-0001" in page
    assert 'href="/cases/' not in page  # administrators see the ground, not the clips


def test_who_also_approves_cases_opens_those_that_are_lost_and_those_that_are_kept(
    street: House, client: TestClient
) -> None:
    with street.database.writing() as session:
        seeding.grant(session, "an", "tay-ho", Role.APPROVER, now=NOON)
    sign_in(client, "an")
    page = client.post(f"{address(street)}/trial", data=form(client, street) | RIGHT).text
    lost, kept = page.split("Không còn cảnh báo", 1)[1].split("Vẫn cảnh báo (1)", 1)
    assert 'href="/cases/TH-2611-0001"' in lost
    assert 'href="/cases/TH-2611-0002"' in kept
    assert client.get("/cases/TH-2611-0001").status_code == 200


def test_losing_sufficient_grounds_has_to_be_accepted_before_saving(
    street: House, client: TestClient
) -> None:
    typed = form(client, street) | RIGHT
    page = client.post(f"{address(street)}/trial", data=typed).text
    result = {"tried": hidden(page, "tried"), "lost": hidden(page, "lost")}
    refused = client.post(address(street), data=typed | result)
    assert refused.status_code == 400
    assert "Cần chấp nhận phần bị mất" in refused.text
    kept = client.post(address(street), data=typed | result | {"accepted": "true"})
    assert "Đã lưu: Lòng đường, phiên bản 3." in kept.text


def test_a_longer_dwell_loses_and_a_shorter_adds_nothing_that_was_a_case(
    street: House, client: TestClient
) -> None:
    longer = client.post(f"{address(street)}/trial", data=form(client, street, vehicles="600")).text
    assert "Giữ 0, bớt 1 cảnh báo sai, thêm 0 chưa xem xét." in longer
    shorter = client.post(f"{address(street)}/trial", data=form(client, street, vehicles="60")).text
    assert "Giữ 2, bớt 0 cảnh báo sai, thêm 0 chưa xem xét." in shorter


def test_hours_of_a_class_are_tried_as_they_would_hold(street: House, client: TestClient) -> None:
    """Cars stood there before noon."""
    evening: dict[str, str | list[str]] = {
        "hours-car-mode": "only",
        "hours-car-1-begins": "18:00",
        "hours-car-1-ends": "22:00",
        "hours-car-1-days": [str(day) for day in range(7)],
    }
    page = client.post(f"{address(street)}/trial", data=form(client, street) | evening).text
    assert "Giữ 0, bớt 1 cảnh báo sai, thêm 0 chưa xem xét." in page


def test_what_only_the_drawing_raises_is_shown_with_its_place(
    street: House, client: TestClient
) -> None:
    """A new zone over the same street: nothing of it is a case yet."""
    with street.database.writing() as session:
        session.get_one(Camera, street.camera_id()).still_at = street.now
    new = f"/cameras/{street.camera_id()}/zones/new"
    page = client.post(f"{new}/trial", data=form(client, street) | WIDER).text
    assert "Giữ 0, bớt 0 cảnh báo sai, thêm 2 chưa xem xét." in page
    assert page.count('class="gained"') == 2


def test_a_past_case_without_its_looks_is_not_compared(street: House, client: TestClient) -> None:
    elsewhere = a_suspicion("other", act=Act.DUMPING, place=Box(0.4, 0.8, 0.45, 0.85))
    street.report(replace(elsewhere, start=1000.0, end=1100.0), start_at=HOUR)
    page = client.post(f"{address(street)}/trial", data=form(client, street)).text
    assert "1 trường hợp không đối chiếu được." in page


def test_a_trial_ends_when_its_time_is_over(tmp_path: Path) -> None:
    zone = Zone("zone-1", 1, "Lòng đường", WHOLE, Surface.ROADWAY, (RULE,))
    plan = Plan("cam-1", (zone,))
    file = str(write(tmp_path / "a.gz", looks({60.0: CARS["left"]}, seconds=3600)))
    trials = Trials(1.0)
    running = trials.start(1, "digest", endless(Trial(plan, plan, ((file,),), 0.0)))
    running.wait(20.0)
    assert running.progress.course is Course.BROKEN
    assert 0 < running.progress.findings.judged < 2000


def test_a_trial_tells_what_it_has_found_so_far_and_can_be_ended(tmp_path: Path) -> None:
    zone = Zone("zone-1", 1, "Lòng đường", WHOLE, Surface.ROADWAY, (RULE,))
    plan = Plan("cam-1", (zone,))
    file = str(write(tmp_path / "a.gz", looks({60.0: CARS["left"]}, seconds=600)))
    trials = Trials(600.0)
    running = trials.start(1, "digest", endless(Trial(plan, plan, ((file,),), 0.0)))
    until(lambda: running.progress.findings.judged > 1)
    assert running.progress.course is Course.RUNNING
    assert running.progress.findings.before
    with pytest.raises(TrialBusy):
        trials.start(2, "other", endless(Trial(plan, plan, ((file,),), 0.0)))
    running.cancel()
    running.wait(10.0)
    ended = running.progress
    assert ended.course is Course.CANCELLED
    assert 1 < ended.findings.judged < 2000
    assert trials.of(1, running.number) is running
    with pytest.raises(NotFound):
        trials.of(2, running.number)


def test_whoever_tries_again_gives_up_their_own_trial_before(tmp_path: Path) -> None:
    plan = Plan("cam-1")
    file = str(write(tmp_path / "a.gz", looks({60.0: CARS["left"]}, seconds=3600)))
    trials = Trials(600.0)
    first = trials.start(1, "one", endless(Trial(plan, plan, ((file,),), 0.0)))
    second = trials.start(1, "two", endless(Trial(plan, plan, ((file,),), 0.0)))
    assert first.progress.course is Course.CANCELLED
    trials.close()
    second.wait(10.0)
    assert second.progress.course is Course.CANCELLED


def test_a_trial_that_goes_on_is_followed_and_ended_from_the_page(
    street: House, client: TestClient
) -> None:
    typed = form(client, street)
    page = client.post(f"{address(street)}/trial", data=typed).text
    number = hidden(page, "trial")
    assert "data-running" not in page
    part = client.get(f"/trials/{number}").text
    assert "Giữ 2, bớt 0 cảnh báo sai, thêm 0 chưa xem xét." in part
    assert "<html" not in part
    shown = client.post(f"{address(street)}/trial/answer", data=typed | {"trial": number}).text
    assert "Giữ 2, bớt 0 cảnh báo sai, thêm 0 chưa xem xét." in shown
    ended = client.post(f"{address(street)}/trial/cancel", data=typed | {"trial": number}).text
    assert 'value="Lòng đường"' in ended, "what was typed stays"
    gone = client.post(f"{address(street)}/trial/answer", data=typed | {"trial": "999"})
    assert "Lần chạy thử này không còn" in gone.text
    assert 'value="Lòng đường"' in gone.text
    client.cookies.clear()
    sign_in(client, "quan")
    assert client.get(f"/trials/{number}").status_code == 404


def endless(trial: Trial) -> Prepared:
    """The trial over and over, far longer than any test waits."""
    many = replace(trial, stretches=trial.stretches * 2000)
    return Prepared(many, tuple((HOUR,) for _ in many.stretches), ())


def test_a_file_that_is_gone_or_cut_short_is_passed_over(tmp_path: Path) -> None:
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress(b"{}\n" * 1000)[:30])
    plan = Plan("cam-1")
    found = judge(Trial(plan, plan, ((str(cut), str(tmp_path / "gone.gz")),), 5.0))
    assert found == Findings((), (), 1)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 200), st.sampled_from(sorted(CARS))), max_size=4, unique=True
    ),
    st.sampled_from([TRIANGLE, WHOLE]),
)
def test_a_drawing_tried_on_itself_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory,
    stops: list[tuple[int, str]],
    polygon: tuple[tuple[float, float], ...],
) -> None:
    file = tmp_path_factory.mktemp("looks") / "a.gz"
    write(file, looks({begins * 5.0: CARS[side] for begins, side in stops}))
    plan = Plan("cam-1", (Zone("zone-1", 1, "z", polygon, Surface.ROADWAY, (RULE,)),))
    found = judge(Trial(plan, plan, ((str(file),),), 60.0))
    assert found.before == found.after


def address(house: House) -> str:
    return f"/cameras/{house.camera_id()}/zones/zone-1"


def form(client: TestClient, house: House, **changes: str) -> dict[str, str | list[str]]:
    """The editor's form as it is shown for the zone that holds."""
    page = client.get(address(house)).text
    usual: dict[str, str | list[str]] = {
        "csrf": hidden(page, "csrf"),
        "name": "Lòng đường",
        "surface": "roadway",
        "vehicles": "",
        "own-car": "120",
        "x": ["10", "90", "90", "10"],
        "y": ["50", "50", "90", "90"],
    }
    if "vehicles" in changes:
        usual["own-car"] = ""
    return usual | changes


def hidden(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="', 1)[1].split('"', 1)[0]
