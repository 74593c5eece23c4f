"""Reductions that pass over what is missing, which NumPy writes as NaN: it receives the error signal 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.rules.axes import array_and_axis
from minigrad.rules.manipulation.select import where
from minigrad.rules.reductions import extrema, statistics, sum
from minigrad.typing import Axis
from minigrad.user_frame import warn

__all__ = ["nanmax", "nanmean", "nanmin", "nansum"]


@implements(np.nansum)
def nansum(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The sum of what is not NaN, over one axis, several, or all; 0 if there is nothing else.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> x = mg.Tensor([1.0, np.nan, 3.0], requires_grad=True)
    >>> mg.nansum(x).backward()
    >>> x.grad
    array([1., 0., 1.])
    """
    x, axis = array_and_axis(x, axis, "nansum")
    missing = np.isnan(x)
    return sum.sum(where(missing, 0, x) if np.any(missing) else x, axis, keepdims)


@implements(np.nanmean)
def nanmean(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The mean of what is not NaN, over one axis, several, or all; NaN and a warning if there is nothing else.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.nanmean(mg.Tensor([1.0, np.nan, 3.0]))
    Tensor(2.)
    """
    x, axis = array_and_axis(x, axis, "nanmean")
    missing = np.isnan(x)
    if not np.any(missing):
        return statistics.mean(x, axis, keepdims)
    count = (~missing).sum(axis=axis, keepdims=keepdims)
    _warn_of_nothing("nanmean", count == 0)
    count = where(count == 0, np.nan, count).astype(x.dtype)
    return sum.sum(where(missing, 0, x), axis, keepdims) / count


@implements(np.nanmax)
def nanmax(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The largest element that is not NaN, over one axis, several, or all; NaN and a warning if there is none.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.nanmax(mg.Tensor([1.0, np.nan, 3.0]))
    Tensor(3.)
    """
    return _best("nanmax", extrema.max, -np.inf, x, axis, keepdims)


@implements(np.nanmin)
def nanmin(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The smallest element that is not NaN, over one axis, several, or all; NaN and a warning if there is none.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.nanmin(mg.Tensor([1.0, np.nan, 3.0]))
    Tensor(1.)
    """
    return _best("nanmin", extrema.min, np.inf, x, axis, keepdims)


def _best(name: str, choose: Callable[..., Any], worst: float, x: Any, axis: Axis, keepdims: bool) -> Any:
    x, axis = array_and_axis(x, axis, name)
    missing = np.isnan(x)
    if not np.any(missing):
        return choose(x, axis, keepdims)
    nothing = missing.all(axis=axis, keepdims=keepdims)
    _warn_of_nothing(name, nothing)
    return where(nothing, np.nan, choose(where(missing, worst, x), axis, keepdims))


def _warn_of_nothing(name: str, nothing: Any) -> None:
    if nothing.any():
        warn(f"{name}: nothing but NaN to choose from; the result is NaN there")
