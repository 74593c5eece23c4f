"""Scenes: the arrays of an operation, and for each position the cells that it reads and writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any, Literal

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.notation import Expression, Name
from minigrad.notation.expression import Call, parts
from minigrad.player.scenes.loops import Index, Loops
from minigrad.walkthrough.check import compute

__all__ = ["VIEWS", "Lines", "Operand", "Scene", "Work", "scenes_of", "shows"]


#: An error signal is laid back on the input cell by cell, or each cell of the input gathers what it gets.
VIEWS = ("laid back", "gathered")


@dataclass(frozen=True, eq=False)
class Operand:
    """An array, and which of its elements a position reads or writes.

    Attributes:
        expression: what it is, for its title.
        values: the array.
        at: an index for each axis, made of the loops' counters.
        names: what the axes before the last two count: ``("example", "channel")``.
        note: words after the title.
    """

    expression: Expression | None
    values: Any
    at: tuple[Index, ...]
    names: tuple[str, ...] = ()
    note: str = ""

    @property
    def shape(self) -> tuple[int, ...]:
        """With at least two axes: rows and columns."""
        shape: tuple[int, ...] = self.values.shape
        return (1,) * (2 - len(shape)) + shape

    @property
    def places(self) -> tuple[Index, ...]:
        """As many indices as `shape` has axes."""
        return (Index(),) * (2 - len(self.at)) + self.at

    def padding(self, sizes: Mapping[int, int]) -> tuple[int, int, int, int]:
        """Rows above, columns to the left, rows below and columns to the right that positions reach outside."""
        ends = [(*index.bounds(sizes), n) for index, n in zip(self.places[-2:], self.shape[-2:], strict=True)]
        (top, bottom), (left, right) = [(max(0, -low), max(0, high - n + 1)) for low, high, n in ends]
        return top, left, bottom, right

    def needs(self, sizes: Mapping[int, int]) -> int:
        """How many numbers of the array, from the first one, positions read with these sizes of loops."""
        last = 0
        for index, n in zip(self.places[:-2], self.shape[:-2], strict=True):
            last = last * n + min(n - 1, max(0, index.bounds(sizes)[1]))
        return (last + 1) * prod(self.shape[-2:])


@dataclass(frozen=True, eq=False)
class Scene:
    """An operation position by position.

    Attributes:
        kind: ``"products"`` add products of `a` and `b` to cells, without `b` cells of `a`; ``"max"`` and ``"min"``
            take the largest or smallest cell of a window; ``"winner"`` gives a cell to the winner of a window;
            ``"norm"`` is the root of a sum of squares.
        loops: its positions.
        out: what is written.
        a, b: what is read.
        look: what is looked at beside it: the input of a pooling, for its winners.
        start: what `out` has before, as the bias of a convolution.
        switches: which element of its window wins.
        only: at a position, these indices are 0.
        divisor: by which sums are divided, for a mean.
        adds: whether a position adds to cells that may have something already, rather than computing one cell.
        falk: whether the factors stand left of and above the result, as for products of matrices.
        examples: the loop over examples, of which the first ones can be shown alone.
        view: of an operation that can be looked at in two ways, which of `VIEWS` this is.
    """

    kind: Literal["products", "max", "min", "winner", "norm"]
    loops: Loops
    out: Operand
    a: Operand
    b: Operand | None = None
    look: Operand | None = None
    start: Operand | None = None
    switches: Operand | None = None
    only: tuple[Index, ...] = ()
    divisor: float = 1.0
    adds: bool = False
    falk: bool = False
    examples: int | None = None
    view: str = ""

    @property
    def skips(self) -> bool:
        """Whether positions where `a` is 0 are left out, for they add nothing."""
        return self.adds and self.b is not None

    @property
    def operands(self) -> dict[str, Operand]:
        """All that are there, by their names."""
        keyed = {"a": self.a, "b": self.b, "look": self.look, "start": self.start, "switches": self.switches}
        return {key: operand for key, operand in (*keyed.items(), ("out", self.out)) if operand is not None}

    def least(self) -> dict[int, int]:
        """The sizes of loops with which the scene makes sense: one example, and what it is looked at for."""
        chosen = {loop for choice in self.loops.choices for loop in choice.loops}
        return {loop: 1 if loop in chosen or loop == self.examples else n for loop, n in self.loops.sizes.items()}

    def fitted(self, kept: Mapping[str, int]) -> dict[int, int] | None:
        """The sizes of loops that read only the first so many numbers of each operand; ``None`` if that is nothing."""
        sizes = self.least()
        growing = [loop for choice in self.loops.choices for loop in choice.loops]
        growing += [] if self.examples is None else [self.examples]
        if not self._fits(sizes, kept):
            return None
        for loop in reversed(growing):
            most = self.loops.sizes[loop]
            sizes[loop] = next(n for n in range(most, 0, -1) if n == 1 or self._fits(sizes | {loop: n}, kept))
        return sizes

    def _fits(self, sizes: Mapping[int, int], kept: Mapping[str, int]) -> bool:
        return all(operand.needs(sizes) <= kept[key] for key, operand in self.operands.items())


@dataclass(frozen=True, eq=False)
class Lines:
    """What is known when scenes are made: the value of every variable, and the formula of the forward lines."""

    values: Mapping[Name, Any]
    formulas: Mapping[Name, Expression] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Work:
    """A call in a formula, the values of its arguments, and its own."""

    call: Call
    arguments: list[Any]
    result: Any
    lines: Lines


Build = Callable[[Work], Iterator[Scene]]
_SCENES: dict[Primitive, Build] = {}
_WHOLE: set[Primitive] = set()


def shows(*operations: Primitive, whole: bool = False) -> Callable[[Build], Build]:
    """Decorator: the scene of operations, if there is one.

    Arguments:
        whole: the scene is that of the calls inside, too: of an average that is a sum divided by a number.
    """

    def register(build: Build) -> Build:
        _SCENES.update(dict.fromkeys(operations, build))
        _WHOLE.update(operations if whole else ())
        return build

    return register


def scenes_of(e: Expression, lines: Lines, value: Any = None) -> Iterator[tuple[Call, Scene]]:
    """The scenes of all calls in a formula that have some, inner ones first; `value` is that of the formula."""
    found = list(_scenes(e, lines, value))
    inside = parts(e)
    if found and found[0][0].operation in _WHOLE:
        inside = tuple(scene.a.expression for _, scene in found if scene.a.expression is not None)
    for part in inside:
        yield from scenes_of(part, lines)
    yield from found


def _scenes(e: Expression, lines: Lines, value: Any) -> Iterator[tuple[Call, Scene]]:
    if not (isinstance(e, Call) and isinstance(e.operation, Primitive) and e.operation in _SCENES):
        return
    arguments = [np.asarray(compute(arg, lines.values)) for arg in e.args]
    result = np.asarray(compute(e, lines.values) if value is None else value)
    if all(array.dtype.kind in "bfiu" and array.size for array in (*arguments, result)):
        for scene in _SCENES[e.operation](Work(e, arguments, result, lines)):
            yield e, scene
