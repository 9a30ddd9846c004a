"""The report an address asks for, and the part of the address that narrows it."""

from urllib.parse import urlencode

from sqlalchemy.orm import Session

from viahe_api.period_address import names_round
from viahe_api.report import Report
from viahe_api.report_reading import viewer_report
from viahe_api.routes.asked_period import asked_period
from viahe_api.routes.visit import SignedInVisit


def read_report(
    session: Session,
    visit: SignedInVisit,
    address: str,
    ward: str,
    merged: bool,
    *,
    as_locked: bool = True,
    for_list: bool = False,
) -> Report:
    """As the visitor may have it; its period is the one the address names, a round without days
    on those of the ward's plan. `for_list`, as `viewer_report` has it. Raises NoSuchPeriod,
    NotFound and IntegrityLost."""
    return viewer_report(
        session,
        visit.viewer,
        asked_period(address, visit.now),
        now=visit.now,
        ward_code=ward or None,
        with_merged=merged,
        as_locked=as_locked,
        for_list=for_list,
        by_plan=names_round(address),
    )


def report_query(ward: str, merged: bool) -> str:
    """With its question mark, or nothing."""
    asked = {"ward": ward, "merged": "true" if merged and ward else ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"?{query}" if query else ""
