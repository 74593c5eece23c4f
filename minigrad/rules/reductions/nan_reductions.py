"""Reductions that ignore NaN, NumPy's mark for missing values: it gets the error signal 0."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import DTypeLike

from minigrad.core.dispatch import implements
from minigrad.device import device_of, to_device
from minigrad.kernels.reductions.quantiles import neighbours
from minigrad.rules.axes import as_array_and_axis, as_rows, reduced_shape
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.manipulation import select
from minigrad.rules.manipulation.indexing import take_along_axis
from minigrad.rules.manipulation.sort import sort
from minigrad.rules.reductions.cumulative import cumprod, cumsum
from minigrad.rules.reductions.extrema import max, min
from minigrad.rules.reductions.keywords.keywords import mask_of, mean_arguments
from minigrad.rules.reductions.prod import prod
from minigrad.rules.reductions.quantiles import as_fraction, as_fractions, median, quantile, weighted_quantile
from minigrad.rules.reductions.statistics.moments import mean, mean_where, one_of, std_of, var_of, warn_if_none
from minigrad.rules.reductions.sum import sum
from minigrad.typing import Array, Axis

__all__ = [
    "nancumprod", "nancumsum", "nanmax", "nanmean", "nanmedian", "nanmin", "nanpercentile", "nanprod", "nanquantile",
    "nanstd", "nansum", "nanvar",
]  # fmt: skip


_NOTHING = "nothing but NaN to choose from"


@implements(np.nansum)
def nansum(
    x: Array,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    *,
    keepdims: bool = False,
    initial: Array = None,
    where: Array = True,
) -> Array:
    """The sum of the elements that are not NaN, over one axis, several, or all; 0 if there are none.

    Arguments:
        dtype, initial, where: as in `sum`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> x = mg.Tensor([1.0, np.nan, 3.0], requires_grad=True)
    >>> mg.nansum(x).backward()
    >>> x.grad
    array([1., 0., 1.])
    """
    x, axis = as_array_and_axis(x, axis, "nansum")
    return sum(x, axis, dtype, keepdims=keepdims, initial=initial, where=_present("nansum", x, where))


@implements(np.nanprod)
def nanprod(
    x: Array,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    *,
    keepdims: bool = False,
    initial: Array = None,
    where: Array = True,
) -> Array:
    """The product of the elements that are not NaN, over one axis, several, or all; 1 if there are none.

    Arguments:
        dtype, initial, where: as in `prod`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.nanprod(mg.Tensor([2.0, np.nan, 3.0]))
    Tensor(6.)
    """
    x, axis = as_array_and_axis(x, axis, "nanprod")
    return prod(x, axis, dtype, keepdims=keepdims, initial=initial, where=_present("nanprod", x, where))


@implements(np.nancumsum)
def nancumsum(x: Array, axis: int | None = None, dtype: DTypeLike | None = None) -> Array:
    """`cumsum`, in which NaN counts as 0.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.nancumsum(mg.Tensor([1.0, np.nan, 3.0]))
    Tensor([1., 1., 4.])
    """
    return cumsum(_replaced("nancumsum", x, 0), axis, dtype)


@implements(np.nancumprod)
def nancumprod(x: Array, axis: int | None = None, dtype: DTypeLike | None = None) -> Array:
    """`cumprod`, in which NaN counts as 1.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.nancumprod(mg.Tensor([2.0, np.nan, 3.0]))
    Tensor([2., 2., 6.])
    """
    return cumprod(_replaced("nancumprod", x, 1), axis, dtype)


@implements(np.nanmean)
def nanmean(
    x: Array, axis: Axis = None, dtype: DTypeLike | None = None, *, keepdims: bool = False, where: Array = True
) -> Array:
    """The mean of the elements that are not NaN, over one axis, several, or all; NaN and a warning if there are none.

    Arguments:
        dtype, where: as in `mean`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.nanmean(mg.Tensor([1.0, np.nan, 3.0]))
    Tensor(2.)
    """
    x, axis = mean_arguments("nanmean", x, axis, dtype)
    present = _present("nanmean", x, where)
    if present is True:
        return mean(x, axis, keepdims=keepdims)
    return mean_where("nanmean", x, axis, keepdims, present, _NOTHING)


@implements(np.nanmax)
def nanmax(x: Array, axis: Axis = None, *, keepdims: bool = False, initial: Array = None, where: Array = True) -> Array:
    """The largest element that is not NaN, over one axis, several, or all; NaN and a warning if there is none.

    Arguments:
        initial, where: as in `max`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.nanmax(mg.Tensor([1.0, np.nan, 3.0]))
    Tensor(3.)
    """
    return _extremum("nanmax", max, -np.inf, x, axis, keepdims, initial, where)


@implements(np.nanmin)
def nanmin(x: Array, axis: Axis = None, *, keepdims: bool = False, initial: Array = None, where: Array = True) -> Array:
    """The smallest element that is not NaN, over one axis, several, or all; NaN and a warning if there is none.

    Arguments:
        initial, where: as in `min`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.nanmin(mg.Tensor([1.0, np.nan, 3.0]))
    Tensor(1.)
    """
    return _extremum("nanmin", min, np.inf, x, axis, keepdims, initial, where)


def _replaced(name: str, x: Array, neutral: int) -> Array:
    """`x` with a number that changes nothing in place of NaN."""
    x = as_array(x, name)
    missing = np.isnan(x)
    return select.where(missing, neutral, x) if np.any(missing) else x


def _present(name: str, x: Array, where: Array) -> Array:
    """Where an element is not NaN, among those that `where` includes; True where none is left out."""
    missing = np.isnan(x)
    return _among_present(name, x, missing, where) if np.any(missing) else where


def _among_present(name: str, x: Array, missing: Array, where: Array) -> Array:
    """Where an element is not `missing`, among those that `where` includes."""
    return ~missing if where is True else ~missing & mask_of(name, x, where)


def _extremum(
    name: str,
    extremum: Callable[..., Array],
    of_none: float,
    x: Array,
    axis: Axis,
    keepdims: bool,
    initial: Array,
    where: Array,
) -> Array:
    x, axis = as_array_and_axis(x, axis, name)
    missing = np.isnan(x)
    from_nan = initial is not None and x.dtype.kind in "fc" and np.all(np.isnan(initial))
    if not from_nan and (initial is not None or where is not True or not np.any(missing)):
        x = select.where(missing, of_none, x) if np.any(missing) else x
        return extremum(x, axis, keepdims=keepdims, initial=initial, where=where)
    present = _among_present(name, x, missing, where)
    count = present.sum(axis=axis, keepdims=keepdims)
    warn_if_none(name, count, _NOTHING)
    start = of_none if from_nan else None  # NaN is ignored, also as the number to start with
    y = extremum(select.where(present, x, of_none), axis, keepdims=keepdims, initial=start)
    return select.where(count == 0, np.nan, y)


# ---------------------------------------------------------------- variance and standard deviation
@implements(np.nanvar)
def nanvar(
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
    """The variance of the elements that are not NaN, over one axis, several, or all.

    NaN and a warning where there are not more than `ddof`.

    Arguments:
        dtype, ddof, correction, where, mean: as in `var`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.nanvar(mg.Tensor([1.0, np.nan, 3.0]))
    Tensor(1.)
    """
    x, axis = mean_arguments("nanvar", x, axis, dtype)
    ddof = one_of("nanvar", ddof, correction)
    return var_of("nanvar", x, axis, ddof, keepdims, _present("nanvar", x, where), mean)


@implements(np.nanstd)
def nanstd(
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
    """The standard deviation of the elements that are not NaN, over one axis, several, or all.

    NaN and a warning where there are not more than `ddof`. Where all are equal, and the root has no slope, the error
    signal is 0.

    Arguments:
        dtype, ddof, correction, where, mean: as in `std`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.nanstd(mg.Tensor([1.0, np.nan, 3.0]))
    Tensor(1.)
    """
    x, axis = mean_arguments("nanstd", x, axis, dtype)
    ddof = one_of("nanstd", ddof, correction)
    return std_of("nanstd", x, axis, ddof, keepdims, _present("nanstd", x, where), mean)


# ---------------------------------------------------------------- in sorted order
@implements(np.nanmedian)
def nanmedian(x: Array, axis: Axis = None, *, keepdims: bool = False) -> Array:
    """The middle of the elements that are not NaN, over one axis, several, or all; NaN and a warning if there are none.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.nanmedian(mg.Tensor([1.0, np.nan, 9.0, 3.0]))
    Tensor(3.)
    """
    x, axis = as_array_and_axis(x, axis, "nanmedian")
    if not np.any(np.isnan(x)):
        return median(x, axis, keepdims=keepdims)
    return _nanquantile("nanmedian", x, np.asarray(0.5), axis, keepdims, "linear")


@implements(np.nanquantile)
def nanquantile(
    x: Array, q: Array, axis: Axis = None, *, method: str = "linear", keepdims: bool = False, weights: Array = None
) -> Array:
    """`quantile` of the elements that are not NaN, over one axis, several, or all; NaN and a warning if there is none.

    Arguments and errors are those of `quantile`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.nanquantile(mg.Tensor([10.0, np.nan, 30.0]), [0.25, 1.0])
    Tensor([15., 30.])
    """
    x, axis = as_array_and_axis(x, axis, "nanquantile")
    missing = np.isnan(x)
    if not np.any(missing):
        return quantile(x, q, axis, method=method, keepdims=keepdims, weights=weights)
    q = as_fractions("nanquantile", x, q, method)
    if weights is None:
        return _nanquantile("nanquantile", x, q, axis, keepdims, method)
    warn_if_none("nanquantile", (~missing).sum(axis=axis), _NOTHING)
    return weighted_quantile("nanquantile", x, q, axis, keepdims, method, weights, missing)


@implements(np.nanpercentile)
def nanpercentile(
    x: Array, q: Array, axis: Axis = None, *, method: str = "linear", keepdims: bool = False, weights: Array = None
) -> Array:
    """`percentile` of the elements that are not NaN: ``nanquantile(x, q / 100)``.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.nanpercentile(mg.Tensor([10.0, np.nan, 30.0]), 50)
    Tensor(20.)
    """
    return nanquantile(x, as_fraction("nanpercentile", q), axis, method=method, keepdims=keepdims, weights=weights)


def _nanquantile(name: str, x: Array, q: Array, axis: Axis, keepdims: bool, method: str) -> Array:
    """Each row has a last element of its own: NaN is sorted after it."""
    rows = sort(as_rows(x, axis)[0], axis=-1)
    count = (~np.isnan(rows)).sum(axis=-1)
    warn_if_none(name, count, _NOTHING)
    fractions = to_device(q.reshape(q.size, *[1] * count.ndim), device_of(x))
    below, above, weight = neighbours(np.maximum(count, 1), fractions, method)
    weight = weight.astype(x.dtype)
    lower, upper = (
        take_along_axis(np.broadcast_to(rows, (*i.shape, rows.shape[-1])), i[..., None], -1).squeeze(-1)
        for i in (below, above)
    )
    y = select.where(count == 0, np.nan, (1 - weight) * lower + weight * select.where(weight == 0, 0, upper))
    return y.reshape(q.shape + reduced_shape(x, axis, keepdims))
