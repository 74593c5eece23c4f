"""Which arrays lie in the same memory: BLAS computes the product of an array and its own transpose in another way.

Of ``x @ x.T`` it adds up one half and copies it into the other, so that the last digits are not those of
``x.copy() @ x.T``. A copy that such a product reads is therefore left in the program, as is what is computed twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Any

import numpy as np

from minigrad.core.primitive import Primitive, _ours
from minigrad.device import device_of, is_array
from minigrad.program.recording.lines import Line, Variable
from minigrad.program.recording.numpy_calls import Method

__all__ = ["copy_in_place", "kept_apart", "roots"]

_PRODUCTS = frozenset({"matmul", "dot", "inner", "tensordot", "einsum", "multi_dot", "vdot", "cov", "corrcoef"})
#: The folders of minigrad whose kernels and rules multiply matrices.
_WITH_PRODUCTS = (".linalg", ".spatial", ".signal")
#: In place of a variable: a constant of the program.
CONSTANT = Variable(None)


def roots(v: Variable) -> set[Variable]:
    """The variables that own the memory of an array; of an array that is not a view that is itself."""
    if not v.is_view or v.line is None:
        return {v}
    owners = {root for x in v.line.inputs() if x.is_array for root in roots(x)}
    return owners | {CONSTANT} if not owners or _has_constants(v.line) else owners


def kept_apart(lines: Iterable[Line]) -> set[Variable]:
    """The arrays that must keep memory of their own: a product reads them together with another of the same size."""
    apart: set[Variable] = set()
    multiply: dict[Any, bool] = {}
    for line in reversed(list(lines)):
        if line.function not in multiply:
            multiply[line.function] = _may_multiply(line.function)
        arrays = [x for x in line.inputs() if len(x.shape) > 1] if multiply[line.function] else []
        for x, y in combinations(arrays, 2):
            if x is not y and sorted(x.shape) == sorted(y.shape):
                apart |= {x, y}
        if apart and any(y.is_view and y in apart for y in line.outputs):
            apart.update(x for x in line.inputs() if x.is_array)
    return apart


def _may_multiply(function: Any) -> bool:
    """Whether a function may compute a product of matrices."""
    if isinstance(function, np.ufunc):
        return function.signature is not None
    if isinstance(function, Primitive):
        return not _ours(function) or _may_multiply(function.forward)
    if isinstance(function, Method) or not (getattr(function, "__module__", None) or "").startswith("minigrad."):
        return getattr(function, "__name__", "") in _PRODUCTS
    return any(part in function.__module__ for part in _WITH_PRODUCTS) and "pool" not in function.__module__


def _has_constants(line: Line) -> bool:
    pending = [*line.args, *line.params.values()]
    for value in pending:
        if is_array(value):
            return True
        if isinstance(value, tuple | list):
            pending += value
    return False


def copy_in_place(array: Any) -> Any:
    """A copy with the same strides; on a GPU, and of objects, without their gaps."""
    if device_of(array) != "cpu" or array.dtype.hasobject:
        return array.copy(order="K")
    low, high = np.lib.array_utils.byte_bounds(array)
    memory = np.empty(high - low, np.uint8)
    copy = np.ndarray(array.shape, array.dtype, memory, array.__array_interface__["data"][0] - low, array.strides)
    copy[...] = array
    return copy
