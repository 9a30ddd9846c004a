"""What the API does by itself while it serves: leaves reports that are due, and removes evidence
whose time is over."""

import logging
from collections.abc import Callable
from datetime import datetime

from viahe_api.database import Database
from viahe_api.evidence_removal import REST_S, remove_some
from viahe_api.left_reports import leave_due_reports
from viahe_api.recurring import Recurring
from viahe_api.store import Store

EVERY_S = 900.0

log = logging.getLogger(__name__)


class Scheduled(Recurring):
    """What is left is left once, and what is removed is removed once, by whichever process."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        store: Store,
        every_s: float = EVERY_S,
    ) -> None:
        super().__init__("scheduled", self._look)
        self._database, self._clock, self._store = database, clock, store
        self._every_s = every_s

    def _look(self) -> float:
        more = False
        for task in (self._leave_reports, self._remove_evidence):
            try:
                more = task() or more
            except Exception:  # the outermost loop: the next look tries again
                log.exception("could not %s", task.__name__.strip("_").replace("_", " "))
        return REST_S if more else self._every_s

    def _leave_reports(self) -> bool:
        for left in leave_due_reports(self._database, now=self._clock()):
            log.info("left the report of %s, %s", left.ward_code, left.period.last)
        return False

    def _remove_evidence(self) -> bool:
        """Some, and whether there may be more: others write in between, and may end the server."""
        removed = remove_some(self._database, self._store, now=self._clock())
        if removed:
            log.info("removed the evidence of %d cases, whose time was over", len(removed))
        return bool(removed)
