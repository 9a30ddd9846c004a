"""The codes of cases: counted by ward and by the local month of the act."""

from datetime import datetime

from sqlalchemy.orm import Session

from viahe_api.months import month_of
from viahe_api.tables import CaseNumber


def hold_numbers(session: Session, ward_id: int, start_at: datetime) -> CaseNumber:
    """The month's count, the transaction's own until it ends: others wait here."""
    month = month_of(start_at).short
    counter = session.get(CaseNumber, (ward_id, month), with_for_update=True)
    if counter is None:
        counter = CaseNumber(ward_id=ward_id, month=month, last=0)
        session.add(counter)
        session.flush()
    return counter


def next_code(session: Session, ward_id: int, start_at: datetime) -> str:
    """TH, the month and the next number."""
    counter = hold_numbers(session, ward_id, start_at)
    counter.last += 1
    return f"TH-{counter.month}-{counter.last:04}"
