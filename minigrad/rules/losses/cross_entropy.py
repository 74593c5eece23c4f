"""Losses of classes: cross-entropy from logits, which is numerically stable, and from log-probabilities."""

from __future__ import annotations

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.core.tensor import Tensor
from minigrad.device import refuse_mixed
from minigrad.kernels.complex import require_real
from minigrad.kernels.losses import cross_entropy as kernels
from minigrad.kernels.losses.one_hot import class_axis, one_hot, without_classes
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.rules.convert_arguments import as_array, refuse_gradient
from minigrad.rules.losses.class_targets import class_numbers, class_weights, targets_as_array
from minigrad.rules.losses.loss_arguments import as_number, check_reduction, in_precision_of, named, reduce
from minigrad.rules.reductions.softmax import log_softmax, softmax
from minigrad.rules.reductions.sum import sum
from minigrad.typing import Array

__all__ = ["cross_entropy", "nll_loss"]

_IGNORED = -100  # PyTorch's default ignore_index


def _logits_rule(l_bar: Array, z: Array, t: Array, axis: int, normalized: bool) -> Array:
    y = softmax(z, axis=axis)
    return np.expand_dims(l_bar, axis) * ((y if normalized else y * np.sum(t, axis=axis, keepdims=True)) - t)


_softmax_cross_entropy = Primitive(
    "softmax_cross_entropy",
    lambda z, t, axis, normalized: kernels.softmax_cross_entropy(z, t, axis),
    lambda l_bar, l, z, t, axis, normalized: _logits_rule(l_bar, z, t, axis, normalized),
    lambda l_bar, l, z, t, axis, normalized: np.expand_dims(-l_bar, axis) * log_softmax(z, axis=axis),
    symbol="cross_entropy",
)
_nll_loss = Primitive(
    "nll_loss",
    kernels.nll_loss,
    lambda l_bar, l, y, t, axis: -np.expand_dims(l_bar, axis) * t,
    lambda l_bar, l, y, t, axis: -np.expand_dims(l_bar, axis) * y,
)


def cross_entropy(
    z: Array,
    target: Array,
    reduction: str = "mean",
    *,
    weight: Array | None = None,
    ignore_index: int = _IGNORED,
    label_smoothing: float = 0.0,
) -> Array:
    """The cross-entropy −Σ t log softmax(z) from logits z: the loss of multiclass logistic regression.

    Softmax and logarithm are computed together, so that no class underflows to log 0. The error signal is
    z̄ = y − t with y = softmax(z), as in the lecture.

    With weights of the classes it is −Σ w t log softmax(z), and the mean over the batch is divided by the sum of the
    weights of its classes. With label smoothing ε, t becomes (1 − ε) t + ε / C.

    Arguments:
        z: logits, shape ``(N, C)``, ``(C,)``, or ``(N, C, d1, …)`` with one class for each pixel; floating.
        target: class numbers 0 … C−1, integers, of the shape without C: ``(N,)``, ``()`` or ``(N, d1, …)``; or
            probabilities, shape of `z`.
        reduction: ``"mean"`` or ``"sum"`` over all class numbers, or ``"none"`` for one loss for each.
        weight: one for each class, shape ``(C,)``.
        ignore_index: the class number of targets that do not count.
        label_smoothing: ε, from 0 to 1.

    Raises:
        TypeError: for complex numbers.
        ValueError: if the shapes of logits and target do not fit, or a class number is out of range.
        ZeroDivisionError: for the mean, if every target is ignored or has the weight 0.

    >>> import minigrad as mg
    >>> z = mg.Tensor([[0.0, 0.0]], requires_grad=True)
    >>> mg.cross_entropy(z, [1]).backward()
    >>> z.grad
    array([[ 0.5, -0.5]])
    """
    check_reduction("cross_entropy", reduction)
    z = as_array(z, "cross_entropy")
    if not z.ndim:
        raise ValueError("cross_entropy: logits have shape (N, C), (C,) or (N, C, d1, …), got ()")
    refuse_gradient("cross_entropy", "ignore_index", ignore_index)
    labels = target.data if isinstance(target, Tensor) else targets_as_array("cross_entropy", target, z)
    refuse_mixed("cross_entropy", z, labels)
    axis = class_axis(z.ndim)
    _refuse_swapped(z, labels, axis)
    counts: Array | None = None  # what each class number counts for the mean; None if all count 1
    if labels.dtype.kind in "iub":
        t, some_ignored = one_hot("cross_entropy", labels, z.shape, z.dtype, ignore_index)
        normalized = not some_ignored  # Σ t = 1, which leaves z̄ = y − t
        if some_ignored or weight is not None:
            counts = t
        if label_smoothing != 0:
            t = _smoothed(t, label_smoothing, axis, uniform=t.sum(axis=axis, keepdims=True))
        target = Tensor(t, name="t") if isinstance(z, Tensor) else t  # derivations call it t, as the lecture does
    else:
        if ignore_index != _IGNORED:
            raise ValueError(f"cross_entropy: ignore_index={ignore_index} is a class number, got probabilities")
        target, normalized = _probabilities(target, labels, z, axis)
        if label_smoothing != 0:
            target = _smoothed(target, label_smoothing, axis)
    if weight is not None:
        weight = class_weights("cross_entropy", weight, z)
        target, normalized = weight * target, False
        counts = None if counts is None else weight * counts
    losses = _softmax_cross_entropy(z, target, axis=axis, normalized=normalized)
    return reduce(losses, reduction) if counts is None else _reduced("cross_entropy", losses, reduction, counts)


def nll_loss(
    y: Array,
    target: Array,
    reduction: str = "mean",
    *,
    weight: Array | None = None,
    ignore_index: int = _IGNORED,
) -> Array:
    """The negative log-likelihood −y of each target's class, from log-probabilities y, as log_softmax gives them.

    ``nll_loss(log_softmax(z), target)`` is ``cross_entropy(z, target)``.

    Arguments:
        y: log-probabilities, shape ``(N, C)``, ``(C,)`` or ``(N, C, d1, …)``.
        target, reduction, weight, ignore_index: as for `cross_entropy`, with class numbers only.

    Raises:
        TypeError: for complex numbers, and for targets that are not integers.
        ValueError: if the shapes do not fit, or a class number is out of range.
        ZeroDivisionError: for the mean, if every target is ignored or has the weight 0.

    >>> import minigrad as mg
    >>> mg.nll_loss(mg.Tensor([[-0.5, -1.0], [-2.0, -0.1]]), [1, 0])
    Tensor(1.5)
    """
    check_reduction("nll_loss", reduction)
    y = as_array(y, "nll_loss")
    require_real(y, "nll_loss")
    if not y.ndim:
        raise ValueError("nll_loss: log-probabilities have shape (N, C), (C,) or (N, C, d1, …), got ()")
    refuse_gradient("nll_loss", "ignore_index", ignore_index)
    labels = class_numbers("nll_loss", target, y)
    axis = class_axis(y.ndim)
    t, some_ignored = one_hot("nll_loss", labels, y.shape, y.dtype, ignore_index)
    counts: Array | None = t if some_ignored or weight is not None else None
    target = Tensor(t, name="t") if isinstance(y, Tensor) else t
    if weight is not None:
        weight = class_weights("nll_loss", weight, y)
        target, counts = weight * target, weight * counts
    losses = _nll_loss(y, target, axis=axis)
    return reduce(losses, reduction) if counts is None else _reduced("nll_loss", losses, reduction, counts)


def _reduced(name: str, losses: Array, reduction: str, counts: Array) -> Array:
    """The losses reduced; their mean is Σ losses / Σ counts."""
    if reduction != "mean":
        return reduce(losses, reduction)
    if losses.size and not np.any(counts):
        raise ZeroDivisionError(
            f"{name}: every target is ignored or has the weight 0, and the mean would be divided by 0; "
            'leave this batch out, or take reduction="sum"'
        )
    return in_single_precision(lambda losses: sum(losses) / sum(in_precision_of(losses, counts)), losses)


# ---------------------------------------------------------------- targets


def _smoothed(t: Array, epsilon: float, axis: int, uniform: Array = 1) -> Array:
    """(1 − ε) t + ε / C; rows of 0 stay, where `uniform` is 0."""
    epsilon = as_number(
        "cross_entropy: label_smoothing", epsilon, "a number from 0 to 1", lambda epsilon: 0 <= epsilon <= 1
    )
    return (1 - epsilon) * t + epsilon / t.shape[axis] * uniform


def _probabilities(target: Array, labels: Array, z: Array, axis: int) -> tuple[Array, bool]:
    """Probabilities in the precision of the logits, and whether they are known to sum to 1."""
    if labels.shape != z.shape:
        raise ValueError(
            f"cross_entropy: target probabilities have shape {labels.shape}, but the logits have {z.shape}; "
            f"they must be the same{_meant(labels, z.shape)}"
        )
    require_real(labels, "cross_entropy")
    learned = isinstance(target, Tensor) and target.requires_grad
    rounding = 4 * np.finfo(labels.dtype).eps
    normalized = not learned and bool((abs(labels.sum(axis=axis) - 1) <= rounding).all())
    probabilities = in_precision_of(z, target if isinstance(target, Tensor) else labels)
    return (target if probabilities is target else named(probabilities, "t", z)), normalized


def _refuse_swapped(z: Array, labels: Array, axis: int) -> None:
    """Raise a ValueError for arguments of which the first are targets and the second logits, wherever that shows."""
    if labels.dtype.kind != "f":
        return
    numbers = z.dtype.kind in "iub"
    if labels.ndim and z.shape == without_classes(labels.shape):
        swapped = True
    elif z.shape != labels.shape:
        swapped = False
    elif numbers:
        swapped = bool((labels < 0).any() or (labels.sum(axis=axis) > 1.5).any())
    elif labels.size and labels.min() < 0:
        values = z.data if isinstance(z, Tensor) else z
        swapped = bool((values >= 0).all() and np.allclose(values.sum(axis=axis), 1, atol=1e-3))
    else:
        swapped = False
    if swapped:
        raise ValueError(
            f"cross_entropy: got targets of shape {z.shape} and logits of shape {labels.shape}; "
            "the logits come first: cross_entropy(z, target)"
        )


def _meant(labels: Array, shape: tuple[int, ...]) -> str:
    """What targets may be that are not probabilities for logits of this shape."""
    rows = without_classes(shape)
    if labels.shape not in (rows, (*rows, 1)):
        return ""
    if (labels == np.round(labels)).all():
        return f"; class numbers are integers: target{'[..., 0]' * (labels.shape != rows)}.astype(int)"
    return "; numbers to predict, as in a regression, are for mse_loss (nn.MSELoss())"
