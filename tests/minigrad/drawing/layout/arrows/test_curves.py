"""Curves beside curves, and rounded corners."""

import math

import pytest

from minigrad.drawing.layout.arrows.curves import beside, commands, join, point_at, polyline, straight


def test_a_line_beside_a_line_is_on_the_left_of_those_who_walk_along_it():
    assert beside(straight((0, 0), (30, 0)), 5)[::3] == [(0, -5), (30, -5)]
    assert beside(straight((0, 0), (0, 30)), 5)[::3] == [(5, 0), (5, 30)]


def test_a_curve_beside_a_circle_is_a_circle():
    k = 0.5523 * 100
    quarter = [(100, 0), (100, k), (k, 100), (0, 100)]
    assert all(math.hypot(x, y) == pytest.approx(110, abs=1) for x, y in beside(quarter, 10)[::3])


def test_there_and_back_are_on_different_sides():
    curve = polyline([(0, 0), (50, 0), (50, 40)])
    there, back = beside(curve, 5), beside(curve, -5)
    assert min(math.dist(a, b) for a, b in zip(there[::3], back[::3], strict=True)) == pytest.approx(10, abs=1e-6)


def test_straight_pieces_are_written_as_lines_and_corners_are_rounded():
    names = [name for name, *_ in commands(polyline([(0, 0), (50, 0), (50, 40)]))]
    assert names == ["M", "L", "C", "L"]


def test_joined_curves_close_their_gaps():
    curve = join([straight((0, 0), (9, 0)), straight((12, 0), (20, 0))])
    assert curve[::3] == [(0, 0), (9, 0), (12, 0), (20, 0)]


def test_a_point_at_a_distance_is_on_the_curve():
    x, y = point_at(straight((0, 0), (100, 0)), 30)
    assert 30 <= x <= 45
    assert y == 0
