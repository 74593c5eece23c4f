"""The arguments of a compiled function: what a program was written for, and which of them it computes with."""

from __future__ import annotations

from enum import Enum
from types import BuiltinFunctionType, FunctionType
from typing import Any

import numpy as np

from minigrad.array_checks import NUMERIC, refuse_subclass
from minigrad.core.primitive import Primitive
from minigrad.core.tensor import Tensor
from minigrad.device import device_of
from minigrad.recorder import recorder_of

__all__ = ["is_input", "kind_of", "must_run_eagerly"]

_TREES = (tuple, list, dict)
_NUMBERS = (np.generic, complex, float)
_INPUTS = (Tensor, np.ndarray, *_NUMBERS)
#: What has the same value for ever: a program is written for it.
_CONSTANTS = (
    bool, int, str, bytes, type(None), type(...), slice, range, Enum, np.dtype, type, np.ufunc, Primitive,
    FunctionType, BuiltinFunctionType,
)  # fmt: skip


def is_input(x: Any) -> bool:
    """Whether a program computes with it: an array, a Tensor, a NumPy scalar or a floating-point number.

    Whole numbers, truth values, text and other objects are constants, for which the program is written.
    """
    return isinstance(x, _INPUTS)


def kind_of(x: Any) -> Any:
    """What a program is written for: an argument's structure, shapes and dtypes, and the values of constants."""
    kind = type(x)
    if kind is np.ndarray:
        return x.shape, x.dtype
    if kind is float or kind is np.float64 or kind is np.float32:
        return kind
    if kind is tuple or kind is list:
        return (kind, *[kind_of(part) for part in x])
    if kind is dict:
        return (dict, *[(key, kind_of(part)) for key, part in x.items()])
    if isinstance(x, Tensor):
        return Tensor, kind, x._data.shape, x._data.dtype, type(x._data)
    if isinstance(x, np.ndarray) and not hasattr(x, "__record__"):
        return kind, x.shape, x.dtype
    if isinstance(x, _NUMBERS):
        return kind
    return _constant_kind(x)


def check(x: Any, where: str) -> None:
    """Raise a TypeError for an argument that a program cannot compute with."""
    kind = type(x)
    if kind in (tuple, list):
        if x and all(isinstance(part, float | int | complex) and not isinstance(part, bool) for part in x):
            raise TypeError(
                f"compile: {where} is a {kind.__name__} of numbers, which stands for an array; pass np.array([…])"
            )
        for i, part in enumerate(x):
            check(part, f"{where}[{i}]")
    elif kind is dict:
        for key, part in x.items():
            check(part, f"{where}[{key!r}]")
    elif isinstance(x, tuple | list | dict):
        raise TypeError(f"compile: {where} is a {kind.__name__}; pass a tuple, a list or a dictionary")
    elif is_input(x):
        refuse_subclass(x, f"compile: {where}")
        dtype = getattr(x, "dtype", None)
        if dtype is not None and dtype.kind not in NUMERIC:
            raise TypeError(f"compile: {where} has dtype {dtype}, expected numbers")
    elif not isinstance(x, _CONSTANTS) or device_of(x) != "cpu":
        what = f"a {kind.__name__}" if device_of(x) == "cpu" else f"on {device_of(x)!r}"
        raise TypeError(
            f"compile: {where} is {what}; a program computes with numbers, NumPy arrays and Tensors, and with tuples, "
            "lists and dictionaries of them. Other objects may hold arrays, which would be constants of the program"
        )


def _constant_kind(x: Any) -> Any:
    try:
        hash(x)
    except TypeError:
        return type(x), id(x), _Kept(x)
    return type(x), x


class _Kept:
    """Keeps an object alive as long as its identity is a part of a key; equal to all others."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept)

    def __hash__(self) -> int:
        return 0


def must_run_eagerly(values: Any) -> bool:
    """Whether a derivative of the result is wanted, or it is a part of another recording: the function itself runs."""
    for x in values.values() if isinstance(values, dict) else values:
        if isinstance(x, Tensor):
            if x.requires_grad or recorder_of(x._data) is not None:
                return True
        elif isinstance(x, _TREES):
            if must_run_eagerly(x):
                return True
        elif hasattr(x, "__record__"):
            return True
    return False
