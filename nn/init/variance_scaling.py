"""Weights whose size fits the number of inputs and outputs, so that signals stay of the same size from layer to layer.

A unit with fan_in inputs of variance 1 and weights of variance σ² has an output of variance fan_in · σ². It stays 1
with σ² = 1 / fan_in (LeCun). Error signals, which flow through the layer in the other direction, need σ² = 1 / fan_out;
Xavier takes the mean of both fans. A ReLU halves the mean square, which a gain of √2 makes up for (Kaiming).
A uniform distribution on ±√3 σ has the standard deviation σ.
"""

from __future__ import annotations

import math
from typing import Any

import minigrad as mg
from nn.hyperparameters import finite_number
from nn.init.distributions import normal_, uniform_
from nn.init.fans import calculate_gain, fans
from nn.init.fill import check_tensor
from nn.unsupported import explains_calls

__all__ = [
    "kaiming_normal_",
    "kaiming_uniform_",
    "lecun_normal_",
    "lecun_uniform_",
    "xavier_normal_",
    "xavier_uniform_",
]


# ---------------------------------------------------------------- σ
def _lecun_std(name: str, tensor: mg.Tensor) -> float:
    check_tensor(name, tensor)
    fan_in, _ = fans(name, tensor)
    return 1 / math.sqrt(max(fan_in, 1))  # of 0 inputs there are no weights


def _xavier_std(name: str, tensor: mg.Tensor, gain: Any) -> float:
    check_tensor(name, tensor)
    fan_in, fan_out = fans(name, tensor)
    return finite_number(f"{name}: gain", gain) * math.sqrt(2 / max(fan_in + fan_out, 1))


def _kaiming_std(name: str, tensor: mg.Tensor, a: float, mode: str, nonlinearity: str) -> float:
    check_tensor(name, tensor)
    fan_in, fan_out = fans(name, tensor)
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"{name}: mode is {mode!r}, expected 'fan_in' or 'fan_out'")
    return calculate_gain(nonlinearity, a) / math.sqrt(max(fan_in if mode == "fan_in" else fan_out, 1))


def _uniform(tensor: mg.Tensor, std: float, rng: Any) -> mg.Tensor:
    bound = math.sqrt(3) * std
    return uniform_(tensor, -bound, bound, rng=rng)


# ---------------------------------------------------------------- LeCun
@explains_calls
def lecun_uniform_(tensor: mg.Tensor, *, rng: Any = None) -> mg.Tensor:
    """Draw a weight uniformly from ±√(3 / fan_in): σ² = 1 / fan_in, for layers without activation, or SELU.

    The layers' own initial weights are drawn from ±1/√fan_in, a third of this variance, as PyTorch's.

    Arguments:
        tensor: a weight ``(out, in, *kernel)``, a Parameter or another leaf. It keeps its shape, dtype and device.
        rng: seed or generator, as for `numpy.random.default_rng`.

    Raises:
        TypeError: if `tensor` is not a Tensor of floating-point numbers.
        ValueError: if it has less than two axes, as a bias, or was computed.

    Source: LeCun, Bottou, Orr, Müller, "Efficient BackProp", 1998.

    >>> import nn, numpy as np
    >>> w = nn.init.lecun_uniform_(nn.Parameter(np.zeros((100, 75))), rng=0)
    >>> bool(abs(w.data).max() <= 0.2)
    True
    """
    return _uniform(tensor, _lecun_std("lecun_uniform_", tensor), rng)


@explains_calls
def lecun_normal_(tensor: mg.Tensor, *, rng: Any = None) -> mg.Tensor:
    """Draw a weight from the normal distribution with σ² = 1 / fan_in: as `lecun_uniform_`.

    The distribution is not truncated; Keras's ``lecun_normal`` cuts it off at two standard deviations.

    >>> import nn, numpy as np
    >>> w = nn.init.lecun_normal_(nn.Parameter(np.zeros((100, 25))), rng=0)
    >>> bool(0.19 < w.data.std() < 0.21)
    True
    """
    return normal_(tensor, 0.0, _lecun_std("lecun_normal_", tensor), rng=rng)


# ---------------------------------------------------------------- Xavier
@explains_calls
def xavier_uniform_(tensor: mg.Tensor, gain: float = 1.0, *, rng: Any = None) -> mg.Tensor:
    """Draw a weight uniformly from ±gain · √(6 / (fan_in + fan_out)): σ² = gain² · 2 / (fan_in + fan_out).

    It is made for tanh and sigmoid. Keras calls it ``glorot_uniform``.

    Arguments:
        tensor, rng: as for `lecun_uniform_`.
        gain: a factor, as `calculate_gain` gives it.

    Raises:
        TypeError, ValueError: as `lecun_uniform_`, and if `gain` is negative.

    Source: Glorot, Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010.

    >>> import nn, numpy as np
    >>> w = nn.init.xavier_uniform_(nn.Parameter(np.zeros((100, 50))), rng=0)
    >>> bool(abs(w.data).max() <= 0.2)
    True
    """
    return _uniform(tensor, _xavier_std("xavier_uniform_", tensor, gain), rng)


@explains_calls
def xavier_normal_(tensor: mg.Tensor, gain: float = 1.0, *, rng: Any = None) -> mg.Tensor:
    """Draw a weight from the normal distribution with σ² = gain² · 2 / (fan_in + fan_out): as `xavier_uniform_`.

    >>> import nn, numpy as np
    >>> w = nn.init.xavier_normal_(nn.Parameter(np.zeros((100, 100))), rng=0)
    >>> bool(0.095 < w.data.std() < 0.105)
    True
    """
    return normal_(tensor, 0.0, _xavier_std("xavier_normal_", tensor, gain), rng=rng)


# ---------------------------------------------------------------- Kaiming
@explains_calls
def kaiming_uniform_(
    tensor: mg.Tensor, a: float = 0, mode: str = "fan_in", nonlinearity: str = "leaky_relu", *, rng: Any = None
) -> mg.Tensor:
    """Draw a weight uniformly from ±gain · √(3 / fan): σ² = gain² / fan, for layers with ReLU.

    The gain is √(2 / (1 + a²)), √2 by default. Keras calls it ``he_uniform``.

    Arguments:
        tensor, rng: as for `lecun_uniform_`.
        a: the slope of the leaky ReLU after the layer for negative inputs; 0 is a ReLU.
        mode: ``"fan_in"`` keeps the size of the signals in the forward pass, ``"fan_out"`` that of the error signals.
        nonlinearity: the activation, as for `calculate_gain`.

    Raises:
        TypeError, ValueError: as `lecun_uniform_`, and if `mode` or `nonlinearity` are unknown.

    Source: He, Zhang, Ren, Sun, "Delving Deep into Rectifiers", ICCV 2015.

    >>> import nn, numpy as np
    >>> w = nn.init.kaiming_uniform_(nn.Parameter(np.zeros((10, 6, 5, 5))), rng=0)
    >>> bool(abs(w.data).max() <= 0.2)
    True
    """
    return _uniform(tensor, _kaiming_std("kaiming_uniform_", tensor, a, mode, nonlinearity), rng)


@explains_calls
def kaiming_normal_(
    tensor: mg.Tensor, a: float = 0, mode: str = "fan_in", nonlinearity: str = "leaky_relu", *, rng: Any = None
) -> mg.Tensor:
    """Draw a weight from the normal distribution with σ² = gain² / fan: as `kaiming_uniform_`.

    >>> import nn
    >>> nn.Conv2d(3, 64, 3, init=nn.init.kaiming_normal_, rng=0)
    Conv2d(3, 64, kernel_size=3)
    """
    return normal_(tensor, 0.0, _kaiming_std("kaiming_normal_", tensor, a, mode, nonlinearity), rng=rng)
