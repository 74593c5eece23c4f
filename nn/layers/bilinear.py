"""The bilinear layer, of two inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import whole_number
from nn.init.layer_parameters import initial_bias, initial_weight
from nn.module import Module
from nn.typing import Array

__all__ = ["Bilinear"]


class Bilinear(Module):
    """yₒ = x₁ᵀ Aₒ x₂ + bₒ: every output is a weighted sum of all products of a number of x₁ with one of x₂.

    Arguments:
        in1_features, in2_features, out_features: the lengths of the two input vectors and of an output vector.
        bias: whether to add a bias b.
        init: sets the initial weight, as for `Linear`.
        dtype: of the parameters.
        rng: seed or generator for the initial parameters.

    Shapes: inputs ``(…, in1_features)`` and ``(…, in2_features)``, output ``(…, out_features)``; ``weight``
    (out_features, in1_features, in2_features), ``bias`` (out_features,).

    Raises:
        TypeError: if a length is not a whole number.
        ValueError: if it is negative; in a call, if the inputs have other lengths, or differ in their other axes.

    >>> import nn, numpy as np
    >>> x1, x2 = np.ones((8, 4), np.float32), np.ones((8, 3), np.float32)
    >>> nn.Bilinear(4, 3, 2)(x1, x2).shape
    (8, 2)
    """

    def __init__(
        self,
        in1_features: int,
        in2_features: int,
        out_features: int,
        bias: bool = True,
        *,
        init: Callable[..., Any] | None = None,
        dtype: Any = np.float32,
        rng: Any = None,
    ) -> None:
        sizes = {"in1_features": in1_features, "in2_features": in2_features, "out_features": out_features}
        for name, n in sizes.items():
            whole_number(f"Bilinear: {name}", n, least=0)
        how: dict[str, Any] = {"init": init, "dtype": dtype, "rng": np.random.default_rng(rng)}
        self.weight = initial_weight("Bilinear", (out_features, in1_features, in2_features), in1_features, **how)
        self.bias = initial_bias((out_features,), in1_features, **how) if bias else None

    def forward(self, x1: Array, x2: Array) -> Array:
        """The bilinear form of `x1` and `x2`, plus the bias."""
        first, second = np.shape(x1), np.shape(x2)
        _, in1, in2 = self.weight.shape
        if first[-1:] != (in1,) or second[-1:] != (in2,) or first[:-1] != second[:-1]:
            raise ValueError(
                f"Bilinear: the inputs have shapes {first} and {second}, expected (…, {in1}) and (…, {in2}), alike in "
                "their other axes"
            )
        y = mg.einsum("...i,oij,...j->...o", x1, self.weight, x2, optimize=True)
        return y if self.bias is None else y + self.bias

    def extra_repr(self) -> str:
        """The arguments."""
        out_features, in1, in2 = self.weight.shape
        return f"{in1}, {in2}, {out_features}" + ("" if self.bias is not None else ", bias=False")
