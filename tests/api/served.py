"""The application behind a real socket of this machine."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

import uvicorn
from fastapi import FastAPI


class ServerWithin(uvicorn.Server):
    """Ends within a process that goes on: what somebody still holds open then is cut off, as the
    end of a process of its own would, and not left to whichever test collects garbage next."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # until when they are closed


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application over HTTP/1.1 on a free port; gives its address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        server = ServerWithin(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        until = monotonic() + 20
        while not server.started and thread.is_alive() and monotonic() < until:
            sleep(0.02)
        assert server.started
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
