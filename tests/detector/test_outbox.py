"""What is suspected stays on disk until it is acknowledged."""

import errno
import os
import subprocess
from pathlib import Path

import pytest

from viahe_detector.errors import DiskFull, OutboxError
from viahe_detector.outbox import Outbox

NOTE = {"suspicion": {"key": "k1"}}


def gathered(outbox: Outbox, key: str = "k1") -> None:
    folder = outbox.room_for(key)
    folder.mkdir()
    (folder / "clip.mp4").write_bytes(b"clip")
    outbox.ready(key, {"files": []}, "aa" * 32)


def test_a_noted_suspicion_is_there_after_a_restart(tmp_path: Path) -> None:
    Outbox(tmp_path).note("k1", NOTE)
    assert list(Outbox(tmp_path).noted()) == [("k1", NOTE)]


def test_evidence_takes_the_place_of_the_note(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.note("k1", NOTE)
    gathered(outbox)
    assert list(outbox.noted()) == []
    assert [parcel.key for parcel in outbox.parcels()] == ["k1"]
    assert outbox.count() == 1


def test_a_folder_without_its_payload_is_not_sent(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.note("k1", NOTE)
    outbox.room_for("k1").mkdir()
    assert list(outbox.parcels()) == []
    assert [key for key, _ in outbox.noted()] == ["k1"]


def test_what_is_acknowledged_leaves_nothing(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    gathered(outbox)
    (parcel,) = outbox.parcels()
    outbox.acknowledged(parcel)
    assert outbox.count() == 0
    assert not outbox.holds("k1")


def test_evidence_acknowledged_as_the_process_was_killed_is_swept_away(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    gathered(outbox)
    (tmp_path / "ready" / "k1.json").unlink()
    assert not Outbox(tmp_path).holds("k1")


def test_what_is_refused_is_kept_for_a_person_with_the_reason(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    gathered(outbox)
    (parcel,) = outbox.parcels()
    outbox.refused(parcel, "409 known with other content")
    kept = tmp_path / "refused" / "k1"
    assert (kept / "clip.mp4").read_bytes() == b"clip"
    assert "409" in kept.with_suffix(".txt").read_text()
    assert outbox.holds("k1")
    assert outbox.count() == 0


def test_the_next_manifest_links_to_the_last(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    assert outbox.last_manifest() is None
    gathered(outbox)
    assert Outbox(tmp_path).last_manifest() == "aa" * 32


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutboxError, match="file"):
        Outbox(tmp_path / "file" / "outbox")


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_is_said_and_loses_nothing(tmp_path: Path) -> None:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "none", tmp_path],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        outbox = Outbox(tmp_path / "outbox")
        outbox.note("k1", NOTE)
        with pytest.raises(DiskFull, match="no room") as full:
            outbox.note("k2", {"suspicion": "x" * 200_000})
        assert os.strerror(errno.ENOSPC) not in str(full.value)
        assert [key for key, _ in outbox.noted()] == ["k1"]
        assert list(tmp_path.rglob("*.half")) == []
    finally:
        subprocess.run(["umount", tmp_path], check=True)
