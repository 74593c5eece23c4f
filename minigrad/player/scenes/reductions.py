"""Sums, means and maxima along axes, and so the error signals of what broadcasting stretched."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any, Literal

from minigrad.notation import operations as ops
from minigrad.player.scenes.loops import Index, Loops
from minigrad.player.scenes.scene import Operand, Scene, Work, shows

__all__: list[str] = []

_KINDS: dict[Any, Literal["max", "min"]] = {ops.max: "max", ops.min: "min"}
_NAMES = {3: ("example",), 4: ("example", "channel"), 5: ("example", "channel", "depth")}


@shows(ops.sum, ops.mean, ops.max, ops.min)
def reduction(work: Work) -> Iterator[Scene]:
    """Every result is the sum, or the largest, of the cells along the axes that it does not have."""
    (x,) = work.arguments
    if not x.ndim:
        return
    axis = work.call.params.get("axis")
    axes = tuple(range(x.ndim)) if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
    axes = tuple(i % x.ndim for i in axes)
    kept = [i for i in range(x.ndim) if i not in axes]
    loops, at = Loops(), [Index()] * x.ndim
    names = _NAMES.get(x.ndim, tuple(f"axis {i}" for i in range(x.ndim - 2)))
    for i in kept:
        chosen = i in kept[:-2]
        (at[i],) = (
            loops.choose(names[i] if i < len(names) else f"axis {i}", x.shape[i]) if chosen else loops.step(x.shape[i])
        )
    for i in sorted(axes):
        (at[i],) = loops.term(x.shape[i])
    result = work.result.reshape([x.shape[i] for i in kept])
    yield Scene(
        _KINDS.get(work.call.operation, "products"),
        loops,
        Operand(work.call, result, tuple(at[i] for i in kept), tuple(names[i] for i in kept[:-2] if i < len(names))),
        Operand(work.call.args[0], x, tuple(at), names),
        divisor=prod(x.shape[i] for i in axes) if work.call.operation is ops.mean else 1,
    )
