"""What the detector and the processes that capture for it tell each other."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from viahe_detector.assignment import Addresses
from viahe_detector.capture import Source
from viahe_detector.errors import SourceError
from viahe_detector.media import Packet, StreamFacts

PacketFields: TypeAlias = tuple[Any, ...]
"""The fields of a `Packet` in their order; a third of the cost of the record itself."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Capture this source from now on, in the place of what its camera had."""

    source: Source


@dataclass(frozen=True, slots=True)
class Told:
    """The addresses in force, in the place of those told before, by camera."""

    addresses: Mapping[str, Addresses]


@dataclass(frozen=True, slots=True)
class Began:
    """A run of a camera begins."""

    camera: str
    run: str
    facts: StreamFacts


class Came(NamedTuple):
    """A packet of a camera, and how far the camera's clock was off as it came.

    Of all that is told by far the most, and a tuple is pickled at a fifth of a record's cost.
    """

    camera: str
    packet: PacketFields
    clock_offset_s: float | None


@dataclass(frozen=True, slots=True)
class Failed:
    """A camera could not be read any longer; it will be tried again."""

    camera: str
    error: SourceError


@dataclass(frozen=True, slots=True)
class Over:
    """A source that can end has ended."""

    camera: str


@dataclass(frozen=True, slots=True)
class Logged:
    """A line for the detector's log."""

    record: logging.LogRecord


@dataclass(frozen=True, slots=True)
class Used:
    """CPU seconds of the process so far."""

    cpu_s: float


Captured: TypeAlias = Began | Came | Failed | Over | Logged | Used


def fields(packet: Packet) -> PacketFields:
    """A packet as it is handed over; `Packet(*fields)` makes it anew."""
    return (
        packet.run,
        packet.index,
        packet.t,
        packet.dts_t,
        packet.duration_s,
        packet.keyframe,
        packet.data,
        packet.pts,
        packet.dts,
        packet.arrived_at,
        packet.at,
    )
