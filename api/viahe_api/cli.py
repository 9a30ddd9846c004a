"""`viahe-api`: set a ward up, serve, count, verify."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from viahe_api import audit, integrity, seeding
from viahe_api.app import create_app, utc_now
from viahe_api.case_commands import parse_case_commands
from viahe_api.database import Database
from viahe_api.errors import Refusal, StartRefused
from viahe_api.prefetching import Prefetching
from viahe_api.report_commands import parse_report_commands
from viahe_api.retention_commands import parse_retention_commands
from viahe_api.scheduled import Scheduled
from viahe_api.settings import Settings, make_secret, read_settings
from viahe_api.store import Store
from viahe_api.summary_commands import parse_summary_commands
from viahe_api.summary_keeping import SummaryKeeping
from viahe_api.vocabulary import DeviceKind, Role
from viahe_api.warming import warm


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when done, 1 when something was refused or did not verify, 2 for a wrong command."""
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.run(asked))
    except (Refusal, StartRefused, ValueError) as error:
        print(f"viahe-api: {error}", file=sys.stderr)
        return 1


def prepare(data: Path) -> Settings:
    """Make the data folder, its secret and an up-to-date database; harmless when they exist."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)  # it will hold pictures of people
    if "VIAHE_API_SECRET" not in os.environ:
        make_secret(data)
    settings = read_settings(data, os.environ)
    database = Database(settings.database)
    database.migrate()
    database.close()
    return settings


def _serve(asked: argparse.Namespace) -> int:
    settings = prepare(asked.data)
    app = create_app(settings)
    warm(app, now=utc_now())
    print(f"Viahe is at http://{asked.host}:{asked.port}/", flush=True)
    store = Store(settings.data / "evidence", keep_free=settings.keep_free)
    gc.freeze()  # the program itself stays: looking through it again makes a city's page wait
    scheduled, summaries = Scheduled(_open(asked), utc_now, store), SummaryKeeping(_open(asked))
    with scheduled, summaries, Prefetching(_open(asked)):
        uvicorn.run(
            app,
            host=asked.host,
            port=asked.port,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=5,  # a page that listens for news would never hang up
        )
    return 0


def _init(asked: argparse.Namespace) -> int:
    prepare(asked.data)
    print(f"ready: {asked.data.resolve()}")
    return 0


def _add_ward(asked: argparse.Namespace) -> int:
    with _open(asked).writing() as session:
        seeding.add_ward(session, asked.code, asked.name, now=utc_now())
    print(f"ward {asked.code}: {asked.name}")
    return 0


def _add_user(asked: argparse.Namespace) -> int:
    now = utc_now()
    with _open(asked).writing() as session:
        password = seeding.add_account(session, asked.login, asked.name, now=now)
        for role in asked.role:
            seeding.grant(session, asked.login, asked.ward, role, now=now)
    print(f"user {asked.login}, password (shown once): {password}")
    return 0


def _add_device(asked: argparse.Namespace) -> int:
    with _open(asked).writing() as session:
        device_id, token = seeding.add_device(session, asked.ward, asked.name, now=utc_now())
    print(f"device {device_id}, token (shown once): {token}")
    return 0


def _add_camera(asked: argparse.Namespace) -> int:
    place = seeding.CameraPlace(
        name=asked.name,
        address=asked.address,
        street=asked.street,
        group=asked.group,
        owner=asked.owner,
        device_kind=asked.kind,
        notice_posted=asked.notice_posted,
    )
    with _open(asked).writing() as session:
        camera = seeding.add_camera(session, asked.device, asked.slug, place, now=utc_now())
        camera_id = camera.id
    print(f"camera {camera_id}: {asked.slug}, without zones yet")
    return 0


def _verify_audit(asked: argparse.Namespace) -> int:
    with _open(asked).reading() as session:
        report = audit.verify(session)
    print(f"{report.entries} entries hold" + (f"; {report.fault}" if report.fault else ""))
    return 1 if report.fault else 0


def _verify_evidence(asked: argparse.Namespace) -> int:
    settings = read_settings(asked.data, os.environ)
    store = Store(settings.data / "evidence", keep_free=settings.keep_free)
    report = integrity.verify_evidence(_open(asked), store, now=utc_now())
    for line in integrity.lines_of(report):
        print(line)
    return 1 if report.faults else 0


def _open(asked: argparse.Namespace) -> Database:
    database = Database(read_settings(asked.data, os.environ).database)
    if not database.is_current():
        raise StartRefused(f"the database is not up to date: viahe-api init --data {asked.data}")
    return database


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="viahe-api", description=__doc__)
    given = argparse.ArgumentParser(add_help=False)
    given.add_argument("--data", type=Path, default=Path("data"), help="the data folder")
    words = parser.add_subparsers(required=True, metavar="command")

    serve = words.add_parser("serve", parents=[given], help="answer browsers and detectors")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.set_defaults(run=_serve)
    init = words.add_parser("init", parents=[given], help="make or update the data folder")
    init.set_defaults(run=_init)
    _parse_additions(words, given)
    _parse_questions(words, given)
    parse_report_commands(words, given, _open, utc_now)
    parse_summary_commands(words, given, _open)
    parse_case_commands(words, given, _open, utc_now)
    parse_retention_commands(words, given, _open, utc_now)
    return parser


def _parse_additions(
    words: "argparse._SubParsersAction[argparse.ArgumentParser]",
    given: argparse.ArgumentParser,
) -> None:
    def adding(noun: str) -> argparse.ArgumentParser:
        under = words.add_parser(noun).add_subparsers(required=True, metavar="add")
        return under.add_parser("add", parents=[given])

    ward = adding("ward")
    ward.add_argument("code", help="small letters, digits and hyphens, as in tay-ho")
    ward.add_argument("name", help='as in "Phường Tây Hồ"')
    ward.set_defaults(run=_add_ward)
    user = adding("user")
    user.add_argument("login")
    user.add_argument("name")
    user.add_argument("--ward", required=True)
    user.add_argument("--role", required=True, action="append", type=Role, choices=list(Role))
    user.set_defaults(run=_add_user)
    device = adding("device")
    device.add_argument("name")
    device.add_argument("--ward", required=True)
    device.set_defaults(run=_add_device)
    camera = adding("camera")
    camera.add_argument("slug", help="the camera's id in the detector's configuration")
    camera.add_argument("name")
    camera.add_argument("--device", required=True, type=int)
    camera.add_argument("--address", required=True)
    camera.add_argument("--street", default="")
    camera.add_argument("--group", help="tổ dân phố")
    camera.add_argument("--owner", default="")
    camera.add_argument("--kind", type=DeviceKind, choices=list(DeviceKind), default="private")
    camera.add_argument("--notice-posted", action="store_true", help="a recording notice hangs")
    camera.set_defaults(run=_add_camera)


def _parse_questions(
    words: "argparse._SubParsersAction[argparse.ArgumentParser]",
    given: argparse.ArgumentParser,
) -> None:
    for noun, run in (("audit", _verify_audit), ("evidence", _verify_evidence)):
        under = words.add_parser(noun).add_subparsers(required=True, metavar="verify")
        under.add_parser("verify", parents=[given]).set_defaults(run=run)
