"""A list of a month is read by the cases of that month, however many there ever were."""

from tests.api.house import House, a_suspicion
from tests.api.test_queue import confirm
from tests.api.test_queue_lookups import overheard
from tests.postgresql.test_answers_from_indexes import plan
from viahe_api.case_lines import case_lines
from viahe_api.period_address import read_period
from viahe_api.scope import S


def test_neither_all_cases_nor_all_decisions_are_read_for_a_list(house: House) -> None:
    confirm(house, house.report(a_suspicion()), "lan")
    with overheard() as heard, house.database.reading() as session:
        (line,) = case_lines(session, everywhere, read_period("2026-11"))
    assert line.reviewer
    asked = [pair for pair in heard if "FROM decision" in pair[0] or "FROM handling" in pair[0]]
    assert len(asked) == 2
    for said, values in asked:
        assert "Seq Scan" not in plan(house, said, values)
        assert "case_id = " in plan(house, said, values)
        assert "Index Only Scan using ix_" in plan(house, said, values)


def everywhere(statement: S, _ward_id: object, /) -> S:
    return statement
