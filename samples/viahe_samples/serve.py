"""`python -m viahe_samples.serve FILE[:SMALL]…`: each a live camera, until standard input ends.

Prints two JSON lines. As soon as cameras answer: `urls`, in the order of the files, and
`small_urls`, empty where a camera has no small stream. Once standard input has ended and
everything sent has been read, what was sent: `pictures` by camera (those of small streams left
out), `latest_s`, the most seconds a picture was behind its time, and `cpu_s` of this process. A
file may be named several times; cameras begin at different places of theirs.
"""

import contextlib
import json
import os
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

from .rtsp import CameraServer

APART_S = 1.618
"""Seconds by which a camera's key frames are ahead of its neighbour's: no two coincide."""


def main(arguments: Sequence[str]) -> int:
    """Serve until standard input ends."""
    # Real cameras are not slowed by the machine that watches them.
    with contextlib.suppress(OSError):
        os.nice(-10)
    with CameraServer() as server:
        urls, small_urls = [], []
        for n, files in enumerate(arguments):
            file, _, small = files.partition(":")
            urls.append(_camera(server, f"cam-{n:03}", file, n))
            small_urls.append(_camera(server, f"cam-{n:03}-small", small, n) if small else "")
        _say({"urls": urls, "small_urls": small_urls})
        sys.stdin.read()
        told = server.finish()
    sent = [each for name, each in told.items() if not name.endswith("-small")]
    used = resource.getrusage(resource.RUSAGE_SELF)
    _say(
        {
            "pictures": [each.pictures for each in sent],
            "latest_s": round(max((each.latest_s for each in sent), default=0.0), 3),
            "cpu_s": round(used.ru_utime + used.ru_stime, 3),
        }
    )
    return 0


def _camera(server: CameraServer, name: str, file: str, number: int) -> str:
    """The address; the streams of one camera show the same moment, and no two cameras do."""
    return server.serve(name, Path(file), loop=True, live=True, ahead_s=APART_S * number)


def _say(value: object) -> None:
    print(json.dumps(value), flush=True)  # noqa: T201 - the command's answer


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
