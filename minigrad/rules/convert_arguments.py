"""Arguments of operations as arrays and integers, with errors in the operation's name."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Any

import numpy as np

from minigrad.array_checks import NUMERIC
from minigrad.core.tensor import Tensor
from minigrad.core.validation import as_numbers
from minigrad.device import device_of, to_device_of
from minigrad.rules.nondifferentiable import unwrap
from minigrad.typing import Array

__all__ = [
    "as_array",
    "as_arrays",
    "as_index_array",
    "as_integer",
    "as_integers",
    "refuse_gradient",
    "shape_of",
    "wrap_or_clip",
]

_array = np.ndarray


def as_array(x: Array, name: str, *others: Array) -> Array:
    """Arrays and Tensors as they are; a number or a nested list as an array on the device of the others.

    Raises:
        TypeError: if it is none of these, or a list that holds Tensors. `name` is the function that was called.
    """
    if type(x) is _array and x.dtype.kind in NUMERIC:  # the usual constant, looked at first
        return x
    if isinstance(x, Tensor) or hasattr(x, "__apply__"):
        return x
    x = as_numbers(x, name, others)
    return to_device_of(x, *others)


def as_arrays(xs: Iterable[Array], name: str) -> list[Array]:
    """Each of them `as_array`, on the device of those that are on a GPU."""
    xs = list(xs)
    if all(isinstance(x, Tensor) for x in xs):
        return xs
    others = [x for x in xs if device_of(x) != "cpu"]
    return [as_array(x, name, *others) for x in xs]


def shape_of(x: Array) -> tuple[int, ...]:
    """The shape of an array, a Tensor or a nested list; for Tensors ten times as fast as ``np.shape``."""
    try:
        return x.shape  # type: ignore[no-any-return]
    except AttributeError:
        return np.shape(x)


def refuse_gradient(name: str, setting: str, value: Any, instead: str | None = None) -> None:
    """Raise a TypeError if a setting is a Tensor that requires gradients, or holds one: it would get none.

    >>> import minigrad as mg
    >>> refuse_gradient("std", "ddof", mg.Tensor(1.0, requires_grad=True))
    Traceback (most recent call last):
        ...
    TypeError: std: ddof requires gradients, but is a constant here; pass ddof.item()
    """
    parts = value if isinstance(value, tuple | list) else (value,)
    if any(getattr(part, "requires_grad", False) for part in parts):
        instead = instead or f"pass {setting}.item()"
        raise TypeError(f"{name}: {setting} requires gradients, but is a constant here; {instead}")


def as_integer(name: str, value: Any) -> int:
    """An integer, also where it is written as 2.0.

    Raises:
        TypeError: if it is not one whole number, or is a Tensor that requires gradients.
    """
    number = unwrap(value)
    if getattr(number, "shape", None) == () and number.dtype.kind == "f":
        number = number.item()
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    try:
        if not getattr(value, "requires_grad", False):
            return operator.index(number)
    except TypeError:
        pass
    raise TypeError(f"{name}: expected a whole number, got {value!r}")


def as_integers(name: str, value: Any) -> Any:
    """An integer, or a tuple of integers.

    Raises:
        TypeError: if a number is not whole.
    """
    plain_value = unwrap(value)
    try:
        return tuple(map(operator.index, plain_value)) if np.ndim(plain_value) else operator.index(plain_value)
    except TypeError:
        raise TypeError(f"{name}: expected whole numbers, got {value!r}") from None


def as_index_array(name: str, value: Array, *others: Array) -> Array:
    """Integers as an array on the device of the others; booleans count as 0 and 1, as in NumPy.

    Raises:
        TypeError: if they are not integers.
    """
    array = as_array(unwrap(value), name, *others)
    if array.dtype.kind not in "biu" and array.size:
        raise TypeError(f"{name}: expected integers as indices, got {array.dtype}; convert them by astype(int)")
    return array if array.dtype.kind in "iu" else array.astype(int)


def wrap_or_clip(name: str, indices: Array, n: int, mode: str) -> Array:
    """Indices into an axis of length n, brought into range by NumPy's mode "wrap" or "clip"; "raise" leaves them."""
    match mode:
        case "raise":
            return indices
        case "wrap" if n:
            return indices % n
        case "clip" | "wrap":
            return np.clip(indices, 0, n - 1)
    raise ValueError(f"{name}: got mode={mode!r}, expected 'raise', 'wrap' or 'clip'")
