"""What a chart of the dashboard shows, in one sentence above it."""

from collections.abc import Sequence

from viahe_api.figures import Figures
from viahe_api.language import Language
from viahe_api.web.weekdays import weekdays


def chart_titles(figures: Figures, ages: Sequence[int], language: Language) -> dict[str, str]:
    """Under `hours`, `places` and `ages`; `ages` are `trend.open_by_age`'s."""
    return {
        "hours": _busiest_hour(figures, language),
        "places": _worst_place(figures, language),
        "ages": _waiting(ages, language),
    }


def _busiest_hour(figures: Figures, language: Language) -> str:
    if not figures.counts.recorded:
        return language.gettext("No case was recorded in this period.")
    busiest = max(figures.hours_of_week, key=lambda found: (found.counts.recorded, -found.hour))
    hour = busiest.hour % 24
    return language.ngettext(
        "Busiest: %(day)s, %(first)02d:00 to %(last)02d:00, %(n)s case",
        "Busiest: %(day)s, %(first)02d:00 to %(last)02d:00, %(n)s cases",
        busiest.counts.recorded,
        day=weekdays(language)[busiest.hour // 24],
        first=hour,
        last=(hour + 1) % 24,
    )


def _worst_place(figures: Figures, language: Language) -> str:
    again = [place for place in figures.places if place.repeats]
    if not again:
        return language.gettext("No place repeats in this period.")
    worst = again[0]
    return language.ngettext(
        "%(n)s place repeats; most often %(camera)s, %(zone)s: %(times)s times",
        "%(n)s places repeat; most often %(camera)s, %(zone)s: %(times)s times",
        len(again) + figures.left_out.repeating,
        camera=worst.camera,
        zone=worst.zone,
        times=language.number(worst.repeats),
    )


def _waiting(ages: Sequence[int], language: Language) -> str:
    if not sum(ages):
        return language.gettext("No case waits for a decision.")
    return language.ngettext(
        "%(n)s case waits for a decision, %(long)s of them for over 7 days",
        "%(n)s cases wait for a decision, %(long)s of them for over 7 days",
        sum(ages),
        long=language.number(ages[-1]),
    )
