"""A small RTSP camera server on the loopback: files served as paced live cameras."""

import asyncio
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from .camera import Camera, Faults
from .coded_video import CodedVideo, read_video
from .connection import Connection
from .timeline import Timeline, last_seconds

__all__ = ["CameraServer", "Faults", "Sent"]

HOST = "127.0.0.1"
STARTUP_S = 10.0


@dataclass(frozen=True, slots=True)
class Sent:
    """What a camera sent to all its clients: pictures, and the seconds the latest was late."""

    pictures: int
    latest_s: float


class CameraServer:
    """Serves files as cameras on 127.0.0.1 from one thread of its own, while entered."""

    def __init__(self, port: int = 0) -> None:
        """`port` 0 takes a free one."""
        self._port = port
        self._cameras: dict[str, Camera] = {}
        self._videos: dict[tuple[Path, int], CodedVideo] = {}
        self._timelines: dict[tuple[int, int | None], Timeline] = {}
        self._connections: set[Connection] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="cameras", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        opening = asyncio.run_coroutine_threadsafe(self._open(), self._loop)
        self._server = opening.result(STARTUP_S)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(STARTUP_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def serve(
        self,
        path_name: str,
        file: Path,
        *,
        loop: bool = False,
        hold_s: float = 0.0,
        live: bool = False,
        credentials: tuple[str, str] | None = None,
        faults: Faults | None = None,
        clock_offset_s: float = 0.0,
        ahead_s: float = 0.0,
    ) -> str:
        """Serve `file`'s first video stream (H.264 or H.265) and return the camera's URL.

        Each client sees the file from its beginning; with `live` all share one timeline that
        starts with the first client, and later ones join at the next key frame, as with a
        real camera. After the end the stream ends; with `loop` it starts again, with
        `hold_s` the key frames of its last seconds, and what follows, are repeated for ever;
        time goes on.
        A `live` camera has been playing for `ahead_s` when its first client comes.
        With `credentials` (user, password) Basic authentication is demanded; the URL
        returned carries none. `clock_offset_s` is how far the wall clock in the sender
        reports is ahead of this host's. Serving a name again replaces the file for later
        clients. Raises `ValueError` for a file without an H.264 or H.265 stream.
        """
        video = self._read(file)
        repeat_from = last_seconds(video, hold_s) if hold_s else (0 if loop else None)
        self._cameras[path_name] = Camera(
            video=video,
            timeline=self._timeline(video, repeat_from),
            live=live,
            credentials=credentials,
            faults=faults or Faults(),
            clock_offset_s=clock_offset_s,
            ahead_s=ahead_s,
        )
        return f"rtsp://{HOST}:{self._port}/{path_name}"

    def finish(self) -> dict[str, Sent]:
        """Take no more clients, send nothing more, and tell by camera what was sent until now.

        What was sent still reaches the clients, unless one stops reading for `STARTUP_S`.
        """
        return asyncio.run_coroutine_threadsafe(self._finish(), self._loop).result(2 * STARTUP_S)

    def _read(self, file: Path) -> CodedVideo:
        key = file.resolve(), file.stat().st_mtime_ns
        if key not in self._videos:
            self._videos[key] = read_video(file)
        return self._videos[key]

    def _timeline(self, video: CodedVideo, repeat_from: int | None) -> Timeline:
        key = id(video), repeat_from  # `_videos` keeps it, so the id stays its own
        if key not in self._timelines:
            self._timelines[key] = Timeline(video, repeat_from)
        return self._timelines[key]

    async def _open(self) -> asyncio.Server:
        return await self._loop.create_server(
            lambda: Connection(self._cameras, self._connections), HOST, self._port
        )

    async def _finish(self) -> dict[str, Sent]:
        self._server.close()
        for connection in tuple(self._connections):
            connection.finish()
        deadline = self._loop.time() + STARTUP_S
        while self._connections and self._loop.time() < deadline:
            await asyncio.sleep(0.02)
        return {name: Sent(each.sent, each.latest_s) for name, each in self._cameras.items()}

    async def _close(self) -> None:
        self._server.close()
        for connection in tuple(self._connections):
            connection.drop()
        await self._server.wait_closed()
