"""The fully connected layer."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import whole_number
from nn.init import uniform_fan_in
from nn.module import Module
from nn.typing import Array

__all__ = ["Linear"]


class Linear(Module):
    """z = x Wᵀ + b: every output is a weighted sum of all inputs.

    Arguments:
        in_features, out_features: the lengths of an input and an output vector.
        bias: whether to add a bias b.
        dtype: of the parameters.
        rng: seed or generator for the initial parameters.

    Shapes: input ``(N, in_features)`` or ``(in_features,)``, output likewise; ``weight``
    (out_features, in_features), ``bias`` (out_features,).

    Raises:
        TypeError: if a length is not a whole number.
        ValueError: if it is negative; in a call, if the last axis of the input does not have length `in_features`.

    >>> import nn, numpy as np
    >>> nn.Linear(4, 2)(np.ones((3, 4), dtype=np.float32)).shape
    (3, 2)
    """

    def __init__(
        self, in_features: int, out_features: int, bias: bool = True, *, dtype: Any = np.float32, rng: Any = None
    ) -> None:
        whole_number("Linear: in_features", in_features, least=0)
        whole_number("Linear: out_features", out_features, least=0)
        rng = np.random.default_rng(rng)
        self.weight = uniform_fan_in((out_features, in_features), in_features, dtype=dtype, rng=rng)
        self.bias = uniform_fan_in((out_features,), in_features, dtype=dtype, rng=rng) if bias else None

    def forward(self, x: Array) -> Array:
        """``mg.linear`` with this layer's weight and bias: ``x @ weight.T + bias``."""
        return mg.linear(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        """``in_features, out_features``."""
        out_features, in_features = self.weight.shape
        return f"{in_features}, {out_features}" + ("" if self.bias is not None else ", bias=False")
