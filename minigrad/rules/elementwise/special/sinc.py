"""The function sin(πx) / (πx), and its derivatives."""

from __future__ import annotations

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.elementwise.special import sinc as kernels
from minigrad.rules.builtin_axes import elementwise
from minigrad.typing import Array

__all__ = ["sinc"]

_sinc: Primitive = Primitive(
    "sinc",
    kernels.sinc,
    lambda y_bar, y, x, order: y_bar * _sinc(x, order=order + 1),
    axes=elementwise,
)


@implements(np.sinc)
def sinc(x: Array) -> Array:
    """sin(πx) / (πx), and 1 at 0. It and its derivatives of any order are precise near 0 too.

    >>> import minigrad as mg
    >>> x = mg.Tensor([0.5, 1.0], requires_grad=True)
    >>> mg.sinc(x).sum().backward()
    >>> x.grad.round(4)
    array([-1.2732, -1.    ])
    """
    return _sinc(x, order=0)
