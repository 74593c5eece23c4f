"""NumPy's functions on Tensors: ``np.exp(t)`` reaches the same primitive as ``mg.exp(t)``.

NumPy hands a call to its arguments when they define ``__array_ufunc__`` or ``__array_function__``.
Tensors and symbolic values both answer through `from_numpy`, so that a rule written with NumPy's
functions works on either. Other functions are refused by name, with what to write instead.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from inspect import Parameter, isfunction, signature
from typing import Any, TypeVar

import numpy as np

from minigrad.core.scipy_special import scipy_name, special_function
from minigrad.unsupported import NUMPY_KEYWORDS
from minigrad.user_frame import calling, user_frame

__all__ = ["as_ours_is_called", "from_numpy", "implements", "named_for_users", "numpy_functions", "ufunc_methods"]

_Function = TypeVar("_Function", bound=Callable[..., Any])

#: NumPy's function -> minigrad's.
numpy_functions: dict[Callable[..., Any], Callable[..., Any]] = {}

#: A method of ufuncs, such as "reduce" -> minigrad's function of the ufunc and the arguments.
ufunc_methods: dict[str, Callable[..., Any]] = {}


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
        return ufunc_methods[method](function, *args, **kwargs)
    ours = numpy_functions.get(function) or special_function(function)
    if ours is None:
        raise TypeError(_refusal(function))
    if kwargs or len(args) > _required(function):
        args, kwargs = _called_as_ours(function, ours, args, kwargs)
    return ours(*args, **kwargs)


# ---------------------------------------------------------------- the arguments

_NO_SUCH = "call it on t.numpy() if no gradient needs to flow through it, for without it the value may be another"


def _called_as_ours(function: Any, ours: Any, args: Any, kwargs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
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
        while by_position < len(args) and names[by_position] not in {*NUMPY_KEYWORDS, *(taken or names)}:
            by_position += 1
        named.update(zip(names[by_position:], args[by_position:], strict=False))
        args = args[:by_position]
    return args, as_ours_is_called(named_for_users(function), ours, named, function, args)


def as_ours_is_called(
    name: str, ours: Any, given: dict[str, Any], function: Any = None, args: Any = ()
) -> dict[str, Any]:
    """The keywords of a NumPy call, as `name`, for our function, without those that say nothing.

    Raises:
        TypeError: for a keyword that ours does not have.
    """
    taken, keywords = _keywords(ours), {}
    for key, value in given.items():
        if value is np._NoValue:
            continue
        if taken is None or (key in taken and key != "out"):
            keywords[key] = value
        elif not (_is_default(function, key, value) or (key == "dtype" and _is_dtype_of(args, value))):
            instead = NUMPY_KEYWORDS.get(key, _NO_SUCH)
            raise TypeError(f"{name} does not take {key}= with a Tensor; {instead}")
    return keywords


def _is_default(function: Any, key: str, value: Any) -> bool:
    """Whether NumPy computes the same without this keyword."""
    if value is None or (key == "order" and value in ("C", "K")):
        return True
    default = _defaults(function).get(key)
    return type(value) is type(default) and value == default and isinstance(value, bool | int | float | str)


@cache
def _defaults(function: Any) -> dict[str, Any]:
    """The defaults of its keywords, and of those of ufuncs, which np.clip hands on to one."""
    found = {"where": True, "casting": "same_kind", "subok": True}
    if function is not None and not isinstance(function, np.ufunc):
        with suppress(ValueError):  # written in C, in an older NumPy
            found |= {name: p.default for name, p in signature(function).parameters.items()}
    return found


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


# ---------------------------------------------------------------- refusals
_WRITE = ("copyto", "fill_diagonal", "place", "put", "put_along_axis", "putmask")
_CREATE = (
    "arange", "asanyarray", "ascontiguousarray", "asfortranarray", "empty", "eye", "frombuffer", "fromfile",
    "fromfunction", "fromiter", "fromstring", "genfromtxt", "identity", "loadtxt", "ones", "require", "tri", "zeros",
)  # fmt: skip


def _refusal(function: Any) -> str:
    name, word = named_for_users(function), function.__name__
    if name == f"np.{word}" and word in _WRITE:
        frame, _ = user_frame()
        called = calling(frame) if frame is not None else word
        if called != word and hasattr(np, called):  # np.full_like calls np.copyto
            return (
                f"np.{called} of an array writes the numbers of a Tensor into another one, which would lose the graph; "
                f"pass its first argument as a Tensor, np.{called}(mg.Tensor(a), …), or t.numpy() if no gradient needs "
                "to flow through it"
            )
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


def named_for_users(function: Any) -> str:
    """Its name for users: np.exp, np.linalg.eig, np.emath.sqrt, scipy.special.zeta; of other ufuncs the name alone."""
    word: str = function.__name__
    module = getattr(function, "__module__", None) or "numpy"
    if isinstance(function, np.ufunc) and getattr(np, word, None) is not function:
        return scipy_name(function) or word
    return f"{'np.emath' if 'scimath' in module else module.replace('numpy', 'np', 1)}.{word}"
