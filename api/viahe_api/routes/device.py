"""The contract with detectors, `/api/v1`: see docs/design/contract.md."""

from datetime import datetime
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from viahe_api import connection_tests, observations, reception
from viahe_api.auth import DeviceIdentity
from viahe_api.database import Database
from viahe_api.device_configuration import configuration
from viahe_api.errors import Malformed, TooLarge
from viahe_api.observations import Kept
from viahe_api.photographs import jpeg_size
from viahe_api.routes.edge import (
    Configured,
    Databases,
    Evidence,
    KnownDevice,
    Now,
    Reading,
    Writing,
)
from viahe_api.schemas import (
    Acknowledgement,
    Announcement,
    HealthKept,
    HealthReport,
    Stored,
    TestedStreams,
)
from viahe_api.store import Store

LARGEST_STILL = 8 << 20
JPEG = b"\xff\xd8\xff"

router = APIRouter(prefix="/api/v1")


@router.get("/configuration", response_model=None)
def get_configuration(
    request: Request,
    response: Response,
    device: KnownDevice,
    session: Reading,
    settings: Configured,
    now: Now,
) -> Response | dict[str, object]:
    current = configuration(session, device.id, settings.secret, now=now)
    etag = f'"{current["version"]}"'
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={"ETag": etag})
    response.headers["ETag"] = etag
    return current


@router.post("/suspicions", response_model=Acknowledgement)
def post_suspicion(
    announced: Announcement,
    response: Response,
    device: KnownDevice,
    session: Writing,
    settings: Configured,
    now: Now,
) -> Acknowledgement:
    case, new = reception.announce(
        session, device, announced, largest_file=settings.largest_file, now=now
    )
    response.status_code = 201 if new else 200
    return Acknowledgement(key=case.key, code=case.code, missing=reception.missing(case))


@router.put("/suspicions/{key}/files/{name}", response_model=Stored)
async def put_file(
    key: str,
    name: str,
    request: Request,
    device: KnownDevice,
    database: Databases,
    store: Evidence,
    now: Now,
) -> Stored:
    """Bytes are taken between two short transactions: no lock waits for the network.

    Those of a case whose evidence was removed are acknowledged once more and not kept.
    """
    announced = await run_in_threadpool(_announced, database, store, device, key, name)
    path, sha256, size = announced
    if path is None:
        async for _ in request.stream():
            pass
        return Stored(sha256=sha256, missing=[])
    await _receive(request, store, path, size, sha256)
    missing = await run_in_threadpool(_note_stored, database, device, key, name, path, now)
    return Stored(sha256=sha256, missing=missing)


@router.post("/health", response_model=HealthKept)
def post_health(
    report: HealthReport, device: KnownDevice, session: Writing, now: Now
) -> HealthKept:
    return HealthKept(unknown=reception.keep_health(session, device, report, now=now))


@router.post("/observations", status_code=201)
async def post_observations(
    camera: str,
    hour: datetime,
    request: Request,
    response: Response,
    device: KnownDevice,
    database: Databases,
    store: Evidence,
    settings: Configured,
    now: Now,
) -> dict[str, object]:
    """Lines of an hour, packed; the same bytes again change nothing."""
    if hour.tzinfo is None or hour.minute or hour.second or hour.microsecond:
        raise Malformed("hour: write a whole hour in UTC, as 2026-11-22T11:00:00Z")
    content = await request.body()

    def take() -> bool:
        camera_id = _camera_id(database, device, camera)
        observations.put(store, camera_id, told[0], content)
        with database.writing() as session:
            return observations.keep(
                session, store, camera_id, hour, len(content), told, kept, now=now
            )

    kept = Kept(settings.observation_days, settings.observation_bytes)
    told = await run_in_threadpool(observations.checked, camera, content)
    if not await run_in_threadpool(take):
        response.status_code = 200
    return {"sha256": told[0], "events": told[1]}


@router.put("/cameras/{slug}/still", status_code=204)
async def put_still(
    slug: str,
    request: Request,
    device: KnownDevice,
    database: Databases,
    store: Evidence,
    now: Now,
) -> None:
    camera_id = await run_in_threadpool(_camera_id, database, device, slug)
    await _receive(request, store, store.still(camera_id), LARGEST_STILL, None, JPEG)
    await run_in_threadpool(_note_still, database, device, slug, store.still(camera_id), now)


@router.post("/tests/{test_id}", status_code=204)
def post_test(
    test_id: int, tested: TestedStreams, device: KnownDevice, session: Writing, now: Now
) -> None:
    connection_tests.answer(session, device, test_id, tested, now=now)


@router.put("/tests/{test_id}/still", status_code=204)
async def put_test_still(
    test_id: int, request: Request, device: KnownDevice, database: Databases, store: Evidence
) -> None:
    camera_id = await run_in_threadpool(_tested_camera, database, device, test_id)
    await _receive(request, store, store.test_still(camera_id), LARGEST_STILL, None, JPEG)
    await run_in_threadpool(_note_test_still, database, device, test_id)


async def _receive(
    request: Request,
    store: Store,
    path: Path,
    limit: int,
    sha256: str | None,
    begins: bytes = b"",
) -> None:
    """Stream a body to `path`. Raises TooLarge, HashMismatch, Malformed, StorageFull."""
    if int(request.headers.get("content-length") or 0) > limit:
        raise TooLarge(f"{path.name} is longer than {limit} bytes")
    head = b""
    with store.receive(path, limit) as incoming:
        async for chunk in request.stream():
            head = (head + chunk)[: len(begins)]
            await run_in_threadpool(incoming.write, chunk)
        if head != begins:
            raise Malformed("the body is no JPEG picture")
        await run_in_threadpool(incoming.keep, sha256)


def _announced(
    database: Database, store: Store, device: DeviceIdentity, key: str, name: str
) -> tuple[Path | None, str, int]:
    """Where a file goes, nowhere once its case's evidence was removed; its hash and size."""
    with database.reading() as session:
        case, file = reception.announced_file(session, device, key, name)
        if case.evidence_removed_at is not None:
            return None, file.sha256, file.size
        return store.case_file(device.ward_code, case.code, name), file.sha256, file.size


def _note_stored(
    database: Database, device: DeviceIdentity, key: str, name: str, path: Path, now: datetime
) -> list[str]:
    with database.writing() as session:
        return reception.missing(reception.stored(session, device, key, name, path, now=now))


def _camera_id(database: Database, device: DeviceIdentity, slug: str) -> int:
    with database.reading() as session:
        return reception.find_camera(session, device, slug).id


def _note_still(
    database: Database, device: DeviceIdentity, slug: str, still: Path, now: datetime
) -> None:
    size = jpeg_size(still.read_bytes())
    with database.writing() as session:
        camera = reception.find_camera(session, device, slug)
        camera.still_at = now
        camera.still_width, camera.still_height = size or (None, None)


def _tested_camera(database: Database, device: DeviceIdentity, test_id: int) -> int:
    with database.reading() as session:
        return connection_tests.find_test(session, device, test_id).camera_id


def _note_test_still(database: Database, device: DeviceIdentity, test_id: int) -> None:
    with database.writing() as session:
        connection_tests.find_test(session, device, test_id).has_still = True
