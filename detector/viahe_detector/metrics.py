"""What every camera has done and what it cost, as text that Prometheus reads."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from viahe_detector.camera import CameraWatch
from viahe_detector.config import MetricsSettings
from viahe_detector.errors import ConfigError
from viahe_detector.stages import Stages
from viahe_rules.domain import Health

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Values = list[tuple[str, float]]


def exposition(cameras: Sequence[CameraWatch], stages: Stages, waiting: int) -> str:
    """Every metric with its help and type; `waiting` are suspicions not yet acknowledged."""
    counts = [(camera.id, camera.counts) for camera in cameras]
    delays = [(camera.id, camera.look_delays_s) for camera in cameras]
    gaps = [(camera.id, camera.look_gap_s) for camera in cameras]
    parts = [
        _total("packets", "Packets received.", [(i, c.packets) for i, c in counts]),
        _total("looks", "Looks judged.", [(i, c.looks) for i, c in counts]),
        _total("looks_asked", "Looks the network was asked at.", [(i, c.asked) for i, c in counts]),
        _total(
            "looks_dropped",
            "Looks a newer one took the place of.",
            [(i, c.looks_dropped) for i, c in counts],
        ),
        _total(
            "looks_undecodable",
            "Looks whose packet showed no picture.",
            [(i, c.undecodable) for i, c in counts],
        ),
        _gauge(
            "look_gap_seconds",
            "Mean seconds between the pictures of the last looks.",
            [(i, gap) for i, gap in gaps if gap is not None],
        ),
        _gauge(
            "look_delay_seconds",
            "The longest of the last looks, from a picture's arrival to its judgement.",
            [(i, max(of)) for i, of in delays if of],
        ),
        _gauge(
            "ring_bytes", "Coded bytes in the ring.", [(c.id, c.ring.bytes_held) for c in cameras]
        ),
        _gauge(
            "healthy",
            "Whether the last look was fit to be judged by.",
            [(camera.id, float(camera.health is Health.OK)) for camera in cameras],
        ),
        _family(
            "viahe_stage_cpu_seconds_total",
            "counter",
            "CPU seconds by stage.",
            [(f'{{stage="{stage}"}}', used) for stage, used in sorted(stages.seconds().items())],
        ),
        _family(
            "viahe_suspicions_waiting",
            "gauge",
            "Suspicions the review API has not acknowledged.",
            [("", waiting)],
        ),
    ]
    return "".join(parts)


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


def _total(name: str, about: str, values: Values) -> str:
    return _family(f"viahe_{name}_total", "counter", about, _labelled(values))


def _gauge(name: str, about: str, values: Values) -> str:
    return _family(f"viahe_{name}", "gauge", about, _labelled(values))


def _labelled(values: Values) -> Values:
    return [(f'{{camera="{camera}"}}', value) for camera, value in values]


def _family(name: str, kind: str, about: str, values: Values) -> str:
    lines = [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]
    lines += [f"{name}{labels} {value:.10g}" for labels, value in values]
    return "\n".join(lines) + "\n"
