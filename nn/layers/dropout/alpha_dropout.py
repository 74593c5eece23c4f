"""Alpha dropout, for networks of `SELU`: mean and variance stay as they are."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nn.layers.dropout.base import Dropping, constant_like
from nn.typing import Array

__all__ = ["AlphaDropout", "FeatureAlphaDropout"]

_SATURATED = -1.0507009873554805 * 1.6732632423543772  # α′ = −λα: what SELU tends to on the left


class AlphaDropout(Dropping):
    """In training, set each element to α′ = −1.7581 with probability `p`; y = a x + b then restores mean and variance.

    α′ is where `SELU` saturates. For inputs of mean 0 and variance 1, the output has them too, with
    a = ((1 − p) (1 + p α′²))^(−1/2) and b = −a p α′. Outside of training the input passes unchanged.

    Arguments:
        p: the probability of dropping an element, 0 ≤ p ≤ 1; for 1, all are 0.
        rng: seed or generator for the choices.

    Raises:
        ValueError: if `p` is not a probability.

    Source: Klambauer, Unterthiner, Mayr, Hochreiter, "Self-normalizing neural networks", NeurIPS 2017.

    >>> import nn, numpy as np
    >>> nn.AlphaDropout(0.5, rng=0)(np.ones(6)).round(4)
    array([ 1.6656,  1.6656,  1.6656, -0.7792, -0.7792, -0.7792])
    """

    def _drop(self, x: Array, kept: Any) -> Array:
        """a x + b where it is kept, a α′ + b elsewhere."""
        if self.p == 1:
            return x * 0
        a = 1 / math.sqrt((1 - self.p) * (1 + self.p * _SATURATED**2))
        b = -a * self.p * _SATURATED
        return x * constant_like(x, kept * a) + constant_like(x, np.where(kept, b, a * _SATURATED + b))


class FeatureAlphaDropout(AlphaDropout):
    """`AlphaDropout` of whole channels.

    Arguments:
        p: the probability of dropping a channel, 0 ≤ p ≤ 1; for 1, all are 0.
        rng: seed or generator for the choices.

    Shapes: input ``(N, C, …)``, output likewise.

    Raises:
        ValueError: if `p` is not a probability; in a call, if the input has less than two axes.

    >>> import nn, numpy as np
    >>> nn.FeatureAlphaDropout(0.5, rng=0)(np.ones((1, 4, 3)))[..., 0].round(4)
    array([[ 1.6656,  1.6656,  1.6656, -0.7792]])
    """

    def _choices(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """One for each channel of each sample."""
        if len(shape) < 2:
            raise ValueError(f"FeatureAlphaDropout: the input has shape {shape}, expected (N, C, …)")
        return (*shape[:2], *(1,) * (len(shape) - 2))
