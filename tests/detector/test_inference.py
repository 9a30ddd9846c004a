"""The shipped networks, opened and asked as the detector does it."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.detector.photograph import street_photograph
from viahe_detector.errors import ModelError
from viahe_detector.inference import Network, best_size, one_name_each
from viahe_detector.pixels import Pixels
from viahe_models import registry
from viahe_rules.domain import Box, Detection
from viahe_rules.geometry import iou


@pytest.fixture(scope="module")
def street() -> Network:
    return Network.open("street", lanes=2)


@pytest.fixture(scope="module")
def photograph() -> Pixels:
    return street_photograph()


def named(label: str, found: tuple[Detection, ...]) -> list[Detection]:
    return [detection for detection in found if detection.label == label]


def on_canvas(picture: Pixels, height: int, width: int, top: int, left: int) -> Pixels:
    canvas = np.full((height, width, 3), 128, np.uint8)
    canvas[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return canvas


def test_people_and_a_bus_are_found_where_they_are(street: Network, photograph: Pixels) -> None:
    found = street.detect(photograph, 0.4)
    assert len(named("person", found)) >= 3
    (bus,) = named("bus", found)
    assert iou(bus.box, Box(0.0, 0.21, 1.0, 0.69)) > 0.8


def test_detections_are_of_the_card_best_first_and_inside_the_picture(
    street: Network, photograph: Pixels
) -> None:
    found = street.detect(photograph, 0.05)
    scores = [detection.score for detection in found]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) >= 0.05
    assert {detection.label for detection in found} <= set(street.record.labels)
    for box in (detection.box for detection in found):
        assert 0 <= box.left < box.right <= 1
        assert 0 <= box.top < box.bottom <= 1


@pytest.mark.parametrize(("height", "width"), [(1080, 1920), (1800, 900)])
def test_boxes_are_fractions_of_the_picture_whatever_its_shape(
    street: Network, photograph: Pixels, height: int, width: int
) -> None:
    """The photograph in the lower right of a wide and of a tall picture."""
    top, left = height - photograph.shape[0], width - photograph.shape[1]
    found = street.detect(on_canvas(photograph, height, width, top, left), 0.4)
    (bus,) = named("bus", found)
    expected = Box(left / width, (top + 0.21 * 1080) / height, 1.0, (top + 0.69 * 1080) / height)
    assert iou(bus.box, expected) > 0.8


def test_a_crop_around_a_person_shows_the_person_in_the_same_place(
    street: Network, photograph: Pixels
) -> None:
    best = named("person", street.detect(photograph, 0.4))[0]
    again = named("person", street.detect_crop(photograph, best.box, 0.4))
    assert max(iou(best.box, detection.box) for detection in again) > 0.8


def test_a_crop_of_nothing_shows_nothing(street: Network, photograph: Pixels) -> None:
    assert street.detect_crop(photograph, Box(1.2, 0.2, 1.4, 0.3)) == ()


def test_several_threads_get_the_answers_one_would(street: Network, photograph: Pixels) -> None:
    pictures = [photograph, photograph[:, ::-1], photograph[200:900], photograph[:, 100:600]]
    alone = [street.detect(np.ascontiguousarray(picture)) for picture in pictures]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(street.detect, pictures * 2))
    assert together == alone * 2


@pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2,
    reason="there is one core, or it is not told which a thread may use",
)
def test_a_thread_that_asks_may_use_every_core_all_the_while(
    street: Network, photograph: Pixels
) -> None:
    """Copies that hold their callers to one core look one after the other."""
    with ThreadPoolExecutor(1) as threads:
        asking = threads.submit(threading.get_native_id).result()
        answers = threads.submit(lambda: [street.detect(photograph) for _ in range(10)])
        allowed = {frozenset(os.sched_getaffinity(asking))}
        while not answers.done():
            allowed.add(frozenset(os.sched_getaffinity(asking)))
            time.sleep(0.001)
    assert allowed == {frozenset(os.sched_getaffinity(0))}


def test_a_van_named_car_and_truck_is_one_vehicle_with_the_better_name() -> None:
    truck = Detection("truck", 0.6, Box(0.1, 0.1, 0.3, 0.3))
    car = Detection("car", 0.5, Box(0.1, 0.1, 0.3, 0.31))
    behind = Detection("car", 0.4, Box(0.2, 0.1, 0.4, 0.3))
    driver = Detection("person", 0.3, Box(0.1, 0.1, 0.3, 0.3))
    assert one_name_each((truck, car, behind, driver)) == (truck, behind, driver)


def shipped(tmp_path: Path) -> Path:
    """A copy of the street network, to be damaged."""
    copy = tmp_path / "street"
    shutil.copytree(registry.WEIGHTS / "street", copy)
    return copy


def test_a_weight_file_with_one_wrong_bit_is_refused_by_name(tmp_path: Path) -> None:
    network = shipped(tmp_path)
    weights = network / "int8" / "model.bin"
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)
    with pytest.raises(ModelError, match=r"int8/model\.bin is not the file its card names"):
        Network.open(str(network / "card.json"), precision="int8")


def test_a_network_nobody_shipped_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ModelError, match="did you mean street"):
        Network.open("streets")


def test_a_graph_that_is_none_is_refused_in_one_line(tmp_path: Path) -> None:
    network = shipped(tmp_path)
    graph = network / "int8" / "model.xml"
    graph.write_text("<net/>")
    card = json.loads((network / "card.json").read_text())
    card["precisions"]["int8"]["model.xml"] = hashlib.sha256(graph.read_bytes()).hexdigest()
    (network / "card.json").write_text(json.dumps(card))
    with pytest.raises(ModelError, match=r"model\.xml cannot be compiled") as refused:
        Network.open(str(network / "card.json"), precision="int8")
    assert "\n" not in str(refused.value)


def test_a_picture_is_seen_in_the_size_that_shows_it_largest_for_the_fewest_pixels() -> None:
    sizes = ((640, 640), (384, 640))
    assert best_size((1080, 1920), sizes) == (384, 640)
    assert best_size((360, 640), sizes) == (384, 640)
    assert best_size((1440, 1080), sizes) == (640, 640)
    assert best_size((960, 1280), sizes) == (640, 640)
    assert best_size((1080, 1920), ((640, 640),)) == (640, 640)


FIRST_ANSWERS_AT_ONCE = """
import threading, numpy
from viahe_detector.inference import Network
network = Network.open('street', lanes=4)
picture = numpy.zeros((360, 640, 3), numpy.uint8)
together = threading.Barrier(4)
def ask():
    together.wait()
    network.detect(picture)
threads = [threading.Thread(target=ask) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


@pytest.mark.parametrize("_attempt", range(3))
def test_threads_that_ask_for_their_first_answer_at_once_all_get_one(_attempt: int) -> None:
    command = [sys.executable, "-c", FIRST_ANSWERS_AT_ONCE]
    assert subprocess.run(command, timeout=60, check=False).returncode == 0
