"""Convolution as matrix products (im2col).

The windows of an image, copied into the columns of a matrix (C·KH·KW, OH·OW), turn the scan into one
product with the filters (O, C·KH·KW), whose result (O, OH·OW) already is the image of feature maps. The
columns are made for a few samples at a time, so that they stay in the processor's cache, and made again
in the backward pass instead of being stored: they are KH·KW times as large as the images.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from minigrad.arrays import device_of
from minigrad.kernels.windows import Pair, output_size, pad, taps, unpad, windows

_COLUMNS_BYTES = 1 << 19  # half of a usual second-level cache: the product's other operands fit beside it
_COLUMNS_BYTES_GPU = 1 << 28  # a GPU is slow in many small steps, and needs no cache that is warm


def conv2d(x: Any, weight: Any, bias: Any = None, *, stride: Pair, padding: Pair) -> Any:
    """z (N, O, OH, OW) from x (N, C, H, W), weight (O, C, KH, KW) and bias (O,)."""
    filters, kernel = weight.shape[0], weight.shape[2:]
    oh, ow = output_size(x.shape[2:], kernel, stride, padding)
    matrix = weight.reshape(filters, -1)
    z = np.empty_like(x, shape=(len(x), filters, oh * ow), dtype=np.result_type(x, weight))
    for samples, columns in _columns(x, kernel, stride, padding):
        np.matmul(matrix, columns, out=z[samples])
    if bias is not None:
        z += bias[:, None]
    return z.reshape(len(x), filters, oh, ow)


def conv2d_weight_grad(z_bar: Any, x: Any, *, kernel: Pair, stride: Pair, padding: Pair) -> Any:
    """weight_bar (O, C, KH, KW): every position of every sample adds its window times its error signal."""
    n, filters, oh, ow = z_bar.shape
    rows = z_bar.reshape(n, filters, oh * ow)
    channels = x.shape[1]
    weight_bar = np.zeros_like(z_bar, shape=(filters, channels * kernel[0] * kernel[1]), dtype=np.result_type(z_bar, x))
    for samples, columns in _columns(x, kernel, stride, padding):
        weight_bar += np.matmul(rows[samples], columns.swapaxes(1, 2)).sum(axis=0)
    return weight_bar.reshape(filters, channels, *kernel)


def conv2d_input_grad(z_bar: Any, weight: Any, *, size: Pair, stride: Pair, padding: Pair) -> Any:
    """x_bar (N, C, *size): the error signal of each position, times the filter, laid back where it came from."""
    (n, filters, oh, ow), (_, channels, kh, kw) = z_bar.shape, weight.shape
    matrix = weight.reshape(filters, -1).T.copy()
    columns = np.matmul(matrix, z_bar.reshape(n, filters, oh * ow)).reshape(n, channels, kh * kw, oh, ow)
    padded = tuple(length + 2 * p for length, p in zip(size, padding, strict=True))
    x_bar = np.zeros_like(columns, shape=(n, channels, *padded))
    for i, place in enumerate(taps(x_bar, (kh, kw), stride, (oh, ow))):
        place += columns[:, :, i]
    return unpad(x_bar, padding)


def _columns(x: Any, kernel: Pair, stride: Pair, padding: Pair) -> Iterator[tuple[slice, Any]]:
    """The windows of a few samples at a time, as columns (n, C·KH·KW, OH·OW), in a workspace used again."""
    view = windows(pad(x, padding), kernel, stride)
    n, (oh, ow) = len(view), view.shape[-2:]
    per_sample = view[:1].size
    limit = _COLUMNS_BYTES if device_of(x) == "cpu" else _COLUMNS_BYTES_GPU
    step = max(1, min(n, limit // max(1, per_sample * x.itemsize)))
    workspace = np.empty_like(x, shape=(step, *view.shape[1:]))
    for start in range(0, n, step):
        samples = slice(start, min(start + step, n))
        filled = workspace[: samples.stop - start]
        np.copyto(filled, view[samples])
        yield samples, filled.reshape(len(filled), -1, oh * ow)
