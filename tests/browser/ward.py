"""A ward with a running API: seeded as an administrator would, fed as a detector would."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

import httpx2
import uvicorn
from fastapi import FastAPI

from tests.api.served import ServerWithin
from tests.browser.evidence import BAG, GONE_AT, LEFT_AT, RUN_START, ZONE, File, make_still
from viahe_api import seeding
from viahe_api.app import create_app
from viahe_api.cli import prepare
from viahe_api.database import Database
from viahe_api.vocabulary import Role
from viahe_api.zones import ZoneDraft
from viahe_rules.domain import Act, Box, LeftBy, LeftByKind, Reason, Suspicion
from viahe_rules.plan import Rule, Surface
from viahe_rules.recorded import suspicion_to_json

PASSWORD = "mat-khau-cua-can-bo"
CAMERA = "cam-1"


@dataclass(frozen=True, slots=True)
class Ward:
    """A running API: `address` for browsers, `device` signed in as the ward's detector."""

    address: str
    device: httpx2.Client

    def report(
        self, key: str, files: Mapping[str, File], *, act: Act = Act.DUMPING, ago_s: float = 600
    ) -> str:
        """Announce a suspicion, send every file the API misses, and return the case's code."""
        start = datetime.now(UTC) - timedelta(seconds=ago_s)
        answer = self.device.post("/api/v1/suspicions", json=_announcement(key, act, start, files))
        assert answer.status_code == 201, answer.text
        told = answer.json()
        for name in told["missing"]:
            sent = self.device.put(
                f"/api/v1/suspicions/{key}/files/{name}", content=files[name].content
            )
            assert sent.status_code == 200, sent.text
        return str(told["code"])

    def report_health(self) -> None:
        """The camera is online, was seen for an hour, and shows its street."""
        hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        seen = [{"hour": _z(hour - timedelta(hours=1)), "seen_s": 3600.0}]
        health = {"camera": CAMERA, "state": "online", "clock_offset_s": 0.2, "hours": seen}
        kept = self.device.post(
            "/api/v1/health", json={"session": "detector-1", "cameras": [health]}
        )
        assert kept.status_code == 200, kept.text
        still = self.device.put(f"/api/v1/cameras/{CAMERA}/still", content=make_still(0.0))
        assert still.status_code == 204, still.text


@contextmanager
def open_ward(data: Path, *, second_review_percent: float = 5.0) -> Iterator[Ward]:
    """Seed a ward in an empty folder and serve it on a free port of this machine."""
    settings = replace(prepare(data), second_review_percent=second_review_percent)
    token = _seed(settings.database)
    with serve(create_app(settings)) as address:
        headers = {"Authorization": f"Bearer {token}"}
        with httpx2.Client(base_url=address, headers=headers) as device:
            ward = Ward(address, device)
            ward.report_health()
            yield ward


def _seed(url: str) -> str:
    """A ward, one person of each role, a second operator, a camera with a zone; returns the
    device's token."""
    now = datetime.now(UTC)
    database = Database(url)
    with database.writing() as session:
        seeding.add_ward(session, "tay-ho", "Phường Tây Hồ", now=now)
        for login, role, name in (
            ("operator", Role.OPERATOR, "Nguyễn Thị Lan"),
            ("approver", Role.APPROVER, "Lê Đức"),
            ("administrator", Role.ADMINISTRATOR, "Phạm An"),
            ("official", Role.OFFICIAL, "Vũ Thu"),
            ("field_officer", Role.FIELD_OFFICER, "Ngô Tuấn"),
            ("supervisor", Role.SUPERVISOR, "Đỗ Mai"),
            ("second_operator", Role.OPERATOR, "Trần Văn Minh"),
        ):
            seeding.add_account(session, login, name, password=PASSWORD, now=now)
            seeding.grant(session, login, "tay-ho", role, now=now)
        device_id, token = seeding.add_device(session, "tay-ho", "detector", now=now)
        place = seeding.CameraPlace("Ngõ 52", "Trước số 12 ngõ 52", "Thụy Khuê", "TDP 7")
        before = now - timedelta(hours=2)
        camera = seeding.add_camera(session, device_id, CAMERA, place, now=before)
        rule = Rule("", Act.DUMPING, (("rubbish", 60.0),))
        draft = ZoneDraft(None, "Vỉa hè số 12", ZONE, Surface.PAVEMENT, (rule,))
        seeding.add_zone(session, camera, draft, now=before)
    database.close()
    return token


@contextmanager
def serve(app: FastAPI, port: int = 0) -> Iterator[str]:
    """Serve on a port of this machine, a free one unless it is said which; the address.

    The socket says that it is TCP, as the one does that `viahe-api serve` opens: asyncio lets
    the parts of an answer wait for each other on one that does not, 40 ms for each answer.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2)
        server = ServerWithin(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        until = monotonic() + 20
        while not server.started and thread.is_alive() and monotonic() < until:
            sleep(0.02)
        assert server.started
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def _announcement(
    key: str, act: Act, start: datetime, files: Mapping[str, File]
) -> dict[str, object]:
    suspicion = Suspicion(
        key=key,
        act=act,
        camera=CAMERA,
        run="run-1",
        zone="zone-1",
        zone_version=1,
        rule="dumping-1",
        label="rubbish",
        place=Box(*BAG),
        start=RUN_START + LEFT_AT,
        end=RUN_START + LEFT_AT + 4,
        score=0.91,
        left_by=LeftBy(LeftByKind.PERSON, 0.8, RUN_START + GONE_AT),
        reasons=(
            Reason("appeared", t=RUN_START + LEFT_AT),
            Reason("leaver_gone", t=RUN_START + GONE_AT, value=GONE_AT - LEFT_AT),
            Reason("remained", value=105.0),
            Reason("unattended", t=RUN_START + GONE_AT, value=96.0),
            Reason("required", value=60.0),
            Reason("seen_share", value=0.98),
            Reason("surface", name="pavement"),
            Reason("permit_expired", name="NN-261122-1"),
            Reason("no_permit"),
        ),
        thresholds=(("dwell rubbish", 60.0), ("grace", 10.0), ("gone", 5.0), ("min_score", 0.35)),
    )
    return {
        "suspicion": suspicion_to_json(suspicion),
        "start_at": _z(start),
        "end_at": _z(start + timedelta(seconds=4)),
        "clock": {"offset_s": 0.2, "source": "arrival"},
        "detector": "0.1.0",
        "model": {"name": "street", "sha256": "a" * 64},
        "files": [
            {
                "name": name,
                "kind": file.kind,
                "media_type": file.media_type,
                "sha256": file.sha256,
                "size": len(file.content),
            }
            for name, file in files.items()
        ],
    }


def _z(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
