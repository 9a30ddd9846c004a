"""`python -m viahe_samples.receiver`: takes what a detector reports, and keeps nothing.

It answers as the review API does, acknowledging every byte by its hash. Prints its address as a
JSON line; then one for each suspicion whose evidence is complete: its `key` and the moment `at`
(UTC seconds). Ends with standard input.
"""

import hashlib
import json
import sys
import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "127.0.0.1"


class Receiver(ThreadingHTTPServer):
    """Knows of each suspicion which files are still to come."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__((HOST, 0), Answering)
        self._lock = threading.Lock()
        self._missing: dict[str, set[str]] = {}

    def announced(self, key: str, names: set[str]) -> list[str]:
        """The files of a suspicion that are still to come."""
        with self._lock:
            missing = self._missing.setdefault(key, names)
            return sorted(missing)

    def arrived(self, key: str, name: str) -> None:
        """A file is here; says so when it was the last."""
        with self._lock:
            missing = self._missing.get(key, set())
            complete = missing == {name}
            missing.discard(name)
        if complete:
            _say({"key": key, "at": time.time()})


class Answering(BaseHTTPRequestHandler):
    """One connection of a detector."""

    protocol_version = "HTTP/1.1"
    server: Receiver

    def do_GET(self) -> None:
        """The configuration: never another than the detector's own."""
        self._answer(HTTPStatus.NOT_MODIFIED)

    def do_POST(self) -> None:
        """A suspicion is announced, cameras say how they are, or what was seen comes, packed."""
        body = self._body()
        if not self.path.endswith("/suspicions"):
            self._answer(HTTPStatus.OK, {"unknown": []})
            return
        value = json.loads(body)
        key = value["suspicion"]["key"]
        names = {file["name"] for file in value["files"]}
        self._answer(HTTPStatus.CREATED, {"missing": self.server.announced(key, names)})

    def do_PUT(self) -> None:
        """A file of a suspicion, or a still."""
        body = self._body()
        *_, key, kind, name = ["", "", *self.path.split("/")]
        if kind != "files":
            self._answer(HTTPStatus.NO_CONTENT)
            return
        self._answer(HTTPStatus.OK, {"sha256": hashlib.sha256(body).hexdigest()})
        self.server.arrived(key, name)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: standard output is for what arrived."""

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def _answer(self, status: HTTPStatus, value: object = None) -> None:
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        if status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> int:
    """Answer until standard input ends."""
    with Receiver() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        _say({"address": f"http://{HOST}:{server.server_address[1]}"})
        sys.stdin.read()
        server.shutdown()
    return 0


def _say(value: object) -> None:
    print(json.dumps(value), flush=True)  # noqa: T201 - the command's answer


if __name__ == "__main__":
    sys.exit(main())
