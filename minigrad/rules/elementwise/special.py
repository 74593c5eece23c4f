"""Special functions: the error function, the normal distribution function, sinc, and the Bessel function I₀."""

from __future__ import annotations

import math

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive, Unary
from minigrad.kernels.elementwise import special as kernels
from minigrad.rules.builtin_axes import elementwise
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.manipulation.conversion import astype
from minigrad.typing import Array

__all__ = ["erf", "i0", "sinc"]

_SQRT_PI, _SQRT_2PI = math.sqrt(math.pi), math.sqrt(2 * math.pi)

# fmt: off
#                  name          forward             error signal of the argument
erf        = Unary("erf",        kernels.erf,        lambda y_bar, y, x: y_bar * (2 / _SQRT_PI * np.exp(-(x**2))))
normal_cdf = Unary("normal_cdf", kernels.normal_cdf, lambda y_bar, y, x: y_bar * np.exp(-(x**2) / 2) / _SQRT_2PI,
                                                     symbol="Φ", derivative="Φ′")
# fmt: on

erf.__doc__ = "2/√π times the integral of e^(−u²) from 0 to x. It needs SciPy: ``pip install scipy``."
normal_cdf.__doc__ = "Φ(x), the probability that a standard normal variable is less than x."

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


def _bessel_slope(y_bar: Array, x: Array, order: int) -> Array:
    """I₀′ = I₁, and Iₙ′ = (Iₙ₋₁ + Iₙ₊₁) / 2."""
    if order == 0:
        return y_bar * _bessel(x, order=1)
    return y_bar * (_bessel(x, order=order - 1) + _bessel(x, order=order + 1)) / 2


_bessel: Primitive = Primitive(
    "modified_bessel",
    kernels.modified_bessel,
    lambda y_bar, y, x, order: _bessel_slope(y_bar, x, order),
    symbol="I",
    axes=elementwise,
)


@implements(np.i0)
def i0(x: Array) -> Array:
    """The modified Bessel function of the first kind and order 0, ``Σ (x/2)²ᵏ / (k!)²``, of real numbers.

    The Kaiser window is made of it. Its derivatives of any order are precise near 0 too.

    >>> import minigrad as mg
    >>> x = mg.Tensor([0.0, 1.0], requires_grad=True)
    >>> y = mg.i0(x)
    >>> y.data.round(4)
    array([1.    , 1.2661])
    >>> y.sum().backward()
    >>> x.grad.round(4)
    array([0.    , 0.5652])
    """
    x = as_array(x, "i0")
    return _bessel(x if x.dtype.kind in "fc" else astype(x, float), order=0)
