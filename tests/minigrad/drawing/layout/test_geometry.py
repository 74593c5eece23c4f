"""The check of scenes finds what it is for."""

import itertools

import numpy as np
import pytest

from minigrad.drawing.layout.boxes.shapes import rectangle
from minigrad.drawing.layout.geometry import Rectangle, crossed, faults, flattened, overlapping
from minigrad.drawing.picture import Span
from minigrad.drawing.scene import Path, Scene, Text


def box(key, x, y, width=60, height=40):
    return Path(rectangle(x, y, width, height, 8), "computed.line", key=key)


def arrow(key, *points):
    (x, y), *others = points
    return Path((("M", x, y), *(("L", *point) for point in others)), "forward", key=key, part="line")


def text(key, x, y, width=20, part="name", words="w"):
    return Text(x, y, width, 16, Span(words), key, part)


GOOD = (
    box("b1", 10, 10),
    box("b2", 140, 10),
    text("b1", 20, 30),
    arrow("a1", (70, 30), (140, 30)),
    text("a1", 90, 25, part="label"),
)
GROUPS = {"b1": ("box", ""), "b2": ("box", ""), "a1": ("forward", ""), "a2": ("forward", "")}


def scene(*items):
    return Scene(300, 200, items, GROUPS)


def test_a_good_scene_has_no_faults():
    assert faults(scene(*GOOD)) == []


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (box("b2", 60, 30), "box b1 overlaps box b2"),
        (text("b1", 65, 30), "'w' leaves its box b1"),
        (text("", 290, 30), "'w' lies outside the picture"),
        (arrow("a2", (0, 30), (300, 32)), "arrow a2 runs through box b1"),
        (arrow("a2", (95, 0), (95, 100)), "arrow a2 runs through label 'w' of a1"),
        (text("a2", 60, 30, part="label"), "label 'w' lies on box b1"),
        (text("a2", 95, 25, part="label"), "label 'w' lies on label 'w'"),
    ],
)
def test_faults_are_found(bad, words):
    good = [item for item in GOOD if bad.key != "b2" or item.key != "b2"]
    assert words in faults(scene(*good, bad))


def test_what_touches_does_not_overlap():
    one = Rectangle(0, 0, 10, 10)
    assert overlapping([one], [Rectangle(10, 0, 20, 10), Rectangle(8, 8, 20, 20)]) == [(0, 1)]
    assert one.overlaps(Rectangle(8, 8, 20, 20))
    assert not one.overlaps(Rectangle(10, 0, 20, 10))


@pytest.mark.parametrize(
    ("points", "hit"),
    [
        ([(-5, 5), (15, 5)], True),
        ([(5, -5), (5, 15)], True),
        ([(-5, -5), (15, 15)], True),
        ([(-5, 5), (-1, 5), (-1, 20)], False),
        ([(-5, 0), (15, 0)], False),
        ([(0, -5), (0, 15)], False),
        ([(-5, 9), (5, 19)], False),
        ([(4, 4), (6, 6)], True),
    ],
)
def test_a_line_crosses_a_rectangle_if_it_runs_through_its_inside(points, hit):
    assert crossed([Rectangle(100, 100, 110, 110), Rectangle(0, 0, 10, 10)], points) == ([1] if hit else [])


def test_a_curve_is_flattened_along_its_way():
    quarter = Path((("M", 1, 0), ("C", 1, 0.5523, 0.5523, 1, 0, 1)))
    points = flattened(quarter)
    assert points[0] == (1, 0)
    assert points[-1] == pytest.approx((0, 1))
    assert all(x * x + y * y == pytest.approx(1, abs=1e-3) for x, y in points)


def test_pieces_of_lines_are_found_in_all_rectangles_that_they_cross():
    rng = np.random.default_rng(0)
    corners = rng.uniform(0, 90, (40, 2))
    areas = [Rectangle(x, y, x + 12, y + 7) for x, y in corners]
    points = [(float(x), float(y)) for x, y in rng.uniform(0, 100, (9, 2))] + [(50.0, 50.0), (50.0, 90.0), (10.0, 90.0)]
    dense = np.concatenate([np.linspace(a, b, 4000) for a, b in itertools.pairwise(points)])
    inside = [((dense > area[:2]) & (dense < area[2:])).all(axis=1).any() for area in areas]
    assert crossed(areas, points, 0) == list(np.flatnonzero(inside))
    assert 5 < sum(inside) < 35
