"""The detector's side of the contract: parcels and health out, configuration in.

Each call is one attempt and raises; the loop that tries again is the reporter's own. A key
follows from what was seen, so that sending twice changes nothing.
"""

import logging
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import httpx2

from viahe_detector.assignment import Assignment, assignment_from, keep, last_good
from viahe_detector.errors import ReportError
from viahe_detector.outbox import Outbox, Parcel
from viahe_detector.recording import packed, waiting_hours
from viahe_rules.plan import Plan

log = logging.getLogger(__name__)

LONGEST_PAUSE_S = 30.0
HOURS_AT_ONCE = 4
"""Files of observations sent before suspicions are looked for again."""
FOR_GOOD = frozenset({404, 409, 413, 422})
"""Answers that stay the same however often a parcel is sent."""


class Unreachable(ReportError):
    """The API does not answer, or answers that it cannot now."""


class Refused(ReportError):
    """The API will never take this."""


class ReviewApi:
    """The review API as a device sees it."""

    def __init__(self, client: httpx2.Client, token: str) -> None:
        """`client` has the API's address as its base; Starlette's TestClient is one too."""
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"}
        self._etag: str | None = None

    def send(self, parcel: Parcel) -> None:
        """Hand over a suspicion with every byte of its evidence.

        Returns when the API has acknowledged every file by hash. Raises Unreachable or Refused.
        """
        answer = self._ask("POST", "/api/v1/suspicions", json=parcel.payload).json()
        hashes = {file["name"]: file["sha256"] for file in parcel.payload["files"]}
        for name in answer["missing"]:
            if name not in hashes:
                raise Refused(f"{parcel.key}: the API asks for {name}, which was never announced")
            data = (parcel.folder / name).read_bytes()
            path = f"/api/v1/suspicions/{parcel.key}/files/{name}"
            said = self._ask("PUT", path, content=data).json()
            if said["sha256"] != hashes[name]:
                raise Unreachable(f"{parcel.key}: {name} arrived with another hash")

    def report_health(self, health: Mapping[str, Any]) -> None:
        """Raises Unreachable or Refused."""
        self._ask("POST", "/api/v1/health", json=health)

    def show_still(self, camera: str, jpeg: bytes) -> None:
        """Raises Unreachable or Refused."""
        self._ask("PUT", f"/api/v1/cameras/{camera}/still", content=jpeg)

    def show_observations(self, camera: str, hour: str, packed: bytes) -> None:
        """Hand over what was seen in an hour (2026-11-22T11). Raises Unreachable or Refused."""
        self._ask(
            "POST",
            "/api/v1/observations",
            params={"camera": camera, "hour": f"{hour}:00:00Z"},
            content=packed,
            headers={"Content-Type": "application/gzip"},
        )

    def show_test_still(self, test: int, jpeg: bytes) -> None:
        """Hand over what a connection test saw. Raises Unreachable or Refused."""
        self._ask("PUT", f"/api/v1/tests/{test}/still", content=jpeg)

    def answer_test(self, test: int, streams: list[dict[str, Any]]) -> None:
        """Say what a connection test found. Raises Unreachable or Refused."""
        self._ask("POST", f"/api/v1/tests/{test}", json={"streams": streams})

    def changed_configuration(self) -> tuple[dict[str, Any], Assignment] | None:
        """The configuration as it came and as records; None if it has not changed.

        Raises Unreachable, or Refused where it is no configuration.
        """
        headers = {"If-None-Match": self._etag} if self._etag else {}
        answer = self._ask("GET", "/api/v1/configuration", headers=headers)
        if answer.status_code == 304:
            return None
        try:
            value = answer.json()
            assignment = assignment_from(value)
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(f"the API's configuration cannot be read: {error}") from None
        self._etag = answer.headers.get("ETag")
        return value, assignment

    def _ask(self, method: str, path: str, **request: Any) -> httpx2.Response:
        headers = {**self._headers, **request.pop("headers", {})}
        try:
            answer = self._client.request(method, path, headers=headers, **request)
        except httpx2.TransportError as error:
            raise Unreachable(f"the API does not answer: {type(error).__name__}") from None
        if answer.status_code in FOR_GOOD:
            raise Refused(f"{method} {path}: {answer.status_code} {answer.text:.200}")
        if answer.status_code == 401:
            raise Unreachable("the API does not know this device's token; check the variable")
        if answer.status_code >= 400:
            raise Unreachable(f"{method} {path}: the API answers {answer.status_code}")
        return answer


class Reporter:
    """Sends what the outbox holds for as long as it takes."""

    def __init__(
        self,
        api: ReviewApi,
        outbox: Outbox,
        last_configuration: Path,
        replan: Callable[[Sequence[Plan]], None],
        health: Callable[[], Mapping[str, Any]],
        stills: Callable[[], Mapping[str, bytes]],
        every_s: tuple[float, float],
        spool: Path | None = None,
        assign: Callable[[Assignment], None] = lambda _: None,
    ) -> None:
        """`assign` is given all that the API tells, `replan` its plans alone.

        `every_s` are the seconds between fetching configuration and reporting health. `stills`
        gives the newest picture of each camera that has one, as JPEG. `spool` is the folder of
        what was seen, which is sent when nothing else waits.
        """
        self._spool = spool
        self._api = api
        self._outbox = outbox
        self._last_configuration = last_configuration
        self._replan = replan
        self._assign = assign
        self._health = health
        self._stills = stills
        self._configuration_every_s, self._health_every_s = every_s
        self.reported = 0

    def last_good(self) -> Assignment:
        """The configuration of the last time the API was there; nothing if it never was."""
        return last_good(self._last_configuration)

    def send_all(self) -> None:
        """Send every parcel there is. Raises Unreachable; what is refused is set aside."""
        for parcel in self._outbox.parcels():
            try:
                self._api.send(parcel)
            except Refused as error:
                log.error("%s; the parcel is set aside in refused/", error)
                self._outbox.refused(parcel, str(error))
                continue
            self._outbox.acknowledged(parcel)
            self.reported += 1
            log.info("reported %s", parcel.key)

    def fetch_configuration(self) -> None:
        """Take over the API's configuration if it has changed. Raises ReportError."""
        changed = self._api.changed_configuration()
        if changed is None:
            return
        value, assignment = changed
        keep(self._last_configuration, value)
        self._assign(assignment)
        self._replan(assignment.plans)

    def report_health(self) -> None:
        """Tell the API how the cameras are and what they show. Raises ReportError."""
        self._api.report_health(self._health())
        for camera, jpeg in self._stills().items():
            self._api.show_still(camera, jpeg)

    def send_observations(self) -> None:
        """Send some of the hours that wait, and remove them. Raises Unreachable."""
        if self._spool is None:
            return
        for camera, hour, path in islice(waiting_hours(self._spool), HOURS_AT_ONCE):
            try:
                self._api.show_observations(camera, hour, packed(path))
            except Refused as error:
                log.warning("%s; what was seen in this hour is not kept", error)
            except OSError as error:
                log.warning("%s: cannot be read: %s", path, error.strerror)
            path.unlink(missing_ok=True)

    def run(self, stop: threading.Event, clock: Callable[[], float]) -> None:
        """Send, fetch and report until `stop` is set, pausing longer while the API is away."""
        pause, next_plans, next_health = 0.5, 0.0, 0.0
        away = False
        while not stop.is_set():
            now = clock()
            try:
                self.send_all()
                if now >= next_plans:
                    self.fetch_configuration()
                    next_plans = now + self._configuration_every_s
                if now >= next_health:
                    self.report_health()
                    next_health = now + self._health_every_s
                self.send_observations()
                if away:
                    log.info("the API answers again")
                pause, away = 0.5, False
            except ReportError as error:
                if not away:
                    log.warning("%s; %d suspicions wait", error, self._outbox.count())
                pause, away = min(LONGEST_PAUSE_S, pause * 2), True
            stop.wait(pause * random.uniform(0.75, 1.0))  # noqa: S311 - jitter, no secret
