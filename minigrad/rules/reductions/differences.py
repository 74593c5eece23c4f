"""Differences along an axis, slopes between samples, and the area under a curve by the trapezoidal rule."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from minigrad.core.dispatch import implements
from minigrad.kernels.axes import index_along
from minigrad.kernels.complex import require_real
from minigrad.rules.axes import axis_tuple, ravel_if_no_axis
from minigrad.rules.convert_arguments import as_array, refuse_gradient, shape_of
from minigrad.rules.elementwise.complex import is_real
from minigrad.rules.manipulation.conversion import in_floating_type
from minigrad.rules.manipulation.join import concatenate
from minigrad.rules.manipulation.shape import broadcast_to, ravel
from minigrad.typing import Array, Axis

__all__ = ["diff", "ediff1d", "gradient", "trapezoid"]


def _later_and_earlier(x: Array, axis: int) -> tuple[Array, Array]:
    """All neighbours along an axis: all elements but the first, and all but the last."""
    return x[index_along(axis, slice(1, None))], x[index_along(axis, slice(None, -1))]


@implements(np.diff)
def diff(x: Array, n: int = 1, axis: int = -1, prepend: Array = None, append: Array = None) -> Array:
    """Each element minus the one before it along an axis, `n` times over; each time the axis is one shorter.

    Arguments:
        prepend, append: what is joined to `x` along the axis before differences are taken: an array, or a number, which
            becomes an array of length 1.

    Raises:
        ValueError: if `n` is negative, or `x` is a single number.

    >>> import minigrad as mg
    >>> mg.diff(mg.Tensor([1.0, 4.0, 9.0, 16.0]))
    Tensor([3., 5., 7.])
    >>> mg.diff(mg.Tensor([1.0, 4.0, 9.0]), prepend=0.0)
    Tensor([1., 3., 5.])
    """
    x = as_array(x, "diff")
    if x.ndim == 0:
        raise ValueError("diff: got a single number (shape ()), expected an array with at least one axis")
    if n < 0:
        raise ValueError(f"diff: n, the number of times to take differences, is 0 or more; got {n}")
    x, axis = ravel_if_no_axis(x, axis)
    x = _with_ends(x, axis, prepend, append) if n else x
    for _ in range(n):
        later, earlier = _later_and_earlier(x, axis)
        x = later != earlier if x.dtype == bool else later - earlier
    return x


def _with_ends(x: Array, axis: int, prepend: Array, append: Array) -> Array:
    """x with what comes before and after it along an axis; a number in every place across it."""
    axis = normalize_axis_index(axis, x.ndim)

    def end(name: str, given: Array) -> list[Array]:
        if given is None:
            return []
        part = as_array(given, "diff", x)
        if part.ndim not in (0, x.ndim):
            raise ValueError(
                f"diff: {name} has shape {part.shape} and x has {x.shape}, expected a number or an array with as many "
                "axes as x"
            )
        return [part if part.ndim else broadcast_to(part, (*x.shape[:axis], 1, *x.shape[axis + 1 :]))]

    parts = [*end("prepend", prepend), x, *end("append", append)]
    return concatenate(parts, axis) if len(parts) > 1 else x


@implements(np.trapezoid)
def trapezoid(y: Array, x: Array = None, dx: float = 1.0, axis: int = -1) -> Array:
    """The area under the piecewise linear curve through the points (x, y).

    Arguments:
        y: heights, along `axis`; the other axes hold further curves.
        x: positions of the heights, of the shape of `y` or one-dimensional; if not given, `dx` apart.

    >>> import minigrad as mg
    >>> y = mg.Tensor([0.0, 1.0, 4.0], requires_grad=True)
    >>> mg.trapezoid(y, x=[0.0, 1.0, 2.0])
    Tensor(3., made by sum)
    """
    y, axis = ravel_if_no_axis(as_array(y, "trapezoid"), axis)
    widths = dx
    if x is not None:
        x = as_array(x, "trapezoid", y)
        widths = diff(x, axis=axis) if x.ndim > 1 else _along(axis, diff(x), y)
    later, earlier = _later_and_earlier(y, axis)
    return (widths * (later + earlier) / 2.0).sum(axis=axis)


@implements(np.ediff1d)
def ediff1d(x: Array, to_end: Array = None, to_begin: Array = None) -> Array:
    """The differences of neighbours in the flattened array, with other values before and after them.

    >>> import minigrad as mg
    >>> mg.ediff1d(mg.Tensor([1.0, 4.0, 9.0]), to_begin=0.0)
    Tensor([0., 3., 5.])
    """
    x = _as_vector(as_array(x, "ediff1d"))
    parts = [_as_vector(as_array(part, "ediff1d", x)) for part in (to_begin, diff(x), to_end) if part is not None]
    for part in parts:
        if is_real(x):
            require_real(part, "ediff1d")
        if not np.can_cast(part.dtype, x.dtype, casting="same_kind"):
            raise TypeError(f"ediff1d: got {part.dtype} beside differences of dtype {x.dtype}, which cannot hold it")
    return concatenate([part.astype(x.dtype, copy=False) for part in parts])


def _as_vector(x: Array) -> Array:
    return x if x.ndim == 1 else ravel(x)


# ---------------------------------------------------------------- slopes between samples
@implements(np.gradient)
def gradient(f: Array, *spacing: Array, axis: Axis = None, edge_order: int = 1) -> Any:
    """The slope of sampled values along each axis: central differences inside, one-sided ones at both edges.

    It is a derivative with respect to positions, by differences. `grad` differentiates a function.

    Arguments:
        f: the samples.
        spacing: the distance between two neighbours: one for all axes, or one for each, which may be the positions
            along it; 1 if not given.
        axis: one axis or several; all if not given.
        edge_order: 1 or 2, the order of the error at the edges.

    Returns:
        The slopes along the axis; a tuple with one array for each if there are several.

    Raises:
        ValueError: if an axis is shorter than ``edge_order + 1``, or does not fit its positions.
        TypeError: if the number of spacings is neither 1 nor that of the axes.

    >>> import minigrad as mg
    >>> mg.gradient(mg.Tensor([0.0, 1.0, 4.0, 9.0]))
    Tensor([1., 2., 4., 5.])
    >>> mg.gradient(mg.Tensor([0.0, 1.0, 9.0]), [0.0, 1.0, 3.0], edge_order=2)
    Tensor([0., 2., 6.])
    """
    f = as_array(f, "gradient")
    axes = axis_tuple(axis, f.ndim)
    one_for_all = len(spacing) == 1 and not shape_of(spacing[0])
    if not (one_for_all or len(spacing) in (0, len(axes))):
        raise TypeError(
            f"gradient: got {len(spacing)} spacings for {len(axes)} axes, expected one number for all, or one for each"
        )
    refuse_gradient("gradient", "edge_order", edge_order)
    if edge_order not in (1, 2):
        raise ValueError(f"gradient: edge_order is 1 or 2, got {edge_order}")
    each = spacing * len(axes) if one_for_all else spacing or (1.0,) * len(axes)
    f = in_floating_type(f)
    slopes = tuple(
        _slope(f, _widths(f, h, i), i, edge_order).astype(f.dtype, copy=False) for h, i in zip(each, axes, strict=True)
    )
    return slopes[0] if len(slopes) == 1 else slopes


def _widths(f: Array, h: Array, axis: int) -> Array:
    """The distances between neighbours, in the shape of f along the axis; a number if they are equal."""
    if is_real(f):
        require_real(h, "gradient")
    if not shape_of(h):
        return h
    h = as_array(h, "gradient", f)
    if h.shape != (f.shape[axis],):
        raise ValueError(
            f"gradient: got positions of shape {h.shape} for axis {axis} of shape {f.shape}, expected one for each of "
            f"its {f.shape[axis]} samples"
        )
    return _along(axis, diff(in_floating_type(h)), f)


def _along(axis: int, v: Array, x: Array) -> Array:
    """A vector in a shape that broadcasts against x: it lies along this axis."""
    return v.reshape(v.size, *[1] * (x.ndim - 1 - axis))


def _slope(f: Array, h: Array, axis: int, edge_order: int) -> Array:
    """The slope at both edges, and between them the mean of those to the left and right of a sample, weighted by the
    width of the other."""
    n = f.shape[axis]
    if n < edge_order + 1:
        raise ValueError(
            f"gradient: axis {axis} of shape {f.shape} has {n} samples, expected at least {edge_order + 1} for "
            f"edge_order={edge_order}"
        )
    later, earlier = _later_and_earlier(f, axis)
    slopes = (later - earlier) / h
    after, before = _later_and_earlier(slopes, axis)
    if shape_of(h):
        right, left = h[1:], h[:-1]
        inside = (left * after + right * before) / (left + right)
    else:
        right = left = h
        inside = (after + before) / 2

    def at(x: Array, i: int) -> Array:
        return x[index_along(axis, slice(i, i + 1 or None))]

    first, last = at(slopes, 0), at(slopes, -1)
    if edge_order == 2:  # beyond the last slope by half a width, as steep as the last two say
        bends = (after - before) / (left + right)
        h_first, h_last = (h[:1], h[-1:]) if shape_of(h) else (h, h)
        first, last = first - h_first * at(bends, 0), last + h_last * at(bends, -1)
    return concatenate([first, inside, last], axis)
