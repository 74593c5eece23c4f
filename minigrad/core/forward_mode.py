"""Forward mode: tangents carried along the graph, from inputs to outputs.

There is no second table of rules. A rule is linear in the error signal: it multiplies ȳ by the transposed Jacobian.
Forward mode needs the Jacobian itself, so the rule is transposed once more. For an elementwise operation the
matrix is diagonal and its own transpose: the rule, called with the tangent in place of the error signal, returns
the tangent of the output. Any other rule is recorded on an error signal of zeros, and a backward sweep through that
graph transposes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from minigrad.core.anomaly_detection import watching
from minigrad.core.grad_mode import enable_grad
from minigrad.core.graph import identity, match_input, on_device_of, sweep
from minigrad.core.recording.scopes import plain_arrays, recordings, records_arrays
from minigrad.core.tensor import Tensor, leaf
from minigrad.core.writes.refuse_written import refuse_written
from minigrad.device import device_of, to_device, to_host

if TYPE_CHECKING:
    from minigrad.core.primitive import Rule

__all__ = ["forward_sweep"]


def forward_sweep(
    order: list[Tensor], tangents: dict[Tensor, Any], *, lift: Callable[[Tensor], Any] | None = None
) -> dict[Tensor, Any]:
    """Carry tangents forward to all Tensors that were computed from the given ones.

    Arguments:
        order: the Tensors computed from them, inputs before outputs.
        tangents: the tangent of each, of its shape.
        lift: what the rules compute with in place of a Tensor, as in `minigrad.core.graph.sweep`.

    Returns:
        The tangents of all these Tensors.
    """
    if recordings and records_arrays():
        with plain_arrays():
            return forward_sweep(order, tangents, lift=lift)
    found = dict(tangents)
    refuse_written(order, recorded=lift is identity)
    watch = watching()
    for y in order:
        primitive, inputs, params = y._primitive, y._inputs, y._params or {}
        assert primitive is not None  # what depends on something was computed
        assert inputs is not None
        if watch is not None:
            watch.visit(y, None)
        if primitive.linear:
            found[y] = _of_tangents(y, found)
            continue
        output, values = y._data, y._values or ()
        if lift is not None:
            output, values = lift(y), primitive.packed([lift(x) if isinstance(x, Tensor) else x for x in inputs])
        y_bar = y_dot = None
        for x, rule in zip(inputs, primitive.rules if watch is None else watch.rules(primitive), strict=False):
            if isinstance(x, Tensor) and x in found:
                linear = partial(_applied, rule, output, values, params)
                if not primitive.elementwise:
                    y_bar = leaf(np.zeros_like(y._data)) if y_bar is None else y_bar
                    part = _transposed(linear, found[x], x._data, y_bar, primitive.name, recorded=lift is not None)
                else:
                    x_dot = on_device_of(found[x], y._data)
                    part = linear(x_dot if x.shape == y.shape else np.broadcast_to(x_dot, y.shape))
                y_dot = part if y_dot is None else y_dot + part
        found[y] = y_dot
    return found


def _of_tangents(y: Tensor, tangents: dict[Tensor, Any]) -> Any:
    """The tangent of the output of a linear operation: the operation on the tangents, 0 for all constants."""
    primitive = y._primitive
    assert primitive is not None
    inputs = [
        tangents[x]
        if isinstance(x, Tensor) and x in tangents
        else np.zeros_like(x._data if isinstance(x, Tensor) else x)
        for x in y._inputs or ()
    ]
    y_dot = primitive(*inputs, **primitive.keywords(y._params))
    return match_input(y_dot, y._data, primitive.name)


def _applied(rule: Rule, output: Any, values: Sequence[Any], params: dict[str, Any], y_bar: Any) -> Any:
    return rule(y_bar, output, *values, **params)


def _transposed(linear: Callable[[Any], Any], x_dot: Any, x: Any, y_bar: Tensor, name: str, *, recorded: bool) -> Any:
    """The transpose of a linear function of `y_bar`, applied to `x_dot`."""
    with enable_grad():
        x_bar = match_input(linear(y_bar), x, name)
    if not isinstance(x_bar, Tensor) or not x_bar.requires_grad:
        _refuse_lost(linear, y_bar._data, name)
        return y_bar._data  # zeros: a constant function
    found = sweep(x_bar, x_dot, inputs={y_bar}, lift=identity if recorded else None)
    y_dot = found.get(y_bar, y_bar._data)
    return match_input(y_dot, y_bar._data, name)  # where y is the real part of x, x̄ is ȳ itself, and ẋ complex


def _refuse_lost(linear: Callable[[Any], Any], like: Any, name: str) -> None:
    """Raise a TypeError if a rule that was recorded as independent of `y_bar` depends on it after all."""
    y_bar = to_device(np.cos(np.arange(like.size)).reshape(like.shape).astype(like.dtype), device_of(like))
    x_bar = linear(y_bar)
    if np.any(np.nan_to_num(to_host(x_bar._data if isinstance(x_bar, Tensor) else x_bar))):
        raise TypeError(
            f"{name}: its rule takes y_bar out of the graph (by float(), .data, np.array or another library), and "
            "forward mode, which differentiates the rule, would get 0; compute with the functions of NumPy or mg"
        )
