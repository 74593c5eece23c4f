"""The gamma function, the derivatives of its logarithm, and the beta function. They need SciPy."""

from __future__ import annotations

import math

import numpy as np

from minigrad.core.primitive import Binary, Primitive, Unary
from minigrad.core.scipy_special import special_functions
from minigrad.kernels.elementwise.special import gamma_functions as kernels
from minigrad.rules.builtin_axes import elementwise
from minigrad.rules.convert_arguments import as_array, as_integers
from minigrad.rules.nondifferentiable import unwrap
from minigrad.typing import Array

__all__ = ["beta", "betaln", "digamma", "gamma", "gammaln", "multigammaln", "polygamma", "rgamma"]


def digamma(x: Array) -> Array:
    """ψ(x), the derivative of log Γ(x), of real numbers.

    Raises:
        ImportError: if SciPy is not installed.

    >>> import minigrad as mg
    >>> mg.digamma(mg.Tensor(1.0))  # −γ, where γ is Euler's constant
    Tensor(-0.57721566)
    """
    return _polygamma(x, order=0)


def polygamma(n: int, x: Array) -> Array:
    """ψ⁽ⁿ⁾(x), the derivative of order n of the digamma function, of real numbers.

    Arguments:
        n: the order, not negative; ψ⁽⁰⁾ is the digamma function itself.
        x: an array of any shape, which gets an error signal.

    Raises:
        ImportError: if SciPy is not installed.
        TypeError: if n is not a whole number.
        ValueError: if n is negative.

    >>> import minigrad as mg
    >>> mg.polygamma(1, mg.Tensor(1.0)) * 6 / np.pi**2
    Tensor(1.)
    """
    order = as_integers("polygamma: n", n)
    if not isinstance(order, int) or order < 0:
        raise ValueError(
            f"polygamma: n is the order of a derivative, expected a number that is not negative, got {n!r}"
        )
    return _polygamma(x, order=order)


_polygamma: Primitive = Primitive(
    "polygamma",
    kernels.polygamma,
    lambda y_bar, y, x, order: y_bar * _polygamma(x, order=order + 1),
    axes=elementwise,
    symbol="ψ",
)

# fmt: off
#                name       forward          error signals of the arguments
gamma   = Unary("gamma",    kernels.gamma,   lambda y_bar, y, x: y_bar * y * digamma(x),   symbol="Γ")
rgamma  = Unary("rgamma",   kernels.rgamma,  lambda y_bar, y, x: -y_bar * y * digamma(x))
gammaln = Unary("gammaln",  kernels.gammaln, lambda y_bar, y, x: y_bar * digamma(x))
beta    = Binary("beta",    kernels.beta,    lambda z_bar, z, x, y: z_bar * z * (digamma(x) - digamma(x + y)),
                                             lambda z_bar, z, x, y: z_bar * z * (digamma(y) - digamma(x + y)),
                                             symbol="B")
betaln  = Binary("betaln",  kernels.betaln,  lambda z_bar, z, x, y: z_bar * (digamma(x) - digamma(x + y)),
                                             lambda z_bar, z, x, y: z_bar * (digamma(y) - digamma(x + y)))
# fmt: on

gamma.__doc__ = "Γ(x), which is (x − 1)! for whole numbers; of real numbers. It needs SciPy."
rgamma.__doc__ = "1 / Γ(x), which is 0 at 0, −1, −2 …; there its slope is NaN. It needs SciPy."
gammaln.__doc__ = "``log |Γ(x)|``, where Γ(x) itself would overflow too. It needs SciPy."
beta.__doc__ = "B(x, y) = Γ(x) Γ(y) / Γ(x + y). It needs SciPy."
betaln.__doc__ = "``log |B(x, y)|``, where B(x, y) itself would underflow too. It needs SciPy."


def multigammaln(a: Array, d: int) -> Array:
    """The logarithm of the gamma function in d dimensions, ``¼ d (d − 1) log π + Σ log Γ(a − j/2)`` over j < d.

    Arguments:
        a: an array of any shape, with elements greater than (d − 1) / 2.
        d: the number of dimensions, positive.

    Raises:
        ImportError: if SciPy is not installed.
        TypeError: if d is not a whole number.
        ValueError: if d is not positive, or an element is too small.

    >>> import minigrad as mg
    >>> mg.multigammaln(mg.Tensor(3.0), 1)  # log 2!
    Tensor(0.69314718)
    """
    dimensions = as_integers("multigammaln: d", d)
    if not isinstance(dimensions, int) or dimensions < 1:
        raise ValueError(f"multigammaln: d is a number of dimensions, expected a positive number, got {d!r}")
    a = as_array(a, "multigammaln")
    smallest = (dimensions - 1) / 2
    if np.any(unwrap(a) <= smallest):
        raise ValueError(f"multigammaln: in {dimensions} dimensions, all elements of a must be greater than {smallest}")
    total = gammaln(a)
    for j in range(1, dimensions):
        total = total + gammaln(a - j / 2)
    return total + dimensions * (dimensions - 1) / 4 * math.log(math.pi)


special_functions.update(beta=beta, betaln=betaln, gamma=gamma, gammaln=gammaln, rgamma=rgamma)
special_functions.update(digamma=digamma, multigammaln=multigammaln, polygamma=polygamma, psi=digamma)
