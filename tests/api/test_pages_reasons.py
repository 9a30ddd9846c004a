"""Why a case was raised, as a sentence and link by link."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import viahe_rules
from tests.api.house import House, a_suspicion
from viahe_api.cases import open_case
from viahe_api.language import read_languages
from viahe_api.records import CaseDetail
from viahe_api.vocabulary import FileKind
from viahe_api.web.case_facts import facts, stills, thresholds
from viahe_api.web.reasons import chain, sentence
from viahe_api.web.wording import Status
from viahe_rules.domain import Box, LeftBy, LeftByKind, Reason

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
    "part",
    "required",
    "seen_share",
    "known_by_place",
    "surface",
    "vending_banned",
    "in_hours",
    "permit_other_things",
    "permit_not_yet",
    "permit_expired",
    "permit_out_of_hours",
    "not_quiet",
    "time_unknown",
    "excused",
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


def test_every_code_that_the_rules_give_is_tried_here() -> None:
    sources = (path.read_text("utf-8") for path in Path(viahe_rules.__file__).parent.glob("*.py"))
    given = re.findall(r'(?:Reason\(\s*|yield )"(\w+)"', "".join(sources))
    assert len(set(given)) > 15
    assert set(given) - {"permit_elsewhere"} <= set(EVERY_CODE)


@pytest.mark.parametrize("code", EVERY_CODE)
def test_every_code_of_the_rules_has_words_in_both_languages(case: CaseDetail, code: str) -> None:
    case = replace(case, reasons=(Reason(code, t=101.0, value=3.0, name="car"),))
    (vietnamese,), (english,) = (chain(LANGUAGES[language], case) for language in ("vi", "en"))
    assert code not in vietnamese.said
    assert vietnamese.said != english.said
    assert vietnamese.said[0].isupper()


CHAIN = (
    Reason("appeared", t=110.0, name="rubbish"),
    Reason("leaver_gone", t=119.0, value=9.0, name="person"),
    Reason("remained", value=105.0),
    Reason("unattended", t=118.0, value=97.0),
    Reason("required", value=60.0),
    Reason("seen_share", value=0.95),
    Reason("surface", name="pavement"),
    Reason("permit_expired", name="NN-261122-1"),
    Reason("no_permit"),
)


def test_the_chain_is_told_link_by_link_with_the_time_of_day_of_each(case: CaseDetail) -> None:
    links = chain(LANGUAGES["vi"], replace(case, reasons=CHAIN))
    assert [(link.at, link.said) for link in links] == [
        ("11:55:10", "Rác xuất hiện"),
        ("11:55:18", "Không có người bên cạnh trong 97 giây"),
        ("11:55:19", "Người để lại rời đi sau 9 giây"),
        ("", "Vật còn lại 105 giây"),
        ("", "Quy tắc yêu cầu tối thiểu 60 giây"),
        ("", "Nhìn thấy trong 95 % số lần quan sát vị trí"),
        ("", "Bề mặt: vỉa hè"),
        ("", "Giấy phép NN-261122-1 đã hết hạn"),
        ("", "Không có giấy phép phù hợp"),
    ]


def test_hours_are_said_to_be_the_rule_s_or_of_the_class_alone(case: CaseDetail) -> None:
    reasons = (Reason("in_hours"), Reason("in_hours", name="motorcycle"))
    assert [link.said for link in chain(LANGUAGES["vi"], replace(case, reasons=reasons))] == [
        "Trong khung giờ áp dụng của quy tắc",
        "Trong khung giờ quy tắc áp dụng riêng cho: xe máy",
    ]


def test_the_sentence_is_for_a_glance_and_leaves_to_the_chain_what_was_checked(
    case: CaseDetail,
) -> None:
    assert sentence(LANGUAGES["en"], replace(case, reasons=CHAIN)) == (
        "Rubbish appeared at 11:55:10; the person who left it went away after 9 seconds; "
        "the thing remained for 105 seconds; no permit covers it."
    )


def test_the_facts_say_what_ground_the_zone_is_on(case: CaseDetail) -> None:
    case = replace(case, zone_name="Gốc cây", zone_version=3, reasons=CHAIN)
    assert "Gốc cây (bản 3), vỉa hè" in [fact.value for fact in facts(LANGUAGES["vi"], case)]
    assert "Gốc cây (version 3), pavement" in [fact.value for fact in facts(LANGUAGES["en"], case)]


@pytest.mark.parametrize(
    ("offset_s", "said", "relied_on"),
    [
        (0.2, "lệch 0,2 giây", True),
        (-2.0, "lệch 2,0 giây", True),
        (-42.1, "lệch 42,1 giây", False),
        (None, "", False),
    ],
)
def test_a_clock_that_was_off_or_unknown_puts_the_moment_in_doubt(
    case: CaseDetail, offset_s: float | None, said: str, *, relied_on: bool
) -> None:
    case = replace(case, clock_offset_s=offset_s)
    clock = next(fact for fact in facts(LANGUAGES["vi"], case) if fact.word == "Đồng hồ")
    assert clock.value == said
    doubt = Status("question", "thời gian chưa đồng bộ", "wait")
    assert clock.doubt == (None if relied_on else doubt)


def test_the_thresholds_of_the_rule_are_said(case: CaseDetail) -> None:
    case = replace(case, thresholds=(("dwell thing", 60.0), ("gone", 5.0), ("min_score", 0.35)))
    assert thresholds(LANGUAGES["vi"], case) == [
        ("Người để lại phải rời đi ít nhất", "5 giây"),
        ("Độ tin cậy tối thiểu khi nhận dạng", "0,35"),
    ]


def test_the_still_of_the_act_has_the_time_of_day_at_which_the_leaver_was_nearest(
    case: CaseDetail,
) -> None:
    near, away = Box(0.4, 0.4, 0.5, 0.8), Box(0.8, 0.4, 0.9, 0.8)
    path = ((104.0, away), (108.0, near), (112.0, away))
    place = Box(0.42, 0.72, 0.48, 0.8)
    case = replace(case, place=place, left_by=LeftBy(LeftByKind.PERSON, 0.8, 112.0, path))
    shown = [(still["word"], still["at"]) for still in stills(LANGUAGES["vi"], case)]
    assert shown == [("Lúc xảy ra", "11:55:08")]


def test_stills_come_in_order_of_time_and_each_is_called_what_it_shows(
    case: CaseDetail,
) -> None:
    """The leaver is nearest before the thing is seen, as where it is put down behind somebody."""
    act = case.file(FileKind.STILL_ACT)
    assert act is not None
    others = (FileKind.STILL_ONSET, FileKind.STILL_AFTER, FileKind.STILL_BEFORE)
    files = (*case.files, *(replace(act, kind=kind) for kind in others))
    place, near = Box(0.42, 0.72, 0.48, 0.8), Box(0.4, 0.4, 0.5, 0.8)
    path = ((98.0, near), (104.0, Box(0.8, 0.4, 0.9, 0.8)))
    by = LeftBy(LeftByKind.PERSON, 0.8, 112.0, path)
    case = replace(case, files=files, place=place, left_by=by, start_t=100.0, end_t=140.0)
    shown = [(still["word"], still["at"]) for still in stills(LANGUAGES["vi"], case)]
    assert shown == [
        ("Trước", "11:54:54"),
        ("Lúc xảy ra", "11:54:58"),
        ("Xuất hiện", "11:55:00"),
        ("Sau", "11:55:40"),
    ]


def test_a_code_nobody_knows_yet_is_shown_and_not_lost(case: CaseDetail) -> None:
    case = replace(case, reasons=(Reason("smelled", t=100.0, value=2.5, name="fish"),))
    assert sentence(LANGUAGES["vi"], case) == "Smelled fish 2,5 11:55:00."


def test_a_case_without_reasons_says_nothing(case: CaseDetail) -> None:
    assert sentence(LANGUAGES["vi"], replace(case, reasons=())) == ""
