"""A report for somebody who is to look a second time at some of its cases: its figures are as
they are, and nothing says what was decided of one of those."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import compress

from viahe_api.case_lines import CaseLine
from viahe_api.cell_lists import Counted
from viahe_api.cells import Cell
from viahe_api.report import Report, Under
from viahe_api.vocabulary import CaseState

OF_ANY_STATE = frozenset({"recorded", "clocks_off"})
"""Measures that count a case whatever was decided of it."""

Name = tuple[str, str]
"""A ward's code and a case's."""


def told_blindly(report: Report, blind: Mapping[Name, datetime], *, merged: bool) -> Report:
    """The report without its whole list if one of these cases is in it, since a list whose states
    are left out does not add up to the figures; the cases under a figure come without them.

    `blind` says when the act of each began, `merged` that cases of other wards are counted too.
    """
    if not blind or report.under is None:
        return report
    wards, period = {ward.code for ward in report.figures.wards}, report.figures.period
    changed = {one.code for one in report.since.outcomes} if report.since else set()
    listed = any(
        (merged or ward in wards) and (period.start <= began < period.end or code in changed)
        for (ward, code), began in blind.items()
    )
    under = _without(report.under, blind.keys())
    if not listed:
        return replace(report, under=under)
    return replace(report, under=under, lines=None, unmarked=None, looks_first=True)


def without_blind(found: Counted, blind: Collection[Name]) -> Counted:
    """Without the lines of these cases, for a list of what was decided in one way."""
    stay = [_name(line) not in blind for line in found.lines]
    lines, days = tuple(compress(found.lines, stay)), tuple(compress(found.days, stay))
    return replace(found, lines=lines, days=days, left_out=len(stay) - len(lines))


def _without(under: Under, blind: Collection[Name]) -> Under:
    def told(cell: Cell, most: int) -> Counted:
        found = under(cell, most)
        if cell.of not in OF_ANY_STATE:
            return without_blind(found, blind)
        return replace(found, lines=tuple(_undecided(line, blind) for line in found.lines))

    return told


def _undecided(line: CaseLine, blind: Collection[Name]) -> CaseLine:
    """The line as if nobody had decided yet."""
    if _name(line) not in blind:
        return line
    return replace(
        line,
        state=CaseState.WAITING,
        reason=None,
        reason_names=None,
        reviewer=None,
        basis=None,
        decision_number=None,
        fine_dong=None,
        repeats=False,
    )


def _name(line: CaseLine) -> Name:
    return line.ward_code, line.code
