"""Validation of arguments, of users' rules, and errors that name the operation.

Arguments come in through `as_numbers`, which refuses whatever is not a number, an array or a nested list of numbers,
so that operations need not check again. Other mistakes NumPy reports best; `name_error` adds the name of the
operation and the shapes and dtypes of its arguments.

What a user's primitive returns, its output and its error signals, is checked by `checked_forward` and `checked_rule`:
no gradient gets lost without a word. The sweep itself checks only what costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import wraps
from inspect import CO_VARARGS, isfunction
from typing import Any, NoReturn

import numpy as np

from minigrad.array_checks import NUMBERS, NUMERIC, conversion, refuse_lossy, shown, way_to_numbers
from minigrad.core.recording.origin import origin_in_graph
from minigrad.core.recording.scopes import recordings, records_arrays
from minigrad.core.tensor import Tensor, holds_tensors, leaf
from minigrad.device import to_device_of
from minigrad.kernels.complex import is_complex, takes_real_numbers
from minigrad.unsupported import refuse_call

__all__ = [
    "MISTAKES", "NUMBERS", "as_numbers", "check_signal", "checked_forward", "checked_rule", "is_number",
    "missing_rule", "name_error", "positional_arguments", "public_operations",
]  # fmt: skip

#: How the errors of functions begin that do not take complex numbers: Python's, NumPy's, and `require_real`'s.
_REFUSALS = ("unsupported operand", "ufunc ", "Cannot cast ", "takes real numbers")


#: The precisions of LAPACK and SciPy.
_USUAL = frozenset(map(np.dtype, (np.float32, np.float64, np.complex64, np.complex128)))

_NUMBER = (int, float, complex)  # with their subclasses; a constant: a union would be built at every call
_array = np.ndarray

#: What NumPy raises for wrong arguments.
MISTAKES = (TypeError, ValueError, IndexError, AttributeError)


def is_number(x: Any) -> bool:
    """Whether it is a Python number, or stands for one that is being recorded: it adapts to the other's dtype."""
    return type(x) in NUMBERS or (hasattr(x, "__record__") and not hasattr(x, "dtype"))


def as_numbers(given: Any, name: str, others: Sequence[Any] = ()) -> Any:
    """Numbers and numeric arrays unchanged; nested lists, and whatever else NumPy can convert, as arrays.

    Raises:
        TypeError: for anything else, such as a list of Tensors, which an array would cut from their graphs, or a
            masked array, of which a plain one has lost the mask.

    >>> as_numbers([[1, 2], [3, 4]], "inv")
    array([[1, 2],
           [3, 4]])
    >>> as_numbers("1.5", "exp")
    Traceback (most recent call last):
        ...
    TypeError: exp: got a str, '1.5', expected a Tensor, an array or numbers
    """
    if type(given) is _array and given.dtype.kind in NUMERIC:  # the usual case, also of rules on arrays
        return given
    if isinstance(given, _NUMBER):
        return given
    refuse_lossy(given, name)
    if hasattr(given, "__record__") and not hasattr(given, "dtype"):
        return given  # a Python number that is being recorded
    if isinstance(given, np.generic) or (hasattr(given, "__array_function__") and not isinstance(given, np.memmap)):
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
    if array.dtype.kind not in NUMERIC:
        what = shown(given)
        what = f"a {type(given).__name__}" + (f", {what}" if len(what) < 40 else "")
        if array.ndim:
            what += f", whose elements are of dtype {array.dtype}"
        hint = (
            "; does the function that computed it lack a return?"
            if given is None
            else way_to_numbers(given) or conversion(array.dtype)
        )
        raise TypeError(f"{name}: got {what}, expected a Tensor, an array or numbers{hint}")
    return given if array is given else to_device_of(given, *others)  # on the GPU if another argument is


def name_error(error: Exception, name: str, values: tuple[Any, ...] = ()) -> Exception:
    """NumPy's error as one of the same kind that names the operation, and the shapes and dtypes of its arguments."""
    if isinstance(error, np.exceptions.AxisError | np.linalg.LinAlgError | IndexError):
        kind: Any = type(error)
    else:
        kind = ValueError if isinstance(error, ValueError) else TypeError
    if kind is TypeError and (hint := _takes_usual_precision(str(error), values)):
        return TypeError(f"{name}: {hint}")
    if kind is TypeError and str(error).startswith(_REFUSALS):
        for value in values:
            if is_complex(value):
                return TypeError(f"{name}: {takes_real_numbers(value)}")
    given = " and ".join(
        f"shape {np.shape(value)} of {getattr(value, 'dtype', type(value).__name__)}" for value in values
    )
    return kind(f"{name}: {error}" + (f" (got {given})" if given else ""))  # type: ignore[no-any-return]


def _takes_usual_precision(error: str, values: tuple[Any, ...]) -> str:
    """What to say where LAPACK, SciPy or NumPy does not compute in half or extended precision; else nothing."""
    named = re.search(r"array type (\w+) is unsupported in linalg", error)
    if named is None and not error.startswith(("ufunc ", "Cannot cast array data")):
        return ""
    for dtype in [np.dtype(named[1])] if named else [value.dtype for value in values if hasattr(value, "dtype")]:
        if dtype.kind in ("f" if error.startswith("ufunc ") else "fc") and dtype not in _USUAL:
            wide = "float32" if dtype == np.float16 else "float64" if dtype.kind == "f" else "complex128"
            return f"takes float32 and float64, got {dtype}; convert it: x.astype({wide!r})"
    return ""


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


# ---------------------------------------------------------------- users' primitives


def positional_arguments(forward: Any) -> int | None:
    """How many arguments a function takes by position; ``None`` for any number, or if that cannot be known."""
    code = getattr(forward, "__code__", None)
    if code is None:
        return getattr(forward, "nin", None)  # of a ufunc
    return None if code.co_flags & CO_VARARGS else code.co_argcount - hasattr(forward, "__self__")


def missing_rule(name: str, i: int) -> Callable[..., NoReturn]:
    """In place of a rule that the operation `name` does not have: the error of whoever asks for the gradient."""

    def missing(*args: Any, **params: Any) -> NoReturn:
        raise NotImplementedError(
            f"{name}: its argument {i} requires gradients, but {name} has no rule for it; give one rule for each "
            "argument, in order: @mg.primitive(lambda y_bar, y, x: …), or pass the argument as a constant: "
            "mg.stop_gradient(x)"
        )

    return missing


def checked_rule(
    name: str, rule: Callable[..., Any], i: int | None = None, *, as_list: bool = False
) -> Callable[..., Any]:
    """A user's rule, for argument `i` or for each, with its error signals checked and its arguments write-protected."""

    @wraps(rule)
    def checked(*args: Any, **params: Any) -> Any:
        x = args[2 + i] if i is not None else args[3][args[0]] if as_list else args[3 + args[0]]
        try:
            x_bar = rule(*map(_read_only, args), **params)
        except ValueError as error:
            raise _explained(error, name, "rule", "y_bar * s in place of y_bar *= s") from error
        return _as_signal(x_bar, x, name, y_bar=args[0] if i is not None else args[1])

    return checked


def _as_signal(x_bar: Any, x: Any, name: str, y_bar: Any) -> Any:
    """What a user's rule returned as an error signal of `x`: an array, a Tensor or a symbolic value."""
    if isinstance(x_bar, tuple):
        raise TypeError(
            f"{name}: its rule gave a tuple, expected the error signal of one argument; write one rule for each "
            f"argument: (lambda y_bar, y, a, b: …, lambda y_bar, y, a, b: …)"
        )
    symbolic = hasattr(x_bar, "__apply__")
    if x_bar is not None and not symbolic and not isinstance(x_bar, Tensor):
        x_bar = as_numbers(x_bar, f"{name}: its rule", (x,))
    check_signal(x_bar, x, name)
    if symbolic:
        return x_bar
    if isinstance(y_bar, Tensor) and not isinstance(x_bar, Tensor):
        x_bar = Tensor(x_bar)  # a constant: in a recorded sweep, error signals are Tensors
    if not hasattr(x_bar, "dtype"):
        return np.asarray(x_bar, x.dtype)[()]
    # a mask or whole numbers as a factor 0 or 1: they would add up as such
    return x_bar if x_bar.dtype == x.dtype or x_bar.dtype.kind == "c" else x_bar.astype(x.dtype)


def checked_forward(name: str, forward: Callable[..., Any], saves: tuple[str, ...]) -> Callable[..., Any]:
    """A user's forward function, with its outputs checked and its arguments write-protected."""
    outputs = f"(output, {', '.join(saves)})"

    @wraps(forward)
    def checked(*arrays: Any, **params: Any) -> Any:
        for key, value in params.items():
            if (isinstance(value, Tensor) and value.requires_grad) or (type(value) is list and holds_tensors(value)):
                raise TypeError(
                    f"{name}: the parameter {key} holds a Tensor, whose gradient would be lost; pass what is to be "
                    f"differentiated by position and with a rule of its own, other Tensors as {key}.data"
                )
        protected = [_read_only(array) for array in arrays]
        try:
            y = forward(*protected, **params)
        except ValueError as error:
            raise _explained(error, name, "forward function", "x = x * 2 in place of x *= 2") from error
        if saves:
            if not isinstance(y, tuple) or len(y) != 1 + len(saves):
                given = f"a tuple of {len(y)}" if isinstance(y, tuple) else f"a {type(y).__name__}"
                raise TypeError(f"{name}: its forward function returned {given}, expected the tuple {outputs}")
            return _as_output(y[0], name), *y[1:]
        y = next((array for array, view in zip(arrays, protected, strict=True) if y is view), y)
        return _as_output(y, name)

    return checked


def _as_output(y: Any, name: str) -> Any:
    """What a user's forward function returned, as an array."""
    if isinstance(y, Tensor):
        if y.requires_grad:
            raise TypeError(
                f"{name}: its forward function returned a Tensor: it computes with a Tensor that is not among its "
                "arguments, and whose gradient would be lost; pass it as an argument, with a rule of its own"
            )
        return y._data
    if y is None:
        raise TypeError(f"{name}: its forward function returned None, expected an array; add a return")
    if isinstance(y, tuple | dict):
        raise TypeError(
            f"{name}: its forward function returned a {type(y).__name__}, expected one array; what the rules need "
            'beside it is named by saves=("mask", …)'
        )
    y = as_numbers(y, f"{name}: its forward function")
    return y if hasattr(y, "dtype") else np.asarray(y)[()]


def _read_only(value: Any) -> Any:
    if type(value) is not _array:
        return value
    view = value.view()
    view.flags.writeable = False
    return view


def _explained(error: ValueError, name: str, what: str, mend: str) -> ValueError:
    if "read-only" not in str(error):
        return error
    return ValueError(
        f"{name}: its {what} writes into an argument ({error}), which others need unchanged; make a new array: {mend}"
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
        call = _recording(function) if recordings and records_arrays() else function
        try:
            return call(*args, **kwargs)
        except MISTAKES as error:
            if isinstance(error, TypeError):
                refuse_call(name, function, args, kwargs)
            if str(error).startswith((f"{name}:", f"{name}(")):
                raise
            raise name_error(error, name) from error
        except RecursionError as error:
            raise RecursionError(
                f"{name}: {error}: an argument is nested too deeply or contains itself, or functions call one another "
                "without end"
            ) from None

    called.__module__ = "minigrad"  # where `pickle` looks for it, in whichever table it is defined
    called.__name__ = called.__qualname__ = name
    return called


def _recording(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of minigrad within ``record``: plain arrays are Tensors to it, so also its x + 1 is recorded.

    The graph shows the arrays themselves, and so does a function return them that has nothing to do.
    """
    given: dict[Tensor, Any] = {}

    def recorded(x: Any) -> Any:
        if type(x) is not _array or x.dtype.kind not in "fc" or not x.ndim:
            return x
        y = leaf(x, requires_grad=False)
        y._origin = origin_in_graph(None, (x,), {})
        given[y] = x
        return y

    def call(*args: Any, **kwargs: Any) -> Any:
        y = function(*map(recorded, args), **{key: recorded(x) for key, x in kwargs.items()})
        if type(y) in (tuple, list):
            return type(y)(given.get(part, part) if isinstance(part, Tensor) else part for part in y)
        return given.get(y, y) if isinstance(y, Tensor) else y

    return call
