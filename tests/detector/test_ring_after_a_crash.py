"""What was seen before a crash can still be proved after it, where rings lie on disk."""

import json
from dataclasses import replace
from pathlib import Path

from tests.detector.scenes import settings
from viahe_detector.app import Detector
from viahe_detector.config import Settings
from viahe_detector.manifest import verify
from viahe_detector.outbox import Outbox

BAG = "bag-left"


def on_disk(chosen: Settings, folder: Path) -> Settings:
    return replace(chosen, watch=replace(chosen.watch, ring_folder=str(folder / "rings")))


def test_a_suspicion_noted_before_a_crash_has_its_clip_all_the_same(tmp_path: Path) -> None:
    before = Detector(on_disk(settings(tmp_path / "before", BAG), tmp_path), {})
    before.run()
    (parcel,) = before.outbox.parcels()
    payload = parcel.payload

    after = on_disk(settings(tmp_path / "after", "walkers-pass"), tmp_path)
    camera = replace(after.cameras[0], id=BAG, zones=before.watched[0].settings.zones)
    zone = json.loads((parcel.folder / "manifest.json").read_text(encoding="utf-8"))["zone"]
    noted = {
        **{key: payload[key] for key in ("start_at", "end_at", "clock", "suspicion")},
        "zone": zone,
    }
    Outbox(Path(after.data) / "outbox").note(parcel.key, noted)
    again = Detector(replace(after, cameras=(camera,)), {})
    again.run()
    (recovered,) = (each for each in again.outbox.parcels() if each.key == parcel.key)
    assert verify(recovered.folder) == ()
    clip, clip_again = (each.folder / "clip.mp4" for each in (parcel, recovered))
    assert clip_again.read_bytes() == clip.read_bytes()
    manifest = json.loads((recovered.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["gaps"] == []
