"""The detector put together: a file with a real codec in, suspicions with evidence out."""

import json
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import cv2
import httpx2
import numpy as np
import pytest

from tests.detector.scenes import TOKEN, rendered, scene, settings
from viahe_detector.app import Detector
from viahe_detector.assignment import keep
from viahe_detector.cli import main, replayed
from viahe_detector.config import ApiSettings, Settings, plan_of
from viahe_detector.errors import ConfigError, ModelError
from viahe_detector.manifest import Signer, verify
from viahe_detector.outbox import Outbox, Parcel
from viahe_models.registry import WEIGHTS
from viahe_rules.domain import Act, Box, Suspicion
from viahe_rules.geometry import iou
from viahe_rules.recorded import suspicion_from_json, to_json

BAG = "bag-left"


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, tuple[Parcel, ...]]:
    """The scene of a bag that is left, watched once."""
    chosen = settings(tmp_path_factory.mktemp("watched"), BAG)
    detector = Detector(chosen, {})
    detector.run()
    return chosen, tuple(detector.outbox.parcels())


def told(parcel: Parcel) -> Suspicion:
    return suspicion_from_json(parcel.payload["suspicion"])


def place_in(path: Path, place: Box) -> np.ndarray:
    """The part of a still that `place` takes, in grey steps."""
    still = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    assert still is not None
    height, width = still.shape
    rows = slice(int(place.top * height), int(place.bottom * height))
    return still[rows, int(place.left * width) : int(place.right * width)].astype(int)


def test_a_bag_that_is_left_is_suspected_once_where_and_when_it_was(
    watched: tuple[Settings, tuple[Parcel, ...]],
) -> None:
    (parcel,) = watched[1]
    suspicion, (event,) = told(parcel), scene(BAG).events
    assert suspicion.act is Act.DUMPING
    assert iou(suspicion.place, event.region) >= 0.3
    assert suspicion.start == pytest.approx(event.start_s, abs=1.0)
    assert event.owner_left_s is not None
    assert suspicion.end >= event.owner_left_s
    assert suspicion.left_by is not None
    assert suspicion.left_by.kind == event.left_by


def test_the_evidence_verifies_and_covers_the_act(
    watched: tuple[Settings, tuple[Parcel, ...]],
) -> None:
    chosen, (parcel,) = watched
    key = Signer.load_or_create(Path(chosen.data) / "signing.pem").public_key
    assert verify(parcel.folder, key) == ()
    names = {file["name"] for file in parcel.payload["files"]}
    assert {"clip.mp4", "still_act.jpg", "overlay.json", "manifest.json"} <= names
    manifest = json.loads((parcel.folder / "manifest.json").read_text(encoding="utf-8"))
    suspicion = told(parcel)
    assert manifest["gaps"] == []
    assert manifest["covered"][0][0] <= suspicion.start
    assert manifest["covered"][-1][1] >= suspicion.end


def test_its_stills_show_the_place_without_the_bag_and_with_it(
    watched: tuple[Settings, tuple[Parcel, ...]],
) -> None:
    (parcel,) = watched[1]
    place = told(parcel).place
    before, appears, after = (
        place_in(parcel.folder / f"still_{name}.jpg", place)
        for name in ("before", "onset", "after")
    )
    without_it = np.abs(before - after).mean()
    assert without_it > 2 * np.abs(appears - after).mean()


def test_the_recording_alone_gives_the_same_suspicion(
    watched: tuple[Settings, tuple[Parcel, ...]],
) -> None:
    chosen, (parcel,) = watched
    recording = Path(chosen.watch.record) / f"{BAG}.jsonl"
    plans = {camera.id: plan_of(camera) for camera in chosen.cameras}
    (again,) = replayed(recording, plans)
    assert again.key == told(parcel).key
    assert again.start == pytest.approx(told(parcel).start, abs=1e-3)


def test_the_same_file_gives_the_same_key_again(
    watched: tuple[Settings, tuple[Parcel, ...]], tmp_path: Path
) -> None:
    detector = Detector(settings(tmp_path, BAG), {})
    detector.run()
    (again,) = detector.outbox.parcels()
    assert again.key == watched[1][0].key


def test_a_suspicion_noted_before_the_process_was_killed_is_reported_all_the_same(
    watched: tuple[Settings, tuple[Parcel, ...]], tmp_path: Path
) -> None:
    chosen = settings(tmp_path, "walkers-pass")
    noted = {
        **{key: watched[1][0].payload[key] for key in ("start_at", "end_at", "clock")},
        "suspicion": {**watched[1][0].payload["suspicion"], "camera": "walkers-pass"},
        "zone": next(to_json(z) for z in chosen.cameras[0].zones if z.id == "pavement-dumping"),
    }
    key = noted["suspicion"]["key"]
    Outbox(Path(chosen.data) / "outbox").note(key, noted)
    detector = Detector(chosen, {})
    detector.run()
    (parcel,) = detector.outbox.parcels()
    assert parcel.key == key
    manifest = json.loads((parcel.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["covered"] == []
    assert manifest["gaps"]
    assert verify(parcel.folder) == ()


class Away(httpx2.BaseTransport):
    """The way to an API that is not there."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(500, request=request)


def parcels_while_away(chosen: Settings) -> tuple[Parcel, ...]:
    """What waits to be sent when the scene has been watched and no API answered."""
    with httpx2.Client(transport=Away(), base_url="http://127.0.0.1:9") as client:
        detector = Detector(chosen, {TOKEN: "token"}, client=client)
        watching = threading.Thread(target=detector.run)
        watching.start()
        while not list(detector.outbox.parcels()) and watching.is_alive():
            watching.join(0.2)
        detector.request_stop()
        watching.join(30)
    return tuple(detector.outbox.parcels())


def test_an_api_that_is_away_costs_nothing_but_time(tmp_path: Path) -> None:
    chosen = settings(tmp_path, BAG, ApiSettings(address="http://127.0.0.1:9"))
    assert len(parcels_while_away(chosen)) == 1


def test_a_detector_that_starts_while_the_api_is_away_judges_by_the_zones_it_was_last_told(
    tmp_path: Path,
) -> None:
    chosen = settings(tmp_path, BAG, ApiSettings(address="http://127.0.0.1:9"))
    (camera,) = chosen.cameras
    told_last = plan_of(camera)
    told_last = replace(
        told_last, zones=tuple(replace(zone, version=7) for zone in told_last.zones)
    )
    Path(chosen.data).mkdir()
    keep(Path(chosen.data) / "configuration.json", {"version": "1", "plans": [to_json(told_last)]})
    zoneless = replace(chosen, cameras=(replace(camera, zones=()),))
    (parcel,) = parcels_while_away(zoneless)
    assert told(parcel).zone_version == 7
    (event,) = scene(BAG).events
    assert told(parcel).start == pytest.approx(event.start_s, abs=1.0)


def test_a_token_that_is_missing_is_asked_for_by_its_variable(tmp_path: Path) -> None:
    chosen = settings(tmp_path, BAG, ApiSettings(address="http://127.0.0.1:9"))
    with pytest.raises(ConfigError, match=TOKEN):
        Detector(chosen, {})


def test_weights_with_another_hash_are_refused_by_name(tmp_path: Path) -> None:
    copy = tmp_path / "street"
    shutil.copytree(WEIGHTS / "street", copy)
    model = copy / "fp16" / "model.bin"
    damaged = bytearray(model.read_bytes())
    damaged[1000] ^= 1
    model.write_bytes(damaged)
    chosen = settings(tmp_path, BAG)
    network = replace(chosen.network, street=str(copy / "card.json"))
    with pytest.raises(ModelError, match=r"model\.bin"):
        Detector(replace(chosen, network=network), {})


def test_a_truncated_file_is_one_line_and_the_other_camera_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(rendered(BAG).read_bytes()[:20_000])
    config = tmp_path / "detector.toml"
    config.write_text(
        f'data = "data"\n[network]\nrubbish = ""\n'
        f'[[cameras]]\nid = "broken"\nsource = "{broken}"\nrealtime = false\n'
        f'[[cameras]]\nid = "sound"\nsource = "{rendered(BAG)}"\nrealtime = false\n',
        encoding="utf-8",
    )
    assert main(["run", "--config", str(config)]) == 0
    (line,) = [line for line in caplog.messages if "broken.mp4" in line and "missing" in line]
    assert "camera broken" in line
    assert "\n" not in line
    assert not [record for record in caplog.records if record.exc_info]
