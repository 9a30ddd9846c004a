"""Files read faster than life: every look and what follows from it on the reader's thread."""

from typing import Protocol

from viahe_detector.camera import CameraWatch
from viahe_detector.media import Packet, StreamFacts


class Settling(Protocol):
    """Who does what a camera's rules asked for: casework, or scoring."""

    def settle(self, camera: CameraWatch, ended: bool) -> None:
        """Do what waits for this camera, on the caller's thread."""


class InLine:
    """A sink that looks and looks back at once: a file read faster than life drops nothing."""

    def __init__(self, camera: CameraWatch, casework: Settling) -> None:
        self._camera = camera
        self._casework = casework

    def on_run(self, run: str, facts: StreamFacts) -> None:
        self._camera.on_run(run, facts)

    def on_packet(self, packet: Packet) -> None:
        self._camera.on_packet(packet)
        self._camera.look(only_due=True)
        self._casework.settle(self._camera, ended=False)
