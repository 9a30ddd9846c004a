"""Stored evidence that changed is found, named, and leaves the counts."""

from pathlib import Path

import pytest

from tests.api.house import FILES, House, a_suspicion
from viahe_api import integrity, queries
from viahe_api.integrity import EvidenceReport
from viahe_api.period_address import read_period
from viahe_api.report_reading import viewer_report
from viahe_api.vocabulary import CaseState


def verify(house: House) -> EvidenceReport:
    return integrity.verify_evidence(house.database, house.store, now=house.now)


def clip_of(house: House, code: str) -> Path:
    return house.store.case_file("tay-ho", code, "clip.mp4")


def state_of(house: House, code: str) -> CaseState:
    with house.database.reading() as session:
        return queries.case_detail(session, house.viewer("lan"), code, now=house.now).state


def test_whole_evidence_verifies(house: House) -> None:
    house.report()
    house.report(ward="hong-ha")
    assert verify(house) == EvidenceReport(2 * len(FILES), ())


@pytest.mark.parametrize("offset", [0, 50_000, -1])
def test_one_changed_byte_is_found_and_the_case_leaves_the_report(
    house: House, offset: int
) -> None:
    code, untouched = house.report(), house.report(a_suspicion("key-2"))
    content = bytearray(clip_of(house, code).read_bytes())
    content[offset] ^= 1
    clip_of(house, code).write_bytes(content)
    (fault,) = verify(house).faults
    assert (fault.ward, fault.case, fault.file) == ("tay-ho", code, "clip.mp4")
    assert state_of(house, code) is CaseState.INTEGRITY_ERROR
    assert state_of(house, untouched) is CaseState.WAITING
    with house.database.reading() as session:
        november = read_period("2026-11")
        report = viewer_report(session, house.viewer("thu"), november, now=house.now)
    assert (report.figures.counts.recorded, report.figures.counts.integrity_errors) == (1, 1)


def test_a_lost_file_is_found_and_a_second_run_says_so_again(house: House) -> None:
    code = house.report()
    clip_of(house, code).unlink()
    assert verify(house).faults == verify(house).faults
    assert list(integrity.lines_of(verify(house))) == [
        f"tay-ho {code} clip.mp4 is gone",
        f"{len(FILES)} files, 1 faults",
    ]
