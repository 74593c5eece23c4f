"""Normalization of rows and columns, and chains of elementwise operations, by oneDNN.

It is the library of compiled layers of `kernels.spatial.onednn`. The C interface: https://oneapi-src.github.io/oneDNN,
"Layer normalization" and "Batch normalization", whose statistics are in single precision, and "Binary", with others as
its *post-ops*.

Chains are computed in one thread, for pieces of a batch in threads of ours, and so are rows of which each piece gets a
chain as well. Other rows and columns are divided among OpenMP's threads: for one short call, to start them takes less
time than to hand work to threads of Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from ctypes import c_float, c_int, c_uint
from threading import local
from typing import Any

import numpy as np

from minigrad.kernels.onednn_computation import Computation, prepared, threads_for
from minigrad.kernels.spatial import onednn as library
from minigrad.typing import Array

__all__ = ["can_take", "chain", "column_gradients", "gradients", "standardize", "standardize_columns"]

can_take = library.can_take

# Constants of the C interface, by their names there.
_FORWARD_TRAINING, _BACKWARD, _USE_SCALE, _USE_SHIFT = 64, 128, 2, 4
_SRC, _SRC_1, _DST, _MEAN, _VARIANCE, _SCALE, _SHIFT = 1, 2, 17, 49, 50, 51, 52
_DIFF_SRC, _DIFF_DST, _DIFF_SCALE, _DIFF_SHIFT, _POST_OP = 129, 145, 255, 256, 32768
_BINARY: dict[Any, int] = {np.add: 0x1FFF0, np.multiply: 0x1FFF1, np.subtract: 0x1FFF5}


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


def chain(y: Array, x: Array, steps: Sequence[np.ufunc], arrays: Sequence[Array]) -> None:
    """Fill y with x, after one step after the other: np.add, np.subtract or np.multiply with its array.

    Arguments:
        y, x: contiguous.
        arrays: of the same shape, or of length 1 along all axes but the second; contiguous.
    """
    computation = _mine.chain(x.shape, tuple(steps), tuple(a.shape == x.shape for a in arrays), 1)
    computation.run(dict(zip(computation.memories, (x, y, *arrays), strict=True)))


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


def _chain(
    shape: tuple[int, ...], steps: tuple[np.ufunc, ...], are_full: tuple[bool, ...], threads: int
) -> Computation:
    full = library._Descriptor.plain(shape)
    numbers = library._Descriptor.plain((1, shape[1], *(1,) * (len(shape) - 2)))
    kinds = [full if is_full else numbers for is_full in are_full]
    arrays = {_SRC: full, _DST: full, _SRC_1: kinds[0]}
    post_ops = library._new("post_ops_create")
    for i, (step, kind) in enumerate(zip(steps[1:], kinds[1:], strict=True), start=1):
        arrays[_POST_OP * i | _SRC_1] = kind
        library._checked("post_ops_append_binary", post_ops, c_int(_BINARY[step]), kind.handle)
    attributes = library._new("primitive_attr_create")
    library._checked("primitive_attr_set_scratchpad_mode", attributes, c_int(library._USER_SCRATCHPAD))
    library._checked("primitive_attr_set_post_ops", attributes, post_ops)
    handles = (arrays[role].handle for role in (_SRC, _SRC_1, _DST))
    arguments = (library._engine(), c_int(_BINARY[steps[0]]), *handles, attributes)
    try:
        return Computation([library._new("binary_primitive_desc_create", *arguments)], arrays, threads)
    finally:
        library._dnnl().dnnl_primitive_attr_destroy(attributes)
        library._dnnl().dnnl_post_ops_destroy(post_ops)


class _Mine(local):
    """What each thread has for itself: it sets the addresses."""

    def __init__(self) -> None:
        self.layer_norm = prepared(_layer_norm)
        self.batch_norm = prepared(_batch_norm)
        self.chain = prepared(_chain)


_mine = _Mine()
