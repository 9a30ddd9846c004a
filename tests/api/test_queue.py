"""The queue, the case page's facts, and the way from one case to the next."""

from datetime import timedelta

import pytest

from tests.api.house import House, a_suspicion, announcement
from viahe_api import cases, queries, reception, seeding
from viahe_api.errors import NotFound, RoleNeeded
from viahe_api.queries import QueueFilters
from viahe_api.queue_order import QueueOrder
from viahe_api.records import QueuePage
from viahe_api.schemas import Announcement, HealthReport
from viahe_api.vocabulary import CaseState, FileKind, RejectReason, Verdict
from viahe_rules.domain import Act


def look(house: House, login: str = "lan", **filters: object) -> QueuePage:
    with house.database.reading() as session:
        return queries.queue(
            session,
            house.viewer(login),
            QueueFilters(**filters),  # type: ignore[arg-type]
            now=house.now,
        )


def codes(page: QueuePage) -> list[str]:
    return [row.code for row in page.rows]


def follow(
    house: House, after: str | None, login: str = "lan", order: QueueOrder = QueueOrder.OLDEST
) -> str | None:
    with house.database.reading() as session:
        filters = QueueFilters(order=order)
        return queries.next_case(session, house.viewer(login), after, filters, now=house.now)


def confirm(house: House, code: str, login: str = "lan") -> None:
    with house.database.writing() as session:
        cases.decide(
            session,
            house.viewer(login),
            code,
            Verdict.CONFIRM,
            form_id=f"confirm {code}",
            now=house.now,
        )


def test_the_longest_waiting_comes_first_and_of_those_the_surest(house: House) -> None:
    first = house.report(a_suspicion("key-1", score=0.5))
    house.clock.advance(60)
    unsure = house.report(a_suspicion("key-2", score=0.4))
    sure = house.report(a_suspicion("key-3", score=0.9))
    page = look(house)
    assert codes(page) == [first, sure, unsure]
    assert (page.waiting, page.oldest_since) == (3, house.now - timedelta(seconds=60))


def test_asked_for_the_surest_first_the_longest_waiting_of_these_comes_first(house: House) -> None:
    unsure = house.report(a_suspicion("key-1", score=0.5))
    house.clock.advance(60)
    sure = house.report(a_suspicion("key-2", score=0.9))
    house.clock.advance(60)
    as_sure = house.report(a_suspicion("key-3", score=0.9))
    assert codes(look(house, order=QueueOrder.SUREST)) == [sure, as_sure, unsure]


@pytest.mark.parametrize("order", QueueOrder)
def test_from_case_to_case_a_person_comes_through_the_list_in_its_order(
    house: House, order: QueueOrder
) -> None:
    for number, (minutes, score) in enumerate(
        ((0, 0.5), (0, 0.9), (0, 0.9), (1, 0.9), (0, 0.4), (1, 0.5), (0, 0.5))
    ):
        house.clock.advance(minutes * 60)
        house.report(a_suspicion(f"key-{number}", score=score))
    listed = codes(look(house, order=order))
    gone_through = [follow(house, None, order=order)]
    while len(gone_through) < len(listed):
        gone_through.append(follow(house, gone_through[-1], order=order))
    assert gone_through == listed


def test_a_row_says_what_is_suspected_where_and_since_when(house: House) -> None:
    code = house.report()
    (row,) = look(house).rows
    assert (row.ref, row.act, row.label, row.score) == (code, Act.DUMPING, "rubbish", 0.91)
    assert (row.address, row.street, row.group) == ("Trước số 12 ngõ 52", "Thụy Khuê", "TDP 7")
    assert (row.state, row.still) == (CaseState.WAITING, "still_act.jpg")
    assert (row.start_at, row.waiting_since) == (house.now - timedelta(minutes=5), house.now)


def test_a_case_whose_bytes_have_not_all_come_is_not_in_the_queue(house: House) -> None:
    payload = Announcement.model_validate(announcement(a_suspicion()))
    with house.database.writing() as session:
        reception.announce(session, house.device(), payload, largest_file=1 << 30, now=house.now)
    assert look(house).total == 0
    with pytest.raises(NotFound), house.database.reading() as session:
        queries.case_detail(session, house.viewer("lan"), "key-1", now=house.now)


def test_a_decided_case_leaves_the_queue(house: House) -> None:
    code, other = house.report(), house.report(a_suspicion("key-2"))
    confirm(house, code)
    assert codes(look(house)) == [other]
    assert codes(look(house, states=(CaseState.SUFFICIENT,))) == [code]


def test_the_queue_says_who_has_a_case_open(house: House) -> None:
    code = house.report()
    with house.database.writing() as session:
        cases.open_case(session, house.viewer("minh"), code, now=house.now)
    (row,) = look(house).rows
    assert row.lease is not None
    assert (row.lease.holder, row.lease.mine) == ("Trần Văn Minh", False)


@pytest.mark.parametrize(
    ("text", "found"),
    [("ngo 52", 1), ("Thuỵ KHUÊ", 1), ("2611-0001", 1), ("cam-1", 1), ("hoan kiem", 0), ("%", 0)],
)
def test_the_search_minds_no_accents(house: House, text: str, found: int) -> None:
    house.report()
    assert look(house, text=text).total == found


@pytest.mark.parametrize("text", ["de la thanh", "ĐÊ LA THÀNH", "khoa hoc", "Khoá học", "khóa học"])
def test_the_search_takes_d_with_or_without_its_bar_and_a_tone_mark_on_either_vowel(
    house: House, text: str
) -> None:
    place = seeding.CameraPlace("Ngõ 9", "Cổng trường khóa học", "Đê La Thành", "TDP 9")
    with house.database.writing() as session:
        seeding.add_camera(session, house.device().id, "de-la-thanh", place, now=house.now)
    house.report(a_suspicion(camera="de-la-thanh"))
    assert look(house, text=text).total == 1


def test_filters_narrow_and_counts_stay_of_the_whole_queue(house: House) -> None:
    house.report()
    stall = house.report(a_suspicion("key-2", act=Act.ENCROACHMENT))
    page = look(house, act=Act.ENCROACHMENT)
    assert (codes(page), page.total, page.waiting) == ([stall], 1, 2)
    assert look(house, camera_id=house.camera_id("hong-ha")).total == 0


def test_pages_hold_what_they_are_told_and_the_last_stands_in_for_later_ones(house: House) -> None:
    reported = [house.report(a_suspicion(f"key-{n}", score=1 - n / 10)) for n in range(5)]
    page = look(house, page=9, per_page=2)
    assert (page.page, page.pages, codes(page)) == (3, 3, reported[4:])


def test_news_are_counted_from_the_newest_case_shown(house: House) -> None:
    house.report()
    mark = look(house).newest_at
    assert mark is not None
    house.clock.advance(1)
    house.report(a_suspicion("key-2"))
    house.report(a_suspicion("key-3"), ward="hong-ha")
    with house.database.reading() as session:
        assert queries.new_since(session, house.viewer("lan"), mark) == 1


def test_next_goes_through_the_queue_and_round_again(house: House) -> None:
    first, second, third = (
        house.report(a_suspicion(f"key-{n}", score=1 - n / 10)) for n in range(3)
    )
    assert follow(house, None) == first
    assert follow(house, first) == second
    assert follow(house, third) == first
    confirm(house, second)
    assert follow(house, second) == third


def test_next_passes_over_what_somebody_else_has_open(house: House) -> None:
    first, second = house.report(), house.report(a_suspicion("key-2", score=0.1))
    with house.database.writing() as session:
        cases.open_case(session, house.viewer("minh"), second, now=house.now)
    assert follow(house, first) is None
    assert follow(house, first, "minh") == second
    house.clock.advance(181)
    assert follow(house, first) == second


def test_the_case_page_has_every_fact_the_detector_sent(house: House) -> None:
    code = house.report()
    with house.database.reading() as session:
        case = queries.case_detail(session, house.viewer("lan"), code, now=house.now)
    sent = a_suspicion()
    assert (case.place, case.left_by, case.reasons) == (sent.place, sent.left_by, sent.reasons)
    assert (case.thresholds, case.start_t, case.end_t) == (sent.thresholds, 100.0, 140.0)
    assert (case.zone_name, case.zone_version) == ("Vỉa hè số 12", 1)
    assert case.recorded_s == pytest.approx(39.7)
    assert case.missing_s == pytest.approx(1.5)
    clip = case.file(FileKind.CLIP)
    assert clip is not None
    assert clip.url == f"/media/cases/{code}/clip.mp4"
    assert case.may_decide


def test_earlier_cases_at_the_place_are_counted_and_near_ones_offered(house: House) -> None:
    months_ago = house.now - timedelta(days=100)
    long_ago = house.now - timedelta(days=200)
    house.report(a_suspicion("key-1"), start_at=long_ago)
    confirm(house, house.report(a_suspicion("key-2"), start_at=months_ago))
    near = house.report(a_suspicion("key-3"), start_at=house.now - timedelta(hours=2))
    house.report(a_suspicion("key-4", zone="zone-2"), start_at=months_ago)
    code = house.report(a_suspicion("key-5"), start_at=house.now)
    with house.database.reading() as session:
        case = queries.case_detail(session, house.viewer("lan"), code, now=house.now)
    assert (case.earlier.total, case.earlier.sufficient, case.earlier.months) == (2, 1, 6)
    assert [other.code for other in case.near] == [near]


def test_todays_decisions_are_listed_newest_first(house: House) -> None:
    first, second = house.report(), house.report(a_suspicion("key-2"))
    house.clock.advance(-13 * 3600)
    with house.database.writing() as session:
        cases.decide(
            session,
            house.viewer("lan"),
            first,
            Verdict.REJECT,
            reason=RejectReason.PASSERS_BY,
            form_id="yesterday",
            now=house.now,
        )
    house.clock.advance(13 * 3600)
    confirm(house, second)
    confirm(house, house.report(a_suspicion("key-3")), "minh")
    with house.database.reading() as session:
        mine = queries.my_decisions_today(session, house.viewer("lan"), now=house.now)
    assert [decision.code for decision in mine] == [second]


@pytest.mark.parametrize("login", ["thu", "an"])
def test_officials_and_administrators_see_no_cases(house: House, login: str) -> None:
    house.report()
    with pytest.raises(RoleNeeded):
        look(house, login)


def test_cameras_are_online_only_while_their_detector_speaks(house: House) -> None:
    health = HealthReport.model_validate(
        {"session": "process-1", "cameras": [{"camera": "cam-1", "state": "online"}]}
    )
    assert (look(house).cameras_online, look(house).cameras_enabled) == (0, 1)
    with house.database.writing() as session:
        reception.keep_health(session, house.device(), health, now=house.now)
    assert look(house).cameras_online == 1
    house.clock.advance(151)
    assert look(house).cameras_online == 0
