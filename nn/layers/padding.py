"""Padding of images, as a layer of its own."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

import minigrad as mg
from nn.hyperparameters import whole_number
from nn.module import Module
from nn.typing import Array

__all__ = ["ReflectionPad2d", "ZeroPad2d"]


class _Pad2d(Module):
    """Images with more pixels around them; `mode` is one of ``mg.pad``."""

    mode: ClassVar[str]

    def __init__(self, padding: int | tuple[int, int, int, int]) -> None:
        name = f"{type(self).__name__}: padding"
        sides = padding if isinstance(padding, tuple | list) else (padding,) * 4
        if len(sides) != 4:
            raise ValueError(f"{name} is {padding}, expected a number, or four: (left, right, top, bottom)")
        self.padding = tuple(whole_number(name, n, least=0) for n in sides)

    def forward(self, x: Array) -> Array:
        """``mg.pad`` along the last two axes."""
        if np.ndim(x) not in (3, 4):
            raise ValueError(
                f"{type(self).__name__}: the input has shape {np.shape(x)}, expected images (N, C, H, W) or (C, H, W)"
            )
        left, right, top, bottom = self.padding
        return mg.pad(x, ((0, 0),) * (np.ndim(x) - 2) + ((top, bottom), (left, right)), self.mode)

    def extra_repr(self) -> str:
        """The padding of each side."""
        return f"{self.padding}"


class ZeroPad2d(_Pad2d):
    """Images with a border of zeros.

    Arguments:
        padding: the number of pixels on every side, or (left, right, top, bottom).

    Shapes: input ``(N, C, H, W)`` or ``(C, H, W)``, output likewise with H + top + bottom rows and
    W + left + right columns.

    Raises:
        TypeError: if a number is not whole.
        ValueError: if one is negative, or there are not four; in a call, if the input has other axes.

    >>> import nn, numpy as np
    >>> nn.ZeroPad2d((1, 0, 1, 0))(np.ones((1, 1, 2)))
    array([[[0., 0., 0.],
            [0., 1., 1.]]])
    """

    mode = "constant"


class ReflectionPad2d(_Pad2d):
    """Images with a border that mirrors what is next to it, without the outermost pixels themselves.

    Arguments:
        padding: the number of pixels on every side, or (left, right, top, bottom).

    Shapes: as `ZeroPad2d`.

    Raises:
        TypeError, ValueError: as `ZeroPad2d`.

    >>> import nn, numpy as np
    >>> nn.ReflectionPad2d((2, 1, 0, 0))(np.array([[[1.0, 2.0, 3.0]]]))
    array([[[3., 2., 1., 2., 3., 2.]]])
    """

    mode = "reflect"
