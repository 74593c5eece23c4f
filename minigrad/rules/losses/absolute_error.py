"""Absolute errors, in which outliers count less than in squared ones, and errors that are squared only near 0."""

from __future__ import annotations

import math

from minigrad.core.primitive import Primitive
from minigrad.kernels.losses import absolute_error as kernels
from minigrad.rules.builtin_axes import elementwise
from minigrad.rules.elementwise.arithmetic import abs
from minigrad.rules.elementwise.extrema import clip
from minigrad.rules.losses.loss_arguments import as_number, check_reduction, reduce, same_shapes
from minigrad.typing import Array

__all__ = ["huber_loss", "l1_loss", "smooth_l1_loss"]

_huber = Primitive(
    "huber",
    kernels.huber,
    lambda y_bar, y, x, delta: y_bar * clip(x, -delta, delta),
    axes=elementwise,
)


def l1_loss(y: Array, target: Array, reduction: str = "mean") -> Array:
    """The absolute error ``|y − t|``; its slope at 0 is 0.

    Arguments:
        y: predictions, of any shape.
        target: the values to predict, of the same shape.
        reduction: ``"mean"`` or ``"sum"`` of all errors, or ``"none"`` for each.

    Raises:
        TypeError: for complex numbers.
        ValueError: if the shapes differ.

    >>> import minigrad as mg
    >>> mg.l1_loss(mg.Tensor([1.0, 2.0]), [1.0, 5.0])
    Tensor(1.5)
    """
    check_reduction("l1_loss", reduction)
    y, target = same_shapes("l1_loss", y, target)
    return reduce(abs(y - target), reduction)


def huber_loss(y: Array, target: Array, reduction: str = "mean", *, delta: float = 1.0) -> Array:
    """½ (y − t)² where ``|y − t|`` ≤ δ, and ``δ (|y − t| − ½ δ)`` elsewhere: a squared error whose slope is at most δ.

    Arguments:
        y: predictions, of any shape.
        target: the values to predict, of the same shape.
        reduction: ``"mean"`` or ``"sum"`` of all errors, or ``"none"`` for each.
        delta: δ, positive.

    Raises:
        TypeError: for complex numbers.
        ValueError: if the shapes differ, or δ is not positive.

    >>> import minigrad as mg
    >>> y = mg.Tensor([0.5, 8.0], requires_grad=True)
    >>> mg.huber_loss(y, [0.0, 0.0], "sum").backward()
    >>> y.grad
    array([0.5, 1. ])
    """
    check_reduction("huber_loss", reduction)
    delta = as_number("huber_loss: delta", delta, "a positive number", lambda delta: 0 < delta < math.inf)
    y, target = same_shapes("huber_loss", y, target)
    return reduce(_huber(y - target, delta=delta), reduction)


def smooth_l1_loss(y: Array, target: Array, reduction: str = "mean", *, beta: float = 1.0) -> Array:
    """(y − t)² / 2β where ``|y − t|`` ≤ β, and ``|y − t| − ½ β`` elsewhere: an absolute error that is smooth at 0.

    It is ``huber_loss`` with δ = β, divided by β; with β = 0 it is ``l1_loss``.

    Arguments:
        y: predictions, of any shape.
        target: the values to predict, of the same shape.
        reduction: ``"mean"`` or ``"sum"`` of all errors, or ``"none"`` for each.
        beta: β, not negative.

    Raises:
        TypeError: for complex numbers.
        ValueError: if the shapes differ, or β is negative.

    >>> import minigrad as mg
    >>> mg.smooth_l1_loss(mg.Tensor([0.5, 8.0]), [0.0, 0.0], "none")
    Tensor([0.125, 7.5  ])
    """
    check_reduction("smooth_l1_loss", reduction)
    beta = as_number("smooth_l1_loss: beta", beta, "a number of at least 0", lambda beta: 0 <= beta < math.inf)
    y, target = same_shapes("smooth_l1_loss", y, target)
    return reduce(_huber(y - target, delta=beta) / beta if beta else abs(y - target), reduction)
