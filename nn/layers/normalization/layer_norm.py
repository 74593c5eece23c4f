"""Layer normalization, and root mean square normalization: each sample over its last axes."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import Setting, finite_number, whole_number
from nn.init.room import take_room
from nn.layers.normalization.base import shown
from nn.module import Module, Parameter
from nn.typing import Array

__all__ = ["LayerNorm", "RMSNorm"]


def _shape(name: str, normalized_shape: Any) -> tuple[int, ...]:
    """The lengths of the last axes, as a tuple."""
    lengths = tuple(normalized_shape) if isinstance(normalized_shape, list | tuple) else (normalized_shape,)
    if not lengths:
        raise ValueError(f"{name}: normalized_shape is empty, expected the lengths of the last axes")
    return tuple(whole_number(f"{name}: normalized_shape", n, least=1) for n in lengths)


class LayerNorm(Module):
    """Layer normalization y = γ (x − μ)/√(σ² + ε) + β over the last axes of each sample.

    μ and σ² are the mean and the biased variance of one sample, in training and in evaluation.

    Arguments:
        normalized_shape: the lengths of the axes that the mean is taken over, the last ones; a number for one axis.
        eps: ε, which keeps the divisor from being 0.
        elementwise_affine: whether there are γ (``weight``) and β (``bias``), one for each element of a sample, which
            start at 1 and 0.
        bias: whether there is a β beside γ.
        dtype: of the parameters.

    Shapes: input ``(…, *normalized_shape)``, output likewise; ``weight`` and ``bias`` have the normalized_shape.

    Raises:
        ValueError: if a setting is impossible; in a call, if the last axes of the input have other lengths.

    Source: Ba, Kiros, Hinton, "Layer normalization", 2016.

    >>> import nn, numpy as np
    >>> nn.LayerNorm((3, 5, 5))(np.ones((8, 3, 5, 5), np.float32)).shape
    (8, 3, 5, 5)
    """

    eps = Setting(finite_number)

    def __init__(
        self,
        normalized_shape: int | tuple[int, ...],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        *,
        dtype: Any = np.float32,
    ) -> None:
        self.normalized_shape = _shape("LayerNorm", normalized_shape)
        take_room((2, *self.normalized_shape))
        self.eps, self.elementwise_affine = eps, elementwise_affine
        self.weight = Parameter(np.ones(self.normalized_shape), dtype=dtype) if elementwise_affine else None
        self.bias = Parameter(np.zeros(self.normalized_shape), dtype=dtype) if elementwise_affine and bias else None

    def forward(self, x: Array) -> Array:
        """``mg.layer_norm`` of `x`."""
        return mg.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """The arguments, without defaults."""
        return shown(self, f"{self.normalized_shape}")


class RMSNorm(Module):
    """Root mean square normalization y = γ x / √(mean(x²) + ε) over the last axes: `LayerNorm` without μ and β.

    Arguments:
        normalized_shape: the lengths of the axes that the mean is taken over, the last ones; a number for one axis.
        eps: ε; the rounding error of the input's dtype if not given.
        elementwise_affine: whether there is γ (``weight``), one number for each element of a sample, which starts at 1.
        dtype: of the parameter.

    Shapes: input ``(…, *normalized_shape)``, output likewise; ``weight`` has the normalized_shape.

    Raises:
        ValueError: as `LayerNorm`.

    Source: Zhang, Sennrich, "Root mean square layer normalization", 2019.

    >>> import nn, numpy as np
    >>> nn.RMSNorm(256)(np.ones((8, 256), np.float32)).shape
    (8, 256)
    """

    eps = Setting(lambda what, value: None if value is None else finite_number(what, value))

    def __init__(
        self,
        normalized_shape: int | tuple[int, ...],
        eps: float | None = None,
        elementwise_affine: bool = True,
        *,
        dtype: Any = np.float32,
    ) -> None:
        self.normalized_shape = _shape("RMSNorm", normalized_shape)
        take_room(self.normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        self.weight = Parameter(np.ones(self.normalized_shape), dtype=dtype) if elementwise_affine else None

    def forward(self, x: Array) -> Array:
        """``mg.rms_norm`` of `x`."""
        return mg.rms_norm(x, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        """The arguments, without defaults."""
        return shown(self, f"{self.normalized_shape}")
