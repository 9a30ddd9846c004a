"""A ward for the demo: its people, its cameras, the zones of the scenes, and what it received."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from viahe_api import seeding
from viahe_api.cli import prepare
from viahe_api.database import Database
from viahe_api.settings import Settings
from viahe_api.tables import Camera, Case
from viahe_api.vocabulary import Role
from viahe_api.zones import ZoneDraft
from viahe_rules.domain import GROUP, THING, Act, Box
from viahe_rules.plan import Rule

from .scene import Scene, StagedZone

WARD = "tay-ho"
PEOPLE = (
    ("canbo", "Nguyễn Thị Lan", Role.OPERATOR),
    ("lanhdao", "Trần Văn Minh", Role.APPROVER),
    ("quantri", "Phạm Quốc Huy", Role.ADMINISTRATOR),
    ("thongke", "Lê Thu Hà", Role.OFFICIAL),
    ("hientruong", "Ngô Anh Tuấn", Role.FIELD_OFFICER),
    ("giamsat", "Đỗ Thị Mai", Role.SUPERVISOR),
)
"""One of every role, so that each page of the product can be opened in the demo."""
VEHICLES = ("car", "truck", "bus")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in, with the password made for this demo."""

    login: str
    name: str
    role: str
    password: str


@dataclass(frozen=True, slots=True)
class Received:
    """A suspicion as the API has it; `folder` holds its evidence, `start` is media seconds."""

    code: str
    camera: str
    act: Act
    place: Box
    start: float
    score: float
    folder: Path


class StagedWard:
    """The API's data folder, set up for one ward."""

    def __init__(self, data: Path) -> None:
        self._settings: Settings = prepare(data)
        self._database = Database(self._settings.database)
        self._now = datetime.now(UTC)
        with self._database.writing() as session:
            seeding.add_ward(session, WARD, "Phường Tây Hồ", now=self._now)
            self.device, self.token = seeding.add_device(session, WARD, "demo", now=self._now)
        self.people = tuple(self._person(login, name, role) for login, name, role in PEOPLE)

    def close(self) -> None:
        """Let go of the database; the API has its own connection."""
        self._database.close()

    def add_scene(self, scene: Scene, number: int) -> None:
        """A camera for the scene, with its zones and rules."""
        place = seeding.CameraPlace(
            name=f"Camera {number:02}",
            address=f"Trước số {2 * number} ngõ 52",
            street="Ngõ 52 phố Thụy Khuê",
            group="Tổ dân phố 7",
            owner="UBND phường",
            notice_posted=True,
        )
        with self._database.writing() as session:
            camera = seeding.add_camera(session, self.device, scene.name, place, now=self._now)
            for zone in scene.zones:
                seeding.add_zone(session, camera, _draft(scene, zone), now=self._now)

    def add_camera(self, slug: str) -> int:
        """A camera without zones; returns its number in the pages' addresses."""
        place = seeding.CameraPlace(name=slug, address="Chưa ghi địa điểm")
        with self._database.writing() as session:
            return seeding.add_camera(session, self.device, slug, place, now=self._now).id

    def received(self) -> tuple[Received, ...]:
        """Every suspicion whose evidence is complete, in order of arrival."""
        complete = (
            select(Case, Camera.slug)
            .join(Camera, Case.camera_id == Camera.id)
            .where(Case.completed_at.is_not(None))
            .order_by(Case.completed_at)
        )
        with self._database.reading() as session:
            return tuple(
                Received(
                    code=case.code,
                    camera=slug,
                    act=case.act,
                    place=Box(*case.place),
                    start=case.start_t,
                    score=case.score,
                    folder=self._settings.data / "evidence" / "cases" / WARD / case.code,
                )
                for case, slug in session.execute(complete)
            )

    def _person(self, login: str, name: str, role: Role) -> Person:
        with self._database.writing() as session:
            password = seeding.add_account(session, login, name, now=self._now)
            seeding.grant(session, login, WARD, role, now=self._now)
        return Person(login, name, role.value, password)


def _draft(scene: Scene, zone: StagedZone) -> ZoneDraft:
    seconds = dict(scene.dwell_s)[zone.act]
    labels = (THING,) if zone.act is Act.DUMPING else (*VEHICLES, GROUP)
    rule = Rule(
        id=zone.act.value,
        act=zone.act,
        dwell=tuple((label, seconds) for label in labels),
        grace=6.0,
        gone=3.0,
    )
    return ZoneDraft(None, zone.name, zone.polygon, zone.surface, (rule,))
