"""Padding: elements that the padding repeats get the sum of their error signals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.core.tensor import Tensor
from minigrad.device import device_of
from minigrad.kernels.axes import index_along
from minigrad.kernels.manipulation import pad as kernels
from minigrad.rules import builtin_axes
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.manipulation.indexing import scatter
from minigrad.rules.nondifferentiable import unwrap
from minigrad.typing import Array

__all__ = ["pad"]

#: The modes whose padding repeats elements.
_REPEATING = ("edge", "reflect", "symmetric", "wrap")


def _unpad(y_bar: Array, y: Array, x: Array, pad_width: Any, mode: str, constant_values: Any) -> Array:
    """Cut the padding off; where it repeats elements, add its error signals to theirs."""
    if mode == "constant":
        inner = zip(x.shape, pad_width, strict=True)
        return y_bar[
            tuple(slice(before, before + n) if before or after else slice(None) for n, (before, after) in inner)
        ]
    for axis, (n, (before, after)) in enumerate(zip(x.shape, pad_width, strict=True)):
        if before or after:
            shape = (*y_bar.shape[:axis], n, *y_bar.shape[axis + 1 :])
            sources = kernels.sources(n, before, after, mode, device_of(y_bar))
            y_bar = scatter(y_bar, index=index_along(axis, sources), shape=shape)
    return y_bar


_pad = Primitive("pad", kernels.pad, _unpad, axes=builtin_axes.padding)


@implements(np.pad)
def pad(
    x: Array, pad_width: Any, mode: str = "constant", *, constant_values: Any = 0, reflect_type: str = "even"
) -> Array:
    """Add elements before and after those of each axis.

    Arguments:
        pad_width: how many elements to add: a number for all sides, a pair (before, after) for all axes, a pair
            for each axis, or a dictionary from axes to numbers or pairs.
        mode: "constant", or which elements the padding repeats: the nearest ("edge"), those mirrored at the edge,
            without the edge itself ("reflect") or with it ("symmetric"), or those of the other end ("wrap").
        constant_values: the values of constant padding, in the same forms as `pad_width`.
        reflect_type: "even".

    Raises:
        ValueError: if `pad_width` does not fit the shape, or the mode is unknown.

    >>> import minigrad as mg
    >>> mg.pad(mg.Tensor([1.0, 2.0, 3.0]), 1)
    Tensor([0., 1., 2., 3., 0.])
    >>> mg.pad(mg.Tensor([1.0, 2.0, 3.0]), (2, 1), mode="reflect")
    Tensor([3., 2., 1., 2., 3., 2.])
    """
    x = as_array(x, "pad")
    if mode not in ("constant", *_REPEATING):
        raise ValueError(f"pad: got mode={mode!r}, expected 'constant', {', '.join(map(repr, _REPEATING))}")
    if reflect_type != "even":
        raise ValueError(f"pad: got reflect_type={reflect_type!r}, expected 'even', where the padding repeats elements")
    if any(isinstance(value, Tensor) and value.requires_grad for value in _flattened(constant_values)):
        raise TypeError(
            "pad: constant_values get no error signal, but this one requires gradients; "
            "join it to the array by concatenate instead"
        )
    return _pad(x, pad_width=_normalize_widths(pad_width, x), mode=mode, constant_values=unwrap(constant_values))


def _flattened(values: Array) -> list[Array]:
    return [v for value in values for v in _flattened(value)] if isinstance(values, list | tuple) else [values]


def _normalize_widths(pad_width: Any, x: Array) -> kernels.Widths:
    """A pair (before, after) for each axis, from any of the forms of `pad_width`."""
    if isinstance(pad_width, Mapping):
        by_axis: list[Array] = [0] * x.ndim
        for axis, width in pad_width.items():
            by_axis[normalize_axis_index(axis, x.ndim)] = width
        pad_width = [np.broadcast_to(width, 2) for width in by_axis] or 0
    widths = np.asarray(pad_width)
    if widths.dtype.kind not in "iu":
        raise TypeError(f"pad: pad_width has dtype {widths.dtype}, expected integers")
    try:
        pairs = [(int(before), int(after)) for before, after in np.broadcast_to(widths, (x.ndim, 2))]
    except ValueError:
        raise ValueError(
            f"pad: pad_width {pad_width} does not fit shape {x.shape}, expected a number, a pair "
            f"(before, after), or {x.ndim} of them, one for each axis"
        ) from None
    if any(n < 0 for pair in pairs for n in pair):
        raise ValueError(f"pad: pad_width {pad_width} is negative; remove elements by a slice, as in x[1:-1]")
    return tuple(pairs)
