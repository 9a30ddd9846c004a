"""Where a case happened: what a person wrote down, and otherwise where its camera hangs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import joinedload

from viahe_api.scope import S
from viahe_api.tables import Camera, Case, HandReport

if TYPE_CHECKING:
    from sqlalchemy.orm.strategy_options import _AbstractLoad


@dataclass(frozen=True, slots=True)
class CasePlace:
    """`group` is the tổ dân phố; `camera` is empty where none is near."""

    address: str
    street: str
    group: str | None
    camera: str


def place_of(case: Case) -> CasePlace:
    """Of a case that was loaded with `with_place`."""
    report, camera = case.hand_report, case.camera
    at = report or camera
    group = (report.group if report else None) or (camera.group if camera else None)
    return CasePlace(
        at.address if at else "",
        at.street if at else "",
        group.name if group else None,
        camera.name if camera else "",
    )


def with_place() -> tuple["_AbstractLoad", ...]:
    """Loader options for a select of cases."""
    return (
        joinedload(Case.camera).joinedload(Camera.group),
        joinedload(Case.hand_report).joinedload(HandReport.group),
    )


def joined_to_place(statement: S) -> S:
    """`statement`, which selects of Case, with the tables the columns below read."""
    return statement.outerjoin(Case.camera).outerjoin(Case.hand_report)


def address() -> ColumnElement[str]:
    return func.coalesce(HandReport.address, Camera.address)


def street() -> ColumnElement[str]:
    return func.coalesce(HandReport.street, Camera.street)


def group_id() -> ColumnElement[Any]:
    """None where neither the report nor a camera says of which tổ dân phố it is."""
    return func.coalesce(HandReport.group_id, Camera.group_id)


def searched() -> ColumnElement[str]:
    """Place and camera, without accents."""
    return func.coalesce(HandReport.searched, "") + " " + func.coalesce(Camera.searched, "")
