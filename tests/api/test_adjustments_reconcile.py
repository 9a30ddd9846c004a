"""Whatever happens after a lock: the cases that changed add up to the figures that changed."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select

from tests.api.house import House, a_suspicion
from tests.api.locked import HANOI, IN_NOVEMBER, NOVEMBER, decide, lock, outcome
from viahe_api import cases, handling, integrity
from viahe_api.adjustment_causes import Cause
from viahe_api.cells import OUTCOMES
from viahe_api.errors import Refusal
from viahe_api.report_reading import viewer_report
from viahe_api.since_locked import SinceLocked
from viahe_api.tables import Account, Case, Decision, HandlingStep
from viahe_api.tables.handling import HandlingUndo
from viahe_api.vocabulary import UNCONCLUDED_STATES, CaseState, Handling, Verdict
from viahe_rules.domain import Act

IN_OCTOBER = datetime(2026, 10, 3, 18, tzinfo=HANOI)
AMOUNTS = {"sanctioned": "fined_dong", "complied": "paid_dong"}
COMPARED = ("previous", "year_before")
"""Figures of other periods, whose cases are in no list of this one."""
EVENTS = 10


@pytest.mark.parametrize("seed", range(3))
def test_every_changed_figure_of_an_act_has_the_cases_it_changed_by(
    house: House, seed: int
) -> None:
    """At last all evidence is lost, one case after another, whatever had come of it."""
    town = Town(house, Random(seed))
    for happening in (town.report, town.decide, town.enter_outcome, town.something_happens):
        for _ in range(6):
            happening()
    town.lose_evidence()
    house.clock.advance(60)
    lock(house)
    house.clock.advance(3600)
    for _ in range(EVENTS):
        town.something_happens()
        town.reconcile()
    while town.lose_evidence():
        house.clock.advance(60)
        town.reconcile()


class Town:
    """A ward in which things happen, by chance."""

    def __init__(self, house: House, chance: Random) -> None:
        self.house, self.chance, self.codes = house, chance, list[str]()

    def something_happens(self) -> None:
        self.house.clock.advance(60)
        happening: Callable[[], object] = self.chance.choice(
            (
                self.report,
                self.decide,
                self.decide,
                self.take_decision_back,
                self.return_case,
                self.enter_outcome,
                self.enter_outcome,
                self.take_outcome_back,
                self.lose_evidence,
            )
        )
        happening()

    def report(self) -> None:
        act = self.chance.choice(list(Act))
        suspicion = a_suspicion(f"key-{len(self.codes)}", act=act)
        start_at = self.chance.choice((IN_NOVEMBER, IN_NOVEMBER, IN_OCTOBER))
        self.codes.append(self.house.report(suspicion, start_at=start_at))

    def decide(self) -> None:
        code = self._one(CaseState.WAITING, CaseState.NEEDS_MORE)
        if code is not None:
            decide(self.house, code, self.chance.choice((Verdict.CONFIRM, Verdict.REJECT)))

    def take_decision_back(self) -> None:
        with self.house.database.writing() as session:
            standing = select(Decision.id).where(Decision.undone_at.is_(None))
            made = list(session.scalars(standing.order_by(Decision.id)))
            if made:
                self._try(
                    lambda: cases.undo(
                        session,
                        self.house.viewer("lan"),
                        self.chance.choice(made),
                        now=self.house.now,
                    )
                )

    def return_case(self) -> None:
        code = self._one(CaseState.SUFFICIENT)
        if code is None:
            return
        with self.house.database.writing() as session:
            self._try(
                lambda: handling.give_back(
                    session,
                    self.house.viewer("duc"),
                    code,
                    "thiếu ảnh",
                    form_id=f"back-{self.house.now}",
                    now=self.house.now,
                )
            )

    def enter_outcome(self) -> None:
        """Entered again it corrects; not all of them count in November."""
        code = self._one(CaseState.SUFFICIENT)
        if code is None:
            return
        step = self.chance.choice((Handling.REMINDED, Handling.SANCTIONED, Handling.COMPLIED))
        amount = None if step is Handling.REMINDED else self.chance.choice((1_000_000, 2_500_000))
        day = self.chance.choice((date(2026, 11, 10), date(2026, 11, 12), date(2026, 11, 16)))
        outcome(self.house, code, step, day, amount)

    def take_outcome_back(self) -> None:
        with self.house.database.writing() as session:
            standing = select(HandlingStep.id).where(
                ~HandlingStep.undo.has(), HandlingStep.step != Handling.RETURNED
            )
            made = list(session.scalars(standing.order_by(HandlingStep.id)))
            if made:
                account = session.scalars(select(Account.id).where(Account.login == "duc")).one()
                step = self.chance.choice(made)
                session.add(HandlingUndo(step_id=step, account_id=account, at=self.house.now))

    def lose_evidence(self) -> bool:
        """Of any case that has not lost it, if there is one. The check began before it came to
        the case."""
        whole = [state for state in CaseState if state is not CaseState.INTEGRITY_ERROR]
        code = self._one(*whole)
        if code is None:
            return False
        self.house.store.case_file("tay-ho", code, "clip.mp4").write_bytes(b"other")
        began = self.house.now - timedelta(seconds=30)
        integrity.verify_evidence(self.house.database, self.house.store, now=began)
        return True

    def reconcile(self) -> None:
        since = self.since()
        figures = {
            (one.act, one.measure): one.after - one.before
            for one in since.figures
            if one.act and one.measure not in COMPARED
        }
        assert figures == by_cases(since)
        whys = [one.why for one in (*since.cases, *since.outcomes)]
        assert all(why.cause is not Cause.UNTOLD and why.at for why in whys)

    def since(self) -> SinceLocked:
        with self.house.database.reading() as session:
            duc = self.house.viewer("duc")
            report = viewer_report(session, duc, NOVEMBER, now=self.house.now)
        assert report.since is not None
        return report.since

    def _one(self, *states: CaseState) -> str | None:
        with self.house.database.reading() as session:
            found = select(Case.code).where(Case.state.in_(states)).order_by(Case.id)
            codes = list(session.scalars(found))
        return self.chance.choice(codes) if codes else None

    def _try(self, happening: Callable[[], object]) -> None:
        """What is refused does not happen."""
        try:
            happening()
        except Refusal:
            return


def by_cases(since: SinceLocked) -> dict[tuple[Act, str], float]:
    """What the figures differ by, as the cases have it."""
    found: Counter[tuple[Act, str]] = Counter()
    for one in since.cases:
        for state, by in ((one.before, -1), (one.after, 1)):
            for measure in measures_of(state):
                found[one.act, measure] += by
    names = {step: measure for measure, step in OUTCOMES.items()}
    for changed in since.outcomes:
        measure = names[changed.step]
        for entered, by in ((changed.before, -1), (changed.after, 1)):
            if entered is not None:
                found[changed.act, measure] += by
                if measure in AMOUNTS:
                    found[changed.act, AMOUNTS[measure]] += by * (entered.amount or 0)
    return {key: by for key, by in found.items() if by}


def measures_of(state: CaseState | None) -> tuple[str, ...]:
    if state is None:
        return ()
    if state is CaseState.INTEGRITY_ERROR:
        return ("integrity_errors",)
    return ("recorded", "in_verification" if state in UNCONCLUDED_STATES else state.value)
