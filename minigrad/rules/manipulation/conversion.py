"""The same elements, in an array of their own, of another type, or on another device."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from minigrad.core.dispatch import implements, numpy_functions
from minigrad.core.primitive import Primitive, Unary
from minigrad.core.tensor import Tensor
from minigrad.core.validation import as_numbers
from minigrad.device import device_of, resolve_device, to_device

__all__ = ["astype", "copy", "to"]

_copy = Unary("copy", lambda x: np.copy(x)[()], lambda y_bar, y, x: y_bar)
_astype = Primitive(
    "astype",
    lambda x, dtype: x.astype(dtype),
    lambda y_bar, y, x, dtype: y_bar.astype(x.dtype),
)
_to: Primitive = Primitive("to", to_device, lambda y_bar, y, x, device: _to(y_bar, device=device_of(x)))


@implements(np.copy)
def copy(x: Any) -> Any:
    """The same values in memory of their own; the error signal passes through.

    >>> import minigrad as mg
    >>> mg.copy(mg.Tensor([1.0, 2.0], requires_grad=True))
    Tensor([1., 2.], made by copy)
    """
    return _copy(x)


def astype(x: Any, dtype: DTypeLike, *, copy: bool = True) -> Any:
    """The values in another floating type; the error signal comes back in the type of `x`.

    Other types have no derivative: a Tensor gives a plain array of them.

    Arguments:
        copy: whether to make a new one where `x` has this type already.

    Raises:
        TypeError: for complex numbers of a Tensor that requires gradients.

    >>> import minigrad as mg
    >>> x = mg.Tensor([1.5, 2.0], requires_grad=True)
    >>> x.astype("float32")
    Tensor([1.5, 2. ], dtype=float32, made by astype)
    >>> x.astype(int)
    array([1, 2])
    """
    if not hasattr(x, "astype"):  # a number, or a list of them
        return np.asarray(as_numbers(x, "astype"), dtype)[()]
    to = np.dtype(dtype)
    if not copy and x.dtype == to:
        return x
    if to.kind == "f" or not isinstance(x, Tensor):
        return _astype(x, dtype=to.name)
    if to.kind == "c" and x.requires_grad:
        raise TypeError(f"astype: gradients flow through floating types only, got {to}; use x.detach().astype({to})")
    return x.data.astype(to)


def to(x: Any, device: str) -> Any:
    """The same values on another device; the error signal comes back to where `x` is.

    What is there already is returned as it is.

    Arguments:
        device: ``"cpu"``, ``"cuda"`` for the GPU that CuPy computes on, or ``"cuda:1"`` for the second one.

    Raises:
        ValueError: if there is no device of this name.
        ImportError: if CuPy is not installed, where a GPU is asked for.
        RuntimeError: if CuPy finds no GPU.

    >>> import minigrad as mg
    >>> mg.to(mg.Tensor([1.0, 2.0]), "cpu").device
    'cpu'
    """
    there = resolve_device(device)
    return x if there == device_of(x) else _to(x, device=there)


if hasattr(np, "astype"):  # since NumPy 2.1
    numpy_functions[np.astype] = astype
