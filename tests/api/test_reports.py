"""A month's counts, its edges, and the camera hours beside them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from tests.api.house import House, a_suspicion
from viahe_api import cases, reception, reports
from viahe_api.errors import NotFound
from viahe_api.months import Month, month_of, read_month, start_of_day
from viahe_api.records import ActCounts, MonthCounts
from viahe_api.schemas import HealthReport
from viahe_api.tables import Camera, CameraHours, Case
from viahe_api.vocabulary import CaseState, RejectReason, Verdict
from viahe_rules.domain import Act

NOVEMBER = Month(2026, 11)
HANOI = timezone(timedelta(hours=7))
moments = st.datetimes(
    datetime(2001, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    datetime(2099, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def count(house: House, month: Month = NOVEMBER, login: str = "thu") -> MonthCounts:
    with house.database.reading() as session:
        return reports.month_counts(session, house.viewer(login), month, now=house.now)


def seen(house: House, process: str, hours: dict[datetime, float], ward: str = "tay-ho") -> None:
    report = HealthReport.model_validate(
        {
            "session": process,
            "cameras": [
                {
                    "camera": "cam-1",
                    "state": "online",
                    "hours": [{"hour": hour, "seen_s": s} for hour, s in hours.items()],
                }
            ],
        }
    )
    with house.database.writing() as session:
        assert reception.keep_health(session, house.device(ward), report, now=house.now) == []


@given(moments)
def test_every_moment_is_in_exactly_one_month(moment: datetime) -> None:
    month = month_of(moment)
    assert month.start <= moment < month.end
    assert not month.previous.start <= moment < month.previous.end
    assert not month.following.start <= moment < month.following.end
    assert month.previous.end == month.start
    assert month.following.previous == month


@given(moments)
def test_a_month_begins_at_local_midnight_of_its_first_day(moment: datetime) -> None:
    start = month_of(moment).start.astimezone(HANOI)
    assert (start.day, start.hour, start.minute, start.microsecond) == (1, 0, 0, 0)
    assert read_month(str(month_of(moment))) == month_of(moment)
    day = start_of_day(moment)
    assert day <= moment < day + timedelta(days=1)
    assert day.astimezone(HANOI).hour == 0


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-0", "26-11", "2026/11", "", "2026-1x", "0000-01"]
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="month"):
        read_month(text)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    starts=st.lists(
        st.one_of(
            st.datetimes(
                datetime(2026, 10, 30),  # noqa: DTZ001
                datetime(2026, 12, 2),  # noqa: DTZ001
                timezones=st.just(HANOI),
            ),
            st.sampled_from(
                [
                    NOVEMBER.start,
                    NOVEMBER.start - timedelta(microseconds=1),
                    NOVEMBER.end,
                    NOVEMBER.end - timedelta(microseconds=1),
                ]
            ),
        ),
        max_size=4,
    )
)
def test_a_case_counts_in_the_local_month_its_act_began(
    house: House, starts: list[datetime]
) -> None:
    if _cases(house) == 0:
        house.report()
    with house.database.writing() as session:
        template = session.scalars(select(Case).order_by(Case.id)).first()
        assert template is not None
        session.execute(delete(Case).where(Case.id != template.id))
        template.start_at = datetime(2020, 1, 1, tzinfo=UTC)
        session.add_all(_copies(template, starts))
    in_november = [
        s for s in starts if (s.astimezone(HANOI).year, s.astimezone(HANOI).month) == (2026, 11)
    ]
    assert count(house).total.recorded == len(in_november)
    around = [count(house, month).total.recorded for month in (Month(2026, 10), Month(2026, 12))]
    assert sum(around) == len(starts) - len(in_november)


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
    counts = count(house)
    assert counts.total == ActCounts(4, 1, 0, 1, 0, 2)
    assert dict(counts.by_act) == {
        Act.DUMPING: ActCounts(2, 1, 0, 1, 0, 0),
        Act.ENCROACHMENT: ActCounts(2, 0, 0, 0, 0, 2),
    }


def test_a_case_that_lost_its_integrity_leaves_the_counts_and_is_named_beside_them(
    house: House,
) -> None:
    code = house.report()
    with house.database.writing() as session:
        case = session.scalars(select(Case).where(Case.code == code)).one()
        case.state = CaseState.INTEGRITY_ERROR
    counts = count(house)
    assert (counts.total.recorded, counts.integrity_errors) == (0, 1)


def test_hours_add_up_over_processes_and_no_hour_is_seen_twice(house: House) -> None:
    first, second = (datetime(2026, 11, 20, hour, tzinfo=UTC) for hour in (3, 4))
    seen(house, "process-1", {first: 1800.0, second: 3000.0})
    seen(house, "process-1", {first: 1700.0})
    seen(house, "process-2", {first: 900.0, second: 3000.0})
    seen(house, "process-3", {first: 3600.0}, ward="hong-ha")
    assert count(house).seen_hours == pytest.approx((1800 + 900 + 3600) / 3600)


def test_hours_are_expected_up_to_now_and_lost_where_nothing_was_seen(house: House) -> None:
    seen(house, "process-1", {NOVEMBER.start: 3600.0, NOVEMBER.start - timedelta(hours=1): 3600.0})
    counts = count(house)
    hours_so_far = (house.now - NOVEMBER.start) / timedelta(hours=1)
    assert counts.cameras == 1
    assert counts.expected_hours == pytest.approx(hours_so_far)
    assert counts.seen_hours == pytest.approx(1.0)
    assert counts.lost_hours == pytest.approx(hours_so_far - 1)


def test_a_camera_is_expected_from_its_installation_to_its_end(house: House) -> None:
    with house.database.writing() as session:
        camera = session.get_one(Camera, house.camera_id())
        camera.created_at = NOVEMBER.start + timedelta(hours=10)
        camera.disabled_at = NOVEMBER.start + timedelta(hours=14)
    assert count(house).expected_hours == pytest.approx(4)
    assert count(house, Month(2026, 10)).expected_hours == 0
    assert count(house, Month(2027, 1)).expected_hours == 0


def test_one_camera_seen_too_long_does_not_cover_anothers_silence(house: House) -> None:
    with house.database.writing() as session:
        camera = session.get_one(Camera, house.camera_id())
        camera.disabled_at = NOVEMBER.start + timedelta(hours=1)
        session.add_all(
            CameraHours(
                camera_id=camera.id,
                session="s",
                hour=NOVEMBER.start + timedelta(hours=n),
                seen_s=3600.0,
            )
            for n in range(5)
        )
    assert count(house, login="thu").lost_hours == 0
    both = count(house, login="binh")
    assert both.lost_hours == pytest.approx((house.now - NOVEMBER.start) / timedelta(hours=1))


def test_an_unknown_ward_is_refused_on_the_command_line(house: House) -> None:
    with pytest.raises(NotFound), house.database.reading() as session:
        reports.ward_month_counts(session, "phu-thuong", NOVEMBER, now=house.now)


def _cases(house: House) -> int:
    with house.database.reading() as session:
        return len(session.scalars(select(Case.id)).all())


def _copies(template: Case, starts: list[datetime]) -> list[Case]:
    columns = [
        c.key for c in Case.__table__.columns if c.key not in {"id", "key", "code", "start_at"}
    ]
    kept = {name: getattr(template, name) for name in columns}
    return [
        Case(**kept, key=f"copy-{n}", code=f"copy-{n}", start_at=start)
        for n, start in enumerate(starts)
    ]
