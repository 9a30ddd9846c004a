"""The month's report that comes by itself: on its day, once, a draft, said to be the system's."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from threading import Barrier, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from tests.api.house import House, a_suspicion
from tests.waiting import until
from viahe_api import audit
from viahe_api.cli import main
from viahe_api.database import Database
from viahe_api.left_reports import leave_due_reports, month_due
from viahe_api.locks import lock_report
from viahe_api.period_address import read_period, write_period
from viahe_api.periods import PeriodKind, period_of
from viahe_api.report_days import set_closing
from viahe_api.report_reading import viewer_report
from viahe_api.scheduled import Scheduled
from viahe_api.tables import AuditEntry, CameraOff, DayOff, LeftReport, Ward
from viahe_api.working_days import is_working_day

HANOI = timezone(timedelta(hours=7))
IN_OCTOBER = datetime(2026, 10, 5, 19, tzinfo=HANOI)


def left(house: House) -> list[tuple[str, str]]:
    """What is due now is left; ward and period of each."""
    return [
        (one.ward_code, write_period(one.period))
        for one in leave_due_reports(house.database, now=house.now)
    ]


def at(house: House, *moment: int) -> None:
    house.clock.now = datetime(*moment, tzinfo=HANOI)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("kind", "today", "due"),
    [
        # 1 November 2026 is a Sunday
        (PeriodKind.MONTH, date(2026, 11, 1), "2026-09"),
        (PeriodKind.MONTH, date(2026, 11, 2), "2026-10"),
        (PeriodKind.MONTH, date(2026, 11, 30), "2026-10"),
        (PeriodKind.MONTH, date(2026, 12, 1), "2026-11"),
        # 14 November 2026 is a Saturday
        (PeriodKind.CUT_OFF_MONTH, date(2026, 11, 15), "2026-10.cutoff"),
        (PeriodKind.CUT_OFF_MONTH, date(2026, 11, 16), "2026-11.cutoff"),
        # 1 January is a holiday, and the 2nd and 3rd of 2027 a week-end
        (PeriodKind.MONTH, date(2027, 1, 1), "2026-11"),
        (PeriodKind.MONTH, date(2027, 1, 4), "2026-12"),
    ],
)
def test_it_comes_on_the_first_working_day(kind: PeriodKind, today: date, due: str) -> None:
    assert write_period(month_due(kind, today, {date(2027, 1, 1)})) == due


@given(
    st.sampled_from([PeriodKind.MONTH, PeriodKind.CUT_OFF_MONTH]),
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.sets(st.dates(date(2020, 1, 1), date(2040, 1, 1)), max_size=40),
)
def test_what_is_due_has_ended_and_a_working_day_has_come(
    kind: PeriodKind, today: date, days_off: set[date]
) -> None:
    period = month_due(kind, today, days_off)
    after = [period.last + timedelta(days=n) for n in range(1, (today - period.last).days + 1)]
    assert any(is_working_day(day, days_off) for day in after)
    following = period_of(kind, period.last + timedelta(days=1))
    later = [
        following.last + timedelta(days=n) for n in range(1, (today - following.last).days + 1)
    ]
    assert not any(is_working_day(day, days_off) for day in later)


def test_each_ward_has_its_month_left_once(house: House) -> None:
    at(house, 2026, 11, 1, 23, 59, 59)
    assert left(house) == [("hong-ha", "2026-09"), ("tay-ho", "2026-09")]
    at(house, 2026, 11, 2)
    assert left(house) == [("hong-ha", "2026-10"), ("tay-ho", "2026-10")]
    assert left(house) == []
    at(house, 2026, 11, 30)
    assert left(house) == []


def test_a_ward_that_closes_by_cut_off_has_its_month_after_the_14th(house: House) -> None:
    at(house, 2026, 11, 2)
    with house.database.writing() as session:
        set_closing(session, house.viewer("duc"), "tay-ho", by_cut_off=True, now=house.now)
    assert left(house) == [("hong-ha", "2026-10"), ("tay-ho", "2026-10.cutoff")]
    at(house, 2026, 11, 15, 23)
    assert left(house) == []
    at(house, 2026, 11, 16)
    assert left(house) == [("tay-ho", "2026-11.cutoff")]


def test_a_public_holiday_puts_it_off(house: House) -> None:
    at(house, 2026, 11, 2, 9)
    with house.database.writing() as session:
        session.add(DayOff(day=date(2026, 11, 2), name="Nghỉ bù", source="test"))
    assert [period for _, period in left(house)] == ["2026-09", "2026-09"]
    at(house, 2026, 11, 3)
    assert [period for _, period in left(house)] == ["2026-10", "2026-10"]


def test_a_ward_without_cameras_or_cases_then_has_none(house: House) -> None:
    """The cameras were installed sixty days before 22 November."""
    at(house, 2026, 9, 1, 9)
    assert left(house) == []
    with house.database.writing() as session:
        session.add(Ward(code="phu-thuong", name="Phường Phú Thượng"))
    at(house, 2026, 11, 2)
    assert "phu-thuong" not in dict(left(house))


def test_a_ward_whose_camera_was_switched_off_throughout_has_none(house: House) -> None:
    """On again since, so that nothing of the camera itself tells of it."""
    october = read_period("2026-10")
    off = CameraOff(camera_id=house.camera_id(), off_at=october.start, on_at=october.end)
    with house.database.writing() as session:
        session.add(off)
    at(house, 2026, 11, 2)
    assert left(house) == [("hong-ha", "2026-10")]
    with house.database.writing() as session:
        session.execute(update(CameraOff).values(on_at=october.end - timedelta(hours=1)))
    assert left(house) == [("tay-ho", "2026-10")]


def test_it_says_what_it_counted_and_locks_nothing(house: House) -> None:
    house.report(start_at=IN_OCTOBER)
    assert ("tay-ho", "2026-10") in left(house)
    house.report(a_suspicion("late"), start_at=IN_OCTOBER)
    with house.database.reading() as session:
        row = session.scalars(select(LeftReport).join(Ward).where(Ward.code == "tay-ho")).one()
        report = viewer_report(session, house.viewer("duc"), read_period("2026-10"), now=house.now)
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.object == "report:tay-ho/2026-10")
        ).one()
        assert audit.verify(session).fault is None
    assert (row.recorded, row.sufficient, row.left_at) == (1, 0, house.now)
    assert (report.figures.counts.recorded, report.locked_at) == (2, None)
    assert (entry.actor, entry.action) == ("system", "report.left")
    with house.database.writing() as session:
        lock_report(session, house.viewer("duc"), "tay-ho", read_period("2026-10"), now=house.now)


def test_several_processes_leave_it_once(house: House) -> None:
    """Each with a database of its own, all at the same moment."""
    start, found = Barrier(4), []

    def work() -> None:
        database = Database(house.settings.database)
        start.wait()
        found.extend(leave_due_reports(database, now=house.now))
        database.close()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.ward_code for one in found) == ["hong-ha", "tay-ho"]
    with house.database.reading() as session:
        assert len(session.scalars(select(LeftReport)).all()) == 2
        logged = select(AuditEntry).where(AuditEntry.action == "report.left")
        assert len(session.scalars(logged).all()) == 2


def test_the_serving_process_looks_by_itself(house: House) -> None:
    with Scheduled(house.database, house.clock, house.store, every_s=0.02):
        _wait_for(house, 2)
        house.clock.now = datetime(2026, 12, 1, 2, tzinfo=UTC)
        _wait_for(house, 4)


def test_a_look_that_fails_does_not_end_the_looking(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    broken = iter([True])

    def clock() -> datetime:
        if next(broken, False):
            raise RuntimeError("the clock is away")
        return house.now

    with Scheduled(house.database, clock, house.store, every_s=0.02):
        _wait_for(house, 2)
    assert "could not leave reports" in caplog.text


def test_a_timer_may_do_it_instead(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (house.settings.data / "secret").write_text(house.settings.secret)
    asked = ["scheduled", "--data", str(house.settings.data)]
    assert main(asked) == 0
    assert "left: tay-ho, " in capsys.readouterr().out
    assert main(asked) == 0
    assert "nothing is due" in capsys.readouterr().out


def _wait_for(house: House, count: int) -> None:
    def left() -> int:
        with house.database.reading() as session:
            return len(session.scalars(select(LeftReport)).all())

    until(lambda: left() == count)
