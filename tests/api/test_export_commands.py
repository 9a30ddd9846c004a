"""The command line writes reports as files, and names them."""

import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from tests.api.exported_files import crowd, files
from tests.api.house import House, a_suspicion
from viahe_api.cli import main
from viahe_api.exports.files import ReportFile, file_name
from viahe_api.report import Report
from viahe_api.tables import AuditEntry

__all__ = ["crowd", "files"]

HANOI = timezone(timedelta(hours=7))


def test_the_command_line_writes_every_kind_of_file(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house.report(a_suspicion(), start_at=datetime(2026, 9, 16, tzinfo=HANOI))
    (house.settings.data / "secret").write_text(house.settings.secret)
    asked = ["report", "--data", str(house.settings.data), "--ward", "tay-ho"]
    for kind in ReportFile:
        path = tmp_path / f"r.{kind}"
        assert main([*asked, "--month", "2026-10.cutoff", "--output", str(path)]) == 0
        assert path.stat().st_size > 100
    assert openpyxl.load_workbook(tmp_path / "r.xlsx")["Biểu 01"]["A2"].value == (
        "Phường Tây Hồ - Tháng 10/2026 theo kỳ chốt"
    )
    capsys.readouterr()
    assert main([*asked, "--output", str(tmp_path / "r.odt")]) == 1
    assert "--format" in capsys.readouterr().err
    assert main([*asked, "--month", "2199-01"]) == 1
    assert "yet to come" in capsys.readouterr().err
    assert main([*asked, "--month", "2026-11-20..2026-11-03"]) == 1
    assert "before it begins" in capsys.readouterr().err


@pytest.mark.parametrize("kind", list(ReportFile))
def test_without_a_name_the_file_is_named_after_ward_and_period_and_audited(
    house: House,
    tmp_path: Path,
    kind: ReportFile,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (house.settings.data / "secret").write_text(house.settings.secret)
    monkeypatch.chdir(tmp_path)
    asked = ["report", "--data", str(house.settings.data), "--month", "2026-10"]
    assert main([*asked, "--ward", "tay-ho", "--format", kind]) == 0
    (written,) = tmp_path.glob("bao-cao-*")
    assert written.suffix == f".{kind}"
    assert written.name.startswith("bao-cao-tay-ho-2026-10")
    assert capsys.readouterr().out == f"written: {written.name}\n"
    with house.database.reading() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "report.exported")
        ).one()
    assert (entry.action, entry.object) == ("report.exported", "report:tay-ho/2026-10")
    assert entry.detail == {"file": written.name}


def test_a_files_name_says_whose_and_of_when(crowd: Report) -> None:
    assert file_name(crowd, ReportFile.WORKBOOK) == "bao-cao-tay-ho-2026-11.xlsx"
    assert file_name(crowd, ReportFile.SEPARATED, form="05") == "bao-cao-tay-ho-2026-11-bieu-05.csv"


def test_writing_workbooks_does_not_load_numpy() -> None:
    script = "import sys, viahe_api.exports.files; print('numpy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
