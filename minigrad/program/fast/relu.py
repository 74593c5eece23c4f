"""ReLU where it costs least: after max-pooling, with the error signal's mask from its result, and in one pass.

max-pooling of relu(z) is relu of max-pooling of z, with a fraction of the elements. The switches may differ where the
largest element is not above 0, and there the error signal is 0 in either order: the same numbers, but for the sign of
zeros, and for the place of the NaN of an infinite error signal times 0.
"""

from __future__ import annotations

import operator
from math import prod
from typing import Any

import numpy as np

from minigrad.kernels.elementwise.activations import COMPILED, relu_grad
from minigrad.kernels.spatial.max_pool import max_pool
from minigrad.notation import operations as ops
from minigrad.program.fast.uses import readers, result
from minigrad.program.recording.lines import Line, Variable
from minigrad.rules.spatial.max_pool import UNPOOLS

__all__ = ["with_late_relu", "with_masks_of_results", "with_relu_grads"]


def with_late_relu(lines: list[Line], results: list[Any]) -> list[Line]:
    """relu(max_pool(z)) in place of max_pool(relu(z))."""
    pools = [line for line in lines if line.function is max_pool]
    uses = readers(lines, results) if pools else {}
    before: dict[Line, list[Line]] = {}  # what stands in place of a line
    for pool in pools:
        x = pool.args[0]
        relu = x.line if isinstance(x, Variable) else None
        if relu is None or relu.function is not ops.relu or uses[x] != [pool] or x.dtype.kind != "f":
            continue
        if relu.settings != pool.settings:
            continue
        (z,), (y, switches) = relu.args, pool.outputs
        found = [_signal(unpool, z, switches, uses) for unpool in uses[switches]]
        signals = [signal for signal in found if signal is not None]
        if not isinstance(z, Variable) or len(signals) < len(found):
            continue
        first = pool.changed(max_pool, (z,), pool.params)
        largest = result(first, y)
        first.outputs = (largest, switches)
        before[relu] = []
        before[pool] = [first, relu.changed(ops.relu, (largest,), {})]
        before[pool][1].outputs = (y,)
        for unpool, mask, product in signals:
            before.update(_masked_before(unpool, mask, product, y, uses))
    return [new for line in lines for new in before.get(line, [line])] if before else lines


def _signal(unpool: Line | None, z: Variable, switches: Variable, uses: Any) -> tuple[Line, Line, Line] | None:
    """The lines ``z_bar = unpool(y_bar, switches) * (z > 0)``."""
    if unpool is None or unpool.function not in UNPOOLS or unpool.args[0] is switches:
        return None
    (x_bar,) = unpool.outputs
    product = uses[x_bar][0] if len(uses[x_bar]) == 1 else None
    if product is None or product.function is not operator.mul or product.args[0] is not x_bar:
        return None
    mask = getattr(product.args[1], "line", None)
    is_array = isinstance(unpool.args[0], Variable) and unpool.args[0].type is np.ndarray
    return (unpool, mask, product) if is_array and mask is not None and _is_mask(mask, z) else None


def _is_mask(line: Line, z: Variable) -> bool:
    return line.function is operator.gt and line.args[0] is z and type(line.args[1]) is int and line.args[1] == 0


def _masked_before(unpool: Line, mask: Line, product: Line, y: Variable, uses: Any) -> dict[Line, list[Line]]:
    """``z_bar = unpool(y_bar * (y > 0), switches)`` in place of the mask of all pixels."""
    y_bar = unpool.args[0]
    small = Line(operator.gt, (y, 0), {})
    condition = result(small, mask.outputs[0])
    condition.shape = y.shape
    masked = Line(operator.mul, (y_bar, condition), {})
    new_bar = result(masked, y_bar)
    last = unpool.changed(unpool.function, (new_bar,), unpool.params)
    last.outputs = product.outputs
    for line in (small, masked):
        line.is_backward, line.settings = product.is_backward, product.settings
    found: dict[Line, list[Line]] = {unpool: [], product: [small, masked, last]}
    if uses[mask.outputs[0]] == [product]:
        found[mask] = []
    return found


def with_masks_of_results(lines: list[Line], _results: list[Any]) -> list[Line]:
    """The mask ``y > 0`` in place of ``z > 0`` for y = relu(z): z can be overwritten."""
    relu: dict[Variable, Variable] = {}
    changed = []
    for line in lines:
        if line.function is ops.relu and isinstance(line.args[0], Variable) and line.outputs[0].type is np.ndarray:
            relu.setdefault(line.args[0], line.outputs[0])
        elif line.function is operator.gt and line.args[0] in relu and _is_mask(line, line.args[0]):
            new = line.changed(operator.gt, (relu[line.args[0]], 0), {})
            changed.append(new)
            continue
        changed.append(line)
    return changed


def with_relu_grads(lines: list[Line], results: list[Any]) -> list[Line]:
    """``z_bar = relu_grad(y_bar, y)`` in place of ``y_bar * (y > 0)`` for large arrays: one pass over memory."""
    products = [line for line in lines if line.function is operator.mul and _is_masked(line)]
    uses = readers(lines, results) if products else {}
    changed: dict[Line, list[Line]] = {}
    for line in products:
        y_bar, condition = line.args
        if uses[condition] == [line]:
            y = condition.line.args[0]
            changed |= {condition.line: [], line: [line.changed(relu_grad, (y_bar, y), {})]}
    return [new for line in lines for new in changed.get(line, [line])] if changed else lines


def _is_masked(line: Line) -> bool:
    """Whether a product is ``y_bar * (y > 0)`` of large arrays."""
    y_bar, condition = line.args
    mask = condition.line if isinstance(condition, Variable) else None
    if mask is None or mask.function is not operator.gt or mask.settings != line.settings:
        return False
    y = mask.args[0]
    return isinstance(y, Variable) and _is_mask(mask, y) and _are_alike(y_bar, y)


def _are_alike(y_bar: Any, y: Variable) -> bool:
    return (
        isinstance(y_bar, Variable)
        and y_bar.type is y.type is np.ndarray
        and (y_bar.shape, y_bar.dtype) == (y.shape, y.dtype)
        and y.dtype == np.float32
        and prod(y.shape) >= COMPILED
    )
