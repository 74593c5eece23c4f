"""TODO"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive, Unary
from minigrad.kernels.elementwise import special
from minigrad.kernels.elementwise import special as kernels

__all__ = ["erf", "sinc"]

# fmt: off
erf        = Unary("erf",        special.erf,    lambda y_bar, y, x: y_bar * (2 / math.sqrt(math.pi) * np.exp(-(x**2))))
# fmt: on

erf.__doc__ = "2/√π times the integral of e^(−u²) from 0 to x. It needs SciPy: ``pip install scipy``."

_sinc: Primitive = Primitive(
    "sinc",
    kernels.sinc,
    lambda y_bar, y, x, order: y_bar * _sinc(x, order=order + 1),
)


@implements(np.sinc)
def sinc(x: Any) -> Any:
    """sin(πx) / (πx), and 1 at 0. It and its derivatives of any order are precise near 0 too.

    >>> import minigrad as mg
    >>> x = mg.Tensor([0.5, 1.0], requires_grad=True)
    >>> mg.sinc(x).sum().backward()
    >>> x.grad.round(4)
    array([-1.2732, -1.    ])
    """
    return _sinc(x, order=0)
