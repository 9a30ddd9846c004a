"""Cases with sufficient grounds at zones of cameras, put down as rows: of many a test counts what
repeats."""

import shutil
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import pytest
from sqlalchemy.orm import Session

from tests.api.city import SAME
from tests.api.rows import add_rows
from viahe_api.database import Database

NOON = datetime(2025, 1, 1, 5, tzinfo=UTC)
"""Of the first day, in Ha Noi."""
AtPlace: TypeAlias = tuple[int, float, int, int, str]
"""The id of a case, days from NOON to when it began, its ward and camera, and the zone."""

WITH_GROUNDS = SAME | {
    "act": "dumping",
    "label": "rubbish",
    "state": "sufficient",
    "source": "camera",
    "end_at": "2025-01-01 00:00:00.000000",
    "received_at": "2025-01-01 00:00:00.000000",
    "completed_at": "2025-01-01 00:00:00.000000",
}


@pytest.fixture(scope="module")
def database(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A house of a module's own, which its tests fill anew."""
    folder = tmp_path_factory.mktemp("cases")
    database = Database(f"sqlite:///{shutil.copy(furnished / 'viahe.sqlite3', folder)}")
    yield database
    database.close()


def add_cases(session: Session, cases: Iterable[AtPlace]) -> None:
    columns = ["id", "key", "code", "start_at", "ward_id", "camera_id", "zone"]
    rows = (
        (number, f"k-{number}", f"c-{number}", _stored(day), ward, camera, zone)
        for number, day, ward, camera, zone in cases
    )
    add_rows(session.connection(), "review_case", columns, rows, WITH_GROUNDS)


def _stored(day: float) -> str:
    moment = NOON + timedelta(days=day)
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds")
