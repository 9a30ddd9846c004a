"""Evidence: the camera's own packets, and what is missing declared."""

import dataclasses
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.detector.footage import coded, shown
from tests.detector.staged_evidence import STARTS_AT, gathered, manifest, ring_of, source
from viahe_detector.manifest import Signer, verify
from viahe_detector.ring import Ring
from viahe_rules.domain import (
    Box,
    Change,
    ChangeKind,
    Detection,
    Observation,
)


@pytest.mark.parametrize("b_frames", [0, 3])
def test_the_folder_holds_what_the_contract_says_and_verifies(
    tmp_path: Path, signer: Signer, b_frames: int
) -> None:
    film = source(b_frames)
    cut = ring_of(film.packets, facts=film.facts).cut(film.run, 1.2, 4.5)
    folder = tmp_path / "s-1"
    files = gathered(folder, cut, signer)
    assert [(file.name, file.kind, file.media_type) for file in files] == [
        ("clip.mp4", "clip", "video/mp4"),
        ("still_onset.jpg", "still_onset", "image/jpeg"),
        ("still_act.jpg", "still_act", "image/jpeg"),
        ("still_after.jpg", "still_after", "image/jpeg"),
        ("overlay.json", "overlay", "application/json"),
        ("manifest.json", "manifest", "application/json"),
        ("manifest.sig", "signature", "application/octet-stream"),
    ]
    for file in files:
        assert file.size == file.path.stat().st_size > 0
        assert file.sha256 == hashlib.sha256(file.path.read_bytes()).hexdigest()
    assert sorted(each.name for each in folder.iterdir()) == sorted(f.name for f in files)
    assert verify(folder) == ()
    assert verify(folder, public_key=signer.public_key) == ()


@pytest.mark.parametrize("b_frames", [0, 3])
def test_the_clip_is_the_cameras_packets_byte_for_byte(
    tmp_path: Path, signer: Signer, b_frames: int
) -> None:
    film = source(b_frames)
    cut = ring_of(film.packets, facts=film.facts).cut(film.run, 1.2, 4.5)
    gathered(tmp_path / "s-1", cut, signer)
    (segment,) = cut.segments
    assert coded(tmp_path / "s-1" / "clip.mp4") == [packet.data for packet in segment.packets]


def test_the_manifest_says_what_where_when_and_by_whom(tmp_path: Path, signer: Signer) -> None:
    film = source()
    cut = ring_of(film.packets, facts=film.facts).cut(film.run, 1.2, 4.5)
    files = gathered(tmp_path / "s-1", cut, signer, previous="cd" * 32)
    said = manifest(tmp_path / "s-1")
    assert said["id"] == "s-1"
    assert said["camera"] == "cam-1"
    assert said["zone"] == {"id": "z1", "version": 3, "name": "Vỉa hè số 5"}
    assert said["thresholds"] == {"dwell": 5.0}
    assert said["reasons"] == [{"code": "no_permit", "t": None, "value": None, "name": None}]
    assert said["model"] == {"name": "street", "sha256": "ab" * 32}
    assert said["clock"] == {"offset_s": None, "source": "file"}
    assert said["times"]["start"] == {
        "t": 2.0,
        "utc": "2026-11-18T11:06:42.000Z",
        "local": "2026-11-18T18:06:42.000+07:00",
    }
    assert said["clip"] == {
        "codec": "h264",
        "width": 160,
        "height": 120,
        "rotation": 0,
        "segments": [{"clip_start_s": 0.0, "start": 1.0, "end": 4.9}],
    }
    assert said["covered"] == [[1.0, 4.9]]
    assert said["gaps"] == []
    assert said["previous"] == "cd" * 32
    assert said["created_at"] == "2026-11-18T11:08:20.000Z"
    assert said["public_key"] == signer.public_key
    signed = {"manifest.json", "manifest.sig"}
    assert said["files"] == {f.name: f.sha256 for f in files if f.name not in signed}


def test_the_overlay_places_every_box_on_the_clips_own_clock(
    tmp_path: Path, signer: Signer
) -> None:
    film = source()
    cut = ring_of(film.packets, facts=film.facts).cut(film.run, 1.2, 4.5)
    passer = Detection("person", 0.9, Box(0.8, 0.4, 0.9, 0.7))
    van = Detection("car", 0.7, Box(0.1, 0.1, 0.2, 0.2), named=False)
    bag = Detection("suitcase", 0.6, Box(0.41, 0.5, 0.5, 0.7))
    carrier = Detection("person", 0.8, Box(0.42, 0.4, 0.51, 0.7))
    change = Change(Box(0.4, 0.5, 0.5, 0.69), 2.4, ChangeKind.LEFT, 0.5)
    looks = [
        Observation("cam-1", film.run, 3.4, (bag,), (change,)),
        Observation("cam-1", film.run, 2.3, (passer, carrier, van)),
        Observation("cam-1", film.run, 1.8),
        Observation("cam-1", film.run, 0.5, (passer,)),  # before the clip
        Observation("cam-1", "another run", 2.0, (passer,)),
    ]
    gathered(tmp_path / "s-1", cut, signer, looks)
    drawn = json.loads((tmp_path / "s-1" / "overlay.json").read_bytes())
    assert drawn["zone"] == [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]]
    assert drawn["place"] == [0.4, 0.5, 0.5, 0.7]
    assert drawn["frames"] == pytest.approx(shown(tmp_path / "s-1" / "clip.mp4"), abs=1e-4)
    seen = [
        (look["clip_s"], [(b["role"], b["label"], b["named"]) for b in look["boxes"]])
        for look in drawn["looks"]
    ]
    assert seen == [
        (0.8, [("leaver", "person", True)]),  # from the path: no look saw it there
        (1.3, [("other", "person", True), ("leaver", "person", True), ("other", "car", False)]),
        (2.4, [("thing", "suitcase", True), ("thing", "suitcase", True)]),
    ]
    assert drawn["looks"][0]["boxes"][0]["box"] == [0.0, 0.4, 0.1, 0.7]


def test_a_reconnection_in_the_middle_is_one_clip_with_a_declared_gap(
    tmp_path: Path, signer: Signer
) -> None:
    film = source()
    later = [replace(p, run="r-2", at=p.at + 8, arrived_at=p.at + 8) for p in film.packets]
    ring = ring_of(film.packets, later, facts=film.facts)
    cut = ring.cut("r-2", -4.0, 2.5)
    gathered(tmp_path / "s-1", cut, signer, start=0.5, end=2.0)
    said = manifest(tmp_path / "s-1")
    assert said["clip"]["segments"] == [
        {"clip_start_s": 0.0, "start": -4.0, "end": -2.0},
        {"clip_start_s": 2.0, "start": 0.0, "end": 2.9},
    ]
    assert said["gaps"] == [[-2.0, 0.0]]
    expected = [p.data for segment in cut.segments for p in segment.packets]
    assert coded(tmp_path / "s-1" / "clip.mp4") == expected
    assert shown(tmp_path / "s-1" / "clip.mp4") == pytest.approx(
        [n / 10 for n in range(49)], abs=1e-4
    )


def test_packets_of_another_picture_size_are_left_out_and_declared(
    tmp_path: Path, signer: Signer
) -> None:
    film = source()
    ring = ring_of(film.packets, facts=dataclasses.replace(film.facts, width=320))
    later = [replace(p, run="r-2", at=p.at + 6, arrived_at=p.at + 6) for p in film.packets]
    ring.on_run("r-2", film.facts)
    for packet in later:
        ring.on_packet(packet)
    cut = ring.cut("r-2", -2.0, 2.5)
    assert len(cut.segments) == 2
    gathered(tmp_path / "s-1", cut, signer, start=0.5, end=2.0)
    said = manifest(tmp_path / "s-1")
    assert len(said["clip"]["segments"]) == 1
    assert said["gaps"] == [[-2.0, 0.0]]


def test_evidence_without_a_packet_declares_the_whole_window_a_gap(
    tmp_path: Path, signer: Signer
) -> None:
    cut = Ring(10, 1000).cut("r-1", 1.0, 9.0)
    look = Observation("cam-1", "r-1", 2.5, at=STARTS_AT)
    files = gathered(tmp_path / "s-1", cut, signer, [look])
    assert [file.kind for file in files] == ["overlay", "manifest", "signature"]
    said = manifest(tmp_path / "s-1")
    assert said["clip"] is None
    assert said["gaps"] == [[1.0, 9.0]]
    assert said["covered"] == []
    assert said["times"]["start"]["utc"] == "2026-11-18T11:06:39.500Z"  # by the look
    assert verify(tmp_path / "s-1") == ()
