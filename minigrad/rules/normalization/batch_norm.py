"""Batch normalization: each channel with mean 0 and variance 1 over all samples and positions."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.tensor import Tensor
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.normalization.arguments import as_channels, check_eps, per_channel
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
    eps = check_eps("batch_norm", eps)
    weight, bias = (per_channel("batch_norm", n, a, x) for n, a in (("weight", weight), ("bias", bias)))
    running = _running_values("batch_norm", running_mean, running_var, x)
    axis = (0, *range(2, x.ndim))
    if running is not None and not training:
        return _with_constants(x, *running, weight, bias, eps)
    count = x.size // (x.shape[1] or 1)
    if count == 1 and x.shape[1]:
        raise ValueError(
            f"batch_norm: training needs more than one value per channel, got shape {x.shape}: the mean of one value "
            "is the value itself, and the output would be the bias; use a larger batch, drop the last one if it has "
            "one sample, or call model.eval() to predict"
        )
    if running is None:
        return standardize(x, weight, bias, axis, eps)
    y, mean, variance = standardize_with_statistics(x, weight, bias, axis, eps)
    if not count:  # no sample has a mean
        return y, *(unwrap(a).reshape(-1) for a in running)
    unbiased = variance * (count / (count - 1))
    return y, *(_moved(old, new, momentum) for old, new in zip(running, (mean, unbiased), strict=True))


def _running_values(name: str, mean: Array, variance: Array, x: Array) -> tuple[Array, Array] | None:
    """Both running values, with axes to broadcast against `x`; ``None`` if there are none.

    Raises:
        ValueError: if there is one of them alone, or one has another shape.
        TypeError: if one requires gradients.
    """
    if mean is None and variance is None:
        return None
    if mean is None or variance is None:
        missing = "running_mean" if mean is None else "running_var"
        raise ValueError(f"{name}: {missing} is missing; pass running_mean and running_var, or neither")
    for what, array in (("running_mean", mean), ("running_var", variance)):
        if isinstance(array, Tensor) and array.requires_grad:
            raise TypeError(f"{name}: {what} requires gradients, but is a constant; pass {what}.data")
    return per_channel(name, "running_mean", mean, x), per_channel(name, "running_var", variance, x)


def _moved(old: Array, new: Array, momentum: float) -> Array:
    """The running value, a step towards the new one: shape (C,), of its own dtype."""
    old = unwrap(old).reshape(-1)
    return ((1 - momentum) * old + momentum * new.reshape(-1)).astype(old.dtype, copy=False)


def _with_constants(x: Array, mean: Array, variance: Array, weight: Array, bias: Array, eps: float) -> Array:
    """(x − μ) γ/σ + β with given μ and σ, which are brought to the precision of x."""
    mean, sigma = unwrap(mean), np.sqrt(unwrap(variance) + eps)
    if x.dtype.kind == "f":
        mean, sigma = mean.astype(x.dtype, copy=False), sigma.astype(x.dtype, copy=False)
    y = (x - mean) * (1 / sigma if weight is None else weight / sigma)
    return y if bias is None else y + bias
