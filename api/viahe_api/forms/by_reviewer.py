"""Biểu 08: who decided what, for approvers alone."""

from collections import Counter
from collections.abc import Iterable, Mapping

from viahe_api.forms.form import Column, Form, Kind
from viahe_api.language import Language
from viahe_api.measures import Reviewed
from viahe_api.vocabulary import Verdict
from viahe_api.web.wording import VERDICTS


def by_reviewer(reviewed: Iterable[Reviewed], language: Language) -> Form:
    """A row for each name."""
    say, found = language.gettext, decided_by_name(reviewed)
    together: Counter[Verdict] = sum((Counter(decided) for _, decided in found), Counter())
    return Form(
        number="08",
        title=say("Decisions by reviewer"),
        columns=(
            Column(say("No."), width=7),
            Column(say("Reviewer"), Kind.TEXT, width=28),
            *(Column(say(word), width=14) for word in VERDICTS.values()),
            Column(say("Decisions in all"), width=14),
        ),
        rows=tuple(
            (number, name, *_counts(decided))
            for number, (name, decided) in enumerate(found, start=1)
        ),
        totals=("", say("Grand total"), *_counts(together)),
        notes=(
            say(
                "By the day of the decision, those taken back left out. Shown to approvers alone, "
                "now and not as locked."
            ),
        ),
    )


def decided_by_name(
    reviewed: Iterable[Reviewed],
) -> list[tuple[str, Mapping[Verdict, int]]]:
    """Each name with how often it decided what: people of one name are told together."""
    found: dict[str, dict[Verdict, int]] = {}
    for row in reviewed:
        counts = found.setdefault(row.reviewer, {})
        counts[row.verdict] = counts.get(row.verdict, 0) + row.count
    return list(found.items())


def _counts(decided: Mapping[Verdict, int]) -> tuple[int, ...]:
    """Under each verdict, and in all."""
    counts = tuple(decided.get(verdict, 0) for verdict in VERDICTS)
    return (*counts, sum(counts))
