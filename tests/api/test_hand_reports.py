"""What citizens report and patrols see is entered by hand and goes the way of every case."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.api.by_hand import a_draft, a_group, employ, enter, photos
from tests.api.house import House, a_suspicion
from tests.api.photos import PLACE, a_photo, from_a_telephone
from tests.api.test_cases import decide, state_of
from viahe_api import access, handling, locks, queries
from viahe_api.errors import FormFault, NotFound, RoleNeeded
from viahe_api.integrity import verify_evidence
from viahe_api.language import read_languages
from viahe_api.period_address import read_period
from viahe_api.precision import precision
from viahe_api.queries import QueueFilters
from viahe_api.records import CaseDetail
from viahe_api.report_reading import viewer_report
from viahe_api.second_reviews import Sampling
from viahe_api.tables import AuditEntry, Case, EvidenceFile
from viahe_api.vocabulary import CaseState, FileKind, RejectReason, Source, Verdict
from viahe_rules.domain import Act

NOVEMBER = read_period("2026-11")


def found(house: House, login: str = "lan", **filters: Any) -> list[str]:
    with house.database.reading() as session:
        page = queries.queue(session, house.viewer(login), QueueFilters(**filters), now=house.now)
    return [row.code for row in page.rows]


def shown(house: House, code: str, login: str = "lan") -> CaseDetail:
    with house.database.reading() as session:
        return queries.case_detail(session, house.viewer(login), code, now=house.now)


def test_a_report_waits_in_the_queue_and_is_decided_and_handed_over(house: House) -> None:
    code = enter(house)
    assert found(house) == [code]
    detail = shown(house, code)
    assert (detail.source, detail.camera, detail.address) == (
        Source.CITIZEN,
        "",
        "Sau chợ Bưởi",
    )
    assert detail.entered is not None
    assert (detail.entered.by, detail.entered.description) == (
        "Nguyễn Thị Lan",
        "Nhiều bao rác để ở gốc cây",
    )
    decide(house, "minh", code, Verdict.CONFIRM, sampling=Sampling(100, "s" * 32))
    with house.database.writing() as session:
        handling.hand_over(session, house.viewer("duc"), code, form_id="f", now=house.now)
    assert state_of(house, code) is CaseState.SUFFICIENT


def test_the_original_is_evidence_and_what_is_shown_says_no_place(house: House) -> None:
    code = enter(house)
    with house.database.reading() as session:
        files = {row.kind: row for row in session.scalars(select(EvidenceFile))}
        stored = {
            kind: house.store.case_file("tay-ho", code, row.name).read_bytes()
            for kind, row in files.items()
        }
    assert stored[FileKind.PHOTO_ORIGINAL] == from_a_telephone()
    assert PLACE not in stored[FileKind.PHOTO]
    assert verify_evidence(house.database, house.store, now=house.now).faults == ()
    original, viewer = files[FileKind.PHOTO_ORIGINAL].name, house.viewer("lan")
    with pytest.raises(NotFound):
        access.case_file(
            house.database, viewer, code, original, access.Handing.VIEWED, now=house.now
        )
    taken = access.case_file(
        house.database, viewer, code, original, access.Handing.DOWNLOADED, now=house.now
    )
    assert taken.sha256 == files[FileKind.PHOTO_ORIGINAL].sha256


def test_a_changed_photo_is_an_integrity_error(house: House) -> None:
    code = enter(house)
    (path,) = house.store.case_file("tay-ho", code, "").glob("*_shown.jpg")
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    (fault,) = verify_evidence(house.database, house.store, now=house.now).faults
    assert fault.case == code
    assert found(house) == []


def test_the_same_form_makes_one_case_however_often_it_comes(house: House) -> None:
    with ThreadPoolExecutor(4) as people:
        codes = set(people.map(lambda _: enter(house, form_id="one"), range(8)))
    assert len(codes) == 1
    assert enter(house, form_id="another") not in codes
    assert enter(house, "minh", form_id="one") not in codes
    assert found(house)[-1] == "TH-2611-0003"
    with house.database.reading() as session:
        entered = select(func.count()).where(AuditEntry.action == "case.entered")
        assert session.scalar(entered) == 3


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"address": "  "}, "place"),
        ({"address": "x" * 201}, "place"),
        ({"description": ""}, "description"),
        ({"description": "x" * 2001}, "description"),
        ({"source": Source.CAMERA}, "source"),
        ({"group_id": 99}, "group"),
        ({"camera_id": 99}, "camera"),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_nothing(
    house: House, changes: dict[str, object], fault: str
) -> None:
    with pytest.raises(FormFault) as refused:
        enter(house, draft=a_draft(house, **changes))
    assert refused.value.fault == fault
    with house.database.reading() as session:
        assert session.scalar(select(func.count(Case.id))) == 0


@pytest.mark.parametrize(
    ("ahead", "fault"), [(timedelta(seconds=1), "future"), (timedelta(days=-366), "too_old")]
)
def test_an_act_has_happened_and_not_years_ago(house: House, ahead: timedelta, fault: str) -> None:
    with pytest.raises(FormFault) as refused:
        enter(house, draft=a_draft(house, at=house.now + ahead))
    assert refused.value.fault == fault
    assert enter(house, draft=a_draft(house, at=house.now))


@pytest.mark.parametrize("count", [0, 4])
def test_a_report_has_one_to_three_photos(house: House, count: int) -> None:
    files = photos(*(a_photo(seed=number) for number in range(count)))
    with pytest.raises(FormFault) as refused:
        enter(house, files=files)
    assert refused.value.fault == "photos"


def test_another_wards_group_and_camera_are_not_this_wards(house: House) -> None:
    group, camera = a_group(house, "TDP 1", "hong-ha"), house.camera_id("hong-ha")
    for changes in ({"group_id": group}, {"camera_id": camera}):
        with pytest.raises(FormFault):
            enter(house, draft=a_draft(house, **changes))


def test_operators_and_field_officers_enter_and_nobody_else(house: House) -> None:
    employ(house)
    patrol = a_draft(house, source=Source.PATROL)
    assert shown(house, enter(house, "tuan", patrol)).source is Source.PATROL
    for login in ("duc", "an", "thu"):
        with pytest.raises(RoleNeeded):
            enter(house, login)
    with pytest.raises(NotFound):
        enter(house, "hoa")
    with pytest.raises((RoleNeeded, NotFound)):
        found(house, "tuan")


def test_reports_are_found_by_place_source_and_group(house: House) -> None:
    house.report()
    group = a_group(house, "TDP 9")
    code = enter(house, draft=a_draft(house, group_id=group, camera_id=house.camera_id()))
    assert found(house, text="cho buoi") == [code]
    assert found(house, text="hoang hoa tham") == [code]
    assert found(house, source=Source.CITIZEN) == [code]
    assert found(house, source=Source.PATROL) == []
    assert found(house, group="TDP 9") == [code]
    assert found(house, street="Hoàng Hoa Thám") == [code]
    assert len(found(house, street="Thụy Khuê")) == 1
    assert len(found(house, camera_id=house.camera_id())) == 2


def test_a_report_may_repeat_a_cameras_case_of_the_same_street(house: House) -> None:
    code = house.report()
    reported = enter(house, draft=a_draft(house, street="Thụy Khuê"))
    elsewhere = enter(house)
    assert [near.code for near in shown(house, reported).near] == [code]
    assert [near.code for near in shown(house, code).near] == [reported]
    assert shown(house, elsewhere).near == ()
    decision = decide(house, "minh", reported, Verdict.DUPLICATE, duplicate_of=code)
    assert decision.duplicate_of == code


def test_earlier_reports_of_the_same_address_are_counted(house: House) -> None:
    first = enter(house, draft=a_draft(house, at=house.now - timedelta(days=3)))
    decide(house, "minh", first, Verdict.CONFIRM)
    again = enter(house, draft=a_draft(house, address="sau CHỢ bưởi"))
    other = enter(house, draft=a_draft(house, address="Số 1"))
    assert (shown(house, again).earlier.total, shown(house, again).earlier.sufficient) == (1, 1)
    assert shown(house, other).earlier.total == 0


def test_a_cameras_precision_counts_no_report_entered_beside_it(house: House) -> None:
    right = house.report()
    decide(house, "minh", right, Verdict.CONFIRM)
    beside = enter(house, draft=a_draft(house, camera_id=house.camera_id()))
    decide(house, "minh", beside, Verdict.REJECT, reason=RejectReason.PASSERS_BY)
    with house.database.reading() as session:
        lines = precision(session, house.viewer("an"), now=house.now)
    assert {(line.share.part, line.share.whole) for line in lines} == {(1, 1)}


def test_a_months_report_counts_what_was_entered_and_lists_it(house: House) -> None:
    decide(house, "minh", house.report(), Verdict.CONFIRM)
    beside = a_draft(house, camera_id=house.camera_id(), act=Act.ENCROACHMENT)
    for draft in (a_draft(house), a_draft(house, source=Source.PATROL, street=""), beside):
        decide(house, "minh", enter(house, draft=draft), Verdict.CONFIRM)
    with house.database.reading() as session:
        report = viewer_report(session, house.viewer("duc"), NOVEMBER, now=house.now)
        counted = report.figures.counts
        forms = {form.number: form for form in report.forms(read_languages()["vi"])}
        listed = list(forms["05"].rows)
    assert (counted.recorded, counted.sufficient) == (4, 4)
    assert {row[6] for row in listed} == {
        "Camera Phường Tây Hồ",
        "Phản ánh của người dân",
        "Tuần tra",
    }
    assert not any("chưa đồng bộ" in str(row[-1]) for row in listed)


def test_a_locked_report_keeps_what_was_entered(house: House) -> None:
    draft = a_draft(house, at=house.now - timedelta(days=30))
    code = enter(house, draft=draft)
    october = read_period("2026-10")
    with house.database.writing() as session:
        report = locks.lock_report(session, house.viewer("duc"), "tay-ho", october, now=house.now)
        assert [line.code for line in locks.locked_lines(session, report)] == [code]


def test_a_case_of_a_detector_never_brings_photos(house: House) -> None:
    with pytest.raises(ValueError, match="sends no photo"):
        house.report(a_suspicion(), files={"photo.jpg": (FileKind.PHOTO, "image/jpeg", a_photo())})
