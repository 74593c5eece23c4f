"""Mean, variance, standard deviation, weighted average, covariance and correlation."""

from __future__ import annotations

from operator import index

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.complex import require_real
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.kernels.reductions import statistics as kernels
from minigrad.rules.axes import as_array_and_axis, axis_tuple, restore_axes
from minigrad.rules.builtin_axes import along_axis
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.elementwise.complex import conj, imag, is_real, real
from minigrad.rules.elementwise.extrema import clip
from minigrad.rules.elementwise.powers import sqrt
from minigrad.rules.elementwise.trigonometric import hypot
from minigrad.rules.linalg.diagonal import diagonal
from minigrad.rules.linalg.matmul import matmul
from minigrad.rules.manipulation.conversion import astype
from minigrad.rules.manipulation.join import concatenate
from minigrad.rules.manipulation.shape import atleast_2d, reshape, squeeze
from minigrad.rules.reductions.sum import broadcast_back
from minigrad.rules.safe_division import in_direction_of, zero_grad_like
from minigrad.typing import Array, Axis
from minigrad.user_frame import warn

__all__ = ["average", "corrcoef", "cov", "mean", "std", "var"]

_mean = Primitive(
    "mean",
    kernels.mean,
    lambda y_bar, y, x, axis, keepdims: in_single_precision(
        lambda y_bar: broadcast_back(y_bar / (x.size // (y.size or 1) or 1), x, axis, keepdims), y_bar
    ),
    axes=along_axis,
)


@implements(np.mean)
def mean(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """The mean over one axis, several, or all; the mean of nothing is NaN, with NumPy's warning.

    >>> import minigrad as mg
    >>> mg.mean(mg.Tensor([1.0, 2.0, 6.0]))
    Tensor(3.)
    """
    x, axis = as_array_and_axis(x, axis, "mean")
    return _mean(x, axis=axis, keepdims=keepdims)


def _deviation(x: Array, axis: Axis) -> Array:
    """x − mean(x)."""
    return x - np.mean(x, axis=axis, keepdims=True)


def _degrees_of_freedom(x: Array, y: Array, ddof: float) -> float:
    """n − ddof, the divisor of the sum of squares; NaN where it is not positive, and the variance is undefined."""
    count = x.size // (y.size or 1) - ddof
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
        return zero_grad_like(restore_axes(y_bar, axis, keepdims))
    x_bar = in_direction_of(deviation, restore_axes(y, axis, keepdims), restore_axes(y_bar, axis, keepdims))
    return in_single_precision(lambda x_bar: x_bar / count, x_bar)


_std = Primitive(
    "std",
    kernels.std,
    _std_rule,
    axes=along_axis,
)


def _correction(name: str, ddof: float, correction: float) -> float:
    """The divisor n − correction: another name of `ddof`."""
    if ddof:
        raise ValueError(f"{name}: ddof={ddof} and correction={correction} are two names of one parameter; give one")
    return correction


@implements(np.var)
def var(
    x: Array, axis: Axis = None, ddof: float = 0, keepdims: bool = False, *, correction: float | None = None
) -> Array:
    """The variance ``Σ |x − mean(x)|² / (n − ddof)`` over one axis, several, or all.

    The mean is subtracted before squaring, so that no digits are lost where the numbers are large and close together.

    Arguments:
        ddof: 0 for the variance of these numbers, 1 to estimate that of the population they were drawn from.
        correction: another name for `ddof`.

    >>> import minigrad as mg
    >>> x = mg.Tensor([1.0, 2.0, 6.0], requires_grad=True)
    >>> mg.var(x, ddof=1).backward()
    >>> x.grad
    array([-2., -1.,  3.])
    """
    x, axis = as_array_and_axis(x, axis, "var")
    ddof = ddof if correction is None else _correction("var", ddof, correction)
    if is_real(x):
        return _var(x, axis=axis, ddof=ddof, keepdims=keepdims)
    return var(real(x), axis, ddof, keepdims) + var(imag(x), axis, ddof, keepdims)


@implements(np.std)
def std(
    x: Array, axis: Axis = None, ddof: float = 0, keepdims: bool = False, *, correction: float | None = None
) -> Array:
    """The standard deviation, the root of the variance, over one axis, several, or all.

    Where all numbers are equal, and the root has no slope, the error signal is 0.

    Arguments:
        ddof: 0 for the spread of these numbers, 1 to estimate that of the population they were drawn from.
        correction: another name for `ddof`.

    >>> import minigrad as mg
    >>> mg.std(mg.Tensor([1.0, 3.0]))
    Tensor(1.)
    """
    x, axis = as_array_and_axis(x, axis, "std")
    ddof = ddof if correction is None else _correction("std", ddof, correction)
    if is_real(x):
        return _std(x, axis=axis, ddof=ddof, keepdims=keepdims)
    return hypot(std(real(x), axis, ddof, keepdims), std(imag(x), axis, ddof, keepdims))


@implements(np.average)
def average(x: Array, axis: Axis = None, weights: Array = None, keepdims: bool = False) -> Array:
    """The weighted mean Σ w x / Σ w, over one axis, several, or all.

    Arguments:
        weights: of the shape of `x`, or of the shape of its given axes alone; all equal if not given.

    Raises:
        ValueError: if the weights have neither shape.
        ZeroDivisionError: if the weights sum to 0.

    >>> import minigrad as mg
    >>> mg.average(mg.Tensor([1.0, 4.0]), weights=[2.0, 1.0])
    Tensor(2.)
    """
    x, axis = as_array_and_axis(x, axis, "average")
    if weights is None:
        return mean(x, axis, keepdims)
    weights = as_array(weights, "average", x)
    x = astype(x, float) if x.dtype.kind in "biu" else x
    dtype = np.result_type(x.dtype, weights.dtype)
    if dtype.kind == "f" or weights.dtype.kind in "biu":  # whole numbers as weights would make float64 of float32
        weights = astype(weights, dtype, copy=False)
    if weights.shape != x.shape:
        axes = axis_tuple(axis, x.ndim)
        if axis is None or weights.shape != tuple(x.shape[i] for i in axes):
            raise ValueError(
                f"average: weights have shape {weights.shape}, expected {x.shape} as the array, or one weight "
                "for each position along the axes given by axis="
            )
        weights = weights.transpose(tuple(map(int, np.argsort(axes))))
        weights = reshape(weights, tuple(n if i in axes else 1 for i, n in enumerate(x.shape)))
        weights = np.broadcast_to(weights, x.shape)
    if weights.dtype == np.float16:  # their sum may exceed 65504
        dtype = np.result_type(weights.dtype, x.dtype)
        return _weighted_mean(x, weights.astype(np.float32), axis, keepdims).astype(dtype)
    return _weighted_mean(x, weights, axis, keepdims)


def _weighted_mean(x: Array, weights: Array, axis: Axis, keepdims: bool) -> Array:
    total = weights.sum(axis=axis, keepdims=keepdims)
    if np.any(total == 0):
        raise ZeroDivisionError("average: the weights sum to 0, and the average would be divided by it")
    return (weights * x).sum(axis=axis, keepdims=keepdims) / total


# ---------------------------------------------------------------- of several variables
@implements(np.cov)
def cov(
    m: Array,
    y: Array = None,
    rowvar: bool = True,
    bias: bool = False,
    ddof: int | None = None,
    fweights: Array = None,
    aweights: Array = None,
) -> Array:
    """The covariance matrix of variables, ``Σ (x − mean(x)) (x − mean(x))ᵀ / (n − 1)`` over n observations.

    Its precision is that of its arguments; NumPy's is double.

    Arguments:
        m: one row for each variable, one column for each observation.
        y: further variables, with the same observations.
        rowvar: whether the variables are rows; if not, they are columns.
        bias, ddof: the divisor is n − ddof. By default ddof is 1, with `bias` it is 0.
        fweights: how often each observation occurred, whole numbers.
        aweights: how important each observation is.

    Raises:
        ValueError: if `m` has more than two axes, or the weights do not fit, or are negative.
        TypeError: if `ddof` or `fweights` are not whole numbers.

    >>> import minigrad as mg
    >>> mg.cov(mg.Tensor([[1.0, 2.0, 3.0], [6.0, 4.0, 2.0]]))
    Tensor([[ 1., -2.],
            [-2.,  4.]])
    """
    x, ddof = as_array(m, "cov"), index((0 if bias else 1) if ddof is None else ddof)
    x = _as_rows(x, transposed=not rowvar and x.ndim == 2)
    if y is not None:
        y = as_array(y, "cov", x)
        x = concatenate([x, _as_rows(y, transposed=not rowvar and y.ndim == 2 and y.shape[0] != 1)])
    x = x if x.dtype.kind in "fc" else astype(x, float)
    counts, importances = (_observation_weights(x, name, w) for name, w in (("f", fweights), ("a", aweights)))
    if counts is not None and np.any(counts != np.rint(counts)):
        raise TypeError("cov: fweights are whole numbers, how often each observation occurred; aweights may be others")
    weights = importances if counts is None else counts if importances is None else counts * importances
    deviation = x - average(x, 1, weights, keepdims=True)
    total = x.shape[1] if weights is None else weights.sum()
    freedom = total - ddof * (1 if importances is None else (weights * importances).sum() / total)
    if freedom <= 0:
        warn(f"cov: {x.shape[1]} observations leave no degrees of freedom for ddof={ddof}; the result is not finite")
        freedom = np.zeros((), x.real.dtype)[()]
    weighted = deviation if weights is None else weights * deviation
    c = matmul(weighted, conj(deviation).T)
    return squeeze(c / freedom)


def _as_rows(x: Array, transposed: bool) -> Array:
    """One row for each variable."""
    if x.ndim > 2:
        raise ValueError(f"cov: got shape {x.shape}, expected a matrix, with one row for each variable")
    return x.T if transposed else atleast_2d(x)


def _observation_weights(x: Array, kind: str, weights: Array) -> Array:
    if weights is None:
        return None
    weights = as_array(weights, "cov", x)
    require_real(weights, "cov")
    weights = astype(weights, x.real.dtype, copy=False)
    if weights.shape != (x.shape[1],) or np.any(weights < 0):
        raise ValueError(
            f"cov: {kind}weights have shape {weights.shape}, expected {x.shape[1]} numbers that are not "
            "negative, one for each observation"
        )
    return weights


@implements(np.corrcoef)
def corrcoef(x: Array, y: Array = None, rowvar: bool = True) -> Array:
    """The correlation coefficients of variables: their covariances divided by both standard deviations, −1 to 1.

    Arguments are those of `cov`.

    >>> import minigrad as mg
    >>> mg.corrcoef(mg.Tensor([[1.0, 2.0, 3.0], [6.0, 4.0, 2.0]]))
    Tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    c = cov(x, y, rowvar)
    if c.ndim == 0:
        return c / c
    deviation = sqrt(real(diagonal(c)))
    c = c / deviation[:, None] / deviation
    return clip(c, -1, 1) if is_real(c) else clip(real(c), -1, 1) + 1j * clip(imag(c), -1, 1)
