"""A camera's pictures on their way to one client, each at its time."""

import asyncio
import time

from .camera import Camera
from .coded_video import CLOCK_HZ
from .rtp import RtpSender
from .timeline import Due

REPORT_EVERY_S = 5.0
LONGEST_BACKLOG = 8 * 1024 * 1024
"""Bytes a client may leave unread before it is dropped, as a camera drops it."""


class Playing:
    """Sends `camera`'s timeline over `transport`, from `begin` until `stop` or the end."""

    def __init__(self, camera: Camera, sender: RtpSender, transport: asyncio.Transport) -> None:
        self._camera = camera
        self._sender = sender
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._next: asyncio.TimerHandle | None = None
        self._fault: asyncio.TimerHandle | None = None
        self._report_due_s = 0.0

    def begin(self) -> None:
        now = self._loop.time()
        self._since, self._index = self._camera.join(now)
        self._wall_since = time.time() - (now - self._since) + self._camera.clock_offset_s
        faults = self._camera.faults
        self._stalls_at = None if faults.stall_after_s is None else now + faults.stall_after_s
        if faults.drop_after_s is not None:
            self._fault = self._loop.call_later(faults.drop_after_s, self._transport.abort)
        self._wait_for_next()

    def stop(self) -> None:
        for timer in (self._next, self._fault):
            if timer:
                timer.cancel()

    def _wait_for_next(self) -> None:
        due = self._camera.timeline.at(self._index)
        if due is None:
            self._transport.write(self._sender.goodbye())
            self._transport.close()
            return
        at = self._since + due.send_s
        if self._stalls_at is None or at < self._stalls_at:
            self._next = self._loop.call_at(at, self._send, due)

    def _send(self, due: Due) -> None:
        if self._transport.get_write_buffer_size() > LONGEST_BACKLOG:
            self._transport.abort()
            return
        if due.send_s >= self._report_due_s:
            taken_at = self._wall_since + due.ticks / CLOCK_HZ
            self._transport.write(self._sender.sender_report(due.ticks, taken_at))
            self._report_due_s = due.send_s + REPORT_EVERY_S
        self._transport.write(self._sender.picture(due.payloads, due.ticks))
        self._camera.sent += 1
        late_s = self._loop.time() - self._since - due.send_s
        self._camera.latest_s = max(self._camera.latest_s, late_s)
        self._index += 1
        self._wait_for_next()
