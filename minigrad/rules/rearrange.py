"""Rearranging elements along axes: flip, roll, rot90, pad, and the triangles of matrices.

The error signal goes the same way back: what was rolled by 1 is rolled by −1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from minigrad.arrays import device_of
from minigrad.dispatch import implements
from minigrad.kernels import rearrange as kernels
from minigrad.primitive import Primitive
from minigrad.rules.plain import as_plain
from minigrad.rules.select import along, scatter, whole
from minigrad.rules.shape import as_array, swapaxes
from minigrad.tensor import Tensor

__all__ = ["flip", "fliplr", "flipud", "pad", "roll", "rot90", "tril", "triu"]

Axis = int | tuple[int, ...] | None

_COPYING = ("edge", "reflect", "symmetric", "wrap")  # the modes of pad besides "constant"


def _opposite(shift: int | tuple[int, ...]) -> int | tuple[int, ...]:
    return tuple(-n for n in shift) if isinstance(shift, tuple) else -shift


def _without_border(y_bar: Any, y: Any, x: Any, pad_width: Any, mode: str, constant_values: Any) -> Any:
    """The inner part; where the border repeated elements, its error signals are added to theirs."""
    if mode == "constant":
        inner = zip(x.shape, pad_width, strict=True)
        return y_bar[
            tuple(slice(before, before + n) if before or after else slice(None) for n, (before, after) in inner)
        ]
    for axis, (n, (before, after)) in enumerate(zip(x.shape, pad_width, strict=True)):
        if before or after:
            shape = (*y_bar.shape[:axis], n, *y_bar.shape[axis + 1 :])
            sources = kernels.sources(n, before, after, mode, device_of(y_bar))
            y_bar = scatter(y_bar, index=along(axis, sources), shape=shape)
    return y_bar


# fmt: off
_flip = Primitive("flip", lambda x, axis: np.flip(x, axis),
                          lambda y_bar, y, x, axis: np.flip(y_bar, axis))
_roll = Primitive("roll", lambda x, shift, axis: np.roll(x, shift, axis),
                          lambda y_bar, y, x, shift, axis: np.roll(y_bar, _opposite(shift), axis))
_triu = Primitive("triu", lambda x, k: np.triu(x, k),
                          lambda y_bar, y, x, k: np.triu(y_bar, k))
_tril = Primitive("tril", lambda x, k: np.tril(x, k),
                          lambda y_bar, y, x, k: np.tril(y_bar, k))
_pad  = Primitive("pad",  kernels.pad, _without_border)
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
    return _roll(as_array(x, "roll"), shift=whole("roll", shift), axis=tuple(axis) if isinstance(axis, list) else axis)


@implements(np.pad)
def pad(x: Any, pad_width: Any, mode: str = "constant", *, constant_values: Any = 0, reflect_type: str = "even") -> Any:
    """A border around an array.

    Arguments:
        pad_width: how many places are added: a number for all sides, a pair (before, after) for all axes, a pair
            for each axis, or a dictionary that gives some axes one or the other.
        mode: "constant", or what the border repeats: the nearest element ("edge"), the elements mirrored at the
            edge without it ("reflect") or with it ("symmetric"), or those of the other end ("wrap").
        constant_values: what a constant border holds, in the same forms as `pad_width`.
        reflect_type: "even".

    Raises:
        ValueError: if `pad_width` does not belong to the shape, or there is no such mode.

    >>> import minigrad as mg
    >>> mg.pad(mg.Tensor([1.0, 2.0, 3.0]), 1)
    Tensor([0., 1., 2., 3., 0.])
    >>> mg.pad(mg.Tensor([1.0, 2.0, 3.0]), (2, 1), mode="reflect")
    Tensor([3., 2., 1., 2., 3., 2.])
    """
    x = as_array(x, "pad")
    if mode not in ("constant", *_COPYING):
        raise ValueError(f"pad: got mode={mode!r}, expected 'constant', {', '.join(map(repr, _COPYING))}")
    if reflect_type != "even":
        raise ValueError(f"pad: got reflect_type={reflect_type!r}, expected 'even', where the border repeats elements")
    if any(isinstance(value, Tensor) and value.requires_grad for value in _flat(constant_values)):
        raise TypeError(
            "pad: constant_values are constants and get no error signal, but this one requires gradients; "
            "concatenate it with the array instead"
        )
    return _pad(x, pad_width=_widths(pad_width, x), mode=mode, constant_values=as_plain(constant_values))


def _flat(values: Any) -> list[Any]:
    return [v for value in values for v in _flat(value)] if isinstance(values, list | tuple) else [values]


def _widths(pad_width: Any, x: Any) -> kernels.Widths:
    """A pair (before, after) for each axis, from any of the forms in which widths may be given."""
    if isinstance(pad_width, Mapping):
        by_axis: list[Any] = [0] * x.ndim
        for axis, width in pad_width.items():
            by_axis[normalize_axis_index(axis, x.ndim)] = width
        pad_width = [np.broadcast_to(width, 2) for width in by_axis] or 0
    widths = np.asarray(pad_width)
    if widths.dtype.kind not in "iu":
        raise TypeError(f"pad: pad_width has dtype {widths.dtype}, expected whole numbers of places")
    try:
        pairs = [(int(before), int(after)) for before, after in np.broadcast_to(widths, (x.ndim, 2))]
    except ValueError:
        raise ValueError(
            f"pad: pad_width {pad_width} does not belong to shape {x.shape}, expected a number, a pair "
            f"(before, after), or {x.ndim} of them, one for each axis"
        ) from None
    if any(n < 0 for pair in pairs for n in pair):
        raise ValueError(f"pad: pad_width {pad_width} is negative; cut a border off by a slice, as in x[1:-1]")
    return tuple(pairs)


# ---------------------------------------------------------------- triangles


@implements(np.triu)
def triu(x: Any, k: int = 0) -> Any:
    """The upper triangle of a matrix, or of each in a batch; 0 below the k-th diagonal.

    >>> import minigrad as mg
    >>> mg.triu(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]))
    Tensor([[1., 2.],
            [0., 4.]])
    """
    return _triu(as_array(x, "triu"), k=whole("triu", k))


@implements(np.tril)
def tril(x: Any, k: int = 0) -> Any:
    """The lower triangle of a matrix, or of each in a batch; 0 above the k-th diagonal.

    >>> import minigrad as mg
    >>> mg.tril(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]))
    Tensor([[1., 0.],
            [3., 4.]])
    """
    return _tril(as_array(x, "tril"), k=whole("tril", k))
