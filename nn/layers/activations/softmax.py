"""Softmax, its logarithm, and softmin: numbers along an axis compete with one another."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import Setting, axis_number
from nn.module import Module
from nn.typing import Array

__all__ = ["LogSoftmax", "Softmax", "Softmin"]


def _axis_or_none(what: str, value: Any) -> int | None:
    return None if value is None else axis_number(what, value)


class _AlongAxis(Module):
    """A function along the axis `dim`."""

    dim = Setting(_axis_or_none)

    def __init__(self, dim: int | None = None) -> None:
        self.dim = dim

    def _axis(self, x: Array) -> int:
        """`dim`; the last axis of ``(C,)`` and ``(N, C)`` if it is not given.

        Raises:
            ValueError: if it is not given for an input with more axes.
        """
        if self.dim is not None:
            return int(self.dim)
        if np.ndim(x) > 2:
            name = type(self).__name__
            raise ValueError(
                f"{name}: the input has shape {np.shape(x)}, and no axis was named; write {name}(dim=1) where the "
                f"classes are the channels (N, C, …), {name}(dim=-1) where they are on the last axis"
            )
        return -1

    def extra_repr(self) -> str:
        """The axis."""
        return f"dim={self.dim}"


class Softmax(_AlongAxis):
    """exp(xᵢ) / Σⱼ exp(xⱼ) along an axis, without overflow: positive numbers that sum to 1.

    `CrossEntropyLoss` takes the values before it.

    Arguments:
        dim: the axis of the classes. It may be left out for inputs of shape ``(C,)`` and ``(N, C)``.

    Raises:
        TypeError: if it is not a whole number.
        ValueError: in a call, if it was left out for an input with more axes.

    >>> import nn, numpy as np
    >>> nn.Softmax(dim=1)(np.array([[1000.0, 1000.0]]))
    array([[0.5, 0.5]])
    """

    def forward(self, x: Array) -> Array:
        """``mg.softmax`` along the axis."""
        return mg.softmax(x, self._axis(x))


class LogSoftmax(_AlongAxis):
    """log softmax(x) along an axis, precise also where softmax(x) underflows to 0.

    Arguments:
        dim: as for `Softmax`.

    Raises:
        TypeError, ValueError: as `Softmax`.

    >>> import nn, numpy as np
    >>> nn.LogSoftmax(dim=1)(np.array([[0.0, 1000.0]]))
    array([[-1000.,     0.]])
    """

    def forward(self, x: Array) -> Array:
        """``mg.log_softmax`` along the axis."""
        return mg.log_softmax(x, self._axis(x))


class Softmin(_AlongAxis):
    """softmax(−x) along an axis: the smallest number gets the largest share.

    Arguments:
        dim: as for `Softmax`.

    Raises:
        TypeError, ValueError: as `Softmax`.

    >>> import nn, numpy as np
    >>> nn.Softmin(dim=1)(np.array([[0.0, 1000.0]]))
    array([[1., 0.]])
    """

    def forward(self, x: Array) -> Array:
        """``mg.softmax`` of −x along the axis."""
        return mg.softmax(mg.negative(x), self._axis(x))
