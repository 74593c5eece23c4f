"""Losses of pairs and triplets: what is alike is to be near, and what is not, far away."""

from __future__ import annotations

import minigrad as mg
from nn.hyperparameters import Setting, positive_number, real_number, true_or_false
from nn.losses.loss import LossModule
from nn.typing import Array

__all__ = ["CosineEmbeddingLoss", "HingeEmbeddingLoss", "MarginRankingLoss", "TripletMarginLoss"]


class HingeEmbeddingLoss(LossModule):
    """The distance y of a pair that is alike (t = 1), and max(0, margin − y) of one that is not (t = −1).

    Arguments:
        margin: the distance beyond which a pair that is not alike costs nothing.
        reduction: ``"mean"`` or ``"sum"`` of all losses, or ``"none"``.

    Shapes: distances of any shape; targets of the same shape.

    >>> import nn, numpy as np
    >>> nn.HingeEmbeddingLoss(reduction="none")(np.array([0.25, 0.25, 3.0]), np.array([1, -1, -1]))
    array([0.25, 0.75, 0.  ])
    """

    margin = Setting(real_number)

    def __init__(self, margin: float = 1.0, *, reduction: str = "mean") -> None:
        self.margin = margin
        self.reduction = reduction

    def forward(self, y: Array, target: Array) -> Array:
        """``mg.hinge_embedding_loss``."""
        return mg.hinge_embedding_loss(y, target, self.reduction, margin=self.margin)


class CosineEmbeddingLoss(LossModule):
    """1 − cos of the angle between two vectors that are alike (t = 1), and max(0, cos − margin) of others (t = −1).

    Arguments:
        margin: the cosine up to which vectors that are not alike cost nothing.
        reduction: ``"mean"`` or ``"sum"`` over the batch, or ``"none"``.

    Shapes: two arrays of vectors ``(N, D)`` or ``(D,)``; targets ``(N,)`` or ``()``.

    >>> import nn, numpy as np
    >>> round(float(nn.CosineEmbeddingLoss()(np.array([[1.0, 0.0]]), np.array([[3.0, 4.0]]), np.array([1]))), 4)
    0.4
    """

    margin = Setting(real_number)

    def __init__(self, margin: float = 0.0, *, reduction: str = "mean") -> None:
        self.margin = margin
        self.reduction = reduction

    def forward(self, x1: Array, x2: Array, target: Array) -> Array:
        """``mg.cosine_embedding_loss``."""
        return mg.cosine_embedding_loss(x1, x2, target, self.reduction, margin=self.margin)


class MarginRankingLoss(LossModule):
    """max(0, margin − t (x₁ − x₂)): of two scores, x₁ is to be the larger one where t = 1, x₂ where t = −1.

    Arguments:
        margin: by how much the larger one is to be larger.
        reduction: ``"mean"`` or ``"sum"`` of all losses, or ``"none"``.

    Shapes: scores of any shape, twice; targets of the same shape.

    >>> import nn, numpy as np
    >>> float(nn.MarginRankingLoss()(np.array([3.0, 1.0]), np.array([1.0, 2.0]), np.array([1, 1])))
    0.5
    """

    margin = Setting(real_number)

    def __init__(self, margin: float = 0.0, *, reduction: str = "mean") -> None:
        self.margin = margin
        self.reduction = reduction

    def forward(self, x1: Array, x2: Array, target: Array) -> Array:
        """``mg.margin_ranking_loss``."""
        return mg.margin_ranking_loss(x1, x2, target, self.reduction, margin=self.margin)


class TripletMarginLoss(LossModule):
    """max(0, margin + ‖a − p‖ − ‖a − n‖): a vector a is to be nearer to one of its kind, p, than to another, n.

    Arguments:
        margin: by how much it is to be nearer.
        p: the exponent of the norm.
        eps: added to each difference of two elements.
        swap: whether the distance of p and n counts where it is less than that of a and n.
        reduction: ``"mean"`` or ``"sum"`` over the batch, or ``"none"``.

    Shapes: three arrays of vectors ``(N, D)`` or ``(D,)``.

    >>> import nn, numpy as np
    >>> a, p, n = np.zeros((1, 2)), np.array([[3.0, 4.0]]), np.array([[6.0, 8.0]])
    >>> float(nn.TripletMarginLoss(margin=7.0, eps=0.0)(a, p, n))
    2.0
    """

    margin, eps = Setting(real_number), Setting(real_number)
    p = Setting(positive_number)
    swap = Setting(true_or_false)

    def __init__(
        self, margin: float = 1.0, p: float = 2.0, eps: float = 1e-6, swap: bool = False, *, reduction: str = "mean"
    ) -> None:
        self.margin = margin
        self.p = p
        self.eps = eps
        self.swap = swap
        self.reduction = reduction

    def forward(self, anchor: Array, positive: Array, negative: Array) -> Array:
        """``mg.triplet_margin_loss``."""
        return mg.triplet_margin_loss(
            anchor,
            positive,
            negative,
            self.reduction,
            margin=self.margin,
            p=self.p,
            eps=self.eps,
            swap=self.swap,
        )
