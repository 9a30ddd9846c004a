"""One suspicion's evidence: clip, stills, overlay, manifest, signature; all of it or nothing.

Where no browser is sure to play the clip, a preview in H.264 lies beside it, marked as made from
it: what is evidence is the clip.
"""

import errno
import logging
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from viahe_detector.cut import Cut
from viahe_detector.errors import DiskFull, EvidenceError
from viahe_detector.manifest import MANIFEST, SIGNATURE, Signer, canonical, sha256_of
from viahe_detector.masking import masked
from viahe_detector.media import PLAYED_EVERYWHERE, Clip, jpeg, write_clip, write_preview
from viahe_detector.overlay import ClipTime, overlay
from viahe_detector.statement import EvidenceIdentity, shift_of, stated
from viahe_detector.stills import pictures_at
from viahe_detector.timing import iso
from viahe_rules.domain import Observation, Polygon, Suspicion
from viahe_rules.moments import moments
from viahe_rules.plan import Zone

__all__ = ["EvidenceFile", "EvidenceIdentity", "gather"]

log = logging.getLogger(__name__)

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_BESIDES = 64 * 2**10
"""Bytes that overlay, manifest and the clip's index take, roughly."""
_LATE_S = 0.5
"""A picture shown so long after the moment before an act is no longer one of before."""

_CLIP = "clip.mp4"
_PREVIEW = "preview.mp4"
_OVERLAY = "overlay.json"
_BEFORE = "still_before"
_STILLS = (_BEFORE, "still_onset", "still_act", "still_after")
_KINDS = {
    _CLIP: ("clip", "video/mp4"),
    _PREVIEW: ("preview", "video/mp4"),
    **{f"{still}.jpg": (still, "image/jpeg") for still in _STILLS},
    _OVERLAY: ("overlay", "application/json"),
    MANIFEST: ("manifest", "application/json"),
    SIGNATURE: ("signature", "application/octet-stream"),
}


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """One file of the evidence; `kind` and `media_type` as the contract with the API names them."""

    name: str
    kind: str
    media_type: str
    path: Path
    sha256: str
    size: int


def gather(
    folder: Path,
    suspicion: Suspicion,
    zone: Zone,
    cut: Cut,
    looks: Sequence[Observation],
    identity: EvidenceIdentity,
    signer: Signer,
    previous: str | None,
    created_at: float,
    masks: tuple[Polygon, ...] = (),
) -> tuple[EvidenceFile, ...]:
    """Write the evidence of `suspicion` as the new folder `folder` and list its files.

    `cut` was asked in the suspicion's run; `looks` are those to draw over the clip, in any
    order. `previous` is the SHA-256 of this detector's manifest before this one; `created_at`
    UTC seconds; `masks` are blackened in the stills, never in the clip. Either the whole folder
    is there afterwards, through to the disk, or nothing of it; a folder that is already there is
    left as it is and listed.

    Packets that do not play as one stream with the suspicion's own run are left out and their
    seconds declared a gap. A cut without packets gives a manifest that declares the whole
    window a gap, without clip or stills. A still that does not decode is left out, and so is
    the one of before where the pictures begin too late for it.

    Raises `DiskFull`, or `EvidenceError` where something cannot be written or MP4 cannot hold
    the stream.
    """
    if not folder.exists():
        partial = folder.with_name(f".{folder.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        try:
            partial.mkdir(parents=True)
            one = _of_one_stream(cut, suspicion.run)
            _write(
                partial, suspicion, zone, one, looks, identity, signer, previous, created_at, masks
            )
            _settle(partial, folder)
        except OSError as error:
            raise _refusal(error, folder, _room_needed(cut)) from None
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return _listed(folder)


def _of_one_stream(cut: Cut, run: str) -> Cut:
    facts = next((s.facts for s in cut.segments if s.run == run), None)
    if facts is None and cut.segments:
        facts = cut.segments[-1].facts
    return cut if facts is None else cut.only(facts)


def _settle(partial: Path, folder: Path) -> None:
    """Through to the disk first, into place then: what stands under its own name is whole."""
    for path in partial.iterdir():
        _sync(path)
    _sync(partial)
    partial.rename(folder)
    _sync(folder.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _refusal(error: OSError, folder: Path, size: int) -> DiskFull | EvidenceError:
    if error.errno in _NO_ROOM:
        return DiskFull(f"{folder.parent}: no room for about {size} bytes of evidence; free some")
    return EvidenceError(f"{folder}: evidence cannot be written: {error.strerror or error}")


def _room_needed(cut: Cut) -> int:
    """Bytes, roughly: a still takes half a byte a pixel, a preview as much as its clip."""
    pixels = max((s.facts.width * s.facts.height for s in cut.segments), default=0)
    return cut.size * 2 + len(_STILLS) * pixels // 2 + _BESIDES


def _listed(folder: Path) -> tuple[EvidenceFile, ...]:
    paths = [(folder / name, *kind) for name, kind in _KINDS.items()]
    return tuple(
        EvidenceFile(path.name, kind, media_type, path, sha256_of(path), path.stat().st_size)
        for path, kind, media_type in paths
        if path.exists()
    )


def _write(
    folder: Path,
    suspicion: Suspicion,
    zone: Zone,
    cut: Cut,
    looks: Sequence[Observation],
    identity: EvidenceIdentity,
    signer: Signer,
    previous: str | None,
    created_at: float,
    masks: tuple[Polygon, ...],
) -> None:
    clip = _clip(folder / _CLIP, cut)
    derived = _preview(folder / _PREVIEW, cut, clip)
    stills = _stills(folder, suspicion, cut, masks)
    drawn = overlay(suspicion, zone, looks, clip.frames if clip else (), _clip_time(clip, cut))
    (folder / _OVERLAY).write_bytes(canonical(drawn))
    content = {
        **stated(suspicion, zone, cut, clip, looks, identity),
        "stills": stills,
        "derived": derived,
        "files": {path.name: sha256_of(path) for path in folder.iterdir()},
        "previous": previous,
        "created_at": iso(created_at),
        "public_key": signer.public_key,
    }
    manifest = canonical(content)
    (folder / MANIFEST).write_bytes(manifest)
    (folder / SIGNATURE).write_bytes(signer.sign(manifest))


def _clip(path: Path, cut: Cut) -> Clip | None:
    if not cut.segments:
        return None
    return write_clip(path, cut.segments[0].facts, [each.packets for each in cut.segments])


def _preview(path: Path, cut: Cut, clip: Clip | None) -> dict[str, str]:
    """The name of the preview, if one was made, and of what it was made.

    No evidence waits for one: where the encoder refuses, the clip goes without.
    """
    if clip is None or cut.segments[0].facts.codec == PLAYED_EVERYWHERE:
        return {}
    stretches = [each.packets for each in cut.segments]
    try:
        made = write_preview(path, cut.segments[0].facts, stretches, clip.spans)
    except EvidenceError as error:
        log.warning("%s: no preview: %s", path.parent.name, error)
        return {}
    return {_PREVIEW: _CLIP} if made else {}


def _stills(
    folder: Path, suspicion: Suspicion, cut: Cut, masks: tuple[Polygon, ...]
) -> dict[str, float]:
    """Write the stills; the media second each of them really shows."""
    shown: dict[str, float] = {}
    wanted = moments(suspicion.start, suspicion.end, suspicion.place, suspicion.left_by)
    for name, picture in pictures_at(cut, wanted).items():
        shown_at = picture.t + shift_of(cut, picture.run)
        if name == _BEFORE and shown_at > wanted[name] + _LATE_S:
            continue
        hidden = replace(picture, bgr=masked(picture.bgr, masks))
        (folder / f"{name}.jpg").write_bytes(jpeg(hidden))
        shown[f"{name}.jpg"] = round(shown_at, 6)
    return shown


def _clip_time(clip: Clip | None, cut: Cut) -> ClipTime:
    """Media seconds of the cut's run into clip seconds; None for what the clip leaves out."""
    spans = [] if clip is None else [(s, shift_of(cut, s.run)) for s in clip.spans]

    def clip_time(t: float) -> float | None:
        for span, shift in spans:
            if span.start <= t - shift <= span.end:
                return span.clip_start_s + t - shift - span.start
        return None

    return clip_time
