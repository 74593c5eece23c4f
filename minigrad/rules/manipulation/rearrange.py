"""Rearranging elements: flip, roll and rot90.

The error signal is moved back: rolling by 1 has the rule of rolling by −1.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.rules.builtin_axes import along_axis
from minigrad.rules.convert_arguments import as_array, as_integer, as_integers
from minigrad.rules.manipulation.transpose import swapaxes
from minigrad.typing import Array, Axis

__all__ = ["flip", "fliplr", "flipud", "roll", "rot90"]


def _opposite(shift: int | tuple[int, ...]) -> int | tuple[int, ...]:
    return tuple(-n for n in shift) if isinstance(shift, tuple) else -shift


# fmt: off

_flip = Primitive("flip", lambda x, axis: np.flip(x, axis),
                          lambda y_bar, y, x, axis: np.flip(y_bar, axis), axes=along_axis)
_roll = Primitive("roll", lambda x, shift, axis: np.roll(x, shift, axis),
                          lambda y_bar, y, x, shift, axis: np.roll(y_bar, _opposite(shift), axis), axes=along_axis)
# fmt: on


# ---------------------------------------------------------------- flipping and rotating
@implements(np.flip)
def flip(x: Array, axis: Axis = None) -> Array:
    """The elements in reverse order along one axis, several, or all.

    >>> import minigrad as mg
    >>> mg.flip(mg.Tensor([1.0, 2.0, 3.0]))
    Tensor([3., 2., 1.])
    """
    x = as_array(x, "flip")
    return _flip(x, axis=None if axis is None else normalize_axis_tuple(axis, x.ndim))


@implements(np.fliplr)
def fliplr(x: Array) -> Array:
    """The columns in reverse order, from left to right.

    >>> import minigrad as mg
    >>> mg.fliplr(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]))
    Tensor([[2., 1.],
            [4., 3.]])
    """
    return flip(x, 1)


@implements(np.flipud)
def flipud(x: Array) -> Array:
    """The rows in reverse order, from top to bottom.

    >>> import minigrad as mg
    >>> mg.flipud(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]))
    Tensor([[3., 4.],
            [1., 2.]])
    """
    return flip(x, 0)


@implements(np.rot90)
def rot90(x: Array, k: int = 1, axes: tuple[int, int] = (0, 1)) -> Array:
    """Rotate by k right angles in the plane of two axes, from the first towards the second.

    Raises:
        ValueError: if these are not two different axes.

    >>> import minigrad as mg
    >>> mg.rot90(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]))
    Tensor([[2., 4.],
            [1., 3.]])
    """
    x = as_array(x, "rot90")
    plane = normalize_axis_tuple(axes, x.ndim)
    if len(plane) != 2:
        raise ValueError(f"rot90: got axes {axes}, expected two of the {x.ndim} axes of shape {x.shape}")
    match as_integer("rot90: k", k) % 4:
        case 1:
            return swapaxes(flip(x, plane[1]), *plane)
        case 2:
            return flip(x, plane)
        case 3:
            return flip(swapaxes(x, *plane), plane[1])
    return x


# ---------------------------------------------------------------- shifting
@implements(np.roll)
def roll(x: Array, shift: int | tuple[int, ...], axis: Axis = None) -> Array:
    """Shift elements along axes; those shifted past the end come back at the front.

    Arguments:
        shift: by how many positions, for all axes or for each.
        axis: one axis or several; ``None`` rolls the flattened array, and restores its shape.

    >>> import minigrad as mg
    >>> mg.roll(mg.Tensor([1.0, 2.0, 3.0, 4.0]), 1)
    Tensor([4., 1., 2., 3.])
    """
    return _roll(
        as_array(x, "roll"), shift=as_integers("roll", shift), axis=tuple(axis) if isinstance(axis, list) else axis
    )
