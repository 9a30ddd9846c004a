"""What every camera has done and what it cost, as text that Prometheus reads."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from operator import attrgetter

from viahe_detector.camera import CameraWatch
from viahe_detector.config import MetricsSettings
from viahe_detector.errors import ConfigError
from viahe_detector.prometheus import family, gauge, labels, lag_histogram, total
from viahe_detector.stages import Stages
from viahe_detector.tally import Tally
from viahe_rules.domain import Health

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def exposition(
    cameras: Sequence[CameraWatch],
    stages: Stages,
    waiting: int,
    tally: Tally | None = None,
    feeding_cpu_s: float = 0.0,
) -> str:
    """Every metric with its help and type.

    `waiting` are suspicions not yet acknowledged; `feeding_cpu_s` is what the processes that
    feed have used, which are not this one.
    """
    families = (
        *_watching(cameras),
        *_keeping(cameras),
        *_health(cameras),
        *_suspicions(tally, waiting),
        *_costs(stages, feeding_cpu_s),
    )
    return "".join(families)


def _watching(cameras: Sequence[CameraWatch]) -> Iterator[str]:
    """Packets and looks: how many, how many lost, how far apart and how late."""
    counts = [(camera.id, camera.counts) for camera in cameras]
    yield total("packets", "Packets received.", [(i, c.packets) for i, c in counts])
    yield gauge(
        "packet_age_seconds",
        "Seconds since the newest packet arrived.",
        [
            (camera.id, time.time() - newest.arrived_at)
            for camera in cameras
            if (newest := camera.ring.newest) is not None
        ],
    )
    for name, about, values in (
        ("looks", "Looks judged.", [(i, c.looks) for i, c in counts]),
        ("looks_asked", "Looks the network was asked at.", [(i, c.asked) for i, c in counts]),
        (
            "looks_dropped",
            "Looks a newer one took the place of.",
            [(i, c.looks_dropped) for i, c in counts],
        ),
        (
            "looks_undecodable",
            "Looks whose packet showed no picture.",
            [(i, c.undecodable) for i, c in counts],
        ),
    ):
        yield total(name, about, values)
    gaps = [(camera.id, camera.look_gap_s) for camera in cameras]
    yield gauge(
        "look_gap_seconds",
        "Mean seconds between the pictures of the last looks.",
        [(i, gap) for i, gap in gaps if gap is not None],
    )
    delays = [(camera.id, camera.look_delays_s) for camera in cameras]
    yield gauge(
        "look_delay_seconds",
        "The longest of the last looks, from a picture's arrival to its judgement.",
        [(i, max(of)) for i, of in delays if of],
    )
    yield lag_histogram([(camera.id, camera.lags.counted()) for camera in cameras])


def _keeping(cameras: Sequence[CameraWatch]) -> Iterator[str]:
    """What the rings hold, and what they had to let go."""
    rings = [(camera.id, camera.ring) for camera in cameras]
    yield gauge("ring_bytes", "Bytes in the ring.", [(i, ring.bytes_held) for i, ring in rings])
    yield gauge(
        "ring_disk_bytes", "Bytes of the ring on disk.", [(i, r.bytes_on_disk) for i, r in rings]
    )
    yield gauge(
        "ring_seconds", "Seconds the ring reaches back.", [(i, r.seconds_held) for i, r in rings]
    )
    yield gauge(
        "ring_unwritten_seconds",
        "Seconds of a ring on disk that lie in memory alone.",
        [(i, ring.unwritten_s) for i, ring in rings],
    )
    yield gauge(
        "ring_kept_bytes",
        "Bytes held for cases beyond the ring.",
        [(i, ring.bytes_kept) for i, ring in rings],
    )
    yield total(
        "ring_dropped_groups",
        "Groups of pictures the ring forgot early, for want of room.",
        [(i, ring.dropped_groups) for i, ring in rings],
    )
    yield total(
        "ring_torn_ends",
        "Torn ends of files left out when the ring was taken up again.",
        [(i, ring.torn) for i, ring in rings],
    )
    yield total(
        "ring_dropped_holdings",
        "What was held for cases and had to go before they were done.",
        [(i, ring.dropped_holdings) for i, ring in rings],
    )


def _health(cameras: Sequence[CameraWatch]) -> Iterator[str]:
    """How the cameras are, by the newest look and by the clocks they tell."""
    yield gauge(
        "healthy",
        "Whether nothing was the matter with the camera at the last look.",
        [(camera.id, float(camera.health is Health.OK)) for camera in cameras],
    )
    yield family(
        "viahe_camera_health",
        "gauge",
        "What the last look said of the camera: 1 for the state it is in.",
        [
            (labels(camera=camera.id, health=health), float(camera.health is health))
            for camera in cameras
            for health in Health
        ],
    )
    shifts = [
        (camera.id, look.shift)
        for camera in cameras
        if (look := camera.newest_look) is not None and look.shift is not None
    ]
    for name, about, value in (
        ("right_ratio", "To the right, as a share of the width.", attrgetter("right")),
        ("down_ratio", "Down, as a share of the height.", attrgetter("down")),
        ("turn_degrees", "Degrees clockwise.", attrgetter("turn_deg")),
        ("zoom_ratio", "Times as large as before.", attrgetter("zoom")),
    ):
        values = [(i, value(shift)) for i, shift in shifts]
        yield gauge(f"picture_shift_{name}", f"Lasting shift of the picture. {about}", values)
    offsets = [(camera.id, camera.clock.clock_offset_s) for camera in cameras]
    yield gauge(
        "clock_offset_seconds",
        "Seconds to add to the clock the camera tells to get this computer's.",
        [(i, offset) for i, offset in offsets if offset is not None],
    )


def _suspicions(tally: Tally | None, waiting: int) -> Iterator[str]:
    if tally is not None:
        for name, about, counts in (
            ("suspicions", "Suspicions raised.", tally.raised()),
            (
                "suspicions_covered",
                "Suspicions a permit or a quiet hour covered.",
                tally.covered(),
            ),
        ):
            values = [
                (labels(camera=camera, act=act), float(count))
                for (camera, act), count in sorted(counts.items())
            ]
            yield family(f"viahe_{name}_total", "counter", about, values)
    yield family(
        "viahe_suspicions_waiting",
        "gauge",
        "Suspicions the review API has not acknowledged.",
        [("", waiting)],
    )


def _costs(stages: Stages, feeding_cpu_s: float) -> Iterator[str]:
    spent = sorted(stages.seconds().items())
    yield family(
        "viahe_stage_cpu_seconds_total",
        "counter",
        "CPU seconds by stage.",
        [(labels(stage=stage), used) for stage, used in spent],
    )
    yield family(
        "viahe_cpu_seconds_total",
        "counter",
        "CPU seconds of the detector and of the processes that feed it.",
        [("", time.process_time() + feeding_cpu_s)],
    )


@contextmanager
def serving(settings: MetricsSettings, told: Callable[[], str]) -> Iterator[int]:
    """Answer `GET /metrics` with what `told` gives, and yield the port.

    Raises ConfigError if the address cannot be listened at.
    """

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/metrics"
            body = told().encode() if found else b""
            self.send_response(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: a scrape every few seconds is no news."""

    try:
        server = ThreadingHTTPServer((settings.address, settings.port), Answering)
    except OSError as error:
        where = f"{settings.address}:{settings.port}"
        raise ConfigError(f"metrics: {where} cannot be listened at: {error.strerror}") from None
    with server:
        threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()
