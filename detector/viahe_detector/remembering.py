"""What cameras know, kept on disk over a restart."""

import logging
import time
from collections.abc import Iterable
from pathlib import Path

from viahe_detector.camera import CameraWatch

RULES_EVERY_S = 10.0
BACKGROUND_EVERY_S = 300.0
"""A background is half a megabyte and takes 30 ms; what has come since is told anew."""

log = logging.getLogger(__name__)


class Remembering:
    """Writes cameras' memories into one folder. Each camera is to be written by one at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rules_at: dict[str, float] = {}
        self._background_at: dict[str, float] = {}

    def recall(self, cameras: Iterable[CameraWatch]) -> None:
        """Let cameras go on from what was remembered; one that cannot starts without it."""
        for camera in cameras:
            try:
                camera.recall(self._folder)
            except (OSError, ValueError, KeyError) as error:
                log.warning("%s: starts without memory: %s", camera.id, error)

    def if_due(self, camera: CameraWatch) -> None:
        """Write down what this camera's rules know, and now and then its background."""
        now = time.monotonic()
        if now - self._rules_at.setdefault(camera.id, now) < RULES_EVERY_S:
            return
        background = now - self._background_at.setdefault(camera.id, now) >= BACKGROUND_EVERY_S
        camera.remember(self._folder, background)
        self._rules_at[camera.id] = now
        if background:
            self._background_at[camera.id] = now

    def all(self, cameras: Iterable[CameraWatch]) -> None:
        """Write down everything."""
        for camera in cameras:
            camera.remember(self._folder)
