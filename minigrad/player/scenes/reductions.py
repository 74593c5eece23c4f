"""Sums and means along axes, and so the error signals of what broadcasting stretched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from minigrad.notation import operations as ops
from minigrad.notation.expression import Call
from minigrad.player.scenes.scene import Grid, Scene, shows

__all__: list[str] = []


@shows(ops.sum, ops.mean)
def total(e: Call, arguments: list[Any], result: Any) -> Iterator[Scene]:
    """Every result is the sum of the cells along the axes that it does not have."""
    (x,) = arguments
    if not x.ndim:
        return
    axis = e.params.get("axis")
    axes = tuple(range(x.ndim)) if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
    axes = tuple(sorted(i % x.ndim for i in axes))
    kept = [i for i in range(x.ndim) if i not in axes]
    rows, columns = (1, *x.shape)[-2:]
    a = Grid(e.args[0], x.reshape(-1, rows, columns))
    shape = tuple(x.shape[i] for i in kept)
    height, width = (1, 1, *shape)[-2:]
    out = Grid(e, result.reshape(-1, height, width))
    cells = np.arange(x.size).reshape(x.shape).transpose(*kept, *axes).reshape(int(np.prod(shape, dtype=int)), -1)
    positions = ([n for cell in row for n in (i, int(cell), -1)] for i, row in enumerate(cells))
    divisor = cells.shape[1] if e.operation is ops.mean else 1
    yield Scene("products", out, a, None, positions, divisor=divisor, total=len(cells))
