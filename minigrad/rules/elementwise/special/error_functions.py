"""The error function, the distribution function of the normal distribution, and their inverses. They need SciPy."""

from __future__ import annotations

import math

import numpy as np

from minigrad.core.primitive import Primitive, Unary
from minigrad.core.scipy_special import special_functions
from minigrad.kernels.elementwise.special import error_functions as kernels
from minigrad.rules.builtin_axes import elementwise
from minigrad.rules.elementwise.special.constant_arguments import floating
from minigrad.typing import Array

__all__ = ["erf", "erfc", "erfcinv", "erfcx", "erfinv", "log_ndtr", "ndtr", "ndtri"]

_SQRT_PI, _SQRT_2PI = math.sqrt(math.pi), math.sqrt(2 * math.pi)
_SQRT_2, _SQRT_2_PI = math.sqrt(2), math.sqrt(2 / math.pi)

# fmt: off
#               name       forward          error signal of the argument
erf     = Unary("erf",     kernels.erf,     lambda y_bar, y, x: y_bar * (2 / _SQRT_PI * np.exp(-(x**2))))
erfc    = Unary("erfc",    kernels.erfc,    lambda y_bar, y, x: y_bar * (-2 / _SQRT_PI * np.exp(-(x**2))))
erfinv  = Unary("erfinv",  kernels.erfinv,  lambda y_bar, y, x: y_bar * (_SQRT_PI / 2 * np.exp(y**2)))
erfcinv = Unary("erfcinv", kernels.erfcinv, lambda y_bar, y, x: y_bar * (-_SQRT_PI / 2 * np.exp(y**2)))
ndtr    = Unary("ndtr",    kernels.ndtr,    lambda y_bar, y, x: y_bar * np.exp(-(x**2) / 2) / _SQRT_2PI,
                                            symbol="Φ", derivative="Φ′")
ndtri   = Unary("ndtri",   kernels.ndtri,   lambda y_bar, y, x: y_bar * (_SQRT_2PI * np.exp(y**2 / 2)))
# fmt: on

erf.__doc__ = "2/√π times the integral of e^(−u²) from 0 to x. It needs SciPy: ``pip install scipy``."
erfc.__doc__ = "1 − erf(x), precise also where it is nearly 0. It needs SciPy."
erfinv.__doc__ = "The inverse of erf, for x between −1 and 1. It needs SciPy."
erfcinv.__doc__ = "The inverse of erfc, for x between 0 and 2. It needs SciPy."
ndtr.__doc__ = "Φ(x), the probability that a standard normal variable is less than x. It needs SciPy."
ndtri.__doc__ = (
    "The quantile x of the standard normal distribution, the inverse of Φ, for x between 0 and 1. It needs SciPy."
)

_erfcx: Primitive = Primitive(
    "erfcx",
    kernels.erfcx,
    lambda y_bar, y, x, order: y_bar * _erfcx(x, order=order + 1),
    axes=elementwise,
)


def erfcx(x: Array) -> Array:
    """e^(x²) erfc(x), of real numbers, which does not underflow on the right. It needs SciPy.

    >>> import minigrad as mg
    >>> x = mg.Tensor([0.0, 100.0], requires_grad=True)
    >>> y = mg.erfcx(x)
    >>> y.data.round(8)
    array([1.        , 0.00564161])
    >>> y.sum().backward()
    >>> x.grad.round(8)
    array([-1.12837917e+00, -5.64100000e-05])
    """
    return _erfcx(floating(x, "erfcx"), order=0)


log_ndtr = Unary("log_ndtr", kernels.log_ndtr, lambda y_bar, y, x: y_bar * (_SQRT_2_PI / erfcx(-x / _SQRT_2)))
log_ndtr.__doc__ = "log Φ(x), where Φ(x) itself would underflow too. It needs SciPy."

special_functions.update(erf=erf, erfc=erfc, erfcinv=erfcinv, erfcx=erfcx, erfinv=erfinv)
special_functions.update(log_ndtr=log_ndtr, ndtr=ndtr, ndtri=ndtri)
