"""Layers that change the shape: from feature maps to vectors, and back."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import Setting, axis_number, whole_number
from nn.module import Module

__all__ = ["Flatten", "Reshape", "Unflatten"]


class Flatten(Module):
    """Several axes in one; by default each sample becomes one vector: ``(N, C, H, W)`` becomes ``(N, C·H·W)``.

    Arguments:
        start_dim, end_dim: the first and the last of these axes; negative ones are counted from the end.

    Raises:
        TypeError: if they are not whole numbers.
        ValueError: in a call, if the input does not have these axes.

    >>> import nn, numpy as np
    >>> nn.Flatten()(np.ones((8, 16, 5, 5))).shape
    (8, 400)
    >>> nn.Flatten(start_dim=2)(np.ones((8, 16, 5, 5))).shape
    (8, 16, 25)
    """

    start_dim = Setting(axis_number)
    end_dim = Setting(axis_number)

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, x: Any) -> Any:
        """`x` with these axes in one."""
        shape = np.shape(x)
        if not shape:
            raise ValueError(f"Flatten: got a single {type(x).__name__}, expected samples along the first axis (N, …)")
        n = len(shape)
        start, end = (axis + n if axis < 0 else axis for axis in (self.start_dim, self.end_dim))
        of_numbers = (n, start, end) == (1, 1, 0)  # (N,): each sample is one number, and so a vector of one
        if not (0 <= start <= end < n or of_numbers):
            raise ValueError(
                f"Flatten: the input has shape {shape}, where start_dim={self.start_dim} and end_dim={self.end_dim} "
                "are not axes in this order"
            )
        return mg.reshape(x, (*shape[:start], prod(shape[start : end + 1]), *shape[end + 1 :]))

    def describe(self) -> list[str]:
        """The axes only where they are not all but the first."""
        return ["Flatten"] if (self.start_dim, self.end_dim) == (1, -1) else super().describe()

    def extra_repr(self) -> str:
        """The axes."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Unflatten(Module):
    """One axis as several: the inverse of `Flatten`.

    Arguments:
        dim: the axis; a negative one is counted from the end.
        unflattened_size: the lengths of the new axes. One of them may be −1, and is inferred.

    Raises:
        TypeError: if they are not whole numbers.
        ValueError: in a call, if the input does not have this axis, or the lengths do not fit it.

    >>> import nn, numpy as np
    >>> nn.Unflatten(1, (16, 5, 5))(np.ones((8, 400))).shape
    (8, 16, 5, 5)
    """

    dim = Setting(axis_number)

    def __init__(self, dim: int, unflattened_size: tuple[int, ...]) -> None:
        self.dim = dim
        self.unflattened_size = _lengths("Unflatten: unflattened_size", unflattened_size)

    def forward(self, x: Any) -> Any:
        """`x` with this axis as several."""
        shape = np.shape(x)
        if not -len(shape) <= self.dim < len(shape):
            raise ValueError(f"Unflatten: the input has shape {shape}, which has no axis {self.dim}")
        axis = self.dim % len(shape)
        lengths = _inferred(self.unflattened_size, shape[axis])
        if prod(lengths) != shape[axis]:
            raise ValueError(
                f"Unflatten: axis {self.dim} of the input of shape {shape} has {shape[axis]} elements, which do not "
                f"fit the lengths {self.unflattened_size}"
            )
        return mg.reshape(x, (*shape[:axis], *lengths, *shape[axis + 1 :]))

    def extra_repr(self) -> str:
        """The arguments."""
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"


class Reshape(Module):
    """Each sample in another shape: ``(N, …)`` becomes ``(N, *shape)``.

    Arguments:
        shape: the lengths of a sample's axes, one by one or as a tuple, without that of the batch. One of them may be
            −1, and is inferred.

    Raises:
        TypeError: if they are not whole numbers.
        ValueError: in a call, if the samples have another number of elements.

    >>> import nn, numpy as np
    >>> nn.Reshape(16, 5, 5)(np.ones((8, 400))).shape
    (8, 16, 5, 5)
    """

    def __init__(self, *shape: int) -> None:
        given: Any = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple | list) else shape
        self.shape = _lengths("Reshape: shape", given)

    def forward(self, x: Any) -> Any:
        """`x` with samples of this shape."""
        given = np.shape(x)
        if not given:
            raise ValueError(f"Reshape: got a single {type(x).__name__}, expected samples along the first axis (N, …)")
        size = prod(given[1:])
        lengths = _inferred(self.shape, size)
        if prod(lengths) != size:
            raise ValueError(
                f"Reshape: the input has shape {given}, samples of {size} numbers, which do not fit the shape "
                f"{self.shape}; leave the batch axis out"
            )
        return mg.reshape(x, (given[0], *lengths))

    def extra_repr(self) -> str:
        """The shape."""
        return ", ".join(map(str, self.shape))


def _lengths(what: str, given: Any) -> tuple[int, ...]:
    """Lengths of axes, of which one may be −1."""
    if not isinstance(given, tuple | list):
        raise TypeError(f"{what} is {given!r}, expected a tuple of lengths")
    lengths = tuple(whole_number(what, n, least=-1) for n in given)
    if lengths.count(-1) > 1:
        raise ValueError(f"{what} is {lengths}, expected at most one −1, which is inferred")
    return lengths


def _inferred(lengths: tuple[int, ...], size: int) -> tuple[int, ...]:
    """The lengths, with that which gives this number of elements for −1."""
    others = prod(n for n in lengths if n != -1)
    return tuple((size // others if others else 0) if n == -1 else n for n in lengths)
