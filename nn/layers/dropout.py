"""Dropout."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import Setting
from nn.module import Module
from nn.typing import Array

__all__ = ["Dropout"]


def _probability(what: str, value: Any) -> float:
    if not isinstance(value, int | float | np.integer | np.floating) or isinstance(value, bool) or not 0 <= value <= 1:
        raise ValueError(f"{what} is a probability, 0 ≤ p ≤ 1, got {value}")
    return float(value)


class Dropout(Module):
    """In training, set each element to 0 with probability `p`, and scale the rest by 1 / (1 − p).

    So no unit can rely on another. The scaling keeps the expected sum, so that outside of training the input can pass
    unchanged.

    Arguments:
        p: the probability of dropping an element, 0 ≤ p ≤ 1.
        rng: seed or generator for the choices.

    Raises:
        ValueError: if `p` is not a probability.

    Source: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, "Dropout", JMLR 2014.

    >>> import nn, numpy as np
    >>> nn.Dropout(0.5, rng=0)(np.ones(6))
    array([2., 2., 2., 0., 0., 0.])
    >>> nn.Dropout(0.5).eval()(np.ones(2))
    array([1., 1.])
    """

    p = Setting(_probability)

    def __init__(self, p: float = 0.5, *, rng: Any = None) -> None:
        self.p = p
        self.rng = np.random.default_rng(rng)

    def forward(self, x: Array) -> Array:
        """`x` with elements dropped in training, `x` itself otherwise."""
        if not self.training or self.p == 0:
            return x
        x = x if hasattr(x, "dtype") else mg.copy(x)  # a list as an array
        kept = self.rng.random(x.shape, dtype=np.float32) >= self.p
        return x * mg.to((kept * (1 / (1 - self.p) if self.p < 1 else 0)).astype(x.dtype), getattr(x, "device", "cpu"))

    def extra_repr(self) -> str:
        """The probability."""
        return f"{self.p}"
