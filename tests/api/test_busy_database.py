"""Where others write for too long somebody is told to try again, and not of an error."""

import pytest
from starlette.testclient import TestClient

from tests.api.house import House, sign_in
from viahe_api import database


def test_who_would_have_to_wait_too_long_is_told_to_try_again(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 50)
    with TestClient(house.app()) as client:
        sign_in(client, "lan")
        with house.database.writing() as session:
            session.connection()
            answer = client.get("/reports/2026-01/file.csv?form=01")
        assert answer.status_code == 503
        assert "Hệ thống đang ghi nhiều dữ liệu. Thử lại sau giây lát." in answer.text
        assert "the database was busy at GET /reports/2026-01/file.csv" in caplog.text
        assert client.get("/reports/2026-01/file.csv?form=01").status_code == 200
