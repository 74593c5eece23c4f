"""Plain arrays of numbers, and floating ones where gradients are required."""

from __future__ import annotations

from reprlib import Repr
from typing import Any

import numpy as np

from minigrad.array_checks.lossy import USUAL, refuse_lossy
from minigrad.array_checks.other_libraries import way_to_numbers

__all__ = [
    "NUMERIC",
    "assignable",
    "conversion",
    "is_read_only",
    "numeric_copy",
    "refuse_non_numeric",
    "require_bool",
    "require_floating",
    "shown",
]

_BOOL = (bool, np.bool_)
NUMERIC = "biufc"  # the kinds of dtypes of numbers

_SHORT = Repr()
_SHORT.maxlevel, _SHORT.maxstring, _SHORT.maxother, _SHORT.maxlist = 4, 40, 80, 10


def shown(value: Any) -> str:
    """The `repr` of a value for a message, shortened where it is nested or long.

    >>> shown([[[[[[1]]]]]]), shown("a" * 100)
    ('[[[[[...]]]]]', "'aaaaaaaaaaaaaaaaa...aaaaaaaaaaaaaaaaaa'")
    """
    return _SHORT.repr(value)


def require_bool(name: str, value: Any) -> None:
    """Raise a TypeError for what is not True or False, such as the text "False", which counts as true."""
    if not isinstance(value, _BOOL):
        raise TypeError(f"{name}: expected True or False, got {shown(value)}")


def require_floating(caller: str, dtype: np.dtype[Any]) -> None:
    """Raise a TypeError for a dtype that has no gradients: whole numbers, booleans and complex numbers."""
    if dtype.kind != "f":
        raise TypeError(
            f"{caller}: only floating types may require gradients, got {dtype}; "
            + (
                "make two real Tensors, z = x + 1j * y, or take mg.grad(f)(z), whose arguments may be complex"
                if dtype.kind == "c"
                else "write 2.0 instead of 2, or pass dtype=float"
            )
        )


def is_read_only(array: Any) -> bool:
    """Whether it is a NumPy array that cannot be written into, as one that a graph shares."""
    return type(array) is np.ndarray and not array.flags.writeable


def numeric_copy(given: Any, name: str, dtype: Any = None) -> Any:
    """A copy of an array, a number or a nested list as a plain array of numbers.

    Raises:
        TypeError: if they are not numbers. NumPy would take the text "1.5", None and dates for numbers of this dtype.
        ValueError: if it is a nested list whose parts differ in length.

    >>> numeric_copy([1, 2], "Tensor", float)
    array([1., 2.])
    """
    values = given
    if type(given) not in USUAL:
        refuse_lossy(given, name)
        if hasattr(given, "__record__"):
            return given.astype(given.dtype if dtype is None else dtype)
        if hasattr(given, "__array__"):
            values = np.asarray(given)  # of another library, which may not know how NumPy asks for a copy
    try:
        array = np.array(values) if dtype is None else np.asarray(values)
        if array.dtype.kind not in NUMERIC:
            refuse_non_numeric(array.dtype, name, type(given).__name__, way_to_numbers(given))
        if dtype is None:
            return array
        if array.dtype.kind == "c" and np.dtype(dtype).kind in "biuf":
            raise TypeError(f"{name}: got complex numbers, expected numbers of dtype {np.dtype(dtype)}; take a.real")
        array = np.array(values, dtype)
    except ValueError as error:
        raise ValueError(f"{name}: got a {type(given).__name__} that makes no array: {error}") from None
    refuse_non_numeric(array.dtype, name, type(given).__name__)
    return array


def refuse_non_numeric(dtype: np.dtype[Any], name: str, what: str, way: str = "") -> None:
    """Raise a TypeError for a dtype of text, objects, dates and anything else that is not a number."""
    if dtype.kind not in NUMERIC:
        hint = way or conversion(dtype) or "; convert it to an array of floats first"
        raise TypeError(f"{name}: expected numbers, got {what} of dtype {dtype}{hint}")


def conversion(dtype: np.dtype[Any]) -> str:
    """What to write for bfloat16 and other types that a package adds to NumPy's; empty for NumPy's own.

    >>> conversion(np.dtype(object))
    ''
    """
    if dtype.type.__module__ == "numpy":
        return ""
    return f"; {dtype.name} is not one of NumPy's own types, so convert the array: a.astype(np.float32)"


def assignable(value: Any, called: str, old: Any, *, requires_grad: bool) -> Any:
    """What becomes of a leaf with the value `old`, whose dtype it keeps if that is floating, by ``t.data = value``.

    Raises:
        TypeError: if the value is not an array of numbers, or not floating where gradients are required.

    >>> assignable(np.ones(2), "data", np.zeros(2, np.float32), requires_grad=True)
    array([1., 1.], dtype=float32)
    """
    refuse_lossy(value, called)
    if hasattr(value, "__record__"):
        value.__assigned__(called, old)
    value = (
        value
        if hasattr(value, "__array_function__") or isinstance(value, np.generic)
        else numeric_copy(value, called)[()]
    )
    kind = value.dtype.kind
    if requires_grad and kind != "f":
        raise TypeError(
            f"{called} requires gradients and got a value of dtype {value.dtype}; "
            "only floating types may, write 2.0 instead of 2"
        )
    refuse_non_numeric(value.dtype, called, f"a {type(value).__name__}")
    if old.dtype.kind == "f" and kind != "c":
        value = value.astype(old.dtype, copy=False)
    return value.copy() if is_read_only(value) else value
