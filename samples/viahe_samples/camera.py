"""What is served under one path: a file's timeline, and how the camera behaves."""

from base64 import b64encode
from dataclasses import dataclass
from hmac import compare_digest

from .coded_video import CodedVideo
from .timeline import Timeline


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong with a camera, in seconds after PLAY of each connection.

    `stall_after_s`: nothing more is sent, the connection stays open (0: never a picture).
    `drop_after_s`: the connection is closed without a word.
    """

    stall_after_s: float | None = None
    drop_after_s: float | None = None


@dataclass(slots=True)
class Camera:
    """One camera. `started` is the second of the server's monotonic clock at which it began to
    play, `ahead_s` before its first client; it is kept for a `live` camera only. `sent` counts
    the pictures all clients were sent, and `latest_s` is the most one of them was behind its
    time."""

    video: CodedVideo
    timeline: Timeline
    live: bool
    credentials: tuple[str, str] | None
    faults: Faults
    clock_offset_s: float
    ahead_s: float = 0.0
    started: float | None = None
    sent: int = 0
    latest_s: float = 0.0

    def join(self, now: float) -> tuple[float, int]:
        """When this client's timeline began, and the number of the first picture it gets."""
        if not self.live:
            return now, 0
        if self.started is None:
            self.started = now - self.ahead_s
        return self.started, self.timeline.key_from(now - self.started)

    def admits(self, authorization: str | None) -> bool:
        """Whether the `Authorization` header carries this camera's credentials."""
        if self.credentials is None:
            return True
        expected = "Basic " + b64encode(":".join(self.credentials).encode()).decode()
        return compare_digest((authorization or "").encode(), expected.encode())
