"""`python -m viahe_samples.serve FILE…`: each file a live camera, until standard input ends.

Prints two JSON lines: the cameras' addresses in the order of the files, as soon as they answer;
and, once standard input has ended and everything sent has been read, what was sent: `pictures`
by camera, `latest_s`, the most seconds a picture was behind its time, and `cpu_s` of this
process. A file may be named several times; cameras begin at different places of theirs.
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
        urls = [
            server.serve(f"cam-{n:03}", Path(file), loop=True, live=True, ahead_s=APART_S * n)
            for n, file in enumerate(arguments)
        ]
        _say({"urls": urls})
        sys.stdin.read()
        sent = list(server.finish().values())
    used = resource.getrusage(resource.RUSAGE_SELF)
    _say(
        {
            "pictures": [each.pictures for each in sent],
            "latest_s": round(max((each.latest_s for each in sent), default=0.0), 3),
            "cpu_s": round(used.ru_utime + used.ru_stime, 3),
        }
    )
    return 0


def _say(value: object) -> None:
    print(json.dumps(value), flush=True)  # noqa: T201 - the command's answer


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
