"""What no browser is sure to play has a preview beside it; the original is the camera's own."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np
import pytest

from tests.detector.footage import Footage, Received, coded, received, shown
from tests.detector.staged_evidence import STARTS_AT, gathered, ring_of
from viahe_detector.cut import Cut
from viahe_detector.manifest import Signer, verify
from viahe_detector.media import decode_span, write_clip, write_preview


@cache
def filmed(rotation: int = 0, b_frames: int = 3, width: int = 160) -> Received:
    with TemporaryDirectory() as folder:
        path = Footage(
            seconds=4,
            encoder="libx265",
            b_frames=b_frames,
            rotation=rotation,
            width=width,
            height=width * 3 // 4,
        ).write(Path(folder) / "street.mp4")
        return received(path, STARTS_AT)


def cut_of(film: Received) -> Cut:
    return ring_of(film.packets, facts=film.facts).cut(film.run, 1.2, 3.5)


def test_h265_has_a_preview_that_is_sealed_and_marked_as_made_from_the_clip(
    tmp_path: Path, signer: Signer
) -> None:
    folder, cut = tmp_path / "s-1", cut_of(filmed())
    files = {file.name: file for file in gathered(folder, cut, signer)}
    assert (files["preview.mp4"].kind, files["preview.mp4"].media_type) == ("preview", "video/mp4")
    said = json.loads((folder / "manifest.json").read_bytes())
    assert said["derived"] == {"preview.mp4": "clip.mp4"}
    assert said["files"]["preview.mp4"] == files["preview.mp4"].sha256
    assert said["clip"]["codec"] == "hevc"
    assert verify(folder) == ()
    assert coded(folder / "clip.mp4") == [packet.data for packet in cut.segments[0].packets]
    with av.open(str(folder / "preview.mp4")) as preview:
        assert preview.streams.video[0].codec_context.name == "h264"


def test_h264_has_none(tmp_path: Path, signer: Signer) -> None:
    path = Footage(seconds=4).write(tmp_path / "street.mp4")
    film = received(path, STARTS_AT)
    files = gathered(tmp_path / "s-1", cut_of(film), signer)
    assert "preview.mp4" not in {file.name for file in files}
    assert json.loads((tmp_path / "s-1" / "manifest.json").read_bytes())["derived"] == {}


@pytest.mark.parametrize("rotation", [0, 90])
def test_every_picture_of_the_clip_is_at_its_second_and_upright(
    tmp_path: Path, signer: Signer, rotation: int
) -> None:
    film = filmed(rotation)
    gathered(tmp_path / "s-1", cut_of(film), signer)
    clip, preview = tmp_path / "s-1" / "clip.mp4", tmp_path / "s-1" / "preview.mp4"
    assert shown(preview) == pytest.approx(shown(clip), abs=1e-3)
    originals = [picture.bgr for picture in decode_span(film.facts, film.packets)][10:]
    with av.open(str(preview)) as container:
        pictures = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]
    assert pictures[0].shape == originals[0].shape
    for number, picture in enumerate(pictures):
        differences = [np.abs(picture.astype(int) - other).mean() for other in originals]
        assert int(np.argmin(differences)) == number


def test_a_large_picture_is_made_smaller(tmp_path: Path) -> None:
    film = filmed(b_frames=0, width=1600)
    clip = write_clip(tmp_path / "clip.mp4", film.facts, [film.packets])
    assert write_preview(tmp_path / "preview.mp4", film.facts, [film.packets], clip.spans)
    with av.open(str(tmp_path / "preview.mp4")) as preview:
        stream = preview.streams.video[0]
        assert (stream.width, stream.height) == (1280, 960)


def test_what_does_not_decode_has_no_preview_and_costs_no_evidence(
    tmp_path: Path, signer: Signer
) -> None:
    film = filmed()
    noise = np.random.default_rng(1)
    broken = [
        replace(packet, data=packet.data[:5] + noise.bytes(max(1, len(packet.data) - 5)))
        for packet in film.packets
    ]
    cut = ring_of(broken, facts=film.facts).cut(film.run, 1.2, 3.5)
    names = {file.name for file in gathered(tmp_path / "s-1", cut, signer)}
    assert "clip.mp4" in names
    assert verify(tmp_path / "s-1") == ()
