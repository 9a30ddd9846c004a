"""A report's figures: what they add up to, what they are compared with, who may see what."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.api.crowd import settle
from tests.api.house import House, a_suspicion
from viahe_api import cases, seen_totals
from viahe_api.counted_wards import wards_of_viewer
from viahe_api.counts import Counts, Hours
from viahe_api.errors import NotFound
from viahe_api.exports.data import data_pieces
from viahe_api.exports.narrative import compared, told
from viahe_api.exports.reading import read_out
from viahe_api.figures import FIGURES, Figures, Uncompared
from viahe_api.language import read_language
from viahe_api.measures import Dimension, counts_by
from viahe_api.months import Month, month_of, start_of_day
from viahe_api.period_address import read_period
from viahe_api.report import Report
from viahe_api.report_reading import viewer_report, ward_report
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import Case
from viahe_api.trend import open_by_age, trend
from viahe_api.vocabulary import CaseState, RejectReason, Role, Verdict
from viahe_rules.domain import Act

NOVEMBER = read_period("2026-11")
HANOI = timezone(timedelta(hours=7))
VI = read_language("vi")
moments = st.datetimes(
    datetime(2001, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    datetime(2099, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def figures_of(house: House, login: str = "thu", address: str = "2026-11") -> Figures:
    with house.database.reading() as session:
        viewer = house.viewer(login)
        return viewer_report(session, viewer, read_period(address), now=house.now).figures


def seen_all(house: House, first: datetime, hours: int, *, share: float = 1.0) -> None:
    """The camera of Tây Hồ saw that share of each of so many hours."""
    with house.database.writing() as session:
        for n in range(hours):
            hour = first + timedelta(hours=n)
            seen_totals.keep_seen(session, house.camera_id(), "s", hour, 3600 * share)


def confirm_all(house: House, codes: Iterable[str]) -> None:
    with house.database.writing() as session:
        for code in codes:
            cases.decide(
                session, house.viewer("lan"), code, Verdict.CONFIRM, form_id=code, now=house.now
            )


@given(moments)
def test_every_moment_is_in_exactly_one_month_of_case_codes(moment: datetime) -> None:
    month = month_of(moment)
    assert month.start <= moment < month.end
    assert month.previous.end == month.start
    assert month.following.previous == month
    day = start_of_day(moment)
    assert day <= moment < day + timedelta(days=1)
    assert day.astimezone(HANOI).hour == 0


@pytest.mark.parametrize("month", [(2026, 13), (2026, 0), (0, 1)])
def test_what_is_no_month_is_refused(month: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no month"):
        Month(*month)


def test_recorded_is_the_sum_of_what_became_of_it(house: House) -> None:
    for number, verdict in enumerate([Verdict.CONFIRM, Verdict.MORE, Verdict.REJECT, None]):
        code = house.report(a_suspicion(f"key-{number}", act=list(Act)[number % 2]))
        if verdict is not None:
            with house.database.writing() as session:
                cases.decide(
                    session,
                    house.viewer("lan"),
                    code,
                    verdict,
                    form_id=code,
                    now=house.now,
                    reason=RejectReason.PASSERS_BY,
                )
    figures = figures_of(house)
    assert figures.counts == Counts(4, 1, 0, 1, 0, 2)
    assert {act.act: act.counts for act in figures.acts} == {
        Act.DUMPING: Counts(2, 1, 0, 1, 0, 0),
        Act.ENCROACHMENT: Counts(2, 0, 0, 0, 0, 2),
    }


def test_figures_come_back_from_json_as_they_were(house: House) -> None:
    settle(house, cases=500, days=420, cameras=2, hours=False)
    figures = figures_of(house)
    assert FIGURES.validate_python(FIGURES.dump_python(figures, mode="json")) == figures
    assert FIGURES.validate_json(FIGURES.dump_json(figures)) == figures


def test_the_sums_over_cameras_are_what_the_database_groups_by_place(house: House) -> None:
    settle(house, cases=3000, days=420, cameras=5, hours=False)
    with house.database.reading() as session:
        viewer = house.viewer("binh")
        report = viewer_report(session, viewer, NOVEMBER, now=house.now)
        grouped = counts_by(
            session, wards_of_viewer(viewer), NOVEMBER, Dimension.GROUP, Dimension.STREET
        )
    by_place: dict[tuple[str | None, str], Counts] = {}
    for camera in report.figures.cameras:
        place = (camera.group, camera.street)
        by_place[place] = by_place.get(place, Counts()) + camera.counts
    assert {place: counts for place, counts in by_place.items() if counts != Counts()} == grouped
    for form in report.summaries(VI):
        assert form.totals is not None


def test_a_comparison_needs_cameras_that_saw_in_both_periods(house: House) -> None:
    this, last = read_period("2026-W46"), read_period("2026-W45")
    for number in range(3):
        start = (this if number else last).start + timedelta(days=3)
        confirm_all(house, [house.report(a_suspicion(f"key-{number}"), start_at=start)])
    blind = figures_of(house, address="2026-W46")
    assert blind.uncompared_with_previous is Uncompared.COVERAGE
    seen_all(house, last.start, 7 * 24)
    seen_all(house, this.start, 7 * 24, share=0.7)
    low = figures_of(house, address="2026-W46")
    assert low.hours.coverage == pytest.approx(0.7, abs=0.02)
    assert low.uncompared_with_previous is Uncompared.COVERAGE
    (_, with_previous, *_) = _biggest_row(low)
    assert with_previous is None
    assert "Giờ camera dưới 80 %: không so sánh." in Report(low).summaries(VI)[0].notes
    seen_all_again = figures_of(house, address="2026-W45")
    assert seen_all_again.hours.coverage == pytest.approx(1)


def test_growth_is_against_the_previous_and_the_same_period(house: House) -> None:
    for number, address in enumerate(["2026-W45", "2026-W46", "2026-W46"]):
        start = read_period(address).start + timedelta(days=3)
        confirm_all(house, [house.report(a_suspicion(f"key-{number}"), start_at=start)])
    seen_all(house, read_period("2026-W45").start, 14 * 24)
    figures = figures_of(house, address="2026-W46")
    assert figures.uncompared_with_previous is None
    (before, with_previous, year_before, with_year_before) = _biggest_row(figures)
    assert (before, with_previous) == (1, 1.0)
    assert (year_before, with_year_before) == (0, None)
    assert figures.per_thousand_hours == pytest.approx(2 / figures.hours.seen * 1000)


def test_a_period_that_still_runs_is_compared_with_no_whole_one(house: House) -> None:
    """Ten cases in October and one on the third day of November are more an hour, not fewer."""
    for number in range(11):
        start = (read_period("2026-10") if number else NOVEMBER).start + timedelta(days=1)
        confirm_all(house, [house.report(a_suspicion(f"key-{number}"), start_at=start)])
    house.clock.now = datetime(2026, 11, 3, 5, tzinfo=UTC)
    figures = seen_well(figures_of(house))
    assert figures.uncompared_with_previous is Uncompared.RUNNING
    assert _biggest_row(figures) == (10, None, 0, None)
    running = "Kỳ chưa kết thúc: chưa so sánh"
    assert f"{running}." in Report(figures).summaries(VI)[0].notes
    for said in (narrative(figures), " ".join(read_out(Report(figures), VI))):
        assert f"{running} với kỳ trước và với cùng kỳ năm trước." in said
        assert "giảm" not in said
    data = json.loads(b"".join(data_pieces(Report(figures))))["compared"]["previous"]
    assert (data["change"], data["why_not"], data["sufficient"]) == (None, "running", 10)
    house.clock.now = NOVEMBER.end
    whole = seen_well(figures_of(house))
    assert _biggest_row(whole) == (10, -0.9, 0, None)
    assert "giảm từ 10 xuống 1 trường hợp (90,0 %)" in narrative(whole)
    assert "So với cùng kỳ năm trước, số trường hợp đủ căn cứ tăng từ 0 lên 1" in narrative(whole)
    assert (
        json.loads(b"".join(data_pieces(Report(whole))))["compared"]["previous"]["change"] == -0.9
    )


def seen_well(figures: Figures) -> Figures:
    """As if every camera had seen all it was meant to, then too."""
    cameras = tuple(
        replace(one, hours=replace(one.hours, seen=one.hours.expected, lost=0.0))
        for one in figures.cameras
    )
    then = Hours(700.0, 700.0, 0.0)
    return replace(figures, cameras=cameras, hours_previous=then, hours_year_before=then)


def test_a_year_to_date_is_compared_with_the_same_days_on_its_last_day(house: House) -> None:
    """And says so once: the period before it is that of the year before."""
    today = figures_of(house, address="2026..2026-11-22")
    assert today.uncompared_with_year_before is Uncompared.COVERAGE
    (said,) = compared(today, VI)
    assert said.endswith("dưới 80 %: không so sánh với cùng kỳ năm trước.")
    ahead = figures_of(house, address="2026..2026-11-30")
    assert ahead.uncompared_with_year_before is Uncompared.RUNNING


def test_hours_of_the_compared_periods_stand_beside_their_counts(house: House) -> None:
    figures = replace(figures_of(house), hours_previous=Hours(744.0, 669.6, 74.4))
    assert (
        "Giờ camera kỳ trước: ghi nhận 669,6, mất tín hiệu 74,4; cùng kỳ năm trước: ghi nhận 0,0, "
        "mất tín hiệu 0,0."
    ) in Report(figures).summaries(VI)[0].notes


def narrative(figures: Figures) -> str:
    return " ".join(text for _, texts in told(Report(figures), VI) for text in texts)


def _biggest_row(figures: Figures) -> tuple[object, ...]:
    form = Report(figures).summaries(VI)[0]
    assert form.totals is not None
    return form.totals[-4:]


@pytest.mark.parametrize(
    ("login", "lists", "reviewers"),
    [
        *(("lan", True, False), ("duc", True, True), ("thu", False, False)),
        *(("an", False, False), ("binh", True, False), ("hoa", True, True)),
    ],
)
def test_lists_are_for_readers_and_reviewers_for_approvers(
    house: House, login: str, lists: bool, reviewers: bool
) -> None:
    with house.database.reading() as session:
        report = viewer_report(session, house.viewer(login), NOVEMBER, now=house.now)
    assert (report.lines is not None, report.reviewers) == (lists, reviewers)


def test_a_ward_out_of_reach_or_unknown_has_no_report(house: House) -> None:
    with house.database.reading() as session:
        with pytest.raises(NotFound):
            viewer_report(
                session, house.viewer("thu"), NOVEMBER, now=house.now, ward_code="hong-ha"
            )
        with pytest.raises(NotFound, match="there are: hong-ha, tay-ho"):
            ward_report(session, "phu-thuong", NOVEMBER, now=house.now)


def test_a_trend_is_the_periods_one_after_the_other(house: House) -> None:
    for months_back, count in ((0, 2), (1, 1)):
        period = NOVEMBER if not months_back else NOVEMBER.previous
        for number in range(count):
            start = period.start + timedelta(days=1)
            key = f"{months_back}-{number}"
            confirm_all(house, [house.report(a_suspicion(key), start_at=start)])
    with house.database.reading() as session:
        reading = SummaryReading(session, wards_of_viewer(house.viewer("thu")))
        points = trend(reading, NOVEMBER, 3, now=house.now)
    assert [point.counts.sufficient for point in points] == [0, 1, 2]
    assert [point.period.number for point in points] == [9, 10, 11]
    since_installed = (points[0].period.end - (house.now - timedelta(days=60))) / timedelta(hours=1)
    assert points[0].hours == Hours(since_installed, 0, since_installed)
    assert not any(point.comparable for point in points)
    assert [point.running for point in points] == [False, False, True]


def test_open_cases_are_told_apart_by_how_long_they_wait(house: House) -> None:
    for number, waited in enumerate([0.5, 2, 2, 5, 30, 40]):
        house.clock.now = datetime(2026, 11, 22, 5, tzinfo=UTC) - timedelta(days=waited)
        house.report(a_suspicion(f"key-{number}"))
    house.clock.now = datetime(2026, 11, 22, 5, tzinfo=UTC)
    with house.database.writing() as session:
        done = session.query(Case).order_by(Case.id.desc()).first()
        assert done is not None
        done.state = CaseState.SUFFICIENT
    with house.database.reading() as session:
        viewer = house.viewer("thu")
        assert open_by_age(session, wards_of_viewer(viewer), house.now) == (1, 2, 1, 1)
        nobody = wards_of_viewer(viewer, roles=(Role.APPROVER,))
        assert open_by_age(session, nobody, house.now) == (0, 0, 0, 0)
