"""Losses with a margin: an output beyond it, on the right side, costs nothing."""

from __future__ import annotations

from minigrad.kernels.complex import require_real
from minigrad.kernels.losses.one_hot import one_hot
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.rules.convert_arguments import as_array, refuse_gradient
from minigrad.rules.elementwise.activations import relu, softplus
from minigrad.rules.elementwise.extrema import clip, minimum
from minigrad.rules.elementwise.powers import power, sqrt, square
from minigrad.rules.losses.class_targets import class_numbers, class_weights
from minigrad.rules.losses.loss_arguments import (
    as_number,
    as_signs,
    check_reduction,
    in_precision_of,
    reduce,
    same_shapes,
)
from minigrad.rules.manipulation.select import where
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.reductions.norms import vector_norm
from minigrad.rules.reductions.statistics.moments import mean
from minigrad.rules.reductions.sum import sum
from minigrad.typing import Array

__all__ = [
    "cosine_embedding_loss", "hinge_embedding_loss", "margin_ranking_loss", "multi_margin_loss", "soft_margin_loss",
    "triplet_margin_loss",
]  # fmt: skip


def hinge_embedding_loss(y: Array, target: Array, reduction: str = "mean", *, margin: float = 1.0) -> Array:
    """The distance y of a pair that is alike (t = 1), and max(0, margin − y) of one that is not (t = −1).

    Arguments:
        y: distances, of any shape.
        target: 1 or −1, of the same shape.
        reduction: ``"mean"`` or ``"sum"`` of all losses, or ``"none"`` for each.
        margin: the distance beyond which a pair that is not alike costs nothing.

    Raises:
        TypeError: for complex numbers.
        ValueError: if the shapes differ, or a target is not 1 or −1.

    >>> import minigrad as mg
    >>> mg.hinge_embedding_loss(mg.Tensor([0.25, 0.25, 3.0]), [1, -1, -1], "none")
    Tensor([0.25, 0.75, 0.  ])
    """
    check_reduction("hinge_embedding_loss", reduction)
    margin = as_number("hinge_embedding_loss: margin", margin)
    y, target = same_shapes("hinge_embedding_loss", y, target)
    alike = unwrap(as_signs("hinge_embedding_loss", target, y)) == 1
    return reduce(_choose(alike, y, clip(margin - y, 0)), reduction)


def soft_margin_loss(y: Array, target: Array, reduction: str = "mean") -> Array:
    """log(1 + e^(−t y)): the loss of logistic regression for targets t of 1 and −1.

    Arguments:
        y: logits, of any shape.
        target: 1 or −1, of the same shape.
        reduction: ``"mean"`` or ``"sum"`` of all losses, or ``"none"`` for each.

    Raises:
        TypeError: for complex numbers.
        ValueError: if the shapes differ, or a target is not 1 or −1.

    >>> import minigrad as mg
    >>> mg.soft_margin_loss(mg.Tensor([1000.0, 1000.0]), [1, -1], "none")
    Tensor([   0., 1000.])
    """
    check_reduction("soft_margin_loss", reduction)
    y, target = same_shapes("soft_margin_loss", y, target)
    return reduce(softplus(-(as_signs("soft_margin_loss", target, y) * y)), reduction)


def margin_ranking_loss(x1: Array, x2: Array, target: Array, reduction: str = "mean", *, margin: float = 0.0) -> Array:
    """max(0, margin − t (x₁ − x₂)): of two scores, x₁ is to be the larger one where t = 1, x₂ where t = −1.

    Arguments:
        x1, x2: scores, of any shape.
        target: 1 or −1, of the same shape.
        reduction: ``"mean"`` or ``"sum"`` of all losses, or ``"none"`` for each.
        margin: by how much the larger one is to be larger.

    Raises:
        TypeError: for complex numbers.
        ValueError: if the shapes differ, or a target is not 1 or −1.

    >>> import minigrad as mg
    >>> mg.margin_ranking_loss(mg.Tensor([3.0, 1.0]), mg.Tensor([1.0, 1.5]), [1, 1], "none")
    Tensor([0. , 0.5])
    """
    check_reduction("margin_ranking_loss", reduction)
    margin = as_number("margin_ranking_loss: margin", margin)
    x1, x2 = same_shapes("margin_ranking_loss", x1, x2, words=("x1", "x2"))
    x1, target = same_shapes("margin_ranking_loss", x1, target)
    target = as_signs("margin_ranking_loss", target, x1)
    return reduce(clip(margin - target * (x1 - x2), 0), reduction)


def multi_margin_loss(
    y: Array,
    target: Array,
    reduction: str = "mean",
    *,
    p: int = 1,
    margin: float = 1.0,
    weight: Array | None = None,
) -> Array:
    """Σ max(0, margin − y_t + y_k)^p / C over all classes k but the right one, t: the hinge loss of C classes.

    Arguments:
        y: scores of the classes, shape ``(N, C)`` or ``(C,)``.
        target: class numbers 0 … C−1, integers, shape ``(N,)`` or ``()``.
        reduction: ``"mean"`` or ``"sum"`` over the batch, or ``"none"`` for one loss for each sample.
        p: 1, or 2 for squares.
        margin: by how much the score of the right class is to exceed the others.
        weight: one for each class, shape ``(C,)``: a factor for the samples of this class.

    Raises:
        TypeError: for complex numbers, and for targets that are not integers.
        ValueError: if the shapes do not fit, a class number is out of range, or `p` is not 1 or 2.

    >>> import minigrad as mg
    >>> mg.multi_margin_loss(mg.Tensor([[1.0, 3.0, 2.5]]), [1])  # (0 + 0.5) / 3
    Tensor(0.16666667)
    """
    name = "multi_margin_loss"
    check_reduction(name, reduction)
    margin = as_number(f"{name}: margin", margin)
    refuse_gradient(name, "p", p)
    if p not in (1, 2):
        raise ValueError(f"{name}: p is 1 or 2, got {p!r}")
    y = as_array(y, name)
    require_real(y, name)
    if y.ndim not in (1, 2):
        raise ValueError(f"{name}: outputs have shape (N, C) or (C,), got {y.shape}")
    t, _ = one_hot(name, class_numbers(name, target, y), y.shape, y.dtype)
    right = t == 1
    score = sum(where(right, y, 0), axis=-1, keepdims=True)
    excess = where(right, 0, relu(margin - score + y))
    losses = mean(excess if p == 1 else power(excess, p), axis=-1)
    if weight is not None:
        weight = class_weights(name, weight, y)
        losses = sum(weight * t, axis=-1) * losses
    return reduce(losses, reduction)


def cosine_embedding_loss(
    x1: Array, x2: Array, target: Array, reduction: str = "mean", *, margin: float = 0.0
) -> Array:
    """1 − cos of the angle between two vectors that are alike (t = 1), and max(0, cos − margin) of others (t = −1).

    Arguments:
        x1, x2: vectors, shape ``(N, D)`` or ``(D,)``. The squares of their lengths get 1e-12 more, so that no length
            is 0.
        target: 1 or −1, shape ``(N,)`` or ``()``.
        reduction: ``"mean"`` or ``"sum"`` over the batch, or ``"none"`` for one loss for each pair.
        margin: the cosine up to which vectors that are not alike cost nothing, from −1 to 1.

    Raises:
        TypeError: for complex numbers.
        ValueError: if the shapes do not fit, or a target is not 1 or −1.

    >>> import minigrad as mg
    >>> x1, x2 = mg.Tensor([[1.0, 0.0], [1.0, 0.0]]), mg.Tensor([[0.0, 2.0], [3.0, 0.0]])
    >>> mg.cosine_embedding_loss(x1, x2, [1, -1], "none")
    Tensor([1., 1.])
    """
    name = "cosine_embedding_loss"
    check_reduction(name, reduction)
    margin = as_number(f"{name}: margin", margin)
    x1, x2 = same_shapes(name, x1, x2, words=("x1", "x2"))
    if x1.ndim not in (1, 2):
        raise ValueError(f"{name}: vectors have shape (N, D) or (D,), got {x1.shape}")
    target = as_array(target, name, x1)
    if target.shape != x1.shape[:-1]:
        raise ValueError(
            f"{name}: vectors of shape {x1.shape} need targets of shape {x1.shape[:-1]}, got {target.shape}"
        )
    alike = unwrap(as_signs(name, target, x1)) == 1
    cosine = in_single_precision(_cosine, x1, x2)
    return reduce(_choose(alike, 1 - cosine, clip(cosine - margin, 0)), reduction)


def _choose(alike: Array, a: Array, b: Array) -> Array:
    """`a` for pairs that are alike, `b` for others; where all are the same, a derivation has no condition."""
    return a if alike.all() else where(alike, a, b) if alike.any() else b


def _cosine(x1: Array, x2: Array) -> Array:
    x2 = in_precision_of(x1, x2)
    lengths = [sqrt(sum(square(x), axis=-1) + 1e-12) for x in (x1, x2)]
    return sum(x1 * x2, axis=-1) / (lengths[0] * lengths[1])


def triplet_margin_loss(
    anchor: Array,
    positive: Array,
    negative: Array,
    reduction: str = "mean",
    *,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
) -> Array:
    """max(0, margin + ‖a − p‖ − ‖a − n‖): a vector a is to be nearer to one of its kind, p, than to another, n.

    Arguments:
        anchor, positive, negative: vectors, shape ``(N, D)`` or ``(D,)``.
        reduction: ``"mean"`` or ``"sum"`` over the batch, or ``"none"`` for one loss for each triplet.
        margin: by how much it is to be nearer.
        p: the exponent of the norm.
        eps: added to each difference of two elements.
        swap: whether the distance of p and n counts where it is less than that of a and n.

    Raises:
        TypeError: for complex numbers.
        ValueError: if the shapes differ.

    >>> import minigrad as mg
    >>> mg.triplet_margin_loss(mg.Tensor([0.0, 0.0]), [3.0, 4.0], [6.0, 8.0], margin=7.0, eps=0.0)
    Tensor(2.)
    """
    name = "triplet_margin_loss"
    check_reduction(name, reduction)
    margin, eps = as_number(f"{name}: margin", margin), as_number(f"{name}: eps", eps)
    p = as_number(f"{name}: p", p, "a positive number", lambda p: p > 0)
    anchor, positive = same_shapes(name, anchor, positive, words=("anchor", "positive"))
    anchor, negative = same_shapes(name, anchor, negative, words=("anchor", "negative"))

    def distance(a: Array, b: Array) -> Array:
        return vector_norm(a - b + eps, ord=p, axis=-1)

    other = distance(anchor, negative)
    if swap:
        other = minimum(other, distance(positive, negative))
    return reduce(clip(margin + distance(anchor, positive) - other, 0), reduction)
