"""Forward mode: tangents carried along the graph, from inputs to outputs.

There is no second table of rules. A rule is linear in the error signal, so it is a matrix in disguise: what the
derivative's transpose makes of ȳ. Forward mode needs the derivative itself, which is that matrix transposed
once more. Element by element the matrix is diagonal and its own transpose: the rule, handed the tangent in
place of the error signal, gives the tangent of the output. Any other rule is recorded on an error signal that
is all zeros, and a backward sweep through what was recorded transposes it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from minigrad.graph import refuse_written, sweep, unbroadcast
from minigrad.recording import recording
from minigrad.tensor import Tensor

if TYPE_CHECKING:
    from minigrad.primitive import Rule

__all__ = ["push"]


def push(
    order: list[Tensor], tangents: dict[Tensor, Any], *, lift: Callable[[Tensor], Any] | None = None
) -> dict[Tensor, Any]:
    """Carry the tangents of some Tensors forward to all that was computed from them.

    Arguments:
        order: what was computed from them, inputs before outputs.
        tangents: for each of them its tangent, of its shape.
        lift: what the rules compute with in place of a Tensor, as in `minigrad.graph.sweep`.

    Returns:
        The tangents of all.
    """
    found = dict(tangents)
    refuse_written(order)
    for y in order:
        primitive, inputs, params = y._primitive, y._inputs, y._params or {}
        assert primitive is not None  # what depends on something was computed
        assert inputs is not None
        output, values = y._data, y._values
        if lift is not None:
            output, values = lift(y), tuple(lift(x) if isinstance(x, Tensor) else x for x in inputs)
        carry = _diagonal if primitive.elementwise else _transposed
        y_dot = None
        for x, rule in zip(inputs, primitive.rules, strict=False):
            if isinstance(x, Tensor) and x in found:
                part = carry(rule, found[x], x, y, output, values, params, lift is not None)
                y_dot = part if y_dot is None else y_dot + part
        found[y] = y_dot
    return found


def _diagonal(
    rule: Rule, x_dot: Any, x: Tensor, y: Tensor, output: Any, values: Any, params: dict[str, Any], recorded: bool
) -> Any:
    stretched = np.broadcast_to(x_dot, y.shape) if x.shape != y.shape else x_dot
    return rule(stretched, output, *values, **params)


def _transposed(
    rule: Rule, x_dot: Any, x: Tensor, y: Tensor, output: Any, values: Any, params: dict[str, Any], recorded: bool
) -> Any:
    with recording():
        y_bar = Tensor(np.zeros_like(y._data), requires_grad=True)
        x_bar = rule(y_bar, output, *values, **params)
        if x_bar.shape != x.shape:
            x_bar = unbroadcast(x_bar, x.shape)
    nothing = np.zeros_like(y._data)
    if not isinstance(x_bar, Tensor) or not x_bar.requires_grad:
        return nothing
    lift = (lambda t: t) if recorded else None
    return sweep(x_bar, x_dot, inputs=[y_bar], lift=lift).get(y_bar, nothing)
