"""What a manifest states of one suspicion: what, where, when, by whom, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from viahe_detector.cut import Cut
from viahe_detector.media import Clip
from viahe_detector.timing import iso
from viahe_rules.domain import Observation, Suspicion
from viahe_rules.plan import Zone
from viahe_rules.recorded import to_json


@dataclass(frozen=True, slots=True)
class EvidenceIdentity:
    """Who made the evidence and with what; `clock_offset_s` is UTC less the camera's clock."""

    camera: str
    detector: str
    model: str
    model_sha256: str
    clock_offset_s: float | None
    clock_source: str
    ward: str | None = None
    utc_offset_minutes: int = 420


def stated(
    suspicion: Suspicion,
    zone: Zone,
    cut: Cut,
    clip: Clip | None,
    looks: Sequence[Observation],
    identity: EvidenceIdentity,
) -> dict[str, Any]:
    """The manifest but for files, links and key; every time in media seconds of the run.

    Wall times come from the packets, or, where there are none, from the looks.
    """
    return {
        **_case(suspicion, zone, identity),
        "times": _times(suspicion, cut, looks, identity.utc_offset_minutes),
        "clip": _described(clip, cut),
        "covered": _seconds(cut.covered),
        "gaps": _seconds(cut.gaps),
    }


def shift_of(cut: Cut, run: str) -> float:
    """What turns media seconds of a run in the cut into those of the run it was asked in."""
    return next(segment.shift_s for segment in cut.segments if segment.run == run)


def _described(clip: Clip | None, cut: Cut) -> dict[str, Any] | None:
    if clip is None:
        return None
    facts = cut.segments[0].facts
    return {
        "codec": facts.codec,
        "width": facts.width,
        "height": facts.height,
        "rotation": facts.rotation,
        "segments": [
            {
                "clip_start_s": round(span.clip_start_s, 6),
                "start": round(span.start + shift_of(cut, span.run), 6),
                "end": round(span.end + shift_of(cut, span.run), 6),
            }
            for span in clip.spans
        ],
    }


def _case(suspicion: Suspicion, zone: Zone, identity: EvidenceIdentity) -> dict[str, Any]:
    return {
        "id": suspicion.key,
        "act": suspicion.act.value,
        "label": suspicion.label,
        "camera": identity.camera,
        "ward": identity.ward,
        "run": suspicion.run,
        "zone": {"id": suspicion.zone, "version": suspicion.zone_version, "name": zone.name},
        "rule": suspicion.rule,
        "thresholds": dict(suspicion.thresholds),
        "reasons": to_json(suspicion.reasons),
        "detector": identity.detector,
        "model": {"name": identity.model, "sha256": identity.model_sha256},
        "clock": {"offset_s": identity.clock_offset_s, "source": identity.clock_source},
    }


def _times(
    suspicion: Suspicion, cut: Cut, looks: Sequence[Observation], offset_minutes: int
) -> dict[str, Any]:
    """Start and end in media seconds, UTC and local time; None where no wall time is known."""
    times: dict[str, Any] = {}
    for name, t in (("start", suspicion.start), ("end", suspicion.end)):
        at = cut.at(t)
        if at is None:
            at = _at_by_looks(looks, suspicion.run, t)
        times[name] = {
            "t": round(t, 6),
            "utc": None if at is None else iso(at),
            "local": None if at is None else local_iso(at, offset_minutes),
        }
    return times


def _at_by_looks(looks: Sequence[Observation], run: str, t: float) -> float | None:
    known = [
        (abs(look.t - t), look.at + t - look.t) for look in looks if look.run == run and look.at
    ]
    return min(known)[1] if known else None


def local_iso(at: float, offset_minutes: int) -> str:
    """UTC seconds as ISO 8601 local time, with its distance from UTC."""
    zone = timezone(timedelta(minutes=offset_minutes))
    return datetime.fromtimestamp(at, zone).isoformat(timespec="milliseconds")


def _seconds(spans: Sequence[tuple[float, float]]) -> list[list[float]]:
    return [[round(start, 6), round(end, 6)] for start, end in spans]
