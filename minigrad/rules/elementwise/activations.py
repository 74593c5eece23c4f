"""Activation functions of networks, element by element.

All of them take ±1000 without overflow or warning. Values and slopes keep their digits in both tails, except for
σ′ = y (1 − y) on the right: it is the lecture's, and 0 as soon as y rounds to 1.
"""

from __future__ import annotations

import math

import numpy as np

from minigrad.core.primitive import Binary, Unary
from minigrad.kernels.complex import require_real
from minigrad.kernels.elementwise import activations as kernels
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.elementwise.extrema import clip
from minigrad.rules.elementwise.powers import power
from minigrad.rules.elementwise.special import normal_cdf
from minigrad.rules.manipulation.select import where
from minigrad.typing import Array

__all__ = [
    "elu", "gelu", "hard_tanh", "leaky_relu", "log_sigmoid", "mish", "relu", "selu", "sigmoid", "silu", "softplus",
]  # fmt: skip


def _negative_part(x: Array) -> Array:
    """x where it is negative, 0 elsewhere, so that e^x does not overflow where it is not used."""
    return where(x > 0, 0, x)


def _cubes_fit(x: Array) -> Array:
    """x, limited to where x³ is finite: σ is 0 or 1 long before."""
    limit = float(np.finfo(x.dtype).max) ** (1 / 3) / 2 if x.dtype.kind == "f" else np.inf
    return clip(x, -limit, limit) if np.any(abs(x) > limit) else x


# fmt: off
#                   name           forward              error signal of the argument
sigmoid     = Unary("sigmoid",     kernels.sigmoid,     lambda y_bar, y, x: y_bar * y * (1 - y),
                                                        symbol="σ", derivative="σ′")
log_sigmoid = Unary("log_sigmoid", kernels.log_sigmoid, lambda y_bar, y, x: y_bar * sigmoid(-x))
softplus    = Unary("softplus",    kernels.softplus,    lambda y_bar, y, x: y_bar * sigmoid(x))
relu        = Unary("relu",        kernels.relu,        lambda y_bar, y, x: y_bar * (x > 0), derivative="relu′")

#                    name          forward              error signals of the two arguments
_leaky_relu = Binary("leaky_relu", kernels.leaky_relu,  lambda y_bar, y, x, slope: where(x > 0, y_bar, y_bar * slope),
                                                        lambda y_bar, y, x, slope: y_bar * _negative_part(x))
_elu        = Binary("elu",        kernels.elu,
                     lambda y_bar, y, x, alpha: where(x > 0, y_bar, y_bar * alpha * np.exp(_negative_part(x))),
                     lambda y_bar, y, x, alpha: y_bar * np.expm1(_negative_part(x)))
# fmt: on

sigmoid.__doc__ = "σ(x) = 1 / (1 + e^−x), between 0 and 1."
log_sigmoid.__doc__ = "log σ(x) = −log(1 + e^−x), precise also where σ(x) underflows to 0."
softplus.__doc__ = "log(1 + e^x), a smooth relu."
relu.__doc__ = "max(0, x), with slope 0 at its kink."


def leaky_relu(x: Array, slope: Array = 0.01) -> Array:
    """x where it is positive, slope · x elsewhere; at 0 its slope is `slope`.

    Arguments:
        slope: the slope for negative x; a Tensor if it is to be learned.

    >>> import minigrad as mg
    >>> mg.leaky_relu(mg.Tensor([-2.0, 3.0]))
    Tensor([-0.02,  3.  ])
    """
    return _leaky_relu(x, slope)


def elu(x: Array, alpha: Array = 1.0) -> Array:
    """x where it is positive, α (e^x − 1) elsewhere, which tends to −α.

    >>> import minigrad as mg
    >>> mg.elu(mg.Tensor([-1000.0, 3.0]))
    Tensor([-1.,  3.])
    """
    return _elu(x, alpha)


def selu(x: Array) -> Array:
    """λ elu(x, α), with λ and α that preserve mean 0 and variance 1 from layer to layer.

    >>> import minigrad as mg
    >>> mg.selu(mg.Tensor([-1000.0, 1.0]))
    Tensor([-1.75809934,  1.05070099])
    """
    return 1.0507009873554805 * elu(x, 1.6732632423543772)


def silu(x: Array) -> Array:
    """x σ(x), also called swish.

    >>> import minigrad as mg
    >>> mg.silu(mg.Tensor([-1000.0, 0.0, 1000.0]))
    Tensor([  -0.,    0., 1000.])
    """
    return x * sigmoid(x)


def mish(x: Array) -> Array:
    """x tanh(softplus(x)).

    >>> import minigrad as mg
    >>> mg.mish(mg.Tensor([-1000.0, 0.0, 1000.0]))
    Tensor([  -0.,    0., 1000.])
    """
    return x * np.tanh(softplus(x))


def gelu(x: Array, approximate: str = "none") -> Array:
    """x Φ(x), where Φ(x) is the probability that a standard normal variable is less than x.

    Arguments:
        approximate: ``"none"``, which needs SciPy, or ``"tanh"`` for ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))).

    Raises:
        ImportError: if SciPy is not installed and `approximate` is ``"none"``.

    >>> import minigrad as mg
    >>> mg.gelu(mg.Tensor([-1.0, 2.0]), approximate="tanh")
    Tensor([-0.15880801,  1.95459769])
    """
    if approximate == "none":
        return x * normal_cdf(x)
    if approximate == "tanh":  # ½ (1 + tanh u) is σ(2u), which does not cancel on the left
        u = _cubes_fit(as_array(x, "gelu"))
        return x * sigmoid(math.sqrt(8 / math.pi) * (u + 0.044715 * power(u, 3)))
    raise ValueError(f'gelu: approximate is "none" or "tanh", got {approximate!r}')


def hard_tanh(x: Array, low: Array = -1.0, high: Array = 1.0) -> Array:
    """x, limited to the range from `low` to `high`: ``mg.clip``, with slope 1 at both ends.

    >>> import minigrad as mg
    >>> mg.hard_tanh(mg.Tensor([-2.0, 0.5, 2.0]))
    Tensor([-1. ,  0.5,  1. ])
    """
    for given in (x, low, high):
        require_real(given, "hard_tanh")
    return clip(x, low, high)
