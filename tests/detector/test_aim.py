"""Whether a camera still shows the ground its zones were drawn on, and by how much it does not."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.detector.footage import SHARED
from tests.detector.photograph import street_photograph
from viahe_detector.aim import EVERY_S, MOST_VIEWS, Aim, Street, small_luma
from viahe_detector.pixels import Pixels
from viahe_detector.shifts import reach, said
from viahe_rules.domain import Shift

TOLERANCE = 0.02
WIDTH, HEIGHT = 640, 360
STILL = Shift()


def ground() -> Pixels:
    """A wider street than a camera shows, so that it has something to turn to."""
    picture = cv2.resize(street_photograph(), (1080, 810))
    return np.asarray(picture, np.uint8)


def shown(street: Pixels, shift: Shift = STILL, seed: int = 0) -> Pixels:
    """What a camera shows of the middle of a street once its picture has shifted so."""
    height, width = street.shape[:2]
    turn, scale = np.radians(shift.turn_deg), shift.zoom * WIDTH / (0.7 * width)
    matrix = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    middle = np.array([WIDTH * (0.5 + shift.right), HEIGHT * (0.5 + shift.down)])
    there = np.column_stack([matrix, middle - matrix @ (width / 2, height / 2)])
    picture = cv2.warpAffine(street, there, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
    grain = np.random.default_rng(seed).integers(-5, 6, picture.shape, dtype=np.int16)
    return np.clip(picture + grain, 0, 255).astype(np.uint8)


def by_night(picture: Pixels) -> Pixels:
    """Grey, dim, with a lamp and much grain: the same street to a camera with infrared light."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32) / 255
    height, width = grey.shape
    rows, columns = np.mgrid[:height, :width]
    away = np.hypot((columns - width / 2) / width, (rows - 0.7 * height) / height)
    lit = grey**1.5 * np.exp(-((away / 0.4) ** 2)) * 200
    lit += np.random.default_rng(5).normal(0, 8, lit.shape)
    return np.repeat(np.clip(lit, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


class Camera:
    """Shows an aim one look after another, as often as it compares them."""

    def __init__(self, aim: Aim, street: Pixels) -> None:
        self.aim = aim
        self._street = street
        self._at = 1_795_000_000.0

    def looks(self, pictures: Iterator[Pixels] | list[Pixels]) -> "Camera":
        for picture in pictures:
            self.aim.look(self._at, picture, self._remembered)
            self._at += EVERY_S
        return self

    def stands(self, shift: Shift = STILL, count: int = 6) -> "Camera":
        return self.looks([shown(self._street, shift, seed) for seed in range(count)])

    def _remembered(self) -> Street:
        luma = small_luma(shown(self._street))
        return luma, np.ones(luma.shape, np.bool_)


@pytest.fixture
def camera() -> Camera:
    return Camera(Aim(TOLERANCE), ground()).stands()


@pytest.mark.parametrize(
    "shift",
    [
        Shift(right=-0.03),
        Shift(right=0.02, down=-0.05),
        Shift(turn_deg=3.0),
        Shift(right=-0.1, down=0.04, turn_deg=-5.0, zoom=1.05),
        Shift(right=0.2, down=0.1, turn_deg=8.0),
        Shift(zoom=1.15),
    ],
    ids=said,
)
def test_a_camera_that_was_moved_says_so_and_by_how_much(camera: Camera, shift: Shift) -> None:
    assert not camera.aim.has_moved
    camera.stands(shift)
    assert camera.aim.has_moved
    found = camera.aim.shift
    assert found is not None
    assert found.right == pytest.approx(shift.right, abs=0.003)
    assert found.down == pytest.approx(shift.down, abs=0.005)
    assert found.turn_deg == pytest.approx(shift.turn_deg, abs=0.3)
    assert found.zoom == pytest.approx(shift.zoom, abs=0.01)


def test_a_slight_lasting_shift_is_told_and_its_zones_still_fit(camera: Camera) -> None:
    camera.stands(Shift(right=0.01))
    assert not camera.aim.has_moved
    assert camera.aim.shift is not None
    assert camera.aim.shift.right == pytest.approx(0.01, abs=0.002)


def test_a_camera_that_stands_still_has_nothing_to_tell(camera: Camera) -> None:
    camera.stands(count=10)
    assert (camera.aim.shift, camera.aim.has_moved) == (None, False)


def test_shaking_is_no_move(camera: Camera) -> None:
    chance = np.random.default_rng(3)
    for _ in range(15):
        right, down = chance.uniform(-0.03, 0.03, 2).tolist()
        camera.stands(Shift(right, down, float(chance.uniform(-1, 1))), count=1)
        assert not camera.aim.has_moved


def test_one_jolt_that_comes_back_is_no_move(camera: Camera) -> None:
    camera.stands(Shift(right=0.1), count=3).stands(count=3)
    assert (camera.aim.shift, camera.aim.has_moved) == (None, False)


def test_a_camera_turned_back_is_fit_again(camera: Camera) -> None:
    camera.stands(Shift(right=-0.08))
    assert camera.aim.has_moved
    camera.stands()
    assert (camera.aim.shift, camera.aim.has_moved) == (None, False)


def test_another_street_is_a_move_beyond_measure(camera: Camera) -> None:
    other = cv2.rotate(ground(), cv2.ROTATE_180)
    camera.looks([shown(np.asarray(other, np.uint8), seed=seed) for seed in range(6)])
    assert (camera.aim.shift, camera.aim.has_moved) == (None, True)


def test_the_same_street_by_night_is_no_move_and_a_move_by_night_is_told(camera: Camera) -> None:
    camera.looks([by_night(shown(ground(), seed=seed)) for seed in range(8)])
    assert not camera.aim.has_moved
    shift = Shift(right=-0.04)
    camera.looks([by_night(shown(ground(), shift, seed)) for seed in range(8)])
    assert camera.aim.has_moved
    assert camera.aim.shift is not None
    assert camera.aim.shift.right == pytest.approx(-0.04, abs=0.005)


def test_a_lorry_before_half_of_the_picture_is_no_move(camera: Camera) -> None:
    hidden = shown(ground())
    hidden[:, : WIDTH // 2] = (90, 140, 60)
    camera.looks([hidden.copy() for _ in range(8)])
    assert (camera.aim.shift, camera.aim.has_moved) == (None, False)


def test_what_is_remembered_outlives_a_restart(camera: Camera, tmp_path: Path) -> None:
    camera.aim.begin("zones of June")
    camera.stands().stands(Shift(right=-0.05))
    camera.aim.save(tmp_path / "cam-1.street.npz")
    again = Aim(TOLERANCE)
    again.load(tmp_path / "cam-1.street.npz")
    assert (again.ground, again.has_moved, again.shift) == (
        "zones of June",
        True,
        camera.aim.shift,
    )
    assert not Camera(again, ground()).stands().aim.has_moved, "and it was turned back meanwhile"


def test_a_damaged_memory_is_named_and_costs_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "cam-1.street.npz"
    path.write_bytes(b"no archive")
    aim = Aim(TOLERANCE)
    with pytest.raises(ValueError, match=r"cam-1\.street\.npz holds no remembered street"):
        aim.load(path)
    assert not Camera(aim, ground()).stands().aim.has_moved


def test_zones_drawn_anew_are_drawn_on_the_picture_as_it_is_now(camera: Camera) -> None:
    turned = Shift(right=-0.08)
    camera.stands(turned)
    camera.aim.begin("zones of July")
    assert (camera.aim.shift, camera.aim.has_moved) == (None, False)
    elsewhere = Camera(camera.aim, shown(ground(), turned))
    assert not elsewhere.stands(count=12).aim.has_moved


def test_what_is_remembered_stays_small_whatever_the_light_does(
    camera: Camera, tmp_path: Path
) -> None:
    for number in range(2 * MOST_VIEWS):
        rain = np.random.default_rng(number).integers(-130, 130, (HEIGHT // 8, WIDTH // 8))
        blotches = cv2.resize(rain.astype(np.float32), (WIDTH, HEIGHT))[..., None]
        weather = np.clip(shown(ground()) + blotches, 0, 255).astype(np.uint8)
        camera.looks([weather] * 5)
    camera.aim.save(tmp_path / "street.npz")
    with np.load(tmp_path / "street.npz") as kept:
        assert 1 < len(kept["luma"]) <= MOST_VIEWS


def test_a_shift_is_said_part_by_part() -> None:
    assert said(Shift(-0.03, 0.001, 1.5)) == "3.0 % to the left, turned 1.5° clockwise"
    assert said(Shift(down=-0.1, zoom=1.1)) == "10.0 % up, 1.10 times as large"
    assert said(Shift()) == "less than can be told"


def test_the_reach_of_a_turn_grows_towards_the_edge() -> None:
    assert reach(Shift(right=0.03), 16 / 9) == pytest.approx(0.03)
    assert reach(Shift(down=0.03), 16 / 9) == pytest.approx(0.03 * 9 / 16)
    assert reach(Shift(turn_deg=3.0), 16 / 9) == pytest.approx(0.0211, abs=0.001)


@pytest.mark.parametrize("name", ["pets2009_vtest.avi", "aboda_video4.avi", "highway_bgs02.avi"])
def test_real_streets_are_told_moved_by_as_much_as_they_were(name: str) -> None:
    if not (SHARED / name).exists():
        pytest.skip(f"{name} is not at hand")
    pictures = list(looked_at(SHARED / name))
    camera = Camera(Aim(TOLERANCE), pictures[0])
    camera.looks([shown(picture) for picture in pictures[:8]])
    assert (camera.aim.shift, camera.aim.has_moved) == (None, False)
    camera.looks([shown(picture, Shift(-0.03, 0.01, 1.0)) for picture in pictures[-8:]])
    assert camera.aim.has_moved
    assert camera.aim.shift is not None
    assert camera.aim.shift.right == pytest.approx(-0.03, abs=0.004)
    assert camera.aim.shift.turn_deg == pytest.approx(1.0, abs=0.3)


def looked_at(path: Path) -> Iterator[Pixels]:
    """A picture of every second of a clip."""
    capture = cv2.VideoCapture(str(path))
    step = max(1, round(capture.get(cv2.CAP_PROP_FPS)))
    for number in range(int(capture.get(cv2.CAP_PROP_FRAME_COUNT))):
        found, picture = capture.read()
        if found and number % step == 0:
            yield np.asarray(picture, np.uint8)
