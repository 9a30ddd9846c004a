"""What rules ask about the past, and what they say beforehand that they are going to ask."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.detector.footage import received
from tests.detector.scenes import rendered, settings
from viahe_detector.answering import Answering
from viahe_detector.camera import CameraWatch
from viahe_detector.config import WatchSettings, plan_of
from viahe_detector.eyes import Eyes, open_eyes
from viahe_detector.inference import Network
from viahe_detector.pixels import Pixels
from viahe_rules.domain import Ask, Box, Detection, Outcome

SCENE = "bag-left"
PLACE = Box(0.42, 0.80, 0.47, 0.90)
LATER_S = 1.0
"""A look or so between what a rule says it is going to ask and its asking."""


class Counting:
    """The network, how often it was asked, and a hold on it."""

    def __init__(self, network: Network) -> None:
        self.asked = 0
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.is_held = threading.Event()
        self._network = network

    def detect(self, picture: Pixels, min_score: float | None = None) -> tuple[Detection, ...]:
        self.asked += 1
        self.is_held.set()
        self.may_answer.wait()
        return self._network.detect(picture, min_score)


@pytest.fixture(scope="module")
def eyes() -> Eyes:
    return open_eyes(settings(Path("nowhere"), SCENE).network, lanes=1)


def camera_with_footage(name: str, folder: Path, eyes: Eyes) -> CameraWatch:
    """All of the scene is in its ring; nobody has looked at it."""
    footage = received(rendered(SCENE))
    plan = replace(plan_of(settings(folder, SCENE).cameras[0]), camera=name)

    def tell(_: CameraWatch, __: Outcome) -> None:
        """Its rules say nothing: no look is taken."""

    camera = CameraWatch(plan, WatchSettings(ring_s=120.0), eyes, tell)
    camera.on_run(footage.run, footage.facts)
    for packet in footage.packets:
        camera.on_packet(packet)
    return camera


def ask(key: str, end: float = 16.0) -> Ask:
    return Ask(key, received(rendered(SCENE)).run, 8.0, end, PLACE, (10.0, 14.0))


@contextmanager
def at_work(answering: Answering) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=answering.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def until_idle(answering: Answering) -> None:
    """It says that it is idle, and tells nobody when it becomes so."""
    while not answering.idle():
        time.sleep(0.01)


def test_what_was_prepared_leaves_little_to_look_at_once_it_is_asked(
    tmp_path: Path, eyes: Eyes
) -> None:
    network = Counting(eyes.street)
    camera, answering = camera_with_footage("gate", tmp_path, eyes), Answering(network, 8.0)
    with at_work(answering):
        answering.prepare(camera, ask("stay"))
        until_idle(answering)
        prepared, network.asked = network.asked, 0
        answering.ask(camera, ask("stay", 16.0 + LATER_S))
        until_idle(answering)
    assert 0 < network.asked < prepared / 4
    answer = camera.looks_for("stay", 8.0, 17.0)
    unprepared = Answering(eyes.street, 8.0).answer(camera, ask("stay", 17.0)).looks
    assert len(answer) == pytest.approx(len(unprepared), abs=1)


def test_what_is_asked_goes_before_what_is_only_going_to_be(tmp_path: Path, eyes: Eyes) -> None:
    network = Counting(eyes.street)
    answering = Answering(network, 8.0)
    gate, market = (camera_with_footage(name, tmp_path, eyes) for name in ("gate", "market"))
    network.may_answer.clear()
    with at_work(answering):
        answering.prepare(gate, ask("foreseen"))
        network.is_held.wait()
        answering.ask(market, ask("asked", end=10.0))
        network.may_answer.set()
        until_idle(answering)
    # Held at its first picture it stopped there, and went on when the other had its answer.
    whole = len(Answering(eyes.street, 8.0).answer(market, ask("asked", end=10.0)).looks)
    assert len(market.looks_for("asked", 8.0, 10.0)) == whole
    assert network.asked > whole


def test_what_nobody_is_going_to_ask_any_more_is_not_looked_at(tmp_path: Path, eyes: Eyes) -> None:
    network = Counting(eyes.street)
    camera, answering = camera_with_footage("gate", tmp_path, eyes), Answering(network, 8.0)
    answering.prepare(camera, ask("taken away"))
    answering.drop(camera, "taken away")
    with at_work(answering):
        until_idle(answering)
    assert network.asked == 0
