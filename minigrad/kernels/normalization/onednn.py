"""Normalization of rows and columns by oneDNN.

It is the library of compiled layers of `kernels.spatial.onednn`. The C interface: https://oneapi-src.github.io/oneDNN,
"Layer normalization" and "Batch normalization", whose statistics are in single precision.

Rows and columns are divided among OpenMP's threads: for one short call, to start them takes less time than to hand work
to threads of Python. But rows of which each piece gets a chain of operations as well are computed in one thread, for
pieces of a batch in threads of ours.
"""

from __future__ import annotations

from ctypes import c_float, c_int, c_uint
from threading import local
from typing import Any

from minigrad.kernels.onednn_computation import Computation, prepared, threads_for
from minigrad.kernels.spatial import onednn as library
from minigrad.typing import Array

__all__ = ["can_take", "column_gradients", "gradients", "standardize", "standardize_columns"]

can_take = library.can_take

# Constants of the C interface, by their names there.
_FORWARD_TRAINING, _BACKWARD, _USE_SCALE, _USE_SHIFT = 64, 128, 2, 4
_SRC, _DST, _MEAN, _VARIANCE, _SCALE, _SHIFT = 1, 17, 49, 50, 51, 52
_DIFF_SRC, _DIFF_DST, _DIFF_SCALE, _DIFF_SHIFT = 129, 145, 255, 256


def standardize(
    x: Array, weight: Array, bias: Array, eps: float, y: Array, mean: Array, variance: Array, threads: int | None = None
) -> None:
    """Fill y (N, D), and mean and variance (N,), from x and from γ and β (D,), which may be ``None``."""
    arrays = {_SRC: x, _DST: y, _MEAN: mean, _VARIANCE: variance, _SCALE: weight, _SHIFT: bias}
    threads = threads or threads_for(x)
    _mine.layer_norm(x.shape, weight is not None, bias is not None, eps, False, threads).run(arrays)


def gradients(
    y_bar: Array, x: Array, x_bar: Array, weight: Array, eps: float, mean: Array, variance: Array, bars: Array
) -> None:
    """Fill x_bar (N, D), and if there is γ, its error signal and that of β: bars (2, D)."""
    arrays = {_SRC: x, _DIFF_DST: y_bar, _MEAN: mean, _VARIANCE: variance, _SCALE: weight, _DIFF_SRC: x_bar}
    if weight is not None:
        arrays |= {_SHIFT: weight, _DIFF_SCALE: bars[0], _DIFF_SHIFT: bars[1]}
    _mine.layer_norm(x.shape, weight is not None, weight is not None, eps, True, threads_for(x)).run(arrays)


def standardize_columns(
    x: Array, weight: Array, bias: Array, eps: float, y: Array, mean: Array, variance: Array
) -> None:
    """Fill y (N, C), and mean and variance (C,), from x and from γ and β (C,)."""
    arrays = {_SRC: x, _DST: y, _MEAN: mean, _VARIANCE: variance, _SCALE: weight, _SHIFT: bias}
    _mine.batch_norm(x.shape, eps, False, threads_for(x)).run(arrays)


def column_gradients(
    y_bar: Array, x: Array, x_bar: Array, weight: Array, eps: float, mean: Array, variance: Array, bars: Array
) -> None:
    """Fill x_bar (N, C), and the error signals of γ and β, bars (2, C)."""
    arrays = {_SRC: x, _DIFF_DST: y_bar, _MEAN: mean, _VARIANCE: variance, _SCALE: weight, _DIFF_SRC: x_bar}
    arrays |= {_DIFF_SCALE: bars[0], _DIFF_SHIFT: bars[1]}
    _mine.batch_norm(x.shape, eps, True, threads_for(x)).run(arrays)


def _layer_norm(
    shape: tuple[int, int], scale: bool, shift: bool, eps: float, backward: bool, threads: int
) -> Computation:
    rows, numbers, statistics = (library._Descriptor.plain(s) for s in (shape, shape[1:], shape[:1]))
    settings = (c_float(eps), c_uint(_USE_SCALE * scale | _USE_SHIFT * shift))
    arguments: tuple[Any, ...] = (c_int(_FORWARD_TRAINING), rows.handle, rows.handle, statistics.handle, *settings)
    attributes, create = library._attributes(), "layer_normalization_{}_primitive_desc_create"
    descriptions = [library._new(create.format("forward"), library._engine(), *arguments, attributes)]
    if backward:
        arguments = (c_int(_BACKWARD), *(rows.handle,) * 3, statistics.handle, *settings, *descriptions, attributes)
        descriptions.insert(0, library._new(create.format("backward"), library._engine(), *arguments))
    outputs = (_DIFF_DST, _DIFF_SRC) if backward else (_DST,)
    parameters = [_SCALE] * scale + [_SHIFT] * shift + ([_DIFF_SCALE] * scale + [_DIFF_SHIFT] * shift) * backward
    arrays = {_SRC: rows, **dict.fromkeys(outputs, rows), _MEAN: statistics, _VARIANCE: statistics}
    return Computation(descriptions, arrays | dict.fromkeys(parameters, numbers), threads)


def _batch_norm(shape: tuple[int, int], eps: float, backward: bool, threads: int) -> Computation:
    columns, numbers = (library._Descriptor.plain(s) for s in (shape, shape[1:]))
    settings = (c_float(eps), c_uint(_USE_SCALE | _USE_SHIFT))
    arguments: tuple[Any, ...] = (c_int(_FORWARD_TRAINING), columns.handle, columns.handle, *settings)
    attributes, create = library._attributes(), "batch_normalization_{}_primitive_desc_create"
    arrays = {_SRC: columns, **dict.fromkeys((_MEAN, _VARIANCE, _SCALE), numbers)}
    descriptions = [library._new(create.format("forward"), library._engine(), *arguments, attributes)]
    if not backward:
        return Computation(descriptions, arrays | {_DST: columns, _SHIFT: numbers}, threads)
    arguments = (c_int(_BACKWARD), *(columns.handle,) * 3, *settings, *descriptions, attributes)
    descriptions.insert(0, library._new(create.format("backward"), library._engine(), *arguments))
    outputs = {_DIFF_DST: columns, _DIFF_SRC: columns, _DIFF_SCALE: numbers, _DIFF_SHIFT: numbers}
    return Computation(descriptions, arrays | outputs, threads)


class _Mine(local):
    """What each thread has for itself: it sets the addresses."""

    def __init__(self) -> None:
        self.layer_norm = prepared(_layer_norm)
        self.batch_norm = prepared(_batch_norm)


_mine = _Mine()
