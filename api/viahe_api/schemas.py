"""The payloads of the device contract, version 1. Unknown keys are refused."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from viahe_api.vocabulary import BROUGHT_BY_PEOPLE, CameraState, FileKind
from viahe_rules.domain import Shift
from viahe_rules.recorded import Malformed as MalformedRecord
from viahe_rules.recorded import from_json, suspicion_from_json, suspicion_to_json, to_json

KEY = r"[A-Za-z0-9._:-]{1,200}"
LONGEST = {"run": 200, "zone": 80, "rule": 80, "label": 80}
"""Characters the columns have room for."""


def _utc(moment: datetime) -> datetime:
    if moment.utcoffset() != timedelta(0):
        raise ValueError("times are in UTC, with Z")
    return moment


def _suspicion(value: dict[str, Any]) -> dict[str, Any]:
    """The suspicion with every default written out: its hash then does not depend on them."""
    try:
        suspicion = suspicion_from_json(value)
    except MalformedRecord as error:
        raise ValueError(str(error)) from None
    if not re.fullmatch(KEY, suspicion.key):
        raise ValueError(f"suspicion.key: expected {KEY}, since it stands in addresses")
    for name, longest in LONGEST.items():
        if len(getattr(suspicion, name)) > longest:
            raise ValueError(f"suspicion.{name}: at most {longest} characters")
    return suspicion_to_json(suspicion)


def _shift(value: dict[str, Any]) -> dict[str, Any]:
    """How far a picture has shifted, with every default written out."""
    try:
        shift: dict[str, Any] = to_json(from_json(Shift, value))
    except MalformedRecord as error:
        raise ValueError(str(error)) from None
    return shift


def _of_a_device(kind: FileKind) -> FileKind:
    if kind in BROUGHT_BY_PEOPLE:
        raise ValueError(f"a detector sends no {kind}")
    return kind


def _on_the_hour(moment: datetime) -> datetime:
    if (moment.minute, moment.second, moment.microsecond) != (0, 0, 0):
        raise ValueError("an hour begins at minute 0")
    return moment


Utc = Annotated[AwareDatetime, AfterValidator(_utc)]
FileName = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$", max_length=80)
]
MediaType = Annotated[
    str,
    Field(pattern=r"^(video/[a-z0-9.-]+|image/(jpeg|png|webp)|application/(json|octet-stream))$"),
]
"""Nothing a browser would run: evidence is served from the pages' own origin."""
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Seconds = Annotated[float, Field(allow_inf_nan=False)]


class Payload(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Clock(Payload):
    """How far the camera's clock is off, None if unknown, and what says so."""

    offset_s: Seconds | None
    source: Annotated[str, Field(max_length=40)]


class Model(Payload):
    name: Annotated[str, Field(max_length=80)]
    sha256: Sha256


class AnnouncedFile(Payload):
    name: FileName
    kind: Annotated[FileKind, AfterValidator(_of_a_device)]
    media_type: MediaType
    sha256: Sha256
    size: Annotated[int, Field(ge=0)]


class Announcement(Payload):
    """A suspicion and the files that will follow."""

    suspicion: Annotated[dict[str, Any], AfterValidator(_suspicion)]
    start_at: Utc
    end_at: Utc
    clock: Clock
    detector: Annotated[str, Field(max_length=40)]
    model: Model
    files: Annotated[list[AnnouncedFile], Field(max_length=40)]


class Acknowledgement(Payload):
    key: str
    code: str
    missing: list[str]


class Stored(Payload):
    sha256: str
    missing: list[str]


class SeenHour(Payload):
    hour: Annotated[Utc, AfterValidator(_on_the_hour)]
    seen_s: Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)]


class CameraHealth(Payload):
    camera: str
    state: CameraState
    detail: str = ""
    condition: Annotated[str, Field(max_length=24)] = ""
    shift: Annotated[dict[str, Any], AfterValidator(_shift)] | None = None
    clock_offset_s: Seconds | None = None
    clock_jumped_s: Seconds | None = None
    hours: list[SeenHour] = []


class HealthReport(Payload):
    """What one detector process (`session`) says of its cameras."""

    session: Annotated[str, Field(min_length=1, max_length=80)]
    cameras: list[CameraHealth]


class HealthKept(Payload):
    """`unknown`: cameras the API does not know; the rest was kept."""

    unknown: list[str]


class StreamFacts(Payload):
    """What a stream was measured to be; None where it did not last long enough to tell.

    `key_every_s` is the seconds between key frames; the offset is what to add to the camera's
    own clock to get the detector's.
    """

    codec: Annotated[str, Field(max_length=40)]
    width: Annotated[int, Field(ge=0, le=100_000)]
    height: Annotated[int, Field(ge=0, le=100_000)]
    pictures_per_s: Seconds | None = None
    key_every_s: Seconds | None = None
    kbit_per_s: Seconds | None = None
    clock_offset_s: Seconds | None = None
    measured_s: Seconds = 0.0


class StreamTested(Payload):
    """One stream of a tested camera: what it is, or why it cannot be watched, in one line."""

    stream: Literal["watch", "record"]
    facts: StreamFacts | None = None
    reason: Annotated[str, Field(max_length=300)] = ""


class TestedStreams(Payload):
    """The answer to a connection test; `watch` is left out where it is the recorded stream."""

    streams: Annotated[list[StreamTested], Field(min_length=1, max_length=2)]
