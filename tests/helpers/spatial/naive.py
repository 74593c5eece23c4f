"""Convolution and pooling as the lectures define them: one loop per index, nothing clever, along any number of axes.

The engine's kernels copy windows into matrices. These functions share no line with them, so the two can disagree.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

Sizes = tuple[int, ...]
PadWidth = tuple[tuple[int, int], ...]
Index = tuple[int, ...]


def window_at(start: Index, kernel: Sizes, dilation: Sizes) -> tuple[slice, ...]:
    """The pixels under a window whose first one is `start`."""
    return tuple(slice(a, a + d * (f - 1) + 1, d) for a, f, d in zip(start, kernel, dilation, strict=True))


def positions(
    size: Sizes, kernel: Sizes, stride: Sizes, padding: PadWidth, dilation: Sizes
) -> Iterator[tuple[Index, Index]]:
    """The index of each window in the output, with the pixel of the padded image at its first corner."""
    axes = [
        list(enumerate(range(0, n + sum(p) - d * (f - 1), s)))
        for n, f, s, p, d in zip(size, kernel, stride, padding, dilation, strict=True)
    ]
    for pairs in product(*axes):
        yield tuple(i for i, _ in pairs), tuple(start for _, start in pairs)


def output_shape(size: Sizes, kernel: Sizes, stride: Sizes, padding: PadWidth, dilation: Sizes) -> Sizes:
    *_, (last, _) = positions(size, kernel, stride, padding, dilation)
    return tuple(i + 1 for i in last)


def result_type(*arrays: Any) -> Any:
    """That of the arrays that are there."""
    return np.result_type(*(array for array in arrays if array is not None))


def padded(x: Any, padding: PadWidth, value: float = 0.0) -> Any:
    return np.pad(x, ((0, 0), (0, 0), *padding), constant_values=value)


def unpadded(x: Any, padding: PadWidth) -> Any:
    return x[:, :, *(slice(before, n - after) for n, (before, after) in zip(x.shape[2:], padding, strict=True))]


# ---------------------------------------------------------------- convolution


def group_of(o: int, w: Any, filters: int, groups: int) -> slice:
    """The channels that filter `o` sees."""
    g = o // (filters // groups)
    return slice(g * w.shape[1], (g + 1) * w.shape[1])


def conv(x: Any, w: Any, b: Any = None, *, stride: Sizes, padding: PadWidth, dilation: Sizes, groups: int = 1) -> Any:
    kernel = w.shape[2:]
    z = np.zeros((len(x), len(w), *output_shape(x.shape[2:], kernel, stride, padding, dilation)), result_type(x, w, b))
    image = padded(x, padding)
    for n, o in product(range(len(x)), range(len(w))):
        channels = group_of(o, w, len(w), groups)
        for index, start in positions(x.shape[2:], kernel, stride, padding, dilation):
            window = image[n, channels, *window_at(start, kernel, dilation)]
            z[n, o, *index] = np.sum(window * w[o]) + (0 if b is None else b[o])
    return z


def conv_input_grad(
    z_bar: Any, w: Any, *, size: Sizes, stride: Sizes, padding: PadWidth, dilation: Sizes, groups: int = 1
) -> Any:
    """Each position sends its error signal, times the filter, to the pixels of its window."""
    kernel = w.shape[2:]
    x_bar = padded(np.zeros((len(z_bar), w.shape[1] * groups, *size), np.result_type(z_bar, w)), padding)
    for n, o in product(range(len(z_bar)), range(len(w))):
        channels = group_of(o, w, len(w), groups)
        for index, start in positions(size, kernel, stride, padding, dilation):
            x_bar[n, channels, *window_at(start, kernel, dilation)] += z_bar[n, o, *index] * w[o]
    return unpadded(x_bar, padding)


def conv_weight_grad(
    z_bar: Any, x: Any, *, kernel: Sizes, stride: Sizes, padding: PadWidth, dilation: Sizes, groups: int = 1
) -> Any:
    """Each position adds its window, times its error signal, to the filter's error signal."""
    w_bar = np.zeros((z_bar.shape[1], x.shape[1] // groups, *kernel), np.result_type(z_bar, x))
    image = padded(x, padding)
    for n, o in product(range(len(x)), range(len(w_bar))):
        channels = group_of(o, w_bar, len(w_bar), groups)
        for index, start in positions(x.shape[2:], kernel, stride, padding, dilation):
            w_bar[o] += z_bar[n, o, *index] * image[n, channels, *window_at(start, kernel, dilation)]
    return w_bar


def conv_transpose(
    x: Any,
    w: Any,
    b: Any = None,
    *,
    stride: Sizes,
    padding: PadWidth,
    output_padding: Sizes,
    dilation: Sizes,
    groups: int = 1,
) -> Any:
    """Each pixel adds its multiple of the filter to the output; then the padding is cut off."""
    kernel = w.shape[2:]
    size = [
        (n - 1) * s + d * (f - 1) + 1 + more
        for n, s, d, f, more in zip(x.shape[2:], stride, dilation, kernel, output_padding, strict=True)
    ]
    z = np.zeros((len(x), w.shape[1] * groups, *size), result_type(x, w, b))
    for n, c in product(range(len(x)), range(len(w))):
        channels = group_of(c, w, len(w), groups)
        for index in np.ndindex(x.shape[2:]):
            start = tuple(i * s for i, s in zip(index, stride, strict=True))
            z[n, channels, *window_at(start, kernel, dilation)] += x[n, c, *index] * w[c]
    if b is not None:
        z += b.reshape(-1, *[1] * len(kernel))
    return unpadded(z, padding)


# ---------------------------------------------------------------- max-pooling


def max_pool(x: Any, kernel: Sizes, stride: Sizes, padding: PadWidth, dilation: Sizes) -> tuple[Any, Any]:
    """The maxima, and the switches: the number in its window, row by row, of the first largest element."""
    y = np.zeros((*x.shape[:2], *output_shape(x.shape[2:], kernel, stride, padding, dilation)))
    switches = np.zeros(y.shape, dtype=int)
    image = padded(x, padding, -np.inf)
    for n, c in np.ndindex(x.shape[:2]):
        for index, start in positions(x.shape[2:], kernel, stride, padding, dilation):
            window = image[n, c, *window_at(start, kernel, dilation)].ravel()
            switches[n, c, *index] = window.argmax()
            y[n, c, *index] = window.max()
    return y, switches


def pixel_of(switch: int, start: Index, kernel: Sizes, dilation: Sizes) -> Index:
    """The pixel of the padded image that a switch of the window at `start` names."""
    return tuple(a + int(i) * d for a, i, d in zip(start, np.unravel_index(switch, kernel), dilation, strict=True))


def unpool(
    y_bar: Any, switches: Any, size: Sizes, kernel: Sizes, stride: Sizes, padding: PadWidth, dilation: Sizes
) -> Any:
    """Each window's error signal goes to the pixel its switch names."""
    x_bar = padded(np.zeros((*y_bar.shape[:2], *size), y_bar.dtype), padding)
    for n, c in np.ndindex(y_bar.shape[:2]):
        for index, start in positions(size, kernel, stride, padding, dilation):
            x_bar[n, c, *pixel_of(switches[n, c, *index], start, kernel, dilation)] += y_bar[n, c, *index]
    return unpadded(x_bar, padding)


def pick(x: Any, switches: Any, kernel: Sizes, stride: Sizes, padding: PadWidth, dilation: Sizes) -> Any:
    """The pixel of each window that its switch names."""
    y = np.zeros(switches.shape, x.dtype)
    image = padded(x, padding)
    for n, c in np.ndindex(x.shape[:2]):
        for index, start in positions(x.shape[2:], kernel, stride, padding, dilation):
            y[n, c, *index] = image[n, c, *pixel_of(switches[n, c, *index], start, kernel, dilation)]
    return y


# ---------------------------------------------------------------- sums over windows


def sum_pool(x: Any, kernel: Sizes, stride: Sizes, padding: PadWidth) -> Any:
    ones = (1,) * len(kernel)
    y = np.zeros((*x.shape[:2], *output_shape(x.shape[2:], kernel, stride, padding, ones)), x.dtype)
    image = padded(x, padding)
    for index, start in positions(x.shape[2:], kernel, stride, padding, ones):
        y[:, :, *index] = image[:, :, *window_at(start, kernel, ones)].sum(axis=tuple(range(2, x.ndim)))
    return y


def sum_unpool(y_bar: Any, size: Sizes, kernel: Sizes, stride: Sizes, padding: PadWidth) -> Any:
    """Each window's error signal goes to all of its pixels."""
    ones = (1,) * len(kernel)
    x_bar = padded(np.zeros((*y_bar.shape[:2], *size), y_bar.dtype), padding)
    for index, start in positions(size, kernel, stride, padding, ones):
        x_bar[:, :, *window_at(start, kernel, ones)] += y_bar[:, :, *index, *(None,) * len(kernel)]
    return unpadded(x_bar, padding)


def avg_pool(
    x: Any, kernel: Sizes, stride: Sizes, padding: PadWidth, wider: PadWidth, count_include_pad: bool = True
) -> Any:
    """The average of each window; pixels that `wider` adds to the padding are never counted."""
    counted = padded(np.ones((1, 1, *x.shape[2:])), padding, float(count_include_pad))
    beyond = tuple((b - a, d - c) for (a, c), (b, d) in zip(padding, wider, strict=True))
    no_padding = ((0, 0),) * len(kernel)
    return sum_pool(x, kernel, stride, wider) / sum_pool(padded(counted, beyond), kernel, stride, no_padding)


def in_bins(x: Any, output_size: Sizes, reduce: Any) -> Any:
    """Adaptive pooling: each bin, from ⌊iN/M⌋ up to ⌈(i + 1)N/M⌉, reduced by a function."""
    y = np.zeros((*x.shape[:2], *output_size), x.dtype)
    for n, c in np.ndindex(x.shape[:2]):
        for index in np.ndindex(*output_size):
            bins = [
                slice(i * a // m, -(-(i + 1) * a // m)) for i, a, m in zip(index, x.shape[2:], output_size, strict=True)
            ]
            y[n, c, *index] = reduce(x[n, c, *bins])
    return y
