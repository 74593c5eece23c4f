"""What all kinds of dropout share: the probability, the random numbers, and the choice of what is kept."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import Setting
from nn.module import Module
from nn.random import keep
from nn.typing import Array

__all__ = ["Dropping", "constant_like"]


def _probability(what: str, value: Any) -> float:
    if not isinstance(value, int | float | np.integer | np.floating) or isinstance(value, bool) or not 0 <= value <= 1:
        raise ValueError(f"{what} is a probability, 0 ≤ p ≤ 1, got {value}")
    return float(value)


class Dropping(Module):
    """A layer that drops parts of its input in training, and passes it unchanged otherwise."""

    p = Setting(_probability)

    def __init__(self, p: float = 0.5, *, rng: Any = None) -> None:
        self.p = p
        self.rng = np.random.default_rng(rng)
        self._rng_is_fresh = rng is None  # without a seed, and nothing was drawn yet: not a part of the state

    def forward(self, x: Array) -> Array:
        """`x` with parts dropped in training, `x` itself otherwise."""
        if not self.training or self.p == 0:
            return x
        x = x if hasattr(x, "dtype") else mg.copy(x)  # a list as an array
        return self._drop(x, keep(self, self.p, self._choices(x.shape)))

    def _choices(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of the choices for an input of this shape, to which they broadcast."""
        return shape

    @abstractmethod
    def _drop(self, x: Array, kept: Any) -> Array:
        """`x` without what is not kept."""

    def extra_repr(self) -> str:
        """The probability."""
        return f"p={self.p}"


def constant_like(x: Array, values: Any) -> Any:
    """An array of the dtype of `x`, where `x` is."""
    return mg.to(values.astype(x.dtype, copy=False), getattr(x, "device", "cpu"))
