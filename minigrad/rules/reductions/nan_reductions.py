"""Reductions that ignore NaN, NumPy's mark for missing values: it gets the error signal 0."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.device import device_of, to_device, to_host
from minigrad.kernels.complex import require_real
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.rules.axes import as_array_and_axis, as_rows, axis_tuple
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.elementwise.complex import conj, is_real, real
from minigrad.rules.manipulation.indexing import take_along_axis
from minigrad.rules.manipulation.select import where
from minigrad.rules.manipulation.sort import sort
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.reductions.extrema import max, min
from minigrad.rules.reductions.norms import vector_norm
from minigrad.rules.reductions.quantiles import median, quantile
from minigrad.rules.reductions.statistics import mean, std, var
from minigrad.rules.reductions.sum import sum
from minigrad.typing import Array, Axis
from minigrad.user_frame import warn

__all__ = [
    "nanmax", "nanmean", "nanmedian", "nanmin", "nanpercentile", "nanquantile", "nanstd", "nansum", "nanvar",
]  # fmt: skip


@implements(np.nansum)
def nansum(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """The sum of the elements that are not NaN, over one axis, several, or all; 0 if there are none.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> x = mg.Tensor([1.0, np.nan, 3.0], requires_grad=True)
    >>> mg.nansum(x).backward()
    >>> x.grad
    array([1., 0., 1.])
    """
    x, axis = as_array_and_axis(x, axis, "nansum")
    missing = np.isnan(x)
    return sum(where(missing, 0, x) if np.any(missing) else x, axis, keepdims)


@implements(np.nanmean)
def nanmean(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """The mean of the elements that are not NaN, over one axis, several, or all; NaN and a warning if there are none.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.nanmean(mg.Tensor([1.0, np.nan, 3.0]))
    Tensor(2.)
    """
    x, axis = as_array_and_axis(x, axis, "nanmean")
    return in_single_precision(_nanmean, x, axis, keepdims)


def _nanmean(x: Array, axis: Axis, keepdims: bool) -> Array:
    missing = np.isnan(x)
    if not np.any(missing):
        return mean(x, axis, keepdims)
    count = (~missing).sum(axis=axis, keepdims=keepdims)
    _warn_if_all_nan("nanmean", count == 0)
    count = where(count == 0, np.nan, count).astype(x.dtype)
    return sum(where(missing, 0, x), axis, keepdims) / count


@implements(np.nanmax)
def nanmax(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """The largest element that is not NaN, over one axis, several, or all; NaN and a warning if there is none.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.nanmax(mg.Tensor([1.0, np.nan, 3.0]))
    Tensor(3.)
    """
    return _extremum("nanmax", max, -np.inf, x, axis, keepdims)


@implements(np.nanmin)
def nanmin(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """The smallest element that is not NaN, over one axis, several, or all; NaN and a warning if there is none.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.nanmin(mg.Tensor([1.0, np.nan, 3.0]))
    Tensor(1.)
    """
    return _extremum("nanmin", min, np.inf, x, axis, keepdims)


# ---------------------------------------------------------------- variance and standard deviation
@implements(np.nanvar)
def nanvar(
    x: Array, axis: Axis = None, ddof: float = 0, keepdims: bool = False, *, correction: float | None = None
) -> Array:
    """The variance of the elements that are not NaN, over one axis, several, or all.

    NaN and a warning where there are not more than `ddof`.

    Arguments:
        ddof, correction: as in `var`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.nanvar(mg.Tensor([1.0, np.nan, 3.0]))
    Tensor(1.)
    """
    x, axis = as_array_and_axis(x, axis, "nanvar")
    ddof = _one_of("nanvar", ddof, correction)
    return in_single_precision(_nanvar, x, axis, ddof, keepdims)


def _nanvar(x: Array, axis: Axis, ddof: float, keepdims: bool) -> Array:
    if not np.any(np.isnan(x)):
        return var(x, axis, ddof, keepdims)
    deviation, freedom = _deviation("nanvar", x, axis, ddof, keepdims)
    squares = deviation**2 if is_real(x) else real(deviation * conj(deviation))
    return _divided(sum(squares, axis, keepdims), freedom)


@implements(np.nanstd)
def nanstd(
    x: Array, axis: Axis = None, ddof: float = 0, keepdims: bool = False, *, correction: float | None = None
) -> Array:
    """The standard deviation of the elements that are not NaN, over one axis, several, or all.

    NaN and a warning where there are not more than `ddof`. Where all are equal, and the root has no slope, the error
    signal is 0.

    Arguments:
        ddof, correction: as in `std`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.nanstd(mg.Tensor([1.0, np.nan, 3.0]))
    Tensor(1.)
    """
    x, axis = as_array_and_axis(x, axis, "nanstd")
    ddof = _one_of("nanstd", ddof, correction)
    return in_single_precision(_nanstd, x, axis, ddof, keepdims)


def _nanstd(x: Array, axis: Axis, ddof: float, keepdims: bool) -> Array:
    if not np.any(np.isnan(x)):
        return std(x, axis, ddof, keepdims)
    deviation, freedom = _deviation("nanstd", x, axis, ddof, keepdims)
    return _divided(vector_norm(deviation, axis, keepdims), np.sqrt(freedom))


def _one_of(name: str, ddof: float, correction: float | None) -> float:
    if ddof and correction is not None:
        raise ValueError(f"{name}: ddof={ddof} and correction={correction} are two names of one parameter; give one")
    return ddof if correction is None else correction


def _deviation(name: str, x: Array, axis: Axis, ddof: float, keepdims: bool) -> tuple[Array, Array]:
    """x − mean, 0 where x is NaN; and the degrees of freedom, 0 where there are none."""
    missing = np.isnan(x)
    count = (~missing).sum(axis=axis, keepdims=True)
    freedom = count - ddof
    if np.any(freedom <= 0):
        warn(f"{name}: ddof={ddof} leaves no degrees of freedom; the result is NaN there")
    freedom = np.maximum(freedom, 0).astype(x.real.dtype)
    mean = sum(where(missing, 0, x), axis, keepdims=True) / where(count == 0, 1, count).astype(x.real.dtype)
    return where(missing, 0, x - mean), freedom if keepdims else freedom.sum(axis=axis)


def _divided(y: Array, freedom: Array) -> Array:
    """NaN where there are no degrees of freedom, and where nothing gets an error signal."""
    undefined = freedom == 0
    if not np.any(undefined):
        return y / freedom
    return where(undefined, np.nan, y / where(undefined, 1, freedom))


# ---------------------------------------------------------------- in sorted order
@implements(np.nanmedian)
def nanmedian(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """The middle of the elements that are not NaN, over one axis, several, or all; NaN and a warning if there are none.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.nanmedian(mg.Tensor([1.0, np.nan, 9.0, 3.0]))
    Tensor(3.)
    """
    x, axis = as_array_and_axis(x, axis, "nanmedian")
    if not np.any(np.isnan(x)):
        return median(x, axis, keepdims)
    return _nanquantile("nanmedian", x, np.asarray(0.5), axis, keepdims)


@implements(np.nanquantile)
def nanquantile(x: Array, q: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """`quantile` of the elements that are not NaN, over one axis, several, or all; NaN and a warning if there is none.

    Arguments and errors are those of `quantile`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.nanquantile(mg.Tensor([10.0, np.nan, 30.0]), [0.25, 1.0])
    Tensor([15., 30.])
    """
    x, axis = as_array_and_axis(x, axis, "nanquantile")
    if not np.any(np.isnan(x)):
        return quantile(x, q, axis, keepdims)
    quantile(np.zeros(1), q)  # it checks q
    require_real(x, "nanquantile")
    return _nanquantile("nanquantile", x, np.asarray(to_host(unwrap(q)), float), axis, keepdims)


@implements(np.nanpercentile)
def nanpercentile(x: Array, q: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """`percentile` of the elements that are not NaN: ``nanquantile(x, q / 100)``.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.nanpercentile(mg.Tensor([10.0, np.nan, 30.0]), 50)
    Tensor(20.)
    """
    return nanquantile(
        x, q if getattr(q, "requires_grad", False) else as_array(q, "nanpercentile") / 100, axis, keepdims
    )


def _nanquantile(name: str, x: Array, fractions: Array, axis: Axis, keepdims: bool) -> Array:
    """Each row has a last element of its own: NaN is sorted after it."""
    rows, _ = as_rows(x, axis)
    rows = sort(rows, axis=-1)
    last = (~np.isnan(rows)).sum(axis=-1) - 1
    _warn_if_all_nan(name, last < 0)
    q = to_device(fractions.reshape(-1, *[1] * last.ndim), device_of(x))
    position = q * np.maximum(last, 0)
    below = np.floor(position).astype(int)
    fraction = (position - below).astype(x.dtype)
    lower, upper = (
        take_along_axis(np.broadcast_to(rows, (*i.shape, rows.shape[-1])), i[..., None], -1)[..., 0]
        for i in (below, np.minimum(below + 1, np.maximum(last, 0)))
    )
    y = where(last < 0, np.nan, (1 - fraction) * lower + fraction * where(fraction == 0, 0, upper))
    axes = axis_tuple(axis, x.ndim)
    shape = [1 if i in axes else n for i, n in enumerate(x.shape) if keepdims or i not in axes]
    return y.reshape((*fractions.shape, *shape))


def _extremum(name: str, extremum: Callable[..., Array], fill: float, x: Array, axis: Axis, keepdims: bool) -> Array:
    x, axis = as_array_and_axis(x, axis, name)
    missing = np.isnan(x)
    if not np.any(missing):
        return extremum(x, axis, keepdims)
    all_nan = missing.all(axis=axis, keepdims=keepdims)
    _warn_if_all_nan(name, all_nan)
    return where(all_nan, np.nan, extremum(where(missing, fill, x), axis, keepdims))


def _warn_if_all_nan(name: str, all_nan: Array) -> None:
    if all_nan.any():
        warn(f"{name}: nothing but NaN to choose from; the result is NaN there")
