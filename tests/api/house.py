"""A ward's API over a real database and folder, and people and devices to use it."""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select, text
from sqlalchemy.orm import Session, joinedload
from starlette.testclient import TestClient

from viahe_api import auth, reception, seeding
from viahe_api.app import create_app
from viahe_api.auth import DeviceIdentity
from viahe_api.database import Database
from viahe_api.device_configuration import configuration
from viahe_api.schemas import Announcement
from viahe_api.scope import Viewer
from viahe_api.settings import Settings
from viahe_api.store import Store
from viahe_api.tables import Account, Camera, Device, Grant, Ward
from viahe_api.vocabulary import FileKind, Role
from viahe_api.zones import ZoneDraft
from viahe_rules.domain import Act, Box, LeftBy, LeftByKind, Reason, Suspicion
from viahe_rules.plan import Rule, Surface
from viahe_rules.recorded import suspicion_to_json

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
"""Noon of 22 November 2026 in Ha Noi."""
PASSWORD = "mat-khau-cua-can-bo"
SECRET = "q8Zr2vXw5nLk7TgB1cYd4MhS9pJf6AeU"
TRIANGLE = ((0.1, 0.5), (0.9, 0.5), (0.5, 0.9))
PEOPLE: Mapping[str, tuple[str, tuple[tuple[str, Role], ...]]] = {
    "lan": ("Nguyễn Thị Lan", (("tay-ho", Role.OPERATOR),)),
    "minh": ("Trần Văn Minh", (("tay-ho", Role.OPERATOR),)),
    "duc": ("Lê Đức", (("tay-ho", Role.APPROVER),)),
    "an": ("Phạm An", (("tay-ho", Role.ADMINISTRATOR),)),
    "thu": ("Vũ Thu", (("tay-ho", Role.OFFICIAL),)),
    "hoa": ("Đỗ Hoa", (("hong-ha", Role.OPERATOR), ("hong-ha", Role.APPROVER))),
    "quan": ("Bùi Quân", (("hong-ha", Role.ADMINISTRATOR),)),
    "binh": ("Hồ Bình", (("tay-ho", Role.OPERATOR), ("hong-ha", Role.OPERATOR))),
}
WARDS = {"tay-ho": "Phường Tây Hồ", "hong-ha": "Phường Hồng Hà"}

CLIP = bytes(range(256)) * 400
OVERLAY = b'{"frames":[],"looks":[],"place":[0,0,1,1],"zone":[]}'
MANIFEST = json.dumps({"covered": [[0.0, 30.0], [31.5, 41.2]], "gaps": [[30.0, 31.5]]}).encode()
FILES: Mapping[str, tuple[FileKind, str, bytes]] = {
    "clip.mp4": (FileKind.CLIP, "video/mp4", CLIP),
    "still_act.jpg": (FileKind.STILL_ACT, "image/jpeg", b"\xff\xd8\xff act"),
    "overlay.json": (FileKind.OVERLAY, "application/json", OVERLAY),
    "manifest.json": (FileKind.MANIFEST, "application/json", MANIFEST),
}


@dataclass
class FakeClock:
    """The clock seam: stands still until told to go on."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class House:
    """One API: its parts by name, and shortcuts that go through the real functions."""

    settings: Settings
    database: Database
    store: Store
    clock: FakeClock = field(default_factory=FakeClock)

    @property
    def now(self) -> datetime:
        return self.clock.now

    def viewer(self, login: str) -> Viewer:
        with self.database.reading() as session:
            account = session.scalars(
                select(Account)
                .where(Account.login == login)
                .options(joinedload(Account.grants).joinedload(Grant.ward))
            ).unique()
            return auth._viewer(account.one(), None)

    def device(self, ward: str = "tay-ho") -> DeviceIdentity:
        with self.database.reading() as session:
            device = session.scalars(
                select(Device).join(Ward).where(Ward.code == ward).options(joinedload(Device.ward))
            ).first()
            assert device is not None
            return DeviceIdentity(device.id, device.ward_id, device.ward.code, device.name)

    def camera_id(self, ward: str = "tay-ho", slug: str = "cam-1") -> int:
        with self.database.reading() as session:
            found = select(Camera.id).join(Ward).where(Ward.code == ward, Camera.slug == slug)
            return session.scalars(found).one()

    def configuration(self, ward: str = "tay-ho") -> dict[str, Any]:
        """What the ward's detector is told."""
        with self.database.reading() as session:
            device = self.device(ward)
            return configuration(session, device.id, self.settings.secret, now=self.now)

    def report(
        self,
        suspicion: Suspicion | None = None,
        *,
        ward: str = "tay-ho",
        start_at: datetime | None = None,
        files: Mapping[str, tuple[FileKind, str, bytes]] = FILES,
    ) -> str:
        """A suspicion with all its evidence, received now; returns its code."""
        suspicion = suspicion or a_suspicion()
        device = self.device(ward)
        payload = Announcement.model_validate(announcement(suspicion, start_at, files))
        with self.database.writing() as session:
            case, _ = reception.announce(
                session, device, payload, largest_file=1 << 30, now=self.now
            )
            code = case.code
        for name, (_, _, content) in files.items():
            path = self.store.case_file(ward, code, name)
            with self.store.receive(path, len(content)) as incoming:
                incoming.write(content)
                incoming.keep(digest(content))
            with self.database.writing() as session:
                reception.stored(session, device, suspicion.key, name, path, now=self.now)
        return code

    def app(self) -> FastAPI:
        return create_app(self.settings, self.clock)

    def token(self, ward: str = "tay-ho") -> str:
        """A new token for the ward's device, as an administrator would issue it."""
        token = auth.new_token()
        with self.database.writing() as session:
            device = session.get_one(Device, self.device(ward).id)
            device.token_hash = auth.hash_token(token)
        return token


def a_suspicion(key: str = "key-1", **changes: object) -> Suspicion:
    """A bag left by a person who has gone."""
    bag = Suspicion(
        key=key,
        act=Act.DUMPING,
        camera="cam-1",
        run="run-1",
        zone="zone-1",
        zone_version=1,
        rule="dumping-1",
        label="rubbish",
        place=Box(0.4, 0.6, 0.5, 0.7),
        start=100.0,
        end=140.0,
        score=0.91,
        left_by=LeftBy(LeftByKind.PERSON, 0.8, 109.0, ((100.0, Box(0.3, 0.3, 0.4, 0.7)),)),
        reasons=(Reason("left", t=100.0), Reason("gone", t=109.0, value=9.0)),
        thresholds=(("dwell", 30.0),),
    )
    return replace(bag, **changes)  # type: ignore[arg-type]


def announcement(
    suspicion: Suspicion,
    start_at: datetime | None = None,
    files: Mapping[str, tuple[FileKind, str, bytes]] = FILES,
) -> dict[str, Any]:
    """The body a detector posts for a suspicion."""
    start_at = start_at or NOON - timedelta(minutes=5)
    return {
        "suspicion": suspicion_to_json(suspicion),
        "start_at": _with_z(start_at),
        "end_at": _with_z(start_at + timedelta(seconds=suspicion.end - suspicion.start)),
        "clock": {"offset_s": 0.2, "source": "arrival"},
        "detector": "0.1.0",
        "model": {"name": "street", "sha256": "a" * 64},
        "files": [
            {
                "name": name,
                "kind": kind.value,
                "media_type": media_type,
                "sha256": digest(content),
                "size": len(content),
            }
            for name, (kind, media_type, content) in files.items()
        ],
    }


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def a_zone(name: str = "Vỉa hè số 12", zone: str | None = None) -> ZoneDraft:
    rule = Rule(id="", act=Act.DUMPING, dwell=(("rubbish", 30.0),))
    return ZoneDraft(zone, name, TRIANGLE, Surface.PAVEMENT, (rule,))


def _with_z(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def furnish(database: Database) -> None:
    """Two wards with people, a device and a camera each, in an empty database."""
    database.migrate()
    installed = NOON - timedelta(days=60)
    with database.writing() as session:
        for code, name in WARDS.items():
            seeding.add_ward(session, code, name, now=installed)
            device_id, _ = seeding.add_device(session, code, "detector", now=installed)
            place = seeding.CameraPlace(
                f"Camera {name}", "Trước số 12 ngõ 52", "Thụy Khuê", "TDP 7"
            )
            camera = seeding.add_camera(session, device_id, "cam-1", place, now=installed)
            seeding.add_zone(session, camera, a_zone(), now=installed)
        password_hash = auth.hash_password(PASSWORD)
        for login, (name, grants) in PEOPLE.items():
            session.add(
                Account(login=login, name=name, password_hash=password_hash, created_at=installed)
            )
            session.flush()
            for ward, role in grants:
                seeding.grant(session, login, ward, role, now=installed)


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A furnished database: made once, copied for every test."""
    data = tmp_path_factory.mktemp("furnished")
    database = Database(f"sqlite:///{data / 'viahe.sqlite3'}")
    furnish(database)
    database.close()
    return data


@pytest.fixture
def house(furnished: Path, tmp_path: Path) -> Iterator[House]:
    data = tmp_path / "data"
    shutil.copytree(furnished, data)
    url = f"sqlite:///{data / 'viahe.sqlite3'}"
    settings = Settings(data, SECRET, url, keep_free=0, trial_patience_s=60.0)
    database = Database(settings.database)
    yield House(settings, database, Store(data / "evidence", keep_free=0))
    database.close()


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    """Nobody's browser, over the real application."""
    with TestClient(house.app()) as client:
        yield client


def drop_guards(session: Session, table: str) -> None:
    """Take away what refuses to change a table's rows, as who holds the database could."""
    where = "" if session.connection().dialect.name == "sqlite" else f" ON {table}"
    for change in ("update", "delete"):
        session.execute(text(f"DROP TRIGGER {table}_refuses_{change}{where}"))


def sign_in(client: TestClient, login: str) -> TestClient:
    """Sign a browser in the way a person does."""
    answer = client.post(
        "/sign-in", data={"login": login, "password": PASSWORD}, follow_redirects=False
    )
    assert answer.status_code == 303, answer.text
    return client
