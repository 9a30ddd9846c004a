"""Each ward has its own words for why cases are rejected; reports count by the fixed ones."""

import re
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.house import House, a_suspicion, sign_in
from tests.api.test_cases import decide, state_of
from viahe_api import queries, rejection_reasons
from viahe_api.errors import FormFault, NotFound, RoleNeeded
from viahe_api.language import read_languages
from viahe_api.period_address import read_period
from viahe_api.precision import zone_tasks
from viahe_api.queries import QueueFilters
from viahe_api.rejection_reasons import DIGITS, ReasonChange, RejectionReason
from viahe_api.report_reading import viewer_report
from viahe_api.tables import Decision
from viahe_api.vocabulary import REJECTED_STATES, CaseState, RejectReason, Verdict

PARENTS = ("Phụ huynh đón học sinh", "Parents at the school gate")


def ward_id(house: House) -> int:
    return house.device().ward_id


def reasons_of(house: House) -> dict[str, RejectionReason]:
    with house.database.reading() as session:
        return {
            reason.code: reason for reason in rejection_reasons.reasons_of(session, ward_id(house))
        }


def change(house: House, *changes: ReasonChange, login: str = "an") -> None:
    with house.database.writing() as session:
        rejection_reasons.change_reasons(
            session, house.viewer(login), ward_id(house), changes, now=house.now
        )


def add(house: House, meaning: str = "1", login: str = "an") -> str:
    with house.database.writing() as session:
        return rejection_reasons.add_reason(
            session, house.viewer(login), ward_id(house), PARENTS, meaning, now=house.now
        )


def remove(house: House, code: str) -> None:
    with house.database.writing() as session:
        rejection_reasons.remove_reason(
            session, house.viewer("an"), ward_id(house), code, now=house.now
        )


def as_it_is(house: House, code: str, **changes: object) -> ReasonChange:
    reason = reasons_of(house)[code]
    names = reason.names or ("", "")
    said = {
        "name_vi": names[0],
        "name_en": names[1],
        "digit": reason.digit,
        "offered": reason.offered,
    }
    return ReasonChange(code, **said | changes)  # type: ignore[arg-type]


def test_without_a_word_from_the_ward_the_ten_reasons_have_their_own_digits(house: House) -> None:
    known = reasons_of(house)
    assert list(known) == list(DIGITS)
    assert all(reason.digit == code and reason.offered for code, reason in known.items())


def test_a_reason_of_the_wards_own_counts_as_what_it_means(house: House) -> None:
    change(house, as_it_is(house, "4", offered=False))
    code = add(house, RejectReason.PICTURE_TOO_POOR)
    assert reasons_of(house)[code].digit == "4"
    case = house.report()
    decision = decide(house, "lan", case, Verdict.REJECT, reason=code)
    assert (decision.reason, decision.reason_names) == (RejectReason.PICTURE_TOO_POOR, PARENTS)
    assert state_of(house, case) is CaseState.INSUFFICIENT
    with house.database.reading() as session:
        assert session.scalars(select(Decision.reason)).one() == "8"
        report = viewer_report(session, house.viewer("duc"), read_period("2026-11"), now=house.now)
        for language, name in zip(("vi", "en"), PARENTS, strict=True):
            forms = {form.number: form for form in report.forms(read_languages()[language])}
            (row,) = forms["05"].rows
            assert str(row[-1]).startswith(name)


def test_a_reason_that_is_off_is_refused_and_its_old_decisions_stay(house: House) -> None:
    first = house.report()
    decide(house, "lan", first, Verdict.REJECT, reason="3")
    change(house, as_it_is(house, "3", offered=False))
    second = house.report(a_suspicion("key-2"))
    with pytest.raises(FormFault) as refused:
        decide(house, "lan", second, Verdict.REJECT, reason="3")
    assert refused.value.fault == "reason_needed"
    assert state_of(house, first) is CaseState.NOT_VIOLATION


def test_a_renamed_fixed_reason_keeps_its_meaning(house: House) -> None:
    names = {"name_vi": "Khu vực chưa đúng", "name_en": "Area is off"}
    change(house, as_it_is(house, "6", digit="9", **names), as_it_is(house, "9", digit="6"))
    decide(house, "lan", house.report(), Verdict.REJECT, reason="6")
    with house.database.reading() as session:
        (task,) = zone_tasks(session, house.viewer("an"))
    assert task.rejections == 1


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"digit": "2"}, "digit_twice"),
        ({"digit": "x"}, "digit"),
        ({"digit": "12"}, "digit"),
        ({"name_vi": "Chỉ tiếng Việt", "name_en": ""}, "name_needed"),
        ({"name_vi": "x" * 81, "name_en": "x"}, "name_needed"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    house: House, changes: dict[str, object], fault: str
) -> None:
    with pytest.raises(FormFault) as refused:
        change(house, as_it_is(house, "2", offered=True), as_it_is(house, "1", **changes))
    assert refused.value.fault == fault
    assert reasons_of(house)["1"].names is None


def test_one_reason_at_least_is_offered(house: House) -> None:
    with pytest.raises(FormFault) as refused:
        change(house, *(as_it_is(house, code, offered=False) for code in DIGITS))
    assert refused.value.fault == "none_offered"


def test_a_reason_that_was_given_is_never_deleted(house: House) -> None:
    used, unused = add(house), add(house)
    decide(house, "lan", house.report(), Verdict.REJECT, reason=used)
    remove(house, unused)
    with pytest.raises(FormFault) as refused:
        remove(house, used)
    assert refused.value.fault == "reason_used"
    with pytest.raises(NotFound):
        remove(house, "3")
    assert used in reasons_of(house)
    assert add(house) not in {used, "w1"}


@pytest.mark.parametrize("login", ["lan", "duc", "thu", "quan", "hoa"])
def test_only_the_wards_administrator_keeps_its_reasons(house: House, login: str) -> None:
    with pytest.raises((RoleNeeded, NotFound)):
        change(house, as_it_is(house, "1", offered=False), login=login)
    with pytest.raises((RoleNeeded, NotFound)):
        add(house, login=login)


def test_cases_are_found_by_the_reason_that_stands(house: House) -> None:
    code = add(house)
    by_reason = {}
    for number, reason in enumerate((code, "1", "2")):
        case = house.report(a_suspicion(f"key-{number}"))
        decide(house, "lan", case, Verdict.REJECT, reason=reason)
        by_reason[reason] = case
    for reason, case in by_reason.items():
        with house.database.reading() as session:
            page = queries.queue(
                session,
                house.viewer("lan"),
                QueueFilters(reason=reason, states=REJECTED_STATES),
                now=house.now,
            )
        assert [row.code for row in page.rows] == [case]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.sampled_from(DIGITS), st.sampled_from([*DIGITS, ""]), st.booleans()),
        max_size=12,
    )
)
def test_whatever_an_administrator_sends_one_key_never_means_two_reasons(
    house: House, sent: list[tuple[str, str, bool]]
) -> None:
    changes = [ReasonChange(code, "", "", digit, offered) for code, digit, offered in sent]
    with suppress(FormFault):
        change(house, *changes)
    known = reasons_of(house)
    digits = [reason.digit for reason in known.values() if reason.offered and reason.digit]
    assert len(digits) == len(set(digits))
    assert any(reason.offered for reason in known.values())
    assert set(known) == set(DIGITS)


def test_the_administrators_page_changes_adds_and_removes(client: TestClient, house: House) -> None:
    sign_in(client, "an")
    page = client.get("/reasons").text
    csrf = re.findall(r'name="csrf" value="([^"]+)"', page)[-1]
    at = f"/reasons/{ward_id(house)}"
    form = {
        "csrf": csrf,
        **{f"known-{code}": "1" for code in DIGITS},
        **{f"digit-{code}": code for code in DIGITS},
        **{f"offered-{code}": "1" for code in DIGITS if code != "5"},
        "vi-1": "Người đi ngang",
        "en-1": "Walking past",
    }
    assert "Đã lưu" in client.post(at, data=form).text
    twice = client.post(at, data=form | {"digit-1": "2"})
    assert twice.status_code == 400
    assert "cùng phím tắt" in twice.text
    added = {"csrf": csrf, "name_vi": PARENTS[0], "name_en": PARENTS[1], "meaning": "1"}
    assert "Cần chọn lý do cố định" in client.post(f"{at}/add", data=added | {"meaning": ""}).text
    assert PARENTS[0] in client.post(f"{at}/add", data=added).text
    case = house.report()
    sign_in(client, "lan")
    offered = client.get(f"/cases/{case}").text
    assert "Người đi ngang" in offered
    assert 'value="w1" data-digit="5"' in offered
    assert "Bỏ rác đúng nơi, đúng giờ" not in offered
    sign_in(client, "an")
    assert PARENTS[0] not in client.post(f"{at}/w1/remove", data={"csrf": csrf_of(client)}).text


def csrf_of(client: TestClient) -> str:
    return re.findall(r'name="csrf" value="([^"]+)"', client.get("/reasons").text)[-1]


@pytest.mark.parametrize("login", ["lan", "duc", "thu"])
def test_others_see_no_page_of_reasons(client: TestClient, login: str) -> None:
    sign_in(client, login)
    assert client.get("/reasons").status_code == 403
