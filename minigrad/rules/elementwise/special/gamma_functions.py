"""The gamma function, the derivatives of its logarithm, and the beta function. They need SciPy."""

from __future__ import annotations

import math

import numpy as np

from minigrad.core.primitive import Binary, Primitive, Unary
from minigrad.core.scipy_special import special_functions
from minigrad.kernels.elementwise.special import gamma_functions as kernels
from minigrad.rules.builtin_axes import elementwise
from minigrad.rules.convert_arguments import as_array, as_integers
from minigrad.rules.elementwise.special.constant_arguments import constant_number, floating
from minigrad.rules.elementwise.special.logarithms import xlog1py, xlogy
from minigrad.rules.nondifferentiable import unwrap
from minigrad.typing import Array

__all__ = [
    "beta", "betainc", "betaln", "digamma", "gamma", "gammainc", "gammaincc", "gammaln", "multigammaln", "polygamma",
    "rgamma",
]  # fmt: skip


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
    >>> import numpy as np
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


_gammainc = Primitive(
    "gammainc",
    kernels.gammainc,
    lambda y_bar, y, x, a: y_bar * np.exp(xlogy(a - 1, x) - x - math.lgamma(a)),
    axes=elementwise,
    symbol="P",
)
_gammaincc = Primitive(
    "gammaincc",
    kernels.gammaincc,
    lambda y_bar, y, x, a: -y_bar * np.exp(xlogy(a - 1, x) - x - math.lgamma(a)),
    axes=elementwise,
    symbol="Q",
)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


_betainc = Primitive(
    "betainc",
    kernels.betainc,
    lambda y_bar, y, x, a, b: y_bar * np.exp(xlogy(a - 1, x) + xlog1py(b - 1, -x) - _log_beta(a, b)),
    axes=elementwise,
    symbol="I",
)


def gammainc(a: float, x: Array) -> Array:
    """P(a, x), the integral of ``u^(a − 1) e^−u`` from 0 to x ≥ 0, divided by Γ(a). It needs SciPy.

    Arguments:
        a: one positive number. It is a constant and gets no error signal.
        x: an array of any shape, of numbers that are not negative.

    Raises:
        ImportError: if SciPy is not installed.
        TypeError: if `a` is not one number, or requires gradients.

    >>> import minigrad as mg
    >>> mg.gammainc(1, mg.Tensor([0.0, 1.0]))  # 1 − e^−x
    Tensor([0.        , 0.63212056])
    """
    return _gammainc(floating(x, "gammainc"), a=constant_number(a, "gammainc", "a"))


def gammaincc(a: float, x: Array) -> Array:
    """Q(a, x) = 1 − P(a, x), precise also where it is nearly 0. It needs SciPy.

    Arguments and errors are those of `gammainc`.

    >>> import minigrad as mg
    >>> mg.gammaincc(1, mg.Tensor([0.0, 1.0]))  # e^−x
    Tensor([1.        , 0.36787944])
    """
    return _gammaincc(floating(x, "gammaincc"), a=constant_number(a, "gammaincc", "a"))


def betainc(a: float, b: float, x: Array) -> Array:
    """The integral of ``u^(a − 1) (1 − u)^(b − 1)`` from 0 to x, 0 ≤ x ≤ 1, divided by B(a, b). It needs SciPy.

    Arguments:
        a, b: positive numbers. They are constants and get no error signals.
        x: an array of any shape.

    Raises:
        ImportError: if SciPy is not installed.
        TypeError: if `a` or `b` is not one number, or requires gradients.

    >>> import minigrad as mg
    >>> mg.betainc(2, 1, mg.Tensor([0.5, 1.0]))  # x²
    Tensor([0.25, 1.  ])
    """
    parameters = {"a": constant_number(a, "betainc", "a"), "b": constant_number(b, "betainc", "b")}
    return _betainc(floating(x, "betainc"), **parameters)


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
special_functions.update(betainc=betainc, gammainc=gammainc, gammaincc=gammaincc)
special_functions.update(digamma=digamma, multigammaln=multigammaln, polygamma=polygamma, psi=digamma)
