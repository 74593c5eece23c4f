"""Convolution as one matrix product for all samples at once: a GPU is slow in many small steps."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from minigrad.kernels.spatial.windows import Borders, Sizes, output_size, pad, taps, unpad


def conv(
    x: Any, weight: Any, bias: Any = None, *, stride: Sizes, padding: Borders, dilation: Sizes, groups: int
) -> Any:
    """z (N, O, *positions) from x (N, C, *size), weight (O, C/groups, *kernel) and bias (O,)."""
    filters, kernel = weight.shape[0], weight.shape[2:]
    positions = output_size(x.shape[2:], kernel, stride, padding, dilation)
    columns = _columns(x, kernel, stride, padding, dilation, positions, groups)
    z = matmul(weight.reshape(groups, filters // groups, columns.shape[2]), columns)
    z = z.reshape(len(x), filters, *positions)
    return z if bias is None else z + bias.reshape(filters, *(1,) * len(kernel))


def conv_weight_grad(
    z_bar: Any, x: Any, *, kernel: Sizes, stride: Sizes, padding: Borders, dilation: Sizes, groups: int
) -> Any:
    """weight_bar (O, C/groups, *kernel): every position of every sample adds its window times its error signal."""
    n, filters, *positions = z_bar.shape
    columns = _columns(x, kernel, stride, padding, dilation, tuple(positions), groups)
    rows = z_bar.reshape(n, groups, filters // groups, columns.shape[3])
    return matmul(rows, columns.swapaxes(2, 3)).sum(axis=0).reshape(filters, x.shape[1] // groups, *kernel)


def conv_input_grad(
    z_bar: Any, weight: Any, *, size: Sizes, stride: Sizes, padding: Borders, dilation: Sizes, groups: int
) -> Any:
    """x_bar (N, C, *size): the error signal of each position, times the filter, laid back where it came from."""
    n, filters, *positions = z_bar.shape
    channels, kernel = weight.shape[1] * groups, weight.shape[2:]
    matrix = weight.reshape(groups, filters // groups, prod(weight.shape[1:])).swapaxes(1, 2)
    rows = z_bar.reshape(n, groups, filters // groups, prod(positions))
    columns = matmul(matrix, rows).reshape(n, channels, prod(kernel), *positions)
    padded = tuple(length + sum(p) for length, p in zip(size, padding, strict=True))
    x_bar = np.zeros_like(columns, shape=(n, channels, *padded))
    for i, place in enumerate(taps(x_bar, kernel, stride, dilation, tuple(positions))):
        place += columns[:, :, i]
    return unpad(x_bar, padding)


def matmul(a: Any, b: Any, out: Any = None) -> Any:
    """``np.matmul`` without the warning "invalid value", so that a convolution warns on no processor.

    BLAS with AVX-512 pads the edges of a matrix with zeros, and so warns of 0 · ∞ that is in none of its results. Where
    the matrices themselves have it, their product has NaN.
    """
    with np.errstate(invalid="ignore"):
        return np.matmul(a, b, out=out)


def _columns(
    x: Any, kernel: Sizes, stride: Sizes, padding: Borders, dilation: Sizes, positions: Sizes, groups: int
) -> Any:
    """The windows of every sample, as columns (N, groups, C/groups · F…, positions)."""
    places = list(taps(pad(x, padding), kernel, stride, dilation, positions))
    columns = np.stack(places, axis=2)
    return columns.reshape(len(x), groups, x.shape[1] // groups * len(places), prod(positions))
