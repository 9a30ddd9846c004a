"""The figures of a score follow from what was found, missed and false."""

from dataclasses import replace

import pytest

from tests.detector.test_matching import LEFT, PLACE, REGION, told, video
from viahe_detector.matching import Found, Matched
from viahe_detector.scoring import (
    VideoScore,
    attribution_of,
    false_per_camera_hour,
    is_right,
    score_of,
)
from viahe_detector.truth import Event, Leaver
from viahe_rules.domain import Act, Box, LeftBy, LeftByKind

BY_PERSON = replace(LEFT, left_by=Leaver.PERSON)
WALKER = LeftBy(LeftByKind.PERSON, 0.8, path=((17.0, PLACE), (18.0, Box(0.8, 0.4, 0.9, 0.6))))


def found(event: Event, left_by: LeftBy | None, end: float = 23.0) -> Found:
    return Found(event, replace(told(end=end), left_by=left_by))


def scored(*found: Found, missed: int = 0, false: int = 0, seconds: float = 1800.0) -> VideoScore:
    matched = Matched(found, (LEFT,) * missed, (told(),) * false)
    return VideoScore(video(), matched, seconds)


def test_the_figures_are_those_of_all_videos_together() -> None:
    score = score_of(
        Act.DUMPING,
        [
            scored(found(LEFT, None, 22.0), missed=1, false=2),
            scored(found(LEFT, None, 24.0), found(LEFT, None, 30.0)),
        ],
    )
    assert (score.tp, score.fp, score.fn, score.delay_s) == (3, 2, 1, 8.0)
    assert (score.precision, score.recall, score.f1) == (0.6, 0.75, 0.6667)


def test_where_nothing_was_to_be_counted_there_is_no_figure() -> None:
    score = score_of(Act.ENCROACHMENT, [scored(false=1)])
    assert (score.precision, score.recall, score.f1, score.delay_s) == (None, None, None, None)


def test_false_ones_are_counted_by_the_hour_of_video() -> None:
    assert false_per_camera_hour([scored(false=3), scored()]) == 3.0
    assert false_per_camera_hour([]) is None


@pytest.mark.parametrize(
    ("left_by", "counted"),
    [
        (WALKER, (1, 1, 1, 1, 0)),
        (LeftBy(LeftByKind.VEHICLE, 0.8), (1, 1, 0, 0, 0)),
        (LeftBy(LeftByKind.UNKNOWN), (1, 0, 0, 0, 1)),
        (None, (1, 0, 0, 0, 1)),
    ],
)
def test_a_leaver_is_named_right_named_wrong_or_unknown(
    left_by: LeftBy | None, counted: tuple[int, ...]
) -> None:
    who = attribution_of([scored(found(BY_PERSON, left_by))])
    assert (who.events, who.named, who.right_kind, who.right, who.unknown) == counted


@pytest.mark.parametrize("event", [LEFT, replace(LEFT, left_by=Leaver.UNKNOWN)])
def test_where_the_truth_names_nobody_nobody_is_asked_for(event: Event) -> None:
    assert attribution_of([scored(found(event, WALKER))]).events == 0


@pytest.mark.parametrize(
    ("at_s", "box", "right"),
    [(17.2, REGION, True), (17.2, Box(80, 40, 90, 60), False), (25.0, REGION, False)],
)
def test_the_right_leaver_is_where_the_truth_has_them_then(
    at_s: float, box: Box, right: bool
) -> None:
    event = replace(BY_PERSON, leaver=box, leaver_at_s=at_s)
    assert is_right(found(event, WALKER), video()) is right
