"""Instance normalization: each channel of each sample with mean 0 and variance 1."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from nn.layers.normalization.base import INPUTS, ChannelNorm
from nn.typing import Array

__all__ = ["InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d"]


class _InstanceNorm(ChannelNorm):
    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        *,
        bias: bool = True,
        dtype: Any = np.float32,
    ) -> None:
        super().__init__(num_features, eps, momentum, affine, track_running_stats, bias=bias, dtype=dtype)

    def forward(self, x: Array) -> Array:
        """``mg.instance_norm`` of `x`, or of one sample without the axis N."""
        x = x if hasattr(x, "shape") else mg.copy(x)  # a list as an array
        batches = INPUTS[self.axes]
        one = batches.replace("(N, ", "(").replace("s (", " (")
        self.check_shape(x.shape, {self.axes + 2: batches, self.axes + 1: f"one {one}"})
        if x.ndim == self.axes + 1:
            return self.normalized(x[None], mg.instance_norm, self.training)[0]
        return self.normalized(x, mg.instance_norm, self.training)


class InstanceNorm1d(_InstanceNorm):
    """Instance normalization of sequences: `InstanceNorm2d` over positions.

    Takes the arguments of `InstanceNorm2d`.

    Shapes: input ``(N, num_features, L)`` or ``(num_features, L)``, output likewise; parameters and buffers as those of
    `InstanceNorm2d`.

    Raises:
        ValueError: as `InstanceNorm2d`.

    >>> import nn, numpy as np
    >>> nn.InstanceNorm1d(2, eps=0)(np.array([[1.0, 3.0], [0.0, 20.0]]))
    array([[-1.,  1.],
           [-1.,  1.]])
    """

    axes = 1


class InstanceNorm2d(_InstanceNorm):
    """Instance normalization of images, y = γ (x − μ)/√(σ² + ε) + β for each channel of each image alone.

    μ and σ² are the mean and the biased variance of the channel over the pixels of one image; contrast and brightness
    are taken out of it. Without running values, training and evaluation are the same.

    Arguments:
        num_features: the number of channels C.
        eps: ε, which keeps the divisor from being 0.
        momentum: the weight of the new batch in the running values, as in `BatchNorm2d`.
        affine: whether there are γ (``weight``) and β (``bias``), which start at 1 and 0.
        track_running_stats: whether there are running values, which evaluation then takes.
        bias: whether there is a β beside γ.
        dtype: of the parameters and buffers.

    Shapes: input ``(N, num_features, H, W)`` or ``(num_features, H, W)``, output likewise; ``weight``, ``bias``, and
    the buffers ``running_mean`` and ``running_var`` (num_features,); ``num_batches_tracked`` is a number.

    Raises:
        ValueError: if a setting is impossible; in a call, for an input of other axes or channels, and for channels of
            one pixel.

    Source: Ulyanov, Vedaldi, Lempitsky, "Instance normalization: the missing ingredient for fast stylization", 2016.

    >>> import nn, numpy as np
    >>> nn.InstanceNorm2d(3)(np.ones((8, 3, 5, 5))).shape
    (8, 3, 5, 5)
    """

    axes = 2


class InstanceNorm3d(_InstanceNorm):
    """Instance normalization of volumes: `InstanceNorm2d` over voxels.

    Takes the arguments of `InstanceNorm2d`.

    Shapes: input ``(N, num_features, D, H, W)`` or ``(num_features, D, H, W)``, output likewise; parameters and buffers
    as those of `InstanceNorm2d`.

    Raises:
        ValueError: as `InstanceNorm2d`.

    >>> import nn, numpy as np
    >>> nn.InstanceNorm3d(2)(np.ones((2, 3, 3, 3))).shape
    (2, 3, 3, 3)
    """

    axes = 3
