"""A thread beside the server that takes up noted changes, so that pages need not count them."""

import logging
from threading import Event, Thread
from types import TracebackType

from viahe_api import summaries
from viahe_api.database import Database

EVERY_S = 20.0

log = logging.getLogger(__name__)


class SummaryKeeping:
    """Runs from `with` to its end. Several processes may each have one: they take turns."""

    def __init__(self, database: Database, every_s: float = EVERY_S) -> None:
        self._database, self._every_s = database, every_s
        self._ended = Event()
        self._thread = Thread(target=self._keep, name="summaries", daemon=True)

    def __enter__(self) -> "SummaryKeeping":
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

    def _keep(self) -> None:
        while not self._ended.is_set():
            try:
                more = take_up_some(self._database) == summaries.AT_ONCE
            except Exception:  # the outermost loop: the next turn tries again
                log.exception("could not refresh the summaries")
                more = False
            self._ended.wait(0.0 if more else self._every_s)


def take_up_some(database: Database) -> int:
    """Take up the oldest noted changes in a transaction of their own; returns how many. Where
    there are none the database is not written to."""
    with database.reading() as session:
        if not summaries.anything_noted(session):
            return 0
    with database.writing() as session:
        return summaries.refresh(session)
