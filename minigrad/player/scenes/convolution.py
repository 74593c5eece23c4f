"""Convolution of images, forward and backward: the window moves over the input, and back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

from minigrad.notation import operations as ops
from minigrad.notation.expression import Call
from minigrad.player.scenes.scene import Grid, Scene, shows

__all__: list[str] = []

_SHOWN = 4  # filters and channels with scenes of their own


class _Window:
    """Which pixels an element of the filter sees at a position."""

    def __init__(self, params: dict[str, Any]) -> None:
        self.stride, self.dilation, self.padding = params["stride"], params["dilation"], params["padding"]
        (top, bottom), (left, right) = self.padding
        self.around = (top, left, bottom, right)

    def pixel(self, i: int, j: int, u: int, v: int) -> tuple[int, int]:
        """The row and column of the image under element ``[u, v]`` at position ``[i, j]``."""
        return (
            i * self.stride[0] + u * self.dilation[0] - self.padding[0][0],
            j * self.stride[1] + v * self.dilation[1] - self.padding[1][0],
        )


def _filters(e: Call, filters: int) -> Iterator[tuple[int, int, str]]:
    """Filters, the group of channels that each sees, and a title."""
    groups = e.params["groups"]
    for o in range(min(filters, _SHOWN)):
        yield o, o // (filters // groups), f"filter {o + 1} of {filters}" if filters > 1 else ""


def _first(examples: int) -> str:
    return f"example 1 of {examples}" if examples > 1 else ""


@shows(ops.conv2d)
def forward(e: Call, arguments: list[Any], result: Any) -> Iterator[Scene]:
    """At each position the sum of the products of the filter and the pixels under it."""
    x, w, *bias = arguments
    window = _Window(e.params)
    channels, (height, width) = w.shape[1], w.shape[2:]
    for o, group, title in _filters(e, len(w)):
        a = Grid(e.args[0], x[0, group * channels :][:channels], window.around, _first(len(x)))
        b, out = Grid(e.args[1], w[o]), Grid(e, result[0, o : o + 1])
        positions = (
            [
                n
                for c, u, v in product(range(channels), range(height), range(width))
                for n in (out.cell(0, i, j), a.cell(c, *window.pixel(i, j, u, v)), b.cell(c, u, v))
            ]
            for i, j in product(range(out.rows), range(out.columns))
        )
        start = float(bias[0][o]) if bias else 0.0
        yield Scene("products", out, a, b, positions, start=start, title=title, total=out.rows * out.columns)


@shows(ops.conv2d_input_grad)
def backward_input(e: Call, arguments: list[Any], result: Any) -> Iterator[Scene]:
    """The error signal of each position is laid back on the input through the filter; zeros add nothing."""
    z_bar, w = arguments
    window = _Window(e.params)
    channels, (height, width) = w.shape[1], w.shape[2:]
    for group in range(min(e.params["groups"], 1)):
        filters = range(len(w) // e.params["groups"])
        for c in range(min(channels, _SHOWN)):
            title = f"channel {c + 1} of {channels}" if channels > 1 else ""
            a = Grid(e.args[0], z_bar[0, : len(filters)], note=_first(len(z_bar)))
            b = Grid(e.args[1], w[: len(filters), c])
            out = Grid(e, result[0, group * channels + c][None], window.around)
            positions = (
                [
                    n
                    for u, v in product(range(height), range(width))
                    for n in (out.cell(0, *window.pixel(i, j, u, v)), a.cell(o, i, j), b.cell(o, u, v))
                ]
                for o in filters
                for i, j in product(range(a.rows), range(a.columns))
                if z_bar[0, o, i, j] != 0
            )
            yield Scene("products", out, a, b, positions, title=title, adds=True, total=int(np.count_nonzero(a.values)))


@shows(ops.conv2d_weight_grad)
def backward_weight(e: Call, arguments: list[Any], result: Any) -> Iterator[Scene]:
    """The error signal of each position, times the pixels under the filter there, is added; zeros add nothing."""
    z_bar, x = arguments
    window = _Window(e.params)
    channels, (height, width) = result.shape[1], result.shape[2:]
    if len(x) > 1:  # the sum over several examples cannot be seen on one of them
        return
    for o, group, title in _filters(e, len(result)):
        a = Grid(e.args[0], z_bar[0, o : o + 1])
        b = Grid(e.args[1], x[0, group * channels :][:channels], window.around)
        out = Grid(e, result[o])
        positions = (
            [
                n
                for c, u, v in product(range(channels), range(height), range(width))
                for n in (out.cell(c, u, v), a.cell(0, i, j), b.cell(c, *window.pixel(i, j, u, v)))
            ]
            for i, j in product(range(a.rows), range(a.columns))
            if z_bar[0, o, i, j] != 0
        )
        yield Scene("products", out, a, b, positions, title=title, adds=True, total=int(np.count_nonzero(a.values)))
