"""A recording is compared with a call of the function itself: it must have computed the same.

What stands for an array answers as the array does, with few exceptions: ``type(x)``, ``x is y``, ``str(x)``. A function
that asks these goes another way while it is recorded, and nothing else would tell.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

import numpy as np

from minigrad.core.tensor import Tensor
from minigrad.device import device_of, is_array, to_host
from minigrad.program.arguments import is_without_graph
from minigrad.program.recording.recorded import RecordedNumber

__all__ = ["check_result", "check_same"]

#: What a program returns besides numbers, arrays and Tensors: what has the same value for ever.
_CONSTANTS = (str, bytes, type(None), type(...), slice, range, Enum, np.dtype, type, np.ufunc)
_NUMBERS = (bool, int, float, complex, np.generic, np.ndarray)


def check_result(tree: Any, name: str) -> None:
    """Raise an error for a part of a result that a program cannot compute anew in each call.

    Raises:
        TypeError: for an object that may hold arrays of the recording: a generator, a function, a set.
        RuntimeError: for a leaf that requires gradients: it would be another one in each call, without its `grad`.
    """
    if isinstance(tree, tuple | list | dict):
        for part in tree.values() if isinstance(tree, dict) else tree:
            check_result(part, name)
    elif isinstance(tree, Tensor):
        if tree.requires_grad and tree._primitive is None and not is_without_graph(tree):
            raise RuntimeError(
                f"compile: {name} returns {tree._called()}, which requires gradients and is a copy in each call; "
                "return its value t.data, or its gradient t.grad"
            )
    elif not isinstance(tree, (*_CONSTANTS, *_NUMBERS, RecordedNumber)) and not is_array(tree):
        raise TypeError(
            f"compile: {name} returns a {type(tree).__name__}; a program returns numbers, arrays and Tensors, and "
            "tuples, lists and dictionaries of them. Call a function that you return, as that of mg.vjp, within"
        )


def check_same(recorded: Any, expected: Any, name: str) -> None:
    """Raise a RuntimeError if a recording has computed something else than the function itself."""
    found = _difference(recorded, expected, "the result")
    if found:
        raise RuntimeError(
            f"compile: {name} computes something else while it is recorded: {found}. It may ask for type(x), str(x) or "
            "x is y, which are others there: write isinstance(x, np.ndarray); or it keeps a state or draws random "
            "numbers: pass these as arguments"
        )


def _difference(recorded: Any, expected: Any, where: str) -> str | None:
    """Where two results differ, in words."""
    if isinstance(expected, tuple | list | dict):
        kind = type(expected)
        if type(recorded) is not kind or len(recorded) != len(expected):
            return f"{where} is not the same {kind.__name__}"
        if isinstance(expected, dict) and [(type(k), k) for k in recorded] != [(type(k), k) for k in expected]:
            return f"{where} has the keys {[*recorded]}, not {[*expected]}"
        keys = [*expected] if isinstance(expected, dict) else range(len(expected))
        return next(filter(None, (_difference(recorded[k], expected[k], f"{where}[{k!r}]") for k in keys)), None)
    if isinstance(expected, Tensor):
        if type(recorded) is not type(expected) or recorded.name != expected.name:
            return f"{where} is not the same Tensor"
        return _difference(recorded._data, expected._data, where)
    value = recorded._value if isinstance(recorded, RecordedNumber) else recorded
    if type(value) is not type(expected):
        return f"{where} is a {type(value).__name__}, not a {type(expected).__name__}"
    if isinstance(expected, _NUMBERS) or is_array(expected):
        if device_of(value) != device_of(expected):
            return f"{where} is on {device_of(value)!r}, not on {device_of(expected)!r}"
        same = _is_close(np.asarray(to_host(value)), np.asarray(to_host(expected)))
        return None if same else f"{where} has other numbers"
    return None if value is expected or value == expected else f"{where} is {value!r}, not {expected!r}"


def _is_close(x: Any, y: Any) -> bool:
    """Whether two arrays are equal but for rounding, which threads and the address of an array may change."""
    if x.shape != y.shape or x.dtype != y.dtype:
        return False
    if x.dtype.kind not in "fc" or not x.size:
        return bool(np.array_equal(x, y))
    with np.errstate(all="ignore"):
        size = float(np.max(np.abs(y), where=np.isfinite(y), initial=0.0))
        tolerance = size * min(1e4 * float(np.finfo(y.dtype).eps), 0.01)
        return bool(np.all((abs(x - y) <= tolerance) | (x == y) | (np.isnan(x) & np.isnan(y))))
