"""Scenes: grids of numbers, and for each position of an operation the cells that it reads and writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Literal

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.notation import Expression, Name
from minigrad.notation.expression import Call, parts
from minigrad.player.arrays import LARGEST_ARRAY
from minigrad.walkthrough.check import compute

__all__ = ["LARGEST_GRID", "Grid", "Scene", "scenes_of", "shows"]

LARGEST_GRID = 12  # rows and columns of numbers side by side; larger grids are maps of colours
_POSITIONS, _CELLS = 150, 6000  # of one scene; the positions after these are left out, and the page says so


@dataclass(frozen=True, eq=False)
class Grid:
    """Numbers in rows and columns: a matrix, or the channels of an image one after the other.

    Attributes:
        expression: what it is, for its title.
        values: shape ``(count, rows, columns)``.
        padding: rows above and columns to the left, then below and to the right, of zeros around the numbers.
        note: words after the title.
    """

    expression: Expression | None
    values: Any
    padding: tuple[int, int, int, int] = (0, 0, 0, 0)
    note: str = ""

    @property
    def rows(self) -> int:
        """Rows with those of the padding."""
        return int(self.values.shape[1]) + self.padding[0] + self.padding[2]

    @property
    def columns(self) -> int:
        """Columns with those of the padding."""
        return int(self.values.shape[2]) + self.padding[1] + self.padding[3]

    def cell(self, channel: int, row: int, column: int) -> int:
        """The number of a cell; rows and columns are counted from those of the array, the padding has −1, −2 …"""
        return (channel * self.rows + row + self.padding[0]) * self.columns + column + self.padding[1]


@dataclass(frozen=True, eq=False)
class Scene:
    """An operation on grids.

    Attributes:
        kind: ``"products"`` add products of cells to cells; ``"max"`` takes the largest cell.
        a, b: what is read; without `b`, cells themselves are added.
        out: what is written.
        positions: of products triples, one after the other: the cells of `out`, `a` and `b` (−1 without one).
            Of a maximum the cell of `out`, the winner, and all cells of the window.
        start: for each cell of `out` what it has before: the bias of a convolution.
        divisor: by which sums are divided, for a mean.
        title: of which part of the operation it is: ``filter 2 of 6``.
        adds: whether a position adds to cells that may have something already, rather than computing one cell.
        falk: whether the factors stand left of and above the result, as for products of matrices.
        total: how many positions there are, of which `positions` are the first.
    """

    kind: Literal["products", "max"]
    out: Grid
    a: Grid
    b: Grid | None
    positions: Iterable[list[int]]
    start: float = 0.0
    divisor: int = 1
    title: str = ""
    adds: bool = False
    falk: bool = False
    total: int = 0

    @property
    def partial(self) -> bool:
        """Whether sums of the result miss what positions that were left out add."""
        positions = list(self.positions)
        cells = [cell for position in positions for cell in set(self.written(position))]
        return self.kind == "products" and len(positions) < self.total and len(set(cells)) < len(cells)

    def written(self, position: list[int]) -> list[int]:
        """The cells of `out` that a position writes."""
        return position[:1] if self.kind == "max" else position[::3]


Build = Callable[[Call, list[Any], Any], Iterator[Scene]]
_SCENES: dict[Primitive, Build] = {}


def shows(*operations: Primitive) -> Callable[[Build], Build]:
    """Decorator: the scenes of operations, from a call in a formula, its arguments' values, and its own."""

    def register(build: Build) -> Build:
        _SCENES.update(dict.fromkeys(operations, build))
        return build

    return register


def scenes_of(e: Expression, values: Mapping[Name, Any]) -> Iterator[tuple[Call, Scene]]:
    """The scenes of all calls in a formula that have some, inner ones first."""
    for part in parts(e):
        yield from scenes_of(part, values)
    if isinstance(e, Call) and isinstance(e.operation, Primitive) and e.operation in _SCENES:
        arguments = [np.asarray(compute(arg, values)) for arg in e.args]
        result = np.asarray(compute(e, values))
        if all(array.dtype.kind in "bfiu" and array.size for array in (*arguments, result)):
            for scene in _SCENES[e.operation](e, arguments, result):
                limited = _limited(scene)  # before the next one is made: positions are made on demand
                if limited is not None:
                    yield e, limited


def _limited(scene: Scene) -> Scene | None:
    """Only so many positions as a page can hold and a reader wants to see; none of arrays that it cannot hold."""
    if any(grid is not None and grid.values.size > LARGEST_ARRAY for grid in (scene.out, scene.a, scene.b)):
        return None
    kept: list[list[int]] = []
    cells = 0
    for position in islice(scene.positions, _POSITIONS):
        cells += len(position)
        if cells > 3 * _CELLS:
            break
        kept.append(position)
    return replace(scene, positions=kept) if kept else None
