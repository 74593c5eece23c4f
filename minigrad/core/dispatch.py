"""NumPy's functions on Tensors: ``np.exp(t)`` reaches the same primitive as ``mg.exp(t)``.

NumPy hands a call to its arguments when they define ``__array_ufunc__`` or ``__array_function__``.
Tensors and symbolic values both answer through `from_numpy`, so that a rule written with NumPy's
functions works on either. Other functions are refused by name, with what to write instead.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from inspect import Parameter, isfunction, signature
from typing import Any, TypeVar

import numpy as np

from minigrad.core.scipy_special import scipy_name, special_function

__all__ = ["from_numpy", "implements", "numpy_functions"]

_Function = TypeVar("_Function", bound=Callable[..., Any])

#: NumPy's function -> minigrad's.
numpy_functions: dict[Callable[..., Any], Callable[..., Any]] = {}


def implements(numpy_function: Callable[..., Any]) -> Callable[[_Function], _Function]:
    """Decorator: calls of `numpy_function` on Tensors go to the decorated function."""

    def register(function: _Function) -> _Function:
        numpy_functions[numpy_function] = function
        return function

    return register


def from_numpy(function: Callable[..., Any], method: str, args: Any, kwargs: dict[str, Any]) -> Any:
    """Answer a call of a NumPy function, or of a method of a ufunc, with minigrad's function.

    Raises:
        TypeError: if there is none, or if the call would write into an array.
    """
    if method != "__call__":
        return _of_ufunc(function, method, args, kwargs)  # type: ignore[arg-type]
    ours = numpy_functions.get(function) or special_function(function)
    if ours is None:
        raise TypeError(_refusal(function))
    if kwargs or len(args) > _required(function):
        args, kwargs = _as_ours_is_called(function, ours, args, kwargs)
    return ours(*args, **kwargs)


# ---------------------------------------------------------------- the arguments

#: NumPy's keywords that minigrad's functions do not have, and what to write instead.
_INSTEAD = {
    "out": "a Tensor's value is never written into an array: write z = f(x), and z = x + t for x += t",
    "dtype": "convert its argument: t.astype(dtype)",
    "where": "choose afterwards, mg.where(mask, f(x), 0.0), or before a reduction, t[mask]",
    "initial": "combine it with the result by +, *, mg.maximum or mg.minimum",
    "casting": "convert its argument: t.astype(dtype)",
    "signature": "convert its argument: t.astype(dtype)",
    "order": "leave it out: it is a layout in memory",
    "subok": "leave it out: there are no subclasses",
    "overwrite_input": "leave it out: nothing is overwritten",
    "mean": "leave it out: it is computed again",
    "hermitian": "leave it out if the matrix is Hermitian",
    "device": "move it: t.to(device)",
    "axes": "move the axes before, mg.moveaxis(t, source, destination)",
    "keepdims": "put the axis back, mg.expand_dims(result, axis)",
    "returned": "the sum of the weights is mg.sum(weights)",
    "prepend": "join it before: mg.concatenate([first, t])",
    "append": "join it before: mg.concatenate([t, last])",
    "period": "repeat the outer knots: np.interp(x % p, [xp[-1] - p, *xp, xp[0] + p], [fp[-1], *fp, fp[0]])",
}
_NO_SUCH = "call it on t.numpy() if no gradient needs to flow through it, for without it the value may be another"


def _as_ours_is_called(function: Any, ours: Any, args: Any, kwargs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The arguments of the NumPy call for our function: the required ones by position, the rest by keyword.

    Raises:
        TypeError: for a keyword that ours does not have.
    """
    named = dict(kwargs)
    taken = _keywords(ours)
    required = _required(function)
    if len(args) != required and required < sys.maxsize:
        names = _names(function)
        args = (*args, *[named.pop(name) for name in names[len(args) : required] if name in named])
        by_position = required  # and further, as long as ours has another word for it
        while by_position < len(args) and names[by_position] not in {*_INSTEAD, *(taken or names)}:
            by_position += 1
        named.update(zip(names[by_position:], args[by_position:], strict=False))
        args = args[:by_position]
    keywords = {}
    for key, value in named.items():
        if value is np._NoValue:
            continue
        if taken is None or (key in taken and key != "out"):
            keywords[key] = value
        elif not (_is_default(key, value) or (key == "dtype" and _is_dtype_of(args, value))):
            instead = _INSTEAD.get(key, _NO_SUCH)
            raise TypeError(f"{_name(function)} does not take {key}= with a Tensor; {instead}")
    return args, keywords


def _is_default(key: str, value: Any) -> bool:
    """Whether NumPy computes the same without this keyword."""
    if isinstance(value, str):
        return (key, value) in {("order", "K"), ("order", "C"), ("casting", "same_kind"), ("method", "linear")}
    return value is True if key == "where" else value is None


def _is_dtype_of(arrays: Any, dtype: Any) -> bool:
    """Whether there is nothing to convert: all arrays have this floating type, and so has what is computed of them."""
    dtype = np.dtype(dtype)
    return dtype.kind == "f" and all(getattr(x, "dtype", dtype) == dtype for x in arrays)


@cache
def _names(function: Any) -> tuple[str, ...]:
    return tuple(signature(function).parameters)


@cache
def _required(function: Any) -> int:
    """The number of required positional arguments of a NumPy function, its arrays; unlimited if unknown."""
    if isinstance(function, np.ufunc):
        return function.nin
    try:
        parameters = signature(function).parameters.values()
    except ValueError:  # written in C, in an older NumPy
        return sys.maxsize
    if any(p.kind is Parameter.VAR_POSITIONAL for p in parameters):
        return sys.maxsize
    return sum(p.kind is Parameter.POSITIONAL_ONLY or _has_no_default(p) for p in parameters)


def _has_no_default(parameter: Parameter) -> bool:
    return parameter.default is Parameter.empty and parameter.kind is Parameter.POSITIONAL_OR_KEYWORD


@cache
def _keywords(ours: Any) -> frozenset[str] | None:
    """The keywords of our function; ``None`` if it takes any."""
    # a primitive takes what its forward function takes
    function = getattr(ours, "forward", ours if isfunction(ours) else ours.__call__)
    if isinstance(function, np.ufunc):
        return frozenset()
    parameters = signature(function).parameters
    return None if any(p.kind is Parameter.VAR_KEYWORD for p in parameters.values()) else frozenset(parameters)


# ---------------------------------------------------------------- methods of ufuncs
_REDUCE: dict[np.ufunc, Callable[..., Any]] = {
    np.add: np.sum,
    np.multiply: np.prod,
    np.maximum: np.max,
    np.minimum: np.min,
    np.logical_and: np.all,
    np.logical_or: np.any,
}
_ACCUMULATE: dict[np.ufunc, Callable[..., Any]] = {np.add: np.cumsum, np.multiply: np.cumprod}


def _of_ufunc(ufunc: np.ufunc, method: str, args: Any, kwargs: dict[str, Any]) -> Any:
    """A method of a ufunc, by the functions of the same meaning.

    Raises:
        TypeError: if there is none.
    """
    if method == "reduce" and ufunc in _REDUCE:
        return _REDUCE[ufunc](*args, **{"axis": 0, **kwargs})
    if method == "accumulate" and ufunc in _ACCUMULATE:
        return _ACCUMULATE[ufunc](*args, **{"axis": 0, **kwargs})
    if method == "outer":
        a, b = args
        return ufunc(np.reshape(a, (*np.shape(a), *[1] * np.ndim(b))), b, **kwargs)
    if method == "at":
        raise TypeError(
            f"{_name(ufunc)}.at writes into its first argument, which would lose the graph; build a new Tensor "
            f"instead, or call it on t.numpy() if no gradient needs to flow through it"
        )
    raise TypeError(
        f"{_name(ufunc)}.{method} does not work on Tensors; write it with functions that do "
        "(mg.sum, mg.max, indexing …), or call it on t.numpy() if no gradient needs to flow through it"
    )


# ---------------------------------------------------------------- refusals
_WRITE = ("copyto", "fill_diagonal", "place", "put", "put_along_axis", "putmask")
_CREATE = (
    "arange", "asanyarray", "ascontiguousarray", "asfortranarray", "empty", "eye", "frombuffer", "fromfile",
    "fromfunction", "fromiter", "fromstring", "genfromtxt", "identity", "loadtxt", "ones", "require", "tri", "zeros",
)  # fmt: skip


def _refusal(function: Any) -> str:
    name, word = _name(function), function.__name__
    if name == f"np.{word}" and word in _WRITE:
        return (
            f"{name} writes into an array, which would lose the graph; build a new Tensor instead "
            "(mg.where(mask, a, b)), or call it with t.numpy() if no gradient needs to flow through it"
        )
    if name == f"np.{word}" and word in _CREATE:
        return f"{name} does not take like= a Tensor; write like=t.data, and mg.Tensor(…) around it to make one"
    return (
        f"{name} has no derivative in minigrad yet; call it on t.numpy() if no gradient needs to flow "
        "through it, or define it as a primitive with its rules (CONTRIBUTING, How to add an operation)"
    )


def _name(function: Any) -> str:
    """Its name for users: np.exp, np.linalg.eig, np.emath.sqrt, scipy.special.zeta; of other ufuncs the name alone."""
    word: str = function.__name__
    module = getattr(function, "__module__", None) or "numpy"
    if isinstance(function, np.ufunc) and getattr(np, word, None) is not function:
        return scipy_name(function) or word
    return f"{'np.emath' if 'scimath' in module else module.replace('numpy', 'np', 1)}.{word}"
