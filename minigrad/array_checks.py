"""Which values a Tensor may have: plain arrays of numbers, and floating ones where gradients are required."""

from __future__ import annotations

from collections.abc import Iterator
from reprlib import Repr
from typing import Any

import numpy as np

__all__ = [
    "NUMBERS",
    "NUMERIC",
    "assignable",
    "conversion",
    "is_list_of_numbers",
    "is_read_only",
    "parts_of_list",
    "refuse_depth",
    "refuse_non_numeric",
    "refuse_subclass",
    "require_bool",
    "require_floating",
    "shown",
]

#: Python's number types, which adapt to the dtype of the other operand.
NUMBERS = frozenset({int, float, bool, complex})

#: NumPy's arrays in memory, and in a file.
_PLAIN = frozenset({np.ndarray, np.memmap})
_USUAL = _PLAIN | NUMBERS | {np.float64, np.float32}
_LISTS = frozenset({list, tuple})
_BOOL = (bool, np.bool_)
NUMERIC = "biufc"  # the kinds of dtypes of numbers

#: NumPy's limit of the axes of an array.
DEEPEST = 64

_SHORT = Repr()
_SHORT.maxlevel, _SHORT.maxstring, _SHORT.maxother, _SHORT.maxlist = 4, 40, 80, 10


def refuse_subclass(value: Any, name: str) -> None:
    """Raise a TypeError for a masked array, a matrix, or another subclass of `np.ndarray`, alone or in a list.

    A subclass gives operators and functions another meaning, which an array of its numbers has lost.

    >>> refuse_subclass(np.ma.array([1.0, 2.0], mask=[0, 1]), "exp")
    Traceback (most recent call last):
        ...
    TypeError: exp: got a masked array, and Tensors have no mask; pass m.filled(0.0), or select by mg.where(m.mask, …)
    """
    if type(value) in _USUAL or is_list_of_numbers(value):  # looked at first: constructors feel every step
        return
    for part in parts_of_list(value):
        if isinstance(part, np.ndarray) and type(part) not in _PLAIN and not hasattr(part, "__record__"):
            what = f"a {type(part).__name__}, which may compute otherwise than an array; write np.asarray(a)"
            if isinstance(part, np.ma.MaskedArray):
                what = "a masked array, and Tensors have no mask; pass m.filled(0.0), or select by mg.where(m.mask, …)"
            if isinstance(part, np.matrix):
                what = "an np.matrix, whose * is a matrix product; write np.asarray(m), and @ for products"
            raise TypeError(f"{name}: got {what}")


def parts_of_list(value: Any, depth: int = 0) -> Iterator[Any]:
    """What nested lists and tuples hold, without lists of nothing but Python numbers; anything else is its only part.

    Raises:
        ValueError: if they are nested deeper than any array, as a list is that contains itself.

    >>> list(parts_of_list([[1.0, 2.0], [3.0, None]]))
    [3.0, None]
    """
    if not isinstance(value, list | tuple):
        yield value
    elif not is_list_of_numbers(value, depth):
        refuse_depth(depth)
        for part in value:
            yield from parts_of_list(part, depth + 1)


def refuse_depth(depth: int) -> None:
    """Raise a ValueError at a depth of nested lists that no array has."""
    if depth >= DEEPEST:
        raise ValueError(
            f"lists are nested more than {DEEPEST} deep, the most axes of an array; does a list contain itself?"
        )


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


def is_list_of_numbers(value: Any, depth: int = 0) -> bool:
    """Whether it is a nested list of nothing but Python numbers; ten times as fast as to look at each.

    >>> is_list_of_numbers([[1.0, 2.0], [3.0, 4.0]]), is_list_of_numbers([1.0, None])
    (True, False)
    """
    if not isinstance(value, list | tuple) or depth >= DEEPEST:
        return False
    kinds = set(map(type, value))
    return kinds <= NUMBERS or (kinds <= _LISTS and all(is_list_of_numbers(part, depth + 1) for part in value))


def numeric_copy(given: Any, name: str, dtype: Any = None) -> Any:
    """A copy of an array, a number or a nested list as a plain array of numbers.

    Raises:
        TypeError: if they are not numbers. NumPy would take the text "1.5", None and dates for numbers of this dtype.
        ValueError: if it is a nested list whose parts differ in length.

    >>> numeric_copy([1, 2], "Tensor", float)
    array([1., 2.])
    """
    values = given
    if type(given) not in _USUAL:
        refuse_subclass(given, name)
        if hasattr(given, "__record__"):
            return given.astype(given.dtype if dtype is None else dtype)
        if hasattr(given, "__array__"):
            values = np.asarray(given)  # of another library, which may not know how NumPy asks for a copy
    try:
        array = np.array(values) if dtype is None else np.asarray(values)
        if array.dtype.kind not in NUMERIC:
            refuse_non_numeric(array.dtype, name, type(given).__name__)
        if dtype is None:
            return array
        if array.dtype.kind == "c" and np.dtype(dtype).kind in "biuf":
            raise TypeError(f"{name}: got complex numbers, expected numbers of dtype {np.dtype(dtype)}; take a.real")
        array = np.array(values, dtype)
    except ValueError as error:
        raise ValueError(f"{name}: got a {type(given).__name__} that makes no array: {error}") from None
    refuse_non_numeric(array.dtype, name, type(given).__name__)
    return array


def refuse_non_numeric(dtype: np.dtype[Any], name: str, what: str) -> None:
    """Raise a TypeError for a dtype of text, objects, dates and anything else that is not a number."""
    if dtype.kind not in NUMERIC:
        hint = conversion(dtype) or "; convert it to an array of floats first"
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
    refuse_subclass(value, called)
    if hasattr(value, "__record__"):
        value.__assigned__(called, old)
    value = value if hasattr(value, "dtype") else numeric_copy(value, called)[()]
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
