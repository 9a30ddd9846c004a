"""A city's worth of generated cases, decisions and camera hours, written as rows."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.orm import Session

from tests.api.house import House
from viahe_api import seeding, seen_totals
from viahe_api.tables import Account, Camera, CameraHours, Case, Decision, Ward
from viahe_api.vocabulary import CaseState, RejectReason, Verdict
from viahe_rules.domain import Act

FIRST = datetime(2025, 10, 1, tzinfo=UTC)
STATES = list(CaseState)
WEIGHTS = [4, 2, 40, 8, 30, 6, 1, 1]
"""How often each state of STATES occurs."""
VERDICTS = {
    CaseState.SUFFICIENT: (Verdict.CONFIRM, None),
    CaseState.INSUFFICIENT: (Verdict.REJECT, RejectReason.PICTURE_TOO_POOR.value),
    CaseState.NOT_VIOLATION: (Verdict.REJECT, RejectReason.PASSERS_BY.value),
    CaseState.DUPLICATE: (Verdict.DUPLICATE, None),
    CaseState.NEEDS_MORE: (Verdict.MORE, None),
}
BATCH = 10_000


def settle(
    house: House,
    *,
    cases: int,
    days: int = 420,
    cameras: int = 6,
    first: datetime = FIRST,
    seed: int = 1,
    hours: bool = True,
) -> None:
    """Add cameras to the house's two wards, and cases spread over `days` from `first` on;
    one in fifty lies within a second of a local midnight."""
    chance = random.Random(seed)
    with house.database.writing() as session:
        places = _cameras(session, house, cameras, first)
        operators = list(session.scalars(select(Account.id).order_by(Account.id)))
        connection = session.connection()
        for begin in range(0, cases, BATCH):
            rows = [
                _case(chance, number, places, first, days)
                for number in range(begin + 1, min(begin + BATCH, cases) + 1)
            ]
            _add(connection, Case, rows)
            _add(connection, Decision, list(_decisions(chance, rows, operators)))
        if hours:
            for camera_id, _ in places:
                _add(connection, CameraHours, _hours(chance, camera_id, first, days))
            seen_totals.rebuild(session)


def _cameras(session: Session, house: House, count: int, first: datetime) -> list[tuple[int, int]]:
    """Camera and ward ids."""
    for ward in ("tay-ho", "hong-ha"):
        device = house.device(ward).id
        for number in range(count):
            place = seeding.CameraPlace(
                f"Camera {number:03}",
                f"Số {number} phố {number % 3}",
                f"Phố {number % 3}",
                f"TDP {number % 4}" if number % 4 else None,
            )
            seeding.add_camera(session, device, f"crowd-{number}", place, now=first)
    rows = session.execute(select(Camera.id, Camera.ward_id).join(Ward).order_by(Camera.id))
    return [(camera, ward) for camera, ward in rows]


def _case(
    chance: random.Random,
    number: int,
    places: Sequence[tuple[int, int]],
    first: datetime,
    days: int,
) -> dict[str, Any]:
    camera_id, ward_id = places[min(int(chance.expovariate(3) * len(places)), len(places) - 1)]
    start = first + timedelta(seconds=chance.uniform(0, days * 86400))
    if chance.random() < 0.02:
        midnight = start.replace(hour=17, minute=0, second=0, microsecond=0)
        start = midnight + timedelta(microseconds=chance.randint(-1_000_000, 1_000_000))
    state = chance.choices(STATES, WEIGHTS)[0]
    act = chance.choice(list(Act))
    complete = chance.random() < 0.99
    return {
        "id": number,
        "ward_id": ward_id,
        "camera_id": camera_id,
        "key": f"crowd-{number}",
        "code": f"C-{number}",
        "content_sha256": "0" * 64,
        "act": act,
        "run": "run-1",
        "zone": f"zone-{chance.randint(1, 3)}",
        "zone_version": 1,
        "rule": f"{act}-1",
        "label": chance.choice(["rubbish", "car", "group"]),
        "place": [0.4, 0.6, 0.5, 0.7],
        "start_t": 0.0,
        "end_t": 60.0,
        "score": round(chance.random(), 3),
        "left_by": None,
        "reasons": [],
        "thresholds": [],
        "start_at": start,
        "end_at": start + timedelta(minutes=1),
        "clock_offset_s": 0.1,
        "clock_source": "arrival",
        "model_name": "street",
        "model_sha256": "a" * 64,
        "detector": "0.1.0",
        "recorded_s": 60.0,
        "missing_s": 0.0,
        "state": state,
        "received_at": start + timedelta(minutes=2),
        "completed_at": start + timedelta(minutes=3) if complete else None,
    }


def _decisions(
    chance: random.Random, rows: Sequence[dict[str, Any]], accounts: Sequence[int]
) -> Iterator[dict[str, Any]]:
    for row in rows:
        verdict, reason = VERDICTS.get(row["state"], (None, None))
        if verdict is None:
            continue
        at = row["start_at"] + timedelta(seconds=chance.expovariate(1 / 86400))
        undone = chance.random() < 0.05
        yield {
            "ward_id": row["ward_id"],
            "case_id": row["id"],
            "account_id": chance.choice(accounts),
            "form_id": f"form-{row['id']}",
            "verdict": verdict,
            "reason": reason,
            "duplicate_of_id": None,
            "note": "",
            "state_before": CaseState.WAITING,
            "state_after": row["state"],
            "at": at,
            "undone_at": at if undone else None,
        }


def _hours(
    chance: random.Random, camera_id: int, first: datetime, days: int
) -> list[dict[str, Any]]:
    return [
        {
            "camera_id": camera_id,
            "session": f"session-{number // 500}",
            "hour": first + timedelta(hours=number),
            "seen_s": 3600.0 if chance.random() < 0.9 else chance.uniform(0, 3600),
        }
        for number in range(days * 24)
        if chance.random() < 0.97
    ]


def _add(connection: Connection, kind: type[Any], rows: Sequence[dict[str, Any]]) -> None:
    table: Table = kind.__table__
    if rows:
        connection.execute(insert(table), list(rows))
