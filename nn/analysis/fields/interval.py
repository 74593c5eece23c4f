"""The pixels that the units of a layer see along one axis of the image."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, lcm

import minigrad as mg

__all__ = ["Interval", "merge"]


@dataclass(frozen=True)
class Interval:
    """Unit i sees the pixels from `low` to `high`, counted from 0; those outside the image are padding.

    Attributes:
        low, high: for units 0, 1, 2, … up to where the pattern repeats: after one unit for convolution, after a few
            for upsampling, which makes neighbours differ.
        step: the distance in pixels after which the pattern repeats.
        axis: the axis of the value along which the units lie, counted from the end; ``None`` if all see the same.
        unordered: the number of units, if they are no longer in the order of the pixels, as after `Flatten`; else 0.
    """

    low: tuple[int, ...]
    high: tuple[int, ...]
    step: int
    axis: int | None
    unordered: int = 0

    @property
    def size(self) -> int:
        """The number of pixels that a unit sees; the largest one, where neighbours differ."""
        return max(0, *(high - low + 1 for low, high in zip(self.low, self.high, strict=True)))

    @property
    def jump(self) -> Fraction:
        """The distance in pixels from one unit to the next."""
        return Fraction(self.step, len(self.low))

    def of(self, unit: int) -> tuple[int, int]:
        """The first and the last pixel that a unit sees."""
        periods, i = divmod(unit, len(self.low))
        return self.low[i] + periods * self.step, self.high[i] + periods * self.step

    def hull(self, units: Iterable[int]) -> tuple[int, int]:
        """The first and the last pixel that any of these units sees."""
        lows, highs = zip(*map(self.of, units), strict=True)
        return min(lows), max(highs)

    def seen_by_all(self, units: Iterable[int]) -> Interval:
        """The interval of new units, each of which sees all of these units."""
        low, high = self.hull(units)
        return Interval((low,), (high,), 0, None)

    def through(self, axis_map: mg.AxisMap, n: int) -> Interval:
        """The interval of the units of an operation's output, where these `n` units are an axis of its input."""
        window, n = axis_map.window, self.unordered or n
        if axis_map.axis is None:
            return self.seen_by_all(range(n) if window is None or self.unordered else window.elements(0))
        if not axis_map.ordered:
            return replace(self, axis=axis_map.axis, unordered=n)
        if window is None:
            return replace(self, axis=axis_map.axis)
        if self.unordered:
            return self.seen_by_all(range(n))
        period = len(self.low)
        repeats = period // gcd(window.shift, period)
        low, high = zip(*(self.hull(window.elements(j)) for j in range(window.period * repeats)), strict=True)
        return Interval(low, high, window.shift * repeats // period * self.step, axis_map.axis)


def merge(parts: Sequence[Interval], shape: tuple[int, ...]) -> Interval:
    """The interval of units of a value of this shape, each of which sees what a unit of every part sees.

    Raises:
        ValueError: if the units of two parts have different jumps.
    """
    first, *others = parts
    if not others:
        return first
    if any(part.axis != first.axis or part.unordered for part in parts):  # any unit of one may meet any of another
        ends = [part.hull([0] if part.axis is None else range(part.unordered or shape[part.axis])) for part in parts]
        return Interval((min(low for low, _ in ends),), (max(high for _, high in ends),), 0, None)
    jumps = sorted({part.jump for part in parts})
    if len(jumps) > 1:
        raise ValueError(
            f"units with jumps of {' and '.join(map(str, jumps))} pixels meet, and what they see drifts apart; choose "
            "an image whose sides are divisible by all strides, so that downsampling and upsampling restore its size"
        )
    period = lcm(*(len(part.low) for part in parts))
    low = tuple(min(part.of(i)[0] for part in parts) for i in range(period))
    high = tuple(max(part.of(i)[1] for part in parts) for i in range(period))
    return Interval(low, high, int(jumps[0] * period), first.axis)
