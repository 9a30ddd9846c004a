"""What follows from the API's configuration besides plans: addresses in force, tests answered."""

import threading
from collections.abc import Sequence

from viahe_detector.addresses import AddressBook
from viahe_detector.assignment import Addresses, Assignment
from viahe_detector.capture import StreamOpener
from viahe_detector.config import TOLD, CameraSettings
from viahe_detector.connection_test import Answered, ConnectionTests


class Assigned:
    """One detector's addresses and tests.

    `opener` opens cameras where the API tells they are; `take` is given every configuration, the
    last good copy first; `run` answers connection tests on a thread of its own.
    """

    def __init__(self, cameras: Sequence[CameraSettings], opener: StreamOpener) -> None:
        self._book = AddressBook()
        self._own = {
            camera.id: Addresses(camera.small_source or camera.source, camera.source)
            for camera in cameras
            if not camera.source.startswith(TOLD)
        }
        self._bare = opener
        self._tests: ConnectionTests | None = None
        self.opener = self._book.opening(opener)

    def answer_to(self, api: Answered) -> None:
        """Answer tests from now on; without an API nobody asks for any."""
        self._tests = ConnectionTests(api, self._book, self._own, self._bare)

    def take(self, assignment: Assignment) -> None:
        """Take over addresses and note new tests; on the thread that fetches configuration."""
        self._book.take(assignment.addresses)
        if self._tests is not None:
            self._tests.take(assignment.tests)

    def run(self, stop: threading.Event) -> None:
        """Answer tests until `stop` is set; returns at once without an API."""
        if self._tests is not None:
            self._tests.run(stop)

    def settle(self) -> None:
        """Answer the tests in hand, on the caller's thread."""
        if self._tests is not None:
            self._tests.settle(threading.Event())
