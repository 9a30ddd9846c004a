"""Evidence whose time is over goes while somebody has its case before them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.accessibility import faults_in_either_theme
from tests.browser.evidence import File
from tests.browser.person import visiting
from tests.browser.ward import open_ward
from viahe_api.cli import prepare
from viahe_api.database import Database
from viahe_api.evidence_removal import remove_due_evidence
from viahe_api.store import Store

pytestmark = pytest.mark.browser

LONG_AFTER = timedelta(days=1000)


def remove_evidence(data: Path) -> None:
    """As the timer does a long time after the cases of that folder came in."""
    database = Database(prepare(data).database)
    now = datetime.now(UTC) + LONG_AFTER
    removed = remove_due_evidence(database, Store(data / "evidence", keep_free=0), now=now)
    database.close()
    assert len(removed) == 1


def test_a_case_decided_after_its_evidence_went_is_not_saved_and_its_note_is_kept(
    chromium: Browser, tmp_path: Path, evidence: Mapping[str, File]
) -> None:
    with open_ward(tmp_path) as ward, visiting(chromium, ward) as operator:
        case = ward.report(uuid4().hex, evidence)
        operator.open_case(case)
        operator.page.fill("#note", "túi đen cạnh gốc cây")
        operator.page.locator("#note").blur()
        remove_evidence(tmp_path)
        operator.press("c")
        expect(operator.page.locator("#fault")).to_contain_text(
            "Chưa lưu: trường hợp đã hết thời hạn lưu trữ. Ghi chú được giữ lại."
        )
        operator.sees("túi đen cạnh gốc cây")
        expect(operator.page.locator(".decide")).to_have_count(0)
        operator.open(f"/cases/{case}")
        operator.sees("Trường hợp đã hết thời hạn lưu trữ.")
        assert faults_in_either_theme(operator.page) == []
