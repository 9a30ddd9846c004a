"""Measuring a stream for somebody who waits: what is said of good, short and broken ones."""

from pathlib import Path

import pytest

from tests.detector.footage import Footage
from viahe_detector.connection_test import LONGEST_S, tried
from viahe_detector.errors import CannotOpen, NotVideo
from viahe_detector.media import open_stream


def facts_of(path: Path) -> dict[str, object]:
    facts = tried("cam-1", str(path), open_stream).facts
    assert facts is not None
    return dict(facts)


@pytest.mark.parametrize(("encoder", "codec"), [("libx264", "h264"), ("libx265", "hevc")])
def test_a_stream_is_measured_and_shown(tmp_path: Path, encoder: str, codec: str) -> None:
    film = Footage(seconds=9.0, fps=10, group=20, encoder=encoder).write(tmp_path / "film.mp4")
    result = tried("cam-1", str(film), open_stream)
    assert result.still is not None
    assert result.still.startswith(b"\xff\xd8\xff")
    facts = facts_of(film)
    assert (facts["codec"], facts["width"], facts["height"]) == (codec, 160, 120)
    assert facts["pictures_per_s"] == pytest.approx(10.0, abs=0.1)
    assert facts["key_every_s"] == pytest.approx(2.0, abs=0.1)
    assert facts["measured_s"] == pytest.approx(6.0, abs=0.2)
    size = film.stat().st_size * 8 / 9.0 / 1000
    assert facts["kbit_per_s"] == pytest.approx(size, rel=0.5)
    assert facts["clock_offset_s"] is None


def test_a_turned_picture_is_as_large_as_it_is_shown(tmp_path: Path) -> None:
    film = Footage(seconds=1.0, rotation=90).write(tmp_path / "film.mp4")
    facts = facts_of(film)
    assert (facts["width"], facts["height"]) == (120, 160)


def test_key_frames_farther_apart_than_is_waited_for_are_said_not_to_be_measured(
    tmp_path: Path,
) -> None:
    film = Footage(seconds=20.0, fps=5, group=1000).write(tmp_path / "film.mp4")
    facts = facts_of(film)
    assert facts["key_every_s"] is None
    assert facts["measured_s"] == pytest.approx(LONGEST_S, abs=0.3)


def test_a_stream_of_one_picture_is_shown_without_rates(tmp_path: Path) -> None:
    film = Footage(seconds=0.1, fps=10).write(tmp_path / "film.mp4")
    facts = facts_of(film)
    assert facts["pictures_per_s"] is None
    assert facts["kbit_per_s"] is None


def test_what_cannot_be_watched_is_raised_in_words(tmp_path: Path) -> None:
    text = tmp_path / "film.mp4"
    text.write_text("no video")
    with pytest.raises(NotVideo, match="no video file"):
        tried("cam-1", str(text), open_stream)
    with pytest.raises(CannotOpen, match="no such file"):
        tried("cam-1", str(tmp_path / "nowhere.mp4"), open_stream)
