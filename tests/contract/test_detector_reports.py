"""The detector's reporter against the real API: what it sends arrives once, whatever happens."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from tests.api.house import FILES, House, a_suspicion, announcement
from viahe_api import zones
from viahe_api.tables import Case
from viahe_detector.outbox import Outbox
from viahe_detector.report import Refused, Reporter, ReviewApi, Unreachable
from viahe_rules.plan import Plan


class Network(httpx2.BaseTransport):
    """The way to the real API; the request numbered `breaks_at` fails, with `status` or none."""

    def __init__(self, client: TestClient, breaks_at: int | None = None, status: int = 0) -> None:
        self._client = client
        self._breaks_at = breaks_at
        self._status = status
        self._requests = 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self._requests += 1
        if self._requests - 1 == self._breaks_at:
            if self._status == 0:
                raise httpx2.ConnectError("refused")
            return httpx2.Response(self._status, request=request)
        answer = self._client.request(
            request.method,
            str(request.url),
            headers=dict(request.headers),
            content=request.read(),
        )
        return httpx2.Response(answer.status_code, headers=answer.headers, content=answer.content)


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "outbox")


def put(outbox: Outbox, key: str = "key-1") -> None:
    """A suspicion with its evidence, ready to be sent."""
    folder = outbox.room_for(key)
    folder.mkdir()
    for name, (_, _, content) in FILES.items():
        (folder / name).write_bytes(content)
    outbox.ready(key, announcement(a_suspicion(key)), "aa" * 32)


Connect = Callable[..., tuple[Reporter, list[Plan]]]


@pytest.fixture
def connect(house: House, client: TestClient, outbox: Outbox, tmp_path: Path) -> Iterator[Connect]:
    opened: list[httpx2.Client] = []

    def reporter(breaks_at: int | None = None, status: int = 0) -> tuple[Reporter, list[Plan]]:
        network = Network(client, breaks_at, status)
        http = httpx2.Client(transport=network, base_url="http://testserver")
        opened.append(http)
        taken: list[Plan] = []
        made = Reporter(
            ReviewApi(http, house.token()),
            outbox,
            tmp_path / "configuration.json",
            taken.extend,
            lambda: {"session": "s1", "cameras": []},
            dict,
            (1.0, 1.0),
        )
        return made, taken

    yield reporter
    for http in opened:
        http.close()


def cases(house: House) -> int:
    with house.database.reading() as session:
        complete = select(func.count()).select_from(Case).where(Case.completed_at.is_not(None))
        return session.scalar(complete) or 0


def test_what_the_outbox_holds_arrives_whole_and_leaves_it(
    house: House, outbox: Outbox, connect: Connect
) -> None:
    put(outbox)
    reporter, _ = connect()
    reporter.send_all()
    assert cases(house) == 1
    assert outbox.count() == 0


@pytest.mark.parametrize("breaks_at", range(1 + len(FILES)))
@pytest.mark.parametrize("status", [0, 500])
def test_a_failure_at_any_step_loses_and_doubles_nothing(
    house: House, outbox: Outbox, connect: Connect, breaks_at: int, status: int
) -> None:
    put(outbox)
    reporter, _ = connect(breaks_at, status)
    with pytest.raises(Unreachable):
        reporter.send_all()
    assert outbox.count() == 1
    reporter.send_all()
    assert cases(house) == 1
    assert outbox.count() == 0


def test_sending_the_same_again_changes_nothing(
    house: House, outbox: Outbox, connect: Connect
) -> None:
    reporter, _ = connect()
    for _ in range(2):
        put(outbox)
        reporter.send_all()
    assert cases(house) == 1


def test_what_the_api_will_never_take_is_set_aside_and_the_rest_goes_on(
    house: House, outbox: Outbox, connect: Connect, tmp_path: Path
) -> None:
    put(outbox, "key-1")
    stranger = announcement(a_suspicion("key-0", camera="no-such-camera"))
    folder = outbox.room_for("key-0")
    folder.mkdir()
    outbox.ready("key-0", stranger, "bb" * 32)
    reporter, _ = connect()
    reporter.send_all()
    assert cases(house) == 1
    assert outbox.count() == 0
    assert "no-such-camera" in (tmp_path / "outbox/refused/key-0.txt").read_text()


def test_changed_zones_are_taken_over_and_kept_for_when_the_api_is_away(
    house: House, connect: Connect
) -> None:
    reporter, taken = connect()
    reporter.fetch_configuration()
    assert [plan.camera for plan in taken] == ["cam-1"]
    assert reporter.last_good().plans == tuple(taken)
    reporter.fetch_configuration()
    assert len(taken) == 1, "an unchanged configuration is not taken over again"
    viewer = house.viewer("an")
    (zone,) = taken[0].zones
    with house.database.writing() as session:
        draft = zones.ZoneDraft(zone.id, "Hè mới", zone.polygon, zone.surface, zone.rules)
        zones.save(session, viewer, house.camera_id(), draft, now=house.now)
    reporter.fetch_configuration()
    assert taken[-1].zones[0].name == "Hè mới"
    assert taken[-1].zones[0].version == zone.version + 1


def test_a_wrong_token_is_said_without_showing_it(client: TestClient, house: House) -> None:
    with httpx2.Client(transport=Network(client), base_url="http://testserver") as http:
        api = ReviewApi(http, "not-the-token")
        with pytest.raises(Unreachable) as refused:
            api.changed_configuration()
    assert "token" in str(refused.value)
    assert "not-the-token" not in str(refused.value)


def test_a_configuration_that_is_none_is_refused(client: TestClient) -> None:
    class Nonsense(httpx2.BaseTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            return httpx2.Response(200, json={"plans": [{"camera": 3}]})

    with httpx2.Client(transport=Nonsense(), base_url="http://testserver") as http:
        api = ReviewApi(http, "token")
        with pytest.raises(Refused, match="camera"):
            api.changed_configuration()


def test_bytes_that_are_not_the_announced_ones_are_not_taken(
    house: House, outbox: Outbox, connect: Connect
) -> None:
    put(outbox)
    clip = outbox.room_for("key-1") / "clip.mp4"
    damaged = bytearray(clip.read_bytes())
    damaged[0] ^= 1
    clip.write_bytes(damaged)
    assert hashlib.sha256(damaged).hexdigest() != hashlib.sha256(FILES["clip.mp4"][2]).hexdigest()
    reporter, _ = connect()
    reporter.send_all()
    assert cases(house) == 0
    assert not outbox.count()
    assert outbox.holds("key-1")
