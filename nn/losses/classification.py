"""Losses of classifiers: of one class among several, and of binary decisions."""

from __future__ import annotations

from functools import partial
from typing import Any

import minigrad as mg
from nn.hyperparameters import Setting, finite_number, real_number, whole_number
from nn.losses.loss import LossModule, buffer_of
from nn.typing import Array

__all__ = [
    "BCELoss",
    "BCEWithLogitsLoss",
    "CrossEntropyLoss",
    "MultiMarginLoss",
    "NLLLoss",
    "SoftMarginLoss",
]


def _class_number(what: str, value: Any) -> int:
    return whole_number(what, value, least=-(1 << 63))


def _one_or_two(what: str, value: Any) -> int:
    if value not in (1, 2):
        raise ValueError(f"{what} is {value!r}, expected 1 or 2")
    return int(value)


class CrossEntropyLoss(LossModule):
    """The cross-entropy −Σ w t log softmax(z) of logits z and targets t; the error signal is z̄ = softmax(z) − t.

    Arguments:
        weight: w, one for each class; the mean is divided by the sum of the weights of the targets. In the state.
        ignore_index: the class number of targets that do not count.
        reduction: ``"mean"`` or ``"sum"`` over all targets, or ``"none"``.
        label_smoothing: ε, which makes (1 − ε) t + ε / C of t.

    Shapes: logits ``(N, C)``, ``(C,)``, or ``(N, C, d1, …)`` with one class for each pixel; targets of this shape
    without C as class numbers, or with it as probabilities.

    >>> import nn, numpy as np
    >>> round(float(nn.CrossEntropyLoss()(np.zeros((1, 10)), np.array([3]))), 4)  # log 10
    2.3026
    """

    ignore_index = Setting(_class_number)
    label_smoothing = Setting(partial(finite_number, most=1))

    def __init__(
        self,
        weight: Array | None = None,
        *,
        ignore_index: int = -100,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        self.weight = buffer_of(self, "weight", weight)
        self.ignore_index = ignore_index
        self.reduction = reduction
        self.label_smoothing = label_smoothing

    def forward(self, z: Array, target: Array) -> Array:
        """``mg.cross_entropy``."""
        return mg.cross_entropy(
            z,
            target,
            self.reduction,
            weight=self.weight,
            ignore_index=self.ignore_index,
            label_smoothing=self.label_smoothing,
        )


class NLLLoss(LossModule):
    """The negative log-likelihood −w y of each target's class, from log-probabilities y, as log_softmax gives them.

    Arguments:
        weight: w, one for each class; the mean is divided by the sum of the weights of the targets. In the state.
        ignore_index: the class number of targets that do not count.
        reduction: ``"mean"`` or ``"sum"`` over all targets, or ``"none"``.

    Shapes: log-probabilities ``(N, C)``, ``(C,)`` or ``(N, C, d1, …)``; class numbers of this shape without C.

    >>> import nn, numpy as np
    >>> float(nn.NLLLoss()(np.array([[-0.5, -1.0], [-2.0, -0.1]]), np.array([1, 0])))
    1.5
    """

    ignore_index = Setting(_class_number)

    def __init__(self, weight: Array | None = None, *, ignore_index: int = -100, reduction: str = "mean") -> None:
        self.weight = buffer_of(self, "weight", weight)
        self.ignore_index = ignore_index
        self.reduction = reduction

    def forward(self, y: Array, target: Array) -> Array:
        """``mg.nll_loss``."""
        return mg.nll_loss(y, target, self.reduction, weight=self.weight, ignore_index=self.ignore_index)


class MultiMarginLoss(LossModule):
    """Σ max(0, margin − y_t + y_k)^p / C over all classes k but the right one, t: the hinge loss of C classes.

    Arguments:
        p: 1, or 2 for squares.
        margin: by how much the score of the right class is to exceed the others.
        weight: one for each class: a factor for the samples of this class. In the state.
        reduction: ``"mean"`` or ``"sum"`` over the batch, or ``"none"``.

    Shapes: scores ``(N, C)`` or ``(C,)``; class numbers ``(N,)`` or ``()``.

    >>> import nn, numpy as np
    >>> float(nn.MultiMarginLoss()(np.array([[1.0, 3.0, 2.5, 0.0]]), np.array([1])))  # (0 + 0.5 + 0) / 4
    0.125
    """

    p = Setting(_one_or_two)
    margin = Setting(real_number)

    def __init__(
        self, p: int = 1, margin: float = 1.0, weight: Array | None = None, *, reduction: str = "mean"
    ) -> None:
        self.p = p
        self.margin = margin
        self.weight = buffer_of(self, "weight", weight)
        self.reduction = reduction

    def forward(self, y: Array, target: Array) -> Array:
        """``mg.multi_margin_loss``."""
        return mg.multi_margin_loss(y, target, self.reduction, p=self.p, margin=self.margin, weight=self.weight)


class BCELoss(LossModule):
    """The binary cross-entropy −(t log y + (1 − t) log(1 − y)) of probabilities y and targets t.

    `BCEWithLogitsLoss` is more precise.

    Arguments:
        weight: a factor for each loss, which broadcasts to their shape. In the state.
        reduction: ``"mean"`` or ``"sum"`` of all losses, or ``"none"``.

    Shapes: probabilities of any shape; targets from 0 to 1 of the same shape.

    >>> import nn, numpy as np
    >>> round(float(nn.BCELoss()(np.array([0.5, 0.5]), np.array([1, 0]))), 4)  # log 2
    0.6931
    """

    def __init__(self, weight: Array | None = None, *, reduction: str = "mean") -> None:
        self.weight = buffer_of(self, "weight", weight)
        self.reduction = reduction

    def forward(self, y: Array, target: Array) -> Array:
        """``mg.binary_cross_entropy``."""
        return mg.binary_cross_entropy(y, target, self.reduction, weight=self.weight)


class BCEWithLogitsLoss(LossModule):
    """The binary cross-entropy of σ(z) and targets t, from logits z; the error signal is z̄ = σ(z) − t.

    Arguments:
        weight: a factor for each loss, which broadcasts to their shape. In the state.
        reduction: ``"mean"`` or ``"sum"`` of all losses, or ``"none"``.
        pos_weight: a factor for t log σ(z), such as the number of negatives for each positive; it broadcasts to the
            shape of the logits. In the state.

    Shapes: logits of any shape; targets from 0 to 1 of the same shape.

    >>> import nn, numpy as np
    >>> round(float(nn.BCEWithLogitsLoss()(np.zeros((3, 1)), np.array([[1], [0], [1]]))), 4)  # log 2
    0.6931
    """

    def __init__(
        self, weight: Array | None = None, *, reduction: str = "mean", pos_weight: Array | None = None
    ) -> None:
        self.weight = buffer_of(self, "weight", weight)
        self.pos_weight = buffer_of(self, "pos_weight", pos_weight)
        self.reduction = reduction

    def forward(self, z: Array, target: Array) -> Array:
        """``mg.binary_cross_entropy_with_logits``."""
        return mg.binary_cross_entropy_with_logits(
            z, target, self.reduction, weight=self.weight, pos_weight=self.pos_weight
        )


class SoftMarginLoss(LossModule):
    """log(1 + e^(−t y)) of logits y and targets t of 1 and −1.

    Arguments:
        reduction: ``"mean"`` or ``"sum"`` of all losses, or ``"none"``.

    Shapes: logits of any shape; targets of the same shape.

    >>> import nn, numpy as np
    >>> round(float(nn.SoftMarginLoss()(np.zeros(2), np.array([1, -1]))), 4)  # log 2
    0.6931
    """

    def __init__(self, reduction: str = "mean") -> None:
        self.reduction = reduction

    def forward(self, y: Array, target: Array) -> Array:
        """``mg.soft_margin_loss``."""
        return mg.soft_margin_loss(y, target, self.reduction)
