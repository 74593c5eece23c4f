"""The arguments of a compiled function: what a program was written for, and which of them it computes with."""

from __future__ import annotations

from enum import Enum
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

import numpy as np

from minigrad.array_checks import NUMERIC, refuse_lossy
from minigrad.core.primitive import Primitive
from minigrad.core.tensor import Tensor
from minigrad.device import device_of, is_array
from minigrad.recorder import recorder_of

__all__ = ["is_input", "is_without_graph", "kind_of", "must_run_eagerly"]

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
    return isinstance(x, _INPUTS) or is_array(x)


def kind_of(x: Any) -> Any:
    """What a program is written for: an argument's structure, shapes and dtypes, and the values of constants."""
    kind = type(x)
    if kind is np.ndarray:
        return (x.shape, x.dtype) if x.flags.c_contiguous else (x.shape, x.dtype, x.strides)
    if kind is float or kind is np.float64 or kind is np.float32:
        return kind
    if kind is tuple or kind is list:
        return (kind, *[kind_of(part) for part in x])
    if kind is dict:
        return (dict, *[(key if type(key) is str else _constant_kind(key), kind_of(part)) for key, part in x.items()])
    if isinstance(x, Tensor):
        return Tensor, kind, x._requires_grad, is_without_graph(x), type(x._data), kind_of(x._data)
    if isinstance(x, np.ndarray):
        return kind if hasattr(x, "__record__") else (kind, x.shape, x.dtype, x.strides)
    if isinstance(x, _NUMBERS):
        return kind
    if is_array(x):
        return kind, x.shape, x.dtype, x.strides, device_of(x)
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
            check_constant(key, f"a key of {where}")
            check(part, f"{where}[{key!r}]")
    elif isinstance(x, tuple | list | dict):
        raise TypeError(f"compile: {where} is a {kind.__name__}; pass a tuple, a list or a dictionary")
    elif is_input(x):
        refuse_lossy(x, f"compile: {where}")
        dtype = getattr(x, "dtype", None)
        if dtype is not None and dtype.kind not in NUMERIC:
            raise TypeError(f"compile: {where} has dtype {dtype}, expected numbers")
        if dtype is None and kind not in (float, complex):
            raise TypeError(
                f"compile: {where} is a {kind.__name__}, which may compute otherwise than a number; write float(x)"
            )
    else:
        check_constant(x, where)


def check_constant(x: Any, where: str) -> None:
    """Raise a TypeError for what may hold arrays, or numbers that change: it would be a constant of the program."""
    if isinstance(x, tuple):  # a key
        for i, part in enumerate(x):
            check_constant(part, f"{where}[{i}]")
        return
    if isinstance(x, slice):
        for part in (x.start, x.stop, x.step):
            check_constant(part, f"a limit of {where}")
        return
    owner = getattr(x, "__self__", None) if isinstance(x, BuiltinFunctionType) else None  # a module; of a.sum an array
    holds = owner is not None and not isinstance(owner, ModuleType | type)
    if not isinstance(x, (*_CONSTANTS, *_NUMBERS)) or holds:
        what = f"a {type(x).__name__}"
        what += f" of a {type(owner).__name__}" if holds else ""
        raise TypeError(
            f"compile: {where} is {what}; a program computes with numbers, arrays and Tensors, and with "
            "tuples, lists and dictionaries of them. Other objects may hold arrays, which would be constants of the "
            "program"
        )


def _constant_kind(x: Any) -> Any:
    """What is equal for constants of which a program may be the same: not for 1, 1.0 and True, or 0.0 and −0.0."""
    kind = type(x)
    if isinstance(x, tuple):
        return (kind, *map(_constant_kind, x))
    if kind is slice:
        return (slice, *map(_constant_kind, (x.start, x.stop, x.step)))
    if isinstance(x, _NUMBERS):
        return kind, repr(x)
    try:
        hash(x)
    except TypeError:
        return kind, id(x), _Kept(x)
    return kind, x


class _Kept:
    """Keeps an object alive as long as its identity is a part of a key; equal to all others."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept)

    def __hash__(self) -> int:
        return 0


def is_without_graph(x: Tensor) -> bool:
    """Whether a program has computed it from parameters; of an operation, a sweep may have freed the graph."""
    return x._inputs is None and x._primitive is None


def must_run_eagerly(values: Any) -> bool:
    """Whether a derivative of the result is wanted, or it is a part of another recording: the function itself runs."""
    for x in values.values() if isinstance(values, dict) else values:
        if isinstance(x, Tensor):
            if (x.requires_grad and not is_without_graph(x)) or recorder_of(x._data) is not None:
                return True
        elif isinstance(x, _TREES):
            if must_run_eagerly(x):
                return True
        elif hasattr(x, "__record__"):
            return True
    return False
