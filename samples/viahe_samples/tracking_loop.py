"""`python -m viahe_samples.tracking_loop WEIGHTS FILE SECONDS`: Ultralytics' own tracking loop.

What somebody writes who follows its guide: `YOLO(weights).track(file, stream=True)`, every
picture tracked. Prints as JSON how many seconds of video it took in a second.
"""

import json
import sys
import time
from collections.abc import Sequence

import av
from ultralytics.models import YOLO


def main(arguments: Sequence[str]) -> int:
    """Track for about `SECONDS`, after a first picture that does not count."""
    weights, file, seconds = arguments
    with av.open(file) as container:
        fps = float(container.streams.video[0].average_rate or 25)
    results = YOLO(weights, task="detect").track(file, stream=True, verbose=False)
    next(iter(results))
    began, pictures = time.monotonic(), 0
    for _ in results:
        pictures += 1
        if time.monotonic() - began >= float(seconds):
            break
    held = pictures / fps / (time.monotonic() - began)
    print(json.dumps({"held": round(held, 3), "pictures": pictures}))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
