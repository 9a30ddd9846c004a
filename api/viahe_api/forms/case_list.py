"""Biểu 05: the cases themselves, one line each."""

from collections.abc import Iterable, Iterator

from viahe_api.case_lines import CaseLine
from viahe_api.counted_rows import SYNCHRONISED_S
from viahe_api.figures import Figures
from viahe_api.forms.form import Column, Form, Kind, Row, Value
from viahe_api.language import N_, Language
from viahe_api.vocabulary import RejectReason, Source
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
    words = _Words(language)
    for number, line in enumerate(lines, start=1):
        by_camera = line.source is Source.CAMERA
        address, street = line.address, line.street
        who = (line.reviewer,) if reviewers else ()
        yield (
            number,
            line.code,
            line.start_at,
            f"{address}, {street}" if address and street else address or street,
            line.group,
            words.acts[line.act],
            line.camera if by_camera else words.sources[line.source],
            *who,
            words.states[line.state],
            line.basis,
            line.decision_number,
            line.fine_dong,
            words.remarks(line) if by_camera else words.reason(line),
        )


class _Words:
    """What a list says over and over, said once."""

    def __init__(self, language: Language) -> None:
        say = self._say = language.gettext
        self._language = language
        self.acts = {act: say(word) for act, word in ACTS.items()}
        self.states = {state: say(status.word) for state, status in CASE_STATUS.items()}
        self.sources = {source: say(word) for source, word in SOURCES.items()}
        self._reasons: dict[tuple[RejectReason, tuple[str, str] | None], str] = {}

    def reason(self, line: CaseLine) -> str:
        """Why it was rejected, empty where it was not."""
        if line.reason is None:
            return ""
        said = (line.reason, line.reason_names)
        if said not in self._reasons:
            self._reasons[said] = reason_said(self._language, *said)
        return self._reasons[said]

    def remarks(self, line: CaseLine) -> str:
        """The same of a camera's case, and that its clock was off."""
        reason, offset_s = self.reason(line), line.clock_offset_s
        if offset_s is not None and abs(offset_s) <= SYNCHRONISED_S:
            return reason
        off = self._say(N_("Clock not synchronised"))
        return f"{reason}; {off}" if reason else off


def _columns(language: Language, *, reviewers: bool) -> tuple[Column, ...]:
    say = language.gettext
    reviewer = (Column(say("Reviewer"), Kind.TEXT, width=18),) if reviewers else ()
    return (
        Column(say("No."), width=7),
        Column(say("Case code"), Kind.TEXT, width=13),
        Column(say("Day, hour"), Kind.MOMENT, width=16),
        Column(say("Place"), Kind.TEXT, width=28),
        Column(say("Residential group"), Kind.TEXT, width=10),
        Column(say("Act"), Kind.TEXT, width=18),
        Column(say("Source, camera"), Kind.TEXT, width=18),
        *reviewer,
        Column(say("Result"), Kind.TEXT, width=14),
        Column(say("Legal basis"), Kind.TEXT, width=24),
        Column(say("Decision number"), Kind.TEXT, width=11),
        Column(say("Fine (dong)"), Kind.MONEY, width=11),
        Column(say("Remarks"), Kind.TEXT, width=20),
    )
