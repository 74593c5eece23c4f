"""Group normalization: groups of channels of each sample with mean 0 and variance 1."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import Setting, finite_number, whole_number
from nn.init.room import take_room
from nn.layers.normalization.base import shown
from nn.module import Module, Parameter
from nn.typing import Array

__all__ = ["GroupNorm"]


class GroupNorm(Module):
    """Group normalization y = γ (x − μ)/√(σ² + ε) + β of each group of channels in each sample.

    μ and σ² are the mean and the biased variance of a group over its channels and positions in one sample, so that it
    does not matter how large a batch is.

    Arguments:
        num_groups: the number of groups of neighbouring channels, which divides `num_channels`.
        num_channels: the number of channels C.
        eps: ε, which keeps the divisor from being 0.
        affine: whether there are γ (``weight``) and β (``bias``), one for each channel, which start at 1 and 0.
        bias: whether there is a β beside γ.
        dtype: of the parameters.

    Shapes: input ``(N, num_channels, *size)``, output likewise; ``weight`` and ``bias`` (num_channels,).

    Raises:
        ValueError: if a setting is impossible; in a call, if the input has other channels, or a group one value.

    Source: Wu, He, "Group normalization", 2018.

    >>> import nn, numpy as np
    >>> nn.GroupNorm(2, 6)(np.ones((8, 6, 5, 5), np.float32)).shape
    (8, 6, 5, 5)
    """

    eps = Setting(finite_number)

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        *,
        bias: bool = True,
        dtype: Any = np.float32,
    ) -> None:
        self.num_groups = whole_number("GroupNorm: num_groups", num_groups, least=1)
        self.num_channels = whole_number("GroupNorm: num_channels", num_channels, least=1)
        take_room((2, num_channels))
        if num_channels % num_groups:
            divisors = ", ".join(str(g) for g in range(1, num_channels + 1) if num_channels % g == 0)
            raise ValueError(
                f"GroupNorm: {num_groups} groups do not divide {num_channels} channels; num_groups that do: {divisors}"
            )
        self.eps, self.affine = eps, affine
        self.weight = Parameter(np.ones(num_channels), dtype=dtype) if affine else None
        self.bias = Parameter(np.zeros(num_channels), dtype=dtype) if affine and bias else None

    def forward(self, x: Array) -> Array:
        """``mg.group_norm`` of `x`."""
        x = x if hasattr(x, "shape") else mg.copy(x)  # a list as an array
        if len(x.shape) > 1 and x.shape[1] != self.num_channels:
            raise ValueError(
                f"GroupNorm: got an input with {x.shape[1]} channels (shape {x.shape}), expected (N, C, *size) with "
                f"C = {self.num_channels}; did you mean GroupNorm({self.num_groups}, {x.shape[1]})?"
            )
        return mg.group_norm(x, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """The arguments, without defaults."""
        return shown(self, f"{self.num_groups}, {self.num_channels}")
