"""The command line sets a ward up and answers its owner."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select, text

from tests.api.house import House, a_suspicion
from viahe_api import auth
from viahe_api.app import utc_now
from viahe_api.cli import main
from viahe_api.database import Database
from viahe_api.tables import AuditEntry


@pytest.fixture
def data(tmp_path: Path) -> str:
    folder = str(tmp_path / "data")
    assert main(["init", "--data", folder]) == 0
    return folder


def run(data: str, *words: str) -> int:
    return main([*words, "--data", data])


def test_a_ward_is_set_up_from_nothing(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(data, "ward", "add", "tay-ho", "Phường Tây Hồ") == 0
    assert run(data, "user", "add", "lan", "Lan", "--ward", "tay-ho", "--role", "operator") == 0
    password = re.findall(r"password \(shown once\): (\S+)", capsys.readouterr().out)[0]
    assert run(data, "device", "add", "tủ 1", "--ward", "tay-ho") == 0
    device, token = re.findall(
        r"device (\d+), token \(shown once\): (\S+)", capsys.readouterr().out
    )[0]
    address = ["--address", "Trước số 12 ngõ 52", "--group", "TDP 7"]
    assert run(data, "camera", "add", "cam-1", "Ngõ 52", "--device", device, *address) == 0
    database = Database(f"sqlite:///{data}/viahe.sqlite3")
    with database.writing() as session:
        assert auth.device_of(session, f"Bearer {token}").ward_code == "tay-ho"
        entered = auth.sign_in(session, "lan", password, "10.0.0.1", now=utc_now())
        assert isinstance(entered, auth.SignedInSession)
    database.close()


def test_what_cannot_be_done_is_one_line_and_a_failure(
    data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(data, "device", "add", "x", "--ward", "nowhere") == 1
    assert capsys.readouterr().err == "viahe-api: no ward nowhere; there are: none\n"
    run(data, "ward", "add", "tay-ho", "Phường Tây Hồ")
    roles = ["--role", "operator", "--role", "administrator"]
    assert run(data, "user", "add", "an", "An", "--ward", "tay-ho", *roles) == 1
    assert "do not go together" in capsys.readouterr().err
    assert run(data, "report", "--ward", "tay-ho", "--month", "2026-13") == 1


def test_an_account_whose_role_was_refused_is_not_left_behind(data: str) -> None:
    run(data, "ward", "add", "tay-ho", "Phường Tây Hồ")
    roles = ["--role", "operator", "--role", "official"]
    assert run(data, "user", "add", "an", "An", "--ward", "tay-ho", *roles) == 1
    assert run(data, "user", "add", "an", "An", "--ward", "tay-ho", "--role", "official") == 0


def test_init_again_harms_nothing(data: str) -> None:
    run(data, "ward", "add", "tay-ho", "Phường Tây Hồ")
    secret = Path(data, "secret").read_text()
    assert run(data, "init") == 0
    assert Path(data, "secret").read_text() == secret
    assert run(data, "device", "add", "x", "--ward", "tay-ho") == 0


def test_a_folder_never_made_ready_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(tmp_path), "audit", "verify") == 1
    assert "viahe-api init" in capsys.readouterr().err


def test_the_report_is_for_people_and_for_programs(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.report()
    _keep_secret(house)
    folder = str(house.settings.data)
    assert run(folder, "report", "--ward", "tay-ho", "--month", "2026-11", "--json") == 0
    counts = json.loads(capsys.readouterr().out)
    assert (counts["totals"]["recorded"], counts["totals"]["in_verification"]) == (1, 1)
    assert run(folder, "report", "--ward", "tay-ho", "--month", "2026-11") == 0
    assert "dumping: recorded 1" in capsys.readouterr().out


def test_all_wards_are_reported_together_and_the_chain_says_so(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for ward in ("tay-ho", "hong-ha"):
        house.report(a_suspicion(ward), ward=ward)
    _keep_secret(house)
    folder = str(house.settings.data)
    asked = ["report", "--all-wards", "--month", "2026-11"]
    assert run(folder, *asked, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["totals"]["recorded"] == len(told["cases"]) == 2
    assert {case["ward_code"] for case in told["cases"]} == {"tay-ho", "hong-ha"}
    assert run(folder, *asked, "--form", "05", "--output", str(tmp_path / "r.csv")) == 0
    assert (tmp_path / "r.csv").stat().st_size > 100
    with house.database.reading() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "report.exported")
        ).all()
    assert [(entry.object, entry.ward_id, entry.detail) for entry in entries] == [
        ("report:hong-ha+tay-ho/2026-11", None, {"file": "json"}),
        ("report:hong-ha+tay-ho/2026-11", None, {"file": "r.csv"}),
    ]
    for either in ([], ["--all-wards", "--ward", "tay-ho"]):
        with pytest.raises(SystemExit):
            run(folder, "report", *either)
        assert "--all-wards" in capsys.readouterr().err


def test_all_wards_of_a_database_without_one_say_what_to_do(
    data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(data, "report", "--all-wards") == 1
    assert "viahe-api ward add" in capsys.readouterr().err


def test_verifying_says_by_its_exit_whether_all_holds(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    code = house.report()
    _keep_secret(house)
    folder = str(house.settings.data)
    assert run(folder, "audit", "verify") == 0
    assert run(folder, "evidence", "verify") == 0
    house.store.case_file("tay-ho", code, "clip.mp4").write_bytes(b"other")
    assert run(folder, "evidence", "verify") == 1
    assert f"tay-ho {code} clip.mp4 has SHA-256" in capsys.readouterr().out
    with house.database.writing() as session:
        session.execute(text("DROP TRIGGER audit_entry_refuses_update"))
        session.execute(text("UPDATE audit_entry SET action = 'x' WHERE seq = 2"))
    assert run(folder, "audit", "verify") == 1
    assert "entry 2 was changed" in capsys.readouterr().out


def test_the_api_needs_nothing_of_the_detectors_or_the_models() -> None:
    heavy = ["av", "cv2", "numpy", "openvino", "torch", "viahe_detector", "viahe_models"]
    script = f"import sys, viahe_api.cli; print(sorted(set({heavy!r}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def _keep_secret(house: House) -> None:
    (house.settings.data / "secret").write_text(house.settings.secret)
