"""Biểu 04: cases by hour of the day and day of the week."""

from viahe_api.cells import Cell
from viahe_api.counts import Counts
from viahe_api.figures import Figures
from viahe_api.forms.form import Column, Form, Kind, Row, summed
from viahe_api.language import Language
from viahe_api.web.weekdays import weekdays

HOURS_A_DAY = 24


def by_hour(figures: Figures, language: Language) -> Form:
    """Recorded cases under each day of the week, by the local hour the act began."""
    found = {hour.hour: hour.counts for hour in figures.hours_of_week}
    columns = _columns(language)
    rows = tuple(_row(hour, found) for hour in range(HOURS_A_DAY))
    return Form(
        number="04",
        title=language.gettext("By hour and day of the week"),
        columns=columns,
        rows=rows,
        totals=tuple(summed(columns, rows, language.gettext("Grand total"))),
        notes=(language.gettext("Under the days of the week: recorded cases."),),
        cells=tuple(Cell(hour=hour) for hour in range(HOURS_A_DAY)),
    )


def _row(hour: int, found: dict[int, Counts]) -> Row:
    days = [found.get(day * HOURS_A_DAY + hour, Counts()) for day in range(7)]
    return (
        hour + 1,
        f"{hour:02}:00 - {(hour + 1) % HOURS_A_DAY:02}:00",
        *(counts.recorded for counts in days),
        sum(counts.recorded for counts in days),
        sum(counts.sufficient for counts in days),
    )


def _columns(language: Language) -> tuple[Column, ...]:
    say = language.gettext
    return (
        Column(say("No."), width=7),
        Column(say("Hours of the day"), Kind.TEXT, width=16),
        *(
            Column(name, measure=f"weekday_{number}", counts=Cell("recorded", weekday=number))
            for number, name in enumerate(weekdays(language))
        ),
        Column(say("Recorded"), measure="recorded", counts=Cell("recorded")),
        Column(say("Sufficient grounds"), measure="sufficient", counts=Cell("sufficient")),
    )
