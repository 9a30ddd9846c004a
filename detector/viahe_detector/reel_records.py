"""The records a reel consists of: the facts of a run, a packet, an index; each with its check."""

import base64
import json
import struct
import zlib
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from viahe_detector.media import Packet, StreamFacts

FACTS, PACKET, INDEX = 1, 2, 3
"""Kinds of records. Nought is none, so that a stretch of zeros is no record."""

_HEAD = struct.Struct("<BII")
"""Kind, bytes of the body, and CRC-32 of the body that starts from the kind."""
_PLACED = struct.Struct("<QdddB16s16sdd")
"""Index, t, dts_t, duration, whether key; pts and dts, which may be of any size; wall times."""


def record(kind: int, *body: bytes) -> bytes:
    """One record, its body given in parts."""
    check = kind
    for part in body:
        check = zlib.crc32(part, check)
    return b"".join((_HEAD.pack(kind, sum(map(len, body)), check), *body))


def records(data: memoryview) -> Iterator[tuple[int, memoryview, int]]:
    """Kind and body of each record, and where it ends, up to the first that is not whole."""
    at = 0
    while at + _HEAD.size <= len(data):
        kind, length, check = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        body = data[at : at + length]
        whole = kind in (FACTS, PACKET, INDEX) and len(body) == length
        if not whole or zlib.crc32(body, kind) != check:
            return
        at += length
        yield kind, body, at


def packets_record(packet: Packet) -> bytes:
    """The record of a packet; which run it belongs to stands in the record of facts before it."""
    placed = _PLACED.pack(
        packet.index,
        packet.t,
        packet.dts_t,
        packet.duration_s,
        packet.keyframe,
        packet.pts.to_bytes(16, "little", signed=True),
        packet.dts.to_bytes(16, "little", signed=True),
        packet.arrived_at,
        packet.at,
    )
    return record(PACKET, placed, packet.data)


def packet_in(run: str, body: memoryview) -> Packet:
    """The packet in the body of a record."""
    index, t, dts_t, duration_s, key, pts, dts, arrived_at, at = _PLACED.unpack_from(body)
    return Packet(
        run=run,
        index=index,
        t=t,
        dts_t=dts_t,
        duration_s=duration_s,
        keyframe=bool(key),
        data=bytes(body[_PLACED.size :]),
        pts=int.from_bytes(pts, "little", signed=True),
        dts=int.from_bytes(dts, "little", signed=True),
        arrived_at=arrived_at,
        at=at,
    )


def facts_told(run: str, facts: StreamFacts) -> dict[str, Any]:
    """A run and its facts as JSON has them."""
    return {
        "run": run,
        "codec": facts.codec,
        "size": [facts.width, facts.height, facts.rotation],
        "time_base": str(facts.time_base),
        "average_fps": facts.average_fps,
        "profile": facts.profile,
        "extradata": base64.b64encode(facts.extradata).decode(),
        "header": base64.b64encode(facts.header).decode(),
    }


def facts_heard(told: dict[str, Any]) -> tuple[str, StreamFacts]:
    """A run and its facts, as they were told."""
    width, height, rotation = told["size"]
    facts = StreamFacts(
        codec=told["codec"],
        width=width,
        height=height,
        rotation=rotation,
        time_base=Fraction(told["time_base"]),
        extradata=base64.b64decode(told["extradata"]),
        average_fps=told["average_fps"],
        profile=told["profile"],
        header=base64.b64decode(told["header"]),
    )
    return told["run"], facts


def facts_record(run: str, facts: StreamFacts) -> bytes:
    """The record that says to which run the packets after it belong."""
    return record(FACTS, _json(facts_told(run, facts)))


def index_record(facts: Sequence[dict[str, Any]], groups: Sequence[list[Any]]) -> bytes:
    """The record of a reel's index."""
    return record(INDEX, _json({"facts": facts, "groups": groups}))


def in_json(body: memoryview) -> dict[str, Any]:
    """What the body of a record of facts, or of an index, says."""
    return dict(json.loads(bytes(body)))


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
