"""Validation of arguments, and errors that name the operation.

Arguments come in through `as_numbers`, which refuses whatever is not a number, an array or a nested list of numbers,
so that operations need not check again. Other mistakes NumPy reports best; `name_error` adds the name of the
operation and the shapes and dtypes of its arguments.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import isfunction
from typing import Any

import numpy as np

from minigrad.core.tensor import holds_tensors
from minigrad.device import to_device_of

__all__ = ["MISTAKES", "NUMBERS", "as_numbers", "check_signal", "name_error", "public_operations"]


#: Python's number types, which adapt to the dtype of the other operand.
NUMBERS = frozenset({int, float, bool, complex})
_NUMBER = (int, float, complex)  # with their subclasses; a constant: a union would be built at every call
_NUMERIC = "biufc"  # the kinds of dtypes
_array = np.ndarray

#: What NumPy raises for wrong arguments.
MISTAKES = (TypeError, ValueError, IndexError, AttributeError)


def as_numbers(given: Any, name: str, *others: Any) -> Any:
    """Numbers and numeric arrays unchanged; nested lists, and whatever else NumPy can convert, as arrays.

    Raises:
        TypeError: for anything else, such as a list of Tensors, which an array would cut from their graphs.

    >>> as_numbers([[1, 2], [3, 4]], "inv")
    array([[1, 2],
           [3, 4]])
    >>> as_numbers("1.5", "exp")
    Traceback (most recent call last):
        ...
    TypeError: exp: got a str, '1.5', expected a Tensor, an array or numbers
    """
    if type(given) is _array and given.dtype.kind in _NUMERIC:  # the usual case, also of rules on arrays
        return given
    if isinstance(given, _NUMBER):
        return given
    if isinstance(given, np.matrix):
        raise TypeError(
            f"{name}: got an np.matrix, whose * is a matrix product; write np.asarray(m), and @ for products"
        )
    if isinstance(given, np.generic) or hasattr(given, "__array_function__"):
        array = given  # from NumPy, or a library that follows it
    elif isinstance(given, list | tuple) and holds_tensors(given):
        raise TypeError(
            f"{name}: got a {type(given).__name__} that holds Tensors, expected a Tensor, an array or numbers; "
            "join them into one Tensor: mg.stack([a, b])"
        )
    else:
        try:
            array = np.asarray(given)
        except ValueError as error:
            raise ValueError(f"{name}: got a {type(given).__name__} that makes no array: {error}") from None
    if array.dtype.kind not in _NUMERIC:
        what = f"{given!r}"
        what = f"a {type(given).__name__}" + (f", {what}" if len(what) < 40 else "")
        if array.ndim:
            what += f", whose elements are of dtype {array.dtype}"
        raise TypeError(f"{name}: got {what}, expected a Tensor, an array or numbers")
    return given if array is given else to_device_of(given, *others)  # on the GPU if another argument is


def name_error(error: Exception, name: str, values: tuple[Any, ...] = ()) -> Exception:
    """NumPy's error as one of the same kind that names the operation, and the shapes and dtypes of its arguments."""
    if isinstance(error, np.exceptions.AxisError | np.linalg.LinAlgError | IndexError):
        kind: Any = type(error)
    else:
        kind = ValueError if isinstance(error, ValueError) else TypeError
    given = " and ".join(
        f"shape {np.shape(value)} of {getattr(value, 'dtype', type(value).__name__)}" for value in values
    )
    return kind(f"{name}: {error}" + (f" (got {given})" if given else ""))  # type: ignore[no-any-return]


def check_signal(x_bar: Any, x: Any, name: str) -> None:
    """Check the error signal that a rule of the operation `name` returned for the argument `x`.

    Raises:
        TypeError: if it is ``None``.
        ValueError: if its shape is neither that of `x`, nor one to which `x` could have been broadcast.
    """
    if x_bar is None:
        raise TypeError(f"{name}: its rule gave None, expected an error signal of shape {np.shape(x)}; add a return")
    shape, expected = np.shape(x_bar), np.shape(x)
    aligned = zip(expected[::-1], shape[::-1], strict=False)
    if len(shape) < len(expected) or any(n not in (1, m) for n, m in aligned):
        raise ValueError(
            f"{name}: its rule gave an error signal of shape {shape} for an argument of shape {expected}, expected "
            "that shape, or one to which the argument broadcasts; a sum is spread by y_bar * np.ones_like(x)"
        )


def public_operations(names: dict[str, Any]) -> dict[str, Any]:
    """The operations of the tables of rules among `names`, as the package offers them.

    A primitive is offered as it is. A function is wrapped, so that its errors start with the name by which users call
    it, also where it is composed of others, as ``gelu`` is. The tables, operators and NumPy's functions
    reach the function unwrapped: a decorator at its definition would make ``t.sum()`` and ``t.reshape()`` 7 % slower.
    """
    found = {n: value for n, value in names.items() if getattr(value, "__module__", "").startswith("minigrad.rules.")}
    return {name: _public(name, value) if isfunction(value) else value for name, value in found.items()}


def _public(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except MISTAKES as error:
            if str(error).startswith((f"{name}:", f"{name}(")):
                raise
            raise name_error(error, name) from error

    called.__module__ = "minigrad"  # where `pickle` looks for it, in whichever table it is defined
    called.__name__ = called.__qualname__ = name
    return called
