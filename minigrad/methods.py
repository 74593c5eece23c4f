"""The operators and methods of Tensors, from the functions that minigrad offers by name.

``w * x`` is ``mg.multiply(w, x)`` and ``t.sum(axis=0)`` is ``mg.sum(t, axis=0)``. Named values, which
write a computation down as a formula, get the same operators.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minigrad.graph import backward
from minigrad.rules import arithmetic, diagonal, elementary, linalg, products, reduce, select, shape
from minigrad.tensor import Tensor

__all__ = ["COMPARISONS", "attach_operators"]

_BINARY = {
    "add": arithmetic.add,
    "sub": arithmetic.subtract,
    "mul": arithmetic.multiply,
    "truediv": arithmetic.divide,
    "pow": arithmetic.power,
    "matmul": linalg.matmul,
}

COMPARISONS = {
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
}

_METHODS: dict[str, Any] = {
    "__getitem__": select.getitem,
    "T": property(lambda self: shape.transpose(self), doc="The axes in reverse order."),
    "mT": property(lambda self: linalg.matrix_transpose(self), doc="The last two axes exchanged."),
    "diagonal": diagonal.diagonal,
    "dot": products.dot,
    "trace": diagonal.trace,
    "sum": reduce.sum,
    "mean": reduce.mean,
    "max": reduce.max,
    "min": reduce.min,
    "reshape": shape.reshape,
    "transpose": shape.transpose,
}


def _operator(function: Any) -> Callable[..., Any]:
    call = function.__call__  # found once: Python would look it up at every ``w * x``
    return lambda self, other: call(self, other)


def _reflected(function: Any) -> Callable[..., Any]:
    call = function.__call__
    return lambda self, other: call(other, self)


def _method(function: Any) -> Callable[..., Any]:
    call = function.__call__
    return lambda self: call(self)


def attach_operators(cls: type) -> None:
    """Give `cls` the operators and array methods that record, spelt as in NumPy."""
    for name, function in _BINARY.items():
        setattr(cls, f"__{name}__", _operator(function))
        setattr(cls, f"__r{name}__", _reflected(function))
    setattr(cls, "__neg__", _method(arithmetic.negative))  # noqa: B010
    for name, method in _METHODS.items():
        setattr(cls, name, method)


attach_operators(Tensor)

for _name, _ufunc in COMPARISONS.items():
    setattr(Tensor, f"__{_name}__", _operator(select.plain(_ufunc)))
Tensor.argmax = select.plain(np.argmax)  # type: ignore[method-assign]
Tensor.backward = backward  # type: ignore[method-assign]
for _name in ("exp", "log", "sqrt", "tanh", "sigmoid", "relu"):
    setattr(Tensor, _name, _method(getattr(elementary, _name)))
