"""How images lie in memory during a convolution, so that im2col copies long contiguous runs.

With stride 1, the pixels under one element of a filter at all positions are one contiguous run of memory: the image,
shifted. The run includes the gaps between one row of positions and the next, whose results are thrown away; but
copying long runs is several times as fast as copying row by row, and the surplus is a few per cent. So that a run never
leaves the image, padding is written between its rows; one border serves both the row before it and the row after.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import prod

import numpy as np

from minigrad.kernels.spatial.windows import Ints, PadWidth, output_size
from minigrad.typing import Array


@dataclass(frozen=True)
class MemoryLayout:
    """The layout of one channel, and of its rows in the im2col matrix; strides in elements, not in bytes."""

    size: Ints
    kernel: Ints
    out_size: Ints
    offset: int  # of the first pixel in its channel, after the padding
    strides: Ints  # from one pixel to the next along each axis
    length: int  # of a channel with its padding
    kernel_strides: Ints  # from the pixel under one element of the filter to that under the next
    run: Ints  # shape of what is copied for one element of the filter: (length,) with stride 1, or else `out_size`
    run_strides: Ints
    output_strides: Ints  # from one position to the next along each axis, within a run
    run_length: int  # elements of a run
    elements: int  # of a filter
    padded: bool  # whether a channel is longer than its pixels

    def images(self, channels: Array) -> Array:
        """The images (N, C, *size) within padded channels (N, C, length), as a view."""
        n, c = channels.shape[:2]
        return _view(channels, (n, c, *self.size), (c * self.length, self.length, *self.strides), self.offset)

    def windows(self, channels: Array) -> Array:
        """The pixels under each element of the filter: a view (C, *kernel, N, *run) of channels (N, C, length)."""
        n, c = channels.shape[:2]
        strides = (self.length, *self.kernel_strides, c * self.length, *self.run_strides)
        return _view(channels, (c, *self.kernel, n, *self.run), strides)

    def outputs(self, runs: Array, samples: int) -> Array:
        """The positions within the rows of a matrix (O, N · run): a view (N, O, *out_size)."""
        length = self.run_length
        return _view(runs, (samples, len(runs), *self.out_size), (length, samples * length, *self.output_strides))


@lru_cache(maxsize=256)  # a layer needs the same one in every training step
def memory_layout(size: Ints, kernel: Ints, stride: Ints, padding: PadWidth, dilation: Ints) -> MemoryLayout:
    """The layout for images of this size and filters with these settings."""
    out_size = output_size(size, kernel, stride, padding, dilation)
    axis_strides = [1]
    for n, border, m in list(zip(size, padding, out_size, strict=True))[:0:-1]:
        axis_strides.insert(0, axis_strides[0] * max(n + max(border), m))
    strides = tuple(axis_strides)
    offset = sum(before * step for (before, _), step in zip(padding, strides, strict=True))
    length = 1 + sum((n + sum(border) - 1) * step for n, border, step in zip(size, padding, strides, strict=True))
    kernel_strides = tuple(d * step for d, step in zip(dilation, strides, strict=True))
    if max(stride) == 1:
        run: Ints = (1 + sum((m - 1) * step for m, step in zip(out_size, strides, strict=True)),)
        run_strides: Ints = (1,)
        output_strides = strides
    else:
        run, run_strides = out_size, tuple(s * step for s, step in zip(stride, strides, strict=True))
        output_strides = tuple(prod(out_size[i + 1 :]) for i in range(len(out_size)))
    return MemoryLayout(
        *(size, kernel, out_size, offset, strides, length, kernel_strides, run, run_strides, output_strides),
        run_length=prod(run),
        elements=prod(kernel),
        padded=length != prod(size),
    )


def _view(x: Array, shape: Ints, strides: Ints, offset: int = 0) -> Array:
    """A view of a contiguous array, by strides in elements; ``as_strided`` takes five times as long."""
    if not x.size:  # no channels, or no filters
        return np.empty(shape, x.dtype)
    size = x.itemsize
    return np.ndarray(shape, x.dtype, x, offset * size, [n * size for n in strides])
