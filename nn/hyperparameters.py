"""Settings of optimizers, losses and training: values that make sense, or an error that says which do."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

__all__ = [
    "Setting",
    "axis_number",
    "finite_number",
    "positive_number",
    "real_number",
    "true_or_false",
    "whole_number",
]


class Setting:
    """An attribute that is checked whenever it is set: in the constructor, and by a schedule, ``adam.lr *= 0.5``.

    Arguments:
        check: takes how errors call the setting, and a value; returns what to keep of it.
    """

    def __init__(self, check: Callable[[str, Any], Any]) -> None:
        self.check = check

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    if TYPE_CHECKING:

        def __get__(self, instance: Any, owner: type) -> Any: ...

    # Without one in fact, Python reads a setting where it is, in the instance: a step reads it for each parameter.

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.name] = self.check(f"{type(instance).__name__}: {self.name}", value)


def real_number(what: str, value: Any) -> float:
    """A finite number, as Python's: NumPy's float64 would make a float32 parameter one of float64.

    Raises:
        TypeError: if it is not a single real number.
        ValueError: if it is infinite or NaN.
    """
    if not isinstance(value, int | float | np.integer | np.floating) or isinstance(value, bool):
        raise TypeError(f"{what} is {_given(value)}, expected a number{_item(value)}")
    if not math.isfinite(value):
        raise ValueError(f"{what} is {value}, expected a finite number")
    return float(value)


def finite_number(what: str, value: Any, most: float = math.inf) -> float:
    """A number from 0 to `most`, as `real_number`.

    Raises:
        TypeError: if it is not a single real number.
        ValueError: if it is infinite, NaN, negative or too large.
    """
    number = real_number(what, value)
    if number < 0:
        raise ValueError(f"{what} is {value}, but must not be negative")
    if number > most:
        raise ValueError(f"{what} is {value}, expected at most {most:g}")
    return number


def positive_number(what: str, value: Any) -> float:
    """A finite number greater than 0.

    Raises:
        TypeError, ValueError: as `real_number`, and if it is 0 or negative.
    """
    number = real_number(what, value)
    if number <= 0:
        raise ValueError(f"{what} is {value}, expected a number greater than 0")
    return number


def whole_number(what: str, value: Any, least: int) -> int:
    """A whole number of at least `least`.

    Raises:
        TypeError: if it is not a whole number; 2.0 is not, either.
        ValueError: if it is too small.
    """
    if not isinstance(value, int | np.integer) or isinstance(value, bool):
        raise TypeError(f"{what} is {_given(value)}, expected a whole number")
    if value < least:
        raise ValueError(f"{what} is {value}, expected at least {least}")
    return int(value)


def axis_number(what: str, value: Any) -> int:
    """The number of an axis, negative if it is counted from the end; NumPy's arrays have up to 64.

    Raises:
        TypeError, ValueError: as `whole_number`.
    """
    return whole_number(what, value, least=-64)


def true_or_false(what: str, value: Any) -> bool:
    """``True`` or ``False``.

    Raises:
        TypeError: if it is something else; 1 and 0 are not, either.
    """
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{what} is {_given(value)}, expected True or False")
    return bool(value)


def _given(value: Any) -> str:
    """A value that is not a number, for a message."""
    if value is None or isinstance(value, int | float | complex | str | np.bool_):
        return repr(value)
    return f"a {type(value).__name__}" + (f" of shape {value.shape}" if hasattr(value, "shape") else "")


def _item(value: Any) -> str:
    """How to make a number of an array with one element."""
    return "; write .item() for its number" if getattr(value, "size", None) == 1 and value.dtype.kind in "iuf" else ""
