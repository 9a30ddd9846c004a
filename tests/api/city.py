"""A city of cases for tests and measurements: wards, cameras, people, three years of rows.

`python -m tests.api.city sqlite:////tmp/city.sqlite3 --cases 5000000` fills an empty database.
The same seed gives the same rows, on SQLite and on PostgreSQL.
"""

import argparse
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from tests.api.rows import add_rows
from viahe_api import auth, seeding, seen_totals, summaries
from viahe_api.database import Database
from viahe_api.tables import Account, Grant
from viahe_api.vocabulary import CaseState, Handling, Role, Source, Verdict
from viahe_api.zones import ZoneDraft
from viahe_rules.domain import Act
from viahe_rules.plan import Rule, Surface

LAST = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
PASSWORD = "mat-khau-cua-can-bo"
TRIANGLE = ((0.1, 0.5), (0.9, 0.5), (0.5, 0.9))

Texts: TypeAlias = "NDArray[np.str_]"

DECIDED = {
    CaseState.NEEDS_MORE: 0.015,
    CaseState.EXPIRED: 0.005,
    CaseState.SUFFICIENT: 0.46,
    CaseState.INSUFFICIENT: 0.1,
    CaseState.NOT_VIOLATION: 0.33,
    CaseState.DUPLICATE: 0.08,
    CaseState.INTEGRITY_ERROR: 0.01,
}
"""How often each state is that of a case older than OPEN_DAYS."""
FRESH = {
    CaseState.WAITING: 0.75,
    CaseState.NEEDS_MORE: 0.05,
    CaseState.SUFFICIENT: 0.1,
    CaseState.INSUFFICIENT: 0.02,
    CaseState.NOT_VIOLATION: 0.07,
    CaseState.DUPLICATE: 0.01,
}
OPEN_DAYS = 10
ACTS = np.array(["dumping", "encroachment"])
VERDICTS = {
    CaseState.SUFFICIENT.value: (Verdict.CONFIRM.value, None),
    CaseState.INSUFFICIENT.value: (Verdict.REJECT.value, "8"),
    CaseState.NOT_VIOLATION.value: (Verdict.REJECT.value, "1"),
    CaseState.DUPLICATE.value: (Verdict.DUPLICATE.value, None),
    CaseState.NEEDS_MORE.value: (Verdict.MORE.value, None),
}
HOURS = np.array([1, 1, 1, 1, 2, 4, 7, 9, 8, 6, 5, 5, 5, 4, 4, 5, 8, 10, 10, 9, 7, 5, 3, 2.0])
"""How busy each local hour of the day is."""
BY_HAND = 0.08
"""The share of cases that people entered; of these a third names a camera near the place."""
SOURCES = np.array([Source.CITIZEN.value, Source.PATROL.value])
WARDS = (
    "Tây Hồ",
    "Hồng Hà",
    "Ô Chợ Dừa",
    "Văn Miếu - Quốc Tử Giám",
    "Vĩnh Tuy",
    "Nghĩa Đô",
    "Phú Thượng",
    "Xuân Đỉnh",
    "Thượng Cát",
    "Đông Ngạc",
)
"""Names of the first wards; the others have numbers."""
CLOCKS = np.array([0.1, 4.5, -40.0, np.nan])
CLOCKS_OFTEN = (0.96, 0.02, 0.01, 0.01)
"""Seconds a camera's clock is off, and how often; not a number is not known."""
STREETS = (
    "Lạc Long Quân",
    "Nguyễn Hoàng Tôn",
    "Đặng Thai Mai",
    "Vũ Tuấn Chiêu",
    "Xuân Diệu",
    "Ngõ 52 Tô Ngọc Vân",
    "Âu Cơ",
)
FILLED = frozenset(
    {"review_case", "hand_report", "decision", "handling_step", "handling_undo", "camera_hours"}
)
"""Tables that get rows by the million."""
AT_EDGES = 0.02
"""The share of cases that lie within a second of a local midnight."""
AT_ONCE = 100_000
CACHE_KIB = 2 << 20
"""For SQLite: its indexes are filled out of order."""
PEOPLE = {"official": (Role.OFFICIAL,), "approver": (Role.APPROVER,)}
"""Who holds which roles in every ward; `ward-official` and `ward-approver` in the first alone."""
SAME = {
    "content_sha256": "0" * 64,
    "run": "run-1",
    "zone_version": 1,
    "rule": "rule-1",
    "place": "[0.4, 0.6, 0.5, 0.7]",
    "start_t": 0.0,
    "end_t": 60.0,
    "score": 0.9,
    "reasons": "[]",
    "thresholds": "[]",
    "clock_source": "arrival",
    "model_name": "street",
    "model_sha256": "a" * 64,
    "detector": "0.1.0",
    "recorded_s": 60.0,
    "missing_s": 0.0,
}


@dataclass(frozen=True, slots=True)
class City:
    """How much of everything; `last` is the moment up to which there are rows."""

    cases: int
    wards: int = 126
    cameras_a_ward: int = 10
    days: int = 1096
    last: datetime = LAST
    seed: int = 1

    @property
    def first(self) -> datetime:
        """A local midnight."""
        return (self.last - timedelta(days=self.days)).replace(hour=17, minute=0)


def build(database: Database, city: City) -> None:
    """Fill a migrated, empty database, its summaries too."""
    with database.writing() as session:
        _people_and_places(session, city)
    with database.writing() as session:
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.execute(text(f"PRAGMA cache_size = -{CACHE_KIB}"))
        set_aside = _set_aside(connection)
        _Cases(connection, city).add()
        _add_hours(connection, city)
        for statement in set_aside:
            connection.exec_driver_sql(statement)
    if database.engine.dialect.name == "postgresql":
        with database.writing() as session:
            session.execute(text("ANALYZE"))
    with database.writing() as session:
        summaries.rebuild(session)
    with database.writing() as session:
        seen_totals.rebuild(session)
    with database.writing() as session:
        session.execute(text("ANALYZE"))


def _set_aside(connection: Connection) -> list[str]:
    """Indexes, and on SQLite triggers, that would be kept up row by row, gone until the returned
    statements make them again: what triggers note is rebuilt at the end anyway, and to keep one
    they make SQLite copy every page that a row touches."""
    if connection.dialect.name == "postgresql":
        rows = connection.execute(
            text(
                "SELECT 'INDEX', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
                " AND tablename = ANY(:filled) AND indexname LIKE 'ix%'"
            ),
            {"filled": list(FILLED)},
        ).all()
    else:
        rows = connection.execute(
            text("SELECT type, name, sql, tbl_name FROM sqlite_master WHERE sql IS NOT NULL")
        ).all()
        rows = [row[:3] for row in rows if row[0] in {"trigger", "index"} and row[3] in FILLED]
    for kind, name, _ in rows:
        connection.exec_driver_sql(f"DROP {kind} {name}")
    return [statement for _, _, statement in rows]


def _people_and_places(session: Session, city: City) -> None:
    for number in range(1, city.wards + 1):
        code = f"phuong-{number:03}"
        name = WARDS[number - 1] if number <= len(WARDS) else f"{number:03}"
        ward = seeding.add_ward(session, code, f"Phường {name}", now=city.first)
        device, _ = seeding.add_device(session, code, "detector", now=city.first)
        for camera in range(1, city.cameras_a_ward + 1):
            street = STREETS[camera % len(STREETS)]
            place = seeding.CameraPlace(
                f"Camera {number:03}-{camera:02}",
                f"Số {camera * 7} {street}",
                street,
                f"TDP {camera % 6}" if camera % 6 else None,
            )
            added = seeding.add_camera(session, device, f"cam-{camera}", place, now=city.first)
            for zone in ("zone-1", "zone-2", "zone-3"):
                seeding.add_zone(session, added, _zone(zone), now=city.first)
        for name, roles in PEOPLE.items():
            for login in (name, f"ward-{name}") if number == 1 else (name,):
                account = _account(session, login, city)
                session.add_all(
                    Grant(account_id=account.id, ward_id=ward.id, role=role) for role in roles
                )
                session.flush()


def _zone(zone: str) -> ZoneDraft:
    rule = Rule(id="", act=Act.DUMPING, dwell=(("rubbish", 30.0),))
    return ZoneDraft(None, f"Vỉa hè {zone}", TRIANGLE, Surface.PAVEMENT, (rule,))


def _account(session: Session, login: str, city: City) -> Account:
    known = session.query(Account).filter_by(login=login).one_or_none()
    if known is None:
        known = Account(
            login=login,
            name=f"Cán bộ {login}",
            password_hash=auth.hash_password(PASSWORD),
            created_at=city.first,
        )
        session.add(known)
        session.flush()
    return known


class _Cases:
    """Cases in the order of their acts, with decisions and what came of them."""

    def __init__(self, connection: Connection, city: City) -> None:
        self._connection, self._city = connection, city
        self._chance = np.random.default_rng(city.seed)
        seats = connection.execute(text("SELECT id, ward_id FROM camera ORDER BY id")).all()
        order = self._chance.permutation(len(seats))
        self._seats = np.array([tuple(seat) for seat in seats])[order]
        self._people = connection.execute(text("SELECT id FROM account")).scalars().all()
        self._groups: dict[int, list[int | None]] = {ward: [None] for _, ward in self._seats}
        groups = connection.execute(text("SELECT id, ward_id FROM residential_group ORDER BY id"))
        for group, ward_id in groups:
            self._groups[ward_id].append(group)
        self._bases = (
            connection.execute(text("SELECT id FROM legal_basis ORDER BY id")).scalars().all()
        )
        self._steps = self._taken_up_to = 0

    def add(self) -> None:
        moments = self._moments()
        for begin in range(0, self._city.cases, AT_ONCE):
            self._add(begin + 1, moments[begin : begin + AT_ONCE])

    def _moments(self) -> "NDArray[np.datetime64]":
        """When the acts began, in UTC, in order."""
        chance, count = self._chance, self._city.cases
        first = np.datetime64(self._city.first.replace(tzinfo=None), "us")
        day = chance.integers(0, self._city.days, count)
        hour = chance.choice(24, count, p=HOURS / HOURS.sum())
        second = day * 86400 + hour * 3600 + chance.random(count) * 3600
        at_edge = chance.random(count) < AT_EDGES
        second[at_edge] = day[at_edge] * 86400 + chance.uniform(-1, 1, at_edge.sum())
        moments = first + (second * 1e6).astype("timedelta64[us]")
        last = np.datetime64(self._city.last.replace(tzinfo=None), "us")
        return np.sort(np.clip(moments, first, last))

    def _add(self, first_id: int, start: "NDArray[np.datetime64]") -> None:
        chance, count = self._chance, len(start)
        ids = np.arange(first_id, first_id + count)
        seat = (chance.power(0.7, count) * len(self._seats)).astype(int)
        camera, ward = self._seats[seat].T
        age = np.datetime64(self._city.last.replace(tzinfo=None), "us") - start
        fresh = age < np.timedelta64(OPEN_DAYS, "D")
        state = np.where(fresh, self._states(FRESH, count), self._states(DECIDED, count))
        handling = np.where(
            (state == "sufficient") & ~fresh & (chance.random(count) < 0.3), "closed", ""
        )
        complete = chance.random(count) < 0.995
        texts = _as_text(start)
        received = _as_text(start + np.timedelta64(180, "s"))
        act = ACTS[chance.integers(0, 2, count)]
        zone = np.array(["zone-1", "zone-2", "zone-3"])[chance.integers(0, 3, count)]
        label = np.array(["rubbish", "car", "group"])[chance.integers(0, 3, count)]
        by_hand = chance.random(count) < BY_HAND
        source = np.where(by_hand, SOURCES[chance.integers(0, 2, count)], Source.CAMERA.value)
        clock = CLOCKS[chance.choice(len(CLOCKS), count, p=CLOCKS_OFTEN)]
        unnamed = by_hand & (chance.random(count) < 2 / 3)
        zone, label = (np.where(by_hand, "", said) for said in (zone, label))
        columns = (ids, ward, camera, act, zone, label, texts, state, received, source, clock)
        rows = (
            (
                *row[:2],
                None if nowhere else row[2],
                *row[3:7],
                row[6],
                *row[7:10],
                row[10] if row[10] == row[10] else None,  # not a number: not known
                row[8] if done else None,
                step or None,
                f"k-{row[0]}",
                f"TH-{row[0]}",
            )
            for row, nowhere, done, step in zip(
                zip(*(column.tolist() for column in columns), strict=True),
                unnamed.tolist(),
                complete.tolist(),
                handling.tolist(),
                strict=True,
            )
        )
        add_rows(
            self._connection,
            "review_case",
            [
                "id",
                "ward_id",
                "camera_id",
                "act",
                "zone",
                "label",
                "start_at",
                "end_at",
                "state",
                "received_at",
                "source",
                "clock_offset_s",
                "completed_at",
                "handling",
                "key",
                "code",
            ],
            rows,
            SAME,
        )
        self._report(ids[by_hand], ward[by_hand])
        self._decide(ids, ward, state, start)
        handled = handling != ""
        self._handle(ids[handled], ward[handled], start[handled])

    def _states(self, often: Mapping[CaseState, float], count: int) -> Texts:
        words = np.array([state.value for state in often])
        return self._chance.choice(words, count, p=list(often.values()))

    def _report(self, ids: Any, wards: Any) -> None:
        """Where people said it was."""
        chance = self._chance
        groups = (chance.random(len(ids)) * 7).astype(int).tolist()
        streets = chance.integers(0, len(STREETS), len(ids)).tolist()
        rows = (
            (
                case,
                ward,
                self._people[0],
                self._groups[ward][group % len(self._groups[ward])],
                f"Trước số {case % 300} {STREETS[street]}",
                STREETS[street],
            )
            for case, ward, group, street in zip(
                ids.tolist(), wards.tolist(), groups, streets, strict=True
            )
        )
        add_rows(
            self._connection,
            "hand_report",
            ["case_id", "ward_id", "entered_by_id", "group_id", "address", "street"],
            rows,
            {"searched": "", "description": "Rác để trên vỉa hè"},
        )

    def _decide(self, ids: Any, wards: Any, state: Any, start: "NDArray[np.datetime64]") -> None:
        chance, people = self._chance, self._people
        decided = np.isin(state, list(VERDICTS))
        waited = (chance.exponential(0.5, decided.sum()) * 86400e6).astype("timedelta64[us]")
        at = _as_text(start[decided] + waited).tolist()
        undone = (chance.random(decided.sum()) < 0.05).tolist()
        by = chance.integers(0, len(people), decided.sum()).tolist()
        rows = (
            (ward, case, people[who], f"f-{case}", *VERDICTS[to], to, when, when if back else None)
            for ward, case, who, to, when, back in zip(
                wards[decided].tolist(),
                ids[decided].tolist(),
                by,
                state[decided].tolist(),
                at,
                undone,
                strict=True,
            )
        )
        add_rows(
            self._connection,
            "decision",
            [
                "ward_id",
                "case_id",
                "account_id",
                "form_id",
                "verdict",
                "reason",
                "state_after",
                "at",
                "undone_at",
            ],
            rows,
            {"note": "", "state_before": "waiting"},
        )

    def _handle(self, ids: Any, wards: Any, start: "NDArray[np.datetime64]") -> None:
        add_rows(
            self._connection,
            "handling_step",
            [
                "ward_id",
                "case_id",
                "account_id",
                "form_id",
                "step",
                "number",
                "day",
                "amount",
                "basis_id",
                "at",
                "acted_on",
            ],
            self._steps_of(ids, wards, start),
            {"note": ""},
        )
        add_rows(
            self._connection,
            "handling_undo",
            ["step_id", "account_id", "at"],
            self._taken_back(),
        )

    def _taken_back(self) -> list[Sequence[Any]]:
        """One of a hundred of the steps just added."""
        found = self._connection.execute(
            text(
                "SELECT id, account_id, at FROM handling_step"
                " WHERE id > :before AND id % 100 = 7 ORDER BY id"
            ),
            {"before": self._taken_up_to},
        ).all()
        newest = self._connection.execute(text("SELECT max(id) FROM handling_step")).scalar()
        self._taken_up_to = newest or 0
        return [(step, account, str(at)) for step, account, at in found]

    def _steps_of(
        self, ids: Any, wards: Any, start: "NDArray[np.datetime64]"
    ) -> Iterator[Sequence[Any]]:
        """Reminded, or recorded, sanctioned and paid; some a second time, corrected."""
        chance = self._chance
        fined = (chance.random(len(ids)) < 0.4).tolist()
        corrected = (chance.random(len(ids)) < 0.05).tolist()
        fine = (chance.integers(1, 40, len(ids)) * 50_000).tolist()
        entered = _as_text(start + np.timedelta64(4, "D")).tolist()
        of_entry = start + np.timedelta64(4 * 24 + 7, "h")
        entered_on = np.datetime_as_string(of_entry, unit="D").tolist()
        paper = np.datetime_as_string(start + np.timedelta64(3, "D"), unit="D").tolist()
        for place, (case, ward) in enumerate(zip(ids.tolist(), wards.tolist(), strict=True)):
            words: list[tuple[Handling, str | None, int | None]] = [(Handling.REMINDED, None, None)]
            if fined[place]:
                words = [
                    (Handling.RECORDED, paper[place], None),
                    (Handling.SANCTIONED, paper[place], fine[place]),
                    (Handling.COMPLIED, None, fine[place]),
                ]
            if corrected[place]:
                words.append(words[-1])
            for word, day, amount in ((Handling.HANDED_OVER, None, None), *words):
                self._steps += 1
                form, number = f"s-{self._steps}", f"{case}/QĐ" if day else ""
                basis = self._basis_of(case) if word is Handling.SANCTIONED else None
                acted_on = day or entered_on[place]
                paper_of = (number, day, amount, basis, entered[place], acted_on)
                yield ward, case, self._people[0], form, word.value, *paper_of

    def _basis_of(self, case: int) -> int | None:
        """One of the provisions on file, or in one case of many none."""
        return self._bases[case % len(self._bases)] if case % 31 else None


def _add_hours(connection: Connection, city: City) -> None:
    """Nine hours in ten seen whole, two in a hundred not at all."""
    first = np.datetime64(city.first.replace(tzinfo=None), "h")
    last = np.datetime64(city.last.replace(tzinfo=None), "h")
    hours = zip(_as_text(np.arange(first, last)).tolist(), range(city.days * 24), strict=False)
    connection.execute(text("CREATE TEMPORARY TABLE hour_of_city (hour TIMESTAMP, n INTEGER)"))
    add_rows(connection, "hour_of_city", ("hour", "n"), hours)
    connection.execute(
        text(
            "INSERT INTO camera_hours (camera_id, session, hour, seen_s)"
            " SELECT c.id, 'session-' || (h.n / 500), h.hour,"
            " CASE WHEN (c.id * 7919 + h.n * 29) % 100 < 90 THEN 3600.0"
            " ELSE (c.id * 31 + h.n * 17) % 3600 END"
            " FROM camera c CROSS JOIN hour_of_city h"
            " WHERE (c.id * 7919 + h.n * 29) % 100 < 98 ORDER BY c.id, h.n"
        )
    )
    connection.execute(text("DROP TABLE hour_of_city"))


def _as_text(moments: "NDArray[np.datetime64]") -> Texts:
    """As the database stores them."""
    return np.char.replace(np.datetime_as_string(moments, unit="us"), "T", " ")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", help="SQLAlchemy's URL of an empty one")
    parser.add_argument("--cases", type=int, default=5_000_000)
    parser.add_argument("--wards", type=int, default=126)
    parser.add_argument("--cameras", type=int, default=10, help="of each ward")
    parser.add_argument("--days", type=int, default=1096)
    asked = parser.parse_args()
    began = time.monotonic()
    database = Database(asked.database)
    database.migrate()
    build(database, City(asked.cases, asked.wards, asked.cameras, asked.days))
    database.close()
    print(f"{asked.cases} cases in {time.monotonic() - began:.0f} s")  # noqa: T201


if __name__ == "__main__":
    main()
