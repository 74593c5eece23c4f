"""A function defined piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.kernels.complex import require_real
from minigrad.rules.convert_arguments import as_array, shape_of
from minigrad.rules.elementwise.complex import is_real
from minigrad.rules.manipulation.indexing import getitem, scatter
from minigrad.rules.manipulation.select import where
from minigrad.rules.manipulation.shape import broadcast_to
from minigrad.rules.nondifferentiable import unwrap
from minigrad.typing import Array

__all__ = ["piecewise"]


@implements(np.piecewise)
def piecewise(x: Array, conditions: Any, functions: Sequence[Any], *args: Any, **params: Any) -> Array:
    """Each element by the function whose condition holds there; where several hold, by the last of them.

    A function is called with the elements of its piece alone: those of the others get nothing from it, no NaN either.

    Arguments:
        conditions: a list of boolean arrays of the shape of `x`, or one such array.
        functions: one for each condition, of a vector and of `args` and `params`, or a number; one more is for where no
            condition holds, and it is 0 if there is none.

    Returns:
        An array of the shape and dtype of `x`.

    Raises:
        ValueError: if the numbers of functions and conditions do not fit.

    >>> import minigrad as mg
    >>> x = mg.Tensor([-1.0, 0.0, 4.0], requires_grad=True)
    >>> y = mg.piecewise(x, [x > 0], [mg.sqrt, lambda x: 3 * x])
    >>> y.data
    array([-3.,  0.,  2.])
    >>> y.sum().backward()
    >>> x.grad
    array([3.  , 3.  , 0.25])
    """
    x = as_array(x, "piecewise")
    pieces = [as_array(piece, "piecewise", x).astype(bool) for piece in _conditions(unwrap(conditions), x)]
    for piece in pieces:
        if piece.shape != x.shape:
            raise ValueError(f"piecewise: a condition has shape {piece.shape}, expected {x.shape}, that of x")
    if len(functions) == len(pieces) + 1:
        elsewhere = np.ones_like(x).astype(bool)
        for piece in pieces:
            elsewhere = elsewhere & ~piece
        pieces.append(elsewhere)
    if len(functions) != len(pieces):
        raise ValueError(
            f"piecewise: got {len(functions)} functions for {len(pieces)} conditions, expected as many, or one more"
        )
    y = np.zeros_like(x)
    for piece, function in zip(pieces, functions, strict=True):
        value = function
        if callable(function) and not hasattr(function, "__array_function__"):
            if not np.any(piece):
                continue
            values = as_array(function(getitem(x, piece), *args, **params), "piecewise")
            value = scatter(broadcast_to(values, (int(piece.sum()),)), index=piece, shape=x.shape)
        y = where(piece, value, y)
    if is_real(x):
        require_real(y, "piecewise")
    return y.astype(x.dtype, copy=False)


def _conditions(conditions: Any, x: Array) -> list[Any]:
    """As NumPy: one array, also one that is written as a list of booleans, or a list of arrays."""
    if isinstance(conditions, list | tuple):
        single = x.ndim > 0 and len(conditions) > 0 and not shape_of(conditions[0])
        return [conditions] if single else list(conditions)
    ndim = len(shape_of(conditions))
    return [conditions] if ndim == 0 or (ndim == 1 and x.ndim) else [conditions[i] for i in range(conditions.shape[0])]
