"""The loops of an operation, and indices of arrays made of their counters: x[n, c, 2 i + u − 1, j + v]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

__all__ = ["Choice", "Index", "Loops", "window"]


@dataclass(frozen=True)
class Index:
    """A sum of counters times whole numbers, and a constant.

    >>> loops = Loops()
    >>> (i,), (u,) = loops.step(5), loops.term(3)
    >>> index = 2 * i + u - 1
    >>> index.data, index.bounds(loops.sizes)
    ([-1, 0, 2, 1, 1], (-1, 9))
    """

    constant: int = 0
    factors: Mapping[int, int] = field(default_factory=dict)

    def __add__(self, other: Index | int) -> Index:
        if isinstance(other, int):
            return Index(self.constant + other, self.factors)
        loops = self.factors.keys() | other.factors.keys()
        total = {loop: self.factors.get(loop, 0) + other.factors.get(loop, 0) for loop in sorted(loops)}
        return Index(self.constant + other.constant, total)

    def __sub__(self, other: Index | int) -> Index:
        return self + -1 * other

    def __mul__(self, factor: int) -> Index:
        return Index(self.constant * factor, {loop: f * factor for loop, f in self.factors.items()})

    __rmul__ = __mul__

    @property
    def data(self) -> list[int]:
        """The constant, then each loop and its factor, as the script reads it."""
        return [self.constant, *(n for pair in self.factors.items() for n in pair)]

    def bounds(self, sizes: Mapping[int, int]) -> tuple[int, int]:
        """The smallest and the largest value, with these sizes of loops."""
        ends = [f * (sizes[loop] - 1) for loop, f in self.factors.items()]
        return self.constant + sum(min(e, 0) for e in ends), self.constant + sum(max(e, 0) for e in ends)


@dataclass(frozen=True)
class Choice:
    """Loops whose counters the reader chooses together: a filter among groups and filters of a group."""

    name: str
    loops: tuple[int, ...]


class Loops:
    """Counters, in the order in which they were asked for; a loop of one round is the constant 0.

    Attributes:
        sizes: rounds, by loop.
        choices: of which example, filter and channel the reader looks at.
        steps: loops of positions, the last one the fastest.
        terms: loops of what is added at one position.
    """

    def __init__(self) -> None:
        self.sizes: dict[int, int] = {}
        self.choices: list[Choice] = []
        self.steps: list[int] = []
        self.terms: list[int] = []

    def choose(self, name: str, *sizes: int) -> tuple[Index, ...]:
        """Counters that one choice sets together."""
        made, loops = self._make(sizes)
        if loops:
            self.choices.append(Choice(name, tuple(loops)))
        return made

    def step(self, *sizes: int) -> tuple[Index, ...]:
        """Counters of positions."""
        made, loops = self._make(sizes)
        self.steps += loops
        return made

    def term(self, *sizes: int) -> tuple[Index, ...]:
        """Counters of terms."""
        made, loops = self._make(sizes)
        self.terms += loops
        return made

    def chosen(self, sizes: Mapping[int, int]) -> list[tuple[str, int]]:
        """The choices with how many there are of each."""
        return [(choice.name, prod(sizes[loop] for loop in choice.loops)) for choice in self.choices]

    def _make(self, sizes: tuple[int, ...]) -> tuple[tuple[Index, ...], list[int]]:
        made, loops = [], []
        for size in sizes:
            if size == 1:
                made.append(Index())
                continue
            loop = len(self.sizes)
            self.sizes[loop] = size
            loops.append(loop)
            made.append(Index(0, {loop: 1}))
        return tuple(made), loops


def window(params: Mapping[str, Any], positions: tuple[Index, ...], elements: tuple[Index, ...]) -> tuple[Index, ...]:
    """The element of the input, along each axis, that an element of a window sees at a position."""
    stride, padding = params["stride"], params["padding"]
    dilation = params.get("dilation", (1,) * len(stride))
    return tuple(
        s * p + d * e - before
        for s, p, d, e, (before, _) in zip(stride, positions, dilation, elements, padding, strict=True)
    )
