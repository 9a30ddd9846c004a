"""Counts for officials' own tools, `/api/reports`: see docs/reference/report-api.md.

Read only, and counts only: a key made under Reports opens them, no session and no device does.
"""

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api.counted_wards import wards_of_key
from viahe_api.database import Database
from viahe_api.exports.data import data_pieces
from viahe_api.exports.files import ReportFile, write_file
from viahe_api.left_reports import left_reports
from viahe_api.locks import locked_reports
from viahe_api.period_address import names_round, write_period
from viahe_api.report import Report
from viahe_api.report_keys import KeyReader, note_use, reader_of
from viahe_api.report_reading import key_report
from viahe_api.routes.asked_period import asked_period
from viahe_api.routes.edge import Databases, Now
from viahe_api.routes.visit import Desk
from viahe_api.tables import Ward

router = APIRouter(prefix="/api/reports")


def _reader(request: Request, database: Databases, now: Now) -> KeyReader:
    with database.reading() as session:
        return reader_of(session, request.headers.get("authorization"), now=now)


KnownKey = Annotated[KeyReader, Depends(_reader)]
"""The key of the request's bearer token. Raises TokenUnknown."""


@router.get("")
def get_list(reader: KnownKey, database: Databases, now: Now) -> dict[str, object]:
    """The wards the key opens, and their reports that are locked or were left."""
    with database.reading() as session:
        narrow = wards_of_key(reader.id, now=now)
        wards = session.scalars(narrow(select(Ward).order_by(Ward.code), Ward.id)).all()
        locked = locked_reports(session, narrow)
        left = left_reports(session, narrow)
        answer = {
            "wards": [{"code": ward.code, "name": ward.name} for ward in wards],
            "locked": [
                {"ward": one.ward.code, "period": one.period, "locked_at": one.locked_at}
                for one in locked
            ],
            "left": [
                {"ward": one.ward.code, "period": one.period, "left_at": one.left_at}
                for one in left
            ],
        }
    _note(database, reader, "report:list", None, "list", now)
    return answer


@router.get("/{period}")
def get_report(
    reader: KnownKey, database: Databases, now: Now, period: str, ward: str = ""
) -> Response:
    """The figures as JSON, as the file a person downloads has them, without its cases."""
    with database.reading() as session:
        report = _read(session, reader, period, ward, now)
        content = b"".join(data_pieces(report))
        ward_id = _ward_id(session, report)
    _note(database, reader, report.subject, ward_id, "json", now)
    return Response(content, media_type="application/json")


@router.get("/{period}/forms/{number}.csv")
def get_form(
    request: Request,
    reader: KnownKey,
    database: Databases,
    now: Now,
    period: str,
    number: str,
    ward: str = "",
) -> Response:
    """One form of counts as separated values, its first line the columns. Raises FormFault for
    the list of cases."""
    desk = _desk(request)
    with tempfile.TemporaryDirectory(prefix="viahe-form-") as folder:
        path = Path(folder) / "form.csv"
        with database.reading() as session:
            report = _read(session, reader, period, ward, now)
            vietnamese = desk.languages["vi"]
            write_file(report, ReportFile.SEPARATED, vietnamese, path, form=number, headed=False)
            ward_id = _ward_id(session, report)
            beside = _beside(report)
        content = path.read_bytes()
    _note(database, reader, report.subject, ward_id, f"{number}.csv", now)
    return Response(content, media_type=ReportFile.SEPARATED.media_type, headers=beside)


def _beside(report: Report) -> dict[str, str]:
    """What the table's counts are to be read beside, apart from its columns: hours of a whole
    period in each row would be added up."""
    figures, hours = report.figures, report.figures.hours
    return {
        "Viahe-Period": write_period(figures.period),
        "Viahe-Hours-Expected": f"{hours.expected:.1f}",
        "Viahe-Hours-Seen": f"{hours.seen:.1f}",
        "Viahe-Hours-Lost": f"{hours.lost:.1f}",
        "Viahe-Taken-At": figures.taken_at.isoformat(),
        "Viahe-Locked-At": report.locked_at.isoformat() if report.locked_at else "",
    }


def _read(session: Session, reader: KeyReader, address: str, ward: str, now: datetime) -> Report:
    return key_report(
        session,
        reader,
        asked_period(address, now),
        now=now,
        ward_code=ward or None,
        by_plan=names_round(address),
    )


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _ward_id(session: Session, report: Report) -> int | None:
    if len(report.figures.wards) != 1:
        return None
    return session.scalar(select(Ward.id).where(Ward.code == report.figures.wards[0].code))


def _note(
    database: Database,
    reader: KeyReader,
    subject: str,
    ward_id: int | None,
    file: str,
    now: datetime,
) -> None:
    with database.writing() as session:
        note_use(session, reader, subject, ward_id=ward_id, file=file, now=now)
