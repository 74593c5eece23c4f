"""Losses of models that predict numbers."""

from __future__ import annotations

import minigrad as mg
from nn.hyperparameters import Setting, finite_number, positive_number
from nn.losses.loss import LossModule
from nn.typing import Array

__all__ = ["HuberLoss", "L1Loss", "MSELoss", "SmoothL1Loss", "SumSquaredErrorLoss"]


class MSELoss(LossModule):
    """The mean squared error of outputs and targets.

    Arguments:
        reduction: ``"mean"`` or ``"sum"`` of all squares, or ``"none"``.

    Raises:
        ValueError: in a call, if the shapes differ: broadcasting would compare every output with every target.

    >>> import nn, numpy as np
    >>> float(nn.MSELoss()(np.array([1.0, 2.0]), np.array([1.0, 4.0])))
    2.0
    """

    def __init__(self, reduction: str = "mean") -> None:
        self.reduction = reduction

    def forward(self, y: Array, target: Array) -> Array:
        """``mg.mse_loss``."""
        return mg.mse_loss(y, target, self.reduction)


class SumSquaredErrorLoss(LossModule):
    """½ Σ (t − y)², the loss of the lecture, whose error signal is ȳ = y − t.

    Arguments:
        reduction: ``"sum"`` or ``"mean"`` of all halved squares, or ``"none"``.

    Raises:
        ValueError: in a call, if the shapes differ.

    >>> import nn, numpy as np
    >>> float(nn.SumSquaredErrorLoss()(np.array([1.0, 2.0]), np.array([2.0, 5.0])))
    5.0
    """

    def __init__(self, reduction: str = "sum") -> None:
        self.reduction = reduction

    def forward(self, y: Array, target: Array) -> Array:
        """``mg.sum_squared_error``."""
        return mg.sum_squared_error(y, target, self.reduction)


class L1Loss(LossModule):
    """The absolute error ``|y − t|`` of outputs and targets; outliers count less than in `MSELoss`.

    Arguments:
        reduction: ``"mean"`` or ``"sum"`` of all errors, or ``"none"``.

    Raises:
        ValueError: in a call, if the shapes differ.

    >>> import nn, numpy as np
    >>> float(nn.L1Loss()(np.array([1.0, 2.0]), np.array([1.0, 5.0])))
    1.5
    """

    def __init__(self, reduction: str = "mean") -> None:
        self.reduction = reduction

    def forward(self, y: Array, target: Array) -> Array:
        """``mg.l1_loss``."""
        return mg.l1_loss(y, target, self.reduction)


class HuberLoss(LossModule):
    """½ (y − t)² where ``|y − t|`` ≤ δ, and ``δ (|y − t| − ½ δ)`` elsewhere.

    Arguments:
        reduction: ``"mean"`` or ``"sum"`` of all errors, or ``"none"``.
        delta: δ, more than 0.

    Raises:
        ValueError: in a call, if the shapes differ.

    Source: Huber, "Robust estimation of a location parameter", 1964.

    >>> import nn, numpy as np
    >>> nn.HuberLoss("none")(np.array([0.5, 8.0]), np.array([0.0, 0.0]))
    array([0.125, 7.5  ])
    """

    delta = Setting(positive_number)

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        self.reduction = reduction
        self.delta = delta

    def forward(self, y: Array, target: Array) -> Array:
        """``mg.huber_loss``."""
        return mg.huber_loss(y, target, self.reduction, delta=self.delta)


class SmoothL1Loss(LossModule):
    """(y − t)² / 2β where ``|y − t|`` ≤ β, and ``|y − t| − ½ β`` elsewhere; with β = 0 it is `L1Loss`.

    Arguments:
        reduction: ``"mean"`` or ``"sum"`` of all errors, or ``"none"``.
        beta: β, not negative.

    Raises:
        ValueError: in a call, if the shapes differ.

    Source: Girshick, "Fast R-CNN", ICCV 2015.

    >>> import nn, numpy as np
    >>> nn.SmoothL1Loss("none", beta=2.0)(np.array([1.0, 8.0]), np.array([0.0, 0.0]))
    array([0.25, 7.  ])
    """

    beta = Setting(finite_number)

    def __init__(self, reduction: str = "mean", beta: float = 1.0) -> None:
        self.reduction = reduction
        self.beta = beta

    def forward(self, y: Array, target: Array) -> Array:
        """``mg.smooth_l1_loss``."""
        return mg.smooth_l1_loss(y, target, self.reduction, beta=self.beta)
