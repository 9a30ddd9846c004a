"""What the stills of evidence show, and that they say so."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.detector.staged_evidence import gathered, manifest, ring_of, source
from viahe_detector.manifest import Signer, verify
from viahe_detector.media import decode_span


def pixels(path: Path) -> np.ndarray:
    picture = cv2.imread(str(path))
    assert picture is not None
    return picture.astype(int)


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
