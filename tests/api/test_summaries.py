"""Summaries are what the rows say, whatever happened and in whatever order."""

import random
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from tests.api.house import House, a_suspicion
from viahe_api import coverage, seen_totals, summaries
from viahe_api.cli import main
from viahe_api.counted_wards import Narrow, every_ward, one_ward
from viahe_api.database import Database
from viahe_api.periods import Period, free
from viahe_api.spans import Length, Span
from viahe_api.summary_differences import differences
from viahe_api.summary_keeping import take_up_some
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import (
    Case,
    Decision,
    HandlingStep,
    HandlingUndo,
    HandReport,
)
from viahe_api.tallies import BY_ACT, TALLIES, Tally
from viahe_api.vocabulary import CaseState, Handling, Source, Verdict
from viahe_rules.domain import Act

FIRST = datetime(2026, 1, 28, tzinfo=UTC)
DAYS = 60
days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
near = st.dates(FIRST.date() - timedelta(days=40), FIRST.date() + timedelta(days=DAYS + 40))
EVENTS = (
    "enter",
    "enter",
    "report",
    "decide",
    "decide",
    "move",
    "clock",
    "lose",
    "handle",
    "take back",
    "refresh",
    "see",
    "say",
    "say",
    "unsay",
)
CLOCKS = (None, 0.0, 1.9, -2.0, 2.1, -40.0)
events = st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(0, 1 << 30)), max_size=25)


@settings(max_examples=30)
@given(events, near, near)
def test_after_any_events_counts_from_summaries_are_those_of_the_rows(
    furnished: Path, happened: list[tuple[str, int]], one: date, other: date
) -> None:
    with TemporaryDirectory() as folder:
        copy = shutil.copy(furnished / "viahe.sqlite3", folder)
        database = Database(f"sqlite:///{copy}")
        try:
            _live_through(database, happened, free(min(one, other), max(one, other)))
        finally:
            database.close()


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_of_many_events(house: House, seed: int) -> None:
    chance = random.Random(seed)
    happened = [(chance.choice(EVENTS), chance.randrange(1 << 30)) for _ in range(80)]
    _live_through(house.database, happened, free(date(2026, 2, 3), date(2026, 3, 25)))


def _live_through(database: Database, happened: list[tuple[str, int]], period: Period) -> None:
    """Summaries are refreshed now and then on the way, and altogether at the end."""
    for event, chance in happened:
        _happen(database, event, chance)
    with database.reading() as session:
        for narrow in (every_ward, one_ward(1)):
            agree(session, narrow, period)
        assert list(differences(session)) == []
    while take_up_some(database):
        pass
    with database.reading() as session:
        assert not summaries.anything_noted(session)
        agree(session, every_ward, period)
        assert [*differences(session), *seen_totals.differences(session)] == []


def test_made_anew_they_are_what_they_were(house: House) -> None:
    for number in range(60):
        _happen(house.database, EVENTS[number % len(EVENTS)], number * 7919)
    while take_up_some(house.database):
        pass
    before = _everything(house.database)
    with house.database.writing() as session:
        summaries.rebuild(session)
    with house.database.writing() as session:
        seen_totals.rebuild(session)
    assert _everything(house.database) == before
    assert any(before.values())


def test_the_command_line_proves_them_and_makes_them_anew(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.report(a_suspicion(), start_at=FIRST)
    take_up_some(house.database)
    (house.settings.data / "secret").write_text(house.settings.secret)
    asked = ["--data", str(house.settings.data)]
    assert main(["summaries", "verify", *asked]) == 0
    wrong = text("UPDATE act_summary SET sufficient = 9 WHERE length = :length")
    for length, first, otherwise in (
        ("half_month", "2026-01-15", "in its days"),
        ("day", "2026-01-28", "counted"),
    ):
        with house.database.writing() as session:
            session.execute(wrong, {"length": length})
        assert main(["summaries", "verify", *asked]) == 1
        of = f"act_summary, {length} {first}, ward 1, dumping, camera"
        told = f"{of}: (9, 0, 0, 0, 1, 0, 0) kept, (0, 0, 0, 0, 1, 0, 0) {otherwise}"
        assert told in capsys.readouterr().out
    assert main(["summaries", "rebuild", *asked]) == 0
    assert main(["summaries", "verify", *asked]) == 0


def _happen(database: Database, event: str, chance: int) -> None:
    with database.writing() as session:
        cases = session.scalars(select(Case).order_by(Case.id)).all()
        case = cases[chance % len(cases)] if cases else None
        at = FIRST + timedelta(seconds=chance % (DAYS * 86400), microseconds=chance % 999_983)
        match event:
            case "enter" | "report":
                session.add(_a_case(event, chance, at))
            case "decide" if case:
                case.state = list(CaseState)[chance % len(CaseState)]
                case.completed_at = case.completed_at or at
            case "move" if case:
                case.start_at, case.act = at, list(Act)[chance % 2]
            case "clock" if case:
                case.clock_offset_s = CLOCKS[chance % len(CLOCKS)]
            case "lose" if case:
                case.completed_at = None
            case "handle" if case:
                session.add(_a_step(case, chance, at))
            case "take back":
                step = session.scalar(select(func.max(HandlingStep.id)))
                if step and session.get(HandlingUndo, step) is None:
                    session.add(HandlingUndo(step_id=step, account_id=1, at=at))
            case "say" if case:
                session.add(_a_decision(case, chance, at))
            case "unsay":
                _unsay(session, at)
            case "see":
                hour = at.replace(minute=0, second=0, microsecond=0)
                seen_totals.keep_seen(
                    session, 1 + chance % 2, f"s{chance % 3}", hour, chance % 3600
                )
            case "refresh":
                summaries.refresh(session, at_once=3)


def _a_case(event: str, chance: int, at: datetime) -> Case:
    by_hand = event == "report"
    case = Case(
        ward_id=1 + chance % 2,
        source=Source.PATROL if by_hand else Source.CAMERA,
        camera_id=None if by_hand else 1 + chance % 2,
        key=uuid4().hex,
        code=uuid4().hex[:20],
        content_sha256="0" * 64,
        act=list(Act)[chance % 2],
        run="",
        zone="" if by_hand else f"zone-{chance % 3}",
        zone_version=1,
        rule="",
        label="rubbish",
        place=[],
        start_t=0.0,
        end_t=0.0,
        score=0.5,
        reasons=[],
        thresholds=[],
        start_at=at,
        end_at=at,
        clock_offset_s=CLOCKS[chance % len(CLOCKS)],
        clock_source="",
        model_name="",
        model_sha256="",
        detector="",
        state=list(CaseState)[chance % len(CaseState)],
        received_at=at,
        completed_at=at if chance % 5 else None,
    )
    if by_hand:
        case.hand_report = HandReport(
            ward_id=case.ward_id,
            entered_by_id=1,
            group_id=1 + chance % 2 if chance % 3 else None,
            address="Số 1",
            street=f"Phố {chance % 2}",
            searched="",
            description="",
        )
    return case


def _a_step(case: Case, chance: int, at: datetime) -> HandlingStep:
    return HandlingStep(
        ward_id=case.ward_id,
        case_id=case.id,
        account_id=1,
        form_id=uuid4().hex,
        step=list(Handling)[chance % len(Handling)],
        number="",
        day=at.date() if chance % 2 else None,
        amount=chance % 1000 if chance % 3 else None,
        basis_id=chance % 4 or None,
        note="",
        at=at,
    )


def _a_decision(case: Case, chance: int, at: datetime) -> Decision:
    return Decision(
        ward_id=case.ward_id,
        case_id=case.id,
        account_id=1 + chance % 2,
        form_id=uuid4().hex,
        verdict=list(Verdict)[chance % len(Verdict)],
        note="",
        state_before=case.state,
        state_after=case.state,
        at=at,
    )


def _unsay(session: Session, at: datetime) -> None:
    newest = session.scalar(select(Decision).order_by(Decision.id.desc()).limit(1))
    if newest is not None:
        newest.undone_at = at


def agree(session: Session, narrow: Narrow, period: Period) -> None:
    whole = Span(Length.DAY, period.first, period.last)
    for tally in TALLIES:
        parts = SummaryReading(session, narrow).parts(period, tally)
        rows = narrow(tally.rows(whole, False), tally.ward_of_rows()).subquery()
        assert _added_up(session, tally, select(parts)) == _added_up(session, tally, select(rows))
        if tally.of_all is not None:
            names = (*tally.keys, *tally.sums)
            parts = SummaryReading(session, narrow).parts(period, tally, *names)
            told, counted = (_without_wards(session, tally, select(of)) for of in (parts, rows))
            assert told == counted
    reading, periods = SummaryReading(session, narrow), [period, period.previous, period]
    for keys in ((), ("act",), ("ward_id", "act")):
        apart = [reading.counts(of, BY_ACT, *keys) for of in periods]
        assert reading.counts_in_each(periods, BY_ACT, *keys) == apart
    (seen,) = seen_totals.seen_in_each(session, [1, 2], [period])
    hours = coverage.seen_seconds(session, [1, 2], period.start, period.end)
    assert seen.keys() >= hours.keys()
    for camera, seconds in seen.items():
        assert seconds == pytest.approx(hours.get(camera, 0.0), abs=1e-3)


def _added_up(
    session: Session, tally: Tally, rows: "Select[*tuple[Any, ...]]"
) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    of = rows.subquery()
    keys = [of.c.ward_id, *(of.c[name] for name in tally.keys)]
    sums: list[Any] = [func.sum(of.c[name]) for name in tally.sums]
    found = session.execute(select(*keys, *sums).group_by(*keys))
    summed = {tuple(row[: len(keys)]): tuple(row[len(keys) :]) for row in found}
    return {key: of for key, of in summed.items() if any(of)}


def _without_wards(
    session: Session, tally: Tally, rows: "Select[*tuple[Any, ...]]"
) -> dict[tuple[Any, ...], tuple[int, ...]]:
    of = rows.subquery()
    keys = [of.c[name] for name in tally.keys]
    sums = [func.sum(of.c[name]) for name in tally.sums]
    found = session.execute(select(*keys, *sums).group_by(*keys))
    counted = {tuple(row[: len(keys)]): tuple(row[len(keys) :]) for row in found}
    return {key: summed for key, summed in counted.items() if any(summed)}


def _everything(database: Database) -> dict[str, list[Any]]:
    tables = [tally.table.__tablename__ for tally in TALLIES] + ["seen_total"]
    tables += [tally.of_all.__tablename__ for tally in TALLIES if tally.of_all is not None]
    with database.reading() as session:
        return {
            table: sorted(map(tuple, session.execute(text(f"SELECT * FROM {table}"))), key=str)  # noqa: S608
            for table in tables
        }
