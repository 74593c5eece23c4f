"""The blocks of a Jacobian, one for each output and input: by rows in reverse mode, by columns in forward mode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from minigrad.core.tensor import Tensor
from minigrad.device import to_device
from minigrad.transforms.traced_function import TracedCall

__all__ = ["jacobian_by_columns", "jacobian_by_rows", "total_size"]


def total_size(tensors: list[Tensor]) -> int:
    """The number of elements of all of them."""
    return sum(t.size for t in tensors)


def jacobian_by_rows(run: TracedCall, *, holomorphic: bool) -> Any:
    """For each output its blocks of the Jacobian, one per input, computed row by row in reverse mode.

    Of a holomorphic function a block has the derivatives f′(z). Otherwise it has ∂u/∂x − i ∂u/∂y for a real output and
    a complex input, and ∂u/∂x + i ∂v/∂x for a complex output and a real input.
    """
    for k, y in enumerate(run.ys):
        rows = [_row(run, k, unit, holomorphic=holomorphic) for unit in _units(y)]
        yield [_stacked([row[i] for row in rows], (*y.shape, *x.shape), y) for i, x in enumerate(run.xs)]


def _row(run: TracedCall, k: int, unit: Any, *, holomorphic: bool) -> list[Any]:
    def pulled(y_bar: Any) -> list[Any]:
        return run.pull([y_bar if j == k else np.zeros_like(y._data) for j, y in enumerate(run.ys)])

    row = pulled(unit)
    if unit.dtype.kind == "c" and not holomorphic:  # that was the real part; −i pulls back the imaginary part
        row = [real + 1j * imaginary for real, imaginary in zip(row, pulled(-1j * unit), strict=True)]
    return row


def jacobian_by_columns(run: TracedCall, *, holomorphic: bool) -> Any:
    """The same, computed column by column in forward mode."""
    by_input = [[_column(run, k, unit, holomorphic=holomorphic) for unit in _units(x)] for k, x in enumerate(run.xs)]
    for k, y in enumerate(run.ys):
        yield [
            _stacked([tangents[k].reshape(-1) for tangents in columns], (*y.shape, *x.shape), y, axis=-1)
            for columns, x in zip(by_input, run.xs, strict=True)
        ]


def _column(run: TracedCall, k: int, unit: Any, *, holomorphic: bool) -> list[Any]:
    def pushed(x_dot: Any) -> list[Any]:
        return run.push([x_dot if j == k else np.zeros_like(x._data) for j, x in enumerate(run.xs)])

    column = pushed(unit)
    if unit.dtype.kind == "c" and not holomorphic:  # that was ∂u/∂x; i pushes forward ∂u/∂y
        column = [along_x - 1j * along_y for along_x, along_y in zip(column, pushed(1j * unit), strict=True)]
    return column


def _units(x: Tensor) -> Any:
    """The unit arrays of the shape of `x`: 1 at one position, 0 elsewhere."""
    for i in range(x.size):
        unit = np.zeros(x.size, x.dtype)
        unit[i] = 1
        yield to_device(unit.reshape(x.shape)[()], x.device)


def _stacked(parts: Sequence[Any], shape: tuple[int, ...], like: Tensor, axis: int = 0) -> Any:
    if not parts:
        return np.zeros_like(like._data, shape=shape)
    return np.stack(parts, axis).reshape(shape)
