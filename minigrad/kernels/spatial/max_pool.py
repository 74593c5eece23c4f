"""Pooling along any number of axes: the largest element of each window with its switch, and sums over windows.

A switch is the place in the window, counted row by row, that took the maximum. Working place by place (four for a
2×2 window) instead of window by window keeps every step a whole-array operation. What lies at one place of all
windows is copied out of the image first, because steps over every second pixel take five times as long as steps
over neighbours, and everything after the copy is the latter. Switches are as small as integers come, mostly bytes,
and grow from place to place: a later winner overwrites an earlier one by being the larger of the two numbers.

Windows that reach beyond the image are cut off at its border: no padded copy is made.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any

import numpy as np

from minigrad.device import device_of, to_device
from minigrad.kernels.spatial.windows import Borders, Sizes, output_size
from minigrad.kernels.threads import in_pieces

_MANY = 1 << 19  # pixels: below, the hand-over to another thread takes what it saves
Index = tuple[slice, ...]


def along(n: int, stride: int, before: int, step: int, positions: int) -> tuple[slice, slice]:
    """Along one axis: the positions at which the place `step` pixels into the window is inside the image, and where."""
    first = max(0, -((step - before) // stride))
    count = max(0, min(positions - 1, (n - 1 + before - step) // stride) - first + 1)
    start = first * stride + step - before if count else 0
    return slice(first, first + count), slice(start, start + max(0, (count - 1) * stride + 1), stride)


@lru_cache(maxsize=256)  # a layer asks for the same ones in every step
def places(
    size: Sizes, kernel: Sizes, stride: Sizes, padding: Borders, dilation: Sizes, positions: Sizes
) -> list[tuple[Index, Index]]:
    """For each place in the window, row by row: the positions at which it is inside the image, and its pixels there."""
    axes = [
        [along(n, s, before, i * d, m) for i in range(f)]
        for n, f, s, (before, _), d, m in zip(size, kernel, stride, padding, dilation, positions, strict=True)
    ]
    everything = (slice(None), slice(None))
    return [
        ((*everything, *(inside for inside, _ in place)), (*everything, *(under for _, under in place)))
        for place in product(*axes)
    ]


# ---------------------------------------------------------------- the largest
def max_pool(x: Any, *, kernel: Sizes, stride: Sizes, padding: Borders, dilation: Sizes) -> tuple[Any, Any]:
    """The largest element of each window, and its switch; of those that tie, or are NaN, the first."""
    positions = output_size(x.shape[2:], kernel, stride, padding, dilation)
    largest = np.empty_like(x, shape=(*x.shape[:2], *positions))
    switches = np.empty_like(largest, dtype=np.min_scalar_type(prod(kernel) - 1))

    def fill(start: int, stop: int, beats: Callable[[Any, Any], Any] = np.greater) -> None:
        _fill_max(x[start:stop], largest[start:stop], switches[start:stop], beats, kernel, stride, padding, dilation)

    in_pieces(fill, len(x), _worth(x))
    if np.isnan(largest).any():
        fill(0, len(x), _beats)
    return largest, switches


def _fill_max(
    x: Any,
    largest: Any,
    switches: Any,
    beats: Callable[[Any, Any], Any],
    kernel: Sizes,
    stride: Sizes,
    padding: Borders,
    dilation: Sizes,
) -> None:
    padded, positions = any(map(any, padding)), largest.shape[2:]
    (inside, under), *others = places(x.shape[2:], kernel, stride, padding, dilation, positions)
    lowest = -np.inf if x.dtype.kind == "f" else 0 if x.dtype.kind == "b" else np.iinfo(x.dtype).min
    switches[...] = 0
    if padded:
        largest[...] = lowest
        switches += to_device(_first_inside(kernel, stride, padding, dilation, positions, switches.dtype), device_of(x))
    largest[inside] = x[under]
    place = np.empty_like(largest)
    for i, (inside, under) in enumerate(others, 1):
        if padded:
            place[...] = lowest
        place[inside] = x[under]
        np.maximum(switches, beats(place, largest) * switches.dtype.type(i), out=switches)
        np.maximum(largest, place, out=largest)


def _beats(a: Any, b: Any) -> Any:
    """``a > b``, where NaN is greater than any number, but not than NaN."""
    return (a > b) | (np.isnan(a) & ~np.isnan(b))


def _first_inside(kernel: Sizes, stride: Sizes, padding: Borders, dilation: Sizes, positions: Sizes, dtype: Any) -> Any:
    """The first place of each window that is inside the image: the switch, until another is larger."""
    first = np.zeros((), dtype)
    for f, s, (before, _), d, m in zip(kernel, stride, padding, dilation, positions, strict=True):
        steps = -np.minimum(np.arange(m) * s - before, 0)
        first = first[..., None] * dtype.type(f) + (-(-steps // d)).astype(dtype)
    return first


def unpool(
    y_bar: Any, *, switches: Any, size: Sizes, kernel: Sizes, stride: Sizes, padding: Borders, dilation: Sizes
) -> Any:
    """Images of this size with each element of `y_bar` added at the place its switch names."""
    x_bar = np.zeros_like(y_bar, shape=(*y_bar.shape[:2], *size))
    overlapping = any(s < f for s, f in zip(stride, kernel, strict=True)) or max(dilation) > 1
    each = places(size, kernel, stride, padding, dilation, y_bar.shape[2:])

    def fill(start: int, stop: int) -> None:
        source, target = y_bar[start:stop], x_bar[start:stop]
        for i, (inside, under) in enumerate(each):
            mask = switches[start:stop] == i  # a product with it is ten times as fast as np.where
            if overlapping:
                target[under] += (source * mask)[inside]
            else:
                np.multiply(source[inside], mask[inside], out=target[under])

    in_pieces(fill, len(y_bar), _worth(x_bar))
    return x_bar


def _worth(x: Any) -> bool:
    """Whether images are so many that two threads are faster than one."""
    return device_of(x) == "cpu" and x.size > _MANY


def pick(x: Any, *, switches: Any, kernel: Sizes, stride: Sizes, padding: Borders, dilation: Sizes) -> Any:
    """The element of each window that its switch names."""
    y = np.zeros_like(x, shape=switches.shape)
    for i, (inside, under) in enumerate(places(x.shape[2:], kernel, stride, padding, dilation, switches.shape[2:])):
        y[inside] += x[under] * (switches == i)[inside]
    return y


def pixels(switches: Any, *, size: Sizes, kernel: Sizes, stride: Sizes, padding: Borders, dilation: Sizes) -> Any:
    """The pixel that each switch names, counted row by row over the image."""
    named, rest, below = np.zeros_like(switches, dtype=np.int64), switches.astype(np.int64), prod(size)
    for axis, (n, s, (before, _), d) in enumerate(zip(size, stride, padding, dilation, strict=True)):
        m, inner, below = switches.shape[2 + axis], prod(kernel[axis + 1 :]), below // n
        starts = (np.arange(m) * s - before).reshape(-1, *(1,) * (len(size) - 1 - axis))
        named += (to_device(starts, device_of(switches)) + rest // inner * d) * below
        rest = rest % inner
    return named
