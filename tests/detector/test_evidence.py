"""Evidence: the camera's own packets, what is missing declared, all of it there or nothing."""

import dataclasses
import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2
import numpy as np
import pytest

from tests.detector.footage import Footage, Received, coded, has_b_frames, received, shown
from viahe_detector.cut import Cut
from viahe_detector.errors import EvidenceError
from viahe_detector.evidence import EvidenceFile, EvidenceIdentity, gather
from viahe_detector.manifest import Signer, verify
from viahe_detector.media import Packet, decode_span
from viahe_detector.ring import Ring
from viahe_rules.domain import (
    Act,
    Box,
    Change,
    ChangeKind,
    Detection,
    LeftBy,
    LeftByKind,
    Observation,
    Reason,
    Suspicion,
)
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


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return Signer.load_or_create(tmp_path / "key" / "signing.pem")


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


def pixels(path: Path) -> np.ndarray:
    picture = cv2.imread(str(path))
    assert picture is not None
    return picture.astype(int)


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


def test_stills_show_the_onset_the_act_and_what_is_left(tmp_path: Path, signer: Signer) -> None:
    film = source(rotation=90)
    cut = ring_of(film.packets, facts=film.facts).cut(film.run, 1.2, 4.5)
    gathered(tmp_path / "s-1", cut, signer)
    said = manifest(tmp_path / "s-1")["stills"]
    # The leaver was nearest to the place at 2.3 s.
    assert said == {"still_onset.jpg": 2.0, "still_act.jpg": 2.3, "still_after.jpg": 3.5}
    filmed = {round(p.t, 3): p.bgr for p in decode_span(film.facts, film.packets)}
    for name, t in said.items():
        still = pixels(tmp_path / "s-1" / name)
        assert still.shape == (160, 120, 3)
        differences = {at: np.abs(still - bgr).mean() for at, bgr in filmed.items()}
        assert min(differences, key=lambda at: differences[at]) == t


@pytest.mark.parametrize(
    ("recorded_from", "shown"),
    [(0.0, 0.5), (1.5, None)],
    ids=["the place without the thing", "the camera came back too late for it"],
)
def test_a_still_is_of_before_only_if_pictures_of_before_are_there(
    tmp_path: Path, signer: Signer, recorded_from: float, shown: float | None
) -> None:
    film = source()
    there = [packet for packet in film.packets if packet.t >= recorded_from]
    cut = ring_of(there, facts=film.facts).cut(film.run, 0.0, 5.9)
    files = gathered(tmp_path / "s-1", cut, signer, start=4.5, end=5.5, left_by=None)
    assert manifest(tmp_path / "s-1")["stills"].get("still_before.jpg") == shown
    assert ("still_before" in {file.kind for file in files}) == (shown is not None)
    assert verify(tmp_path / "s-1") == ()


def test_an_act_whose_leaver_was_not_seen_is_shown_at_its_middle(
    tmp_path: Path, signer: Signer
) -> None:
    film = source()
    cut = ring_of(film.packets, facts=film.facts).cut(film.run, 1.2, 4.5)
    gathered(tmp_path / "s-1", cut, signer, left_by=None, start=2.0, end=4.0)
    assert manifest(tmp_path / "s-1")["stills"]["still_act.jpg"] == 3.0


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


def test_gathering_again_changes_nothing(tmp_path: Path, signer: Signer) -> None:
    film = source()
    cut = ring_of(film.packets, facts=film.facts).cut(film.run, 1.2, 4.5)
    first = gathered(tmp_path / "s-1", cut, signer)
    again = gathered(tmp_path / "s-1", cut, signer, previous="ef" * 32)
    assert again == first


def test_what_a_killed_process_left_half_done_is_cleared_away(
    tmp_path: Path, signer: Signer
) -> None:
    half = tmp_path / "out" / ".s-1.partial"
    half.mkdir(parents=True)
    (half / "rest.jpg").write_bytes(b"half")
    film = source()
    cut = ring_of(film.packets, facts=film.facts).cut(film.run, 1.2, 4.5)
    gathered(tmp_path / "out" / "s-1", cut, signer)
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["s-1"]
    assert verify(tmp_path / "out" / "s-1") == ()


PREPARED = """
import os, resource, shutil, signal, sys
from pathlib import Path
from tests.detector import test_evidence as t
from viahe_detector.errors import DiskFull
folder = Path(sys.argv[1])
signer = t.Signer.load_or_create(folder / "key.pem")
film = t.source()
cut = t.ring_of(film.packets, facts=film.facts).cut(film.run, 1.2, 4.5)
out = folder / "out" / "s-1"
"""

LIMITED = """
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    t.gathered(out, cut, signer)
except DiskFull as error:
    print(error)
"""

KILLED_AT_EVERY_STEP = """
TOUCHES = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}

def gather_until(step):
    left = step
    def hook(event, _):
        nonlocal left
        left -= event in TOUCHES
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)
    t.gathered(out, cut, signer)
    os._exit(0)

for step in range(1, 1000, 2):
    child = os.fork()
    if child == 0:
        gather_until(step)
    _, status = os.waitpid(child, 0)
    print("whole" if out.exists() and len(list(out.iterdir())) == 7 and not t.verify(out)
          else "broken" if out.exists() else "nothing")
    shutil.rmtree(out, ignore_errors=True)
    if status == 0:
        break
"""


def said_by(script: str, *arguments: object) -> list[str]:
    """The lines a process of its own prints; signals and limits stay with it."""
    command = [sys.executable, "-c", PREPARED + script, *map(str, arguments)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=root)
    return done.stdout.splitlines()


@pytest.mark.parametrize("limit", [100, 4_000])
def test_a_disk_without_room_is_named_with_the_bytes_and_nothing_half_written_stays(
    tmp_path: Path, limit: int
) -> None:
    (said,) = said_by(LIMITED, tmp_path, limit)
    assert said.startswith(f"{tmp_path / 'out'}: no room for about ")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_kill_at_any_step_leaves_the_whole_of_it_or_nothing_under_its_name(
    tmp_path: Path,
) -> None:
    after = said_by(KILLED_AT_EVERY_STEP, tmp_path)
    assert len(after) > 10  # so many steps on the disk it died at, every other one
    assert set(after) == {"nothing", "whole"}
    assert after == sorted(after)  # once whole, whole
    assert [each.name for each in (tmp_path / "out").iterdir()] == []


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path, signer: Signer) -> None:
    (tmp_path / "out").write_bytes(b"a file where a folder should be")
    film = source()
    cut = ring_of(film.packets, facts=film.facts).cut(film.run, 1.2, 4.5)
    with pytest.raises(EvidenceError, match="out"):
        gathered(tmp_path / "out" / "s-1", cut, signer)
