"""Cameras opened by a name, at the address the API tells."""

import logging
import threading
import time
from pathlib import Path

import pytest

from tests.detector.footage import Footage, Received
from viahe_detector.addresses import AddressBook
from viahe_detector.assignment import Addresses
from viahe_detector.capture import Capture, Source
from viahe_detector.config import load
from viahe_detector.errors import CannotOpen, ConfigError, Ended
from viahe_detector.media import OpenedStream, Timeouts, open_stream

SECRET = "rtsp://viewer:Kh0-Do4n@192.0.2.7/"


class Street:
    """A stream opener at whose addresses real files are played."""

    def __init__(self, **files: Path) -> None:
        self.files = files
        self.opened: list[str] = []

    def __call__(self, source: str, timeouts: Timeouts) -> OpenedStream:
        self.opened.append(source)
        return open_stream(str(self.files[source.removeprefix(SECRET)]), timeouts)


def told(record: str, watch: str = "small") -> dict[str, Addresses]:
    return {"cam-1": Addresses(SECRET + watch, SECRET + record)}


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return Footage(seconds=2.0).write(tmp_path / "film.mp4")


def test_a_camera_without_a_source_is_watched_at_the_address_it_is_told(film: Path) -> None:
    book, street, sink = AddressBook(), Street(main=film), Received()
    book.take(told("main"))
    with pytest.raises(Ended):
        Capture(Source("cam-1", "api://cam-1"), sink, book.opening(street)).run_once()
    assert street.opened == [SECRET + "main"]
    assert len(sink.packets) == 20


def test_any_other_source_is_opened_as_it_is(film: Path) -> None:
    book = AddressBook()
    stream = book.opening(open_stream)(str(film), Timeouts())
    assert len(list(stream.packets())) == 20
    stream.close()


def test_before_it_is_told_an_address_a_camera_says_where_to_enter_it() -> None:
    with pytest.raises(CannotOpen, match=r"api://cam-1 has no address: enter it on the camera's"):
        AddressBook().opening(open_stream)("api://cam-1", Timeouts())


def test_an_address_that_changes_ends_the_stream_and_is_never_logged(
    film: Path, caplog: pytest.LogCaptureFixture
) -> None:
    book, street, stop = AddressBook(), Street(main=film, other=film), threading.Event()
    book.take(told("main"))

    class Changing(Received):
        """A sink in whose middle somebody enters another address."""

        def on_packet(self, packet: object) -> None:
            super().on_packet(packet)  # type: ignore[arg-type]
            if len(self.packets) == 5:
                book.take(told("other"))
            if len(self.packets) == 12:
                stop.set()

    caplog.set_level(logging.DEBUG)
    capture = Capture(Source("cam-1", "api://cam-1"), sink := Changing(), book.opening(street))
    capture.run(stop)
    assert street.opened == [SECRET + "main", SECRET + "other"]
    assert [len([p for p in sink.packets if p.run == run]) for run, _ in sink.runs] == [5, 7]
    assert "api://cam-1 has another address now" in caplog.text
    assert "192.0.2.7" not in caplog.text


def test_a_camera_without_a_source_is_named_for_the_api_and_needs_one(tmp_path: Path) -> None:
    path = tmp_path / "detector.toml"
    text = 'data = "data"\n[[cameras]]\nid = "cam-1"\n'
    path.write_text(text + '[api]\naddress = "http://127.0.0.1:8000"\n', encoding="utf-8")
    (camera,) = load(path, {}).cameras
    assert camera.source == "api://cam-1"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"'cam-1': without \[api\]"):
        load(path, {})


def test_a_small_stream_that_is_entered_later_is_opened_then_and_missed_by_nobody(
    film: Path, caplog: pytest.LogCaptureFixture
) -> None:
    book, street, stop, failed = AddressBook(), Street(small=film), threading.Event(), list[str]()
    book.take({"cam-1": Addresses(SECRET + "main", SECRET + "main")})

    class Waiting:
        """A clock whose waits take no time; while the second lasts, somebody enters an address."""

        waits = 0

        def now(self) -> float:
            return time.time()

        def monotonic(self) -> float:
            return time.monotonic()

        def wait(self, stop: threading.Event, seconds: float) -> None:
            self.waits += 1
            if self.waits == 2:
                book.take(told("main", "small"))

    class Taking(Received):
        def on_packet(self, packet: object) -> None:
            super().on_packet(packet)  # type: ignore[arg-type]
            stop.set()

    source = Source("cam-1/watch", "api://cam-1/watch")
    sink, clock = Taking(), Waiting()
    Capture(source, sink, book.opening(street), clock).run(stop, lambda e: failed.append(str(e)))
    assert street.opened == [SECRET + "small"]
    assert clock.waits == 2
    assert failed == []
    assert caplog.text == ""
