"""Products of matrices and vectors: a row of the left factor meets a column of the right one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from minigrad.notation import operations as ops
from minigrad.notation.expression import Call
from minigrad.player.scenes.scene import Grid, Scene, shows

__all__: list[str] = []


@shows(ops.matmul)
def matmul(e: Call, arguments: list[Any], result: Any) -> Iterator[Scene]:
    """Falk's scheme: the left factor at the left, the right factor above, the result where row and column meet."""
    left, right = arguments
    if left.ndim > 2 or right.ndim > 2:
        return
    rows = left.reshape(1, -1, left.shape[-1])
    columns = right.reshape(1, right.shape[0], -1)
    out = Grid(e, result.reshape(1, rows.shape[1], columns.shape[2]))
    a, b = Grid(e.args[0], rows), Grid(e.args[1], columns)
    positions = (
        [n for k in range(rows.shape[2]) for n in (out.cell(0, i, j), a.cell(0, i, k), b.cell(0, k, j))]
        for i in range(out.rows)
        for j in range(out.columns)
    )
    yield Scene("products", out, a, b, positions, falk=True, total=out.rows * out.columns)
