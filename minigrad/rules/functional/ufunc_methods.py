"""Methods of ufuncs on Tensors: ``np.add.reduce``, ``accumulate``, ``reduceat`` and ``outer``.

A function of two arguments is applied again and again along an axis, each time as an operation of its own, so every
ufunc that has rules has these methods. Where there is one operation for all of it, as the sum is for ``np.add.reduce``,
that is called instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index
from numpy.typing import DTypeLike

from minigrad.core.dispatch import as_ours_is_called, named_for_users, numpy_functions
from minigrad.kernels.axes import index_along
from minigrad.rules.axes import as_rows, axis_tuple, reduced_shape
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.manipulation import select
from minigrad.rules.manipulation.join import stack
from minigrad.rules.manipulation.shape import reshape
from minigrad.rules.nondifferentiable import NondifferentiableFunction, unwrap
from minigrad.rules.reductions.cumulative import cumprod, cumsum
from minigrad.rules.reductions.extrema import max, min
from minigrad.rules.reductions.keywords.keywords import as_initial, in_dtype, mask_of, reduction_arguments
from minigrad.rules.reductions.prod import prod
from minigrad.rules.reductions.softmax import logsumexp
from minigrad.rules.reductions.sum import sum
from minigrad.typing import Array, Axis

__all__ = ["METHODS"]

#: A method of ufuncs -> what answers it for Tensors.
METHODS: dict[str, Callable[..., Any]] = {}

#: One operation in place of many.
_REDUCTIONS: dict[np.ufunc, Callable[..., Array]] = {
    np.add: sum,
    np.multiply: prod,
    np.maximum: max,
    np.minimum: min,
    np.logaddexp: logsumexp,
}
_ACCUMULATIONS: dict[np.ufunc, Callable[..., Array]] = {np.add: cumsum, np.multiply: cumprod}

#: Several axes may be reduced at once: the order does not matter.
_REORDERABLE = frozenset({np.logaddexp, np.logaddexp2, np.hypot, np.fmax, np.fmin, np.maximum, np.minimum})


def _method(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: what answers a method of a ufunc. Ufuncs without a derivative answer by themselves, on the values."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        def answer(ufunc: np.ufunc, *args: Any, **params: Any) -> Any:
            given = as_ours_is_called(f"{named_for_users(ufunc)}.{name}", function, params)
            if isinstance(numpy_functions.get(ufunc), NondifferentiableFunction):
                return getattr(ufunc, name)(*unwrap(args), **unwrap(given))
            return function(ufunc, *args, **given)

        METHODS[name] = answer
        return function

    return register


@_method("reduce")
def _reduce(
    ufunc: np.ufunc,
    x: Array,
    axis: Axis = 0,
    dtype: DTypeLike | None = None,
    keepdims: bool = False,
    initial: Array = None,
    where: Array = True,
) -> Array:
    """``f(f(f(x₀, x₁), x₂), …)`` along an axis."""
    name = f"{named_for_users(ufunc)}.reduce"
    x, axis = reduction_arguments(name, x, axis, dtype)
    of_all = _REDUCTIONS.get(ufunc)
    if of_all is logsumexp and (initial is not None or where is not True or not x.size):
        of_all = None
    if of_all is not None:
        more = {} if initial is None else {"initial": initial}
        if dtype is not None and of_all in (sum, prod):
            more["dtype"] = dtype
        return of_all(x, axis=axis, keepdims=keepdims, **more, **({} if where is True else {"where": where}))
    axes = axis_tuple(axis, x.ndim)
    if len(axes) > 1 and ufunc not in _REORDERABLE:
        raise ValueError(f"{name}: got {len(axes)} axes, expected one: the order in which it is applied matters")
    mask = True if where is True else as_rows(np.broadcast_to(mask_of(name, x, where), x.shape), axis)[0]
    y = _applied(ufunc, name, as_rows(x, axis)[0], initial, mask)
    shape = reduced_shape(x, axis, keepdims)
    return y if y.shape == shape else reshape(y, shape)


def _applied(ufunc: np.ufunc, name: str, rows: Array, initial: Array, where: Array) -> Array:
    """The function of all elements of each row, one after the other."""
    y = ufunc.identity if initial is None else as_initial(name, initial, rows)
    if y is None and where is not True:
        raise ValueError(f"{name}: where may leave out every element; give initial=, the result for that case")
    if y is None and not rows.shape[-1]:
        raise ValueError(f"{name}: an axis of length 0 has no first element; give initial=, the result for that case")
    for k in range(rows.shape[-1]):
        x = rows[..., k]
        z = x if y is None else ufunc(y, x)
        y = z if where is True else select.where(where[..., k], z, y)
    y = y if hasattr(y, "shape") else np.asarray(y, rows.dtype)
    return y if y.shape == rows.shape[:-1] else np.broadcast_to(y, rows.shape[:-1])


@_method("accumulate")
def _accumulate(ufunc: np.ufunc, x: Array, axis: int = 0, dtype: DTypeLike | None = None) -> Array:
    """x₀, ``f(x₀, x₁)``, ``f(f(x₀, x₁), x₂)`` … along an axis."""
    name = f"{named_for_users(ufunc)}.accumulate"
    x = as_array(x, name)
    if not x.ndim or not isinstance(axis, int | np.integer):
        raise ValueError(f"{name}: got shape {x.shape} and axis={axis}, expected an array and one axis")
    if ufunc in _ACCUMULATIONS:
        return _ACCUMULATIONS[ufunc](x, axis=axis, dtype=dtype)
    if dtype is not None:
        x = in_dtype(name, x, dtype)
    axis = normalize_axis_index(axis, x.ndim)
    results = list(_results(ufunc, x, axis))
    return stack(results, axis) if results else x


def _results(ufunc: np.ufunc, x: Array, axis: int) -> Iterator[Array]:
    y = None
    for k in range(x.shape[axis]):
        part = x[index_along(axis, k)]
        y = part if y is None else ufunc(y, part)
        yield y


@_method("reduceat")
def _reduceat(ufunc: np.ufunc, x: Array, indices: Array, axis: int = 0, dtype: DTypeLike | None = None) -> Array:
    """Reductions of the parts of an axis that begin at these indices; of one element, where the next is not larger."""
    name = f"{named_for_users(ufunc)}.reduceat"
    x = as_array(x, name)
    axis = normalize_axis_index(axis, x.ndim)
    n, starts = x.shape[axis], np.asarray(unwrap(indices), int).tolist()
    for i in starts:
        if not 0 <= i < n:
            raise IndexError(f"{name}: index {i} is out of range for an axis of length {n}")
    if dtype is not None:
        x = in_dtype(name, x, dtype)
    parts = [
        _reduce(ufunc, x[index_along(axis, slice(i, end))], axis) if i < end else x[index_along(axis, i)]
        for i, end in zip(starts, [*starts[1:], n], strict=bool(starts))
    ]
    return stack(parts, axis) if parts else x[index_along(axis, slice(0))]


@_method("outer")
def _outer(ufunc: np.ufunc, a: Array, b: Array, **params: Any) -> Array:
    """Every element of one with every element of the other."""
    return ufunc(np.reshape(a, (*np.shape(a), *[1] * np.ndim(b))), b, **params)


def _at(ufunc: np.ufunc, *args: Any) -> Any:
    """Refused: it writes into its first argument."""
    instead = "build a new Tensor instead"
    if ufunc in (np.add, np.subtract):
        sign = "+" if ufunc is np.add else "-"
        instead = f"write z {sign} np.eye(len(z))[indices].T @ t for np.{ufunc.__name__}.at(z, indices, t)"
    raise TypeError(
        f"{named_for_users(ufunc)}.at writes into its first argument, which would lose the graph; {instead}, "
        "or call it on t.numpy() if no gradient needs to flow through it"
    )


METHODS["at"] = _at
