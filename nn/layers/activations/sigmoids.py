"""Sigmoids: functions that rise from one bound to another."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from nn.hyperparameters import Setting, real_number
from nn.module import Module
from nn.typing import Array

__all__ = ["Hardsigmoid", "Hardtanh", "LogSigmoid", "Sigmoid", "Softsign", "Tanh", "Tanhshrink"]


class Sigmoid(Module):
    """σ(x) = 1 / (1 + e^−x), element by element: a number between 0 and 1.

    >>> import nn, numpy as np
    >>> nn.Sigmoid()(np.array([-1000.0, 0.0]))
    array([0. , 0.5])
    """

    def forward(self, x: Array) -> Array:
        """``mg.sigmoid``."""
        return mg.sigmoid(x)


class LogSigmoid(Module):
    """log σ(x) = −log(1 + e^−x), element by element, also where σ(x) underflows to 0.

    >>> import nn, numpy as np
    >>> nn.LogSigmoid()(np.array([-1000.0, 0.0])).round(4)
    array([-1.000e+03, -6.931e-01])
    """

    def forward(self, x: Array) -> Array:
        """``mg.log_sigmoid``."""
        return mg.log_sigmoid(x)


class Hardsigmoid(Module):
    """min(max(0, x + 3), 6) / 6, element by element: straight lines in place of σ, with slope 0 at −3 and 3.

    >>> import nn, numpy as np
    >>> nn.Hardsigmoid()(np.array([-4.0, 0.0, 1.5]))
    array([0.  , 0.5 , 0.75])
    """

    def forward(self, x: Array) -> Array:
        """``mg.hard_sigmoid``."""
        return mg.hard_sigmoid(x)


class Tanh(Module):
    """tanh(x) = 2 σ(2x) − 1, element by element: a number between −1 and 1.

    >>> import nn, numpy as np
    >>> nn.Tanh()(np.array([-1000.0, 0.0]))
    array([-1.,  0.])
    """

    def forward(self, x: Array) -> Array:
        """``mg.tanh``."""
        return mg.tanh(x)


class Hardtanh(Module):
    """x, limited to the range from `min_val` to `max_val`, element by element, with slope 0 at both ends.

    Raises:
        TypeError: if a limit is not a number.
        ValueError: if `min_val` is not less than `max_val`.

    >>> import nn, numpy as np
    >>> nn.Hardtanh(-2.0, 2.0)(np.array([-3.0, 0.5]))
    array([-2. ,  0.5])
    """

    min_val = Setting(real_number)
    max_val = Setting(real_number)

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0) -> None:
        self.min_val = min_val
        self.max_val = max_val
        if self.min_val >= self.max_val:
            raise ValueError(f"Hardtanh: min_val is {min_val} and max_val {max_val}; min_val must be the smaller one")

    def forward(self, x: Array) -> Array:
        """``mg.hard_tanh`` between these limits."""
        return mg.hard_tanh(x, self.min_val, self.max_val)

    def extra_repr(self) -> str:
        """The limits."""
        return f"min_val={self.min_val}, max_val={self.max_val}"


class Softsign(Module):
    """``x / (1 + |x|)``, element by element: between −1 and 1 like tanh, and slower to saturate.

    >>> import nn, numpy as np
    >>> nn.Softsign()(np.array([-3.0, 0.0, 1.0]))
    array([-0.75,  0.  ,  0.5 ])
    """

    def forward(self, x: Array) -> Array:
        """``x / (1 + |x|)``."""
        return mg.divide(x, 1 + np.fabs(x))


class Tanhshrink(Module):
    """x − tanh(x), element by element.

    >>> import nn, numpy as np
    >>> nn.Tanhshrink()(np.array([0.0, 100.0]))
    array([ 0., 99.])
    """

    def forward(self, x: Array) -> Array:
        """``x - mg.tanh(x)``."""
        return mg.subtract(x, mg.tanh(x))
