"""The operators and methods of Tensors, from the functions that minigrad offers by name.

``w * x`` is ``mg.multiply(w, x)`` and ``t.sum(axis=0)`` is ``mg.sum(t, axis=0)``. Named values, which
write a computation down as a formula, get the same operators.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minigrad.graph import backward
from minigrad.hooks import register_hook
from minigrad.rules import (
    accumulate,
    activation,
    arithmetic,
    elementary,
    factors,
    linalg,
    reduce,
    select,
    shape,
    statistics,
)  # fmt: skip
from minigrad.rules.complex import abs as abs_
from minigrad.rules.complex import conj, imag, real
from minigrad.tensor import Tensor

__all__ = ["COMPARISONS", "attach_operators"]

_BINARY = {
    "add": arithmetic.add,
    "sub": arithmetic.subtract,
    "mul": arithmetic.multiply,
    "truediv": arithmetic.divide,
    "pow": arithmetic.power,
    "mod": arithmetic.remainder,
    "floordiv": arithmetic.floor_divide,
    "divmod": arithmetic.quotient_and_remainder,
    "matmul": linalg.matmul,
}

_UNARY = {"neg": arithmetic.negative, "abs": abs_, "pos": elementary.positive}

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
    "conj": conj,
    "conjugate": conj,
    "real": property(lambda self: real(self), doc="The real part."),
    "imag": property(lambda self: imag(self), doc="The imaginary part."),
    "T": property(lambda self: shape.transpose(self), doc="The axes in reverse order."),
    "sum": reduce.sum,
    "mean": reduce.mean,
    "max": reduce.max,
    "min": reduce.min,
    "prod": factors.prod,
    "var": statistics.var,
    "std": statistics.std,
    "cumsum": accumulate.cumsum,
    "cumprod": factors.cumprod,
    "clip": arithmetic.clip,
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
    for name, function in _UNARY.items():
        setattr(cls, f"__{name}__", _method(function))
    for name, method in _METHODS.items():
        setattr(cls, name, method)


attach_operators(Tensor)

for _name, _ufunc in COMPARISONS.items():
    setattr(Tensor, f"__{_name}__", _operator(select.plain(_ufunc)))
Tensor.argmax = select.plain(np.argmax)  # type: ignore[method-assign]
Tensor.backward = backward  # type: ignore[method-assign]
Tensor.register_hook = register_hook  # type: ignore[method-assign]
for _function in (
    *(elementary.exp, elementary.log, elementary.sqrt, elementary.tanh),
    *(activation.sigmoid, activation.relu),
):
    setattr(Tensor, _function.name, _method(_function))
