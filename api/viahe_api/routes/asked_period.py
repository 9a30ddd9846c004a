"""The period, and the ward, that an address asks for."""

from datetime import datetime

from viahe_api.errors import NoSuchPeriod
from viahe_api.period_address import begun_period, names_round, read_period
from viahe_api.periods import Period, PeriodFault, PeriodKind, local_day, period_of


def asked_period(address: str, now: datetime) -> Period:
    """The period of an address, this calendar month for none. Raises NoSuchPeriod; of a round
    whose days the ward's plan names only if it is none at all."""
    if not address:
        return period_of(PeriodKind.MONTH, local_day(now))
    try:
        return read_period(address) if names_round(address) else begun_period(address, now)
    except PeriodFault as fault:
        raise NoSuchPeriod(fault.fault, str(fault)) from None


def following(period: Period, now: datetime) -> Period | None:
    """The period of the kind after it, None where there is none or it has not begun."""
    if period.kind in {PeriodKind.FREE, PeriodKind.ROUND_1, PeriodKind.ROUND_2}:
        return None
    after = period_of(period.kind, local_day(period.end))
    return after if after.first > period.first and after.has_begun(now) else None


def other_months(period: Period, now: datetime) -> Period | None:
    """The same month, counted by the calendar instead of by cut-off, or the other way round."""
    other = {
        PeriodKind.MONTH: PeriodKind.CUT_OFF_MONTH,
        PeriodKind.CUT_OFF_MONTH: PeriodKind.MONTH,
    }.get(period.kind)
    if other is None:
        return None
    found = period_of(other, period.last.replace(day=1))
    return found if found.has_begun(now) else None
