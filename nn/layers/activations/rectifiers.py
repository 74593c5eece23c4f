"""Rectifiers: piecewise linear functions with a kink at 0."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import Setting, real_number, whole_number
from nn.init.room import take_room
from nn.module import Module, Parameter
from nn.typing import Array

__all__ = ["LeakyReLU", "PReLU", "ReLU", "ReLU6"]


class ReLU(Module):
    """max(0, x), element by element, with slope 0 at 0.

    Source: Nair, Hinton, "Rectified linear units improve restricted Boltzmann machines", ICML 2010.

    >>> import nn, numpy as np
    >>> nn.ReLU()(np.array([-1.0, 2.0]))
    array([0., 2.])
    """

    def forward(self, x: Array) -> Array:
        """``mg.relu``."""
        return mg.relu(x)


class ReLU6(Module):
    """min(max(0, x), 6), element by element, with slope 0 at 0 and at 6.

    Source: Howard et al., "MobileNets", 2017.

    >>> import nn, numpy as np
    >>> nn.ReLU6()(np.array([-1.0, 2.0, 8.0]))
    array([0., 2., 6.])
    """

    def forward(self, x: Array) -> Array:
        """``mg.relu6``."""
        return mg.relu6(x)


class LeakyReLU(Module):
    """x where it is positive, a x elsewhere, element by element, so that no unit stops learning.

    Arguments:
        negative_slope: a, also the slope at 0.

    Raises:
        TypeError: if it is not a number.

    Source: Maas, Hannun, Ng, "Rectifier nonlinearities improve neural network acoustic models", ICML 2013.

    >>> import nn, numpy as np
    >>> nn.LeakyReLU(0.1)(np.array([-1.0, 2.0]))
    array([-0.1,  2. ])
    """

    negative_slope = Setting(real_number)

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = negative_slope

    def forward(self, x: Array) -> Array:
        """``mg.leaky_relu`` with this slope."""
        return mg.leaky_relu(x, self.negative_slope)

    def extra_repr(self) -> str:
        """The slope."""
        return f"negative_slope={self.negative_slope}"


class PReLU(Module):
    """x where it is positive, a x elsewhere, where each channel learns its slope a.

    Weight decay would pull a towards 0: leave it out for this layer.

    Arguments:
        num_parameters: the number of channels, or 1 for one slope that all share.
        init: the initial value of a.
        dtype: of the parameter.

    Shapes: input ``(N, num_parameters, …)``, of any shape for one slope; output likewise; ``weight``
    (num_parameters,).

    Raises:
        TypeError: if `num_parameters` is not a whole number, or `init` not a number.
        ValueError: if `num_parameters` is less than 1; in a call, if the input has another number of channels.

    Source: He, Zhang, Ren, Sun, "Delving deep into rectifiers", ICCV 2015.

    >>> import nn, numpy as np
    >>> nn.PReLU(2, dtype=np.float64)(np.array([[-1.0, 2.0]]))
    Tensor([[-0.25,  2.  ]], made by leaky_relu)
    """

    def __init__(self, num_parameters: int = 1, init: float = 0.25, *, dtype: Any = np.float32) -> None:
        shape = (whole_number("PReLU: num_parameters", num_parameters, least=1),)
        take_room(shape)
        self.weight = Parameter(np.full(shape, real_number("PReLU: init", init)), dtype=dtype)

    def forward(self, x: Array) -> Array:
        """``mg.prelu`` with this layer's slopes."""
        return mg.prelu(x, self.weight)

    def extra_repr(self) -> str:
        """The number of slopes."""
        return f"num_parameters={self.weight.size}"
