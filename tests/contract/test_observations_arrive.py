"""What a camera's rules were given reaches the API by the hour, and harms nothing if it cannot."""

import gzip
import logging
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.house import NOON, House
from tests.contract.test_detector_reports import Network
from viahe_api.tables import ObservationFile
from viahe_detector.outbox import Outbox
from viahe_detector.recording import Spool, waiting_hours
from viahe_detector.report import Reporter, ReviewApi
from viahe_rules.domain import Answer, Observation
from viahe_rules.plan import Plan
from viahe_rules.recorded import from_line, to_line

ELEVEN = NOON.replace(hour=4).timestamp()


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    return tmp_path / "observations"


@pytest.fixture
def reporter(house: House, client: TestClient, tmp_path: Path, spool: Path) -> Iterator[Reporter]:
    taken: list[Plan] = []
    with httpx2.Client(
        transport=Network(client, None, 0), base_url="http://testserver"
    ) as connection:
        yield Reporter(
            ReviewApi(connection, house.token()),
            Outbox(tmp_path / "outbox"),
            tmp_path / "configuration.json",
            taken.extend,
            lambda: {"session": "s1", "cameras": []},
            dict,
            (1.0, 1.0),
            spool,
        )


def look(t: float, camera: str = "cam-1") -> Observation:
    return Observation(camera, "run-1", t, at=ELEVEN + t)


def test_an_hour_that_is_over_is_sent_and_the_one_in_hand_stays(
    house: House, reporter: Reporter, spool: Path
) -> None:
    mine = Spool(spool / "cam-1")
    for event in (look(0.0), Answer("key", "cam-1", "run-1"), look(3599.0), look(3600.0)):
        mine.add(event)
    reporter.send_observations()
    with house.database.reading() as session:
        (row,) = session.scalars(select(ObservationFile))
    assert (row.hour, row.events) == (NOON.replace(hour=4), 3)
    assert list(waiting_hours(spool)) == []
    assert len(list(spool.glob("cam-1/*.open"))) == 1
    mine.close()
    stored = next((house.settings.data / "evidence").rglob("*.jsonl.gz"))
    lines = gzip.decompress(stored.read_bytes()).decode().splitlines()
    assert [type(from_line(line)) for line in lines] == [Observation, Answer, Observation]


def test_what_a_killed_process_left_open_is_sent_after_the_next_start(
    reporter: Reporter, house: House, spool: Path
) -> None:
    left = spool / "cam-1" / "2026-11-22T04-1.jsonl.open"
    left.parent.mkdir(parents=True)
    left.write_text(to_line(look(0.0)) + "\n")
    assert list(waiting_hours(spool)) == []
    Spool(spool / "cam-1")
    reporter.send_observations()
    with house.database.reading() as session:
        assert session.scalars(select(ObservationFile.events)).all() == [1]


def test_an_hour_the_api_will_never_take_is_dropped_with_a_word(
    reporter: Reporter, spool: Path, caplog: pytest.LogCaptureFixture
) -> None:
    unknown = Spool(spool / "cam-9")
    unknown.add(look(0.0, "cam-9"))
    unknown.close()
    with caplog.at_level(logging.WARNING):
        reporter.send_observations()
    assert "is not kept" in caplog.text
    assert list(waiting_hours(spool)) == []


def test_a_folder_that_cannot_be_written_stops_no_look(
    spool: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spool.parent.mkdir(parents=True, exist_ok=True)
    spool.write_text("in the way")
    broken = Spool(spool / "cam-1")
    for t in range(3):
        broken.add(look(float(t)))
    broken.close()
    assert caplog.text.count("observations are not kept") == 1
