"""Convolution as matrix products (im2col), in NumPy.

The windows of an image, copied into the columns of a matrix (C·KH·KW, OH·OW), turn convolution into one product with
the filters (O, C·KH·KW), whose result (O, OH·OW) already holds the feature maps.

The columns are made for a few samples at a time, so that they stay in the processor's caches, and are made again in the
backward pass instead of being stored: they are KH·KW times as large as the images. `memory_layout` makes copying so
fast that the products take most of the time; `threads` works on two samples at once.

Arrays on a GPU go to `im2col`, which does the same in one step for all samples; large float32 arrays go to `onednn`,
where it is installed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any

import numpy as np

from minigrad.device import device_of
from minigrad.kernels.normalization.columns import sums
from minigrad.kernels.spatial import im2col, onednn
from minigrad.kernels.spatial.channels_last import empty_channels_last, empty_images, is_channels_last
from minigrad.kernels.spatial.im2col import matmul
from minigrad.kernels.spatial.image_memory_layout import MemoryLayout, memory_layout
from minigrad.kernels.spatial.windows import Ints, PadWidth, dilated_size
from minigrad.kernels.threads import in_pieces
from minigrad.recorder import recordable
from minigrad.typing import Array

_CACHE = 1 << 21  # bytes that stay in the second- and third-level caches, and repay the calls for them
_FEW_FILTERS, _FEW_FILTERS_COMPILED = 2, 9  # a channel: with fewer, convolving with flipped filters is faster
_LARGE = 1 << 20  # multiplications: fewer take less time than handing a piece to another thread
_MANY = 1 << 14  # error signals: fewer take less time than choosing how to sum them
_VECTOR = 8  # channels: what comes of images with few of them lies as oneDNN wants it if it has a multiple
_FEW = 1 << 13  # multiplications: BLAS uses one thread for so few by itself


def conv(
    x: Array, weight: Array, bias: Array = None, *, stride: Ints, padding: PadWidth, dilation: Ints, groups: int
) -> Array:
    """z (N, O, *out_size) from x (N, C, *size), weight (O, C/groups, *kernel) and bias (O,)."""
    params: Any = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    if device_of(x) != "cpu":
        return im2col.conv(x, weight, bias, **params)
    arrays = (x, weight) if bias is None else (x, weight, bias)
    filters, kernel = len(weight), weight.shape[2:]
    layout = memory_layout(x.shape[2:], kernel, stride, padding, dilation)
    shape, dtype = (len(x), filters, *layout.out_size), np.result_type(*arrays)
    multiplications = prod(shape) * prod(weight.shape[1:])
    if multiplications > _LARGE and onednn.can_take(*arrays):
        first = groups == 1 and filters % _VECTOR == 0 and not onednn.takes_input_grad(x.shape[1])
        z = empty_channels_last(shape, dtype) if first else empty_images(shape, dtype, like=x)
        onednn.conv(x, weight, bias, z, **params)
        return z
    z = np.empty(shape, dtype)
    matrix = weight.reshape(groups, filters // groups, prod(weight.shape[1:]))
    column = None if bias is None else bias.reshape(filters, *(1,) * len(kernel))

    def fill(start: int, stop: int) -> None:
        rows = None
        for samples, columns in _columns(x[start:stop], layout, groups):
            if rows is None or rows.shape[2] != columns.shape[2]:
                rows = np.empty((*matrix.shape[:2], columns.shape[2]), z.dtype)
            matmul(matrix, columns, out=rows)
            part = z[start:stop][samples]
            outputs = layout.outputs(rows.reshape(filters, rows.shape[2]), len(part))
            if column is None:
                part[...] = outputs
            else:
                np.add(outputs, column, out=part)

    _in_pieces(fill, len(x), multiplications)
    return z


def conv_weight_grad(
    z_bar: Array, x: Array, *, kernel: Ints, stride: Ints, padding: PadWidth, dilation: Ints, groups: int
) -> Array:
    """weight_bar (O, C/groups, *kernel): the sum of all windows, each times its error signal."""
    params: Any = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    if device_of(x) != "cpu":
        return im2col.conv_weight_grad(z_bar, x, kernel=kernel, **params)
    filters, per_filter = z_bar.shape[1], x.shape[1] // groups
    multiplications = z_bar.size * per_filter * prod(kernel)
    if multiplications > _LARGE and onednn.can_take(z_bar, x):
        weight_bar = np.empty((filters, per_filter, *kernel), x.dtype)
        onednn.conv_weight_grad(z_bar, x, weight_bar, **params)
        return weight_bar
    layout = memory_layout(x.shape[2:], kernel, stride, padding, dilation)
    shape = (groups, per_filter * prod(kernel), filters // groups)

    def accumulate(start: int, stop: int) -> Array:
        total = np.zeros(shape, np.result_type(z_bar, x, np.float32))  # float16 cannot count beyond 2048
        rows = None
        for samples, columns in _columns(x[start:stop], layout, groups):
            rows = _rows(z_bar[start:stop][samples], layout, rows)
            with np.errstate(invalid="ignore"):  # 0 · ∞ in the gaps, which is corrected below
                total += np.matmul(columns, rows.reshape(groups, shape[2], rows.shape[1]).swapaxes(1, 2))
        return total

    first, *others = _in_pieces(accumulate, len(x), multiplications)
    total = sum(others, first)
    if not np.isfinite(total).all():  # perhaps from 0 · ∞ in a gap between two rows, where no window lies
        samples = (slice(i, i + 1) for i in range(len(x)))
        return sum(im2col.conv_weight_grad(z_bar[i], x[i], kernel=kernel, **params) for i in samples)
    weight_bar = total.swapaxes(1, 2).reshape(filters, per_filter, *kernel)
    return weight_bar.astype(np.result_type(z_bar, x), copy=False)


def conv_bias_grad(z_bar: Array) -> Array:
    """bias_bar (O,): the sum of the error signals of each filter, over all samples and positions."""
    if z_bar.size < _MANY or not isinstance(z_bar, np.ndarray):  # or on a GPU, or a Tensor
        return z_bar.sum(axis=(0, *range(2, z_bar.ndim)))
    return filter_sums(z_bar)


@recordable
def filter_sums(z_bar: Array) -> Array:
    """The same; with BLAS if the channels lie next to each other: there NumPy's sum is slow, and loses digits."""
    if is_channels_last(z_bar):
        return sums(np.moveaxis(z_bar, 1, -1).reshape(-1, z_bar.shape[1])).astype(z_bar.dtype)
    return z_bar.sum(axis=(0, *range(2, z_bar.ndim)))


def conv_input_grad(
    z_bar: Array, weight: Array, *, size: Ints, stride: Ints, padding: PadWidth, dilation: Ints, groups: int
) -> Array:
    """x_bar (N, C, *size): each error signal times the filter, added to the pixels of its window."""
    params: Any = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    on_gpu = device_of(z_bar) != "cpu"
    (filters, per_filter), kernel = weight.shape[:2], weight.shape[2:]
    channels = per_filter * groups
    multiplications = z_bar.size * per_filter * prod(kernel)
    finite = np.isfinite(weight).all()  # otherwise 0 · ∞ in the gaps or beyond the border would be NaN
    compiled = not on_gpu and multiplications > _LARGE and onednn.can_take(z_bar, weight)
    with_onednn = compiled and onednn.takes_input_grad(per_filter)
    few = on_gpu or filters < (_FEW_FILTERS_COMPILED if compiled else _FEW_FILTERS) * channels
    if finite and not with_onednn and max(stride) == 1 and few:
        return _flipped_conv(z_bar, weight, padding, dilation, groups)
    if on_gpu:
        return im2col.conv_input_grad(z_bar, weight, size=size, **params)
    shape, dtype = (len(z_bar), channels, *size), np.result_type(z_bar, weight)
    if with_onednn:
        x_bar = empty_images(shape, dtype, like=z_bar)
        onednn.conv_input_grad(z_bar, weight, x_bar, **params)
        return x_bar
    x_bar = np.empty(shape, dtype)
    if not finite:
        for i in range(len(z_bar)):
            x_bar[i] = im2col.conv_input_grad(z_bar[i : i + 1], weight, size=size, **params)[0]
        return x_bar
    layout = memory_layout(size, kernel, stride, padding, dilation)
    matrix = weight.reshape(groups, filters // groups, prod(weight.shape[1:])).swapaxes(1, 2)
    step = _samples_at_once(channels * prod(kernel) * prod(layout.run) * x_bar.itemsize)

    def fill(start: int, stop: int) -> None:
        rows = columns = None
        for a in range(start, stop, step):
            samples = slice(a, min(a + step, stop))
            rows = _rows(z_bar[samples], layout, rows)
            if columns is None or columns.shape[2] != rows.shape[1]:
                columns = np.empty((groups, matrix.shape[1], rows.shape[1]), x_bar.dtype)
                padded = np.empty((samples.stop - a, channels, layout.length), x_bar.dtype)
            matmul(matrix, rows.reshape(groups, filters // groups, rows.shape[1]), out=columns)
            padded[...] = 0
            windows = layout.windows(padded)
            shares = columns.reshape(windows.shape)
            for element in product(*map(range, kernel)):
                index: Any = (slice(None), *element)
                windows[index] += shares[index]
            x_bar[samples] = layout.images(padded)

    _in_pieces(fill, len(z_bar), multiplications)
    return x_bar


def _flipped_conv(z_bar: Array, weight: Array, padding: PadWidth, dilation: Ints, groups: int) -> Array:
    """`conv_input_grad` with stride 1: a convolution of the error signals with the flipped filters."""
    (filters, per_filter), kernel = weight.shape[:2], weight.shape[2:]
    inside, flip, params = _flipped_plan(z_bar.shape[2:], kernel, padding, dilation)
    flipped = weight[flip].reshape(groups, filters // groups, per_filter, *kernel).swapaxes(1, 2)
    flipped = flipped.reshape(per_filter * groups, filters // groups, *kernel)
    return conv(z_bar[inside], flipped, groups=groups, **params)


@lru_cache(maxsize=256)  # a layer needs the same one in every training step
def _flipped_plan(
    size: Ints, kernel: Ints, padding: PadWidth, dilation: Ints
) -> tuple[tuple[slice, ...], tuple[slice, ...], dict[str, Any]]:
    """The error signals that are needed, how to flip the filters, and how to convolve."""
    spans = dilated_size(kernel, dilation)
    full = [(f - 1 - before, f - 1 - after) for f, (before, after) in zip(spans, padding, strict=True)]
    # Windows in the padding alone, where the width is negative, contribute nothing.
    inside = [slice(max(0, -before), n - max(0, -after)) for n, (before, after) in zip(size, full, strict=True)]
    all_of_both = (slice(None), slice(None))
    params = {
        "stride": (1,) * len(kernel),
        "padding": tuple((max(0, before), max(0, after)) for before, after in full),
        "dilation": dilation,
    }
    return (*all_of_both, *inside), (*all_of_both, *(slice(None, None, -1),) * len(kernel)), params


def _columns(x: Array, layout: MemoryLayout, groups: int) -> Iterator[tuple[slice, Array]]:
    """The windows of a few samples at a time, as columns (groups, C/groups · F…, n · run)."""
    n, channels = x.shape[:2]
    height, length = channels * layout.elements, layout.run_length
    step = _samples_at_once(height * length * x.itemsize)
    copied = layout.padded or not x.flags.c_contiguous
    if copied:
        padded = np.zeros((min(step, n), channels, layout.length), x.dtype)
    else:
        padded = x.reshape(n, channels, layout.length)
    columns = None
    for start in range(0, n, step):
        samples = slice(start, min(start + step, n))
        part = padded[: samples.stop - start] if copied else padded[samples]
        if copied:
            layout.images(part)[...] = x[samples]
        windows = layout.windows(part)
        if columns is None or columns.size != windows.size:
            columns = np.empty((groups, height // groups, len(part) * length), x.dtype)
        columns.reshape(windows.shape)[...] = windows
        yield samples, columns


def _rows(z_bar: Array, layout: MemoryLayout, rows: Array) -> Array:
    """Error signals as the rows of a matrix (O, n · run), with 0 in the gaps; reuses `rows` if it has that shape."""
    n, filters = z_bar.shape[:2]
    length = n * layout.run_length
    if rows is None or rows.shape[1] != length:
        rows = np.zeros((filters, length), z_bar.dtype)
    layout.outputs(rows, n)[...] = z_bar
    return rows


def _in_pieces(work: Callable[[int, int], Any], n: int, multiplications: int) -> list[Any]:
    """The results of ``work(start, stop)`` for pieces of `n` samples; one piece where several do not pay."""
    if multiplications <= _FEW:
        return [work(0, n)]
    return in_pieces(work, n, multiplications > _LARGE)


def _samples_at_once(bytes_per_sample: int) -> int:
    return max(1, _CACHE // max(1, bytes_per_sample))
