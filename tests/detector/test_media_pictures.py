"""Packets become the pictures they were made from: all of them, in order, upright."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.detector.footage import SHARED, Footage, has_b_frames, received
from viahe_detector.errors import Undecodable
from viahe_detector.media import KeyDecoder, RunningDecoder, decode_key, decode_span, jpeg

FOOTAGE = [
    Footage(seconds=2),
    Footage(seconds=2, b_frames=3),
    Footage(seconds=2, b_frames=3, encoder="libx265"),
]


def apart(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


@pytest.mark.parametrize("footage", FOOTAGE, ids=["h264", "h264 with B-frames", "h265"])
def test_every_picture_comes_out_in_order_and_is_the_one_filmed(
    tmp_path: Path, footage: Footage
) -> None:
    path = footage.write(tmp_path / "street.mp4")
    assert has_b_frames(path) == bool(footage.b_frames)
    source = received(path)
    pictures = list(decode_span(source.facts, source.packets))
    assert [round(p.t, 3) for p in pictures] == [round(n / 10, 3) for n in range(20)]
    filmed = list(footage.pictures())
    for number, picture in enumerate(pictures):
        differences = [apart(picture.bgr, one) for one in filmed]
        assert differences.index(min(differences)) == number
        assert min(differences) < 5


def test_the_pictures_nearest_to_the_times_asked_for_come_once_each(tmp_path: Path) -> None:
    source = received(Footage(b_frames=3).write(tmp_path / "street.mp4"))
    pictures = decode_span(source.facts, source.packets, times=[0.52, 0.54, 1.96, 9.0])
    assert [round(p.t, 3) for p in pictures] == [0.5, 2.0, 3.9]


def test_so_many_pictures_a_second_come_evenly(tmp_path: Path) -> None:
    source = received(Footage(b_frames=3).write(tmp_path / "street.mp4"))
    pictures = list(decode_span(source.facts, source.packets, fps=2))
    assert [round(p.t, 3) for p in pictures] == [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5]
    assert pictures[3].at == pytest.approx(1_795_000_001.5)


@pytest.mark.parametrize("footage", FOOTAGE, ids=["h264", "h264 with B-frames", "h265"])
def test_a_key_frame_decoded_alone_is_the_picture_of_the_whole_stream(
    tmp_path: Path, footage: Footage
) -> None:
    source = received(footage.write(tmp_path / "street.mp4"))
    whole = {p.t: p.bgr for p in decode_span(source.facts, source.packets)}
    decoder = KeyDecoder(source.facts)
    keys = [packet for packet in source.packets if packet.keyframe]
    assert len(keys) == 2
    for packet in keys:
        picture = decoder.picture(packet)
        assert picture is not None
        assert (picture.t, picture.at, picture.run) == (packet.t, packet.at, packet.run)
        assert np.array_equal(picture.bgr, whole[packet.t])


def test_a_broken_key_frame_shows_nothing_and_the_next_one_is_whole(tmp_path: Path) -> None:
    source = received(Footage(seconds=2).write(tmp_path / "street.mp4"))
    first, second = (packet for packet in source.packets if packet.keyframe)
    broken = replace(first, data=b"\x00\x00\x00\x05" + bytes(40))
    decoder = KeyDecoder(source.facts)
    assert decoder.picture(broken) is None
    assert decoder.picture(source.packets[1]) is None  # no key frame
    picture = decoder.picture(second)
    assert picture is not None
    assert np.array_equal(picture.bgr, decode_key(source.facts, second).bgr)
    with pytest.raises(Undecodable, match=f"run {source.run}"):
        decode_key(source.facts, broken)


def test_a_broken_packet_in_a_span_costs_no_more_than_its_group(tmp_path: Path) -> None:
    source = received(Footage(seconds=3).write(tmp_path / "street.mp4"))
    packets = list(source.packets)
    packets[4] = replace(packets[4], data=bytes(8))
    times = [round(p.t, 3) for p in decode_span(source.facts, packets)]
    assert times[-20:] == [round(n / 10, 3) for n in range(10, 30)]
    assert times == sorted(times)


def test_a_smaller_picture_keeps_its_shape_and_what_it_shows(tmp_path: Path) -> None:
    source = received(Footage(seconds=1, rotation=90).write(tmp_path / "street.mp4"))
    small = decode_key(source.facts, source.packets[0], width=60)
    full = decode_key(source.facts, source.packets[0])
    assert small.bgr.shape == (80, 60, 3)
    assert full.bgr.shape == (160, 120, 3)
    assert apart(small.bgr, cv2.resize(full.bgr, (60, 80), interpolation=cv2.INTER_AREA)) < 4


@pytest.mark.parametrize(("rotation", "turns"), [(90, 3), (180, 2), (270, 1)])
def test_pictures_stand_upright_whatever_the_rotation_tag(
    tmp_path: Path, rotation: int, turns: int
) -> None:
    footage = Footage(seconds=1, rotation=rotation)
    source = received(footage.write(tmp_path / "turned.mp4"))
    filmed = next(iter(footage.pictures()))
    picture = decode_key(source.facts, source.packets[0])
    assert apart(picture.bgr, np.rot90(filmed, turns)) < 3


@pytest.mark.skipif(not SHARED.exists(), reason=f"real clips are not at {SHARED}")
@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg, to compare with, is absent")
@pytest.mark.parametrize("name", ["hanoi_walk_bag_1.mp4", "hanoi_walk_bag_17.mp4"])
def test_a_real_turned_clip_is_shown_as_a_player_shows_it(tmp_path: Path, name: str) -> None:
    played = tmp_path / "played.png"
    command = ["ffmpeg", "-v", "error", "-i", str(SHARED / name), "-frames:v", "1", str(played)]
    subprocess.run(command, check=True)
    source = received(SHARED / name)
    picture = decode_key(source.facts, source.packets[0])
    expected = cv2.imread(str(played))
    assert expected is not None
    assert picture.bgr.shape == expected.shape
    assert apart(picture.bgr, expected) < 4


@pytest.mark.skipif(not SHARED.exists(), reason=f"real clips are not at {SHARED}")
@pytest.mark.parametrize("path", sorted(SHARED.glob("*.[am][vp][i4]")), ids=lambda path: path.name)
def test_every_key_frame_of_a_real_clip_shows_a_picture(path: Path) -> None:
    source = received(path)
    decoder = KeyDecoder(source.facts, width=320)
    pictures = [decoder.picture(packet) for packet in source.packets if packet.keyframe]
    assert pictures
    assert all(picture is not None for picture in pictures)


def test_a_still_is_a_jpeg_of_the_picture(tmp_path: Path) -> None:
    source = received(Footage(seconds=1).write(tmp_path / "street.mp4"))
    picture = decode_key(source.facts, source.packets[0])
    read = cv2.imdecode(np.frombuffer(jpeg(picture), np.uint8), cv2.IMREAD_COLOR)
    assert read is not None
    assert apart(read, picture.bgr) < 6


def test_without_the_loop_filter_a_key_frame_is_nearly_the_same_picture(tmp_path: Path) -> None:
    source = received(Footage(seconds=1, width=640, height=360).write(tmp_path / "street.mp4"))
    rough = KeyDecoder(source.facts, width=320, rough=True).picture(source.packets[0])
    whole = KeyDecoder(source.facts, width=320).picture(source.packets[0])
    assert rough is not None
    assert whole is not None
    assert rough.bgr.shape == whole.bgr.shape == (180, 320, 3)
    assert apart(rough.bgr, whole.bgr) < 2


@pytest.mark.parametrize("b_frames", [0, 2])
def test_decoding_on_needs_only_what_came_since(tmp_path: Path, b_frames: int) -> None:
    footage = Footage(seconds=4, group=40, b_frames=b_frames)
    source = received(footage.write(tmp_path / "street.mp4"))
    whole = {p.t: p.bgr for p in decode_span(source.facts, source.packets)}
    decoder = RunningDecoder(source.facts)
    shown = [decoder.picture(source.packets[:end]) for end in (8, 15, 38)]
    for picture, end in zip(shown, (8, 15, 38), strict=True):
        assert picture is not None
        due_t = max(packet.t for packet in source.packets[:end])
        assert due_t - 0.4 <= picture.t <= due_t
        assert np.array_equal(picture.bgr, whole[picture.t])
    from_the_middle = decoder.picture(source.packets[38:])
    assert from_the_middle is not None
    assert np.array_equal(from_the_middle.bgr, whole[from_the_middle.t])


def test_decoding_on_begins_anew_after_what_it_missed(tmp_path: Path) -> None:
    source = received(Footage(seconds=4, group=20).write(tmp_path / "street.mp4"))
    whole = {p.t: p.bgr for p in decode_span(source.facts, source.packets)}
    decoder = RunningDecoder(source.facts)
    assert decoder.picture(source.packets[:5]) is not None
    picture = decoder.picture(source.packets[20:28])
    assert picture is not None
    assert picture.t == source.packets[27].t
    assert np.array_equal(picture.bgr, whole[picture.t])
    assert decoder.picture([replace(source.packets[28], data=b"")]) is None
