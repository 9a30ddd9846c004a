"""Permits from a spreadsheet: all of its rows, or none and what is wrong."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from viahe_api import permits
from viahe_api.accents import folded
from viahe_api.answered_forms import answered_at, keep_answer
from viahe_api.cameras import camera as camera_detail
from viahe_api.cameras import cameras as camera_rows
from viahe_api.errors import FormFault
from viahe_api.exports.files import ReportFile
from viahe_api.language import N_, Language, local
from viahe_api.permit_places import on_several
from viahe_api.permit_sheet import (
    COLUMNS,
    MOST_ROWS,
    OPTIONAL,
    SAID,
    Ground,
    SheetPermit,
    read_sheet,
)
from viahe_api.permit_template import permit_template
from viahe_api.permits import LONGEST_HOLDER, PermitDraft
from viahe_api.routes.edge import CheckedForm, came_without_file
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.sheet_rows import SheetFault
from viahe_api.vocabulary import CAMERA_KEEPERS

router = APIRouter()

FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "no_file": N_("Choose a file first."),
        "empty": N_("The sheet has no permit."),
        "not_a_sheet": N_("This is no CSV and no XLSX file."),
        "not_utf8": N_("The CSV file is not UTF-8 text: save it as CSV UTF-8."),
        "too_large": N_("The workbook is too large."),
        "file_too_large": N_("The file is too large: at most 8 MB."),
        "too_many": N_("Row %(row)s: a sheet has at most %(most)s permits."),
        "merged": N_("Row %(row)s: cells %(column)s are merged; unmerge them."),
        "column_missing": N_("Row 1: the column %(column)s is missing."),
        "missing": N_("Row %(row)s, column %(column)s: empty."),
        "camera": N_("Row %(row)s, column %(column)s: no camera %(value)s."),
        "zone": N_("Row %(row)s, column %(column)s: this camera has no zone %(value)s."),
        "purpose": N_("Row %(row)s, column %(column)s: the law has no purpose %(value)s."),
        "zone_and_street": N_(
            "Row %(row)s, column %(column)s: name a zone of a camera or a street, not both."
        ),
        "no_camera_there": N_(
            "Row %(row)s, column %(column)s: no camera in use looks at %(value)s."
        ),
        "no_camera_between": N_(
            "Row %(row)s, column %(column)s: no camera of this street has an address between these "
            "house numbers."
        ),
        "houses": N_(
            "Row %(row)s, column %(column)s: house numbers run from the lower to the higher, 20 "
            "characters at most."
        ),
        "not_text": N_("Row %(row)s, column %(column)s: the cell holds a day; make it text."),
        "hour": N_(
            "Row %(row)s, column %(column)s: %(value)s is no hour as 18:30, or no end apart from "
            "the begin."
        ),
        "date": N_("Row %(row)s, column %(column)s: %(value)s is no day as 22/11/2026."),
        "ends_before_start": N_("Row %(row)s, column %(column)s: end must follow start."),
        "number_taken": N_("Row %(row)s, column %(column)s: there is a permit of this number."),
        "too_long": N_("Row %(row)s, column %(column)s: too long."),
    }
)
"""By the word of the fault."""

OF_THE_STREET: Mapping[str, str] = MappingProxyType(
    {
        "street": "street",
        "no_camera_there": "street",
        "no_camera_between": "house_from",
        "houses": "house_from",
    }
)
"""The columns of what can be wrong with a stretch."""


@router.get("/permits/import")
def ask(visit: Person) -> Response:
    visit.viewer.require(*CAMERA_KEEPERS)
    return _page(visit)


@router.get("/permits/import/template")
def template(visit: Person) -> Response:
    """The sheet to fill in."""
    visit.viewer.require(*CAMERA_KEEPERS)
    return Response(
        permit_template(),
        media_type=ReportFile.WORKBOOK.media_type,
        headers={"Content-Disposition": 'attachment; filename="giay-phep-mau.xlsx"'},
    )


@router.post("/permits/import", dependencies=[CheckedForm])
def take(
    visit: Person,
    form_id: Annotated[str, Form()] = "",
    sheet: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Read the whole file, then keep all of it in one transaction."""
    visit.viewer.require(*CAMERA_KEEPERS)
    try:
        if came_without_file(visit.request):
            raise SheetFault("file_too_large")
        if sheet is None or not sheet.filename:
            raise SheetFault("no_file")
        content = sheet.file.read()
        with visit.database.writing() as session:
            address = answered_at(session, visit.viewer, form_id)
            if address is None:
                address = f"/permits?count={_keep(session, visit, sheet.filename, content)}"
                keep_answer(session, visit.viewer, form_id, address, now=visit.now)
    except SheetFault as fault:
        return _page(visit, _said(visit.language, fault))
    return RedirectResponse(address, 303)


def _keep(session: Session, visit: SignedInVisit, name: str, content: bytes) -> int:
    """Raises SheetFault; the transaction then ends without a trace."""
    known = permits.purposes(session, local(visit.now).date())
    found = read_sheet(name, content, _grounds(session, visit), known)
    for permit in found:
        drafts: Sequence[PermitDraft] = [permit.draft]
        try:
            if permit.stretch is not None:
                drafts = on_several(
                    session, visit.viewer, permit.draft, (), permit.stretch, now=visit.now
                )
            permits.give(session, visit.viewer, drafts, now=visit.now)
        except FormFault as fault:
            raise _in_sheet(permit, fault) from None
    return len(found)


def _in_sheet(permit: SheetPermit, fault: FormFault) -> SheetFault:
    """Where in the sheet stands what was found wrong with a permit."""
    if permit.stretch is not None and fault.fault in OF_THE_STREET:
        word = "too_long" if fault.fault == "street" else fault.fault
        column = SAID[OF_THE_STREET[fault.fault]]
        return SheetFault(word, permit.row, column, permit.stretch.street)
    column = SAID["holder" if len(permit.draft.holder) > LONGEST_HOLDER else "number"]
    return SheetFault(fault.fault, permit.row, column, permit.draft.number)


def _grounds(session: Session, visit: SignedInVisit) -> tuple[Ground, ...]:
    """Every zone a row may name."""
    found = []
    for row in camera_rows(session, visit.viewer, now=visit.now):
        detail = camera_detail(session, visit.viewer, row.id, now=visit.now)
        zones = {folded(zone.name): zone.polygon for zone in detail.zones}
        found.append(Ground(row.id, frozenset({folded(row.slug), folded(row.name)}), zones))
    return tuple(found)


def _said(language: Language, fault: SheetFault) -> str:
    return language.gettext(
        FAULTS.get(fault.fault, "Row %(row)s, column %(column)s: %(value)s"),
        row=fault.row,
        column=fault.column,
        value=fault.value,
        most=MOST_ROWS,
    )


def _page(visit: SignedInVisit, fault: str = "") -> Response:
    return visit.page(
        "permit_import.html",
        400 if fault else 200,
        fault=fault,
        columns=list(COLUMNS.values()),
        optional=list(OPTIONAL.values()),
    )
