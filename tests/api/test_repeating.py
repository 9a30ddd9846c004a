"""Whether a case repeats hangs on other days: it is counted anew as those change, whoever waits."""

from datetime import date, datetime, timedelta
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tests.api.cases_at_places import NOON, add_cases
from viahe_api import summaries
from viahe_api.counted_wards import Narrow, every_ward, one_ward
from viahe_api.database import Database
from viahe_api.periods import free
from viahe_api.repeating import REPEAT_WITHIN, days_that_hang_on
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import Case, CaseChange
from viahe_api.tallies import BY_PLACE
from viahe_api.vocabulary import CaseState
from viahe_rules.domain import Act

HALF_A_YEAR = REPEAT_WITHIN.days
EVER = free(date(2024, 12, 1), date(2026, 12, 31))
CASES = 5
"""At one zone of one camera, which stood in either of two wards."""
Event: TypeAlias = tuple[str, int, object]
days = st.one_of(
    st.integers(0, 500), st.sampled_from([0, 1, HALF_A_YEAR, HALF_A_YEAR + 1, 2 * HALF_A_YEAR])
)
events = st.lists(
    st.one_of(
        st.tuples(st.just("decide"), st.integers(0, CASES - 1), st.booleans()),
        st.tuples(st.just("move"), st.integers(0, CASES - 1), days),
        st.tuples(st.just("call"), st.integers(0, CASES - 1), st.sampled_from(list(Act))),
        st.tuples(st.just("hand on"), st.integers(0, CASES - 1), st.integers(1, 2)),
        st.tuples(st.just("delete"), st.integers(0, CASES - 1), st.none()),
        st.tuples(st.just("take up"), st.integers(1, 3), st.none()),
    ),
    max_size=10,
)


@settings(max_examples=40)
@given(st.lists(days, min_size=CASES, max_size=CASES), events)
def test_whatever_changes_what_repeats_is_what_the_cases_say(
    database: Database, began: list[int], happened: list[Event]
) -> None:
    live_through(database, began, happened)


@pytest.mark.parametrize(
    ("began", "happened"),
    [
        ([0, 10, 100, 400, 500], [("decide", 0, False), ("take up", 1, None)]),
        (
            [0, 10, 100, 400, 500],
            [("decide", 0, False), ("decide", 1, False), ("take up", 1, None)],
        ),
        ([0, 10, 100, 400, 500], [("call", 0, Act.ENCROACHMENT), ("delete", 1, None)]),
        # What comes next is noted itself as the first is taken up, and no reason any more after it.
        ([391, 107, 3, 2, 2], [("move", 0, 0), ("move", 2, 1)]),
        # In two wards on one day.
        ([0, 0, 400, 400, 400], [("hand on", 1, 2), ("take up", 3, None), ("decide", 0, False)]),
    ],
)
def test_that_of_a_place_of_which_several_cases_changed(
    database: Database, began: list[int], happened: list[Event]
) -> None:
    live_through(database, began, happened)


def live_through(database: Database, began: list[int], happened: list[Event]) -> None:
    """What is counted is what the cases say after each event, and when all is taken up."""
    fill(database, began)
    for event, number, value in happened:
        if event == "take up":
            take_up(database, number)
        else:
            with database.writing() as session:
                _happen(session, event, number, value)
        with database.reading() as session:
            for narrow in (every_ward, one_ward(1), one_ward(2)):
                assert counted(session, narrow) == by_hand(session, narrow), event
    while take_up(database, 1):
        pass
    with database.reading() as session:
        assert counted(session, every_ward) == by_hand(session, every_ward)


def test_only_the_next_case_of_a_place_hangs_on_a_day_and_only_if_no_other_is_reason_enough(
    database: Database,
) -> None:
    fill(database, [0, 60, 120, 180, 180 + HALF_A_YEAR + 2])
    told = {
        (0,): [60],  # it had none before it but the one that changed
        (60,): [],  # the first is still half a year before the third
        (180,): [],  # the last came too late to repeat for it
        (0, 60): [120],  # what was before the second changed as well; the second is noted itself
    }
    for noted, hanging in told.items():
        with database.writing() as session:
            session.execute(delete(CaseChange))
            for day in noted:
                session.add(CaseChange(ward_id=1, day=_day(day)))
            session.flush()
            asked = days_that_hang_on([(1, _day(day)) for day in noted])
            found = [day for _, day in session.execute(asked)]
            assert found == [_day(day) for day in hanging], noted
            session.execute(delete(CaseChange))


def fill(database: Database, began: list[int]) -> None:
    """Cases with sufficient grounds on these days, all taken up."""
    with database.writing() as session:
        session.execute(delete(Case))
        at_one_place = ((number, day, 1, 1, "zone-1") for number, day in enumerate(began))
        add_cases(session, at_one_place)
    while take_up(database, summaries.AT_ONCE):
        pass


def take_up(database: Database, at_once: int) -> int:
    with database.writing() as session:
        return summaries.refresh(session, at_once)


def _happen(session: Session, event: str, number: int, value: object) -> None:
    case = session.get(Case, number)
    if case is None:
        return
    match event, value:
        case "decide", bool():
            case.state = CaseState.SUFFICIENT if value else CaseState.INSUFFICIENT
        case "move", int():
            case.start_at = NOON + timedelta(days=value)
        case "call", Act():
            case.act = value
        case "hand on", int():
            case.ward_id = value
        case _:
            session.execute(delete(Case).where(Case.id == number))


def counted(session: Session, narrow: Narrow) -> dict[Act, tuple[int, int]]:
    of = SummaryReading(session, narrow).parts(EVER, BY_PLACE)
    summed = select(of.c.act, func.sum(of.c.sufficient), func.sum(of.c.repeats)).group_by(of.c.act)
    return {act: (cases, again) for act, cases, again in session.execute(summed) if cases}


def by_hand(session: Session, narrow: Narrow) -> dict[Act, tuple[int, int]]:
    """Of every case, whether one at its place, in whichever ward, came soon before it."""
    cases = session.scalars(
        select(Case).where(Case.state == CaseState.SUFFICIENT).order_by(Case.start_at, Case.id)
    ).all()
    counted = set(session.scalars(narrow(select(Case.id), Case.ward_id)))
    last: dict[Act, datetime] = {}
    found: dict[Act, tuple[int, int]] = {}
    for case in cases:
        before = last.get(case.act)
        repeats = before is not None and case.start_at - before <= REPEAT_WITHIN
        last[case.act] = case.start_at
        if case.id in counted:
            had = found.get(case.act, (0, 0))
            found[case.act] = (had[0] + 1, had[1] + repeats)
    return found


def _day(day: int) -> date:
    return (NOON + timedelta(days=day)).date()
