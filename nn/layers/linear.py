"""The fully connected layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import whole_number
from nn.init.layer_parameters import initial_bias, initial_weight
from nn.module import Module
from nn.typing import Array

__all__ = ["Linear"]


class Linear(Module):
    """z = x Wᵀ + b: every output is a weighted sum of all inputs.

    Arguments:
        in_features, out_features: the lengths of an input and an output vector.
        bias: whether to add a bias b.
        init: sets the initial weight, as ``nn.init.kaiming_normal_`` does; it is called as ``init(weight, rng=rng)``,
            and the bias starts at 0. Without it, both are drawn from ±1/√in_features, as PyTorch's.
        dtype: of the parameters.
        rng: seed or generator for the initial parameters.

    Shapes: input ``(N, in_features)`` or ``(in_features,)``, output likewise; ``weight``
    (out_features, in_features), ``bias`` (out_features,).

    Raises:
        TypeError: if a length is not a whole number, or `init` not a function.
        ValueError: if it is negative; in a call, if the last axis of the input does not have length `in_features`.

    >>> import nn, numpy as np
    >>> nn.Linear(4, 2)(np.ones((3, 4), dtype=np.float32)).shape
    (3, 2)
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        init: Callable[..., Any] | None = None,
        dtype: Any = np.float32,
        rng: Any = None,
    ) -> None:
        whole_number("Linear: in_features", in_features, least=0)
        whole_number("Linear: out_features", out_features, least=0)
        how: dict[str, Any] = {"init": init, "dtype": dtype, "rng": np.random.default_rng(rng)}
        self.weight = initial_weight("Linear", (out_features, in_features), in_features, **how)
        self.bias = initial_bias((out_features,), in_features, **how) if bias else None

    def forward(self, x: Array) -> Array:
        """``mg.linear`` with this layer's weight and bias: ``x @ weight.T + bias``."""
        return mg.linear(x, self.weight, self.bias)

    def describe(self) -> list[str]:
        """``400 → 120``."""
        out_features, in_features = self.weight.shape
        return [f"{in_features} → {out_features}"]

    def extra_repr(self) -> str:
        """``in_features, out_features``."""
        out_features, in_features = self.weight.shape
        return f"{in_features}, {out_features}" + ("" if self.bias is not None else ", bias=False")
