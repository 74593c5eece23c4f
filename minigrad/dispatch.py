"""NumPy's functions on Tensors: ``np.exp(t)`` reaches the same primitive as ``mg.exp(t)``.

NumPy hands a call to its arguments when they define ``__array_ufunc__`` or ``__array_function__``.
Tensors and named values both answer through `from_numpy`, so that a rule written in NumPy's words
works on either.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["from_numpy", "implements", "numpy_functions"]

_Function = TypeVar("_Function", bound=Callable[..., Any])

#: NumPy's function -> ours.
numpy_functions: dict[Callable[..., Any], Callable[..., Any]] = {}


def implements(numpy_function: Callable[..., Any]) -> Callable[[_Function], _Function]:
    """Decorator: calls of `numpy_function` on Tensors go to the decorated function."""

    def register(function: _Function) -> _Function:
        numpy_functions[numpy_function] = function
        return function

    return register


def from_numpy(function: Callable[..., Any], method: str, args: Any, kwargs: dict[str, Any]) -> Any:
    """Answer a call of a NumPy function with ours.

    Raises:
        TypeError: if there is none, or if the call asks to write into an array.
    """
    name = f"np.{function.__name__}"
    if method != "__call__":
        raise TypeError(f"{name}.{method} does not work on Tensors; use the function itself (mg.sum, mg.max …)")
    if function not in numpy_functions:
        raise TypeError(
            f"{name} has no derivative in minigrad yet; call it on t.numpy() if no gradient needs to flow "
            "through it, or define it as a primitive with its rules (CONTRIBUTING, How to add an operation)"
        )
    ours = numpy_functions[function]
    asked = [key for key in ("out", "where", "dtype", "casting", "order", "subok") if key in kwargs]
    refused = [f"{key}=" for key in asked if not _takes(ours, key)]
    if refused:
        raise TypeError(
            f"{name} does not take {', '.join(refused)} with a Tensor, whose value is never written into; "
            "drop it (and write z = x + t for x += t, where x is an array)"
        )
    return ours(*args, **kwargs)


def _takes(function: Callable[..., Any], key: str) -> bool:
    """Whether one of our functions has an argument of this name; a primitive has arrays alone."""
    return inspect.isfunction(function) and key in inspect.signature(function).parameters
