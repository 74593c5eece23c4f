"""Losses of distributions: Kullback-Leibler divergence, and the likelihood of counts and of normal variables."""

from __future__ import annotations

import math

import numpy as np

from minigrad.core.primitive import Binary
from minigrad.kernels.losses import divergence as kernels
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.elementwise.exponential import exp, log
from minigrad.rules.elementwise.extrema import maximum
from minigrad.rules.elementwise.powers import square
from minigrad.rules.losses.loss_arguments import as_number, as_weights, check_reduction, named, reduce, same_shapes
from minigrad.rules.manipulation.select import where
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.reductions.sum import sum
from minigrad.typing import Array

__all__ = ["gaussian_nll_loss", "kl_div", "poisson_nll_loss"]

_kl_div = Binary(
    "kl_div",
    kernels.kl_div,
    lambda l_bar, l, y, t: -l_bar * t,
    lambda l_bar, l, y, t: l_bar * (np.log(t) + 1 - y),
)


def kl_div(y: Array, target: Array, reduction: str = "mean", *, log_target: bool = False) -> Array:
    """The terms t (log t − y) of the Kullback-Leibler divergence, from *log*-probabilities y.

    A target of 0 adds nothing. The divergence is their sum; ``"batchmean"`` is its mean over the samples.

    Arguments:
        y: log-probabilities, of any shape.
        target: probabilities, of the same shape.
        reduction: ``"mean"`` or ``"sum"`` of all terms, ``"batchmean"`` for their sum divided by the number of
            samples, the length of the first axis, or ``"none"`` for each term.
        log_target: whether the targets are logarithms of probabilities.

    Raises:
        TypeError: for complex numbers.
        ValueError: if the shapes differ, or a target is negative.

    >>> import minigrad as mg
    >>> y = mg.log_softmax(mg.Tensor([[0.0, 0.0]]))
    >>> mg.kl_div(y, [[1.0, 0.0]], "batchmean")  # log 2
    Tensor(0.69314718)
    """
    check_reduction("kl_div", reduction, "batchmean")
    y, target = same_shapes("kl_div", y, target)
    if log_target:
        target = named(target, "t", y)
        terms = exp(target) * (target - y)
    else:
        values = unwrap(target)
        if np.any(values < 0):
            swapped = bool(np.all(unwrap(y) >= 0))
            raise ValueError(
                f"kl_div: targets are probabilities, got {values.min():g}"
                + ("; the log-probabilities come first: kl_div(y, target)" if swapped else "")
                + ("; for logarithms of them, write log_target=True" if np.all(values <= 0) else "")
            )
        terms = _kl_div(y, target)
    if reduction == "batchmean":
        n = y.shape[0] if y.shape else 1
        return in_single_precision(lambda terms: sum(terms) / n, terms)
    return reduce(terms, reduction)


def poisson_nll_loss(
    y: Array, target: Array, reduction: str = "mean", *, log_input: bool = True, full: bool = False, eps: float = 1e-8
) -> Array:
    """The negative log-likelihood of counts t of a Poisson distribution: e^y − t y from the logarithm y of its mean.

    Arguments:
        y: logarithms of means, of any shape; or the means, where the terms are y − t log(y + eps).
        target: counts, of the same shape.
        reduction: ``"mean"`` or ``"sum"`` of all terms, or ``"none"`` for each.
        log_input: whether `y` are logarithms.
        full: whether to add log t! in Stirling's approximation, t log t − t + ½ log 2πt for t > 1.
        eps: added to means before their logarithm.

    Raises:
        TypeError: for complex numbers.
        ValueError: if the shapes differ.

    >>> import minigrad as mg
    >>> mg.poisson_nll_loss(mg.Tensor([0.0, 1.0]), [2.0, 0.0], "none")
    Tensor([1.        , 2.71828183])
    """
    check_reduction("poisson_nll_loss", reduction)
    eps = as_number("poisson_nll_loss: eps", eps)
    y, target = same_shapes("poisson_nll_loss", y, target)
    terms = exp(y) - target * y if log_input else y - target * log(y + eps)
    if full:
        many = maximum(target, 1)
        stirling = many * log(many) - many + log(2 * math.pi * many) / 2
        terms = terms + where(unwrap(target) > 1, stirling, 0)
    return reduce(terms, reduction)


def gaussian_nll_loss(
    y: Array, target: Array, var: Array, reduction: str = "mean", *, full: bool = False, eps: float = 1e-6
) -> Array:
    """The negative log-likelihood ½ (log v + (y − t)² / v) of numbers t of a normal distribution.

    Arguments:
        y: means, of any shape.
        target: the numbers to predict, of the same shape.
        var: the variances v, not negative: of this shape, one for each sample (without the last axis), or one for all.
        reduction: ``"mean"`` or ``"sum"`` of all terms, or ``"none"`` for each.
        full: whether to add the constant ½ log 2π.
        eps: the least variance; a smaller one counts as `eps`, and has the slope at `eps`.

    Raises:
        TypeError: for complex numbers.
        ValueError: if the shapes do not fit, or a variance is negative.

    >>> import minigrad as mg
    >>> mg.gaussian_nll_loss(mg.Tensor([1.0, 3.0]), [1.0, 1.0], [1.0, 1.0], "none")
    Tensor([0., 2.])
    """
    check_reduction("gaussian_nll_loss", reduction)
    y, target = same_shapes("gaussian_nll_loss", y, target)
    var = as_array(var, "gaussian_nll_loss", y)
    if var.shape and var.shape == y.shape[:-1]:
        var = np.expand_dims(var, -1)
    if var.shape not in ((), y.shape, (*y.shape[:-1], 1)):
        raise ValueError(
            f"gaussian_nll_loss: var has shape {var.shape}, expected that of the outputs, {y.shape}, or one number "
            "for each sample or for all"
        )
    var = as_weights("gaussian_nll_loss", var, y, "var")
    eps = as_number("gaussian_nll_loss: eps", eps, "a positive number", lambda eps: 0 < eps < math.inf)
    variances = unwrap(var)
    if np.any(variances < 0):
        raise ValueError(f"gaussian_nll_loss: var are variances, which are not negative, got {variances.min():g}")
    if np.any(variances < eps):
        var = var + np.maximum(eps - variances, 0)
    terms = (log(var) + square(y - target) / var) / 2
    return reduce(terms + math.log(2 * math.pi) / 2 if full else terms, reduction)
