"""Losses of binary decisions: binary cross-entropy from probabilities, and from logits, which is numerically stable."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from minigrad.core.primitive import Binary
from minigrad.kernels.losses import binary_cross_entropy as kernels
from minigrad.rules.elementwise.activations import sigmoid, softplus
from minigrad.rules.elementwise.extrema import clip
from minigrad.rules.losses.loss_arguments import as_weights, check_reduction, named, reduce, same_shapes
from minigrad.rules.manipulation.select import where
from minigrad.rules.nondifferentiable import unwrap
from minigrad.typing import Array

__all__ = ["binary_cross_entropy", "binary_cross_entropy_with_logits"]

_LEAST = math.exp(kernels.LEAST_LOG)


def _variance(y: Array) -> Array:
    """y (1 − y), and 1e-12 where it is less, as in PyTorch; in float16 3e-5, so that the slope is finite."""
    variance = y * (1 - y)
    least = max(1e-12, 2 / float(np.finfo(y.dtype).max))
    return clip(variance, least) if np.any(variance < least) else variance


def _limited(log: Callable[[Array], Array], y: Array, probability: Array) -> Array:
    """``log(y)``, which is −100 where the probability is less than e^−100."""
    small = probability <= _LEAST
    if not np.any(small):
        return log(y)
    return where(small, kernels.LEAST_LOG, log(where(small, 0.5, y)))


_binary_cross_entropy = Binary(
    "binary_cross_entropy",
    kernels.binary_cross_entropy,
    lambda l_bar, l, y, t: l_bar * (y - t) / _variance(y),
    lambda l_bar, l, y, t: l_bar * (_limited(lambda y: np.log1p(-y), y, 1 - y) - _limited(np.log, y, y)),
)
_binary_cross_entropy_with_logits = Binary(
    "binary_cross_entropy_with_logits",
    kernels.binary_cross_entropy_with_logits,
    lambda l_bar, l, z, t: l_bar * (sigmoid(z) - t),
    lambda l_bar, l, z, t: -l_bar * z,
)


def binary_cross_entropy(y: Array, target: Array, reduction: str = "mean", *, weight: Array | None = None) -> Array:
    """−(t log y + (1 − t) log(1 − y)) from probabilities y, with logarithms of at least −100, as in PyTorch.

    From logits, `binary_cross_entropy_with_logits` is more precise, and has the error signal z̄ = y − t.

    Arguments:
        y: probabilities, from 0 to 1, of any shape.
        target: the targets, 0 or 1 or probabilities, of the same shape.
        reduction: ``"mean"`` or ``"sum"`` of all losses, or ``"none"`` for each.
        weight: a factor for each loss, which broadcasts to the shape of `y`.

    Raises:
        TypeError: for complex numbers.
        ValueError: if the shapes differ, or numbers are not from 0 to 1.

    >>> import minigrad as mg
    >>> y = mg.Tensor([0.5, 0.75], requires_grad=True)
    >>> mg.binary_cross_entropy(y, [1, 0], "sum").backward()
    >>> y.grad
    array([-2.,  4.])
    """
    check_reduction("binary_cross_entropy", reduction)
    whole = getattr(y, "dtype", np.dtype(float)).kind in "iub"
    y, target = same_shapes("binary_cross_entropy", y, target)
    _check_targets("binary_cross_entropy", y, target, whole)
    values = unwrap(y)
    if np.any(values < 0) or np.any(values > 1):
        raise ValueError(
            f"binary_cross_entropy: outputs are probabilities from 0 to 1, got {values.min():g} … {values.max():g}; "
            "of logits, take binary_cross_entropy_with_logits (nn.BCEWithLogitsLoss())"
        )
    losses = _binary_cross_entropy(y, target)
    return reduce(losses if weight is None else as_weights("binary_cross_entropy", weight, y) * losses, reduction)


def binary_cross_entropy_with_logits(
    z: Array,
    target: Array,
    reduction: str = "mean",
    *,
    weight: Array | None = None,
    pos_weight: Array | None = None,
) -> Array:
    """−(t log σ(z) + (1 − t) log(1 − σ(z))) from logits z: the loss of logistic regression.

    The error signal is z̄ = y − t with y = σ(z). With a weight p of positives, t log σ(z) counts p times.

    Arguments:
        z: logits, of any shape.
        target: the targets, 0 or 1 or probabilities, of the same shape.
        reduction: ``"mean"`` or ``"sum"`` of all losses, or ``"none"`` for each.
        weight: a factor for each loss, which broadcasts to the shape of `z`.
        pos_weight: p, which broadcasts to the shape of `z`: one for each output of a vector.

    Raises:
        TypeError: for complex numbers.
        ValueError: if the shapes differ, or a target is not from 0 to 1.

    >>> import minigrad as mg
    >>> z = mg.Tensor([0.0, 1000.0], requires_grad=True)
    >>> mg.binary_cross_entropy_with_logits(z, [1, 0], "sum").backward()
    >>> z.grad
    array([-0.5,  1. ])
    """
    name = "binary_cross_entropy_with_logits"
    check_reduction(name, reduction)
    whole = getattr(z, "dtype", np.dtype(float)).kind in "iub"
    z, target = same_shapes(name, z, target)
    _check_targets(name, z, target, whole)
    if pos_weight is None:
        losses = _binary_cross_entropy_with_logits(z, target)
    else:  # no term is negative, and no digits cancel
        p, target = as_weights(name, pos_weight, z, "pos_weight"), named(target, "t", z)
        losses = p * target * softplus(-z) + (1 - target) * softplus(z)
    return reduce(losses if weight is None else as_weights(name, weight, z) * losses, reduction)


def _check_targets(name: str, y: Array, target: Array, whole: bool) -> None:
    """Raise a ValueError for targets that are not from 0 to 1, and for swapped arguments, where that shows.

    Arguments:
        whole: whether the outputs are whole numbers: targets are, where outputs are not.
    """
    targets, outputs = unwrap(target), unwrap(y)
    outside = bool(np.any(targets < 0) or np.any(targets > 1))
    if not outside and not (whole and np.any((targets != 0) & (targets != 1))):
        return
    swapped = whole or bool(np.all((outputs == 0) | (outputs == 1)))
    raise ValueError(
        f"{name}: targets are from 0 to 1, got {targets.min():g} … {targets.max():g}"
        + (f"; the outputs come first: {name}(y, target)" if swapped else "")
        + ("; for -1 and 1, write (target + 1) / 2" if np.all(abs(targets) == 1) else "")
    )
