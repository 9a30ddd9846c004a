"""A database in use is brought up to date with all it has."""

from datetime import datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import MetaData, func, select, text
from sqlalchemy.exc import IntegrityError

from viahe_api.database import Database, _alembic
from viahe_api.tables import Case, Decision, EvidenceFile, HandlingStep, Permit
from viahe_api.vocabulary import Source

AT = datetime(2026, 11, 1, 5)  # noqa: DTZ001 - as the column has it
BEFORE_REPORTS_BY_HAND = "0007"
TYPED = {"at": AT, "note": "", "account_id": 1, "case_id": 1, "form_id": "f"}


@pytest.fixture
def old(tmp_path: Path) -> Database:
    """A database of the revision before cases were entered by hand, with one case in it."""
    database = Database(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    engine = database.engine.execution_options(viahe_writes=True, viahe_migrates=True)
    with engine.begin() as connection:
        command.upgrade(_alembic(connection), BEFORE_REPORTS_BY_HAND)
        tables = MetaData()
        tables.reflect(connection)
        for name, row in rows().items():
            connection.execute(tables.tables[name].insert().values(row))
    return database


def rows() -> dict[str, dict[str, object]]:
    person = {"login": "lan", "name": "Lan", "password_hash": "x", "created_at": AT}
    camera = {
        "id": 1,
        "ward_id": 1,
        "device_id": 1,
        "slug": "c",
        "name": "C",
        "address": "Số 1",
        "street": "",
        "owner": "",
        "device_kind": "private",
        "notice_posted": True,
        "searched": "c",
        "created_at": AT,
        "state": "online",
        "state_detail": "",
    }
    case = {
        "id": 1,
        "ward_id": 1,
        "camera_id": 1,
        "key": "k",
        "code": "TH-2611-0001",
        "content_sha256": "0" * 64,
        "act": "dumping",
        "run": "r",
        "zone": "z",
        "zone_version": 1,
        "rule": "d",
        "label": "rubbish",
        "place": [0, 0, 1, 1],
        "start_t": 0.0,
        "end_t": 1.0,
        "score": 0.9,
        "reasons": [],
        "thresholds": [],
        "start_at": AT,
        "end_at": AT,
        "clock_source": "arrival",
        "model_name": "m",
        "model_sha256": "0" * 64,
        "detector": "1",
        "state": "sufficient",
        "received_at": AT,
        "completed_at": AT,
        "handling": "handed_over",
    }
    file = {"kind": "clip", "media_type": "video/mp4", "sha256": "0" * 64, "size": 1}
    states = {"state_before": "waiting", "state_after": "sufficient"}
    return {
        "ward": {"id": 1, "code": "tay-ho", "name": "Phường Tây Hồ"},
        "account": {"id": 1, **person},
        "device": {"id": 1, "ward_id": 1, "name": "d", "token_hash": "t", "created_at": AT},
        "camera": camera,
        "review_case": case,
        "evidence_file": {"case_id": 1, "name": "clip.mp4", **file},
        "decision": {"id": 1, "verdict": "confirm", **states, **TYPED},
        "handling_step": {"id": 1, "step": "handed_over", "number": "", **TYPED},
    }


def test_nothing_is_lost_on_the_way(old: Database) -> None:
    old.migrate()
    assert old.is_current()
    with old.reading() as session:
        case = session.scalars(select(Case)).one()
        assert (case.camera_id, case.source, case.place) == (1, Source.CAMERA, [0, 0, 1, 1])
        assert session.scalars(select(HandlingStep.ward_id)).all() == [case.ward_id]
        for table in (Decision, EvidenceFile, HandlingStep):
            assert session.scalar(select(func.count()).select_from(table)) == 1


def test_a_permit_in_force_covers_from_then_on_what_its_purpose_names(old: Database) -> None:
    definitions = {
        number: {"id": str(number), "purpose": purpose, "acts": ["encroachment"]}
        for number, purpose in enumerate(("d", "b"), start=1)
    }
    engine = old.engine.execution_options(viahe_writes=True, viahe_migrates=True)
    with engine.begin() as connection:
        tables = MetaData()
        tables.reflect(connection)
        for number, definition in definitions.items():
            row = {"id": number, "camera_id": 1, "number": str(number), "holder": "A"}
            written = row | {"definition": definition, "made_at": AT}
            connection.execute(tables.tables["permit"].insert().values(written))
    old.migrate()
    with old.reading() as session:
        kept = dict(session.execute(select(Permit.id, Permit.definition)).all())
    assert "chair" in kept[1]["things"]
    assert "thing" not in kept[1]["things"]
    assert kept[2] == definitions[2]


def test_references_are_kept_to_again_afterwards(old: Database) -> None:
    old.migrate()
    with pytest.raises(IntegrityError), old.writing() as session:
        session.execute(text("UPDATE decision SET case_id = 99"))


def test_a_migration_that_would_leave_loose_ends_is_taken_back(old: Database) -> None:
    engine = old.engine.execution_options(viahe_writes=True, viahe_migrates=True)
    with engine.begin() as connection:
        connection.execute(text("UPDATE evidence_file SET case_id = 99"))
    with pytest.raises(RuntimeError, match="refer to nothing"):
        old.migrate()
    assert not old.is_current()
