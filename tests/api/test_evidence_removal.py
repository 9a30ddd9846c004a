"""Evidence whose time is over goes some at a time: whoever decides meanwhile hardly waits."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, text

from tests.api.house import NOON, House, a_suspicion
from tests.waiting import until
from viahe_api import evidence_removal
from viahe_api.database import Database
from viahe_api.evidence_removal import remove_due_evidence, remove_some
from viahe_api.scheduled import Scheduled
from viahe_api.tables import EvidenceRemoval


def overdue(house: House, number: int) -> list[str]:
    """Codes of so many cases whose evidence is to go by now."""
    codes = [house.report(a_suspicion(f"key-{each}")) for each in range(number)]
    house.clock.now = NOON + timedelta(days=31)
    return codes


def gone(house: House) -> int:
    with house.database.reading() as session:
        erased = EvidenceRemoval.erased_at.is_not(None)
        return session.scalars(select(func.count()).where(erased)).one()


def has_clip(house: House, code: str) -> bool:
    return house.store.case_file("tay-ho", code, "clip.mp4").exists()


def test_so_many_go_at_once_and_a_run_removes_all(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_removal, "AT_ONCE", 2)
    monkeypatch.setattr(evidence_removal, "REST_S", 0.0)
    codes = overdue(house, 7)
    assert len(remove_some(house.database, house.store, now=house.now)) == 2
    assert (gone(house), sum(has_clip(house, code) for code in codes)) == (2, 5)
    assert len(remove_due_evidence(house.database, house.store, now=house.now)) == 5
    assert (gone(house), any(has_clip(house, code) for code in codes)) == (7, False)
    assert remove_some(house.database, house.store, now=house.now) == ()


def test_beside_the_server_the_next_go_after_a_rest_and_not_at_the_next_look(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_removal, "AT_ONCE", 2)
    overdue(house, 3)
    database = Database(house.settings.database)
    with Scheduled(database, house.clock, house.store, every_s=3600.0):
        until(lambda: gone(house) == 3)
    database.close()


def test_what_is_due_is_looked_for_before_others_have_to_wait_and_asked_again_then(
    house: House,
) -> None:
    """Somebody opens one of the two in between."""
    opened, other = overdue(house, 2)
    opening = text("UPDATE review_case SET lease_until = :until WHERE code = :code")
    beside = Database(house.settings.database)
    heard: list[str] = []
    with house.database.writing() as session:
        session.connection()

        def open_it(_connection: object, _cursor: object, said: str, *_: object) -> None:
            heard.append(said)
            if said == "BEGIN IMMEDIATE" and heard.count(said) == 1:
                session.execute(opening, {"until": house.now + timedelta(hours=1), "code": opened})
                session.commit()

        event.listen(beside.engine, "before_cursor_execute", open_it)
        (removed,) = remove_some(beside, house.store, now=house.now)
    beside.close()
    before = heard[: heard.index("BEGIN IMMEDIATE")]
    assert any("FROM review_case" in said for said in before)
    assert removed.case == other
    assert has_clip(house, opened)
    assert not has_clip(house, other)


def test_a_folder_that_cannot_be_erased_is_said_and_holds_up_no_other(
    house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody had moved it to another disk, and left a link to it."""
    moved, other = overdue(house, 2)
    folder = house.store.case_file("tay-ho", moved, "clip.mp4").parent
    elsewhere = folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(elsewhere)
    remove_due_evidence(house.database, house.store, now=house.now)
    assert (gone(house), has_clip(house, other)) == (1, False)
    assert f"the evidence of case {moved} of tay-ho is not erased" in caplog.text
    folder.unlink()
    elsewhere.rename(folder)
    remove_due_evidence(house.database, house.store, now=house.now)
    assert (gone(house), has_clip(house, moved)) == (2, False)
