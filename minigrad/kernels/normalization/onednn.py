"""Normalization of rows and columns by oneDNN.

It is the library of compiled layers of `kernels.spatial.onednn`. The C interface: https://oneapi-src.github.io/oneDNN,
"Layer normalization", "Batch normalization" and "Convolution", whose sums are in single precision.

Rows and columns are divided among OpenMP's threads: for one short call, to start them takes less time than to hand work
to threads of Python.
"""

from __future__ import annotations

from ctypes import c_float, c_int, c_uint
from functools import lru_cache
from threading import local
from typing import Any

import numpy as np

from minigrad.kernels.onednn_computation import Computation, prepared, threads_for
from minigrad.kernels.spatial import onednn as library
from minigrad.typing import Array

__all__ = [
    "can_take",
    "column_gradients",
    "column_sums",
    "gradients",
    "piece_sums",
    "standardize",
    "standardize_columns",
    "takes_columns",
    "takes_pieces",
]

can_take = library.can_take

# Constants of the C interface, by their names there.
_FORWARD_TRAINING, _BACKWARD, _GIVEN_STATISTICS, _USE_SCALE, _USE_SHIFT = 64, 128, 1, 2, 4
_SRC, _DST, _MEAN, _VARIANCE, _SCALE, _SHIFT = 1, 17, 49, 50, 51, 52
_DIFF_SRC, _DIFF_DST, _DIFF_SCALE, _DIFF_SHIFT = 129, 145, 255, 256
_DIFF_WEIGHTS, _DIFF_BIAS, _AVX_512 = 161, 169, 0x20
_BLOCKS = {8: 102, 16: 78}  # the tags aBcd8b and aBcd16b: images in blocks of as many channels
_FEWEST, _FEW, _MANY = 4, 64, 256  # pixels of an image: fewer take long, and sums of more lose digits
_SAMPLES = 16  # of columns, at least: with fewer there would be almost as many sums as numbers to add


def standardize(
    x: Array,
    weight: Array,
    bias: Array,
    eps: float,
    y: Array,
    mean: Array,
    variance: Array,
    threads: int,
    given: bool = False,
) -> None:
    """Fill y (N, D) from x and from γ and β (D,), which may be ``None``; and mean and variance (N,), unless `given`."""
    arrays = {_SRC: x, _DST: y, _MEAN: mean, _VARIANCE: variance, _SCALE: weight, _SHIFT: bias}
    _mine.layer_norm(x.shape, weight is not None, bias is not None, eps, given, False, threads).run(arrays)


def gradients(
    y_bar: Array,
    x: Array,
    x_bar: Array,
    weight: Array,
    eps: float,
    mean: Array,
    variance: Array,
    bars: Array,
    threads: int,
    given: bool = False,
) -> None:
    """Fill x_bar (N, D), and if there is γ, its error signal and that of β: bars (2, D).

    Where the statistics were `given`, x̄ = γ ȳ / σ: what reaches x through them is missing.
    """
    arrays = {_SRC: x, _DIFF_DST: y_bar, _MEAN: mean, _VARIANCE: variance, _SCALE: weight, _DIFF_SRC: x_bar}
    if weight is not None:
        arrays |= {_SHIFT: weight, _DIFF_SCALE: bars[0], _DIFF_SHIFT: bars[1]}
    has_weight = weight is not None
    _mine.layer_norm(x.shape, has_weight, has_weight, eps, given, True, threads).run(arrays)


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


def takes_pieces(x: Array) -> bool:
    """Whether `piece_sums` takes these pieces, which lie along the last axis."""
    pixels, remainder = divmod(x.shape[-1], _lanes()) if can_take(x) else (0, 0)
    return remainder == 0 and bool(_pixels_at_once(pixels))


def piece_sums(y_bar: Array, x: Array, threads: int) -> Array:
    """Σ ȳ x and Σ ȳ of each row of two arrays (N, D), shape (2, N).

    They are the error signals of γ and β in γ x + β, a depthwise convolution with a kernel of one pixel, whose gradient
    finds both while it reads the arrays once. It computes blocks of channels that lie next to each other, as many as a
    vector register has lanes. So each row is read as one or several images of that many channels, and their sums are
    added, those of several images in double precision. D is a multiple of the lanes.
    """
    n, d = x.shape
    pixels = _pixels_at_once(d // _lanes())
    of_lanes = np.empty((2, x.size // (pixels * _lanes()), _lanes()), x.dtype)
    arrays = {_SRC: x, _DIFF_DST: y_bar, _DIFF_WEIGHTS: of_lanes[0], _DIFF_BIAS: of_lanes[1]}
    _mine.depthwise(of_lanes[0].size, pixels, False, threads).run(arrays)
    sums = np.einsum("ijk->ij", of_lanes).reshape(2, n, -1)  # short rows, of which `sum` takes five times as long
    return sums.sum(axis=2, dtype=np.float64) if sums.shape[2] > 1 else sums[..., 0]


def takes_columns(x: Array) -> bool:
    """Whether `column_sums` takes these columns (N, C): samples are not few, and C is a multiple of the lanes."""
    return can_take(x) and len(x) >= _SAMPLES and x.shape[1] % _lanes() == 0


def column_sums(y_bar: Array, x: Array, threads: int) -> Array:
    """Σ ȳ x and Σ ȳ of each column of two arrays (N, C), shape (2, C).

    They are found as in `piece_sums`; here each sample is a pixel of a single image with C channels.
    """
    sums = np.empty((2, x.shape[1]), x.dtype)
    arrays = {_SRC: x, _DIFF_DST: y_bar, _DIFF_WEIGHTS: sums[0], _DIFF_BIAS: sums[1]}
    _mine.depthwise(x.shape[1], len(x), True, threads).run(arrays)
    return sums


@lru_cache
def _pixels_at_once(pixels: int) -> int:
    """The pixels of each of the equal images into which these are divided; 0 if they are too few, or do not divide."""
    divisors = (part for part in range(_FEW, _FEWEST - 1, -1) if pixels % part == 0)
    return next(divisors, pixels if _FEW < pixels <= _MANY else 0) if pixels else 0


def _layer_norm(
    shape: tuple[int, int], scale: bool, shift: bool, eps: float, given: bool, backward: bool, threads: int
) -> Computation:
    rows, numbers, statistics = (library._Descriptor.plain(s) for s in (shape, shape[1:], shape[:1]))
    settings = (c_float(eps), c_uint(_GIVEN_STATISTICS * given | _USE_SCALE * scale | _USE_SHIFT * shift))
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


def _depthwise(channels: int, pixels: int, channels_last: bool, threads: int) -> Computation:
    shape = (1, channels, 1, pixels)
    if channels_last:
        images = library._Descriptor.channels_last(shape)
    else:
        tagged = (c_int(4), library._integers(shape), c_int(library._F32), c_int(_BLOCKS[_lanes()]))
        images = library._Descriptor(library._new("memory_desc_create_with_tag", *tagged))
    chosen = library._Descriptor.any((channels, 1, 1, 1, 1))  # with one pixel and full blocks, it is the plain layout
    weights, biases = (library._Descriptor.plain(shape) for shape in ((channels, 1, 1, 1, 1), (channels,)))
    strides, paddings = library._integers((1, 1)), (library._integers((0, 0)),) * 3
    arrays = (images.handle, chosen.handle, biases.handle, images.handle)
    kinds = (c_int(library._DIRECT), *arrays, strides, *paddings)
    attributes, create = library._attributes(), "convolution_{}_primitive_desc_create"
    forward = (library._engine(), c_int(_FORWARD_TRAINING), *kinds, attributes)
    descriptions = [library._new(create.format("forward"), *forward)]
    backward = (library._engine(), *kinds, *descriptions, attributes)
    descriptions.insert(0, library._new(create.format("backward_weights"), *backward))
    roles = {_SRC: images, _DIFF_DST: images, _DIFF_WEIGHTS: weights, _DIFF_BIAS: biases}
    return Computation(descriptions, roles, threads)


@lru_cache(maxsize=1)
def _lanes() -> int:
    """Numbers in a vector register."""
    return 16 if library._dnnl().dnnl_get_effective_cpu_isa() & _AVX_512 else 8


class _Mine(local):
    """What each thread has for itself: it sets the addresses."""

    def __init__(self) -> None:
        self.layer_norm = prepared(_layer_norm)
        self.batch_norm = prepared(_batch_norm)
        self.depthwise = prepared(_depthwise)


_mine = _Mine()
