"""What repeats in many wards together is what the cases say, however long ago the last one was."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from tests.api.cases_at_places import NOON, add_cases
from viahe_api import summaries
from viahe_api.database import Database
from viahe_api.figures import BLACK_SPOT
from viahe_api.folded_repeats import FoldedRepeats, WardRepeats, black_spots, folded_repeats
from viahe_api.periods import Period, free
from viahe_api.repeating import REPEAT_WITHIN
from viahe_api.scope import S
from viahe_api.summary_keeping import take_up_some
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import Case, Ward

DAYS = 600
LATER = 1000
"""What is added to the ids of cases that came after others were taken up."""
AS_CLOSE = REPEAT_WITHIN.total_seconds() / 86400
cases = st.lists(
    st.tuples(
        st.one_of(st.integers(0, DAYS), st.sampled_from([0.0, AS_CLOSE, AS_CLOSE + 1e-4])),
        st.integers(1, 2),  # ward
        st.integers(1, 2),  # camera, which stood in either ward
        st.sampled_from(["zone-1", "zone-2"]),
        st.booleans(),  # whether it was taken up before the others came
    ),
    max_size=12,
)
days = st.integers(0, DAYS).map(lambda day: (NOON + timedelta(days=day)).date())
periods = st.tuples(days, days).map(lambda pair: free(min(pair), max(pair)))


@settings(max_examples=40)
@given(cases, periods)
def test_repeats_are_those_of_the_cases_whichever_summaries_hold(
    database: Database, found: list[tuple[float, int, int, str, bool]], period: Period
) -> None:
    expected = counted_by_hand(found, period)
    fill(database, found)
    with database.reading() as session:
        reading = SummaryReading(session, everywhere)
        ours = folded_repeats(reading, period, named=3)
        spots, number = black_spots(reading, period, None, most=3)
        of_wards = [
            black_spots(reading, period, ward.code, most=3)[1]
            for ward in session.scalars(select(Ward).order_by(Ward.id))
        ]
    assert ours.by_ward == expected.by_ward
    assert ours.repeating == expected.repeating
    assert [(place.repeats, place.sufficient) for place in ours.worst] == [
        (repeats, sufficient) for sufficient, repeats in worst_by_hand(found, period)[:3]
    ]
    in_all = [pair for pair in worst_by_hand(found, period) if pair[0] >= BLACK_SPOT]
    assert [(place.sufficient, place.repeats) for place in spots] == in_all[:3]
    assert number == len(in_all)
    assert of_wards == [
        expected.by_ward.get(ward, WardRepeats()).black_spots for ward in range(1, 3)
    ]


def test_a_busy_place_that_paused_for_more_than_half_a_year_begins_anew(
    database: Database,
) -> None:
    """In a period of more than a year all but two cases repeat: the first, and the first after
    the pause."""
    busy = [(float(day), 1, 1, "zone-1", True) for day in (0, 100, 200, 400, 401)]
    fill(database, busy)
    with database.reading() as session:
        found = folded_repeats(
            SummaryReading(session, everywhere), free(date(2025, 1, 1), date(2026, 4, 1)), named=1
        )
    assert found.by_ward == {1: WardRepeats(5, 3, 1)}


def test_of_two_wards_cases_of_one_moment_that_which_came_first_is_the_first(
    database: Database,
) -> None:
    together = [(0.0, 1, 1, "zone-1", False)] * 11 + [(0.0, 2, 1, "zone-1", True)]
    fill(database, together)
    with database.reading() as session:
        found = folded_repeats(
            SummaryReading(session, everywhere), free(date(2025, 1, 1), date(2025, 1, 14)), named=1
        )
    assert found.by_ward == {1: WardRepeats(11, 11, 1), 2: WardRepeats(1, 0, 0)}


def fill(database: Database, found: list[tuple[float, int, int, str, bool]]) -> None:
    """Those taken up are summarised; the others are still noted."""
    with database.writing() as session:
        session.execute(delete(Case))
    with database.writing() as session:
        summaries.rebuild(session)
    for taken_up in (True, False):
        with database.writing() as session:
            add_cases(
                session,
                (
                    (number if taken_up else LATER + number, day, ward, camera, zone)
                    for number, (day, ward, camera, zone, first) in enumerate(found)
                    if first is taken_up
                ),
            )
        while taken_up and take_up_some(database):
            pass


def at(day: float) -> datetime:
    return NOON + timedelta(days=day)


def places_by_hand(
    found: list[tuple[float, int, int, str, bool]], period: Period
) -> dict[tuple[int, str], list[tuple[int, bool]]]:
    """Of each place the ward of every case of the period, and whether it repeats."""
    of: defaultdict[tuple[int, str], list[tuple[datetime, int]]] = defaultdict(list)
    for day, ward, camera, zone, _ in sorted(found, key=lambda case: not case[-1]):
        of[camera, zone].append((at(day), ward))
    places = {}
    for place, moments in of.items():
        moments.sort(key=lambda case: case[0])  # of one moment, as they were taken up
        before = [None, *(moment for moment, _ in moments)]
        inside = [
            (ward, last is not None and moment - last <= REPEAT_WITHIN)
            for (moment, ward), last in zip(moments, before, strict=False)
            if period.start <= moment < period.end
        ]
        if inside:
            places[place] = inside
    return places


def counted_by_hand(
    found: list[tuple[float, int, int, str, bool]], period: Period
) -> FoldedRepeats:
    by_ward: defaultdict[int, WardRepeats] = defaultdict(WardRepeats)
    repeating = 0
    for inside in places_by_hand(found, period).values():
        for ward, repeats in inside:
            by_ward[ward] += WardRepeats(1, int(repeats), 0)
        repeating += any(repeats for _, repeats in inside)
        if len(inside) >= BLACK_SPOT:
            wards = [ward for ward, _ in inside]
            most = max(set(wards), key=lambda ward: (wards.count(ward), ward))
            by_ward[most] += WardRepeats(0, 0, 1)
    return FoldedRepeats(dict(by_ward), (), repeating)


def worst_by_hand(
    found: list[tuple[float, int, int, str, bool]], period: Period
) -> list[tuple[int, int]]:
    """Cases and repeats of each place, those that repeat most first."""
    places = places_by_hand(found, period)
    pairs = [(len(of), sum(repeats for _, repeats in of)) for of in places.values()]
    return sorted(pairs, key=lambda pair: (-pair[1], -pair[0]))


def everywhere(statement: S, _ward_id: object, /) -> S:
    return statement
