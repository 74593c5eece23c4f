"""Max-pooling along any number of axes: the largest element of each window, and its switch.

A switch is the number of the element, counted row by row within its window, that took the maximum. Working element by
element (four for a 2×2 window) instead of window by window makes every step a whole-array operation. The pixels under
one element of all windows are first copied out of the image, because reading every second pixel takes five times as
long as reading neighbours. Switches are stored in the smallest integer type, mostly bytes. They grow from element to
element, so that a later winner overwrites an earlier one by being the larger of the two numbers.

Windows that reach beyond the image are cut off at its border: no padded copy is made. Large float32 images go to
`onednn_pool`, where oneDNN is installed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from minigrad.device import device_of, to_device
from minigrad.kernels.spatial import onednn_pool
from minigrad.kernels.spatial.channels_last import empty_images
from minigrad.kernels.spatial.windows import Index, Ints, PadWidth, output_size, window_slices
from minigrad.kernels.threads import in_pieces
from minigrad.recorder import recordable
from minigrad.typing import Array

_LARGE = 1 << 19  # pixels: with fewer, a second thread costs what it saves
_COMPILED = 1 << 15  # pixels: with fewer, to call oneDNN costs what it saves


# ---------------------------------------------------------------- what depends on shapes alone
@dataclass(frozen=True)
class _Windows:
    """Where the windows of an image lie."""

    out_size: Ints
    elements: list[tuple[Index, Index]]  # of a window: outputs and pixels, as `window_slices` has them
    reach_beyond: bool  # the image
    overlap: bool
    tile: bool  # the image: each pixel lies in exactly one window
    switch: Any  # the type of switches


@lru_cache(maxsize=256)  # a layer needs the same ones in every training step
def _windows(size: Ints, kernel: Ints, stride: Ints, padding: PadWidth, dilation: Ints) -> _Windows:
    out_size = output_size(size, kernel, stride, padding, dilation)
    covered = tuple(m * f for m, f in zip(out_size, kernel, strict=True))
    return _Windows(
        out_size,
        window_slices(size, kernel, stride, padding, dilation, out_size),
        reach_beyond=any(map(any, padding)),
        overlap=any(s < f for s, f in zip(stride, kernel, strict=True)) or max(dilation) > 1,
        tile=kernel == stride and covered == size and max(dilation) == 1 and not any(map(any, padding)),
        switch=np.min_scalar_type(prod(kernel) - 1).type,
    )


# ---------------------------------------------------------------- the maxima and their switches
@recordable(others=("switches",))
def max_pool(x: Array, *, kernel: Ints, stride: Ints, padding: PadWidth, dilation: Ints) -> tuple[Array, Array]:
    """The largest element of each window, and its switch; where several tie, or are NaN, the first wins."""
    windows = _windows(x.shape[2:], kernel, stride, padding, dilation)
    shape = (*x.shape[:2], *windows.out_size)
    largest = empty_images(shape, x.dtype, like=x)
    switches = np.empty_like(largest, dtype=windows.switch)

    compiled = _has_more(x, _COMPILED) and onednn_pool.can_take(x, kernel, stride, padding, dilation)
    if compiled and onednn_pool.pool(x, largest, switches, kernel, stride):
        return largest, switches
    first: Any = 0
    if windows.reach_beyond:
        first = _first_inside(kernel, stride, padding, dilation, windows.out_size, switches.dtype)
        first = to_device(first, device_of(x))

    def fill(start: int, stop: int, greater: Callable[[Array, Array], Array] = np.greater) -> None:
        _fill_max(x[start:stop], largest[start:stop], switches[start:stop], greater, first, windows)

    if _has_more(x, _LARGE):
        in_pieces(fill, len(x))
    else:
        fill(0, len(x))
    if np.isnan(largest).any():
        fill(0, len(x), _greater_or_nan)
    return largest, switches


def _fill_max(
    x: Array,
    largest: Array,
    switches: Array,
    greater: Callable[[Array, Array], Array],
    first: Array,
    windows: _Windows,
) -> None:
    (outputs, pixels), *others = windows.elements
    switches[...] = first
    if windows.reach_beyond:
        lowest = -np.inf if x.dtype.kind == "f" else 0 if x.dtype.kind == "b" else np.iinfo(x.dtype).min
        largest[...] = lowest
    largest[outputs] = x[pixels]
    element = np.empty_like(largest)
    for i, (outputs, pixels) in enumerate(others, 1):
        if windows.reach_beyond:
            element[...] = lowest
        element[outputs] = x[pixels]
        np.maximum(switches, greater(element, largest) * windows.switch(i), out=switches)
        np.maximum(largest, element, out=largest)


def _greater_or_nan(a: Array, b: Array) -> Array:
    """``a > b``, where NaN is greater than any number, but not than NaN."""
    return (a > b) | (np.isnan(a) & ~np.isnan(b))


def _first_inside(kernel: Ints, stride: Ints, padding: PadWidth, dilation: Ints, out_size: Ints, dtype: Any) -> Array:
    """The first element of each window that is inside the image: the switch where no other element is larger."""
    first = np.zeros((), dtype)
    for f, s, (before, _), d, m in zip(kernel, stride, padding, dilation, out_size, strict=True):
        outside = -np.minimum(np.arange(m) * s - before, 0)  # pixels in front of the image
        first = first[..., None] * dtype.type(f) + (-(-outside // d)).astype(dtype)
    return first


def _has_more(x: Array, pixels: int) -> bool:
    """Whether it has more pixels, and is not on a GPU."""
    return x.size > pixels and device_of(x) == "cpu"


# ---------------------------------------------------------------- through the switches, forward and back
def unpool(
    y_bar: Array, *, switches: Array, size: Ints, kernel: Ints, stride: Ints, padding: PadWidth, dilation: Ints
) -> Array:
    """Images of this size, with each element of `y_bar` added to the pixel that its switch names."""
    x_bar = empty_images((*y_bar.shape[:2], *size), y_bar.dtype, like=switches)
    compiled = _has_more(x_bar, _COMPILED) and onednn_pool.can_take(y_bar, kernel, stride, padding, dilation)
    if compiled and onednn_pool.unpool(y_bar, switches, x_bar, kernel, stride):
        return x_bar
    windows = _windows(size, kernel, stride, padding, dilation)
    if not windows.tile:
        x_bar[...] = 0

    def fill(start: int, stop: int) -> None:
        source, target = y_bar[start:stop], x_bar[start:stop]
        for i, (outputs, pixels) in enumerate(windows.elements):
            mask = switches[start:stop] == i  # multiplying by it is ten times as fast as np.where
            if windows.overlap:
                target[pixels] += (source * mask)[outputs]
            else:
                np.multiply(source[outputs], mask[outputs], out=target[pixels])

    if _has_more(x_bar, _LARGE):
        in_pieces(fill, len(y_bar))
    else:
        fill(0, len(y_bar))
    return x_bar


def pick(x: Array, *, switches: Array, kernel: Ints, stride: Ints, padding: PadWidth, dilation: Ints) -> Array:
    """The pixel of each window that its switch names."""
    y = np.zeros_like(x, shape=switches.shape)
    windows = _windows(x.shape[2:], kernel, stride, padding, dilation)
    for i, (outputs, pixels) in enumerate(windows.elements):
        y[outputs] += x[pixels] * (switches == i)[outputs]
    return y


@recordable
def flat_indices(
    switches: Array, *, size: Ints, kernel: Ints, stride: Ints, padding: PadWidth, dilation: Ints
) -> Array:
    """For each switch the index of its pixel in the image, counted row by row: int64."""
    indices, rest, below = np.zeros_like(switches, dtype=np.int64), switches.astype(np.int64), prod(size)
    for axis, (n, s, (before, _), d) in enumerate(zip(size, stride, padding, dilation, strict=True)):
        m, inner, below = switches.shape[2 + axis], prod(kernel[axis + 1 :]), below // n
        starts = (np.arange(m) * s - before).reshape(-1, *(1,) * (len(size) - 1 - axis))
        indices += (to_device(starts, device_of(switches)) + rest // inner * d) * below
        rest = rest % inner
    return indices
