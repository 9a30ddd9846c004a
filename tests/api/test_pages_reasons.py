"""Why a case was raised, as a sentence."""

from dataclasses import replace

import pytest

from tests.api.house import House, a_suspicion
from viahe_api.cases import open_case
from viahe_api.language import read_languages
from viahe_api.records import CaseDetail
from viahe_api.web.reasons import sentence
from viahe_rules.domain import LeftBy, LeftByKind, Reason

LANGUAGES = read_languages()
EVERY_CODE = (
    "appeared",
    "leaver_gone",
    "leaver_seen",
    "leaver_unknown",
    "remained",
    "stopped",
    "stayed",
    "gathered",
    "no_permit",
    "rubbish_score",
    "unattended",
    "there_from_start",
)


@pytest.fixture
def case(house: House) -> CaseDetail:
    """A bag left at media second 100, which was 11:55:00 in Ha Noi."""
    code = house.report(a_suspicion())
    with house.database.writing() as session:
        return open_case(session, house.viewer("lan"), code, now=house.now)


def test_the_chain_of_what_was_seen_is_one_sentence(case: CaseDetail) -> None:
    reasons = (
        Reason("appeared", t=110.0),
        Reason("leaver_gone", t=119.0, value=9.0),
        Reason("remained", value=105.0),
    )
    case = replace(case, reasons=reasons)
    assert sentence(LANGUAGES["vi"], case) == (
        "Rác xuất hiện lúc 11:55:10; người để lại rời đi sau 9 giây; vật còn lại 105 giây."
    )
    assert sentence(LANGUAGES["en"], case) == (
        "Rubbish appeared at 11:55:10; the person who left it went away after 9 seconds; "
        "the thing remained for 105 seconds."
    )


def test_a_vehicle_that_left_a_thing_is_not_called_a_person(case: CaseDetail) -> None:
    reason = Reason("leaver_gone", t=119.0, value=9.0)
    case = replace(case, left_by=LeftBy(LeftByKind.VEHICLE), reasons=(reason,))
    assert sentence(LANGUAGES["vi"], case) == "Phương tiện để lại rời đi sau 9 giây."


@pytest.mark.parametrize("code", EVERY_CODE)
def test_every_code_of_the_rules_has_words_in_both_languages(case: CaseDetail, code: str) -> None:
    case = replace(case, reasons=(Reason(code, t=101.0, value=3.0, name="car"),))
    vietnamese, english = (sentence(LANGUAGES[language], case) for language in ("vi", "en"))
    assert code not in vietnamese
    assert vietnamese != english
    assert english.endswith(".")


def test_a_code_nobody_knows_yet_is_shown_and_not_lost(case: CaseDetail) -> None:
    case = replace(case, reasons=(Reason("smelled", t=100.0, value=2.5, name="fish"),))
    assert sentence(LANGUAGES["vi"], case) == "Smelled fish 2,5 11:55:00."


def test_a_case_without_reasons_says_nothing(case: CaseDetail) -> None:
    assert sentence(LANGUAGES["vi"], replace(case, reasons=())) == ""
