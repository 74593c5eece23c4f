"""Losses of models that predict distributions."""

from __future__ import annotations

import minigrad as mg
from nn.hyperparameters import Setting, finite_number, positive_number, true_or_false
from nn.losses.loss import LossModule, reductions
from nn.typing import Array

__all__ = ["GaussianNLLLoss", "KLDivLoss", "PoissonNLLLoss"]


class KLDivLoss(LossModule):
    """The terms t (log t − y) of the Kullback-Leibler divergence, from *log*-probabilities y.

    Arguments:
        reduction: ``"batchmean"`` for the divergence, averaged over the samples; ``"mean"`` or ``"sum"`` of all terms,
            or ``"none"``.
        log_target: whether the targets are logarithms of probabilities.

    Shapes: log-probabilities of any shape, samples first; targets of the same shape.

    >>> import nn, numpy as np
    >>> y = np.log([[0.5, 0.5]])
    >>> round(float(nn.KLDivLoss("batchmean")(y, np.array([[1.0, 0.0]]))), 4)  # log 2
    0.6931
    """

    reduction = reductions("batchmean")
    log_target = Setting(true_or_false)

    def __init__(self, reduction: str = "mean", log_target: bool = False) -> None:
        self.reduction = reduction
        self.log_target = log_target

    def forward(self, y: Array, target: Array) -> Array:
        """``mg.kl_div``."""
        return mg.kl_div(y, target, self.reduction, log_target=self.log_target)


class PoissonNLLLoss(LossModule):
    """The negative log-likelihood e^y − t y of counts t, from the logarithms y of their means.

    Arguments:
        log_input: whether outputs are logarithms; if not, the terms are y − t log(y + eps).
        full: whether to add log t! in Stirling's approximation.
        eps: added to means before their logarithm.
        reduction: ``"mean"`` or ``"sum"`` of all terms, or ``"none"``.

    >>> import nn, numpy as np
    >>> float(nn.PoissonNLLLoss()(np.zeros(2), np.array([2.0, 0.0])))
    1.0
    """

    log_input, full = Setting(true_or_false), Setting(true_or_false)
    eps = Setting(finite_number)

    def __init__(
        self, log_input: bool = True, full: bool = False, *, eps: float = 1e-8, reduction: str = "mean"
    ) -> None:
        self.log_input = log_input
        self.full = full
        self.eps = eps
        self.reduction = reduction

    def forward(self, y: Array, target: Array) -> Array:
        """``mg.poisson_nll_loss``."""
        return mg.poisson_nll_loss(y, target, self.reduction, log_input=self.log_input, full=self.full, eps=self.eps)


class GaussianNLLLoss(LossModule):
    """The negative log-likelihood ½ (log v + (y − t)² / v) of numbers t, from their means y and variances v.

    Arguments:
        full: whether to add the constant ½ log 2π.
        eps: the least variance.
        reduction: ``"mean"`` or ``"sum"`` of all terms, or ``"none"``.

    Shapes: means of any shape; targets of the same shape; variances of this shape, one for each sample, or one
    for all.

    >>> import nn, numpy as np
    >>> float(nn.GaussianNLLLoss()(np.array([1.0, 3.0]), np.array([1.0, 1.0]), np.array([1.0, 1.0])))
    1.0
    """

    full = Setting(true_or_false)
    eps = Setting(positive_number)

    def __init__(self, *, full: bool = False, eps: float = 1e-6, reduction: str = "mean") -> None:
        self.full = full
        self.eps = eps
        self.reduction = reduction

    def forward(self, y: Array, target: Array, var: Array) -> Array:
        """``mg.gaussian_nll_loss``."""
        return mg.gaussian_nll_loss(y, target, var, self.reduction, full=self.full, eps=self.eps)
