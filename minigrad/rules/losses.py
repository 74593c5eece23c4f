"""Losses as single operations: cross-entropy from logits, which is numerically stable, and the squared error."""

from __future__ import annotations

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.core.tensor import Tensor
from minigrad.device import refuse_mixed
from minigrad.kernels import losses as kernels
from minigrad.kernels.complex import require_real
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.reductions.softmax import log_softmax, softmax
from minigrad.typing import Array

__all__ = ["cross_entropy", "mse_loss"]


def _logits_rule(l_bar: Array, z: Array, t: Array, normalized: bool) -> Array:
    total = softmax(z) if normalized else softmax(z) * np.sum(t, axis=-1, keepdims=True)
    return np.expand_dims(l_bar, -1) * (total - t)


_softmax_cross_entropy = Primitive(
    "softmax_cross_entropy",
    lambda z, t, normalized=False: kernels.softmax_cross_entropy(z, t),
    lambda l_bar, l, z, t, normalized=False: _logits_rule(l_bar, z, t, normalized),
    lambda l_bar, l, z, t, normalized=False: np.expand_dims(-l_bar, -1) * log_softmax(z),
    symbol="cross_entropy",
)


def _targets(target: Array, z: Array) -> Array:
    """The targets as an array, which text is not."""
    try:
        return as_array(target, "cross_entropy", z)
    except TypeError:
        if np.asarray(target).dtype.kind not in "US":
            raise
        raise TypeError(
            "cross_entropy: the targets are text, expected class numbers or probabilities; "
            "number them: names, target = np.unique(target, return_inverse=True)"
        ) from None


def _refuse_swapped(z: Array, labels: Array) -> None:
    """Raise a ValueError for arguments of which the first are targets and the second logits, wherever that shows."""
    numbers = z.dtype.kind in "iub" and labels.dtype.kind == "f"
    if labels.dtype.kind == "f" and z.shape == labels.shape[:-1]:
        swapped = True
    elif numbers and z.shape == labels.shape:
        swapped = bool((labels < 0).any() or (labels.sum(axis=-1) > 1.5).any())
    elif labels.dtype.kind == "f" and z.shape == labels.shape and labels.size and labels.min() < 0:
        values = z.data if isinstance(z, Tensor) else z
        swapped = bool((values >= 0).all() and np.allclose(values.sum(axis=-1), 1, atol=1e-3))
    else:
        swapped = False
    if swapped:
        raise ValueError(
            f"cross_entropy: got targets of shape {z.shape} and logits of shape {labels.shape}; "
            "the logits come first: cross_entropy(z, target)"
        )


def _as_rows(shape: tuple[int, ...]) -> str:
    """How to make one row of logits for each pixel of (N, C, H, W)."""
    if len(shape) < 2:
        return ""
    return f"; for one class for each pixel, write np.moveaxis(z, 1, -1).reshape(-1, {shape[1]}) and target.reshape(-1)"


def _meant(labels: Array, shape: tuple[int, ...]) -> str:
    """What targets may be that are not probabilities for logits of this shape."""
    if labels.shape not in (shape[:-1], (*shape[:-1], 1)):
        return ""
    if (labels == np.round(labels)).all():
        return f"; class numbers are integers: target{'[..., 0]' * (labels.shape != shape[:-1])}.astype(int)"
    return "; numbers to predict, as in a regression, are for mse_loss (nn.MSELoss())"


def cross_entropy(z: Array, target: Array, reduction: str = "mean") -> Array:
    """The cross-entropy −Σ t log softmax(z) from logits z: the loss of multiclass logistic regression.

    Softmax and logarithm are computed together, so that no class underflows to log 0. The error signal is
    z̄ = y − t with y = softmax(z), as in the lecture.

    Arguments:
        z: logits, shape ``(N, C)`` or ``(C,)``, floating.
        target: class numbers 0 … C−1, shape ``(N,)`` or ``()``, integers; or probabilities, shape of `z`.
        reduction: ``"mean"`` or ``"sum"`` over the batch, or ``"none"`` for one loss per sample.

    Raises:
        TypeError: for complex numbers.
        ValueError: if the shapes of logits and target do not fit, or a class number is out of range.

    >>> import minigrad as mg
    >>> z = mg.Tensor([[0.0, 0.0]], requires_grad=True)
    >>> mg.cross_entropy(z, [1]).backward()
    >>> z.grad
    array([[ 0.5, -0.5]])
    """
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f'cross_entropy: reduction is "mean", "sum" or "none", got {reduction!r}')
    z = as_array(z, "cross_entropy")
    if z.ndim not in (1, 2):
        raise ValueError(f"cross_entropy: logits have shape (N, C) or (C,), got {z.shape}" + _as_rows(z.shape))
    labels = target.data if isinstance(target, Tensor) else _targets(target, z)
    refuse_mixed("cross_entropy", z, labels)
    _refuse_swapped(z, labels)
    normalized = True  # Σ t = 1, which leaves z̄ = y − t
    if labels.dtype.kind in "iub":
        target = kernels.one_hot(labels, z.shape, z.dtype)
        if isinstance(z, Tensor):  # derivations and drawings call it t, as the lecture does
            target = Tensor(target, name="t")
    elif labels.shape != z.shape:
        raise ValueError(
            f"cross_entropy: target probabilities have shape {labels.shape}, but the logits have {z.shape}; "
            f"they must be the same{_meant(labels, z.shape)}"
        )
    else:
        require_real(labels, "cross_entropy")
        learned = isinstance(target, Tensor) and target.requires_grad
        rounding = 4 * np.finfo(labels.dtype).eps
        normalized = not learned and bool((abs(labels.sum(axis=-1) - 1) <= rounding).all())
        if not isinstance(target, Tensor):
            target = labels.astype(z.dtype, copy=False)
    losses = _softmax_cross_entropy(z, target, normalized=normalized)
    return losses if reduction == "none" else losses.mean() if reduction == "mean" else losses.sum()


_mse_loss = Primitive(
    "mse_loss",
    kernels.mse_loss,
    lambda l_bar, l, y, t: in_single_precision(lambda l_bar: 2 / (y.size or 1) * l_bar * (y - t), l_bar),
    lambda l_bar, l, y, t: in_single_precision(lambda l_bar: 2 / (y.size or 1) * l_bar * (t - y), l_bar),
)


def mse_loss(y: Array, target: Array) -> Array:
    """The mean squared error mean((y − t)²) of a regression.

    Arguments:
        y: predictions, of any shape.
        target: the values to predict, of the same shape.

    Raises:
        TypeError: for complex numbers.
        ValueError: if the shapes differ; broadcasting would compare every prediction with every target.

    >>> import minigrad as mg
    >>> mg.mse_loss(mg.Tensor([1.0, 2.0]), [1.0, 4.0])
    Tensor(2.)
    """
    y, target = as_array(y, "mse_loss", target), as_array(target, "mse_loss", y)
    if y.shape != target.shape:
        fits = [n for n in y.shape if n > 1] == [n for n in target.shape if n > 1]
        raise ValueError(
            f"mse_loss: output has shape {y.shape}, but target {target.shape}; they must be the same"
            + (f": target.reshape({y.shape})" if fits else "")
        )
    return _mse_loss(y, target)
