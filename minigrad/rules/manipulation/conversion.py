"""Copies of an array: in memory of its own, of another dtype, or on another device."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from minigrad.array_checks import conversion
from minigrad.core.dispatch import implements, numpy_functions
from minigrad.core.primitive import Primitive, Unary
from minigrad.core.tensor import Tensor
from minigrad.core.validation import as_numbers
from minigrad.device import device_of, resolve_device, to_device
from minigrad.rules.builtin_axes import elementwise
from minigrad.rules.elementwise.complex import is_real
from minigrad.typing import Array

__all__ = ["astype", "copy", "to"]

_copy = Unary("copy", lambda x: np.copy(x)[()], lambda y_bar, y, x: y_bar)
_astype = Primitive(
    "astype",
    lambda x, dtype: x.astype(dtype),
    lambda y_bar, y, x, dtype: (y_bar if is_real(y_bar) or not is_real(x) else np.real(y_bar)).astype(x.dtype),
    axes=elementwise,
)
_to: Primitive = Primitive(
    "to", to_device, lambda y_bar, y, x, device: _to(y_bar, device=device_of(x)), axes=elementwise
)


@implements(np.copy)
def copy(x: Array) -> Array:
    """A copy, in memory of its own; the error signal passes through.

    >>> import minigrad as mg
    >>> mg.copy(mg.Tensor([1.0, 2.0], requires_grad=True))
    Tensor([1., 2.], made by copy)
    """
    return _copy(x)


def astype(x: Array, dtype: DTypeLike, *, copy: bool = True) -> Array:
    """Cast to another floating or complex dtype; the error signal is cast back to the dtype of `x`.

    Other dtypes have no derivative: a Tensor becomes a plain array.

    Arguments:
        copy: whether to copy an `x` that already has this dtype.

    Raises:
        TypeError: for bfloat16 and other types that NumPy does not have, if `x` requires gradients.

    >>> import minigrad as mg
    >>> x = mg.Tensor([1.5, 2.0], requires_grad=True)
    >>> x.astype("float32")
    Tensor([1.5, 2. ], dtype=float32, made by astype)
    >>> x.astype(int)
    array([1, 2])
    """
    if not hasattr(x, "astype"):  # a number, or a list of them
        return np.asarray(as_numbers(x, "astype"), dtype)[()]
    target = np.dtype(dtype)
    if not copy and x.dtype == target:
        return x
    if target.kind in "fc" or not isinstance(x, Tensor):
        return _astype(x, dtype=target.name)
    if x.requires_grad and conversion(target):
        raise TypeError(
            f"astype: {target} is not one of NumPy's own types, and a Tensor of it would have no gradient; stay in "
            f"float32, or write t.detach().astype({target.name!r}) for a plain array"
        )
    if target.kind == "O":
        return np.asarray(x, dtype=target)
    return x.data.astype(target)


def in_floating_type(x: Array) -> Array:
    """`x` itself, if it has a floating or complex dtype; whole numbers and truth values in double precision."""
    return x if x.dtype.kind in "fc" else astype(x, float)


def to(x: Array, device: str) -> Array:
    """Move to another device; the error signal is moved back.

    An `x` that is already on this device is returned unchanged.

    Arguments:
        device: ``"cpu"``, ``"cuda"`` for CuPy's current GPU, or ``"cuda:1"`` for the second GPU.

    Raises:
        ValueError: if there is no device with this name.
        ImportError: for a GPU, if CuPy is not installed.
        RuntimeError: for a GPU, if CuPy finds none.

    >>> import minigrad as mg
    >>> mg.to(mg.Tensor([1.0, 2.0]), "cpu").device
    'cpu'
    """
    target = resolve_device(device)
    return x if target == device_of(x) else _to(x, device=target)


if hasattr(np, "astype"):  # since NumPy 2.1
    numpy_functions[np.astype] = astype
