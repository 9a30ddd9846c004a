"""What is suspected sparingly and at every picture, laid beside each other."""

from dataclasses import replace

import pytest

from tests.detector.every_picture import compare, figure_line, watch_both_ways
from tests.detector.scenes import rendered, scene
from viahe_detector.config import NetworkSettings
from viahe_detector.eyes import open_eyes
from viahe_detector.truth_file import load
from viahe_rules.domain import Act, Box, Suspicion
from viahe_samples.truth import write_truth

PLACE = Box(0.2, 0.5, 0.4, 0.7)
BUS = Suspicion("1", Act.ENCROACHMENT, "c", "r", "road", 1, "stops", "bus", PLACE, 12.0, 20.0, 0.5)


def test_one_is_the_same_where_act_zone_and_place_are_and_its_beginning_is_told() -> None:
    later = replace(BUS, start=13.2, place=Box(0.22, 0.5, 0.42, 0.7))
    compared = compare("street.mp4", 1.5, [later], [BUS])
    assert compared.agrees
    assert compared.line() == "street.mp4, a look every 1.50 s: 1 the same (begins +1.20 s)"


def test_more_than_a_look_apart_is_not_the_same() -> None:
    compared = compare("street.mp4", 1.5, [replace(BUS, start=13.6)], [BUS])
    assert not compared.agrees
    assert figure_line([compared]) == (
        "0 of 1 clips agree: 1 suspicions the same, beginning at most 1.60 s apart; "
        "0 only sparingly, 0 only at every picture"
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(BUS, act=Act.DUMPING),
        replace(BUS, zone="pavement"),
        replace(BUS, place=Box(0.6, 0.5, 0.8, 0.7)),
    ],
)
def test_what_only_one_way_tells_is_said(other: Suspicion) -> None:
    compared = compare("street.mp4", 1.5, [BUS], [other])
    assert not compared.agrees
    assert "only sparingly: encroachment bus at 12.0 s" in compared.line()
    assert "only at every picture: " in compared.line()


def test_each_is_paired_once_and_with_the_nearest() -> None:
    first, second = BUS, replace(BUS, start=60.0)
    compared = compare("street.mp4", 1.5, [second, first], [first, second])
    assert [pair.apart_s for pair in compared.same] == [0.0, 0.0]
    assert compare("street.mp4", 1.5, [first], [first, second]).every_alone == (second,)


def test_a_vehicle_that_brakes_is_told_alike_however_often_it_is_looked_at() -> None:
    """A story that a mean of many looks had told otherwise: the bus rolled on with its stay."""
    path = rendered("bus-stays")
    write_truth((scene("bus-stays"),), path.parent / "truth.yaml")
    (video,) = load(path.parent / "truth.yaml").videos
    eyes = open_eyes(NetworkSettings(rubbish=""), lanes=1)
    compared = watch_both_ways(video, path.parent, eyes)
    assert len(compared.same) == 1
    assert compared.agrees, compared.line()
