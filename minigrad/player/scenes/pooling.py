"""Pooling of images: the largest pixel of each window wins, and gets the error signal alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from minigrad.notation import operations as ops
from minigrad.notation.expression import Call
from minigrad.player.scenes.scene import Grid, Scene, shows

__all__: list[str] = []

_SHOWN = 4  # channels with scenes of their own


class _Window:
    """The pixels of each window of a pooling, without those outside of the image."""

    def __init__(self, params: dict[str, Any], size: tuple[int, int]) -> None:
        self.kernel, self.stride, self.padding = params["kernel"], params["stride"], params["padding"]
        self.dilation, self.size = params.get("dilation", (1, 1)), size

    def pixel(self, i: int, j: int, element: int) -> tuple[int, int]:
        """The row and column of an element of window ``[i, j]``, counted row by row."""
        u, v = divmod(element, self.kernel[1])
        return (
            i * self.stride[0] + u * self.dilation[0] - self.padding[0][0],
            j * self.stride[1] + v * self.dilation[1] - self.padding[1][0],
        )

    def pixels(self, i: int, j: int) -> list[tuple[int, int]]:
        """All of them that are in the image."""
        found = (self.pixel(i, j, element) for element in range(self.kernel[0] * self.kernel[1]))
        return [(r, c) for r, c in found if 0 <= r < self.size[0] and 0 <= c < self.size[1]]


def _channels(array: Any) -> Iterator[tuple[int, str]]:
    channels = array.shape[1]
    for c in range(min(channels, _SHOWN)):
        yield c, f"channel {c + 1} of {channels}" if channels > 1 else ""


@shows(ops.max_pool2d)
def forward(e: Call, arguments: list[Any], result: Any) -> Iterator[Scene]:
    """The largest pixel of each window; of several equal ones the first."""
    (x,) = arguments
    window = _Window(e.params, x.shape[2:])
    for c, title in _channels(x):
        a, out = Grid(e.args[0], x[0, c][None]), Grid(e, result[0, c][None])
        positions = (
            [
                out.cell(0, i, j),
                next((a.cell(0, *p) for p in pixels if x[0, c][p] == result[0, c, i, j]), a.cell(0, *pixels[0])),
                *(a.cell(0, *p) for p in pixels),
            ]
            for i, j in product(range(out.rows), range(out.columns))
            for pixels in [window.pixels(i, j)]
        )
        yield Scene("max", out, a, None, positions, title=title, total=out.rows * out.columns)


@shows(ops.unpool2d)
def backward(e: Call, arguments: list[Any], result: Any) -> Iterator[Scene]:
    """The error signal of each window goes to its winner, and to no other pixel."""
    (y_bar,) = arguments
    window, switches = _Window(e.params, result.shape[2:]), e.params["switches"]
    for c, title in _channels(result):
        a, out = Grid(e.args[0], y_bar[0, c][None]), Grid(e, result[0, c][None])
        positions = (
            [out.cell(0, *window.pixel(i, j, int(switches[0, c, i, j]))), a.cell(0, i, j), -1]
            for i, j in product(range(a.rows), range(a.columns))
        )
        yield Scene("products", out, a, None, positions, title=title, adds=True, total=a.rows * a.columns)


@shows(ops.sum_pool2d)
def sums(e: Call, arguments: list[Any], result: Any) -> Iterator[Scene]:
    """The sum of each window, of which average pooling is a part."""
    (x,) = arguments
    window = _Window(e.params, x.shape[2:])
    for c, title in _channels(x):
        a, out = Grid(e.args[0], x[0, c][None]), Grid(e, result[0, c][None])
        positions = (
            [n for pixel in window.pixels(i, j) for n in (out.cell(0, i, j), a.cell(0, *pixel), -1)]
            for i, j in product(range(out.rows), range(out.columns))
        )
        yield Scene("products", out, a, None, positions, title=title, total=out.rows * out.columns)


@shows(ops.sum_unpool2d)
def shares(e: Call, arguments: list[Any], result: Any) -> Iterator[Scene]:
    """The error signal of each sum goes to every pixel of its window."""
    (y_bar,) = arguments
    window = _Window(e.params, result.shape[2:])
    for c, title in _channels(result):
        a, out = Grid(e.args[0], y_bar[0, c][None]), Grid(e, result[0, c][None])
        positions = (
            [n for pixel in window.pixels(i, j) for n in (out.cell(0, *pixel), a.cell(0, i, j), -1)]
            for i, j in product(range(a.rows), range(a.columns))
        )
        yield Scene("products", out, a, None, positions, title=title, adds=True, total=a.rows * a.columns)
