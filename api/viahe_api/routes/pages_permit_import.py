"""Permits from a spreadsheet: all of its rows, or none and what is wrong."""

from collections.abc import Mapping
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
from viahe_api.language import N_, Language, local
from viahe_api.permit_sheet import COLUMNS, MOST_ROWS, Ground, read_sheet
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
        "date": N_("Row %(row)s, column %(column)s: %(value)s is no day as 22/11/2026."),
        "ends_before_start": N_("Row %(row)s, column %(column)s: end must follow start."),
        "number_taken": N_("Row %(row)s, column %(column)s: there is a permit of this number."),
        "too_long": N_("Row %(row)s, column %(column)s: too long."),
    }
)
"""By the word of the fault."""


@router.get("/permits/import")
def ask(visit: Person) -> Response:
    visit.viewer.require(*CAMERA_KEEPERS)
    return _page(visit)


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
    drafts = read_sheet(name, content, _grounds(session, visit), known)
    for row, draft in drafts:
        try:
            permits.add(session, visit.viewer, [draft], now=visit.now)
        except FormFault as fault:
            column = COLUMNS["holder" if len(draft.holder) > 200 else "number"]
            raise SheetFault(fault.fault, row, column, draft.number) from None
    return len(drafts)


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
    columns = list(COLUMNS.values())
    return visit.page("permit_import.html", 400 if fault else 200, fault=fault, columns=columns)
