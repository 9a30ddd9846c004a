"""A clip is the camera's own packets: not one coded byte is changed, dropped or moved."""

import shutil
import subprocess
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detector.footage import Footage, Received, coded, has_b_frames, received, shown
from viahe_detector.errors import EvidenceError
from viahe_detector.media import decode_key, decode_span, write_clip
from viahe_detector.media.nal import is_annex_b, units
from viahe_detector.ring import Ring

FOOTAGE = {
    "h264": Footage(),
    "h264, B-frames": Footage(b_frames=3),
    "h264, B-frames, open groups": Footage(b_frames=3, open_groups=True),
    "h265, B-frames": Footage(encoder="libx265", b_frames=3),
    "h265, B-frames, open groups": Footage(encoder="libx265", b_frames=3, open_groups=True),
}


@dataclass(frozen=True)
class Filmed:
    """A file, what a capture made of it, and what its bytes and pictures are by themselves."""

    source: Received
    ring: Ring
    coded: list[bytes]
    pictures: dict[float, np.ndarray]


@cache
def filmed(name: str, suffix: str = ".mp4") -> Filmed:
    footage = FOOTAGE[name]
    with TemporaryDirectory() as folder:
        path = footage.write(Path(folder) / f"street{suffix}")
        assert has_b_frames(path) == bool(footage.b_frames), "the footage is not what it says"
        source = received(path)
        assert len(source.packets) == 40
        pictures = {round(p.t, 3): p.bgr for p in decode_span(source.facts, source.packets)}
        assert len(pictures) == 40
        ring = Ring(1000, 10**9)
        ring.on_run(source.run, source.facts)
        for packet in source.packets:
            ring.on_packet(packet)
        return Filmed(source, ring, coded(path), pictures)


def begins_group(path: Path) -> bool:
    with av.open(str(path)) as container:
        return next(iter(container.demux(video=0))).is_keyframe


@pytest.mark.parametrize("name", FOOTAGE)
@settings(max_examples=25, deadline=None)
@given(start=st.floats(-1, 4.5), length=st.floats(0, 4))
def test_whatever_is_cut_the_bytes_are_the_sources_and_every_picture_is_whole(
    name: str, start: float, length: float
) -> None:
    film = filmed(name)
    cut = film.ring.cut(film.source.run, start, start + length)
    wanted = [t for t in film.pictures if start <= t <= start + length]
    if not cut.segments:
        assert not wanted
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        clip = write_clip(path, film.source.facts, [s.packets for s in cut.segments])
        written = coded(path)
        times = shown(path)
        assert begins_group(path)
        again = received(path)

    positions = [film.coded.index(data) for data in written]
    assert positions == sorted(positions)
    skipped = positions[-1] - positions[0] + 1 - len(positions)
    assert skipped == 0 or FOOTAGE[name].open_groups  # only leading pictures may be passed over

    assert times == pytest.approx(list(clip.frames), abs=1e-4)
    (span,) = clip.spans
    media = [round(t + span.start, 3) for t in times]
    assert set(wanted) <= set(media)
    for t, picture in zip(media, decode_span(again.facts, again.packets), strict=True):
        assert np.array_equal(picture.bgr, film.pictures[t])


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="ffprobe, the judge, is absent")
@pytest.mark.parametrize("name", ["h264, B-frames", "h265, B-frames"])
def test_packets_framed_for_a_network_become_a_clip_without_a_complaint(
    name: str, tmp_path: Path
) -> None:
    film = filmed(name, ".ts")
    assert is_annex_b(film.source.packets[0].data)
    cut = film.ring.cut(film.source.run, 1.25, 2.55)
    path = tmp_path / "clip.mp4"
    write_clip(path, film.source.facts, [s.packets for s in cut.segments])
    framed = [b"".join(lengths_off(data)) for data in coded(path)]
    assert framed == [b"".join(units(p.data)) for s in cut.segments for p in s.packets]
    command = ["ffprobe", "-v", "warning", "-count_frames", "-show_streams", str(path)]
    judged = subprocess.run(command, check=True, capture_output=True, text=True)
    assert judged.stderr == ""
    assert f"nb_read_frames={len(framed)}\n" in judged.stdout


def lengths_off(data: bytes) -> list[bytes]:
    """The units of a packet in MP4's framing, four bytes of length before each."""
    found = []
    while data:
        size = int.from_bytes(data[:4], "big")
        found.append(data[4 : 4 + size])
        data = data[4 + size :]
    return found


def test_two_stretches_follow_each_other_and_the_spans_say_where(tmp_path: Path) -> None:
    film = filmed("h264, B-frames")
    first = film.ring.cut(film.source.run, 0.0, 0.9).segments[0].packets
    second = film.ring.cut(film.source.run, 3.0, 3.9).segments[0].packets
    path = tmp_path / "clip.mp4"
    clip = write_clip(path, film.source.facts, [first, (), second])
    assert [(s.clip_start_s, s.start, s.end) for s in clip.spans] == [
        pytest.approx((0.0, 0.0, 1.0)),
        pytest.approx((1.0, 3.0, 4.0)),
    ]
    assert coded(path) == [p.data for p in (*first, *second)]
    assert shown(path) == pytest.approx([n / 10 for n in range(20)], abs=1e-4)


def test_decoding_times_in_disorder_or_missing_do_not_spoil_a_clip(tmp_path: Path) -> None:
    film = filmed("h264, B-frames")
    disordered = [replace(p, dts=0, dts_t=0.0) for p in film.source.packets]
    path = tmp_path / "clip.mp4"
    write_clip(path, film.source.facts, [disordered])
    assert coded(path) == film.coded
    assert shown(path) == pytest.approx([n / 10 for n in range(40)], abs=1e-4)


def test_the_rotation_tag_goes_with_the_clip(tmp_path: Path) -> None:
    source = received(Footage(seconds=1, rotation=90).write(tmp_path / "turned.mp4"))
    write_clip(tmp_path / "clip.mp4", source.facts, [source.packets])
    clip = received(tmp_path / "clip.mp4")
    assert clip.facts.rotation == 90
    assert decode_key(clip.facts, clip.packets[0]).bgr.shape == (160, 120, 3)


def test_the_index_comes_first_so_that_a_browser_can_start(tmp_path: Path) -> None:
    film = filmed("h264")
    path = tmp_path / "clip.mp4"
    write_clip(path, film.source.facts, [film.source.packets])
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_a_stream_that_mp4_cannot_hold_is_refused_by_name(tmp_path: Path) -> None:
    old = tmp_path / "old.avi"
    with av.open(str(old), "w") as container:
        stream = container.add_stream("msmpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for picture in Footage(seconds=1).pictures():
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode(None))
    source = received(old)
    assert len(list(decode_span(source.facts, source.packets))) == 10  # watched it can be
    with pytest.raises(EvidenceError, match="MP4 cannot hold msmpeg4"):
        write_clip(tmp_path / "clip.mp4", source.facts, [source.packets])


def test_nothing_makes_no_clip(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="no packets"):
        write_clip(tmp_path / "clip.mp4", filmed("h264").source.facts, [()])
