"""Extrema of two arguments and limits: maximum, minimum, fmax, fmin, and clip."""

from __future__ import annotations

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Binary
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.manipulation.select import where
from minigrad.typing import Array

__all__ = ["clip", "fmax", "fmin", "maximum", "minimum"]


def _to_winner(z_bar: Array, won: Array, tied: Array) -> Array:
    """The error signal of one of two arguments: all of it where it won, half of it where they tied."""
    return where(tied, z_bar / 2, where(won, z_bar, 0))


def _to_winner_or_nan(z_bar: Array, z: Array, x: Array, won: Array, y: Array) -> Array:
    """As `_to_winner`, where NaN wins against every number and ties with NaN."""
    tied = x == y
    if np.any(np.isnan(z)):
        won = np.logical_or(won, np.isnan(x) & ~np.isnan(y))
        tied = np.logical_or(tied, np.isnan(x) & np.isnan(y))
    return _to_winner(z_bar, won, tied)


# fmt: off
#                  name        forward     error signals of the two arguments
maximum   = Binary("maximum",  np.maximum, lambda z_bar, z, x, y: _to_winner_or_nan(z_bar, z, x, x > y, y),
                                           lambda z_bar, z, x, y: _to_winner_or_nan(z_bar, z, y, y > x, x))
minimum   = Binary("minimum",  np.minimum, lambda z_bar, z, x, y: _to_winner_or_nan(z_bar, z, x, x < y, y),
                                           lambda z_bar, z, x, y: _to_winner_or_nan(z_bar, z, y, y < x, x))
fmax      = Binary("fmax",     np.fmax,    lambda z_bar, z, x, y: _to_winner(z_bar, x == z, x == y),
                                           lambda z_bar, z, x, y: _to_winner(z_bar, y == z, x == y))
fmin      = Binary("fmin",     np.fmin,    lambda z_bar, z, x, y: _to_winner(z_bar, x == z, x == y),
                                           lambda z_bar, z, x, y: _to_winner(z_bar, y == z, x == y))

# The limits of clip. At x == limit, x gets the full error signal, unlike in maximum and minimum.
_at_least = Binary("at_least", lambda x, low: np.maximum(x, low),
                               lambda z_bar, z, x, low: where(x < low, 0, z_bar),
                               lambda z_bar, z, x, low: where(x < low, z_bar, 0),    symbol="max")
_at_most  = Binary("at_most",  lambda x, high: np.minimum(x, high),
                               lambda z_bar, z, x, high: where(x > high, 0, z_bar),
                               lambda z_bar, z, x, high: where(x > high, z_bar, 0),  symbol="min")
# fmt: on

maximum.__doc__ = """The larger of x and y. NaN if one of them is, which then gets the error signal.

Where they tie, each gets half of the error signal.
"""
minimum.__doc__ = """The smaller of x and y. NaN if one of them is, which then gets the error signal.

Where they tie, each gets half of the error signal.
"""
fmax.__doc__ = """The larger of x and y. If one is NaN, the other, and NaN gets the error signal 0.

Where they tie, each gets half of the error signal.
"""
fmin.__doc__ = """The smaller of x and y. If one is NaN, the other, and NaN gets the error signal 0.

Where they tie, each gets half of the error signal.
"""


def clip(x: Array, min: Array = None, max: Array = None) -> Array:
    """x, limited to the range from `min` to `max`.

    Within the limits, and on them, x gets the full error signal; outside, the limit gets it, which may be a Tensor
    too. If `min` is larger than `max`, the result is `max`.

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
def _np_clip(a: Array, a_min: Array = None, a_max: Array = None, *, min: Array = None, max: Array = None) -> Array:
    return clip(a, a_min if min is None else min, a_max if max is None else max)
