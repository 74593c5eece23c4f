"""The gamma function, its logarithm and the derivatives of that, and the beta function, by SciPy."""

from __future__ import annotations

from minigrad.kernels.complex import require_real
from minigrad.kernels.elementwise.special.from_scipy import from_scipy, in_dtype_of, scipy_special
from minigrad.typing import Array

__all__ = ["beta", "betainc", "betaln", "gamma", "gammainc", "gammaincc", "gammaln", "gammasgn", "polygamma", "rgamma"]

gammaln, gammasgn = from_scipy("gammaln"), from_scipy("gammasgn")
beta, betaln = from_scipy("beta"), from_scipy("betaln")
_gammainc, _gammaincc, _betainc = from_scipy("gammainc"), from_scipy("gammaincc"), from_scipy("betainc")
_gamma, _rgamma = from_scipy("gamma"), from_scipy("rgamma")


def gamma(x: Array) -> Array:
    """Γ(x), of real numbers: its slope is only known for these."""
    require_real(x)
    return _gamma(x)


def rgamma(x: Array) -> Array:
    """1 / Γ(x), which is 0 where Γ has a pole."""
    require_real(x)
    return _rgamma(x)


def polygamma(x: Array, order: int) -> Array:
    """The digamma function, (log Γ)′, or its derivative of this order."""
    require_real(x)
    special = scipy_special("polygamma" if order else "digamma", x)
    return in_dtype_of((x,), special.polygamma(order, x) if order else special.psi(x))


def gammainc(x: Array, a: float) -> Array:
    """P(a, x)."""
    require_real(x)
    return _gammainc(a, x)


def gammaincc(x: Array, a: float) -> Array:
    """Q(a, x) = 1 − P(a, x)."""
    require_real(x)
    return _gammaincc(a, x)


def betainc(x: Array, a: float, b: float) -> Array:
    """Iₓ(a, b)."""
    require_real(x)
    return _betainc(a, b, x)
