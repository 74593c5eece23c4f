"""A line search: how far to go in a direction, so that the loss falls enough and its slope flattens enough."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

__all__ = ["Point", "strong_wolfe"]

_C1, _C2 = 1e-4, 0.9  # how much of the slope the loss has to fall by, and how much of it may be left


class Point(NamedTuple):
    """A point on the line x + t d: the loss there, its gradient, and its slope along the line, ḡ · d."""

    t: float
    loss: float
    grad: Any
    slope: float


def strong_wolfe(
    evaluate: Callable[[float], Point], start: Point, t: float, *, largest: float, tolerance: float, most: int
) -> tuple[Point, int]:
    """A point at which the strong Wolfe conditions hold, or the best one that was found; and the evaluations it took.

    Arguments:
        evaluate: computes a point of the line.
        start: that at t = 0.
        t: where to try first.
        largest: the largest component of d.
        tolerance: points that differ by less than this are taken to be the same.
        most: how often to evaluate after the first time.

    Source: Nocedal, Wright, "Numerical Optimization", 2nd ed., algorithms 3.5 and 3.6, as in Schmidt's minFunc.
    """

    def too_high(point: Point) -> bool:
        return point.loss > start.loss + _C1 * point.t * start.slope

    def flat_enough(point: Point) -> bool:
        return abs(point.slope) <= -_C2 * start.slope

    before, point, n = start, evaluate(t), 0
    # Go further, until there is a minimum between the last two points.
    while n < most:
        if too_high(point) or (n > 1 and point.loss >= before.loss):
            break
        if flat_enough(point):
            return point, n + 1
        if point.slope >= 0:
            break
        t = _cubic_minimum(before, point, point.t + 0.01 * (point.t - before.t), 10 * point.t)
        before, point, n = point, evaluate(t), n + 1
    else:
        return (start if start.loss <= point.loss else point), n + 1
    # Narrow them down.
    low, high = (before, point) if before.loss <= point.loss else (point, before)
    near_an_end = False
    while n < most and abs(high.t - low.t) * largest >= tolerance:
        left, right = sorted((low.t, high.t))
        t = _cubic_minimum(low, high, left, right)
        margin = 0.1 * (right - left)
        if min(right - t, t - left) >= margin:
            near_an_end = False
        elif near_an_end or t >= right or t <= left:  # twice, or at the very end: too little progress
            t = right - margin if right - t < t - left else left + margin
            near_an_end = False
        else:
            near_an_end = True
        point, n = evaluate(t), n + 1
        if too_high(point) or point.loss >= low.loss:
            low, high = (low, point) if low.loss <= point.loss else (point, low)
        elif flat_enough(point):
            return point, n + 1
        else:
            low, high = point, low if point.slope * (high.t - low.t) >= 0 else high
    return low, n + 1


def _cubic_minimum(one: Point, other: Point, least: float, most: float) -> float:
    """Where the cubic through two points with these slopes is least; the middle, where it has no minimum."""
    left, right = (one, other) if one.t <= other.t else (other, one)
    middle = (least + most) / 2
    width = right.t - left.t
    if width == 0:
        return middle
    d1 = left.slope + right.slope - 3 * (left.loss - right.loss) / (left.t - right.t)
    square = d1**2 - left.slope * right.slope
    if not 0 <= square < math.inf:
        return middle
    d2 = math.sqrt(square)
    divisor = right.slope - left.slope + 2 * d2
    if divisor == 0:
        return middle
    return min(max(right.t - width * ((right.slope + d2 - d1) / divisor), least), most)
