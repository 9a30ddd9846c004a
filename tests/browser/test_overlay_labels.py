"""What is written over a clip can be read: no label lies on another, and none says a word twice."""

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import TakePicture
from tests.browser.evidence import BAG, LEFT_AT, File
from tests.browser.person import Person
from tests.browser.ward import Ward

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]
Box = tuple[float, float, float, float]

NOTE_LABELS = """const canvas = CanvasRenderingContext2D.prototype;
const { clearRect, fillRect, fillText } = canvas;
let ground;
canvas.clearRect = function (...place) { window.labels = []; clearRect.apply(this, place); };
canvas.fillRect = function (...place) { ground = place; fillRect.apply(this, place); };
canvas.fillText = function (text, ...place) {
  window.labels.push({text, ground});
  fillText.call(this, text, ...place);
};"""
"""Keeps what was last written over a clip, each label with its ground: left, top, width, height."""
PICTURE = """() => { const { clientWidth, clientHeight } = document.querySelector('canvas');
  return [clientWidth, clientHeight]; }"""
PLACE = """([address, cases]) => import(address).then(({ placeLabels }) =>
  cases.map(({ labels, picture }) => placeLabels(labels, picture)))"""
OVERLAY_MODULE = (
    "performance.getEntriesByType('resource').find(({name}) => name.endsWith('/{}')).name"
)
HEIGHT = 22
"""Of a label, in CSS pixels."""
LATER = LEFT_AT + 2
"""Clip second at which the pictures are looked at: a look, and the thing stands."""


@dataclass(frozen=True, slots=True)
class Written:
    """A label as it stands over the picture, in CSS pixels."""

    text: str
    left: float
    top: float
    width: float
    height: float

    def lies_on(self, other: "Written") -> bool:
        return (
            self.left < other.left + other.width
            and other.left < self.left + self.width
            and self.top < other.top + other.height
            and other.top < self.top + self.height
        )

    def is_inside(self, width: float, height: float) -> bool:
        return (
            self.left >= 0
            and self.top >= 0
            and self.left + self.width <= width + 0.01
            and self.top + self.height <= height + 0.01
        )


def thing(box: Box, label: str = "rubbish", *, named: bool = True) -> dict[str, Any]:
    return {"role": "thing", "label": label, "score": 0.7, "box": list(box), "named": named}


def leaver(box: Box) -> dict[str, Any]:
    return {"role": "leaver", "label": "person", "score": 0.8, "box": list(box)}


def moved(box: Box, across: float, down: float) -> Box:
    left, top, right, bottom = box
    return left + across, top + down, right + across, bottom + down


NEARLY_THE_SAME = moved(BAG, 0.004, 0.004)
BESIDE = moved(BAG, 0.03, 0.02)


@pytest.fixture
def labels_over(
    visit: Visit, ward: Ward, evidence: Mapping[str, File], picture: TakePicture
) -> Callable[..., list[Written]]:
    """What is written over a clip in which a look saw these boxes."""

    def look(boxes: Sequence[Mapping[str, Any]], name: str, **options: Any) -> list[Written]:
        operator = visit(**options)
        operator.page.add_init_script(NOTE_LABELS)
        operator.open_case(ward.report(uuid4().hex, with_boxes(evidence, boxes)))
        labels = stand_at(operator, LATER)
        picture(operator.page, f"labels-{name}", full_page=False)
        width, height = operator.page.evaluate(PICTURE)
        assert all(label.is_inside(width, height) for label in labels), labels
        for one, other in combinations(labels, 2):
            assert not one.lies_on(other), labels
        return labels

    return look


def test_two_boxes_of_a_kind_that_overlap_are_each_told(
    labels_over: Callable[..., list[Written]],
) -> None:
    written = labels_over([thing(BAG), thing(BESIDE)], "two-things")
    assert [label.text for label in written] == ["Vỉa hè số 12", "Vật: rác", "Vật: rác"]


def test_boxes_of_one_thing_are_told_once_by_the_name_it_has(
    labels_over: Callable[..., list[Written]],
) -> None:
    written = labels_over([thing(NEARLY_THE_SAME, "thing"), thing(BAG)], "one-thing")
    assert [label.text for label in written] == ["Vỉa hè số 12", "Vật: rác"]


@pytest.mark.parametrize(("language", "said"), [("vi", "Vật"), ("en", "Thing")])
def test_what_has_no_name_is_a_thing_and_not_a_thing_called_thing(
    labels_over: Callable[..., list[Written]], language: str, said: str
) -> None:
    written = labels_over([thing(BAG, "thing")], f"no-name-{language}", language=language)
    assert said in [label.text for label in written]


def test_what_is_known_by_its_place_alone_says_so_behind_one_word(
    labels_over: Callable[..., list[Written]],
) -> None:
    written = labels_over([thing(BAG, "thing", named=False)], "by-place")
    assert "Vật (nhận ra nhờ hình ảnh tại chỗ)" in [label.text for label in written]


@pytest.mark.parametrize("width", [1366, 390])
def test_a_crowd_at_the_edges_is_written_within_the_picture(
    labels_over: Callable[..., list[Written]], width: int
) -> None:
    corner, edge = (0.0, 0.0, 0.12, 0.1), (0.9, 0.0, 1.0, 1.0)
    boxes = [thing(corner), thing(moved(corner, 0.05, 0.02)), leaver(moved(corner, 0.02, 0.05))]
    crowd = [*boxes, thing(edge), leaver(edge), thing(BAG), leaver(BAG)]
    written = labels_over(crowd, f"crowd-{width}", width=width, height=844)
    assert len(written) == 1 + len(crowd)


def test_a_label_of_what_stands_still_stays_where_it_is_while_others_walk_by(
    visit: Visit, case: str
) -> None:
    operator = visit()
    operator.page.add_init_script(NOTE_LABELS)
    operator.open_case(case)
    seconds = [LEFT_AT + half / 2 for half in range(7)]
    by_second = [{label.text: label for label in stand_at(operator, t)} for t in seconds]
    assert len({labels["Vật: rác"] for labels in by_second}) == 1
    assert len({labels["Vỉa hè số 12"] for labels in by_second}) == 1
    assert len({labels["Người để lại: người"] for labels in by_second}) == len(seconds)


def test_no_label_lies_on_another_whatever_is_seen(visit: Visit, case: str) -> None:
    operator = visit()
    operator.open_case(case)
    chance = random.Random(7)
    cases = [made_up(chance) for _ in range(500)]
    module = operator.page.evaluate(OVERLAY_MODULE.replace("{}", "label-places.js"))
    for asked, placed in zip(cases, operator.page.evaluate(PLACE, [module, cases]), strict=True):
        written = [
            Written(one["kind"], one["left"], one["top"], one["width"], HEIGHT) for one in placed
        ]
        picture = asked["picture"]
        frame = Written("", picture["left"], picture["top"], picture["width"], picture["height"])
        assert written
        for label in written:
            inside = replace(label, left=label.left - frame.left, top=label.top - frame.top)
            assert inside.is_inside(frame.width, frame.height), asked
        for one, other in combinations(written, 2):
            assert not one.lies_on(other), asked


def made_up(chance: random.Random) -> dict[str, Any]:
    """Some labels of some boxes in a picture of some size, letterboxed."""
    frame = {"left": chance.choice([0, 40]), "top": chance.choice([0, 25])}
    frame |= {"width": chance.choice([366, 870]), "height": chance.choice([206, 489])}
    labels = []
    for _ in range(chance.randint(1, 9)):
        left, top = (chance.random() * frame[side] for side in ("width", "height"))
        wide, high = chance.choice([4, 40, 200]), chance.choice([4, 60, 180])
        box = [frame["left"] + left, frame["top"] + top, 0.0, 0.0]
        box[2:] = [box[0] + wide, box[1] + high]
        kind = chance.choice(["thing", "leaver", "zone"])
        labels.append({"kind": kind, "box": box, "width": chance.choice([40, 130, 260, 400])})
    return {"picture": frame, "labels": labels}


def stand_at(operator: Person, second: float) -> list[Written]:
    """Pause at a clip second; what is written over its picture."""
    video = operator.page.locator("video")
    video.evaluate(
        """(video, second) => new Promise((shown) => {
      video.pause();
      video.requestVideoFrameCallback(() => requestAnimationFrame(shown));
      video.currentTime = second + 0.02;
    })""",
        second,
    )
    return written_over(operator.page)


def written_over(page: Page) -> list[Written]:
    return [Written(one["text"], *one["ground"]) for one in page.evaluate("window.labels")]


def with_boxes(
    evidence: Mapping[str, File], boxes: Sequence[Mapping[str, Any]]
) -> Mapping[str, File]:
    """The same clip, of which every look saw these boxes."""
    seen = json.loads(evidence["overlay.json"].content)
    seen["looks"] = [{"clip_s": half / 2, "boxes": list(boxes)} for half in range(24)]
    overlay = replace(evidence["overlay.json"], content=json.dumps(seen).encode())
    manifest = json.loads(evidence["manifest.json"].content)
    manifest["files"]["overlay.json"] = overlay.sha256
    told = replace(evidence["manifest.json"], content=json.dumps(manifest).encode())
    return {**evidence, "overlay.json": overlay, "manifest.json": told}
