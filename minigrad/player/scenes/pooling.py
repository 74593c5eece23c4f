"""Pooling of sequences, images and volumes: the largest of each window wins, and gets the error signal alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from minigrad.kernels.spatial.max_pool import max_pool
from minigrad.notation import Expression
from minigrad.notation import operations as ops
from minigrad.notation.expression import Call, Constant, parts
from minigrad.player.scenes.loops import Loops, window
from minigrad.player.scenes.scene import Lines, Operand, Scene, Work, shows
from minigrad.walkthrough.check import compute

__all__: list[str] = []

_NAMES = ("example", "channel", "depth")
_MAX_POOLS = ops.max_pool1d, ops.max_pool2d, ops.max_pool3d
_SUM_POOLS = ops.sum_pool1d, ops.sum_pool2d, ops.sum_pool3d


class _Windows:
    """The loops over the windows of an image, and what they see."""

    def __init__(self, params: dict[str, Any], shape: tuple[int, ...]) -> None:
        self.loops = loops = Loops()
        (n,) = loops.choose("example", shape[0])
        self.window = (n, *(loops.step(shape[1]) if len(shape) == 3 else loops.choose("channel", shape[1])))
        places = (*loops.choose("depth", *shape[2:-2]), *loops.step(*shape[2:][-2:]))
        elements = loops.term(*params["kernel"])
        self.pixel = self.window + window(params, places, elements)
        self.window += places


@shows(*_MAX_POOLS)
def forward(work: Work) -> Iterator[Scene]:
    """The largest pixel of each window; of several equal ones the first."""
    see = _Windows(work.call.params, work.result.shape)
    out = Operand(work.call, work.result, see.window, _NAMES)
    yield Scene("max", see.loops, out, Operand(work.call.args[0], work.arguments[0], see.pixel, _NAMES))


@shows(ops.unpool1d, ops.unpool2d, ops.unpool3d)
def backward(work: Work) -> Iterator[Scene]:
    """The error signal of each window goes to its winner, and to no other pixel."""
    (y_bar,) = work.arguments
    switches = np.asarray(work.call.params["switches"])
    see = _Windows(work.call.params, y_bar.shape)
    pooled = _pooled(work, switches)
    yield Scene(
        "winner",
        see.loops,
        Operand(work.call, work.result, see.pixel, _NAMES),
        Operand(work.call.args[0], y_bar, see.window, _NAMES),
        look=None if pooled is None else Operand(*pooled, see.pixel, _NAMES),
        switches=Operand(None, switches, see.window, _NAMES),
        adds=True,
    )


def _pooled(work: Work, switches: Any) -> tuple[Expression, Any] | None:
    """What was pooled forward with these switches, and its values."""
    for call in _calls(work.lines, _MAX_POOLS):
        params = {key: work.call.params[key] for key in call.params}
        if call.args[0].shape == work.result.shape and params == call.params:
            x = np.asarray(compute(call.args[0], work.lines.values))
            if np.array_equal(max_pool(x, **call.params)[1], switches):
                return call.args[0], x
    return None


def _calls(lines: Lines, operations: tuple[Any, ...]) -> Iterator[Any]:
    waiting = list(lines.formulas.values())
    while waiting:
        e = waiting.pop()
        waiting += parts(e)
        if isinstance(e, Call) and e.operation in operations:
            yield e


@shows(*_SUM_POOLS)
def sums(work: Work) -> Iterator[Scene]:
    """The sum of each window."""
    yield _sums(work, work.call, work.arguments[0])


@shows(ops.divide, whole=True)
def averages(work: Work) -> Iterator[Scene]:
    """The sum of each window, divided by the number of its pixels."""
    e, count = work.call.args
    if isinstance(e, Call) and e.operation in _SUM_POOLS and isinstance(count, Constant) and not count.shape:
        x = np.asarray(compute(e.args[0], work.lines.values))
        yield replace(_sums(work, e, x), divisor=float(work.arguments[1]))


@shows(ops.sqrt, whole=True)
def lengths(work: Work) -> Iterator[Scene]:
    """The root of the sum of the squares of each window."""
    e = work.call.args[0]
    if isinstance(e, Call) and e.operation in _SUM_POOLS:
        square = e.args[0]
        if isinstance(square, Call) and square.operation is ops.power and square.args[1] == Constant(2):
            x = np.asarray(compute(square.args[0], work.lines.values))
            yield replace(_sums(work, replace(e, args=square.args[:1]), x), kind="norm")


def _sums(work: Work, pool: Call, x: Any) -> Scene:
    see = _Windows(pool.params, work.result.shape)
    out = Operand(work.call, work.result, see.window, _NAMES)
    return Scene("products", see.loops, out, Operand(pool.args[0], x, see.pixel, _NAMES))


@shows(ops.sum_unpool1d, ops.sum_unpool2d, ops.sum_unpool3d)
def shares(work: Work) -> Iterator[Scene]:
    """The error signal of each sum goes to every pixel of its window."""
    (y_bar,) = work.arguments
    see = _Windows(work.call.params, y_bar.shape)
    out = Operand(work.call, work.result, see.pixel, _NAMES)
    yield Scene("products", see.loops, out, Operand(work.call.args[0], y_bar, see.window, _NAMES), adds=True)
