"""Padding: elements that the padding repeats get the sum of their error signals.

Padding that is computed, means, extrema and ramps, is joined to the array by operations with rules of their own.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping
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
from minigrad.rules.creation.ranges import linspace
from minigrad.rules.manipulation.conversion import astype
from minigrad.rules.manipulation.indexing import scatter
from minigrad.rules.manipulation.join import concatenate
from minigrad.rules.manipulation.shape import broadcast_to
from minigrad.rules.nondifferentiable import NondifferentiableFunction, unwrap
from minigrad.rules.reductions.extrema import max, min
from minigrad.rules.reductions.quantiles import median
from minigrad.rules.reductions.statistics.moments import mean
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
    for axis, (before, after) in enumerate(pad_width):
        if before or after:
            n = x.shape[axis]
            shape = (*y_bar.shape[:axis], n, *y_bar.shape[axis + 1 :])
            sources = kernels.sources(n, before, after, mode, device_of(y_bar))
            y_bar = scatter(y_bar, index=index_along(axis, sources), shape=shape)
    return y_bar


_pad = Primitive("pad", kernels.pad, _unpad, axes=builtin_axes.padding)


#: The keyword that belongs to each mode.
_SETTING = {
    "constant": "constant_values",
    "linear_ramp": "end_values",
    "reflect": "reflect_type",
    "symmetric": "reflect_type",
    "maximum": "stat_length",
    "mean": "stat_length",
    "median": "stat_length",
    "minimum": "stat_length",
}
_MODES = ("constant", *_REPEATING, "linear_ramp", "maximum", "mean", "median", "minimum")
_STATISTICS: dict[str, Callable[..., Array]] = {"maximum": max, "mean": mean, "median": median, "minimum": min}


@implements(np.pad)
def pad(
    x: Array,
    pad_width: Any,
    mode: str = "constant",
    *,
    constant_values: Any = None,
    end_values: Any = None,
    stat_length: Any = None,
    reflect_type: str | None = None,
) -> Array:
    """Add elements before and after those of each axis.

    Arguments:
        pad_width: how many elements to add: a number for all sides, a pair (before, after) for all axes, a pair
            for each axis, or a dictionary from axes to numbers or pairs.
        mode: "constant", or which elements the padding repeats: the nearest ("edge"), those mirrored at the edge,
            without the edge itself ("reflect") or with it ("symmetric"), or those of the other end ("wrap"); or what
            it is computed from: the "maximum", "mean", "median" or "minimum" of each row, or a line from the nearest
            element to a given number ("linear_ramp").
        constant_values: the values of constant padding, in the same forms as `pad_width`; 0 by default.
        end_values: where a ramp ends, in the same forms; 0 by default.
        stat_length: how many elements at each end a statistic is taken of, in the same forms; all by default.
        reflect_type: "even", by default, or "odd", where the padding is mirrored in value, too: 2 · edge − x.

    Raises:
        ValueError: if `pad_width` does not fit the shape, the mode is unknown or "empty", in which padding has no
            values, or a keyword belongs to another mode.
        TypeError: if the mode is a function, for it would write into the padded array.

    >>> import minigrad as mg
    >>> mg.pad(mg.Tensor([1.0, 2.0, 3.0]), 1)
    Tensor([0., 1., 2., 3., 0.])
    >>> mg.pad(mg.Tensor([1.0, 2.0, 3.0]), (2, 1), mode="reflect")
    Tensor([3., 2., 1., 2., 3., 2.])
    >>> mg.pad(mg.Tensor([1.0, 2.0, 3.0]), (1, 2), mode="mean", stat_length=2)
    Tensor([1.5, 1. , 2. , 3. , 2.5, 2.5])
    """
    x = as_array(x, "pad")
    settings = {
        "constant_values": constant_values,
        "end_values": end_values,
        "stat_length": stat_length,
        "reflect_type": reflect_type,
    }
    _check_mode(mode, settings)
    widths = _normalize_widths(pad_width, x)
    given = settings.get(_SETTING.get(mode, ""))
    if mode == "constant":
        return _pad(x, pad_width=widths, mode=mode, constant_values=0 if given is None else unwrap(given))
    if mode in _REPEATING and given != "odd":
        return _pad(x, pad_width=widths, mode=mode, constant_values=None)
    for axis, pair in enumerate(widths):
        if any(pair) and not x.shape[axis]:
            raise ValueError(f"pad: axis {axis} of shape {x.shape} is empty, and only constants can extend it")
    pairs = [(given, given)] * x.ndim if given == "odd" else _pairs(_SETTING[mode], given, x.shape)
    if x.dtype.kind in "biu":  # NumPy rounds what it computes
        return _of_integers(x, widths or 0, mode, **{_SETTING[mode]: given if given == "odd" else pairs or None})
    for axis, width in enumerate(widths):
        if any(width):
            x = _extended(x, axis, width, mode, pairs[axis])
    return x


def _check_mode(mode: Any, settings: dict[str, Any]) -> None:
    if callable(mode):
        raise TypeError(
            "pad: a function as mode writes into the padded array, which would lose the graph; join what it computes "
            "to the array: mg.concatenate([before, x, after], axis)"
        )
    if mode == "empty":
        raise ValueError("pad: mode='empty' gives the padding no values; pad with zeros, which is the default")
    if mode not in _MODES:
        raise ValueError(f"pad: got mode={mode!r}, expected {', '.join(map(repr, _MODES))}")
    for name, value in settings.items():
        if value is not None and name != _SETTING.get(mode):
            modes = ", ".join(repr(of) for of, setting in _SETTING.items() if setting == name)
            raise ValueError(f"pad: {name} belongs to the modes {modes}; mode={mode!r} does not take it")
        if any(isinstance(part, Tensor) and part.requires_grad for part in _flattened(value)):
            raise TypeError(
                f"pad: {name} get no error signal, but this one requires gradients; "
                "join it to the array by concatenate instead"
            )
    reflect_type = settings["reflect_type"]
    if reflect_type not in (None, "even", "odd"):
        raise ValueError(f"pad: got reflect_type={reflect_type!r}, expected 'even' or 'odd'")


def _pairs(name: str, values: Any, shape: tuple[int, ...]) -> list[tuple[Any, Any]]:
    """A pair (before, after) for each axis."""
    values = 0 if values is None and name == "end_values" else unwrap(values)
    try:
        pairs = np.broadcast_to(np.asarray(values, object), (len(shape), 2)).tolist()
    except ValueError:
        raise ValueError(
            f"pad: {name} {values} does not fit {len(shape)} axes, expected a number, a pair (before, after), or a "
            "pair for each axis"
        ) from None
    if name == "end_values":
        return pairs  # type: ignore[no-any-return]
    if any(n is not None and (not isinstance(n, int) or n < 0) for pair in pairs for n in pair):
        raise ValueError(f"pad: stat_length is a number of elements, 0 or more; got {values}")
    return [
        (n if before is None else before, n if after is None else after)
        for n, (before, after) in zip(shape, pairs, strict=True)
    ]


_of_integers = NondifferentiableFunction(np.pad)


# ---------------------------------------------------------------- padding that is computed, along one axis
def _extended(x: Array, axis: int, widths: tuple[int, int], mode: str, setting: tuple[Any, Any]) -> Array:
    """x with its padding before and after along an axis."""
    if mode in ("reflect", "symmetric"):
        return _reflected_in_value(x, axis, *widths, repeat_edge=mode == "symmetric")
    if mode == "linear_ramp":
        before, after = (
            linspace(end, x[index_along(axis, edge)], width, endpoint=False, axis=axis)
            for end, edge, width in zip(setting, (0, -1), widths, strict=True)
        )
        before, after = (astype(ramp, x.dtype, copy=False) for ramp in (before, after))
        return _joined(before, x, after[index_along(axis, slice(None, None, -1))], axis)
    n, statistic = x.shape[axis], _STATISTICS[mode]
    first, last = (builtins.min(length, n) for length in setting)
    before, after = (
        broadcast_to(
            statistic(x[index_along(axis, part)], axis, keepdims=True), (*x.shape[:axis], width, *x.shape[axis + 1 :])
        )
        for part, width in zip((slice(first), slice(n - last, None)), widths, strict=True)
    )
    return _joined(before, x, after, axis)


def _joined(before: Array, x: Array, after: Array, axis: int) -> Array:
    return concatenate([part for part in (before, x, after) if part.shape[axis]], axis)


def _reflected_in_value(x: Array, axis: int, before: int, after: int, repeat_edge: bool) -> Array:
    """Mirrored at the edge in place and in value, 2 · edge − x, again and again until the padding is filled.

    Each step mirrors all that is there, in whole lengths of the original array, as in NumPy.
    """
    n = x.shape[axis]
    if n == 1:
        return _pad(
            x,
            pad_width=tuple((before, after) if i == axis else (0, 0) for i in range(x.ndim)),
            mode="edge",
            constant_values=None,
        )
    skip, period = (0, n) if repeat_edge else (1, n - 1)
    while before or after:
        longest = (x.shape[axis] - skip) // period * period
        left, right = builtins.min(longest, before), builtins.min(longest, after)
        first, last = x[index_along(axis, slice(0, 1))], x[index_along(axis, slice(-1, None))]
        start, end = (
            x[index_along(axis, slice(skip, skip + left))],
            x[index_along(axis, slice(x.shape[axis] - skip - right, x.shape[axis] - skip))],
        )
        backwards = index_along(axis, slice(None, None, -1))
        x = _joined(2 * first - start[backwards], x, 2 * last - end[backwards], axis)
        before, after = before - left, after - right
    return x


# ---------------------------------------------------------------- the arguments
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
