"""What the API gives a detector, and the copy of it that is kept."""

import json
import stat
from pathlib import Path

import pytest

from viahe_detector.assignment import (
    Addresses,
    AskedTest,
    Assignment,
    assignment_from,
    keep,
    last_good,
)
from viahe_rules.recorded import Malformed

SECRET = "rtsp://viewer:Kh0-Do4n@192.0.2.7/live"
DOCUMENT = {
    "version": "1",
    "plans": [{"camera": "cam-1"}],
    "sources": [{"camera": "cam-1", "watch": SECRET + "/small", "record": SECRET}],
    "tests": [{"id": 4, "camera": "cam-1"}],
}


def test_a_document_is_read_into_plans_addresses_and_tests() -> None:
    assignment = assignment_from(DOCUMENT)
    assert [plan.camera for plan in assignment.plans] == ["cam-1"]
    assert assignment.addresses == {"cam-1": Addresses(SECRET + "/small", SECRET)}
    assert assignment.tests == (AskedTest(4, "cam-1"),)


def test_a_document_of_an_api_that_tells_no_addresses_is_one_all_the_same() -> None:
    assert assignment_from({"version": "1", "plans": []}) == Assignment()


def test_no_record_shows_an_address() -> None:
    assert "192.0.2.7" not in repr(assignment_from(DOCUMENT))


@pytest.mark.parametrize(
    "sources",
    [SECRET, [SECRET], [{"camera": "cam-1", "watch": SECRET}], [{"camera": SECRET, "record": 3}]],
)
def test_what_is_wrong_with_an_address_is_said_without_it(sources: object) -> None:
    with pytest.raises(Malformed, match="sources") as refused:
        assignment_from(DOCUMENT | {"sources": sources})
    assert "Kh0-Do4n" not in str(refused.value)
    assert "192.0.2.7" not in str(refused.value)


def test_the_copy_is_for_its_own_user_alone_whatever_lay_there_before(tmp_path: Path) -> None:
    path = tmp_path / "configuration.json"
    for left_behind in (path, path.with_suffix(".half")):
        left_behind.write_text("{}", encoding="utf-8")
        left_behind.chmod(0o644)
    keep(path, DOCUMENT)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not path.with_suffix(".half").exists()
    assert json.loads(path.read_text(encoding="utf-8")) == DOCUMENT


def test_the_last_good_copy_holds_all_but_the_tests_nobody_waits_for(tmp_path: Path) -> None:
    keep(tmp_path / "configuration.json", DOCUMENT)
    kept = last_good(tmp_path / "configuration.json")
    assert kept == Assignment(kept.plans, {"cam-1": Addresses(SECRET + "/small", SECRET)})
    assert len(kept.plans) == 1
