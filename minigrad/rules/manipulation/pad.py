"""TODO"""

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
from minigrad.rules.arguments import as_array
from minigrad.rules.manipulation.indexing import scatter
from minigrad.rules.nondifferentiable import unwrap

__all__ = ["pad"]

_COPYING = ("edge", "reflect", "symmetric", "wrap")  # the modes of pad besides "constant"


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
            y_bar = scatter(y_bar, index=index_along(axis, sources), shape=shape)
    return y_bar


# fmt: off
_pad  = Primitive("pad",  kernels.pad, _without_border)
# fmt: on


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
    return _pad(x, pad_width=_widths(pad_width, x), mode=mode, constant_values=unwrap(constant_values))


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
