"""The operators and methods of Tensors, each a function of the tables of rules.

``w * x`` is ``mg.multiply(w, x)`` and ``t.sum(axis=0)`` is ``mg.sum(t, axis=0)``. Symbolic values, which
write a computation down as a formula, get the same operators.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from minigrad.array_checks import is_read_only
from minigrad.core.dispatch import numpy_functions, ufunc_methods
from minigrad.core.gradients.backward_hooks import register_hook
from minigrad.core.graph import backward
from minigrad.core.recording.arrays import noted
from minigrad.core.recording.scopes import recordings
from minigrad.core.tensor import Tensor
from minigrad.core.writes.record import writes
from minigrad.device import refuse_mixed
from minigrad.rules.elementwise import activations, arithmetic, exponential, hyperbolic, powers
from minigrad.rules.elementwise.complex import conj, imag, real
from minigrad.rules.elementwise.extrema import clip
from minigrad.rules.functional.ufunc_methods import METHODS
from minigrad.rules.linalg import diagonal, products
from minigrad.rules.linalg.matmul import matmul
from minigrad.rules.manipulation import conversion, indexing, repeat, select, shape, transpose
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.reductions import cumulative, extrema, prod, sum
from minigrad.rules.reductions.statistics import moments

__all__ = ["COMPARISONS", "attach_operators"]

_BINARY = {
    "add": arithmetic.add,
    "sub": arithmetic.subtract,
    "mul": arithmetic.multiply,
    "truediv": arithmetic.divide,
    "pow": powers.power,
    "mod": arithmetic.remainder,
    "floordiv": arithmetic.floor_divide,
    "divmod": arithmetic.floor_divide_and_remainder,
    "matmul": matmul,
}

_UNARY = {"neg": arithmetic.negative, "abs": arithmetic.abs, "pos": arithmetic.positive}

COMPARISONS = {
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
}

_METHODS: dict[str, Any] = {
    "__getitem__": indexing.getitem,
    "conj": conj,
    "conjugate": conj,
    "real": property(lambda self: real(self), doc="The real part."),
    "imag": property(lambda self: imag(self), doc="The imaginary part."),
    "astype": conversion.astype,
    "copy": conversion.copy,
    "to": conversion.to,
    "T": property(lambda self: transpose.transpose(self), doc="The axes in reverse order."),
    "diagonal": diagonal.diagonal,
    "dot": products.dot,
    "trace": diagonal.trace,
    "sum": sum.sum,
    "mean": moments.mean,
    "max": extrema.max,
    "min": extrema.min,
    "prod": prod.prod,
    "var": moments.var,
    "std": moments.std,
    "cumsum": cumulative.cumsum,
    "cumprod": cumulative.cumprod,
    "clip": clip,
    "reshape": shape.reshape,
    "ravel": shape.ravel,
    "flatten": shape.flatten,
    "squeeze": shape.squeeze,
    "transpose": transpose.transpose,
    "swapaxes": transpose.swapaxes,
    "mT": property(lambda self: transpose.matrix_transpose(self), doc="The last two axes exchanged."),
    "repeat": repeat.repeat,
    "take": indexing.take,
    "choose": select.choose,
    "compress": lambda self, condition, axis=None: indexing.compress(condition, self, axis),
}


def _operator(function: Any) -> Callable[..., Any]:
    call = function.__call__  # looked up once, not at every ``w * x``
    return lambda self, other: call(self, other)


def _reflected(function: Any) -> Callable[..., Any]:
    call = function.__call__
    return lambda self, other: call(other, self)


def _method(function: Any) -> Callable[..., Any]:
    call = function.__call__
    return lambda self: call(self)


def attach_operators(cls: type) -> None:
    """Give `cls` the differentiable operators and array methods, with NumPy's names."""
    for name, function in _BINARY.items():
        setattr(cls, f"__{name}__", _operator(function))
        setattr(cls, f"__r{name}__", _reflected(function))
    for name, function in _UNARY.items():
        setattr(cls, f"__{name}__", _method(function))
    for name, method in _METHODS.items():
        setattr(cls, name, method)


attach_operators(Tensor)
ufunc_methods.update(METHODS)


def _augmented(function: Any, symbol: str) -> Callable[..., Any]:
    """``w -= step``: within ``no_grad`` it writes into a parameter; any other Tensor is computed anew, and rebound.

    A parameter is a leaf that requires gradients, or of a subclass, as ``nn.Parameter`` is. While operations are
    recorded it cannot be written into: the graph would lose the old value, or the model the parameter.
    """
    call = function.__call__

    def assign(self: Tensor, other: Any) -> Any:
        if self._primitive is not None or self._is_argument or not (self._requires_grad or type(self) is not Tensor):
            return NotImplemented  # Python computes self - other instead
        result = call(self, other)
        statement = f"{self.name or 't'} {symbol} …"
        if result.requires_grad:
            operator = symbol.removesuffix("=")
            raise RuntimeError(
                f"{statement} would change {self._called()}, a parameter, while operations are recorded; to update it "
                f"write it within `with mg.no_grad():`, to compute with it write a new name, u = t {operator} …"
            )
        _write(self, result._data, statement)
        return self

    return assign


def _write(t: Tensor, value: Any, statement: str) -> None:
    """Write `value`, the result of a statement such as ``w -= …``, into the array of a leaf.

    Raises:
        ValueError: if `value` has another shape, to which the leaf was broadcast.
        TypeError: if its dtype is of another kind: a complex number does not fit into a real leaf.
    """
    array = t._data
    if value.shape != array.shape:
        raise ValueError(
            f"{statement} gives an array of shape {value.shape}, which does not fit into {t._called()} of shape "
            f"{array.shape}; reduce what is added to that shape first, by a sum or mean over its other axes"
        )
    if not np.can_cast(value.dtype, array.dtype, "same_kind"):
        raise TypeError(
            f"{statement} gives {value.dtype}, which does not fit into {t._called()} of dtype {array.dtype}; "
            "take the real part of what is added, or convert it with astype"
        )
    if isinstance(array, np.generic) or is_read_only(array):
        array = value.astype(array.dtype)
    else:
        array[...] = value
    t.data = array
    t._written = writes.latest


for _name, _symbol in {
    "add": "+=", "sub": "-=", "mul": "*=", "truediv": "/=", "pow": "**=", "mod": "%=", "floordiv": "//=",
    "matmul": "@=",
}.items():  # fmt: skip
    setattr(Tensor, f"__i{_name}__", _augmented(_BINARY[_name], _symbol))


def _nondifferentiable(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """An operator without a derivative: it returns an array, as NumPy's does."""
    return lambda self, other: _on_arrays(operation, self, other)


def _reflected_nondifferentiable(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda self, other: _on_arrays(operation, other, self)


def _on_arrays(operation: Callable[[Any, Any], Any], x: Any, y: Any) -> Any:
    a, b = unwrap(x), unwrap(y)
    try:
        z = operation(a, b)
    except Exception:
        refuse_mixed(operation.__name__.strip("_"), a, b)
        raise
    return noted(z, COMPARISONS.get(operation.__name__, operation), (x, y), {}) if recordings else z


def _round(self: Tensor, ndigits: int | None = None) -> Any:
    """``round(t, 2)``, the values alone; ``round(t)`` of a single number is an int."""
    return round(self.item()) if ndigits is None and self.ndim == 0 else np.round(self.data, ndigits or 0)


for _name in COMPARISONS:
    setattr(Tensor, f"__{_name}__", _nondifferentiable(getattr(operator, f"__{_name}__")))
for _name in ("and", "or", "xor", "lshift", "rshift"):  # of integers and conditions
    setattr(Tensor, f"__{_name}__", _nondifferentiable(getattr(operator, f"__{_name}__")))
    setattr(Tensor, f"__r{_name}__", _reflected_nondifferentiable(getattr(operator, f"__{_name}__")))
setattr(Tensor, "__invert__", lambda self: ~self.data)  # noqa: B010
setattr(Tensor, "__round__", _round)  # noqa: B010
for _function in (np.all, np.any, np.argmax, np.argmin, np.argpartition, np.argsort, np.nonzero, np.round,
                  np.searchsorted):  # fmt: skip
    setattr(Tensor, _function.__name__, numpy_functions[_function])
Tensor.backward = backward  # type: ignore[assignment, method-assign]
Tensor.register_hook = register_hook  # type: ignore[assignment, method-assign]
for _unary in (
    *(exponential.exp, exponential.log, powers.sqrt, hyperbolic.tanh),
    *(activations.sigmoid, activations.relu),
):
    setattr(Tensor, _unary.name, _method(_unary))
