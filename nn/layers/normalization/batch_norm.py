"""Batch normalization: each channel with mean 0 and variance 1 over a batch, and with running values after training."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

import minigrad as mg
from nn.hyperparameters import Setting, finite_number, whole_number
from nn.module import Buffer, Module, Parameter
from nn.typing import Array

__all__ = ["BatchNorm1d", "BatchNorm2d", "BatchNorm3d"]

_INPUTS = {
    1: "(N, C) or sequences (N, C, L)",
    2: "images (N, C, H, W)",
    3: "volumes (N, C, D, H, W)",
}
_KERAS = 0.9  # a weight of the new batch as large as this is Keras's momentum, which is that of the old value


def _momentum(what: str, value: Any) -> float | None:
    """The weight of a batch in the running values, or ``None`` for their plain mean."""
    if value is None:
        return None
    weight = finite_number(what, value, most=1)
    if weight >= _KERAS:
        mg.user_frame.warn(
            f"{what} is {weight:g}, the weight of the new batch in the running values, as in PyTorch; Keras's momentum "
            f"is the weight of the old value: write momentum={1 - weight:.3g} for it"
        )
    return weight


class _BatchNorm(Module):
    axes: ClassVar[int]
    momentum = Setting(_momentum)
    eps = Setting(finite_number)

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        *,
        bias: bool = True,
        dtype: Any = np.float32,
    ) -> None:
        self.num_features = whole_number(f"{type(self).__name__}: num_features", num_features, least=1)
        self.eps, self.momentum = eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        ones, zeros = np.ones(num_features), np.zeros(num_features)
        self.weight = Parameter(ones, dtype=dtype) if affine else None
        self.bias = Parameter(zeros, dtype=dtype) if affine and bias else None
        self.running_mean = Buffer(zeros, dtype=dtype) if track_running_stats else None
        self.running_var = Buffer(ones, dtype=dtype) if track_running_stats else None
        self.num_batches_tracked = Buffer(np.array(0, np.int64)) if track_running_stats else None

    def forward(self, x: Array) -> Array:
        """``mg.batch_norm`` of `x`; in training, the running values take a step towards those of the batch."""
        x = x if hasattr(x, "shape") else mg.copy(x)  # a list as an array
        self._check_shape(x.shape)
        mean, var, steps = self.running_mean, self.running_var, self.num_batches_tracked
        if mean is None or var is None or steps is None:
            return mg.batch_norm(x, None, None, self.weight, self.bias, training=True, eps=self.eps)
        if not self.training:
            return mg.batch_norm(x, mean, var, self.weight, self.bias, eps=self.eps)
        tracked = int(steps.data) + 1
        momentum = 1 / tracked if self.momentum is None else self.momentum
        y, new_mean, new_var = mg.batch_norm(x, mean, var, self.weight, self.bias, True, momentum, self.eps)
        if x.shape[0]:
            mean.data, var.data, steps.data = new_mean, new_var, np.array(tracked)
        return y

    def _check_shape(self, shape: tuple[int, ...]) -> None:
        name, expected = type(self).__name__, f"{_INPUTS[self.axes]} with C = {self.num_features}"
        if len(shape) != self.axes + 2 and not (self.axes == 1 and len(shape) == 2):
            hint = ""
            if len(shape) - 2 in _INPUTS:
                hint = f"; for this shape there is BatchNorm{len(shape) - 2}d"
            elif len(shape) == 2:
                hint = "; for this shape there is BatchNorm1d"
            elif len(shape) == 1:
                hint = "; of one sample, write x[None]"
            raise ValueError(f"{name}: got an input of shape {shape}, expected {expected}{hint}")
        if shape[1] != self.num_features:
            raise ValueError(
                f"{name}: got an input with {shape[1]} channels (shape {shape}), expected {expected}; did you mean "
                f"{name}({shape[1]})?"
            )

    def extra_repr(self) -> str:
        """All arguments, as PyTorch shows them."""
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"bias={self.bias is not None}, track_running_stats={self.track_running_stats}"
        )


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
            [ 1.,  1.]], made by standardize)
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
    Buffer([0.1, 0.1, 0.1], dtype=float32)
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
