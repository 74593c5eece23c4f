"""Images seen through affine maps, one for each image, by bilinear interpolation.

All images of a block share each step: NumPy takes the four neighbours of every pixel by one table of places. Per image,
`scipy.ndimage.affine_transform` needs five times as long for a batch of digits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.data.augmentation.images import computed_in, rounded_to

__all__ = ["resample"]

BLOCK = 2**16  # pixels of one channel: a batch of digits at once; the memory of a block is used again by the next
EXACT = 2**24  # whole numbers up to this one are exact in float32


def resample(images: NDArray[Any], maps: NDArray[np.float64], mode: str, fill: float) -> NDArray[Any]:
    """Images whose pixel at p is the given image's value at A p + t, of places p from the middle of the image.

    Arguments:
        images: shape (N, C, H, W).
        maps: A and t side by side, (2, 3, N); rows and columns count downwards and to the right.
        mode: how the image continues beyond its border: "constant", "edge" or "reflect", as in `numpy.pad`.
        fill: the value beyond the border, for the mode "constant".
    """
    n, channels, height, width = images.shape
    dtype = computed_in(images.dtype)
    out = np.empty(images.shape, dtype)
    plane, stride = (height + 2) * (width + 2), width + 2  # each image gets a border of one pixel
    most = max(1, BLOCK // plane)  # the dtype of places must not depend on n, as no sample may depend on its batch
    places = np.float32 if most * channels * plane < EXACT and dtype == np.float32 else np.float64
    block = max(1, min(n, most))
    pixels = np.full(block * channels * plane + stride + 1, fill, dtype)  # the last pixel, too, has neighbours
    bordered = pixels[: block * channels * plane].reshape(block, channels, height + 2, width + 2)
    first = np.arange(block, dtype=places)[:, None, None] * (channels * plane) + (stride + 1)
    y_of, x_of = _places(maps, height, width, places)
    memory = np.empty((4, block, height, width), places), np.empty((3, block, height, width), dtype)
    indices = np.empty((block, height, width), np.intp)
    for start in range(0, n, block):
        part = slice(start, min(start + block, n))
        size = part.stop - start
        bordered[:size, :, 1:-1, 1:-1] = images[part]
        (y, row, x, column), (above, below, right) = memory[0][:, :size], memory[1][:, :size]
        _split(y_of[0][part], y_of[1][part], height, mode, y, row)
        _split(x_of[0][part], x_of[1][part], width, mode, x, column)
        row *= stride
        row += column
        row += first[:size]
        index = indices[:size]
        index[...] = row
        x, y = x.astype(dtype, copy=False), y.astype(dtype, copy=False)
        for channel in range(channels):
            _between(pixels[channel * plane :], index, x, above, right)
            _between(pixels[channel * plane + stride :], index, x, below, right)
            below -= above
            below *= y
            np.add(above, below, out=out[part, channel])
    return rounded_to(images.dtype, out)


def _places(maps: NDArray[np.float64], height: int, width: int, dtype: Any) -> tuple[Any, Any]:
    """The rows and the columns to look at, each as the sum of an array (N, H, 1) and one (N, 1, W)."""
    i = np.arange(height) - (height - 1) / 2
    j = np.arange(width) - (width - 1) / 2
    y_of, x_of = (
        (
            (of_row[:, None] * i + (shift + middle)[:, None])[:, :, None].astype(dtype),
            (of_column[:, None] * j)[:, None].astype(dtype),
        )
        for (of_row, of_column, shift), middle in zip(maps, ((height - 1) / 2, (width - 1) / 2), strict=True)
    )
    return y_of, x_of


def _split(of_row: Any, of_column: Any, size: int, mode: str, share: NDArray[Any], whole: NDArray[Any]) -> None:
    """Places along an axis as whole numbers and what is left of 1; beyond the border of one pixel all is the same."""
    np.add(of_row, of_column, out=share)
    if mode == "constant":
        np.clip(share, -1, size, out=share)
    else:
        if mode == "reflect" and size > 1:  # back and forth with this period, from -(size - 1) to size - 1
            period = 2 * (size - 1)
            np.add(share, size - 1, out=whole)
            whole /= period
            np.floor(whole, out=whole)
            whole *= period
            share -= whole
            np.abs(share, out=share)
        np.clip(share, 0, size - 1, out=share)
    np.floor(share, out=whole)
    share -= whole


def _between(pixels: NDArray[Any], index: Any, share: Any, left: NDArray[Any], right: NDArray[Any]) -> None:
    """In `left`, what is between each pixel and its right neighbour; `right` is memory for it."""
    np.take(pixels, index, out=left, mode="wrap")  # the fastest mode, and all places are there
    np.take(pixels[1:], index, out=right, mode="wrap")
    right -= left
    right *= share
    left += right
