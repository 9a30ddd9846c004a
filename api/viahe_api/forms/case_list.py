"""Biểu 05: the cases themselves, one line each."""

from collections.abc import Iterable, Iterator

from viahe_api.case_lines import CaseLine
from viahe_api.figures import Figures
from viahe_api.forms.form import Column, Form, Kind, Row, Value
from viahe_api.language import Language
from viahe_api.tallies import SYNCHRONISED_S
from viahe_api.vocabulary import Source
from viahe_api.web.wording import ACTS, CASE_STATUS, SOURCES, reason_said


def case_list(
    figures: Figures, lines: Iterable[CaseLine], language: Language, *, reviewers: bool
) -> Form:
    """`reviewers` says whether who decided is named; nobody else ever is."""
    columns = _columns(language, reviewers=reviewers)
    totals: list[Value] = [""] * len(columns)
    totals[1] = language.gettext("Grand total")
    totals[2] = figures.counts.recorded
    return Form(
        number="05",
        title=language.gettext("List of cases"),
        columns=columns,
        rows=_rows(lines, language, reviewers=reviewers),
        totals=tuple(totals),
        notes=(language.gettext("Personal names of those concerned are never in this list."),),
    )


def _rows(lines: Iterable[CaseLine], language: Language, *, reviewers: bool) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        reviewer = (line.reviewer,) if reviewers else ()
        yield (
            number,
            line.code,
            line.start_at,
            ", ".join(part for part in (line.address, line.street) if part),
            line.group,
            language.gettext(ACTS[line.act]),
            _source(line, language),
            *reviewer,
            language.gettext(CASE_STATUS[line.state].word),
            line.basis,
            line.decision_number,
            line.fine_dong,
            _remarks(line, language),
        )


def _remarks(line: CaseLine, language: Language) -> str:
    remarks = []
    if line.reason is not None:
        remarks.append(reason_said(language, line.reason, line.reason_names))
    if line.source is not Source.CAMERA:
        return "; ".join(remarks)
    if line.clock_offset_s is None or abs(line.clock_offset_s) > SYNCHRONISED_S:
        remarks.append(language.gettext("Clock not synchronised"))
    return "; ".join(remarks)


def _source(line: CaseLine, language: Language) -> str:
    """A camera by its name, people by what they are."""
    if line.source is Source.CAMERA:
        return line.camera
    return language.gettext(SOURCES[line.source])


def _columns(language: Language, *, reviewers: bool) -> tuple[Column, ...]:
    say = language.gettext
    reviewer = (Column(say("Reviewer"), Kind.TEXT, width=20),) if reviewers else ()
    return (
        Column(say("No."), width=7),
        Column(say("Case code"), Kind.TEXT, width=14),
        Column(say("Day, hour"), Kind.MOMENT, width=17),
        Column(say("Place"), Kind.TEXT, width=28),
        Column(say("Residential group"), Kind.TEXT, width=14),
        Column(say("Act"), Kind.TEXT, width=28),
        Column(say("Source, camera"), Kind.TEXT, width=20),
        *reviewer,
        Column(say("Result"), Kind.TEXT, width=15),
        Column(say("Legal basis"), Kind.TEXT, width=9),
        Column(say("Decision number"), Kind.TEXT, width=9),
        Column(say("Fine (dong)"), Kind.MONEY, width=11),
        Column(say("Remarks"), Kind.TEXT, width=18),
    )
