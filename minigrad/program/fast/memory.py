"""The memory of large arrays: written over where nobody looks again, given back after the last use.

An array is overwritten only if it was computed by a line whose result shares memory with nothing else, and if neither
it nor a view of it is read afterwards or returned. So what a program returns is the caller's own, arguments are never
written into, and calls in several threads share nothing.
"""

from __future__ import annotations

import operator
from math import prod
from typing import Any

import numpy as np

from minigrad.kernels.elementwise.activations import relu_grad, relu_in_place
from minigrad.kernels.linalg.matmul import matmul
from minigrad.kernels.losses.cross_entropy import softmax_and_cross_entropy, softmax_cross_entropy
from minigrad.kernels.losses.one_hot import one_hot
from minigrad.kernels.spatial.convolution import filter_sums
from minigrad.kernels.spatial.max_pool import max_pool
from minigrad.notation import operations as ops
from minigrad.program.recording.lines import Line, Variable, variables_in
from minigrad.program.recording.numpy_calls import Attribute, Method
from minigrad.program.runtime import one_hot as plain_one_hot
from minigrad.rules.spatial.convolution import CONVOLUTIONS, INPUT_GRADS, WEIGHT_GRADS
from minigrad.rules.spatial.max_pool import UNPOOLS

__all__ = ["forget", "is_large", "with_memory"]

_LARGE = 1 << 16  # bytes: a smaller array is as fast to allocate as to write over
_IN_PLACE: dict[Any, Any] = {
    operator.add: np.add, operator.sub: np.subtract, operator.mul: np.multiply, operator.truediv: np.divide,
    operator.neg: np.negative, ops.relu: relu_in_place, relu_grad: relu_grad,
}  # fmt: skip
#: Functions whose results share memory with nothing else, whatever their arguments.
_FRESH = frozenset({
    *_IN_PLACE, operator.matmul, operator.gt, operator.ge, operator.lt, operator.le, operator.pow, abs,
    ops.sigmoid, ops.tanh, ops.exp, ops.log, ops.matmul, softmax_and_cross_entropy, softmax_cross_entropy,
    filter_sums, matmul, max_pool, one_hot, plain_one_hot,
    *UNPOOLS, *CONVOLUTIONS, *INPUT_GRADS.values(), *WEIGHT_GRADS,
})  # fmt: skip
_REDUCTIONS = ("sum", "prod", "max", "min", "argmax", "argmin", "any", "all")


def forget(*arrays: Any) -> None:
    """The names of arrays that nobody looks at again are deleted: ``del z, y``."""


def with_memory(lines: list[Line], results: list[Any]) -> list[Line]:
    """The lines with large arrays overwritten and deleted as soon as possible."""
    if not any(is_large(y) for line in lines for y in line.outputs):
        return lines
    owners = _owners(lines)
    last = _last_uses(lines, results)
    until: dict[Variable, float] = {}  # the last use of the memory of an array, by any name
    for x, owned in owners.items():
        for owner in owned:
            until[owner] = max(until.get(owner, -1), last.get(x, -1))
    dying: dict[float, list[Variable]] = {}
    for x in owners:
        is_named = x.line is not None and not isinstance(x.line.function, Attribute)  # x.T is written where it is used
        if is_named and _is_computed(x) and last.get(x, -1) >= 0:
            dying.setdefault(last[x], []).append(x)
    changed: list[Line] = []
    for i, line in enumerate(lines):
        new = _in_place(line, i, owners, until)
        is_transpose = isinstance(line.function, Attribute)
        if not is_transpose and any(_is_computed(o) for x in line.inputs() for o in (x, *owners.get(x, ()))):
            new.is_statement = True  # it reads what a later line overwrites, or deletes
        changed.append(new)
        if i in dying:
            changed.append(Line(forget, tuple(dying[i]), {}))
            changed[-1].is_backward = line.is_backward
    return changed


def is_large(x: Variable) -> bool:
    """Whether it is an array that takes longer to allocate than to write over."""
    return x.type is np.ndarray and x.dtype is not None and prod(x.shape) * x.dtype.itemsize >= _LARGE


def _is_computed(x: Variable) -> bool:
    """Whether it is a large array of the program's own."""
    return x.line is not None and is_large(x)


def _owners(lines: list[Line]) -> dict[Variable, frozenset[Variable]]:
    """For each array those whose memory it may share, itself if its memory is its own."""
    owners: dict[Variable, frozenset[Variable]] = {}
    for line in lines:
        fresh = line.function in _FRESH or isinstance(line.function, np.ufunc)
        fresh = fresh or (isinstance(line.function, Method) and line.function.__name__ in _REDUCTIONS)
        arrays = [x for x in line.inputs() if x.type is np.ndarray]
        for x in arrays:
            owners.setdefault(x, frozenset({x}))  # an argument
        shared: frozenset[Variable] = frozenset().union(*(owners[x] for x in arrays))
        for y in line.outputs:
            if y.type is np.ndarray:  # of a number that is broadcast, nobody owns the memory
                owners[y] = frozenset({y}) if fresh else shared
    return owners


def _last_uses(lines: list[Line], results: list[Any]) -> dict[Variable, float]:
    """The line at which each variable is read last; infinity for results. A transpose is read where it is used."""
    last: dict[Variable, float] = dict.fromkeys(variables_in(results), np.inf)
    for i in range(len(lines) - 1, -1, -1):
        line = lines[i]
        where: float = i
        if isinstance(line.function, Attribute):
            where = max(i, *(last.get(y, -1) for y in line.outputs))
        for x in line.inputs():
            last[x] = max(last.get(x, -1), where)
    return last


def _in_place(line: Line, i: int, owners: dict[Variable, frozenset[Variable]], until: dict[Variable, float]) -> Line:
    """The line that writes its result over an operand, where that may be."""
    if line.function not in _IN_PLACE or line.params:
        return line
    (y,) = line.outputs
    if not is_large(y) or y.dtype is None or y.dtype.kind != "f":
        return line
    for x in line.args:
        if (
            isinstance(x, Variable)
            and x.line is not None
            and owners.get(x) == frozenset({x})
            and until[x] <= i
            and (x.shape, x.dtype) == (y.shape, y.dtype)
        ):
            params = {} if line.function is ops.relu else {"out": x}
            return line.changed(_IN_PLACE[line.function], line.args, params)
    return line
