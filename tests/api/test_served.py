"""The server that tests have within their own process leaves nothing to those that follow."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from tests.api.served import served

MUCH = b"." * (1 << 16)


def test_whom_it_still_answers_as_it_ends_is_cut_off() -> None:
    app = FastAPI()

    @app.get("/endless")
    def endless() -> StreamingResponse:
        def more() -> Iterator[bytes]:
            while True:
                yield MUCH

        return StreamingResponse(more())

    with served(app) as address:
        where = urlsplit(address)
        reader = socket.create_connection((where.hostname, where.port), timeout=10)
        reader.sendall(b"GET /endless HTTP/1.1\r\nHost: test\r\n\r\n")
        assert reader.recv(9) == b"HTTP/1.1 "
    with reader:
        assert ends(reader)


def ends(reader: socket.socket) -> bool:
    """Whether what comes has an end; raises TimeoutError where it only stops."""
    try:
        while reader.recv(1 << 20):
            pass
    except ConnectionResetError:
        return True
    return True
