"""What the API does by itself while it serves: leaves reports that are due, and removes evidence
whose time is over."""

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread
from types import TracebackType

from viahe_api.database import Database
from viahe_api.evidence_removal import remove_due_evidence
from viahe_api.left_reports import leave_due_reports
from viahe_api.store import Store

EVERY_S = 900.0

log = logging.getLogger(__name__)


class Scheduled:
    """A thread beside the server, from `with` to its end. Several processes may each have one:
    what is left is left once, and what is removed is removed once."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        store: Store,
        every_s: float = EVERY_S,
    ) -> None:
        self._database, self._clock, self._store = database, clock, store
        self._every_s = every_s
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
            for task in (self._leave_reports, self._remove_evidence):
                try:
                    task()
                except Exception:  # the outermost loop: the next look tries again
                    log.exception("could not %s", task.__name__.strip("_").replace("_", " "))
            if self._ended.wait(self._every_s):
                return

    def _leave_reports(self) -> None:
        for left in leave_due_reports(self._database, now=self._clock()):
            log.info("left the report of %s, %s", left.ward_code, left.period.last)

    def _remove_evidence(self) -> None:
        removed = remove_due_evidence(self._database, self._store, now=self._clock())
        if removed:
            log.info("removed the evidence of %d cases, whose time was over", len(removed))
