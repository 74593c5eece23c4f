"""Activation functions of networks, element by element.

All of them take ±1000 without overflow or warning. Values and slopes keep their digits in both tails, except for
σ′ = y (1 − y) on the right: it is the lecture's, and 0 as soon as y rounds to 1.
"""

from __future__ import annotations

import math

import numpy as np

from minigrad.core.primitive import Binary, Primitive, Unary
from minigrad.core.recording.scopes import records_arrays
from minigrad.core.scipy_special import special_functions
from minigrad.kernels.elementwise import activations as kernels
from minigrad.kernels.overflow_safe_scaling import root
from minigrad.rules.builtin_axes import elementwise
from minigrad.rules.convert_arguments import as_array, refuse_gradient
from minigrad.rules.elementwise.extrema import clip
from minigrad.rules.elementwise.powers import power
from minigrad.rules.elementwise.special.error_functions import ndtr
from minigrad.rules.manipulation.select import where
from minigrad.rules.manipulation.shape import reshape
from minigrad.typing import Array

__all__ = [
    "celu", "elu", "gelu", "hard_sigmoid", "hard_swish", "hard_tanh", "leaky_relu", "log_sigmoid", "mish", "prelu",
    "relu", "relu6", "selu", "sigmoid", "silu", "softplus",
]  # fmt: skip


def _negative_part(x: Array) -> Array:
    """x where it is negative, 0 elsewhere, so that e^x does not overflow where it is not used."""
    return where(x > 0, 0, x)


def _cubes_fit(x: Array) -> Array:
    """x, limited to where x³ is finite: σ is 0 or 1 long before."""
    limit = root(np.finfo(x.dtype).max, 3) / 2 if x.dtype.kind == "f" else np.inf
    return clip(x, -limit, limit) if np.any(abs(x) > limit) else x


# fmt: off
#                   name           forward              error signal of the argument
sigmoid     = Unary("sigmoid",     kernels.sigmoid,     lambda y_bar, y, x: y_bar * y * (1 - y),
                                                        symbol="σ", derivative="σ′")
log_sigmoid = Unary("log_sigmoid", kernels.log_sigmoid, lambda y_bar, y, x: y_bar * sigmoid(-x))
_softplus   = Unary("softplus",    kernels.softplus,    lambda y_bar, y, x: y_bar * sigmoid(x))
relu        = Unary("relu",        kernels.relu,        lambda y_bar, y, x: kernels.relu_grad(y_bar, x),
                                                        derivative="relu′")
relu6       = Unary("relu6",       kernels.relu6,       lambda y_bar, y, x: y_bar * (x > 0) * (x < 6),
                                                        derivative="relu6′")

#                    name          forward              error signals of the two arguments
_leaky_relu = Binary("leaky_relu", kernels.leaky_relu,  lambda y_bar, y, x, slope: where(x > 0, y_bar, y_bar * slope),
                                                        lambda y_bar, y, x, slope: y_bar * _negative_part(x))
_elu        = Binary("elu",        kernels.elu,
                     lambda y_bar, y, x, alpha: where(x > 0, y_bar, y_bar * alpha * np.exp(_negative_part(x))),
                     lambda y_bar, y, x, alpha: y_bar * np.expm1(_negative_part(x)))

_hard_tanh = Primitive("hard_tanh", kernels.hard_tanh,
                       lambda y_bar, y, x, low, high: where(x <= low, 0, where(x >= high, 0, y_bar)),
                       lambda y_bar, y, x, low, high: where(x <= low, where(low < high, y_bar, 0), 0),
                       lambda y_bar, y, x, low, high: where(np.maximum(x, low) >= high, y_bar, 0),
                       axes=elementwise)
# fmt: on

sigmoid.__doc__ = "σ(x) = 1 / (1 + e^−x), between 0 and 1."
log_sigmoid.__doc__ = "log σ(x) = −log(1 + e^−x), precise also where σ(x) underflows to 0."
relu.__doc__ = "max(0, x), with slope 0 at its kink."
relu6.__doc__ = "min(max(0, x), 6), with slope 0 at its kinks."


def leaky_relu(x: Array, slope: Array = 0.01) -> Array:
    """x where it is positive, slope · x elsewhere; at 0 its slope is `slope`.

    Arguments:
        slope: the slope for negative x; a Tensor if it is to be learned.

    >>> import minigrad as mg
    >>> mg.leaky_relu(mg.Tensor([-2.0, 3.0]))
    Tensor([-0.02,  3.  ])
    """
    return _leaky_relu(x, slope)


def prelu(x: Array, weight: Array) -> Array:
    """x where it is positive, wᶜ x elsewhere, with a slope wᶜ for each channel c, which is learned; wᶜ at 0 too.

    Arguments:
        x: shape ``(N, C, …)``; of any shape for a single slope.
        weight: the slopes, shape ``(C,)``, or ``(1,)`` for one that all channels share.

    Raises:
        ValueError: if the slopes are neither one nor one for each channel.

    Source: He, Zhang, Ren, Sun, "Delving deep into rectifiers", ICCV 2015.

    >>> import minigrad as mg
    >>> mg.prelu(mg.Tensor([[-2.0, -2.0, 3.0]]), [0.1, 0.2, 0.3])
    Tensor([[-0.2, -0.4,  3. ]])
    """
    x, weight = as_array(x, "prelu", weight), as_array(weight, "prelu", x)
    if weight.size != 1 and weight.shape != x.shape[1:2]:
        channels = f"{x.shape[1]} channels on axis 1" if x.ndim > 1 else "no axis of channels"
        raise ValueError(
            f"prelu: weight has shape {weight.shape} and x {x.shape}, which has {channels}; "
            "expected one slope, or one for each channel"
        )
    shape = () if x.ndim == 0 else (1,) if weight.size == 1 else (weight.size, *(1,) * (x.ndim - 2))
    return _leaky_relu(x, weight if weight.shape == shape else reshape(weight, shape))


def elu(x: Array, alpha: Array = 1.0) -> Array:
    """x where it is positive, α (e^x − 1) elsewhere, which tends to −α.

    >>> import minigrad as mg
    >>> mg.elu(mg.Tensor([-1000.0, 3.0]))
    Tensor([-1.,  3.])
    """
    return _elu(x, alpha)


def celu(x: Array, alpha: Array = 1.0) -> Array:
    """α elu(x / α): x where it is positive, α (e^(x/α) − 1) elsewhere, with slope 1 at 0 for every α > 0.

    Source: Barron, "Continuously differentiable exponential linear units", 2017.

    >>> import minigrad as mg
    >>> mg.celu(mg.Tensor([-1000.0, 3.0]), alpha=0.5)
    Tensor([-0.5,  3. ])
    """
    return alpha * elu(as_array(x, "celu") / alpha)


def selu(x: Array) -> Array:
    """λ elu(x, α), with λ and α that preserve mean 0 and variance 1 from layer to layer.

    >>> import minigrad as mg
    >>> mg.selu(mg.Tensor([-1000.0, 1.0]))
    Tensor([-1.75809934,  1.05070099])
    """
    return 1.0507009873554805 * elu(x, 1.6732632423543772)


def softplus(x: Array, beta: float = 1.0, threshold: float = math.inf) -> Array:
    """log(1 + e^βx) / β, a smooth relu: the closer to it, the larger β.

    Arguments:
        beta: β, not 0.
        threshold: where βx is larger, the value is x itself. PyTorch needs one, 20, against overflow, and is 2e−9 less
            than the formula there. Without one, every digit is right.

    >>> import minigrad as mg
    >>> mg.softplus(mg.Tensor([-1.0, 0.0, 50.0]))
    Tensor([ 0.31326169,  0.69314718, 50.        ])
    """
    refuse_gradient("softplus", "threshold", threshold)
    is_plain = not getattr(beta, "requires_grad", False) and beta == 1  # else 1 is where a β begins that is learned
    if is_plain and threshold == math.inf:
        return _softplus(x)
    x = as_array(x, "softplus")
    scaled = x if is_plain else beta * x
    y = _softplus(scaled) if is_plain else _softplus(scaled) / beta
    if threshold == math.inf:
        return y
    linear = np.greater(scaled, threshold)
    return where(linear, x, y) if np.any(linear) or records_arrays() else y


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
    return x * np.tanh(_softplus(x))


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
        return x * ndtr(x)
    if approximate == "tanh":  # ½ (1 + tanh u) is σ(2u), which does not cancel on the left
        u = _cubes_fit(as_array(x, "gelu"))
        return x * sigmoid(math.sqrt(8 / math.pi) * (u + 0.044715 * power(u, 3)))
    raise ValueError(f'gelu: approximate is "none" or "tanh", got {approximate!r}')


def hard_tanh(x: Array, low: Array = -1.0, high: Array = 1.0) -> Array:
    """x, limited to the range from `low` to `high`, with slope 0 at both ends.

    There the limit gets the error signal, as outside; within ``mg.clip``, x does.

    >>> import minigrad as mg
    >>> mg.hard_tanh(mg.Tensor([-2.0, 0.5, 2.0]))
    Tensor([-1. ,  0.5,  1. ])
    """
    return _hard_tanh(x, low, high)


def hard_sigmoid(x: Array) -> Array:
    """relu6(x + 3) / 6: 0 up to −3, 1 from 3 on, and a straight line between them.

    >>> import minigrad as mg
    >>> mg.hard_sigmoid(mg.Tensor([-4.0, 0.0, 1.5]))
    Tensor([0.  , 0.5 , 0.75])
    """
    return relu6(as_array(x, "hard_sigmoid") + 3) / 6


def hard_swish(x: Array) -> Array:
    """x relu6(x + 3) / 6: `silu` with `hard_sigmoid` in place of σ.

    Source: Howard et al., "Searching for MobileNetV3", ICCV 2019.

    >>> import minigrad as mg
    >>> mg.hard_swish(mg.Tensor([-4.0, 1.0, 4.0]))
    Tensor([-0.        ,  0.66666667,  4.        ])
    """
    x = as_array(x, "hard_swish")
    return x * hard_sigmoid(x)


special_functions.update(expit=sigmoid, log_expit=log_sigmoid)
