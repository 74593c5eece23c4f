"""Choosing between arrays, element by element: the arrays that were not chosen get exactly 0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.core.recording.scopes import records_arrays
from minigrad.core.tensor import Tensor
from minigrad.kernels.manipulation import select as kernels
from minigrad.rules.builtin_axes import elementwise
from minigrad.rules.convert_arguments import as_array, as_index_array, wrap_or_clip
from minigrad.rules.manipulation.shape import broadcast_to
from minigrad.rules.nondifferentiable import unwrap
from minigrad.typing import Array

__all__ = ["choose", "select", "where"]

_where: Primitive = Primitive(
    "where",
    kernels.where,
    None,  # a condition does not require gradients
    lambda y_bar, y, condition, a, b: _where(condition, y_bar, 0),
    lambda y_bar, y, condition, a, b: _where(condition, 0, y_bar),
    axes=elementwise,
)


@implements(np.where)
def where(condition: Array, a: Array = None, b: Array = None) -> Array:
    """`a` where the condition holds, `b` elsewhere; the other of the two gets the error signal 0, never NaN.

    Arguments:
        condition: booleans, of any shape that broadcasts with `a` and `b`.

    Returns:
        An array; for a condition alone the indices where it holds, like ``np.nonzero``.

    Raises:
        ValueError: if only one of `a` and `b` is given.

    >>> import minigrad as mg
    >>> x = mg.Tensor([4.0, -1.0], requires_grad=True)
    >>> mg.where(x > 0, x, 0.1 * x)
    Tensor([ 4. , -0.1], made by where)
    """
    if a is None and b is None:
        return np.nonzero(as_array(unwrap(condition), "where"))
    if a is None or b is None:
        raise ValueError("where: got one value, expected where(condition, a, b) or where(condition)")
    if isinstance(condition, bool):
        condition = np.bool_(condition)  # CuPy does not take a bool
    if isinstance(condition, Tensor):
        condition = condition.detach() if records_arrays() else condition.data
    return _where(condition, a, b)


@implements(np.select)
def select(conditions: Sequence[Array], choices: Sequence[Array], default: Array = 0) -> Array:
    """Each element from the first choice whose condition holds, `default` where none does.

    Raises:
        ValueError: if the numbers of choices and conditions differ, or are 0.

    >>> import minigrad as mg
    >>> x = mg.Tensor([-2.0, 0.5, 3.0])
    >>> mg.select([x < 0, x < 1], [-x, x * x], default=1.0)
    Tensor([2.  , 0.25, 1.  ])
    """
    if len(conditions) != len(choices) or not len(conditions):
        raise ValueError(
            f"select: got {len(conditions)} conditions and {len(choices)} choices; expected one for each, at least one"
        )
    y = default
    for condition, choice in reversed(list(zip(conditions, choices, strict=True))):
        y = where(condition, choice, y)
    return y


def choose(index: Array, choices: Any, *, mode: str = "raise") -> Array:
    """Each element from one of several arrays: ``choices[index[i]][i]``, after broadcasting.

    Arguments:
        index: integers, the indices of the choices.
        choices: a list of arrays, or one array, whose first axis is indexed.
        mode: how to treat an index that is out of range: as an error ("raise"), modulo the number of choices
            ("wrap"), or as the nearest index in range ("clip").

    Raises:
        ValueError: if an index is out of range.

    >>> import minigrad as mg
    >>> mg.choose([0, 1, 0], [mg.Tensor([1.0, 2.0, 3.0]), -1.0])
    Tensor([ 1., -1.,  3.])
    """
    others = choices if isinstance(choices, list | tuple) else [choices]
    chosen, n = as_index_array("choose", index, *others), len(choices)
    if mode == "raise" and not np.all((chosen >= 0) & (chosen < n)):
        raise ValueError(f"choose: got indices from {np.min(chosen)} to {np.max(chosen)} for {n} choices")
    chosen = wrap_or_clip("choose", chosen, n, mode)
    arrays = [as_array(choice, "choose", chosen) for choice in choices]
    y = arrays[-1]
    for k in reversed(range(n - 1)):
        y = _where(chosen == k, arrays[k], y)
    shape = np.broadcast_shapes(chosen.shape, *(x.shape for x in arrays))
    return y if y.shape == shape else broadcast_to(y, shape)


@implements(np.choose)
def _np_choose(a: Array, choices: Any, out: None = None, mode: str = "raise") -> Array:
    return choose(a, choices, mode=mode)
