"""Activation functions: what a network bends its sums with, element by element.

All of them take ±1000 without overflow or warning. Values and slopes keep their digits in both tails, but for
σ′ = y (1 − y) on the right: it is the lecture's, and 0 as soon as y is 1 as a number.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minigrad.core.primitive import Binary, Unary
from minigrad.kernels.elementwise import activations as kernels
from minigrad.kernels.elementwise import special
from minigrad.rules.elementwise.extrema import clip
from minigrad.rules.elementwise.powers import power
from minigrad.rules.manipulation.select import where

__all__ = [
    "elu", "gelu", "hard_tanh", "leaky_relu", "log_sigmoid", "mish", "relu", "selu", "sigmoid", "silu", "softplus",
]  # fmt: skip

_SQRT_2PI = math.sqrt(2 * math.pi)


def _left(x: Any) -> Any:
    """x on the left of 0; on the right 0, for e^x would overflow where nobody asks for it."""
    return where(x > 0, 0, x)


# fmt: off

sigmoid     = Unary("sigmoid",     kernels.sigmoid,     lambda y_bar, y, x: y_bar * y * (1 - y),
                                                        symbol="σ", derivative="σ′")
log_sigmoid = Unary("log_sigmoid", kernels.log_sigmoid, lambda y_bar, y, x: y_bar * sigmoid(-x))
softplus    = Unary("softplus",    kernels.softplus,    lambda y_bar, y, x: y_bar * sigmoid(x))
relu        = Unary("relu",        kernels.relu,        lambda y_bar, y, x: y_bar * (x > 0), derivative="relu′")
_normal_cdf = Unary("normal_cdf",  special.normal_cdf,  lambda y_bar, y, x: y_bar * np.exp(-(x**2) / 2) / _SQRT_2PI,
                                                        symbol="Φ")
# fmt: on

_leaky_relu = Binary(
    "leaky_relu",
    kernels.leaky_relu,
    lambda y_bar, y, x, slope: where(x > 0, y_bar, y_bar * slope),
    lambda y_bar, y, x, slope: y_bar * _left(x),
)
_elu = Binary(
    "elu",
    kernels.elu,
    lambda y_bar, y, x, alpha: where(x > 0, y_bar, y_bar * alpha * np.exp(_left(x))),
    lambda y_bar, y, x, alpha: y_bar * np.expm1(_left(x)),
)
sigmoid.__doc__ = "σ(x) = 1 / (1 + e^−x): any number becomes one between 0 and 1."
log_sigmoid.__doc__ = "log σ(x) = −log(1 + e^−x), also where σ(x) is too small for a number."
softplus.__doc__ = "log(1 + e^x), a relu without its kink."
relu.__doc__ = "max(0, x), with slope 0 at its kink."


def leaky_relu(x: Any, slope: Any = 0.01) -> Any:
    """x where it is positive, and slope · x elsewhere; 0 counts to the left side.

    Arguments:
        slope: of the left side; a Tensor, if it is to be learned.

    >>> import minigrad as mg
    >>> mg.leaky_relu(mg.Tensor([-2.0, 3.0]))
    Tensor([-0.02,  3.  ])
    """
    return _leaky_relu(x, slope)


def elu(x: Any, alpha: Any = 1.0) -> Any:
    """x where it is positive, and α (e^x − 1) elsewhere, which goes down to −α.

    >>> import minigrad as mg
    >>> mg.elu(mg.Tensor([-1000.0, 3.0]))
    Tensor([-1.,  3.])
    """
    return _elu(x, alpha)


def selu(x: Any) -> Any:
    """λ elu(x, α), with λ and α such that mean 0 and variance 1 stay as they are from layer to layer.

    >>> import minigrad as mg
    >>> mg.selu(mg.Tensor([-1000.0, 1.0]))
    Tensor([-1.75809934,  1.05070099])
    """
    return 1.0507009873554805 * elu(x, 1.6732632423543772)


def silu(x: Any) -> Any:
    """x σ(x), also called swish.

    >>> import minigrad as mg
    >>> mg.silu(mg.Tensor([-1000.0, 0.0, 1000.0]))
    Tensor([  -0.,    0., 1000.])
    """
    return x * sigmoid(x)


def mish(x: Any) -> Any:
    """x tanh(softplus(x)).

    >>> import minigrad as mg
    >>> mg.mish(mg.Tensor([-1000.0, 0.0, 1000.0]))
    Tensor([  -0.,    0., 1000.])
    """
    return x * np.tanh(softplus(x))


def gelu(x: Any, approximate: str = "none") -> Any:
    """x Φ(x), where Φ(x) is the probability that a normal variable is less than x.

    Arguments:
        approximate: ``"none"``, which needs SciPy, or ``"tanh"`` for ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))).

    Raises:
        ImportError: if SciPy is not installed, and `approximate` is ``"none"``.

    >>> import minigrad as mg
    >>> mg.gelu(mg.Tensor([-1.0, 2.0]), approximate="tanh")
    Tensor([-0.15880801,  1.95459769])
    """
    if approximate == "none":
        return x * _normal_cdf(x)
    if approximate == "tanh":  # ½ (1 + tanh u) is σ(2u), which does not cancel on the left
        return x * sigmoid(math.sqrt(8 / math.pi) * (x + 0.044715 * power(x, 3)))
    raise ValueError(f'gelu: approximate is "none" or "tanh", got {approximate!r}')


def hard_tanh(x: Any, low: Any = -1.0, high: Any = 1.0) -> Any:
    """x between `low` and `high`, and the nearer of the two elsewhere: ``mg.clip``, slope 1 at both ends included.

    >>> import minigrad as mg
    >>> mg.hard_tanh(mg.Tensor([-2.0, 0.5, 2.0]))
    Tensor([-1. ,  0.5,  1. ])
    """
    return clip(x, low, high)
