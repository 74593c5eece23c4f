"""Exponential units: the identity on the right of 0, and a saturating exponential on the left."""

from __future__ import annotations

import minigrad as mg
from nn.hyperparameters import Setting, positive_number, real_number
from nn.module import Module
from nn.typing import Array

__all__ = ["CELU", "ELU", "SELU"]


class ELU(Module):
    """x where it is positive, α (e^x − 1) elsewhere, element by element; its mean is closer to 0 than that of ReLU.

    Arguments:
        alpha: α, the distance below 0 to which the left side tends; also the slope at 0.

    Raises:
        TypeError: if it is not a number.

    Source: Clevert, Unterthiner, Hochreiter, "Fast and accurate deep network learning by exponential linear units",
    ICLR 2016.

    >>> import nn, numpy as np
    >>> nn.ELU()(np.array([-100.0, 2.0]))
    array([-1.,  2.])
    """

    alpha = Setting(real_number)

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def forward(self, x: Array) -> Array:
        """``mg.elu`` with this α."""
        return mg.elu(x, self.alpha)

    def extra_repr(self) -> str:
        """α."""
        return f"alpha={self.alpha}"


class CELU(Module):
    """x where it is positive, α (e^(x/α) − 1) elsewhere, element by element; its slope at 0 is 1 for every α.

    Arguments:
        alpha: α, greater than 0.

    Raises:
        TypeError: if it is not a number.
        ValueError: if it is not positive.

    Source: Barron, "Continuously differentiable exponential linear units", 2017.

    >>> import nn, numpy as np
    >>> nn.CELU(0.5)(np.array([-100.0, 2.0]))
    array([-0.5,  2. ])
    """

    alpha = Setting(positive_number)

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def forward(self, x: Array) -> Array:
        """``mg.celu`` with this α."""
        return mg.celu(x, self.alpha)

    def extra_repr(self) -> str:
        """α."""
        return f"alpha={self.alpha}"


class SELU(Module):
    """λ ELU(x) with λ = 1.0507 and α = 1.6733, element by element.

    With weights of variance 1 / fan_in it draws mean and variance towards 0 and 1, from layer to layer, without a
    normalization layer; `AlphaDropout` keeps both.

    Source: Klambauer, Unterthiner, Mayr, Hochreiter, "Self-normalizing neural networks", NeurIPS 2017.

    >>> import nn, numpy as np
    >>> nn.SELU()(np.array([-100.0, 2.0])).round(4)
    array([-1.7581,  2.1014])
    """

    def forward(self, x: Array) -> Array:
        """``mg.selu``."""
        return mg.selu(x)
