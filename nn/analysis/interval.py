"""Which pixels the units of a value see, along one axis of the image."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd

__all__ = ["Interval"]


@dataclass(frozen=True)
class Interval:
    """Unit i sees the pixels from `low` to `high`, counted from 0; what lies outside of the image is padding.

    Attributes:
        low, high: for units 0, 1, 2 …: behind a convolution one is like the next; upsampling makes neighbours differ,
            and they repeat after a few.
        step: by how many pixels they have moved on when they repeat.
        axis: of the value, counted from the end, along which the units are; ``None`` if all see the same.
        mixed: how many units there are, if they are in no order any more, as behind `Flatten`.
    """

    low: tuple[int, ...]
    high: tuple[int, ...]
    step: int
    axis: int | None
    mixed: int = 0

    @property
    def size(self) -> int:
        """How many pixels a unit sees; the most, where neighbours differ."""
        return max(0, *(last - first + 1 for first, last in zip(self.low, self.high, strict=True)))

    @property
    def jump(self) -> Fraction:
        """By how many pixels one unit is further than the one before."""
        return Fraction(self.step, len(self.low))

    def of(self, unit: int) -> tuple[int, int]:
        """The first and the last pixel that a unit sees."""
        turns, i = divmod(unit, len(self.low))
        return self.low[i] + turns * self.step, self.high[i] + turns * self.step

    def seen_by(self, units: Iterable[int]) -> tuple[int, int]:
        """The first and the last pixel that any of these units sees."""
        lows, highs = zip(*map(self.of, units), strict=True)
        return min(lows), max(highs)

    def moved(self, axis: int) -> Interval:
        """The same units along another axis."""
        return self if self.axis is None else replace(self, axis=axis)

    def at_once(self, units: Iterable[int]) -> Interval:
        """For units that see all of these."""
        low, high = self.seen_by(units)
        return Interval((low,), (high,), 0, None)

    def through(self, units: Callable[[int], Sequence[int]], period: int = 1, shift: int = 1) -> Interval:
        """For new units, each of which sees some of these.

        Arguments:
            units: which ones, for new unit 0, 1, … `period` − 1; those of the next `period` are `shift` further.
        """
        if self.mixed:
            return self.at_once(range(self.mixed))
        turns = len(self.low) // gcd(shift, len(self.low))
        seen = [[n + turn * shift for n in units(j)] for turn in range(turns) for j in range(period)]
        low, high = zip(*map(self.seen_by, seen), strict=True)
        return Interval(low, high, shift * turns // len(self.low) * self.step, self.axis)
