"""Mean, variance, standard deviation, and weighted average."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from minigrad.array_checks import NUMBERS
from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.complex import require_real
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.kernels.reductions import statistics as kernels
from minigrad.rules.axes import as_array_and_axis, count_per_output, restore_axes
from minigrad.rules.builtin_axes import along_axis
from minigrad.rules.convert_arguments import as_array, refuse_gradient
from minigrad.rules.elementwise.complex import conj, imag, is_real, real
from minigrad.rules.elementwise.trigonometric import hypot
from minigrad.rules.manipulation import select
from minigrad.rules.manipulation.conversion import astype, in_floating_type
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.reductions.keywords.keywords import mask_of, mean_arguments, weights_like
from minigrad.rules.reductions.norms import vector_norm
from minigrad.rules.reductions.sum import broadcast_back, sum
from minigrad.rules.safe_division import in_direction_of, zero_grad_like
from minigrad.typing import Array, Axis
from minigrad.user_frame import warn

__all__ = ["average", "mean", "std", "var"]

_mean = Primitive(
    "mean",
    kernels.mean,
    lambda y_bar, y, x, axis, keepdims: in_single_precision(
        lambda y_bar: broadcast_back(y_bar / max(count_per_output(x, y), 1), x, axis, keepdims), y_bar
    ),
    axes=along_axis,
)


@implements(np.mean)
def mean(
    x: Array, axis: Axis = None, dtype: DTypeLike | None = None, *, keepdims: bool = False, where: Array = True
) -> Array:
    """The mean over one axis, several, or all; the mean of nothing is NaN, with a warning.

    Arguments:
        dtype: in which to compute; that of `x` by default, float64 for integers.
        where: truth values, which broadcast to the shape of `x`: the elements of which the mean is taken.

    >>> import minigrad as mg
    >>> mg.mean(mg.Tensor([1.0, 2.0, 6.0]))
    Tensor(3.)
    >>> mg.mean(mg.Tensor([1.0, 2.0, 6.0]), where=[True, True, False])
    Tensor(1.5)
    """
    x, axis = mean_arguments("mean", x, axis, dtype)
    return _mean(x, axis=axis, keepdims=keepdims) if where is True else mean_where("mean", x, axis, keepdims, where)


def mean_where(
    name: str, x: Array, axis: Axis, keepdims: bool, where: Array, otherwise: str = "where leaves out every element"
) -> Array:
    """The mean of the elements that `where` includes, for the function `name`; `otherwise` says why there is none."""
    mask = mask_of(name, x, where)
    count = np.broadcast_to(mask, x.shape).sum(axis=axis, keepdims=keepdims)
    warn_if_none(name, count, otherwise)

    def mean(x: Array) -> Array:
        return sum(select.where(mask, x, 0), axis, keepdims=keepdims) / _divisor(count, x)

    return in_single_precision(mean, in_floating_type(x))


def warn_if_none(name: str, count: Array, reason: str) -> None:
    """Warn that nothing is left, and why, where the count is 0."""
    if np.any(count == 0):
        warn(f"{name}: {reason}; the result is NaN there")


def _divisor(count: Array, x: Array) -> Array:
    """A count in the dtype of x; NaN where it is 0."""
    return astype(select.where(count <= 0, np.nan, count), x.real.dtype)


def _deviation(x: Array, axis: Axis) -> Array:
    """x − mean(x)."""
    return x - np.mean(x, axis=axis, keepdims=True)


def _degrees_of_freedom(x: Array, y: Array, ddof: float) -> float:
    """n − ddof, the divisor of the sum of squares; NaN where it is not positive, and the variance is undefined."""
    count = count_per_output(x, y) - ddof
    return count if count > 0 else np.nan


_var = Primitive(
    "var",
    lambda x, axis, ddof, keepdims: x.var(axis=axis, ddof=ddof, keepdims=keepdims),
    lambda y_bar, y, x, axis, ddof, keepdims: in_single_precision(
        lambda y_bar: 2 * restore_axes(y_bar, axis, keepdims) * _deviation(x, axis) / _degrees_of_freedom(x, y, ddof),
        y_bar,
    ),
    symbol="Var",
    axes=along_axis,
)


def _std_rule(y_bar: Array, y: Array, x: Array, axis: Axis, ddof: float, keepdims: bool) -> Array:
    deviation, count = _deviation(x, axis), _degrees_of_freedom(x, y, ddof)
    if x.size == y.size and count > 0:  # of one number: always 0, with all derivatives
        return zero_grad_like(broadcast_back(y_bar, x, axis, keepdims))
    x_bar = in_direction_of(deviation, restore_axes(y, axis, keepdims), restore_axes(y_bar, axis, keepdims))
    return in_single_precision(lambda x_bar: x_bar / count, x_bar)


_std = Primitive(
    "std",
    kernels.std,
    _std_rule,
    axes=along_axis,
)


def one_of(name: str, ddof: float, correction: float | None) -> float:
    """The divisor is n − ddof, or n − correction: two names of one parameter.

    Raises:
        ValueError: if both are given.
        TypeError: if one of them requires gradients.
    """
    for key, number in {"ddof": ddof, "correction": correction}.items():
        refuse_gradient(name, key, number)
    if ddof and correction is not None:
        raise ValueError(f"{name}: ddof={ddof} and correction={correction} are two names of one parameter; give one")
    return ddof if correction is None else correction


@implements(np.var)
def var(
    x: Array,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    *,
    ddof: float = 0,
    keepdims: bool = False,
    correction: float | None = None,
    where: Array = True,
    mean: Array = None,
) -> Array:
    """The variance ``Σ |x − mean(x)|² / (n − ddof)`` over one axis, several, or all.

    The mean is subtracted before squaring, so that no digits are lost where the numbers are large and close together.

    Arguments:
        dtype: in which to compute; that of `x` by default, float64 for integers.
        ddof: 0 for the variance of these numbers, 1 to estimate that of the population they were drawn from.
        correction: another name for `ddof`.
        where: truth values, which broadcast to the shape of `x`: the elements of which it is computed.
        mean: the mean, if it is known, of a shape that broadcasts against `x`; compute it with ``keepdims=True``.

    >>> import minigrad as mg
    >>> x = mg.Tensor([1.0, 2.0, 6.0], requires_grad=True)
    >>> mg.var(x, ddof=1).backward()
    >>> x.grad
    array([-2., -1.,  3.])
    """
    x, axis = mean_arguments("var", x, axis, dtype)
    return var_of("var", x, axis, one_of("var", ddof, correction), keepdims, where, mean)


@implements(np.std)
def std(
    x: Array,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    *,
    ddof: float = 0,
    keepdims: bool = False,
    correction: float | None = None,
    where: Array = True,
    mean: Array = None,
) -> Array:
    """The standard deviation, the root of the variance, over one axis, several, or all.

    Where all numbers are equal, and the root has no slope, the error signal is 0.

    Arguments:
        dtype: in which to compute; that of `x` by default, float64 for integers.
        ddof: 0 for the spread of these numbers, 1 to estimate that of the population they were drawn from.
        correction: another name for `ddof`.
        where: truth values, which broadcast to the shape of `x`: the elements of which it is computed.
        mean: the mean, if it is known, of a shape that broadcasts against `x`; compute it with ``keepdims=True``.

    >>> import minigrad as mg
    >>> mg.std(mg.Tensor([1.0, 3.0]))
    Tensor(1.)
    """
    x, axis = mean_arguments("std", x, axis, dtype)
    return std_of("std", x, axis, one_of("std", ddof, correction), keepdims, where, mean)


def var_of(name: str, x: Array, axis: Axis, ddof: float, keepdims: bool, where: Array, mean: Array) -> Array:
    """The variance of the elements that `where` includes, about `mean` if it is given, for the function `name`."""
    if where is not True or mean is not None:
        return _var_where(name, x, axis, ddof, keepdims, where, mean)
    if is_real(x):
        return _var(x, axis=axis, ddof=ddof, keepdims=keepdims)
    re, im = (_var(part, axis=axis, ddof=ddof, keepdims=keepdims) for part in (real(x), imag(x)))
    return re + im


def std_of(name: str, x: Array, axis: Axis, ddof: float, keepdims: bool, where: Array, mean: Array) -> Array:
    """The standard deviation of the elements that `where` includes; see `var_of`."""
    if where is not True or mean is not None:
        return _std_where(name, x, axis, ddof, keepdims, where, mean)
    if is_real(x):
        return _std(x, axis=axis, ddof=ddof, keepdims=keepdims)
    re, im = (_std(part, axis=axis, ddof=ddof, keepdims=keepdims) for part in (real(x), imag(x)))
    return re if re.size == x.size else hypot(re, im)  # of one number: always 0, with all derivatives


# ---------------------------------------------------------------- of some of the elements, or about a given mean
def _var_where(name: str, x: Array, axis: Axis, ddof: float, keepdims: bool, where: Array, mean: Array) -> Array:
    def var(x: Array) -> Array:
        deviation, freedom = _deviation_where(name, x, axis, ddof, keepdims, where, mean)
        squares = deviation**2 if is_real(deviation) else real(deviation * conj(deviation))
        return _divided(sum(squares, axis, keepdims=keepdims), freedom)

    return in_single_precision(var, in_floating_type(x))


def _std_where(name: str, x: Array, axis: Axis, ddof: float, keepdims: bool, where: Array, mean: Array) -> Array:
    def std(x: Array) -> Array:
        deviation, freedom = _deviation_where(name, x, axis, ddof, keepdims, where, mean)
        return _divided(vector_norm(deviation, axis, keepdims), np.sqrt(freedom))

    return in_single_precision(std, in_floating_type(x))


def _deviation_where(
    name: str, x: Array, axis: Axis, ddof: float, keepdims: bool, where: Array, mean: Array
) -> tuple[Array, Array]:
    """x − mean, 0 where x is left out; and the degrees of freedom, 0 where there are none."""
    mask = mask_of(name, x, where)
    count = np.broadcast_to(mask, x.shape).sum(axis=axis, keepdims=True)
    freedom = count - ddof
    if np.any(freedom <= 0):
        warn(f"{name}: ddof={ddof} leaves no degrees of freedom; the result is NaN there")
    freedom = astype(np.maximum(freedom, 0), x.real.dtype)
    if mean is None:
        mean = sum(select.where(mask, x, 0), axis, keepdims=True) / astype(np.maximum(count, 1), x.real.dtype)
    elif x.dtype.kind != "c":
        require_real(mean, name)
    deviation = x - (mean if type(mean) in NUMBERS else as_array(mean, name, x))
    if deviation.shape != x.shape:
        raise ValueError(
            f"{name}: mean has shape {np.shape(mean)}, which does not broadcast to shape {x.shape} of the array; "
            "compute it with keepdims=True"
        )
    return select.where(mask, deviation, 0), freedom if keepdims else freedom.sum(axis=axis)


def _divided(y: Array, freedom: Array) -> Array:
    """NaN where there are no degrees of freedom, and where nothing gets an error signal."""
    undefined = freedom == 0
    if not np.any(undefined):
        return y / freedom
    return select.where(undefined, np.nan, y / select.where(undefined, 1, freedom))


@implements(np.average)
def average(
    x: Array, axis: Axis = None, weights: Array = None, returned: bool = False, *, keepdims: bool = False
) -> Array:
    """The weighted mean Σ w x / Σ w, over one axis, several, or all.

    Arguments:
        weights: of the shape of `x`, or of the shape of its given axes alone; all equal if not given.
        returned: whether to return the sums of the weights too, in the shape of the average.

    Raises:
        ValueError: if the weights have neither shape.
        ZeroDivisionError: if the weights sum to 0.

    >>> import minigrad as mg
    >>> mg.average(mg.Tensor([1.0, 4.0]), weights=[2.0, 1.0])
    Tensor(2.)
    """
    x, axis = as_array_and_axis(x, axis, "average")
    if weights is None:
        y = mean(x, axis, keepdims=keepdims)
        return (y, np.full_like(unwrap(y), count_per_output(x, y))) if returned else y
    weights = as_array(weights, "average", x)
    x = in_floating_type(x)
    dtype = np.result_type(x.dtype, weights.dtype)
    if dtype.kind == "f" or weights.dtype.kind in "biu":  # whole numbers as weights would make float64 of float32
        weights = astype(weights, dtype, copy=False)
    weights = weights_like("average", x, weights, axis)
    if weights.dtype == np.float16:  # their sum may exceed 65504
        dtype = np.result_type(weights.dtype, x.dtype)
        y, total = _weighted_mean(x, weights.astype(np.float32), axis, keepdims)
        y = y.astype(dtype)
    else:
        y, total = _weighted_mean(x, weights, axis, keepdims)
    return (y, np.broadcast_to(total.astype(weights.dtype), y.shape)) if returned else y


def _weighted_mean(x: Array, weights: Array, axis: Axis, keepdims: bool) -> tuple[Array, Array]:
    """The mean, and the sum of the weights."""
    total = weights.sum(axis=axis, keepdims=keepdims)
    if np.any(total == 0):
        raise ZeroDivisionError("average: the weights sum to 0, and the average would be divided by it")
    return (weights * x).sum(axis=axis, keepdims=keepdims) / total, total
