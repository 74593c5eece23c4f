"""Median, quantiles, and percentiles: one of the sorted elements, or a weighted mean of two of them."""

from __future__ import annotations

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.device import device_of, to_device, to_host
from minigrad.kernels.axes import index_along
from minigrad.kernels.complex import require_real
from minigrad.kernels.reductions import quantiles as kernels
from minigrad.rules.axes import as_array_and_axis, as_rows, axis_tuple, reduced_shape
from minigrad.rules.convert_arguments import as_array, refuse_gradient
from minigrad.rules.manipulation.indexing import take_along_axis
from minigrad.rules.manipulation.select import where
from minigrad.rules.manipulation.sort import sort
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.reductions.keywords.keywords import weights_like
from minigrad.typing import Array, Axis

__all__ = ["median", "percentile", "quantile"]


@implements(np.median)
def median(x: Array, axis: Axis = None, *, keepdims: bool = False) -> Array:
    """The middle element in sorted order, or the mean of the two in the middle, over one axis, several, or all.

    Only the elements in the middle get an error signal. It is NaN if any element is, as in NumPy, or if there is none.

    >>> import minigrad as mg
    >>> x = mg.Tensor([9.0, 1.0, 2.0, 5.0], requires_grad=True)
    >>> mg.median(x).backward()
    >>> x.grad
    array([0. , 0. , 0.5, 0.5])
    """
    x, axis = as_array_and_axis(x, axis, "median")
    return _quantile(x, np.asarray(0.5), axis, keepdims, "linear")


@implements(np.quantile)
def quantile(
    x: Array, q: Array, axis: Axis = None, *, method: str = "linear", keepdims: bool = False, weights: Array = None
) -> Array:
    """The value below which the fraction `q` of the elements lies, over one axis, several, or all.

    It stands at position q (n − 1) of the n sorted elements, counted from 0; between two positions it is interpolated
    linearly. Only the one or two elements that it is computed from get an error signal.

    Arguments:
        q: from 0 to 1, without a gradient; for an array, the output has the axes of `q` in front.
        method: how to find the position, and what to do between two; NumPy's names. The methods "inverted_cdf",
            "closest_observation", "lower", "higher" and "nearest" choose an element; "averaged_inverted_cdf",
            "interpolated_inverted_cdf", "hazen", "weibull", "linear", "median_unbiased", "normal_unbiased" and
            "midpoint" take a mean of two.
        weights: how much each element counts, without a gradient; with the method "inverted_cdf" alone. Of the shape
            of `x`, or of the shape of its given axes.

    Raises:
        TypeError: if `x` is complex, as in NumPy: a complex number does not lie below another.
        ValueError: if `q` is not between 0 and 1, or there is no such method, or the weights do not fit.

    >>> import minigrad as mg
    >>> mg.quantile(mg.Tensor([10.0, 20.0, 30.0]), [0.25, 1.0])
    Tensor([15., 30.])
    >>> mg.quantile(mg.Tensor([10.0, 20.0, 30.0]), 0.25, method="lower")
    Tensor(10.)
    """
    x, axis = as_array_and_axis(x, axis, "quantile")
    q = as_fractions("quantile", x, q, method)
    if weights is not None:
        return weighted_quantile("quantile", x, q, axis, keepdims, method, weights)
    return _quantile(x, q, axis, keepdims, method)


def as_fractions(name: str, x: Array, q: Array, method: str) -> Array:
    """The fractions as an array, after a check of the arguments that all quantiles have."""
    refuse_gradient(name, "q", q, "pass q.numpy()")
    require_real(x, name)
    require_real(q, name)
    if method not in kernels.METHODS:
        raise ValueError(f"{name}: got method={method!r}, expected one of {', '.join(map(repr, kernels.METHODS))}")
    q = np.asarray(to_host(unwrap(as_array(q, name))), dtype=float)
    if not ((q >= 0) & (q <= 1)).all():
        raise ValueError(f"{name}: q is a fraction from 0 to 1; got {q} (percentile takes 0 to 100)")
    return q


def _quantile(x: Array, q: Array, axis: Axis, keepdims: bool, method: str) -> Array:
    axes = axis_tuple(axis, x.ndim)
    rows, along = (x, *axes) if len(axes) == 1 else (as_rows(x, axis)[0], -1)
    if not rows.shape[along]:  # undefined like the mean of nothing, which warns as NumPy does
        undefined = np.mean(x, axis=axis, keepdims=keepdims)
        return np.broadcast_to(undefined, q.shape + undefined.shape)
    along %= rows.ndim
    y = _among_sorted(sort(rows, axis=along), q, along, method)
    return y.reshape(q.shape + reduced_shape(x, axis, keepdims)) if keepdims else y


@implements(np.percentile)
def percentile(
    x: Array, q: Array, axis: Axis = None, *, method: str = "linear", keepdims: bool = False, weights: Array = None
) -> Array:
    """The value below which `q` per cent of the elements lie: ``quantile(x, q / 100)``.

    Arguments:
        q: from 0 to 100, without a gradient; for an array, the output has the axes of `q` in front.
        method, weights: as in `quantile`.

    >>> import minigrad as mg
    >>> mg.percentile(mg.Tensor([10.0, 20.0, 30.0]), 50)
    Tensor(20.)
    """
    return quantile(x, as_fraction("percentile", q), axis, method=method, keepdims=keepdims, weights=weights)


def as_fraction(name: str, q: Array) -> Array:
    """A percentage as a fraction; one that requires gradients as it is, to be refused."""
    return q if getattr(q, "requires_grad", False) else as_array(q, name) / 100


def _among_sorted(x: Array, q: Array, axis: int, method: str) -> Array:
    """The values at the fractions q of the sorted x: the elements at two positions, and their weighted mean."""

    def at(positions: Array) -> Array:
        return x[index_along(axis, positions)]

    below, above, weight = kernels.neighbours(np.asarray(x.shape[axis]), q.ravel(), method)
    weight = weight.astype(x.dtype if x.dtype.kind == "f" else float)
    chosen = method in kernels.CHOOSING
    if q.ndim == 0:
        i, j, w = below.item(), above.item(), weight.item()
        y = at(i) if chosen else (1 - w) * at(i) + w * at(j) if w else 1.0 * at(i)
    else:
        y = at(below.tolist())
        if not chosen:
            upper = at(above.tolist())
            weight = to_device(weight, device_of(x)).reshape(q.size, *[1] * (x.ndim - 1 - axis))
            y = (1 - weight) * y + weight * where(weight == 0, 0, upper)  # 0 · ∞ would be NaN
        front = (axis, *[i for i in range(x.ndim) if i != axis])
        y = (y if axis == 0 else y.transpose(front)).reshape(q.shape + x.shape[:axis] + x.shape[axis + 1 :])
    undefined = np.isnan(at(-1))  # NaN is sorted to the end
    return where(undefined, at(-1), y) if np.any(undefined) else y


# ---------------------------------------------------------------- weighted
def weighted_quantile(
    name: str, x: Array, q: Array, axis: Axis, keepdims: bool, method: str, weights: Array, missing: Array = None
) -> Array:
    """The elements at which the cumulated weights reach the fractions q; those that are `missing` are left out.

    Raises:
        ValueError: for another method than "inverted_cdf", and for weights that are negative, or all 0.
        TypeError: if the weights require gradients.
    """
    if method != "inverted_cdf":
        raise ValueError(f'{name}: weights need method="inverted_cdf", as in NumPy; got method={method!r}')
    if getattr(weights, "requires_grad", False):
        raise TypeError(
            f"{name}: the weights require gradients, but they only decide which element is chosen: their slope is 0 "
            "or undefined; pass weights.numpy()"
        )
    weights = weights_like(name, x, as_array(unwrap(weights), name, x), axis).astype(float)
    if not np.all(weights >= 0):
        raise ValueError(f"{name}: weights are negative or NaN, expected numbers from 0 on")
    absent = np.isnan(x) if missing is None else missing
    weights = weights if missing is None else where(missing, 0, weights)
    (rows, _), (weights, _), (absent, _) = (as_rows(array, axis) for array in (x, weights, absent))
    order = np.argsort(rows, axis=-1, kind="stable")
    cdf = np.take_along_axis(weights, order, -1).cumsum(axis=-1)
    none = absent.all(axis=-1) if missing is not None else absent.any(axis=-1)
    total = cdf[..., -1:]
    if np.any(((total == 0) & ~none[..., None]) | ~np.isfinite(total)):
        raise ValueError(f"{name}: weights are all 0, or infinite, and do not say which element to choose")
    cdf = cdf / where(total == 0, 1, total)
    fractions = to_device(q.reshape(q.size, *[1] * none.ndim), device_of(x))
    index = kernels.weighted_index(
        np.broadcast_to(cdf, (q.size, *cdf.shape)), np.broadcast_to(fractions, (q.size, *none.shape))
    )
    source = np.take_along_axis(np.broadcast_to(order, (q.size, *order.shape)), index[..., None], -1)
    y = take_along_axis(np.broadcast_to(rows, (q.size, *rows.shape)), source, -1).squeeze(-1)
    y = where(none, np.nan, y) if np.any(none) else y
    return y.reshape(q.shape + reduced_shape(x, axis, keepdims))
