"""Bessel functions: solutions of x² y″ + x y′ + (x² ∓ v²) y = 0, of an order v that is a constant.

Their rules are F′ᵥ = (Fᵥ₋₁ ∓ Fᵥ₊₁) / 2, of any order of differentiation.
"""

from __future__ import annotations

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.core.scipy_special import special_functions
from minigrad.kernels.elementwise.special import bessel as kernels
from minigrad.rules.builtin_axes import elementwise
from minigrad.rules.elementwise.special.constant_arguments import constant_number, floating
from minigrad.typing import Array

__all__ = ["i0", "i0e", "i1", "i1e", "iv", "ive", "j0", "j1", "jn", "y0", "y1", "yn"]


def _bessel_rule(f: Primitive, y_bar: Array, x: Array, order: float) -> Array:
    if order == 0:
        return -y_bar * f(x, order=1)
    return y_bar * (f(x, order=order - 1) - f(x, order=order + 1)) / 2


def _modified_rule(y_bar: Array, x: Array, order: float) -> Array:
    if order == 0:
        return y_bar * _i(x, order=1)
    return y_bar * (_i(x, order=order - 1) + _i(x, order=order + 1)) / 2


def _scaled_rule(y_bar: Array, y: Array, x: Array, order: float) -> Array:
    """(e^−|x| Iᵥ)′ = e^−|x| I′ᵥ − sign(x) e^−|x| Iᵥ."""
    if order == 0:
        return y_bar * (_ie(x, order=1) - np.sign(x) * y)
    return y_bar * ((_ie(x, order=order - 1) + _ie(x, order=order + 1)) / 2 - np.sign(x) * y)


# fmt: off
_j: Primitive = Primitive("bessel", kernels.bessel,
                          lambda y_bar, y, x, order: _bessel_rule(_j, y_bar, x, order), symbol="J", axes=elementwise)
_y: Primitive = Primitive("second_kind_bessel", kernels.second_kind_bessel,
                          lambda y_bar, y, x, order: _bessel_rule(_y, y_bar, x, order), symbol="Y", axes=elementwise)
_i: Primitive = Primitive("modified_bessel", kernels.modified_bessel,
                          lambda y_bar, y, x, order: _modified_rule(y_bar, x, order), symbol="I", axes=elementwise)
_ie: Primitive = Primitive("scaled_modified_bessel", kernels.scaled_modified_bessel,
                           lambda y_bar, y, x, order: _scaled_rule(y_bar, y, x, order), symbol="I", axes=elementwise)
# fmt: on


def j0(x: Array) -> Array:
    """J₀(x), the Bessel function of the first kind and order 0, of real numbers. It needs SciPy.

    >>> import minigrad as mg
    >>> x = mg.Tensor([0.0, 2.0], requires_grad=True)
    >>> y = mg.j0(x)
    >>> y.data.round(4)
    array([1.    , 0.2239])
    >>> y.sum().backward()  # −J₁(x)
    >>> x.grad.round(4)
    array([-0.    , -0.5767])
    """
    return _j(floating(x, "j0"), order=0)


def j1(x: Array) -> Array:
    """J₁(x), the Bessel function of the first kind and order 1, of real numbers. It needs SciPy.

    >>> import minigrad as mg
    >>> mg.j1(mg.Tensor([0.0, 2.0]))
    Tensor([0.        , 0.57672481])
    """
    return _j(floating(x, "j1"), order=1)


def jn(v: float, x: Array) -> Array:
    """Jᵥ(x), the Bessel function of the first kind and of any order, of real numbers. It needs SciPy.

    Arguments:
        v: the order, one real number. It is a constant and gets no error signal; on a GPU it is a whole number.
        x: an array of any shape; negative only where the order is a whole number.

    Raises:
        ImportError: if SciPy is not installed.
        TypeError: if the order is not one number, or requires gradients.

    >>> import minigrad as mg
    >>> mg.jn(2, mg.Tensor([0.0, 2.0]))
    Tensor([0.        , 0.35283403])
    """
    return _j(floating(x, "jn"), order=constant_number(v, "jn", "the order v"))


def y0(x: Array) -> Array:
    """Y₀(x), the Bessel function of the second kind and order 0, for x > 0. It needs SciPy.

    >>> import minigrad as mg
    >>> mg.y0(mg.Tensor([1.0, 2.0]))
    Tensor([0.08825696, 0.51037567])
    """
    return _y(floating(x, "y0"), order=0)


def y1(x: Array) -> Array:
    """Y₁(x), the Bessel function of the second kind and order 1, for x > 0. It needs SciPy.

    >>> import minigrad as mg
    >>> mg.y1(mg.Tensor([1.0, 2.0]))
    Tensor([-0.78121282, -0.10703243])
    """
    return _y(floating(x, "y1"), order=1)


def yn(v: float, x: Array) -> Array:
    """Yᵥ(x), the Bessel function of the second kind and of any order, for x > 0. It needs SciPy.

    Arguments and errors are those of `jn`; x is positive.

    >>> import minigrad as mg
    >>> mg.yn(2, mg.Tensor([1.0, 2.0]))
    Tensor([-1.65068261, -0.6174081 ])
    """
    return _y(floating(x, "yn"), order=constant_number(v, "yn", "the order v"))


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
    return _i(floating(x, "i0"), order=0)


def i1(x: Array) -> Array:
    """The modified Bessel function of the first kind and order 1, the derivative of `i0`.

    >>> import minigrad as mg
    >>> mg.i1(mg.Tensor([0.0, 1.0]))
    Tensor([0.       , 0.5651591])
    """
    return _i(floating(x, "i1"), order=1)


def iv(v: float, x: Array) -> Array:
    """Iᵥ(x), the modified Bessel function of the first kind and of any order, of real numbers.

    Arguments:
        v: the order, one real number. It is a constant and gets no error signal; on a GPU it is a whole number.
        x: an array of any shape; negative only where the order is a whole number.

    Raises:
        ImportError: if the order is not a whole number, and SciPy is not installed.
        TypeError: if the order is not one number, or requires gradients.

    >>> import minigrad as mg
    >>> mg.iv(2, mg.Tensor([0.0, 1.0]))
    Tensor([0.        , 0.13574767])
    """
    return _i(floating(x, "iv"), order=constant_number(v, "iv", "the order v"))


def i0e(x: Array) -> Array:
    """``e^−|x|`` times `i0`, which does not overflow; at 0 its slope is 0. It needs SciPy.

    >>> import minigrad as mg
    >>> mg.i0e(mg.Tensor([0.0, 1000.0]))
    Tensor([1.        , 0.01261724])
    """
    return _ie(floating(x, "i0e"), order=0)


def i1e(x: Array) -> Array:
    """``e^−|x|`` times `i1`, which does not overflow. It needs SciPy.

    >>> import minigrad as mg
    >>> mg.i1e(mg.Tensor([0.0, 1000.0]))
    Tensor([0.        , 0.01261093])
    """
    return _ie(floating(x, "i1e"), order=1)


def ive(v: float, x: Array) -> Array:
    """``e^−|x|`` times `iv`, which does not overflow. It needs SciPy.

    Arguments and errors are those of `jn`.

    >>> import minigrad as mg
    >>> mg.ive(2, mg.Tensor([0.0, 1000.0]))
    Tensor([0.        , 0.01259202])
    """
    return _ie(floating(x, "ive"), order=constant_number(v, "ive", "the order v"))


special_functions.update(i0=i0, i0e=i0e, i1=i1, i1e=i1e, iv=iv, ive=ive)
special_functions.update(j0=j0, j1=j1, jn=jn, jv=jn, y0=y0, y1=y1, yn=yn, yv=yn)
