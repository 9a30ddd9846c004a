"""Files of months in which a camera moved to another ward, or its clock was off."""

from datetime import timedelta

import pytest

from tests.api.exported_files import NOVEMBER, VI
from tests.api.house import House
from viahe_api import seeding, seen_totals
from viahe_api.exports.narrative import told
from viahe_api.report_reading import ward_report
from viahe_api.tables import Camera, Case, Ward


def test_a_camera_that_moved_to_another_ward_keeps_its_cases_where_they_happened(
    house: House,
) -> None:
    house.report()
    with house.database.writing() as session:
        camera = session.get_one(Camera, house.camera_id())
        camera.ward_id = session.get_one(Ward, house.device("hong-ha").ward_id).id
    with house.database.reading() as session:
        report = ward_report(session, "tay-ho", NOVEMBER, now=house.now)
        forms = report.summaries(VI)
    assert report.figures.counts.recorded == 1
    (cameras,) = (form for form in forms if form.number == "03")
    assert [row[3] for row in cameras.rows] == ["Phường Hồng Hà"]
    assert cameras.notes[-1] == (
        "Camera Phường Tây Hồ hiện thuộc Phường Hồng Hà: trường hợp vẫn tính cho phường nơi xảy "
        "ra, số giờ tính cho Phường Hồng Hà."
    )


def test_a_camera_registered_anew_in_another_ward_splits_its_hours_by_the_day(
    house: House,
) -> None:
    """As the register has it: switched off here, installed there."""
    moved_at = NOVEMBER.start + timedelta(days=9)
    with house.database.writing() as session:
        session.get_one(Camera, house.camera_id()).disabled_at = moved_at
        place = seeding.CameraPlace("Camera chuyển", "Số 1 Thụy Khuê")
        device = house.device("hong-ha").id
        anew = seeding.add_camera(session, device, "moved", place, now=moved_at)
        seen_totals.keep_seen(session, house.camera_id(), "s", NOVEMBER.start, 3600.0)
        seen_totals.keep_seen(session, anew.id, "s", moved_at, 1800.0)
        anew_id = anew.id
    with house.database.reading() as session:
        old, new = (
            ward_report(session, ward, NOVEMBER, now=house.now).figures.cameras
            for ward in ("tay-ho", "hong-ha")
        )
    (of_old,) = old
    (of_new,) = (camera for camera in new if camera.camera_id == anew_id)
    assert (of_old.hours.expected, of_old.hours.seen) == pytest.approx((9 * 24, 1.0))
    since = (house.now - moved_at) / timedelta(hours=1)
    assert (of_new.hours.expected, of_new.hours.seen) == pytest.approx((since, 0.5))


def test_a_clock_that_was_off_is_said_beside_its_case(house: House) -> None:
    house.report()
    with house.database.writing() as session:
        session.query(Case).one().clock_offset_s = -40.0
    with house.database.reading() as session:
        report = ward_report(session, "tay-ho", NOVEMBER, now=house.now)
        acts, *_, listed, _ = report.forms(VI)
        (row,) = listed.rows
    assert row[-1] == "Thời gian chưa đồng bộ"
    said = "trường hợp do camera có đồng hồ chưa được đồng bộ ghi nhận"
    assert f"1 {said}: thời điểm có thể sai lệch." in acts.notes
    assert any(f"Có 1 {said}" in text for _, texts in told(report, VI) for text in texts)
