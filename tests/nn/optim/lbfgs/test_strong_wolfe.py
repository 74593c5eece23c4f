"""The line search finds a point at which the strong Wolfe conditions hold."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.optim.lbfgs.strong_wolfe import Point, strong_wolfe

LINES: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "parabola": (lambda t: (t - 2) ** 2, lambda t: 2 * (t - 2)),
    "quartic": (lambda t: (t - 1) ** 4 - t, lambda t: 4 * (t - 1) ** 3 - 1),
    "wave": (lambda t: 0.1 * t * t - math.sin(3 * t), lambda t: 0.2 * t - 3 * math.cos(3 * t)),
    "valley": (lambda t: math.log(1 + (t - 5) ** 2), lambda t: 2 * (t - 5) / (1 + (t - 5) ** 2)),
    "wall": (lambda t: -t if t < 1 else math.inf, lambda t: -1.0 if t < 1 else math.nan),
}


@given(first=st.floats(1e-4, 50), name=st.sampled_from(sorted(LINES.keys() - {"wall"})))
def test_the_conditions_hold_where_it_ends(first: float, name: str) -> None:
    loss, slope = LINES[name]
    calls = []

    def evaluate(t: float) -> Point:
        calls.append(t)
        return Point(t, loss(t), None, slope(t))

    start = Point(0.0, loss(0), None, slope(0))
    point, evaluations = strong_wolfe(evaluate, start, first, largest=1.0, tolerance=1e-9, most=40)
    assert evaluations == len(calls)
    assert point.loss <= start.loss + 1e-4 * point.t * start.slope
    assert abs(point.slope) <= 0.9 * abs(start.slope)


def test_where_the_loss_is_infinite_it_turns_back() -> None:
    loss, slope = LINES["wall"]
    start = Point(0.0, 0.0, None, -1.0)
    point, _ = strong_wolfe(lambda t: Point(t, loss(t), None, slope(t)), start, 8, largest=1, tolerance=1e-9, most=9)
    assert 0.5 < point.t < 1


@pytest.mark.parametrize(("most", "evaluations"), [(0, 1), (1, 2), (2, 3)])
def test_it_stops_when_evaluations_run_out_and_gives_the_best_point(most: int, evaluations: int) -> None:
    start = Point(0.0, 0.0, None, -1.0)
    point, count = strong_wolfe(lambda t: Point(t, -t, None, -1.0), start, 1.0, largest=1.0, tolerance=0, most=most)
    assert (count, point.t >= 1) == (evaluations, True)
    point, _ = strong_wolfe(lambda t: Point(t, t, None, 1.0), start, 1.0, largest=1.0, tolerance=0, most=most)
    assert point.t == 0
