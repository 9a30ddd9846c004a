"""Totals that have to agree, over all forms of a report, before any of them leaves."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from math import isclose

from viahe_api.case_lines import CaseLine
from viahe_api.cells import STATES
from viahe_api.errors import TotalsDisagree
from viahe_api.figures import Figures, total
from viahe_api.forms.form import Form
from viahe_api.vocabulary import CaseState
from viahe_rules.domain import Act

LISTED = {
    name: STATES[name]
    for name in ("sufficient", "insufficient", "not_violation", "duplicate", "in_verification")
}
"""The states of cases behind each figure that makes up those recorded."""


def check_totals(figures: Figures, forms: Iterable[Form]) -> None:
    """Every column that counts a figure of the report adds up to it. Raises TotalsDisagree."""
    expected = _totals(figures)
    for form in forms:
        for place, column in enumerate(form.columns):
            if column.measure is None or form.totals is None:
                continue
            found = form.totals[place]
            if not isinstance(found, int | float) or not isclose(
                found, expected[column.measure], abs_tol=1e-6
            ):
                raise TotalsDisagree(
                    f"form {form.number}, {column.heading}: {found}, "
                    f"but the report has {expected[column.measure]}"
                )


def check_figures(figures: Figures) -> None:
    """The same of figures alone, before they are kept: their parts add up to one another.

    Raises TotalsDisagree.
    """
    counts = figures.counts
    parts = {
        "cameras": total(camera.counts for camera in figures.cameras),
        "hours of the week": total(hour.counts for hour in figures.hours_of_week),
    }
    if figures.kinds:  # reports locked earlier have none
        parts["kinds"] = total(kind.counts for kind in figures.kinds)
    for name, part in parts.items():
        if part != counts:
            raise TotalsDisagree(f"the {name} add up to {part}, but the report has {counts}")
    if figures.sanctions_by_basis:  # reports locked earlier have none
        _check_sanctions(figures)
    at_places = sum(place.sufficient for place in figures.places)
    if at_places + figures.left_out.sufficient != counts.sufficient:
        raise TotalsDisagree(f"the places do not add up to {counts.sufficient}")


def _check_sanctions(figures: Figures) -> None:
    resting = [(row.sanctioned, row.fined_dong) for row in figures.sanctions_by_basis]
    decided = [(act.outcomes.sanctioned, act.outcomes.fined_dong) for act in figures.acts]
    on_bases, in_all = (tuple(map(sum, zip(*pairs, strict=True))) for pairs in (resting, decided))
    if on_bases != in_all:
        raise TotalsDisagree(
            f"the provisions add up to {on_bases} (sanctions, dong), but the report has {in_all}"
        )


def agreeing(lines: Iterable[CaseLine], figures: Figures) -> Iterator[CaseLine]:
    """The lines as they come; raises TotalsDisagree after the last if they were not as many of
    each act and each state as the report counts, which is what Biểu 01 says."""
    found: Counter[tuple[Act, CaseState]] = Counter()
    for line in lines:
        found[line.act, line.state] += 1
        yield line
    for act in figures.acts:
        of_act = {state: number for (of, state), number in found.items() if of is act.act}
        listed = {name: sum(map(of_act.get, states, repeat(0))) for name, states in LISTED.items()}
        for name, number in {**listed, "recorded": sum(of_act.values())}.items():
            expected = getattr(act.counts, name)
            if number != expected:
                raise TotalsDisagree(
                    f"the list of cases, {act.act}, {name}: {number}, but the report has {expected}"
                )


def _totals(figures: Figures) -> dict[str, float]:
    counts, hours = figures.counts, figures.hours
    by_act = {act.act: act for act in figures.acts}
    outcomes = [act.outcomes for act in figures.acts]
    return {
        "recorded": counts.recorded,
        "sufficient": counts.sufficient,
        "insufficient": counts.insufficient,
        "not_violation": counts.not_violation,
        "duplicate": counts.duplicate,
        "in_verification": counts.recorded
        - counts.sufficient
        - counts.insufficient
        - counts.not_violation
        - counts.duplicate,
        "dumping": by_act[Act.DUMPING].counts.sufficient,
        "encroachment": by_act[Act.ENCROACHMENT].counts.sufficient,
        "previous": total(act.previous for act in figures.acts).sufficient,
        "year_before": total(act.year_before for act in figures.acts).sufficient,
        "reminded": sum(outcome.reminded for outcome in outcomes),
        "committed": sum(outcome.committed for outcome in outcomes),
        "record_drawn_up": sum(outcome.drawn_up for outcome in outcomes),
        "sanctioned": sum(outcome.sanctioned for outcome in outcomes),
        "fined_dong": sum(outcome.fined_dong for outcome in outcomes),
        "paid_dong": sum(outcome.paid_dong for outcome in outcomes),
        "repeats": figures.repeats,
        "black_spots": sum(camera.black_spots for camera in figures.cameras),
        "hours_expected": hours.expected,
        "hours_seen": hours.seen,
        "hours_lost": hours.lost,
        **{f"weekday_{day}": count for day, count in enumerate(_weekdays(figures))},
    }


def _weekdays(figures: Figures) -> Sequence[int]:
    return [
        sum(hour.counts.recorded for hour in figures.hours_of_week if hour.hour // 24 == day)
        for day in range(7)
    ]
