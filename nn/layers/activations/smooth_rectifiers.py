"""Smooth rectifiers: x times a gate between 0 and 1, and softplus."""

from __future__ import annotations

import math
from typing import Any

import minigrad as mg
from nn.hyperparameters import Setting, real_number
from nn.module import Module
from nn.typing import Array

__all__ = ["GELU", "Hardswish", "Mish", "SiLU", "Softplus"]


def _approximation(what: str, value: Any) -> str:
    if value not in ("none", "tanh"):
        raise ValueError(f'{what} is "none" or "tanh", got {value!r}')
    return str(value)


def _not_zero(what: str, value: Any) -> float:
    number = real_number(what, value)
    if number == 0:
        raise ValueError(f"{what} is 0, expected another number: it is a divisor")
    return number


def _maybe_infinite(what: str, value: Any) -> float:
    return math.inf if value == math.inf else real_number(what, value)


class GELU(Module):
    """x Φ(x), element by element, where Φ(x) is the probability that a standard normal variable is less than x.

    Arguments:
        approximate: ``"none"``, which needs SciPy, or ``"tanh"`` for ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))).

    Raises:
        ValueError: if `approximate` is neither.
        ImportError: in a call, if SciPy is not installed and `approximate` is ``"none"``.

    Source: Hendrycks, Gimpel, "Gaussian error linear units", 2016.

    >>> import nn, numpy as np
    >>> nn.GELU(approximate="tanh")(np.array([-1.0, 2.0])).round(4)
    array([-0.1588,  1.9546])
    """

    approximate = Setting(_approximation)

    def __init__(self, approximate: str = "none") -> None:
        self.approximate = approximate

    def forward(self, x: Array) -> Array:
        """``mg.gelu``."""
        return mg.gelu(x, self.approximate)

    def extra_repr(self) -> str:
        """The approximation."""
        return f"approximate={self.approximate!r}"


class SiLU(Module):
    """x σ(x), element by element; also called swish.

    Source: Elfwing, Uchibe, Doya, "Sigmoid-weighted linear units", Neural Networks 2018.

    >>> import nn, numpy as np
    >>> nn.SiLU()(np.array([-1.0, 2.0])).round(4)
    array([-0.2689,  1.7616])
    """

    def forward(self, x: Array) -> Array:
        """``mg.silu``."""
        return mg.silu(x)


class Hardswish(Module):
    """x min(max(0, x + 3), 6) / 6, element by element: straight lines in place of the σ of `SiLU`.

    Source: Howard et al., "Searching for MobileNetV3", ICCV 2019.

    >>> import nn, numpy as np
    >>> nn.Hardswish()(np.array([-4.0, 1.5, 4.0]))
    array([-0.   ,  1.125,  4.   ])
    """

    def forward(self, x: Array) -> Array:
        """``mg.hard_swish``."""
        return mg.hard_swish(x)


class Mish(Module):
    """x tanh(log(1 + e^x)), element by element.

    Source: Misra, "Mish: a self regularized non-monotonic activation function", 2019.

    >>> import nn, numpy as np
    >>> nn.Mish()(np.array([-1.0, 2.0])).round(4)
    array([-0.3034,  1.944 ])
    """

    def forward(self, x: Array) -> Array:
        """``mg.mish``."""
        return mg.mish(x)


class Softplus(Module):
    """log(1 + e^βx) / β, element by element: the closer to `ReLU`, the larger β.

    Arguments:
        beta: β, not 0.
        threshold: where βx is larger, the output is x itself, as in PyTorch; it differs from the formula by at most
            2e−9 / β for 20. ``mg.softplus`` needs none.

    Raises:
        TypeError: if they are not numbers.
        ValueError: if β is 0.

    >>> import nn, numpy as np
    >>> nn.Softplus(beta=2.0)(np.array([-1.0, 0.0, 100.0])).round(4)
    array([6.350e-02, 3.466e-01, 1.000e+02])
    """

    beta = Setting(_not_zero)
    threshold = Setting(_maybe_infinite)

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        self.beta = beta
        self.threshold = threshold

    def forward(self, x: Array) -> Array:
        """``mg.softplus``."""
        return mg.softplus(x, self.beta, self.threshold)

    def extra_repr(self) -> str:
        """The arguments."""
        return f"beta={self.beta}, threshold={self.threshold}"
