"""Somebody a detector under load reports to."""

import gzip
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator

import httpx2
import pytest


@pytest.fixture
def receiver() -> Iterator[tuple["subprocess.Popen[str]", httpx2.Client]]:
    command = [sys.executable, "-m", "viahe_samples.receiver"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        address = json.loads(process.stdout.readline())["address"]
        with httpx2.Client(base_url=address) as client:
            yield process, client
        process.stdin.close()


def test_a_suspicion_is_told_once_all_its_bytes_have_come(
    receiver: tuple["subprocess.Popen[str]", httpx2.Client],
) -> None:
    process, client = receiver
    announced = {"suspicion": {"key": "k"}, "files": [{"name": "clip.mp4"}, {"name": "a.jpg"}]}
    for _ in range(2):  # a detector whose answer was lost announces again
        answer = client.post("/api/v1/suspicions", json=announced)
        assert answer.json() == {"missing": ["a.jpg", "clip.mp4"]}
    for name in ("clip.mp4", "a.jpg"):
        stored = client.put(f"/api/v1/suspicions/k/files/{name}", content=b"bytes of it")
        assert stored.json() == {"sha256": hashlib.sha256(b"bytes of it").hexdigest()}
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["key"] == "k"


def test_health_stills_and_what_was_seen_are_taken(
    receiver: tuple["subprocess.Popen[str]", httpx2.Client],
) -> None:
    _, client = receiver
    assert client.get("/api/v1/configuration").status_code == 304
    assert client.post("/api/v1/health", json={"cameras": []}).json() == {"unknown": []}
    assert client.put("/api/v1/cameras/cam-1/still", content=b"\xff\xd8").status_code == 204
    packed = gzip.compress(b'{"observation": 1}\n')
    assert client.post("/api/v1/observations", content=packed).status_code == 200
