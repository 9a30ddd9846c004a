"""What the API does by itself while it serves: looks every so often whether a report is due."""

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread
from types import TracebackType

from viahe_api.database import Database
from viahe_api.left_reports import leave_due_reports

EVERY_S = 900.0

log = logging.getLogger(__name__)


class Scheduled:
    """A thread beside the server, from `with` to its end. Several processes may each have one:
    what is left is left once."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], every_s: float = EVERY_S
    ) -> None:
        self._database, self._clock, self._every_s = database, clock, every_s
        self._ended = Event()
        self._thread = Thread(target=self._look, name="scheduled", daemon=True)

    def __enter__(self) -> "Scheduled":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while True:
            try:
                for left in leave_due_reports(self._database, now=self._clock()):
                    log.info("left the report of %s, %s", left.ward_code, left.period.last)
            except Exception:  # the outermost loop: the next look tries again
                log.exception("could not leave reports")
            if self._ended.wait(self._every_s):
                return
