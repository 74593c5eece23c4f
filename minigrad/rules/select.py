"""Choosing elements: ``where`` and indexing. What was not chosen gets exactly 0."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from minigrad.arrays import device_of, moved
from minigrad.dispatch import implements
from minigrad.kernels import select as kernels
from minigrad.primitive import Primitive
from minigrad.rules.plain import as_plain
from minigrad.rules.shape import as_array, broadcast_to, ravel
from minigrad.tensor import Tensor

__all__ = ["choose", "compress", "extract", "select", "take", "take_along_axis", "where"]

_where: Primitive = Primitive(
    "where",
    kernels.where,
    lambda y_bar, y, condition, a, b: None,  # never asked for: a condition does not require gradients
    lambda y_bar, y, condition, a, b: _where(condition, y_bar, 0),
    lambda y_bar, y, condition, a, b: _where(condition, 0, y_bar),
)

_getitem: Primitive = Primitive(
    "getitem",
    kernels.getitem,
    lambda y_bar, y, x, index: scatter(y_bar, index=index, shape=x.shape),
)

scatter: Primitive = Primitive(
    "scatter",
    kernels.scatter,
    lambda y_bar, y, x, index, shape: y_bar[index],
)


@implements(np.where)
def where(condition: Any, a: Any = None, b: Any = None) -> Any:
    """`a` where the condition holds, `b` elsewhere; the branch not taken gets the error signal 0, never NaN.

    Arguments:
        condition: booleans, of any shape that broadcasts with `a` and `b`.

    Returns:
        An array; of a condition alone the places where it holds, as ``np.nonzero`` gives them.

    Raises:
        ValueError: if only one of `a` and `b` is given.

    >>> import minigrad as mg
    >>> x = mg.Tensor([4.0, -1.0], requires_grad=True)
    >>> mg.where(x > 0, x, 0.1 * x)
    Tensor([ 4. , -0.1], made by where)
    """
    if a is None and b is None:
        return np.nonzero(as_array(as_plain(condition), "where"))
    if a is None or b is None:
        raise ValueError("where: got one value and expected two, where(condition, a, b), or the condition alone")
    if isinstance(condition, bool):
        condition = np.bool_(condition)  # which CuPy asks for
    return _where(condition.data if isinstance(condition, Tensor) else condition, a, b)


def flat(y_bar: Any) -> Any:
    """The error signal behind a function that is constant there: 0, also where ȳ is infinite and 0 · ȳ is NaN."""
    return where(True, 0, y_bar)


def not_0(x: Any) -> Any:
    """x, and 1 where it is 0: to divide by, where what is divided is 0 or replaced."""
    at_0 = x == 0
    return where(at_0, 1, x) if np.any(at_0) else x


def ratio(a: Any, b: Any) -> Any:
    """a / b, and 0 where b is 0, with all its derivatives: at the tip of a cone no direction is the steepest."""
    tip = b == 0
    return where(tip, 0, a / not_0(b)) if np.any(tip) else a / b


@implements(np.select)
def select(conditions: Sequence[Any], choices: Sequence[Any], default: Any = 0) -> Any:
    """For each element the choice whose condition is the first to hold, and `default` where none does.

    Raises:
        ValueError: if there are not as many choices as conditions, or none.

    >>> import minigrad as mg
    >>> x = mg.Tensor([-2.0, 0.5, 3.0])
    >>> mg.select([x < 0, x < 1], [-x, x * x], default=1.0)
    Tensor([2.  , 0.25, 1.  ])
    """
    if len(conditions) != len(choices) or not len(conditions):
        raise ValueError(
            f"select: got {len(conditions)} conditions and {len(choices)} choices; each condition needs its choice"
        )
    y = default
    for condition, choice in reversed(list(zip(conditions, choices, strict=True))):
        y = where(condition, choice, y)
    return y


def choose(index: Any, choices: Any, *, mode: str = "raise") -> Any:
    """Each element from the array that `index` names there: ``choices[index[i]][i]``, after broadcasting.

    Arguments:
        index: integers that count the choices.
        choices: arrays, or one array that is taken along its first axis.
        mode: what becomes of an integer that counts no choice: an error ("raise"), counted around ("wrap"),
            or the nearest that does ("clip").

    Raises:
        ValueError: if `index` names a choice that there is not.

    >>> import minigrad as mg
    >>> mg.choose([0, 1, 0], [mg.Tensor([1.0, 2.0, 3.0]), -1.0])
    Tensor([ 1., -1.,  3.])
    """
    others = choices if isinstance(choices, list | tuple) else [choices]
    chosen, n = _integers("choose", index, *others), len(choices)
    if mode == "raise" and not np.all((chosen >= 0) & (chosen < n)):
        raise ValueError(f"choose: index has integers from {np.min(chosen)} to {np.max(chosen)} for {n} choices")
    chosen = _within("choose", chosen, n, mode)
    arrays = [as_array(choice, "choose", chosen) for choice in choices]
    y = arrays[-1]
    for k in reversed(range(n - 1)):
        y = _where(chosen == k, arrays[k], y)
    shape = np.broadcast_shapes(chosen.shape, *(x.shape for x in arrays))
    return y if y.shape == shape else broadcast_to(y, shape)


def getitem(x: Any, index: Any) -> Any:
    """``x[index]``: slices, integers, ellipsis, new axes, and arrays of integers or booleans.

    An element that is chosen more than once receives the sum of its error signals.
    """
    return _getitem(x, index=as_plain(index))


def along(axis: int, part: Any) -> tuple[Any, ...]:
    """The index that takes this part along one axis, and all of the others."""
    return (*(slice(None),) * axis, part)


def take(x: Any, indices: Any, axis: int | None = None, *, mode: str = "raise") -> Any:
    """The elements with these indices along an axis, or of all elements in a row if no axis is given.

    Arguments:
        indices: integers, in an array of any shape; the result has its axes in place of the axis.
        mode: what becomes of an index that is out of range: an error ("raise"), counted around ("wrap"), or
            the nearest that is in range ("clip").

    Raises:
        IndexError: if an index is out of range.

    >>> import minigrad as mg
    >>> mg.take(mg.Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), [2, 0, 0], axis=1)
    Tensor([[3., 1., 1.],
            [6., 4., 4.]])
    """
    x = as_array(x, "take")
    if axis is None:
        x, axis = ravel(x), 0
    axis = normalize_axis_index(axis, x.ndim)
    chosen = _within("take", _integers("take", indices, x), x.shape[axis], mode)
    return getitem(x, along(axis, chosen if chosen.ndim else int(chosen)))


@implements(np.take_along_axis)
def take_along_axis(x: Any, indices: Any, axis: int | None = -1) -> Any:
    """One element for each index, along an axis; the other axes keep step: ``x[i, indices[i, j]]`` for the last of two.

    It takes what ``np.argsort`` and ``np.argmax(…, keepdims=True)`` name.

    Arguments:
        indices: integers, with as many axes as `x`.
        axis: the axis they count along; of all elements in a row if ``None``.

    Raises:
        ValueError: if `indices` has another number of axes.

    >>> import minigrad as mg
    >>> mg.take_along_axis(mg.Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), [[2], [0]], axis=1)
    Tensor([[3.],
            [4.]])
    """
    x, chosen = as_array(x, "take_along_axis"), _integers("take_along_axis", indices, x)
    if axis is None:
        x, axis = ravel(x), 0
    axis = normalize_axis_index(axis, x.ndim)
    if chosen.ndim != x.ndim:
        raise ValueError(
            f"take_along_axis: indices have shape {chosen.shape} for an array of shape {x.shape}, expected as many axes"
        )
    places = [moved(place, device_of(x)) for place in np.ogrid[tuple(slice(n) for n in x.shape)]]
    return getitem(x, tuple(chosen if i == axis else place for i, place in enumerate(places)))


@implements(np.compress)
def compress(condition: Any, x: Any, axis: int | None = None) -> Any:
    """What lies along an axis where the condition holds, or of all elements in a row if no axis is given.

    Arguments:
        condition: booleans along one axis; where there are fewer, the rest is left out.

    Raises:
        ValueError: if `condition` has more than one axis.

    >>> import minigrad as mg
    >>> mg.compress([True, False, True], mg.Tensor([1.0, 2.0, 3.0]))
    Tensor([1., 3.])
    """
    holds = as_array(as_plain(condition), "compress", x)
    if holds.ndim != 1:
        raise ValueError(f"compress: the condition has shape {holds.shape}, expected booleans along one axis")
    return take(x, np.nonzero(holds)[0], axis)


@implements(np.extract)
def extract(condition: Any, x: Any) -> Any:
    """The elements where the condition holds, row by row.

    >>> import minigrad as mg
    >>> x = mg.Tensor([[1.0, -2.0], [-3.0, 4.0]])
    >>> mg.extract(x > 0, x)
    Tensor([1., 4.])
    """
    return compress(np.ravel(as_array(as_plain(condition), "extract", x)), x)


def _integers(name: str, value: Any, *others: Any) -> Any:
    """Integers as an array beside the others; booleans count as 0 and 1, as in NumPy.

    Raises:
        TypeError: if they are no integers.
    """
    array = as_array(as_plain(value), name, *others)
    if array.dtype.kind not in "biu" and array.size:
        raise TypeError(f"{name}: expected integers as indices, got {array.dtype}; convert them by astype(int)")
    return array if array.dtype.kind in "iu" else array.astype(int)


def whole(name: str, value: Any) -> Any:
    """A whole number, or a tuple of several.

    Raises:
        TypeError: if they are not.
    """
    plain_value = as_plain(value)
    try:
        return tuple(map(operator.index, plain_value)) if np.ndim(plain_value) else operator.index(plain_value)
    except TypeError:
        raise TypeError(f"{name}: expected whole numbers, got {value!r}") from None


def _within(name: str, indices: Any, n: int, mode: str) -> Any:
    """Indices below n, by counting around or by the nearest; with "raise" they are left as they are."""
    match mode:
        case "raise":
            return indices
        case "wrap" if n:
            return indices % n
        case "clip" | "wrap":
            return np.clip(indices, 0, n - 1)
    raise ValueError(f"{name}: got mode={mode!r}, expected 'raise', 'wrap' or 'clip'")


# ---------------------------------------------------------------- NumPy's functions, where the arguments differ


@implements(np.take)
def _np_take(a: Any, indices: Any, axis: int | None = None, out: None = None, mode: str = "raise") -> Any:
    return take(a, indices, axis, mode=mode)


@implements(np.choose)
def _np_choose(a: Any, choices: Any, out: None = None, mode: str = "raise") -> Any:
    return choose(a, choices, mode=mode)
