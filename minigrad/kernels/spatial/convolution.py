"""Convolution as matrix products (im2col).

What lies under the filters at every position, copied into the columns of a matrix (C·KH·KW, OH·OW), turns the scan
into one product with the filters (O, C·KH·KW), whose result (O, OH·OW) already is the image of feature maps.

The columns are made for a few samples at a time, so that they stay in the processor's cache, and made again in the
backward pass instead of being stored: they are KH·KW times as large as the images. How they are copied so fast that
the products take most of the time is told in `layout`; that two samples are worked on at once, in `threads`.

Arrays on a GPU go to `conv_gpu`, which does the same in one step for all samples; what is large and float32 goes to
`onednn`, where that is installed.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any

import numpy as np

from minigrad.device import device_of
from minigrad.kernels.spatial import im2col as conv_gpu
from minigrad.kernels.spatial import onednn
from minigrad.kernels.spatial.memory_layout import Layout, layout
from minigrad.kernels.spatial.windows import Borders, Sizes, dilated_size
from minigrad.kernels.threads import in_pieces

_CACHE = 1 << 20  # bytes: a usual second-level cache
_WORTH = 1 << 20  # multiplications: about as long as handing a piece to another thread


def conv(
    x: Any, weight: Any, bias: Any = None, *, stride: Sizes, padding: Borders, dilation: Sizes, groups: int
) -> Any:
    """z (N, O, *positions) from x (N, C, *size), weight (O, C/groups, *kernel) and bias (O,)."""
    how: Any = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    if device_of(x) != "cpu":
        return conv_gpu.conv(x, weight, bias, **how)
    arrays = (x, weight) if bias is None else (x, weight, bias)
    filters, kernel = len(weight), weight.shape[2:]
    plan = layout(x.shape[2:], kernel, stride, padding, dilation)
    z = np.empty((len(x), filters, *plan.positions), np.result_type(*arrays))
    worth = z.size * weight[:1].size > _WORTH
    if worth and onednn.can_take(*arrays):
        onednn.conv(x, weight, bias, z, **how)
        return z
    matrix = weight.reshape(groups, filters // groups, prod(weight.shape[1:]))
    shift = None if bias is None else bias.reshape(filters, *(1,) * len(kernel))

    def scan(start: int, stop: int) -> None:
        runs = None
        for samples, columns in _columns(x[start:stop], plan, kernel, groups):
            if runs is None or runs.shape[2] != columns.shape[2]:
                runs = np.empty((*matrix.shape[:2], columns.shape[2]), z.dtype)
            conv_gpu.matmul(matrix, columns, out=runs)
            part = z[start:stop][samples]
            places = plan.places(runs.reshape(filters, runs.shape[2]), len(part))
            if shift is None:
                part[...] = places
            else:
                np.add(places, shift, out=part)

    in_pieces(scan, len(x), worth)
    return z


def conv_weight_grad(
    z_bar: Any, x: Any, *, kernel: Sizes, stride: Sizes, padding: Borders, dilation: Sizes, groups: int
) -> Any:
    """weight_bar (O, C/groups, *kernel): every position of every sample adds its window times its error signal."""
    how: Any = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    if device_of(x) != "cpu":
        return conv_gpu.conv_weight_grad(z_bar, x, kernel=kernel, **how)
    filters, per_filter = z_bar.shape[1], x.shape[1] // groups
    worth = z_bar.size * per_filter * prod(kernel) > _WORTH
    if worth and onednn.can_take(z_bar, x):
        weight_bar = np.empty((filters, per_filter, *kernel), x.dtype)
        onednn.conv_weight_grad(z_bar, x, weight_bar, **how)
        return weight_bar
    plan = layout(x.shape[2:], kernel, stride, padding, dilation)
    shape = (groups, per_filter * prod(kernel), filters // groups)

    def collect(start: int, stop: int) -> Any:
        total = np.zeros(shape, np.result_type(z_bar, x))
        runs = None
        for samples, columns in _columns(x[start:stop], plan, kernel, groups):
            runs = _runs(z_bar[start:stop][samples], plan, runs)
            with np.errstate(invalid="ignore"):  # see below
                total += np.matmul(columns, runs.reshape(groups, shape[2], runs.shape[1]).swapaxes(1, 2))
        return total

    first, *others = in_pieces(collect, len(x), worth)
    total = sum(others, first)
    if not np.isfinite(total).all():  # perhaps by 0 · ∞ between the rows, which is nobody's
        samples = (slice(i, i + 1) for i in range(len(x)))
        return sum(conv_gpu.conv_weight_grad(z_bar[i], x[i], kernel=kernel, **how) for i in samples)
    return total.swapaxes(1, 2).reshape(filters, per_filter, *kernel)


def conv_input_grad(
    z_bar: Any, weight: Any, *, size: Sizes, stride: Sizes, padding: Borders, dilation: Sizes, groups: int
) -> Any:
    """x_bar (N, C, *size): the error signal of each position, times the filter, laid back where it came from."""
    how: Any = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    if device_of(z_bar) != "cpu":
        return conv_gpu.conv_input_grad(z_bar, weight, size=size, **how)
    (filters, per_filter), kernel = weight.shape[:2], weight.shape[2:]
    channels = per_filter * groups
    worth = z_bar.size * weight[:1].size > _WORTH
    finite = np.isfinite(weight).all()  # or else 0 · ∞ between the rows or beyond the border would be NaN
    by_onednn = worth and onednn.takes_input_grad(per_filter) and onednn.can_take(z_bar, weight)
    if finite and not by_onednn and max(stride) == 1 and 2 * channels > filters:
        return _scan_backwards(z_bar, weight, padding, dilation, groups)
    x_bar = np.empty((len(z_bar), channels, *size), np.result_type(z_bar, weight))
    if by_onednn:
        onednn.conv_input_grad(z_bar, weight, x_bar, **how)
        return x_bar
    if not finite:
        for i in range(len(z_bar)):
            x_bar[i] = conv_gpu.conv_input_grad(z_bar[i : i + 1], weight, size=size, **how)[0]
        return x_bar
    plan = layout(size, kernel, stride, padding, dilation)
    matrix = weight.reshape(groups, filters // groups, prod(weight.shape[1:])).swapaxes(1, 2)
    step = _samples_at_once(channels * prod(kernel) * prod(plan.run) * x_bar.itemsize)

    def lay(start: int, stop: int) -> None:
        runs = columns = None
        for a in range(start, stop, step):
            part = slice(a, min(a + step, stop))
            runs = _runs(z_bar[part], plan, runs)
            if columns is None or columns.shape[2] != runs.shape[1]:
                columns = np.empty((groups, matrix.shape[1], runs.shape[1]), x_bar.dtype)
                laid = np.empty((part.stop - a, channels, plan.length), x_bar.dtype)
            conv_gpu.matmul(matrix, runs.reshape(groups, filters // groups, runs.shape[1]), out=columns)
            laid[...] = 0
            under = plan.windows(laid, kernel)
            over = columns.reshape(under.shape)
            for tap in product(*map(range, kernel)):
                everywhere: Any = (slice(None), *tap)
                under[everywhere] += over[everywhere]
            x_bar[part] = plan.pixels(laid)

    in_pieces(lay, len(z_bar), worth)
    return x_bar


def _scan_backwards(z_bar: Any, weight: Any, padding: Borders, dilation: Sizes, groups: int) -> Any:
    """With stride 1, what a pixel collects is a scan of the error signals, with every filter turned round."""
    (filters, per_filter), kernel = weight.shape[:2], weight.shape[2:]
    spans = dilated_size(kernel, dilation)
    borders = [(f - 1 - before, f - 1 - after) for f, (before, after) in zip(spans, padding, strict=True)]
    # Positions that lie in the padding alone have nothing to give.
    seen = tuple(slice(max(0, -b), n - max(0, -a)) for n, (b, a) in zip(z_bar.shape[2:], borders, strict=True))
    turned = np.flip(weight, tuple(range(2, weight.ndim))).reshape(groups, filters // groups, per_filter, *kernel)
    return conv(
        z_bar[:, :, *seen],
        turned.swapaxes(1, 2).reshape(per_filter * groups, filters // groups, *kernel),
        stride=(1,) * len(kernel),
        padding=tuple((max(0, b), max(0, a)) for b, a in borders),
        dilation=dilation,
        groups=groups,
    )


def _columns(x: Any, plan: Layout, kernel: Sizes, groups: int) -> Iterator[tuple[slice, Any]]:
    """What lies under the filters in a few samples at a time: columns (groups, C/groups · F…, n · run)."""
    n, channels = x.shape[:2]
    rows, length = channels * prod(kernel), prod(plan.run)
    step = _samples_at_once(rows * length * x.itemsize)
    padded = plan.length != prod(plan.size) or not x.flags.c_contiguous
    laid = np.zeros((min(step, n), channels, plan.length), x.dtype) if padded else x.reshape(n, channels, plan.length)
    workspace = np.empty((0, 0, 0))
    for start in range(0, n, step):
        samples = slice(start, min(start + step, n))
        here = laid[: samples.stop - start] if padded else laid[samples]
        if padded:
            plan.pixels(here)[...] = x[samples]
        if workspace.shape[2] != len(here) * length:
            workspace = np.empty((groups, rows // groups, len(here) * length), x.dtype)
        view = plan.windows(here, kernel)
        workspace.reshape(view.shape)[...] = view
        yield samples, workspace


def _runs(z_bar: Any, plan: Layout, runs: Any) -> Any:
    """Error signals as runs (O, n · run), with 0 between the rows of positions; in `runs` again where it fits."""
    n, filters = z_bar.shape[:2]
    if runs is None or runs.shape[1] != n * prod(plan.run):
        runs = np.zeros((filters, n * prod(plan.run)), z_bar.dtype)
    plan.places(runs, n)[...] = z_bar
    return runs


def _samples_at_once(bytes_of_one: int) -> int:
    return max(1, _CACHE // max(1, bytes_of_one))
