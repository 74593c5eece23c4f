"""Rearranging elements along axes: flip, roll, rot90, pad, and the triangles of matrices.

The error signal goes the same way back: what was rolled by 1 is rolled by −1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.rules.arguments import as_array, as_integers
from minigrad.rules.manipulation.transpose import swapaxes
from minigrad.typing import Axis

__all__ = ["flip", "fliplr", "flipud", "roll", "rot90", "tril", "triu"]


def _opposite(shift: int | tuple[int, ...]) -> int | tuple[int, ...]:
    return tuple(-n for n in shift) if isinstance(shift, tuple) else -shift


# fmt: off

_flip = Primitive("flip", lambda x, axis: np.flip(x, axis),
                          lambda y_bar, y, x, axis: np.flip(y_bar, axis))
_roll = Primitive("roll", lambda x, shift, axis: np.roll(x, shift, axis),
                          lambda y_bar, y, x, shift, axis: np.roll(y_bar, _opposite(shift), axis))
_triu = Primitive("triu", lambda x, k: np.triu(x, k),
                          lambda y_bar, y, x, k: np.triu(y_bar, k))
_tril = Primitive("tril", lambda x, k: np.tril(x, k),
                          lambda y_bar, y, x, k: np.tril(y_bar, k))
# fmt: on


# ---------------------------------------------------------------- turning around
@implements(np.flip)
def flip(x: Any, axis: Axis = None) -> Any:
    """The elements in reverse order along one axis, several, or all.

    >>> import minigrad as mg
    >>> mg.flip(mg.Tensor([1.0, 2.0, 3.0]))
    Tensor([3., 2., 1.])
    """
    x = as_array(x, "flip")
    return _flip(x, axis=None if axis is None else normalize_axis_tuple(axis, x.ndim))


@implements(np.fliplr)
def fliplr(x: Any) -> Any:
    """The columns in reverse order, from left to right.

    >>> import minigrad as mg
    >>> mg.fliplr(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]))
    Tensor([[2., 1.],
            [4., 3.]])
    """
    return flip(x, 1)


@implements(np.flipud)
def flipud(x: Any) -> Any:
    """The rows in reverse order, from top to bottom.

    >>> import minigrad as mg
    >>> mg.flipud(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]))
    Tensor([[3., 4.],
            [1., 2.]])
    """
    return flip(x, 0)


@implements(np.rot90)
def rot90(x: Any, k: int = 1, axes: tuple[int, int] = (0, 1)) -> Any:
    """Turned by k right angles in the plane of two axes, from the first towards the second.

    Raises:
        ValueError: if these are not two axes.

    >>> import minigrad as mg
    >>> mg.rot90(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]))
    Tensor([[2., 4.],
            [1., 3.]])
    """
    x = as_array(x, "rot90")
    plane = normalize_axis_tuple(axes, x.ndim)
    if len(plane) != 2:
        raise ValueError(f"rot90: got axes {axes}, expected two of the {x.ndim} axes of shape {x.shape}")
    match k % 4:
        case 1:
            return swapaxes(flip(x, plane[1]), *plane)
        case 2:
            return flip(x, plane)
        case 3:
            return flip(swapaxes(x, *plane), plane[1])
    return x


# ---------------------------------------------------------------- shifting
@implements(np.roll)
def roll(x: Any, shift: int | tuple[int, ...], axis: Axis = None) -> Any:
    """The elements moved on along axes; what falls off at the end comes in again at the front.

    Arguments:
        shift: by how many places, for all axes or for each.
        axis: without it the elements move on row by row, and keep their shape.

    >>> import minigrad as mg
    >>> mg.roll(mg.Tensor([1.0, 2.0, 3.0, 4.0]), 1)
    Tensor([4., 1., 2., 3.])
    """
    return _roll(
        as_array(x, "roll"), shift=as_integers("roll", shift), axis=tuple(axis) if isinstance(axis, list) else axis
    )


# ---------------------------------------------------------------- triangles
@implements(np.triu)
def triu(x: Any, k: int = 0) -> Any:
    """The upper triangle of a matrix, or of each in a batch; 0 below the k-th diagonal.

    >>> import minigrad as mg
    >>> mg.triu(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]))
    Tensor([[1., 2.],
            [0., 4.]])
    """
    return _triu(as_array(x, "triu"), k=as_integers("triu", k))


@implements(np.tril)
def tril(x: Any, k: int = 0) -> Any:
    """The lower triangle of a matrix, or of each in a batch; 0 above the k-th diagonal.

    >>> import minigrad as mg
    >>> mg.tril(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]))
    Tensor([[1., 0.],
            [3., 4.]])
    """
    return _tril(as_array(x, "tril"), k=as_integers("tril", k))
