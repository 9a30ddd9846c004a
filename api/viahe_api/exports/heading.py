"""What stands above every table: whose counts, of which days, as of when, and how counted."""

from viahe_api.counts import Hours
from viahe_api.figures import Figures
from viahe_api.forms.form import Form
from viahe_api.language import Language
from viahe_api.periods import PeriodKind
from viahe_api.report import Report
from viahe_api.web.period_words import period_days, period_name


def lines_above(form: Form, report: Report, language: Language) -> tuple[str, ...]:
    """Plain lines, the first of them which form it is."""
    name = language.gettext("Form %(number)s", number=form.number)
    return (f"{name}. {form.title}", *heading_lines(report, language))


def heading_lines(report: Report, language: Language) -> tuple[str, ...]:
    """Plain lines, the first of them a title."""
    say, figures = language.gettext, report.figures
    name = period_name(figures.period, language)
    if figures.period.kind is PeriodKind.CUT_OFF_MONTH:
        name = say("%(month)s, by cut-off", month=name)
    return (
        f"{wards_said(figures, language)} - {name}",
        period_days(figures.period, language) + " " + standing(report, language),
        hours_said(figures.hours, language),
        say("Detection is counted by the time of the act, handling by the day of the action."),
        *(
            say(
                "%(old)s became part of %(new)s on %(day)s. What was counted before stays under "
                "its name.",
                old=merger.old,
                new=merger.new,
                day=language.day(merger.on),
            )
            for merger in figures.mergers
        ),
    )


def hours_said(hours: Hours, language: Language) -> str:
    """What every count is to be read beside."""
    return language.gettext(
        "Camera hours: seen %(seen)s of %(expected)s, lost %(lost)s.",
        seen=language.number(hours.seen, 1),
        expected=language.number(hours.expected, 1),
        lost=language.number(hours.lost, 1),
    )


def wards_said(figures: Figures, language: Language) -> str:
    """Their names; of so many that forms give each a row of its own, how many they are."""
    if not figures.folded:
        return ", ".join(ward.name for ward in figures.wards)
    number = len(figures.wards)
    return language.ngettext("%(n)s ward together", "%(n)s wards together", number)


def standing(report: Report, language: Language) -> str:
    """Whether the numbers still change, and of when they are."""
    if report.locked_at is None:
        return language.gettext("Draft as of %(at)s.", at=language.moment(report.figures.taken_at))
    return language.gettext(
        "Figures locked at %(at)s by %(by)s.",
        at=language.moment(report.locked_at),
        by=report.locked_by or "–",
    )
