"""Takes up noted changes beside the server, so that pages need not count them."""

import logging
import time

from viahe_api import summaries
from viahe_api.database import Database
from viahe_api.recurring import Recurring

EVERY_S = 2.0
RESTS = 9.0
"""Times as long as a turn took nothing is taken up after it: others write meanwhile."""
RESTS_BEHIND = 1.0
"""The same where more waits than a turn takes up, as after an import."""
REST_S = 0.3
"""At least: whoever waits for SQLite's write lock looks for it ten times a second."""
STOCK_EVERY_S = 86_400.0
"""How often the database takes stock of itself; it does when the server begins as well."""

log = logging.getLogger(__name__)


class SummaryKeeping(Recurring):
    """Takes up what was noted, a little at a time; several processes take turns."""

    def __init__(self, database: Database, every_s: float = EVERY_S) -> None:
        super().__init__("summaries", self._keep)
        self._database, self._every_s = database, every_s
        self._next_stock = time.monotonic()

    def _keep(self) -> float:
        try:
            if time.monotonic() >= self._next_stock:
                self._next_stock += STOCK_EVERY_S
                self._database.take_stock()
            began = time.monotonic()
            take_up_some(self._database)
            took_s = time.monotonic() - began
            with self._database.reading() as session:
                behind = summaries.more_than_a_turn(session)
        except Exception:  # the outermost loop: the next turn tries again
            log.exception("could not refresh the summaries")
            return self._every_s
        return max(REST_S, RESTS_BEHIND * took_s) if behind else max(self._every_s, RESTS * took_s)


def take_up_some(database: Database) -> int:
    """Take up the oldest noted changes in a transaction of their own; returns how many. Where
    there are none the database is not written to."""
    with database.reading() as session:
        if not summaries.anything_noted(session):
            return 0
    with database.writing() as session:
        return summaries.refresh(session)
