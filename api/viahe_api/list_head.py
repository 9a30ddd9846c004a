"""What stands above a list of cases: whose they are, of which days, and what the cameras saw."""

from datetime import datetime

from sqlalchemy import select

from viahe_api.counts import Hours
from viahe_api.figures import Figures, WardName
from viahe_api.folded_repeats import FoldedRepeats
from viahe_api.folded_rows import ward_rows
from viahe_api.merged_wards import mergers_until
from viahe_api.periods import Period
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import Ward

_NO_PLACES = FoldedRepeats({}, (), 0)


def head_of_list(reading: SummaryReading, period: Period, *, now: datetime) -> Figures:
    """Figures that count nothing, with their hours alone, a row for each ward as in folded ones:
    counting a year takes as long as finding a list's cases."""
    found = reading.session.execute(reading.narrow(select(Ward.id, Ward.code, Ward.name), Ward.id))
    wards = {ward_id: WardName(code, name) for ward_id, code, name in found}
    hours = reading.hours.of((period,), now=now)
    return Figures(
        wards=tuple(sorted(wards.values(), key=lambda ward: ward.name)),
        period=period,
        taken_at=now,
        acts=(),
        cameras=tuple(ward_rows(wards, {}, hours.by_ward(), _NO_PLACES)),
        hours_of_week=(),
        places=(),
        hours_previous=Hours(),
        hours_year_before=Hours(),
        mergers=mergers_until(reading.session, reading.narrow, period.last),
        folded=True,
    )
