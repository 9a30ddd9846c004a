"""A ward that was merged keeps its name for what it counted, and rolls up where that is asked."""

import re
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.house import House, a_suspicion, sign_in
from viahe_api import seeding
from viahe_api.cli import main
from viahe_api.errors import FormFault, NotFound
from viahe_api.exports.heading import heading_lines
from viahe_api.language import read_language
from viahe_api.left_reports import leave_due_reports
from viahe_api.merged_wards import merge_ward
from viahe_api.period_address import read_period
from viahe_api.report import Report
from viahe_api.report_reading import viewer_report, ward_report
from viahe_api.tables import AuditEntry

HANOI = timezone(timedelta(hours=7))
OCTOBER = read_period("2026-10")
VIETNAMESE = read_language("vi")
IN_OCTOBER = datetime(2026, 10, 5, 19, tzinfo=HANOI)


@pytest.fixture
def merged(house: House) -> House:
    """Hồng Hà, with two cases of October, became part of Tây Hồ, with one, on 1 November."""
    house.report(start_at=IN_OCTOBER)
    for number in range(2):
        house.report(a_suspicion(f"theirs-{number}"), ward="hong-ha", start_at=IN_OCTOBER)
    with house.database.writing() as session:
        merge_ward(session, "hong-ha", "tay-ho", date(2026, 11, 1), now=house.now)
    return house


def report_of(house: House, ward: str | None, login: str = "thu", **asked: bool) -> Report:
    with house.database.reading() as session:
        return viewer_report(
            session, house.viewer(login), OCTOBER, now=house.now, ward_code=ward, **asked
        )


def test_counts_before_stay_with_the_old_name(merged: House) -> None:
    old, new = report_of(merged, "hong-ha"), report_of(merged, "tay-ho")
    assert (old.figures.counts.recorded, new.figures.counts.recorded) == (2, 1)
    assert [ward.name for ward in old.figures.wards] == ["Phường Hồng Hà"]


def test_the_sheet_of_either_ward_says_it_from_the_month_it_happened(merged: House) -> None:
    said = "Phường Hồng Hà đã sáp nhập vào Phường Tây Hồ từ ngày 01/11/2026."
    november = read_period("2026-11")
    for ward in ("hong-ha", "tay-ho"):
        with merged.database.reading() as session:
            report = ward_report(session, ward, november, now=merged.now)
        assert any(line.startswith(said) for line in heading_lines(report, VIETNAMESE)), ward
        assert not report_of(merged, ward).figures.mergers  # October was before


def test_they_roll_up_where_that_is_asked(merged: House) -> None:
    both = report_of(merged, "tay-ho", with_merged=True)
    assert both.figures.counts.recorded == 3
    assert {ward.name for ward in both.figures.wards} == {"Phường Hồng Hà", "Phường Tây Hồ"}
    assert both.figures.hours.expected == pytest.approx(2 * 31 * 24)
    assert report_of(merged, "hong-ha", with_merged=True).figures.counts.recorded == 2


def test_a_ward_merged_at_second_hand_rolls_up_too(merged: House) -> None:
    with merged.database.writing() as session:
        seeding.add_ward(session, "moi", "Phường Mới", now=merged.now)
        seeding.grant(session, "thu", "moi", seeding.Role.OFFICIAL, now=merged.now)
        merge_ward(session, "tay-ho", "moi", date(2026, 12, 1), now=merged.now)
    assert report_of(merged, "moi", with_merged=True).figures.counts.recorded == 3
    assert report_of(merged, "moi").figures.counts.recorded == 0


def test_who_works_in_the_ward_that_goes_on_may_read_the_other(merged: House) -> None:
    for login in ("thu", "duc", "lan", "an"):
        assert report_of(merged, "hong-ha", login).figures.counts.recorded == 2
    with pytest.raises(NotFound):
        report_of(merged, "tay-ho", "quan")
    with merged.database.reading() as session:
        actions = session.scalars(select(AuditEntry.action)).all()
    assert "ward.merged" in actions
    assert "granted.official" in actions


@pytest.mark.parametrize(
    ("code", "into"), [("hong-ha", "tay-ho"), ("tay-ho", "hong-ha"), ("tay-ho", "tay-ho")]
)
def test_a_ward_is_merged_once_and_not_in_a_ring(merged: House, code: str, into: str) -> None:
    with pytest.raises(FormFault), merged.database.writing() as session:
        merge_ward(session, code, into, date(2026, 12, 1), now=merged.now)


def test_a_merged_ward_has_its_last_report_and_no_more(merged: House) -> None:
    merged.clock.now = datetime(2026, 11, 2, 9, tzinfo=HANOI)
    left = [one.ward_code for one in leave_due_reports(merged.database, now=merged.now)]
    assert left == ["hong-ha", "tay-ho"]
    merged.clock.now = datetime(2026, 12, 1, 9, tzinfo=HANOI)
    assert [one.ward_code for one in leave_due_reports(merged.database, now=merged.now)] == [
        "tay-ho"
    ]


def test_the_pages_say_it_and_open_both_together(merged: House, client: TestClient) -> None:
    page = sign_in(client, "thu").get("/reports").text
    said = "Phường Hồng Hà đã sáp nhập vào Phường Tây Hồ từ ngày 01/11/2026."
    assert said in page
    (address,) = re.findall(r'href="(/dashboard\?ward=tay-ho&amp;merged=true)"', page)
    assert client.get(address.replace("&amp;", "&")).status_code == 200
    both = client.get("/reports/2026-10?ward=tay-ho&merged=true").text
    assert "Phường Hồng Hà, Phường Tây Hồ" in both
    assert "/reports/2026-10/file.pdf?ward=tay-ho&amp;merged=true" in both
    data = client.get("/reports/2026-10/file.json?ward=tay-ho&merged=true").json()
    assert data["totals"]["recorded"] == 3


def test_the_machines_owner_notes_it(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (house.settings.data / "secret").write_text(house.settings.secret)
    asked = ["ward-merge", "hong-ha", "--into", "tay-ho", "--on", "2026-11-01"]
    assert main([*asked, "--data", str(house.settings.data)]) == 0
    assert "from 2026-11-01 on" in capsys.readouterr().out
    assert main([*asked, "--data", str(house.settings.data)]) == 1
