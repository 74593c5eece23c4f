"""Covariance and correlation of several variables, each a row of observations."""

from __future__ import annotations

from operator import index

import numpy as np
from numpy.typing import DTypeLike

from minigrad.core.dispatch import implements
from minigrad.kernels.complex import require_real
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.elementwise.complex import conj, imag, is_real, real
from minigrad.rules.elementwise.extrema import clip
from minigrad.rules.elementwise.powers import sqrt
from minigrad.rules.linalg.diagonal import diagonal
from minigrad.rules.linalg.matmul import matmul
from minigrad.rules.manipulation.conversion import astype, in_floating_type
from minigrad.rules.manipulation.join import concatenate
from minigrad.rules.manipulation.shape import atleast_2d, squeeze
from minigrad.rules.reductions.keywords.keywords import in_dtype
from minigrad.rules.reductions.statistics.moments import average
from minigrad.typing import Array
from minigrad.user_frame import warn

__all__ = ["corrcoef", "cov"]


@implements(np.cov)
def cov(
    m: Array,
    y: Array = None,
    rowvar: bool = True,
    bias: bool = False,
    ddof: int | None = None,
    fweights: Array = None,
    aweights: Array = None,
    *,
    dtype: DTypeLike | None = None,
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
        dtype: in which to compute; that of the arguments by default.

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
    if dtype is not None:
        x = in_dtype("cov", x, dtype)
    x = in_floating_type(x)
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
def corrcoef(x: Array, y: Array = None, rowvar: bool = True, *, dtype: DTypeLike | None = None) -> Array:
    """The correlation coefficients of variables: their covariances divided by both standard deviations, −1 to 1.

    Arguments are those of `cov`.

    >>> import minigrad as mg
    >>> mg.corrcoef(mg.Tensor([[1.0, 2.0, 3.0], [6.0, 4.0, 2.0]]))
    Tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    c = cov(x, y, rowvar, dtype=dtype)
    if c.ndim == 0:
        return c / c
    deviation = sqrt(real(diagonal(c)))
    c = c / deviation[:, None] / deviation
    return clip(c, -1, 1) if is_real(c) else clip(real(c), -1, 1) + 1j * clip(imag(c), -1, 1)
