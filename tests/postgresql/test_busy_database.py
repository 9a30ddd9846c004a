"""Where a lock is not to be had in time somebody is told to try again, on PostgreSQL too."""

from sqlalchemy import select, text
from starlette.testclient import TestClient

from tests.api.house import House, sign_in
from viahe_api.tables import AuditHead


def test_who_would_have_to_wait_too_long_is_told_to_try_again(house: House) -> None:
    name = house.database.engine.url.database
    with house.database.writing() as session:
        session.execute(text(f"ALTER DATABASE {name} SET lock_timeout = '50ms'"))
    with TestClient(house.app()) as client:
        sign_in(client, "lan")
        with house.database.writing() as session:
            session.execute(select(AuditHead).with_for_update())
            answer = client.get("/reports/2026-01/file.csv?form=01")
        assert answer.status_code == 503
        assert "Hệ thống đang ghi nhiều dữ liệu. Thử lại sau giây lát." in answer.text
        assert client.get("/reports/2026-01/file.csv?form=01").status_code == 200
