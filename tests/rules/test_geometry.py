"""Boxes and polygons: what zones, places and overlaps are told by."""

from math import cos, isclose, pi, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viahe_rules import geometry
from viahe_rules.domain import Box, Point, Polygon
from viahe_rules.geometry import (
    clipped,
    covered,
    footprint,
    grown,
    inside,
    iou,
    part_within,
    polygon_area,
    polygon_faults,
    stands_in,
    union,
)

SQUARE: Polygon = ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))
HORSESHOE: Polygon = (
    (0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.6, 0.9), (0.6, 0.4), (0.4, 0.4), (0.4, 0.9), (0.1, 0.9),
)  # fmt: skip

fractions = st.integers(0, 64).map(lambda n: n / 64)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    left, right = sorted(draw(st.lists(fractions, min_size=2, max_size=2, unique=True)))
    top, bottom = sorted(draw(st.lists(fractions, min_size=2, max_size=2, unique=True)))
    return Box(left, top, right, bottom)


@st.composite
def stars(draw: st.DrawFn) -> Polygon:
    """Polygons about the middle of the picture, whose edges cannot cross."""
    reaches = draw(st.lists(st.floats(0.1, 0.45), min_size=3, max_size=9))
    turn = 2 * pi / len(reaches)
    return tuple(
        (0.5 + reach * cos(i * turn), 0.5 + reach * sin(i * turn))
        for i, reach in enumerate(reaches)
    )


@given(boxes(), boxes())
def test_overlap_is_the_same_from_either_side_and_never_more_than_either(a: Box, b: Box) -> None:
    assert iou(a, b) == iou(b, a)
    assert 0 <= iou(a, b) <= covered(a, b) <= 1
    assert isclose(covered(a, b) * a.area, covered(b, a) * b.area)


@given(boxes())
def test_a_box_is_wholly_its_own(box: Box) -> None:
    assert iou(box, box) == covered(box, box) == 1


def test_a_small_box_in_a_large_one_is_covered_though_their_union_is_much_larger() -> None:
    small, large = Box(0.4, 0.4, 0.5, 0.5), Box(0.0, 0.0, 1.0, 1.0)
    assert covered(small, large) == 1
    assert isclose(covered(large, small), 0.01)
    assert isclose(iou(small, large), 0.01)


@given(st.lists(boxes(), min_size=1, max_size=5))
def test_a_union_covers_every_box_and_is_no_larger_than_it_must(some: list[Box]) -> None:
    whole = union(some)
    assert all(covered(box, whole) == 1 for box in some)
    assert whole.left in {box.left for box in some}
    assert whole.bottom in {box.bottom for box in some}


def test_no_boxes_have_no_union() -> None:
    with pytest.raises(ValueError, match="no box"):
        union(())


@given(boxes(), st.floats(1.0, 4.0))
def test_a_grown_box_keeps_its_centre_and_may_leave_the_picture(box: Box, factor: float) -> None:
    larger = grown(box, factor)
    assert larger.centre == pytest.approx(box.centre)
    assert larger.width == pytest.approx(box.width * factor)
    assert larger.height == pytest.approx(box.height * factor)


def test_clipping_cuts_at_the_picture_and_leaves_no_area_outside_it() -> None:
    assert clipped(Box(-0.5, 0.2, 0.5, 1.5)) == Box(0.0, 0.2, 0.5, 1.0)
    assert clipped(Box(1.2, 0.2, 1.5, 0.5)).area == 0
    assert clipped(Box(-2.0, 0.2, -1.5, 0.5)).area == 0


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ((0.5, 0.2), True),  # in the bow
        ((0.5, 0.7), False),  # between the legs
        ((0.2, 0.8), True),  # in a leg
        ((0.4, 0.6), True),  # on an edge
        ((0.9, 0.9), True),  # on a corner
        ((0.95, 0.5), False),
    ],
)
def test_a_point_is_inside_a_polygon_that_is_not_convex(point: Point, expected: bool) -> None:
    assert inside(point, HORSESHOE) is expected


@given(stars(), st.tuples(fractions, fractions), st.integers(0, 8))
def test_inside_does_not_depend_on_where_or_which_way_round_drawing_began(
    polygon: Polygon, point: Point, first: int
) -> None:
    first %= len(polygon)
    turned = polygon[first:] + polygon[:first]
    assert inside(point, turned) == inside(point, polygon) == inside(point, polygon[::-1])


@given(stars(), boxes())
def test_the_part_within_a_box_and_the_parts_beside_it_make_up_the_polygon(
    polygon: Polygon, box: Box
) -> None:
    bands = [
        Box(-1, -1, 2, box.top),
        Box(-1, box.top, box.left, box.bottom),
        box,
        Box(box.right, box.top, 2, box.bottom),
        Box(-1, box.bottom, 2, 2),
    ]
    areas = [polygon_area(part_within(polygon, band)) for band in bands]
    assert sum(areas) == pytest.approx(polygon_area(polygon), abs=1e-9)


def test_a_person_whose_head_is_in_the_zone_and_feet_are_not_does_not_stand_in_it() -> None:
    assert not stands_in(Box(0.4, 0.5, 0.5, 0.95), SQUARE)
    assert stands_in(Box(0.4, 0.1, 0.5, 0.75), SQUARE)


def test_half_on_the_line_is_in_and_less_is_out() -> None:
    assert stands_in(Box(0.15, 0.4, 0.25, 0.5), SQUARE)
    assert not stands_in(Box(0.13, 0.4, 0.23, 0.5), SQUARE)


def test_whoever_stands_between_the_legs_of_a_horseshoe_is_not_in_it() -> None:
    assert not stands_in(Box(0.45, 0.1, 0.55, 0.8), HORSESHOE)


@given(boxes())
def test_a_footprint_is_the_lowest_part_of_its_box(box: Box) -> None:
    ground = footprint(box)
    assert ground.bottom == box.bottom
    assert covered(ground, box) == pytest.approx(1)
    assert ground.height <= box.height / 4 + 1e-12


@given(stars())
def test_a_polygon_without_crossing_edges_can_be_a_zone(polygon: Polygon) -> None:
    assert polygon_faults(polygon) == ()


@pytest.mark.parametrize(
    ("polygon", "fault"),
    [
        ((), geometry.FEWER_THAN_THREE_POINTS),
        (((0.1, 0.1), (0.9, 0.9)), geometry.FEWER_THAN_THREE_POINTS),
        (((0.1, 0.1), (1.1, 0.1), (0.5, 0.9)), geometry.OUTSIDE_THE_PICTURE),
        (((0.1, 0.1), (float("nan"), 0.1), (0.5, 0.9)), geometry.OUTSIDE_THE_PICTURE),
        (((0.1, 0.1), (0.9, 0.9), (0.9, 0.1), (0.1, 0.9)), geometry.EDGES_CROSS),
        (((0.1, 0.1), (0.9, 0.1), (0.9, 0.1), (0.5, 0.9)), geometry.EDGES_CROSS),
        (((0.1, 0.1), (0.9, 0.1), (0.5, 0.1), (0.5, 0.9)), geometry.EDGES_CROSS),
        (((0.1, 0.1), (0.9, 0.1), (0.5, 0.9), (0.5, 0.1)), geometry.EDGES_CROSS),
        (((0.5, 0.5), (0.50001, 0.5), (0.5, 0.50001)), geometry.NO_AREA),
    ],
)
def test_what_cannot_be_a_zone_is_told_why(polygon: Polygon, fault: str) -> None:
    assert polygon_faults(polygon) == (fault,)


@given(st.integers(4, 9), st.integers(0, 7))
def test_two_exchanged_corners_make_edges_cross(corners: int, i: int) -> None:
    turn = 2 * pi / corners
    points = [(0.5 + 0.4 * cos(n * turn), 0.5 + 0.4 * sin(n * turn)) for n in range(corners)]
    assert polygon_faults(tuple(points)) == ()
    i %= corners - 1
    points[i], points[i + 1] = points[i + 1], points[i]
    assert geometry.EDGES_CROSS in polygon_faults(tuple(points))
