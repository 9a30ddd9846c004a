"""No function hands out, or changes, what belongs to a ward the viewer has no role in."""

import inspect
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from tests.api.by_hand import a_draft, photos
from tests.api.house import House, a_suspicion
from tests.api.photos import a_photo
from tests.api.viewer_questions import (
    HANDLES,
    LISTS,
    MARK,
    MODULES,
    ONES,
    OURS,
    SHOW_WHAT_THEY_ARE_GIVEN,
    THEIRS,
    Ask,
)
from viahe_api import (
    access,
    cameras,
    cases,
    hand_reports,
)
from viahe_api.errors import Refusal
from viahe_api.queue_news import QueueNews
from viahe_api.records import QueuePage
from viahe_api.report import Report
from viahe_api.scope import Viewer
from viahe_api.tables import (
    Case,
    ConnectionTest,
    Decision,
    FieldTask,
    Grant,
    WardReason,
)
from viahe_api.vocabulary import (
    CAMERA_READERS,
    CASE_DECIDERS,
    RejectReason,
    Role,
    Verdict,
)

roles = st.sets(st.sampled_from(list(Role)))


@pytest.fixture
def town(house: House) -> House:
    """A case in Tây Hồ and two in Hồng Hà, one of them decided, with its name all over."""
    house.report()
    for number in range(1, THEIRS + 1):
        house.report(a_suspicion(f"theirs-{number}", label=MARK), ward="hong-ha")
    with house.database.writing() as session:
        decision = cases.decide(
            session,
            house.viewer("hoa"),
            "theirs-2",
            Verdict.MORE,
            form_id="theirs",
            now=house.now,
            note=MARK,
        )
        assert decision.id == 1
        camera = cameras.find_camera(
            session, house.viewer("hoa"), house.camera_id("hong-ha"), *CAMERA_READERS
        )
        camera.still_at = house.now
        session.add(
            ConnectionTest(
                camera_id=camera.id,
                asked_by_id=house.viewer("quan").account_id,
                asked_at=house.now,
                has_still=True,
            )
        )
        ward_id = house.device("hong-ha").ward_id
        session.add(
            WardReason(
                ward_id=ward_id,
                code="w1",
                meaning=RejectReason.PASSERS_BY,
                name_vi=MARK,
                name_en=MARK,
                digit="",
                offered=True,
            )
        )
        mine = hand_reports.enter(
            session,
            house.viewer("hoa"),
            a_draft(house, "hong-ha", street=MARK),
            photos(a_photo()),
            form_id="theirs",
            now=house.now,
        )
        assert not mine.complete
        session.add(
            FieldTask(
                case_id=session.scalars(select(Case.id).where(Case.key == "theirs-1")).one(),
                officer_id=house.viewer("lan").account_id,
                asked_by_id=house.viewer("hoa").account_id,
                form_id="theirs",
                to_check=MARK,
                asked_at=house.now,
            )
        )
    return house


def _granted(house: House, here: set[Role], there: set[Role]) -> Viewer:
    """Lan, holding exactly these roles in Tây Hồ and in Hồng Hà."""
    lan = house.viewer("lan")
    with house.database.writing() as session:
        session.execute(delete(Grant).where(Grant.account_id == lan.account_id))
        for ward, held in (("tay-ho", here), ("hong-ha", there)):
            ward_id = house.device(ward).ward_id
            session.add_all(
                Grant(account_id=lan.account_id, ward_id=ward_id, role=role) for role in held
            )
    return house.viewer("lan")


def _asked(house: House, viewer: Viewer, ask: Ask) -> Any:
    """What the function returns, None if it refuses."""
    with house.database.reading() as session:
        try:
            return ask(session, viewer, house)
        except Refusal:
            return None


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(here=roles, there=roles)
def test_lists_and_counts_hold_the_granted_wards_alone(
    town: House, here: set[Role], there: set[Role]
) -> None:
    viewer = _granted(town, here, there)
    for name, (ask, opening) in LISTS.items():
        answer = _asked(town, viewer, ask)
        if not there & set(opening):
            assert MARK not in repr(answer), name
        if not (here | there) & set(opening):
            assert not answer or not any(_counts(answer)), name
        expected = bool(here & set(opening)) * OURS + bool(there & set(opening)) * THEIRS
        for count in _counts(answer):
            assert count == expected, name


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(here=roles, there=roles)
def test_one_thing_of_another_ward_opens_to_the_roles_held_there(
    town: House, here: set[Role], there: set[Role]
) -> None:
    barred = {Role.ADMINISTRATOR, Role.OFFICIAL, Role.SUPERVISOR}
    viewer = _granted(town, here, there)
    for name, (ask, opening) in ONES.items():
        opened = bool(there & set(opening))
        if opening == CASE_DECIDERS or name in HANDLES:
            opened = opened and not there & barred
        with town.database.writing() as session:
            try:
                ask(session, viewer, town)
            except Refusal:
                assert not opened, f"{name} was closed"
            else:
                assert opened, f"{name} was open"
            session.rollback()


def test_a_role_withdrawn_a_moment_ago_no_longer_counts(town: House) -> None:
    remembered = town.viewer("hoa")
    with town.database.writing() as session:
        session.execute(delete(Grant).where(Grant.account_id == remembered.account_id))
    assert _asked(town, remembered, LISTS["queue"][0]).total == 0
    assert _asked(town, remembered, ONES["case_detail"][0]) is None


def test_every_function_that_takes_a_viewer_is_tried_here() -> None:
    tried = LISTS.keys() | ONES.keys() | SHOW_WHAT_THEY_ARE_GIVEN
    assert _functions_with_a_viewer() - tried == set()


def test_no_query_reads_cases_or_cameras_past_the_scope() -> None:
    """Outside these modules only devices, whose token names one ward, and the machine's owner
    read the tables of cases and cameras."""
    owners = {"reception", "seeding", "integrity", "tables", "zones", "coverage", "cli"}
    owners |= {"device_configuration", "reviewed_pictures", "evidence_removal", "summaries"}
    owners |= {"summary_differences"}
    owners |= {"repeating"}  # days of places, of which `summary_reading` takes its own wards'
    owners |= {"adjustments", "adjustment_causes", "outcome_adjustments"}  # of one report's ward
    owners |= {"retention", "case_line_names"}  # of what was found within it
    package = Path(inspect.getfile(access)).parent
    readers = {
        path.stem
        for path in package.rglob("*.py")
        if any(f"select({table}" in path.read_text() for table in ("Case", "Camera"))
    }
    scoped = {
        path.stem
        for path in package.rglob("*.py")
        if any(narrowing in path.read_text() for narrowing in ("scoped(", " matching(", "narrow("))
    }
    assert readers - owners <= scoped


def _counts(answer: Any) -> tuple[int, ...]:
    if isinstance(answer, QueuePage):
        return (answer.total, answer.waiting, len(answer.rows))
    if isinstance(answer, QueueNews):
        return (answer.fresh, len(answer.waiting or ()))
    if isinstance(answer, Report):
        return (answer.figures.counts.recorded,)
    return ()


def _functions_with_a_viewer() -> set[str]:
    return {
        name
        for module in MODULES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_")
        and function.__module__.startswith("viahe_api.")
        and function.__module__ in {m.__name__ for m in MODULES}
        and "viewer" in inspect.signature(function).parameters
    }


def test_the_property_would_notice_a_leak(town: House) -> None:
    """A decision of Hồng Hà really carries the mark the property looks for."""
    with town.database.reading() as session:
        assert session.get_one(Decision, 1).note == MARK
    assert MARK in repr(_asked(town, town.viewer("hoa"), LISTS["queue"][0]))
