"""Adaptive pooling: to a given output size, whatever the size of the image.

M bins divide N pixels, the i-th from ⌊iN/M⌋ up to ⌈(i + 1)N/M⌉, so that every pixel is in a bin, and some are in two
where M does not divide N. Bins of equal length at equal distances are the windows of ordinary pooling. Other bins are
averaged by a matrix for each axis; for their maxima, the indices of the winners are found first.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np

from minigrad.device import device_of, to_device
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.kernels.spatial.windows import Ints
from minigrad.recorder import recordable
from minigrad.rules.manipulation.shape import reshape
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.spatial.avg_pool import sum_pool
from minigrad.rules.spatial.max_pool import max_pool
from minigrad.rules.spatial.pool_arguments import as_images, refuse_complex
from minigrad.rules.spatial.windows import or_per_axis
from minigrad.typing import Array

__all__ = [
    "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d", "adaptive_max_pool1d",
    "adaptive_max_pool2d", "adaptive_max_pool3d",
]  # fmt: skip

OutputSize = int | None | Sequence[int | None]
Bins = list[tuple[int, int]]  # along one axis: where each starts, and where it ends


# ---------------------------------------------------------------- public functions
def adaptive_avg_pool1d(x: Array, output_size: OutputSize) -> Array:
    """Average a sequence into this number of bins: `adaptive_avg_pool2d` along one axis.

    Arguments:
        x: sequences, shape ``(N, C, L)``.
        output_size: OL; ``None`` for L.

    Returns:
        Shape ``(N, C, OL)``.

    Raises:
        ValueError: as `adaptive_avg_pool2d`.

    >>> import minigrad as mg
    >>> mg.adaptive_avg_pool1d([[[1.0, 2.0, 3.0, 4.0, 5.0]]], 2)
    array([[[2., 4.]]])
    """
    return _adaptive_avg_pool(1, x, output_size)


def adaptive_avg_pool2d(x: Array, output_size: OutputSize) -> Array:
    """Average an image into bins: an output of this size, whatever the size of the image.

    Where bins are not at equal distances, a NaN or ∞ also reaches the other bins of its rows and columns.

    Arguments:
        x: images, shape ``(N, C, H, W)``.
        output_size: (OH, OW), or one number for both; ``None`` keeps the size of an axis.

    Returns:
        Shape ``(N, C, OH, OW)``; a pixel is the average of rows ⌊iH/OH⌋ up to ⌈(i + 1)H/OH⌉, and columns likewise.

    Raises:
        ValueError: if `x` is not four-dimensional or empty, or `output_size` is not such a number.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.adaptive_avg_pool2d(np.arange(16.0).reshape(1, 1, 4, 4), (2, 1))
    array([[[[ 3.5],
             [11.5]]]])
    """
    return _adaptive_avg_pool(2, x, output_size)


def adaptive_avg_pool3d(x: Array, output_size: OutputSize) -> Array:
    """Average a volume into bins: `adaptive_avg_pool2d` along three axes.

    Arguments:
        x: volumes, shape ``(N, C, D, H, W)``.
        output_size: (OD, OH, OW), or one number for all; ``None`` keeps the size of an axis.

    Returns:
        Shape ``(N, C, OD, OH, OW)``.

    Raises:
        ValueError: as `adaptive_avg_pool2d`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.adaptive_avg_pool3d(np.ones((1, 2, 7, 6, 5)), (None, 2, 3)).shape
    (1, 2, 7, 2, 3)
    """
    return _adaptive_avg_pool(3, x, output_size)


def adaptive_max_pool1d(x: Array, output_size: OutputSize, return_indices: bool = False) -> Any:
    """The largest elements of this number of bins of a sequence: `adaptive_max_pool2d` along one axis.

    Arguments:
        x: sequences, shape ``(N, C, L)``.
        output_size: OL; ``None`` for L.
        return_indices: as for `adaptive_max_pool2d`.

    Returns:
        Shape ``(N, C, OL)``, with the indices if asked for.

    Raises:
        ValueError: as `adaptive_avg_pool2d`.

    >>> import minigrad as mg
    >>> mg.adaptive_max_pool1d([[[1.0, 2.0, 3.0, 4.0, 5.0]]], 2)
    array([[[3., 5.]]])
    """
    return _adaptive_max_pool(1, x, output_size, return_indices)


def adaptive_max_pool2d(x: Array, output_size: OutputSize, return_indices: bool = False) -> Any:
    """The largest element of each bin of an image; where several tie, the first wins.

    Arguments:
        x: images, shape ``(N, C, H, W)``.
        output_size: (OH, OW), or one number for both; ``None`` keeps the size of an axis.
        return_indices: whether to return the index of each winner in its image, too, counted row by row.

    Returns:
        Shape ``(N, C, OH, OW)``, for the bins of `adaptive_avg_pool2d`; if asked for, together with an int64 array of
        the same shape.

    Raises:
        ValueError: as `adaptive_avg_pool2d`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.adaptive_max_pool2d(np.arange(16.0).reshape(1, 1, 4, 4), (2, 1))
    array([[[[ 7.],
             [15.]]]])
    """
    return _adaptive_max_pool(2, x, output_size, return_indices)


def adaptive_max_pool3d(x: Array, output_size: OutputSize, return_indices: bool = False) -> Any:
    """The largest element of each bin of a volume: `adaptive_max_pool2d` along three axes.

    Arguments:
        x: volumes, shape ``(N, C, D, H, W)``.
        output_size: (OD, OH, OW), or one number for all; ``None`` keeps the size of an axis.
        return_indices: as for `adaptive_max_pool2d`.

    Returns:
        Shape ``(N, C, OD, OH, OW)``, with the indices if asked for.

    Raises:
        ValueError: as `adaptive_avg_pool2d`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.adaptive_max_pool3d(np.ones((1, 2, 7, 6, 5)), (None, 2, 3)).shape
    (1, 2, 7, 2, 3)
    """
    return _adaptive_max_pool(3, x, output_size, return_indices)


def _adaptive_avg_pool(axes: int, x: Array, output_size: OutputSize) -> Array:
    name = f"adaptive_avg_pool{axes}d"
    x = as_images(name, axes, x)
    return in_single_precision(_averages, x, _bins(name, x.shape[2:], output_size))


def _averages(x: Array, bins: list[Bins]) -> Array:
    if (window := _as_window(bins)) is not None:
        return sum_pool(len(bins), x, window) / prod(window["kernel"])
    for axis, (n, axis_bins) in enumerate(zip(x.shape[2:], bins, strict=True), 2):
        if len(axis_bins) != n:
            x = _matmul_along(axis, _averaging_matrix(axis_bins, n, x), x)
    return x


def _adaptive_max_pool(axes: int, x: Array, output_size: OutputSize, return_indices: bool) -> Any:
    name = f"adaptive_max_pool{axes}d"
    x = refuse_complex(name, as_images(name, axes, x))
    bins = _bins(name, x.shape[2:], output_size)
    if (window := _as_window(bins)) is not None:
        return max_pool(axes, x, window, return_indices)
    indices = _winners(unwrap(x), bins)
    pixels = reshape(x, (*x.shape[:2], prod(x.shape[2:])))
    chosen = indices.reshape(*x.shape[:2], prod(indices.shape[2:]))
    y = reshape(np.take_along_axis(pixels, chosen, axis=2), indices.shape)
    return (y, indices) if return_indices else y


# ---------------------------------------------------------------- bins
def _bins(name: str, size: Ints, output_size: OutputSize) -> list[Bins]:
    """The bins along each axis."""
    numbers: tuple[Any, ...] = (
        tuple(output_size) if isinstance(output_size, tuple | list) else (output_size,) * len(size)
    )
    if len(numbers) != len(size) or not all(m is None or (isinstance(m, int | np.integer) and m >= 1) for m in numbers):
        raise ValueError(
            f"{name}: output_size must be a whole number ≥ 1{or_per_axis(len(size))}, where None keeps the size of an "
            f"axis; got {output_size!r}"
        )
    if not all(size):
        raise ValueError(f"{name}: an image of size {size} has no pixels to pool")
    counts = [(n, n if m is None else int(m)) for n, m in zip(size, numbers, strict=True)]
    return [[(i * n // m, -(-(i + 1) * n // m)) for i in range(m)] for n, m in counts]


def _as_window(bins: list[Bins]) -> dict[str, Any] | None:
    """The window of ordinary pooling that has these bins, if along each axis they are at equal distances.

    Then they also have equal lengths: counted from the other end of the image, ends are starts.
    """
    kernel, stride = [], []
    for axis_bins in bins:
        length = axis_bins[0][1]  # the first starts at 0
        distances = {b - a for (a, _), (b, _) in pairwise(axis_bins)} or {length}
        if len(distances) > 1 or 0 in distances:
            return None
        kernel.append(length)
        stride.append(min(distances))
    axes = len(bins)
    return {
        "kernel": tuple(kernel), "stride": tuple(stride), "padding": ((0, 0),) * axes, "dilation": (1,) * axes,
    }  # fmt: skip


def _averaging_matrix(bins: Bins, n: int, x: Array) -> Array:
    """The matrix (M, n) that averages n pixels into M bins: 1 / length within the bin of its row."""
    matrix = np.zeros((len(bins), n), x.dtype if x.dtype.kind in "fc" else float)
    for row, (start, end) in zip(matrix, bins, strict=True):
        row[start:end] = 1 / (end - start)
    return to_device(matrix, device_of(x))


def _matmul_along(axis: int, matrix: Array, x: Array) -> Array:
    """The matrix times each vector of pixels along an axis."""
    if axis == x.ndim - 1:
        return x @ matrix.T
    product = matrix @ reshape(x, (*x.shape[: axis + 1], prod(x.shape[axis + 1 :])))
    return reshape(product, (*x.shape[:axis], len(matrix), *x.shape[axis + 1 :]))


@recordable
def _winners(x: Array, bins: list[Bins]) -> Array:
    """The index in the image of the largest element of each bin, counted row by row.

    All bins are made as long as the longest: the last pixel of a shorter one is repeated.
    """
    axes, coordinates, flat = len(bins), [], np.zeros((), np.int64)
    for axis, (n, axis_bins) in enumerate(zip(x.shape[2:], bins, strict=True)):
        longest = max(end - start for start, end in axis_bins)
        along = np.array([[min(start + i, end - 1) for i in range(longest)] for start, end in axis_bins])
        coordinates.append(np.expand_dims(along, tuple(i for i in range(2 * axes) if i % axes != axis)))
        flat = flat * n + coordinates[-1]
    elements = x[:, :, *(to_device(index, device_of(x)) for index in coordinates)]  # (N, C, *bins, *within the bin)
    out_size = elements.shape[2 : 2 + axes]
    table = to_device(flat.reshape(prod(out_size), -1), device_of(x))
    first = np.argmax(elements.reshape(*x.shape[:2], *table.shape), axis=3)
    return table[to_device(np.arange(prod(out_size)), device_of(x)), first].reshape(*x.shape[:2], *out_size)
