"""Reductions that ignore NaN, NumPy's mark for missing values: it gets the error signal 0."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.rules.axes import as_array_and_axis
from minigrad.rules.manipulation.select import where
from minigrad.rules.reductions.extrema import max, min
from minigrad.rules.reductions.statistics import mean
from minigrad.rules.reductions.sum import sum
from minigrad.typing import Array, Axis
from minigrad.user_frame import warn

__all__ = ["nanmax", "nanmean", "nanmin", "nansum"]


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
