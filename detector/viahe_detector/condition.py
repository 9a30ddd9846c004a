"""How the cameras are, as the review API is told: their state, the hours seen, and stills."""

import math
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from viahe_detector.camera import CameraWatch
from viahe_detector.config import Settings
from viahe_detector.media import jpeg
from viahe_detector.stages import Stages
from viahe_detector.state import State, state_of
from viahe_detector.timing import iso
from viahe_rules.domain import Health
from viahe_rules.recorded import to_json


class Condition:
    """Of all cameras of one detector, for as long as its process lives."""

    def __init__(
        self,
        settings: Settings,
        cameras: Sequence[CameraWatch],
        errors: Mapping[str, str],
        stages: Stages,
    ) -> None:
        """`errors` holds what last ended each camera's stream, and goes on changing."""
        self._watch = settings.watch
        self._api = settings.api
        self._cameras = {camera.id: camera for camera in cameras}
        self._errors = errors
        self._stages = stages
        self._session = uuid.uuid4().hex
        self._still_at: dict[str, float] = {}
        self._still_in: dict[str, Health] = {}

    def health(self) -> dict[str, Any]:
        """How the cameras are, as the contract has it."""
        return {
            "session": self._session,
            "cameras": [self._health_of(camera) for camera in self._cameras.values()],
        }

    def stills(self) -> dict[str, bytes]:
        """The newest picture of each camera whose still is due, as JPEG, on the caller's thread.

        None is due more often than `api.still_every_s`, but for a camera whose health has
        changed, and no more cameras at a time than makes them all come round.
        """
        stills = dict[str, bytes]()
        for camera in self._due_for_stills():
            with self._stages.of("stills"):
                picture = camera.still()
                if picture is not None:
                    stills[camera.id] = jpeg(picture)
                    self._still_at[camera.id] = time.monotonic()
                    self._still_in[camera.id] = camera.health
        return stills

    def _due_for_stills(self) -> list[CameraWatch]:
        """Cameras that never showed a still, or none in this health, and a share of the rest, those
        it is longest ago for."""
        cameras = self._cameras
        if self._api is None:
            return list(cameras.values())
        latest = time.monotonic() - self._api.still_every_s
        new = [
            name for name, camera in cameras.items() if camera.health != self._still_in.get(name)
        ]
        due = sorted((at, name) for name, at in self._still_at.items() if at <= latest)
        rounds = max(1.0, self._api.still_every_s / self._api.health_every_s)
        share = math.ceil(len(cameras) / rounds)
        return [cameras[name] for name in dict.fromkeys([*new, *(name for _, name in due[:share])])]

    def state_of(self, camera: CameraWatch) -> State:
        """How one of the cameras is now."""
        return state_of(camera, self._watch, self._errors.get(camera.id, ""), time.time())

    def _health_of(self, camera: CameraWatch) -> dict[str, Any]:
        state = self.state_of(camera)
        hours = [{"hour": iso(hour), "seen_s": round(s, 1)} for hour, s in camera.seen.hours()]
        return {
            "camera": camera.id,
            "state": state.word,
            "condition": state.condition,
            "detail": state.detail,
            "shift": to_json(state.shift),
            "clock_offset_s": camera.clock.clock_offset_s,
            "clock_jumped_s": state.clock.jumped_s if state.clock else 0.0,
            "hours": hours,
        }
