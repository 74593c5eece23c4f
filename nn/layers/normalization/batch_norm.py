"""Batch normalization: each channel with mean 0 and variance 1 over a batch, and with running values after training."""

from __future__ import annotations

import minigrad as mg
from nn.layers.normalization.base import INPUTS, ChannelNorm
from nn.typing import Array

__all__ = ["BatchNorm1d", "BatchNorm2d", "BatchNorm3d"]


class _BatchNorm(ChannelNorm):
    def forward(self, x: Array) -> Array:
        """``mg.batch_norm`` of `x`; in training, the running values take a step towards those of the batch."""
        x = x if hasattr(x, "shape") else mg.copy(x)  # a list as an array
        vectors = {2: "vectors (N, C)"} if self.axes == 1 else {}
        self.check_shape(x.shape, {**vectors, self.axes + 2: INPUTS[self.axes]})
        return self.normalized(x, mg.batch_norm, self.training)


class BatchNorm1d(_BatchNorm):
    """Batch normalization of vectors or sequences: `BatchNorm2d` over samples, or over samples and positions.

    Takes the arguments of `BatchNorm2d`.

    Shapes: input ``(N, num_features)`` or ``(N, num_features, L)``, output likewise; parameters and buffers as those of
    `BatchNorm2d`.

    Raises:
        ValueError: as `BatchNorm2d`.

    >>> import nn, numpy as np
    >>> nn.BatchNorm1d(2, eps=0)(np.array([[1.0, 0.0], [3.0, 20.0]], np.float32))
    Tensor([[-1., -1.],
            [ 1.,  1.]], dtype=float32, made by standardize)
    """

    axes = 1


class BatchNorm2d(_BatchNorm):
    """Batch normalization of images, y = γ (x − μ)/√(σ² + ε) + β for each channel.

    In training, μ and σ² are the mean and the biased variance of the channel over all samples and pixels of the batch,
    and the running values take a step of size `momentum` towards the mean and the unbiased variance. In evaluation,
    μ and σ² are the running values.

    Arguments:
        num_features: the number of channels C.
        eps: ε, which keeps the divisor from being 0.
        momentum: the weight of the new batch in the running values, 1 minus Keras's momentum; ``None`` for the mean of
            all batches so far. From 0.9 on, a warning says so.
        affine: whether there are γ (``weight``) and β (``bias``), which start at 1 and 0.
        track_running_stats: whether there are running values; without them, evaluation takes those of the batch.
        bias: whether there is a β beside γ.
        dtype: of the parameters and buffers.

    Shapes: input ``(N, num_features, H, W)``, output likewise; ``weight``, ``bias``, and the buffers ``running_mean``
    and ``running_var`` (num_features,); ``num_batches_tracked`` is a number.

    Raises:
        ValueError: if a setting is impossible; in a call, for an input of other axes or channels, and in training, if
            there is one value per channel.

    Source: Ioffe, Szegedy, "Batch normalization: accelerating deep network training by reducing internal covariate
    shift", 2015.

    >>> import nn, numpy as np
    >>> layer = nn.BatchNorm2d(3)
    >>> layer(np.ones((8, 3, 5, 5), np.float32)).shape
    (8, 3, 5, 5)
    >>> layer.running_mean
    Tensor([0.1, 0.1, 0.1], dtype=float32)
    """

    axes = 2


class BatchNorm3d(_BatchNorm):
    """Batch normalization of volumes: `BatchNorm2d` over samples and voxels.

    Takes the arguments of `BatchNorm2d`.

    Shapes: input ``(N, num_features, D, H, W)``, output likewise; parameters and buffers as those of `BatchNorm2d`.

    Raises:
        ValueError: as `BatchNorm2d`.

    >>> import nn, numpy as np
    >>> nn.BatchNorm3d(2)(np.ones((4, 2, 3, 3, 3), np.float32)).shape
    (4, 2, 3, 3, 3)
    """

    axes = 3
