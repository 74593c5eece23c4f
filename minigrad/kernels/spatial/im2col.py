"""Convolution by im2col: the windows as columns of a matrix, and one matrix product for all samples at once.

A GPU is slow in many small steps, so this is its way. On the CPU it computes what must not touch ∞ needlessly.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from minigrad.kernels.spatial.windows import Ints, PadWidth, dilated_size, output_size, pad, shifted_views, unpad
from minigrad.typing import Array


def conv(
    x: Array, weight: Array, bias: Array = None, *, stride: Ints, padding: PadWidth, dilation: Ints, groups: int
) -> Array:
    """z (N, O, *out_size) from x (N, C, *size), weight (O, C/groups, *kernel) and bias (O,)."""
    filters, kernel = weight.shape[0], weight.shape[2:]
    out_size = output_size(x.shape[2:], kernel, stride, padding, dilation)
    columns = im2col(x, kernel, stride, padding, dilation, out_size, groups)
    z = matmul(weight.reshape(groups, filters // groups, columns.shape[2]), columns)
    z = z.reshape(len(x), filters, *out_size)
    return z if bias is None else z + bias.reshape(filters, *(1,) * len(kernel))


def conv_weight_grad(
    z_bar: Array, x: Array, *, kernel: Ints, stride: Ints, padding: PadWidth, dilation: Ints, groups: int
) -> Array:
    """weight_bar (O, C/groups, *kernel): the sum of all windows, each times its error signal."""
    n, filters, *out_size = z_bar.shape
    columns = im2col(x, kernel, stride, padding, dilation, tuple(out_size), groups)
    rows = z_bar.reshape(n, groups, filters // groups, columns.shape[3])
    return matmul(rows, columns.swapaxes(2, 3)).sum(axis=0).reshape(filters, x.shape[1] // groups, *kernel)


def conv_input_grad(
    z_bar: Array, weight: Array, *, size: Ints, stride: Ints, padding: PadWidth, dilation: Ints, groups: int
) -> Array:
    """x_bar (N, C, *size): each error signal times the filter, added to the pixels of its window."""
    n, filters, *out_size = z_bar.shape
    channels, kernel = weight.shape[1] * groups, weight.shape[2:]
    matrix = weight.reshape(groups, filters // groups, prod(weight.shape[1:])).swapaxes(1, 2)
    rows = z_bar.reshape(n, groups, filters // groups, prod(out_size))
    columns = matmul(matrix, rows).reshape(n, channels, prod(kernel), *out_size)
    return col2im(columns, size, kernel, stride, padding, dilation)


def im2col(
    x: Array, kernel: Ints, stride: Ints, padding: PadWidth, dilation: Ints, out_size: Ints, groups: int
) -> Array:
    """The windows of every sample as columns of a matrix (N, groups, C/groups · F…, positions)."""
    axes = len(kernel)
    windows = np.lib.stride_tricks.sliding_window_view(
        pad(x, padding), dilated_size(kernel, dilation), tuple(range(2, 2 + axes))
    )
    steps = (slice(None, None, step) for step in (*stride, *dilation))
    windows = windows[:, :, *steps].transpose(0, 1, *range(2 + axes, 2 + 2 * axes), *range(2, 2 + axes))
    return windows.reshape(len(x), groups, x.shape[1] // groups * prod(kernel), prod(out_size))


def col2im(columns: Array, size: Ints, kernel: Ints, stride: Ints, padding: PadWidth, dilation: Ints) -> Array:
    """Images (N, C, *size) to which each column is added where its window lies; columns (N, C, F…, *out_size)."""
    n, channels, _, *out_size = columns.shape
    padded_size = tuple(length + sum(p) for length, p in zip(size, padding, strict=True))
    x_bar = np.zeros_like(columns, shape=(n, channels, *padded_size))
    for i, view in enumerate(shifted_views(x_bar, kernel, stride, dilation, tuple(out_size))):
        view += columns[:, :, i]
    return unpad(x_bar, padding)


def matmul(a: Array, b: Array, out: Any = None) -> Array:
    """``np.matmul`` without the warning "invalid value", so that a convolution warns on no processor.

    BLAS with AVX-512 pads the edges of a matrix with zeros, and so warns of 0 · ∞ that is in none of its results. Where
    the matrices themselves have it, their product has NaN.
    """
    with np.errstate(invalid="ignore"):
        return np.matmul(a, b, out=out)
