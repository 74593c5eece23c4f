"""Convolution, pooling and resampling of images, sequences and volumes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nn.onnx.graph import Graph, Value
from nn.onnx.sizes import fixed
from nn.onnx.table import Rules

__all__ = ["SPATIAL"]

SPATIAL = Rules()


def _pads(padding: Any) -> list[int]:
    """The zeros before the first pixel along each axis, then those after the last."""
    return [int(p[side]) for side in (0, 1) for p in padding]


@SPATIAL.of("conv1d", "conv2d", "conv3d")
def _conv(
    g: Graph, x: Value, weight: Value, bias: Any = None, *, stride: Any, padding: Any, dilation: Any, groups: int
) -> Value:
    return g(
        "Conv", x, weight, bias, strides=list(stride), pads=_pads(padding), dilations=list(dilation), group=int(groups)
    )


@SPATIAL.of("conv1d_input_grad", "conv2d_input_grad", "conv3d_input_grad")
def _conv_transpose(
    g: Graph, y_bar: Value, weight: Value, *, size: Any, stride: Any, padding: Any, dilation: Any, groups: int
) -> Value:
    """The transposed convolution; pixels that no window reached are added at the end."""
    pixels, kernel = fixed(y_bar.sizes[2:]), fixed(weight.sizes[2:])
    extra = [
        n - ((m - 1) * s + (k - 1) * d + 1 - p - q)
        for n, m, k, s, d, (p, q) in zip(size, pixels, kernel, stride, dilation, padding, strict=True)
    ]
    return g(
        "ConvTranspose",
        y_bar,
        weight,
        strides=list(stride),
        pads=_pads(padding),
        dilations=list(dilation),
        group=int(groups),
        output_padding=extra if any(extra) else None,
    )


@SPATIAL.of("max_pool1d", "max_pool2d", "max_pool3d")
def _max_pool(g: Graph, x: Value, kernel: Any, stride: Any, padding: Any, dilation: Any) -> Value:
    return g(
        "MaxPool", x, kernel_shape=list(kernel), strides=list(stride), pads=_pads(padding), dilations=list(dilation)
    )


@SPATIAL.of("sum_pool1d", "sum_pool2d", "sum_pool3d")
def _sum_pool(g: Graph, x: Value, kernel: Any, stride: Any, padding: Any) -> Value:
    """The average with its zeros, times the number of pixels in the window."""
    mean = g(
        "AveragePool",
        x,
        kernel_shape=list(kernel),
        strides=list(stride),
        pads=_pads(padding),
        count_include_pad=1,
    )
    return g("Mul", mean, float(math.prod(kernel)))


@SPATIAL.of("upsample")
def _upsample(g: Graph, x: Value, size: Any, steps: Any, mode: str, align_corners: bool) -> Value:
    """Each axis by itself: pixels chosen by their numbers, or a matrix of weights."""
    y = x
    for axis, (n, m, step) in enumerate(zip(fixed(x.sizes[2:]), size, steps, strict=True), 2):
        if n == m and step == 1:
            continue
        if mode == "nearest":
            places = np.floor(np.arange(m).astype(np.float32) * np.float32(step))  # as `mg.upsample` has it
            chosen = np.minimum(places.astype(np.int64), n - 1)
            y = g("Gather", y, g.constant(chosen), axis=axis)
        else:
            y = _along(g, y, axis, len(x.sizes), _weights(n, m, step, align_corners, g.dtype))
    return g("Identity", y) if y is x else y


def _weights(n: int, m: int, step: float, align_corners: bool, dtype: Any) -> Any:
    """The matrix (M, n) of linear interpolation: each of M pixels is between two of n."""
    places = np.arange(m) * step if align_corners else (np.arange(m) + 0.5) * step - 0.5
    places = np.clip(places, 0, n - 1)
    low = np.minimum(np.floor(places).astype(int), n - 1)
    high, part = np.minimum(low + 1, n - 1), places - low
    matrix = np.zeros((m, n))
    np.add.at(matrix, (np.arange(m), low), 1 - part)
    np.add.at(matrix, (np.arange(m), high), part)
    return matrix.astype(dtype)


def _along(g: Graph, x: Value, axis: int, ndim: int, matrix: Any) -> Value:
    """A matrix times the vectors along an axis, which is brought to the end for it."""
    if axis == ndim - 1:
        return g("MatMul", x, g.constant(matrix.T))
    perm = list(range(ndim))
    perm[axis], perm[-1] = perm[-1], perm[axis]
    swapped = g("Transpose", x, perm=perm)
    return g("Transpose", g("MatMul", swapped, g.constant(matrix.T)), perm=perm)
