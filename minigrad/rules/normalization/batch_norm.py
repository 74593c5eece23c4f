"""Batch normalization: each channel with mean 0 and variance 1 over all samples and positions."""

from __future__ import annotations

from typing import Any

from minigrad.rules.normalization.arguments import as_channels, check_eps, check_momentum, per_channel
from minigrad.rules.normalization.running_values import moved, running_values, standardize_by
from minigrad.rules.normalization.standardize import standardize, standardize_with_statistics
from minigrad.typing import Array

__all__ = ["batch_norm"]


def batch_norm(
    x: Array,
    running_mean: Array = None,
    running_var: Array = None,
    weight: Array = None,
    bias: Array = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Any:
    """Batch normalization y = γ (x − μ)/σ + β, with σ = √(Var(x) + ε), of each channel.

    In training, μ and Var(x) are the mean and the (biased) variance of the channel in this batch, over all samples and
    positions. In evaluation they are the running values, or those of the batch if there are none. It writes into none
    of its arguments: in training it returns the new running values.

    Arguments:
        x: shape ``(N, C)`` or ``(N, C, *size)``.
        running_mean, running_var: constants, shape ``(C,)``; both or neither.
        weight, bias: γ and β, shape ``(C,)``; 1 and 0 if not given.
        training: whether to normalize with the statistics of the batch and to update the running ones.
        momentum: the weight m of the batch in the new running values, (1 − m) old + m new. Keras's is 1 − m.
        eps: ε, which keeps σ from being 0.

    Returns:
        The output, of the shape of `x`. In training with running values: the output, the new running mean, and the
        new running variance, which takes up the unbiased variance of the batch, as arrays.

    Raises:
        ValueError: if the shapes do not fit; in training, if there is one value per channel, whose variance is 0.
        TypeError: for complex numbers.

    Source: Ioffe, Szegedy, "Batch normalization: accelerating deep network training by reducing internal covariate
    shift", 2015.

    >>> import minigrad as mg
    >>> x = mg.Tensor([[1.0, 0.0], [3.0, 20.0]])
    >>> mg.batch_norm(x, training=True, eps=0)
    Tensor([[-1., -1.],
            [ 1.,  1.]])
    >>> y, mean, var = mg.batch_norm(x, [0.0, 0.0], [1.0, 1.0], training=True, eps=0)
    >>> mean, var
    (array([0.2, 1. ]), array([ 1.1, 20.9]))
    """
    x = as_channels("batch_norm", x)
    eps, momentum = check_eps("batch_norm", eps), check_momentum("batch_norm", momentum)
    weight, bias = (per_channel("batch_norm", n, a, x) for n, a in (("weight", weight), ("bias", bias)))
    running = running_values("batch_norm", running_mean, running_var, x)
    axis = (0, *range(2, x.ndim))
    if running is not None and not training:
        return standardize_by(x, *running, weight, bias, eps)
    count = x.size // max(x.shape[1], 1)
    if count == 1:
        raise ValueError(
            f"batch_norm: training needs more than one value per channel, got shape {x.shape}: the mean of one value "
            "is the value itself, and the output would be the bias; use a larger batch, drop the last one if it has "
            "one sample, or call model.eval() to predict"
        )
    if running is None:
        return standardize(x, weight, bias, axis, eps)
    y, mean, variance = standardize_with_statistics(x, weight, bias, axis, eps)
    if not count:  # an empty batch has no mean
        momentum = 0.0
    unbiased = variance * (count / (count - 1))
    return y, *(moved(old, new, momentum) for old, new in zip(running, (mean, unbiased), strict=True))
