"""Evidence of a staged case: six seconds of a street in a ring, and what is gathered of a cut."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.detector.footage import Footage, Received, has_b_frames, received
from viahe_detector.cut import Cut
from viahe_detector.evidence import EvidenceFile, EvidenceIdentity, gather
from viahe_detector.manifest import Signer
from viahe_detector.media import Packet
from viahe_detector.ring import Ring
from viahe_rules.domain import Act, Box, LeftBy, LeftByKind, Observation, Reason, Suspicion
from viahe_rules.plan import Surface, Zone

NOW = 1_795_000_100.0
STARTS_AT = 1_795_000_000.0
PLACE = Box(0.4, 0.5, 0.5, 0.7)
ZONE = Zone("z1", 3, "Vỉa hè số 5", ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9)), Surface.PAVEMENT, ())
IDENTITY = EvidenceIdentity("cam-1", "0.1.0", "street", "ab" * 32, None, "file", ward="w1")
LEFT_BY = LeftBy(
    LeftByKind.PERSON,
    0.7,
    gone_at=3.0,
    path=((1.8, Box(0.0, 0.4, 0.1, 0.7)), (2.3, Box(0.42, 0.4, 0.5, 0.7))),
)


@cache
def source(b_frames: int = 3, seed: int = 1, rotation: int = 0) -> Received:
    with TemporaryDirectory() as folder:
        path = Footage(seconds=6, b_frames=b_frames, seed=seed, rotation=rotation).write(
            Path(folder) / "street.mp4"
        )
        assert has_b_frames(path) == bool(b_frames), "the footage is not what it says"
        return received(path, STARTS_AT)


def suspicion(run: str, **other: Any) -> Suspicion:
    seen: dict[str, Any] = {
        "key": "s-1",
        "act": Act.DUMPING,
        "camera": "cam-1",
        "run": run,
        "zone": "z1",
        "zone_version": 3,
        "rule": "dumping",
        "label": "suitcase",
        "place": PLACE,
        "start": 2.0,
        "end": 3.5,
        "score": 0.8,
        "left_by": LEFT_BY,
        "thresholds": (("dwell", 5.0),),
        "reasons": (Reason("no_permit"),),
    }
    return Suspicion(**(seen | other))


def ring_of(*sources: Sequence[Packet], facts: Any) -> Ring:
    ring = Ring(1000, 10**9)
    for packets in sources:
        ring.on_run(packets[0].run, facts)
        for packet in packets:
            ring.on_packet(packet)
    return ring


def gathered(
    folder: Path,
    cut: Cut,
    signer: Signer,
    looks: Sequence[Observation] = (),
    previous: str | None = None,
    **other: Any,
) -> tuple[EvidenceFile, ...]:
    case = suspicion(cut.run, **other)
    return gather(folder, case, ZONE, cut, looks, IDENTITY, signer, previous, NOW)


def manifest(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "manifest.json").read_bytes()))
