"""Pages that stay open: told by server-sent events what has changed, without being asked.

Nobody holds a database session while waiting. One short read a second tells all listeners of
this process whether anything happened; only then each looks for itself.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from time import monotonic

from fastapi.concurrency import run_in_threadpool

from viahe_api.database import Database
from viahe_api.errors import Refusal
from viahe_api.queue_news import last_happening

LOOK_EVERY_S = 1.0
HEARTBEAT_S = 15.0
AT_LEAST_EVERY_S = 5.0
"""A lease ends without anything happening: so often listeners look regardless."""


@dataclass(slots=True)
class Happenings:
    """Which audit row is the newest, read at most once a second however many ask."""

    database: Database
    _last: int = 0
    _read_at: float = field(default=-LOOK_EVERY_S)

    async def last(self) -> int:
        if monotonic() - self._read_at >= LOOK_EVERY_S:
            self._read_at = monotonic()
            self._last = await run_in_threadpool(self._read)
        return self._last

    def _read(self) -> int:
        with self.database.reading() as session:
            return last_happening(session)


async def event_stream(
    happenings: Happenings, tell: Callable[[], str], known: int | None
) -> AsyncIterator[str]:
    """Events for one listener who knows everything up to happening `known`.

    `tell` says in JSON how things stand; a Refusal it raises ends the stream. An event goes out
    when that has changed; it carries the number of the happening, which a browser that lost
    the line sends back as Last-Event-ID.
    """
    yield "retry: 3000\n\n"
    said, seen = None, -1
    looked_at = spoke_at = monotonic()
    while True:
        last = await happenings.last()
        if last != seen or monotonic() - looked_at >= AT_LEAST_EVERY_S:
            seen, looked_at = last, monotonic()
            try:
                now_said = await run_in_threadpool(tell)
            except Refusal:
                return
            if now_said != said and not (said is None and known == last):
                spoke_at = monotonic()
                yield f"id: {last}\nevent: news\ndata: {now_said}\n\n"
            said = now_said
        if monotonic() - spoke_at >= HEARTBEAT_S:
            spoke_at = monotonic()
            yield f"event: beat\ndata: {json.dumps(last)}\n\n"
        await asyncio.sleep(LOOK_EVERY_S)
