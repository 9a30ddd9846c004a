"""Inspection rounds on the days of a ward's plan: asked for by number, compared by plan."""

import re
from datetime import UTC, date, datetime

import pytest
from starlette.testclient import TestClient

from tests.api.house import House, a_suspicion, sign_in
from viahe_api import cases
from viahe_api.cli import main
from viahe_api.counted_wards import wards_of_viewer
from viahe_api.locks import lock_report
from viahe_api.periods import PeriodKind, round_1, round_2
from viahe_api.report_days import set_round
from viahe_api.report_keys import make_key
from viahe_api.report_reading import viewer_report
from viahe_api.summary_reading import SummaryReading
from viahe_api.trend import trend
from viahe_api.vocabulary import Verdict

PLAN = (date(2026, 6, 8), date(2026, 6, 19))
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
D2 = (date(2026, 11, 20), date(2026, 12, 10))


def planned(house: House, kind: PeriodKind, days: tuple[date, date], ward: str = "tay-ho") -> None:
    keeper = house.viewer("duc" if ward == "tay-ho" else "hoa")
    with house.database.writing() as session:
        set_round(session, keeper, ward, kind, days[0].year, days, now=house.now)


def test_a_round_is_compared_with_the_planned_days_of_the_others(
    house: House, client: TestClient
) -> None:
    """Of the round before, and of the same round a year before where it had a plan."""
    planned(house, PeriodKind.ROUND_1, PLAN)
    planned(house, PeriodKind.ROUND_2, D2)
    in_plan = datetime(2026, 6, 10, 3, tzinfo=UTC)
    for key, start in (("in", in_plan), ("out", datetime(2026, 6, 2, 3, tzinfo=UTC))):
        code = house.report(a_suspicion(key), start_at=start)
        with house.database.writing() as session:
            cases.decide(
                session, house.viewer("lan"), code, Verdict.CONFIRM, form_id=key, now=house.now
            )
    with house.database.reading() as session:
        duc = house.viewer("duc")
        figures = viewer_report(session, duc, round_2(2026, D2), now=house.now).figures
        reading = SummaryReading(session, wards_of_viewer(duc))
        points = trend(reading, round_2(2026, D2), 3, now=house.now)
    assert figures.previous == round_1(2026, PLAN)
    assert figures.year_before == round_2(2026, D2).year_before
    assert sum(act.previous.sufficient for act in figures.acts) == 1
    assert [point.period for point in points] == [
        round_2(2025),
        round_1(2026, PLAN),
        round_2(2026, D2),
    ]
    last_year = (date(2025, 11, 1), date(2025, 11, 30))
    planned(house, PeriodKind.ROUND_2, last_year)
    with house.database.reading() as session:
        again = viewer_report(session, duc, round_2(2026, D2), now=house.now).figures
    assert again.year_before == round_2(2025, last_year)
    page = sign_in(client, "duc").get("/reports/2026-D2").text
    (listed,) = set(re.findall(r'href="(/reports/2026-D1[^"]*now=true[^"]*)"', page)[:1])
    assert f"2026-D1.{PLAN[0]}..{PLAN[1]}" in listed
    assert "1 trường hợp" in client.get(listed.replace("&amp;", "&")).text
    assert f'href="/reports/2026-D1.{PLAN[0]}..{PLAN[1]}?ward=tay-ho"' in page


def test_rounds_planned_over_one_another_both_count_a_day_they_share(house: House) -> None:
    planned(house, PeriodKind.ROUND_1, (date(2026, 6, 1), date(2026, 11, 30)))
    planned(house, PeriodKind.ROUND_2, NOVEMBER)
    house.report(start_at=datetime(2026, 11, 20, 3, tzinfo=UTC))
    with house.database.reading() as session:
        narrow, last = wards_of_viewer(house.viewer("duc")), round_2(2026, NOVEMBER)
        points = trend(SummaryReading(session, narrow), last, 2, now=house.now)
    assert [point.counts.recorded for point in points] == [1, 1]


def test_a_round_asked_for_by_its_number_is_on_the_days_of_its_plan(
    house: House, client: TestClient
) -> None:
    planned(house, PeriodKind.ROUND_2, D2)
    written = f"2026-D2.{D2[0]}..{D2[1]}"
    sign_in(client, "duc")
    for address in ("/reports/2026-D2", "/dashboard?period=2026-D2", "/reports/2026-D2/reading"):
        assert "20/11/2026" in client.get(address).text, address
    assert client.get("/reports/2026-D2/file.json").json()["period"] == written
    usual = client.get("/reports/2026-D2.2026-11-16..2026-12-15").text
    assert "Từ 16/11/2026 đến 15/12/2026." in usual
    with house.database.writing() as session:
        token = make_key(session, house.viewer("duc"), "Bảng", ("tay-ho",), 90, now=house.now)
    asked = client.get("/api/reports/2026-D2", headers={"Authorization": f"Bearer {token}"})
    assert asked.json()["period"] == written


def test_the_command_line_reports_a_round_on_the_days_of_its_plan(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    planned(house, PeriodKind.ROUND_1, (date(2020, 6, 8), date(2020, 6, 19)))
    monkeypatch.setenv("VIAHE_API_SECRET", house.settings.secret)
    asked = ["--ward", "tay-ho", "--month", "2020-D1", "--data", str(house.settings.data)]
    assert main(["report", *asked]) == 0
    assert "2020-D1.2020-06-08..2020-06-19" in capsys.readouterr().out


def test_a_planned_round_begins_when_its_plan_says(house: House, client: TestClient) -> None:
    early, late = (date(2026, 11, 10), date(2026, 11, 30)), (date(2026, 11, 25), date(2026, 12, 10))
    house.clock.now = datetime(2026, 11, 12, 3, tzinfo=UTC)
    sign_in(client, "duc")
    assert client.get("/reports/2026-D2").status_code == 404
    planned(house, PeriodKind.ROUND_2, early)
    assert client.get("/reports/2026-D2").status_code == 200
    planned(house, PeriodKind.ROUND_2, late)
    house.clock.now = datetime(2026, 11, 20, 3, tzinfo=UTC)
    sign_in(client, "duc")
    answer = client.get("/reports/2026-D2")
    assert answer.status_code == 404
    assert "Kỳ này chưa bắt đầu" in answer.text


def test_a_locked_round_stays_what_it_is_when_the_plan_is_made_later(
    house: House, client: TestClient
) -> None:
    with house.database.writing() as session:
        lock_report(session, house.viewer("duc"), "tay-ho", round_1(2026), now=house.now)
    planned(house, PeriodKind.ROUND_1, PLAN)
    page = sign_in(client, "duc").get("/reports/2026-D1?ward=tay-ho").text
    assert "Từ 01/06/2026 đến 30/06/2026." in page
    assert "người chốt: Lê Đức" in page
