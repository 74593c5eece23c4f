"""Squared errors: the lecture's ½ Σ (t − y)², and the mean."""

from __future__ import annotations

from minigrad.core.primitive import Primitive
from minigrad.kernels.losses import squared_error as kernels
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.rules.elementwise.powers import square
from minigrad.rules.losses.loss_arguments import check_reduction, reduce, same_shapes
from minigrad.typing import Array

__all__ = ["mse_loss", "sum_squared_error"]

_mse_loss = Primitive(
    "mse_loss",
    kernels.mse_loss,
    lambda l_bar, l, y, t: in_single_precision(lambda l_bar: 2 / max(y.size, 1) * l_bar * (y - t), l_bar),
    lambda l_bar, l, y, t: in_single_precision(lambda l_bar: 2 / max(y.size, 1) * l_bar * (t - y), l_bar),
)
_sum_squared_error = Primitive(
    "sum_squared_error",
    kernels.sum_squared_error,
    lambda l_bar, l, y, t: l_bar * (y - t),
    lambda l_bar, l, y, t: l_bar * (t - y),
)


def mse_loss(y: Array, target: Array, reduction: str = "mean") -> Array:
    """The mean squared error mean((y − t)²) of a regression.

    Arguments:
        y: predictions, of any shape.
        target: the values to predict, of the same shape.
        reduction: ``"mean"`` or ``"sum"`` of all squares, or ``"none"`` for each.

    Raises:
        TypeError: for complex numbers.
        ValueError: if the shapes differ; broadcasting would compare every prediction with every target.

    >>> import minigrad as mg
    >>> mg.mse_loss(mg.Tensor([1.0, 2.0]), [1.0, 4.0])
    Tensor(2.)
    """
    check_reduction("mse_loss", reduction)
    y, target = same_shapes("mse_loss", y, target)
    return _mse_loss(y, target) if reduction == "mean" else reduce(square(y - target), reduction)


def sum_squared_error(y: Array, target: Array, reduction: str = "sum") -> Array:
    """Half the sum of squared errors, ½ Σ (t − y)², whose error signal is ȳ = y − t: the loss of the lecture.

    Arguments:
        y: predictions, of any shape.
        target: the values to predict, of the same shape.
        reduction: ``"sum"`` or ``"mean"`` of all halved squares, or ``"none"`` for each.

    Raises:
        TypeError: for complex numbers.
        ValueError: if the shapes differ.

    >>> import minigrad as mg
    >>> y = mg.Tensor([1.0, 2.0], requires_grad=True)
    >>> mg.sum_squared_error(y, [1.0, 4.0]).backward()
    >>> y.grad
    array([ 0., -2.])
    """
    check_reduction("sum_squared_error", reduction)
    y, target = same_shapes("sum_squared_error", y, target)
    return _sum_squared_error(y, target) if reduction == "sum" else reduce(square(y - target) / 2, reduction)
