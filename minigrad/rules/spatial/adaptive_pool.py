"""Pooling to a size that is asked for, whatever the size of the image.

M bins divide N pixels, the i-th from ⌊iN/M⌋ up to ⌈(i + 1)N/M⌉, so that all pixels are seen, and some twice where M
does not divide N. Bins of one length at one distance are the windows of ordinary pooling. Others are averaged by a
matrix for each axis; of their largest elements the places are found first.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np

from minigrad.device import device_of, to_device
from minigrad.kernels.spatial.windows import Sizes
from minigrad.rules.manipulation.shape import reshape
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.spatial.avg_pool import sum_pool
from minigrad.rules.spatial.max_pool import POOLS, images, ordered, with_indices
from minigrad.rules.spatial.windows import or_several

__all__ = [
    "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d", "adaptive_max_pool1d",
    "adaptive_max_pool2d", "adaptive_max_pool3d",
]  # fmt: skip

OutputSize = int | None | Sequence[int | None]
Bins = list[tuple[int, int]]  # along one axis: where each starts, and where it ends


def adaptive_avg_pool1d(x: Any, output_size: OutputSize) -> Any:
    """A sequence of the size asked for, each element the average of a bin: `adaptive_avg_pool2d` along one axis.

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
    return _averages("adaptive_avg_pool1d", 1, x, output_size)


def adaptive_avg_pool2d(x: Any, output_size: OutputSize) -> Any:
    """Images of the size asked for, each pixel the average of a bin.

    A NaN or ∞ reaches the other bins of its rows and columns where the bins are no windows at regular distances.

    Arguments:
        x: images, shape ``(N, C, H, W)``.
        output_size: (OH, OW), or one number for both; ``None`` keeps the size of an axis.

    Returns:
        Shape ``(N, C, OH, OW)``; a pixel is the average of rows ⌊iH/OH⌋ up to ⌈(i + 1)H/OH⌉, and columns likewise.

    Raises:
        ValueError: if `x` is not four-dimensional or empty, or the size is none.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.adaptive_avg_pool2d(np.arange(16.0).reshape(1, 1, 4, 4), (2, 1))
    array([[[[ 3.5],
             [11.5]]]])
    """
    return _averages("adaptive_avg_pool2d", 2, x, output_size)


def adaptive_avg_pool3d(x: Any, output_size: OutputSize) -> Any:
    """Volumes of the size asked for, each element the average of a bin: `adaptive_avg_pool2d` along three axes.

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
    return _averages("adaptive_avg_pool3d", 3, x, output_size)


def adaptive_max_pool1d(x: Any, output_size: OutputSize, return_indices: bool = False) -> Any:
    """A sequence of the size asked for, each element the largest of a bin: `adaptive_max_pool2d` along one axis.

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
    return _largest("adaptive_max_pool1d", 1, x, output_size, return_indices)


def adaptive_max_pool2d(x: Any, output_size: OutputSize, return_indices: bool = False) -> Any:
    """Images of the size asked for, each pixel the largest of a bin; of those that tie, the first.

    Arguments:
        x: images, shape ``(N, C, H, W)``.
        output_size: (OH, OW), or one number for both; ``None`` keeps the size of an axis.
        return_indices: whether to give the place of each winner in its image, too, counted row by row.

    Returns:
        Shape ``(N, C, OH, OW)``, of the bins of `adaptive_avg_pool2d`; if asked for, with a plain array of int64.

    Raises:
        ValueError: as `adaptive_avg_pool2d`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.adaptive_max_pool2d(np.arange(16.0).reshape(1, 1, 4, 4), (2, 1))
    array([[[[ 7.],
             [15.]]]])
    """
    return _largest("adaptive_max_pool2d", 2, x, output_size, return_indices)


def adaptive_max_pool3d(x: Any, output_size: OutputSize, return_indices: bool = False) -> Any:
    """Volumes of the size asked for, each element the largest of a bin: `adaptive_max_pool2d` along three axes.

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
    return _largest("adaptive_max_pool3d", 3, x, output_size, return_indices)


def _averages(name: str, axes: int, x: Any, output_size: OutputSize) -> Any:
    x = images(name, axes, x)
    bins = _bins(name, x.shape[2:], output_size)
    if (window := _as_windows(bins)) is not None:
        return sum_pool(axes, x, window) / prod(window["kernel"])
    for axis, (n, of_axis) in enumerate(zip(x.shape[2:], bins, strict=True), 2):
        if len(of_axis) != n:
            x = _times(_averaging(of_axis, n, x), x, axis)
    return x


def _largest(name: str, axes: int, x: Any, output_size: OutputSize, return_indices: bool) -> Any:
    x = ordered(name, images(name, axes, x))
    bins = _bins(name, x.shape[2:], output_size)
    if (window := _as_windows(bins)) is not None:
        return with_indices(POOLS[axes], x, window, return_indices)
    places = _winners(unwrap(x), bins)
    elements = reshape(x, (*x.shape[:2], prod(x.shape[2:])))
    chosen = places.reshape(*x.shape[:2], prod(places.shape[2:]))
    y = reshape(np.take_along_axis(elements, chosen, axis=2), places.shape)
    return (y, places) if return_indices else y


def _bins(name: str, size: Sizes, output_size: OutputSize) -> list[Bins]:
    """The bins along each axis."""
    asked: tuple[Any, ...] = tuple(output_size) if isinstance(output_size, tuple | list) else (output_size,) * len(size)
    if len(asked) != len(size) or not all(m is None or (isinstance(m, int | np.integer) and m >= 1) for m in asked):
        raise ValueError(
            f"{name}: output_size must be a whole number ≥ 1{or_several(len(size))}, where None stands for the size "
            f"that there is; got {output_size!r}"
        )
    if not all(size):
        raise ValueError(f"{name}: the size {size} has no pixels to fill bins with")
    counts = [(n, n if m is None else int(m)) for n, m in zip(size, asked, strict=True)]
    return [[(i * n // m, -(-(i + 1) * n // m)) for i in range(m)] for n, m in counts]


def _as_windows(bins: list[Bins]) -> dict[str, Any] | None:
    """The bins as the windows of ordinary pooling, if along each axis they are at one distance.

    Then they have one length, too: seen from the other end, they end where they start from this one.
    """
    kernel, stride = [], []
    for of_axis in bins:
        length = of_axis[0][1]  # the first starts at 0
        distances = {b - a for (a, _), (b, _) in pairwise(of_axis)} or {length}
        if len(distances) > 1 or 0 in distances:
            return None
        kernel.append(length)
        stride.append(min(distances))
    axes = len(bins)
    return {
        "kernel": tuple(kernel), "stride": tuple(stride), "padding": ((0, 0),) * axes, "dilation": (1,) * axes,
    }  # fmt: skip


def _averaging(bins: Bins, n: int, x: Any) -> Any:
    """The matrix that averages n pixels into bins: 1 / length where the bin of the row is."""
    matrix = np.zeros((len(bins), n), x.dtype if x.dtype.kind == "f" else float)
    for row, (start, end) in zip(matrix, bins, strict=True):
        row[start:end] = 1 / (end - start)
    return to_device(matrix, device_of(x))


def _times(matrix: Any, x: Any, axis: int) -> Any:
    """The matrix times each line of pixels along an axis."""
    if axis == x.ndim - 1:
        return x @ matrix.T
    rows = matrix @ reshape(x, (*x.shape[: axis + 1], prod(x.shape[axis + 1 :])))
    return reshape(rows, (*x.shape[:axis], len(matrix), *x.shape[axis + 1 :]))


def _winners(x: Any, bins: list[Bins]) -> Any:
    """The place of the largest element of each bin, counted row by row over the image.

    All bins are as long as the longest here: the last pixel of a shorter one is there more than once.
    """
    axes, rows, places = len(bins), [], np.zeros((), np.int64)
    for axis, (n, of_axis) in enumerate(zip(x.shape[2:], bins, strict=True)):
        longest = max(end - start for start, end in of_axis)
        row = np.array([[min(start + i, end - 1) for i in range(longest)] for start, end in of_axis])
        apart = (*(1,) * axis, len(of_axis), *(1,) * (axes - 1), longest, *(1,) * (axes - 1 - axis))
        rows.append(row.reshape(apart))
        places = places * n + rows[-1]
    elements = x[:, :, *(to_device(row, device_of(x)) for row in rows)]  # (N, C, *bins, *in the bin)
    size = elements.shape[2 : 2 + axes]
    table = to_device(places.reshape(prod(size), -1), device_of(x))
    first = np.argmax(elements.reshape(*x.shape[:2], *table.shape), axis=3)
    return table[to_device(np.arange(prod(size)), device_of(x)), first].reshape(*x.shape[:2], *size)
