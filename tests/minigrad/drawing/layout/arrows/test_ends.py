"""Ends of arrows on the border of a box."""

from itertools import pairwise

from minigrad.drawing.layout.arrows.curves import straight
from minigrad.drawing.layout.arrows.ends import Side, spread

FAR, BOX = Side(0, 0, 50, 200, 0), Side(200, 0, 100, 200, 10)


def test_ends_at_the_same_place_are_moved_apart_in_the_order_in_which_they_come():
    curves = {f"a{i}": straight((50, 10 + 60 * i), (200, 100)) for i in (2, 0, 1)}
    moved = spread(curves, dict.fromkeys(curves, 11.0), dict.fromkeys(curves, (FAR, BOX)))
    ends = [moved[key][-1] for key in ("a0", "a1", "a2")]
    assert all(x == 200 for x, _ in ends)
    assert all(b - a >= 11 for (_, a), (_, b) in pairwise(ends))


def test_an_end_alone_stays_where_it_is():
    curves = {"a0": straight((50, 90), (200, 100))}
    assert spread(curves, {"a0": 0.0}, {"a0": (FAR, BOX)}) == curves


def test_ends_stay_off_the_corners():
    curves = {"a0": straight((50, 2), (200, 2))}
    assert spread(curves, {"a0": 0.0}, {"a0": (FAR, BOX)})["a0"][-1] == (200, 10)
