"""TODO"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Binary
from minigrad.rules.arguments import as_array
from minigrad.rules.manipulation.select import where

__all__ = ["clip", "fmax", "fmin", "maximum", "minimum"]


def _half_if_tied(z_bar: Any, won: Any, tied: Any) -> Any:
    return where(tied, z_bar / 2, where(won, z_bar, 0))


def _of_winner(z_bar: Any, z: Any, x: Any, won: Any, y: Any) -> Any:
    """The error signal of x, where it won against y or tied with it; NaN wins against all numbers."""
    tied = x == y
    if np.any(np.isnan(z)):
        won = np.logical_or(won, np.isnan(x) & ~np.isnan(y))
        tied = np.logical_or(tied, np.isnan(x) & np.isnan(y))
    return _half_if_tied(z_bar, won, tied)


# fmt: off
maximum  = Binary("maximum",  np.maximum,       lambda z_bar, z, x, y: _of_winner(z_bar, z, x, x > y, y),
                                                lambda z_bar, z, x, y: _of_winner(z_bar, z, y, y > x, x))
minimum  = Binary("minimum",  np.minimum,       lambda z_bar, z, x, y: _of_winner(z_bar, z, x, x < y, y),
                                                lambda z_bar, z, x, y: _of_winner(z_bar, z, y, y < x, x))
fmax     = Binary("fmax",     np.fmax,          lambda z_bar, z, x, y: _half_if_tied(z_bar, x == z, x == y),
                                                lambda z_bar, z, x, y: _half_if_tied(z_bar, y == z, x == y))
fmin     = Binary("fmin",     np.fmin,          lambda z_bar, z, x, y: _half_if_tied(z_bar, x == z, x == y),
                                                lambda z_bar, z, x, y: _half_if_tied(z_bar, y == z, x == y))
# fmt: on


# x passes a limit with its whole error signal where it is level with it, unlike in maximum and minimum.
_at_least = Binary(
    "at_least",
    lambda x, low: np.maximum(x, low),
    lambda z_bar, z, x, low: where(x < low, 0, z_bar),
    lambda z_bar, z, x, low: where(x < low, z_bar, 0),
    symbol="max",
)
_at_most = Binary(
    "at_most",
    lambda x, high: np.minimum(x, high),
    lambda z_bar, z, x, high: where(x > high, 0, z_bar),
    lambda z_bar, z, x, high: where(x > high, z_bar, 0),
    symbol="min",
)
maximum.__doc__ = """The larger of x and y; NaN if one of them is, which gets the error signal then.

Where they tie, each gets half of the error signal.
"""
minimum.__doc__ = """The smaller of x and y; NaN if one of them is, which gets the error signal then.

Where they tie, each gets half of the error signal.
"""
fmax.__doc__ = (
    "The larger of x and y; if one is NaN, the other, and NaN gets 0. A tie shares the error signal by halves."
)
fmin.__doc__ = (
    "The smaller of x and y; if one is NaN, the other, and NaN gets 0. A tie shares the error signal by halves."
)


def clip(x: Any, min: Any = None, max: Any = None) -> Any:
    """x, but not less than `min` and not more than `max`.

    What lies within the limits, or on one of them, passes the whole error signal on to x, and what lies outside to
    the limit, which may be a Tensor, too. If `min` is larger than `max`, the result is `max`.

    Arguments:
        min, max: numbers, arrays or Tensors that broadcast with `x`; ``None`` for no limit.

    >>> import minigrad as mg
    >>> x = mg.Tensor([-2.0, 0.5, 1.0, 7.0], requires_grad=True)
    >>> mg.clip(x, 0, 1).sum().backward()
    >>> x.grad
    array([0., 1., 1., 0.])
    """
    x = as_array(x, "clip") if min is None else _at_least(x, min)
    return x if max is None else _at_most(x, max)


@implements(np.clip)
def _np_clip(a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Any:
    return clip(a, a_min if min is None else min, a_max if max is None else max)
